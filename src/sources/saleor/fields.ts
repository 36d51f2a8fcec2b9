// The field catalogue: what a rule or a URL can name, its type, and where Saleor keeps it.
import { type Field, type FieldType, isStorable, type UnknownField } from '../../rules/field.ts'
import { parameter, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { attributeField, variantAttributeField } from './attributes.ts'
import { RELATED, stock } from './related-fields.ts'
import { column, computed, type SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'
import { listingJoin } from './visibility.ts'

export type { SaleorField }

type Plain = Readonly<Record<string, readonly [column: string, type: FieldType, emptyIsMissing?: boolean]>>

const SEO: Plain = {
  seoTitle: ['seo_title', 'text', true],
  seoDescription: ['seo_description', 'text', true],
}

/** Columns of the record's own table. */
const PLAIN: Readonly<Record<RecordKind, Plain>> = {
  products: {
    id: ['id', 'number'],
    slug: ['slug', 'text'],
    name: ['name', 'text', true],
    ...SEO,
    rating: ['rating', 'number'],
    createdAt: ['created_at', 'date'],
    updatedAt: ['updated_at', 'date'],
    externalReference: ['external_reference', 'text', true],
  },
  categories: {
    id: ['id', 'number'],
    slug: ['slug', 'text'],
    name: ['name', 'text', true],
    ...SEO,
    updatedAt: ['updated_at', 'date'],
  },
  collections: { id: ['id', 'number'], slug: ['slug', 'text'], name: ['name', 'text', true], ...SEO },
  pages: {
    id: ['id', 'number'],
    slug: ['slug', 'text'],
    name: ['title', 'text', true],
    title: ['title', 'text', true],
    ...SEO,
    createdAt: ['created_at', 'date'],
    isPublished: ['is_published', 'boolean'],
    publishedAt: ['published_at', 'date'],
  },
}

const TABLES: Readonly<Record<RecordKind, string>> = {
  products: 'product_product',
  categories: 'product_category',
  collections: 'product_collection',
  pages: 'page_page',
}

const LISTING: Readonly<Record<string, readonly [column: string, type: FieldType]>> = {
  isPublished: ['is_published', 'boolean'],
  publishedAt: ['published_at', 'date'],
  visibleInListings: ['visible_in_listings', 'boolean'],
  availableForPurchaseAt: ['available_for_purchase_at', 'date'],
}

const TRANSLATIONS: Readonly<Record<RecordKind, readonly [table: string, column: string]>> = {
  products: ['product_producttranslation', 'product_id'],
  categories: ['product_categorytranslation', 'category_id'],
  collections: ['product_collectiontranslation', 'collection_id'],
  pages: ['page_pagetranslation', 'page_id'],
}

/** The table that the records of a kind stand in; `r` in every expression. */
export const tableOf = (kind: RecordKind): string => TABLES[kind]

/** Names of the catalogue that need no shop to be known; patterns as `metadata.<key>`. */
export function fieldNames(kind: RecordKind): string[] {
  const listing = hasListing(kind) ? Object.keys(listingColumns(kind)).map(name => `listing.${name}`) : []
  return [...Object.keys(PLAIN[kind]), ...Object.keys(RELATED[kind]), ...listing]
}

const PATTERNS: Readonly<Record<RecordKind, readonly string[]>> = {
  products: [
    'listings.<channel>.isPublished',
    'stock.<warehouse>.available',
    'variants.attributes.<slug>',
    'translations.<lang>.slug',
    'attributes.<slug>',
    'metadata.<key>',
    'privateMetadata.<key>',
  ],
  categories: ['translations.<lang>.slug', 'metadata.<key>', 'privateMetadata.<key>'],
  collections: [
    'listings.<channel>.isPublished',
    'translations.<lang>.slug',
    'metadata.<key>',
    'privateMetadata.<key>',
  ],
  pages: ['translations.<lang>.slug', 'attributes.<slug>', 'metadata.<key>', 'privateMetadata.<key>'],
}

/**
 * The field of a name. Without a shop (before the database was asked) an attribute has type `unknown` and channels
 * are believed; with one, they are looked up.
 */
export function findField(kind: RecordKind, name: string, shop: Shop | undefined): SaleorField | UnknownField {
  const plain = own(PLAIN[kind], name)
  if (plain) {
    if (kind === 'categories' && name === 'updatedAt' && shop && !shop.columns.has('product_category.updated_at')) {
      return { problem: 'This shop has no updatedAt of categories: Saleor has it from 3.17 on.', known: [] }
    }
    return column(name, plain[1], `r.${plain[0]}`, undefined, plain[2])
  }
  const related = own(RELATED[kind], name)
  if (related) return related()
  return findByPattern(kind, name, shop) ?? unknown(kind, name)
}

function findByPattern(kind: RecordKind, name: string, shop: Shop | undefined): SaleorField | UnknownField | undefined {
  const rest = (prefix: string): string | undefined =>
    name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : undefined

  const publicKey = rest('metadata.')
  if (publicKey !== undefined) return metadata(name, 'r.metadata', publicKey)
  const privateKey = rest('privateMetadata.')
  if (privateKey !== undefined) return metadata(name, 'r.private_metadata', privateKey)
  const language = /^translations\.(.+)\.slug$/.exec(name)?.[1]
  if (language !== undefined) return translatedSlug(kind, name, language.toLowerCase(), shop)
  const attribute = rest('attributes.')
  if (attribute !== undefined && (kind === 'products' || kind === 'pages'))
    return attributeField(kind, name, attribute, shop)
  if (hasListing(kind)) {
    const listing = rest('listing.')
    if (listing !== undefined) return listingField(kind, name, undefined, listing, shop)
    const other = /^listings\.(.+)\.([^.]+)$/.exec(name)
    if (other) return listingField(kind, name, other[1] as string, other[2] as string, shop)
  }
  if (kind !== 'products') return undefined
  const variantAttribute = rest('variants.attributes.')
  if (variantAttribute !== undefined) return variantAttributeField(name, variantAttribute, shop)
  const warehouse = /^stock\.(.+)\.available$/.exec(name)?.[1]
  if (warehouse !== undefined) {
    if (shop?.warehouses && !shop.warehouses.has(warehouse)) {
      return {
        problem: `The shop has no warehouse "${warehouse}".`,
        known: [...shop.warehouses].map(slug => `stock.${slug}.available`),
      }
    }
    return stock(name, warehouse)
  }
  return undefined
}

function unknown(kind: RecordKind, name: string): UnknownField {
  const known = [...fieldNames(kind), ...PATTERNS[kind]]
  if (name === 'metadata' || name === 'privateMetadata' || name === 'attributes' || name === 'translations') {
    return { problem: `"${name}" needs a key: "${name}.<${name === 'attributes' ? 'slug' : 'key'}>".`, known: [] }
  }
  return { problem: `The records of ${kind} have no field "${name}".`, known }
}

function metadata(name: string, jsonColumn: string, key: string): SaleorField | UnknownField {
  if (!isStorable(key))
    return { problem: 'It is no key: it has a character that no text of the database has.', known: [] }
  const source = trusted(jsonColumn)
  return computed(name, 'metadata', () => ({
    value: sql`(${source} ->> ${parameter(key, 'text')})`,
    // Text that could also be the writing of a JSON number, truth value or list has to be compared as text.
    equals: text =>
      /^[\s\d+\-.[{"]|^(true|false|null)$/.test(text)
        ? undefined
        : sql`${source} @> ${parameter(JSON.stringify({ [key]: text }), 'jsonb')}`,
  }))
}

function listingColumns(kind: 'products' | 'collections') {
  if (kind === 'products') return LISTING
  return { isPublished: LISTING.isPublished, publishedAt: LISTING.publishedAt } as typeof LISTING
}

function listingField(
  kind: 'products' | 'collections',
  name: string,
  channelSlug: string | undefined,
  key: string,
  shop: Shop | undefined,
): SaleorField | UnknownField {
  const columns = listingColumns(kind)
  const found = own(columns, key)
  const prefix = channelSlug === undefined ? 'listing' : `listings.${channelSlug}`
  if (!found) {
    return {
      problem: `A listing of ${kind} has no "${key}".`,
      known: Object.keys(columns).map(columnName => `${prefix}.${columnName}`),
    }
  }
  const channel = channelSlug === undefined ? shop?.channel : shop?.channels.get(channelSlug)
  if (shop && !channel) {
    return {
      problem: `The shop has no channel "${channelSlug}".`,
      known: [...shop.channels.keys()].map(slug => `listings.${slug}.${key}`),
    }
  }
  return computed(name, found[1], ({ channel: current, channels }) => {
    const { alias, join } = listingJoin(
      kind,
      channelSlug === undefined ? current : (channels.get(channelSlug) ?? current),
    )
    return { value: trusted(`${alias}.${found[0]}`), joins: new Map([[alias, join]]) }
  })
}

function translatedSlug(
  kind: RecordKind,
  name: string,
  language: string,
  shop: Shop | undefined,
): SaleorField | UnknownField {
  if (!/^[a-z]{2,3}(-[a-z0-9]+)*$/.test(language)) {
    return { problem: `"${language}" is no language code such as de or fr-ca.`, known: [] }
  }
  const [table, foreignKey] = TRANSLATIONS[kind]
  if (shop && !shop.columns.has(`${table}.slug`)) {
    return { problem: 'This shop has no translated slugs: Saleor has them from 3.21 on.', known: [] }
  }
  const alias = `translation_${language.replaceAll('-', '_')}`
  const join = sql`left join ${trusted(`${table} ${alias} on ${alias}.${foreignKey} = r.id and ${alias}.language_code`)} = ${parameter(language, 'text')}`
  return column(name, 'text', `${alias}.slug`, new Map([[alias, join]]), true)
}

const hasListing = (kind: RecordKind): kind is 'products' | 'collections' =>
  kind === 'products' || kind === 'collections'

/** A record's own property: `constructor` is no field. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** The field for a rule, without where it stands. */
export const toLookup =
  (kind: RecordKind, shop: Shop | undefined) =>
  (name: string): Field | UnknownField => {
    const found = findField(kind, name, shop)
    return 'problem' in found ? found : found.field
  }
