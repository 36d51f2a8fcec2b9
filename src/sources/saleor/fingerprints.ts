// A number for each address of a query, computed in the database from what its page shows: the same as long as that is.
// Each thing is hashed by itself, so that no two can run into each other, and once for all records: nothing is looked up
// record by record.
import { joinSql, parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { AddressQuery, RecordKind, RecordQuery } from '../source.ts'
import { type Joins, placed } from './address-columns.ts'
import { attributesIn, attributesJoin, namedAttribute } from './attribute-fingerprints.ts'
import { findGroup } from './content.ts'
import { findField, tableOf } from './fields.ts'
import type { SaleorField, SaleorPlace } from './saleor-field.ts'
import type { Shop } from './shop.ts'
import { type HashColumns, hashText, hashValue, makeHashColumns, makeHashSums, shownDocument } from './shown-values.ts'
import { translatedValue, translationsOf } from './translations.ts'

export interface Fingerprints {
  /** Each once: addresses that show the same share one. */
  readonly columns: readonly SqlFragment[]
  /** For each address of the query, which of the columns is its own. */
  readonly columnOf: readonly number[]
}

/** 48 bits: JavaScript has whole numbers up to 53. */
const MASK = trusted(String(2 ** 48 - 1))

/** Of a query whose content has no mistake; undefined where it asks for none. `joins` takes in what the columns need. */
export function fingerprintsOf(
  { of: kind, content, addresses }: RecordQuery,
  { shopOf, joins }: { readonly shopOf: (address: AddressQuery) => Shop; readonly joins: Joins },
): Fingerprints | undefined {
  if (!content) return undefined
  // In an order of their own: how they are written down says nothing of the page.
  const names = [...new Set(content)].sort()
  const languages = [...new Set(addresses.map(({ language }) => language))]
  const own = makeHashColumns('content_own', { id: 'r.id', from: trusted(`from ${tableOf(kind)} r`), joins })
  const translations = languages.map((language, index) => {
    const { table, owner } = translationsOf(kind)
    const from = sql`from ${trusted(`${table} t where t.language_code`)} = ${parameter(language ?? '', 'text')}`
    return makeHashColumns(`content_in_${index}`, { id: `t.${owner}`, from, joins })
  })
  const sum = makeHashSums(joins)
  const columns = addresses.map(address => {
    const translation = translations[languages.indexOf(address.language)] as HashColumns
    const page = { kind, language: address.language, languages, shop: shopOf(address), joins, own, translation, sum }
    const hashes = names.map(name => hashOf(name, page))
    return sql`(hashtextextended(row(${joinSql(hashes, ', ')})::text, 0) & ${MASK})`
  })
  const keys = columns.map(column => JSON.stringify(column))
  const unique = [...new Set(keys)]
  return {
    columns: unique.map(key => columns[keys.indexOf(key)] as SqlFragment),
    columnOf: keys.map(key => unique.indexOf(key)),
  }
}

/** The page of a record at one address, and what its fingerprint is made of. */
interface Page {
  readonly kind: RecordKind
  readonly language: string | undefined
  /** All that the query asks for. */
  readonly languages: readonly (string | undefined)[]
  readonly shop: Shop
  readonly joins: Joins
  /** Of the record's own table, `r`, and of its translation to the language, `t`. */
  readonly own: HashColumns
  readonly translation: HashColumns
  readonly sum: HashColumns
}

function hashOf(name: string, page: Page): SqlFragment {
  const { kind, language, languages, shop, joins, own, sum } = page
  switch (findGroup(kind, name)) {
    case 'description':
    case 'content':
      return shownIn(page, { own: shownDocument(`r.${name}`), translated: shownDocument(`t.${name}`) })
    case 'attributes':
      joins.set(...attributesJoin(kind as 'products' | 'pages', { languages, shop }))
      return attributesIn(language, languages)
    case 'images':
      if (kind !== 'products') return own(BACKGROUND)
      joins.set(...MEDIA)
      return trusted('content_media.h')
  }
  const text = textColumn(kind, name)
  if (text) return shownIn(page, { own: `r.${text}`, translated: `nullif(t.${text}, '')` })
  if (/^(variants\.)?attributes\./.test(name))
    return sum(namedAttribute(name, { kind: kind as 'products' | 'pages', language, shop }))
  return fieldHash(name, page)
}

/** The texts that translations have, by the column's name, which is the same there. */
function textColumn(kind: RecordKind, name: string): string | undefined {
  if (name === 'name' || name === 'title') return translationsOf(kind).name
  return name === 'seoTitle' ? 'seo_title' : name === 'seoDescription' ? 'seo_description' : undefined
}

/** The translation where it has one, else the record's own. */
function shownIn(
  { language, own, translation }: Page,
  values: { readonly own: string; readonly translated: string },
): SqlFragment {
  const hash = own(hashText(trusted(values.own)))
  return language === undefined ? hash : sql`coalesce(${translation(hashText(trusted(values.translated)))}, ${hash})`
}

/** Any other field that a rule can name. */
function fieldHash(name: string, { kind, language, shop, joins, own, sum }: Page): SqlFragment {
  const { field, locate } = findField(kind, name, shop) as SaleorField
  const translated = language === undefined ? undefined : translatedValue(kind, name, language, shop)
  const place: SaleorPlace = translated ?? locate(shop)
  if (place.rows) {
    const given = sql`cross join lateral (select ${place.value} as value ${place.rows}) given`
    const others = joinSql([...(place.joins?.values() ?? [])], ' ')
    const hash = hashValue(field.type, trusted('given.value'))
    return sum(sql`select r.id, ${hash} as h from ${trusted(tableOf(kind))} r ${others} ${given}`)
  }
  const hash = hashValue(field.type, placed(place, joins))
  return place.joins ? hash : own(hash)
}

/** What is not there has no other text. */
const BACKGROUND = trusted(
  "case when r.background_image <> '' then hashtextextended(row(r.background_image, r.background_image_alt)::text, 0) end",
)

/**
 * Of products, videos, too. The place of each counts, and not the number by which it is sorted: that one moves when Saleor
 * at last deletes one that was to be removed. An empty path is none: Saleor writes one where it saves a medium without.
 */
const MEDIA = [
  'content_media',
  trusted(
    "left join (select product_id as id, sum(hashtextextended(shown, place)) as h from (select product_id, row(type, nullif(image, ''), nullif(external_url, ''), alt)::text as shown, row_number() over (partition by product_id order by sort_order, id) as place from product_productmedia where product_id is not null and not to_remove) media group by product_id) content_media on content_media.id = r.id",
  ),
] as const
