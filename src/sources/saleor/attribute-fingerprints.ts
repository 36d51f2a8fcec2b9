// What pages show of attributes, as hashes: of all that storefronts show at once, or of one that is named.
import { joinSql, parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import { givenValues, ownValues, variantValues } from './attribute-rows.ts'
import { tableOf } from './fields.ts'
import type { Shop } from './shop.ts'
import { shownDocument } from './shown-values.ts'

type Kind = 'products' | 'pages'

/** A language, or undefined for a record's own values. */
type Language = string | undefined

const ALIAS = 'content_attributes'

/** The column of the join that has the hash in a language. */
export const attributesIn = (language: Language, languages: readonly Language[]): SqlFragment =>
  trusted(`${ALIAS}.h_${languages.indexOf(language)}`)

/**
 * All attributes that storefronts show, in all languages in one go. The place of a value among those of its attribute
 * counts, and not the number by which it is sorted: that one moves when another value is deleted, or the record is saved.
 */
export function attributesJoin(
  kind: Kind,
  { languages, shop }: { readonly languages: readonly Language[]; readonly shop: Shop },
): readonly [alias: string, join: SqlFragment] {
  const columns = languages.map((_, index) => `h_${index}`)
  const list = (text: (column: string) => string): SqlFragment => trusted(columns.map(text).join(', '))
  const hashes = languages.map((language, index) => sql`${hashOf(language, index, shop)} as ${trusted(`h_${index}`)}`)
  // OFFSET 0: each value is hashed once, however many records share it, and hashes are sorted in place of texts.
  const values = sql`(select val.id, val.attribute_id, ${joinSql(hashes, ', ')} from attribute_attributevalue val join attribute_attribute a on a.id = val.attribute_id ${translationJoins(languages)} where a.visible_in_storefront offset 0)`
  const given = sql`select av.id, av.sort_order, val.attribute_id, ${list(column => `val.${column}`)} ${givenValues(kind, shop, { values })}`
  const inOrder = sql`select r.id, row_number() over (partition by r.id, given.attribute_id order by given.sort_order, given.id) as place, ${list(column => `given.${column}`)} from ${trusted(tableOf(kind))} r cross join lateral (${given}) given`
  const sums = list(column => `sum(hashtextextended(${column}::text, place)) as ${column}`)
  return [
    ALIAS,
    sql`left join (select id, ${sums} from (${inOrder}) in_order group by id) ${trusted(`${ALIAS} on ${ALIAS}.id = r.id`)}`,
  ]
}

/** `attributes.<slug>` and `variants.attributes.<slug>`, each by what is shown of it: `select r.id, … as h`, a row a value. */
export function namedAttribute(
  name: string,
  { kind, language, shop }: { readonly kind: Kind; readonly language: Language; readonly shop: Shop },
): SqlFragment {
  const [prefix, rows] = name.startsWith('variants.')
    ? ['variants.attributes.', variantValues()]
    : ['attributes.', ownValues(kind, shop)]
  // Where the role may not read them, it is only asked which tables are needed.
  const id = shop.attributes?.get(name.slice(prefix.length))?.id ?? 0
  return sql`select r.id, ${hashOf(language, 0, shop)} as h from ${trusted(tableOf(kind))} r cross join lateral (select val.* ${rows} ${parameter(id, 'int')}) val ${translationJoins([language])}`
}

const translationJoins = (languages: readonly Language[]): SqlFragment =>
  joinSql(
    languages.map((language, index) =>
      language === undefined
        ? trusted('')
        : sql`left join attribute_attributevaluetranslation ${trusted(`in_${index} on in_${index}.attribute_value_id = val.id and in_${index}.language_code`)} = ${parameter(language, 'text')}`,
    ),
    ' ',
  )

/** Of `val`, all that the API tells of it, whatever its input type; but not its slug, which Saleor makes up anew. */
function hashOf(language: Language, index: number, { columns }: Shop): SqlFragment {
  const text = (column: string): string =>
    language === undefined ? `val.${column}` : `coalesce(nullif(in_${index}.${column}, ''), val.${column})`
  const own = shownDocument('val.rich_text')
  const reference = (to: string): string =>
    columns.has(`attribute_attributevalue.reference_${to}_id`) ? `val.reference_${to}_id` : 'null::int'
  const shown = [
    'val.attribute_id',
    text('name'),
    text('plain_text'),
    language === undefined ? own : `coalesce(${shownDocument(`in_${index}.rich_text`)}, ${own})`,
    'val.value',
    'val.file_url',
    'val."boolean"',
    'val.date_time',
    ...['page', 'product', 'variant'].map(to => `val.reference_${to}_id`),
    reference('category'),
    reference('collection'),
  ]
  return trusted(`hashtextextended(row(${shown.join(', ')})::text, 0)`)
}
