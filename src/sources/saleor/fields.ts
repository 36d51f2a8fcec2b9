// The field catalogue: what a rule or a URL can name, its type, and where Saleor keeps it.
import type { Field, FieldType, UnknownField } from '../../rules/field.ts'
import type { RecordKind } from '../source.ts'
import { attributeField, variantAttributeField } from './attributes.ts'
import { hasListing, listingColumns, listingField } from './listing-fields.ts'
import { metadataField, metadataPrefixes, RELATED, stock } from './related-fields.ts'
import { column, own, type SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'
import { translationField } from './translations.ts'

export type { SaleorField }

type Plain = Readonly<Record<string, readonly [column: string, type: FieldType, emptyIsMissing?: boolean]>>

const SEO: Plain = {
  seoTitle: ['seo_title', 'text', true],
  seoDescription: ['seo_description', 'text', true],
}

/** The text alone of what is written in the dashboard's editor. */
const DESCRIPTION: Plain = { description: ['description_plaintext', 'text', true] }

/** Columns of the record's own table. */
const PLAIN: Readonly<Record<RecordKind, Plain>> = {
  products: {
    id: ['id', 'number'],
    slug: ['slug', 'text'],
    name: ['name', 'text', true],
    ...DESCRIPTION,
    ...SEO,
    rating: ['rating', 'number'],
    weight: ['weight', 'number'],
    createdAt: ['created_at', 'date'],
    updatedAt: ['updated_at', 'date'],
    externalReference: ['external_reference', 'text', true],
  },
  categories: {
    id: ['id', 'number'],
    slug: ['slug', 'text'],
    name: ['name', 'text', true],
    ...DESCRIPTION,
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

/** What the API calls a record of the kind: `Product:123`, in base64, is its global id there. */
/** What Saleor's API calls the kinds. */
export const API_TYPES: Readonly<Record<RecordKind, string>> = {
  products: 'Product',
  categories: 'Category',
  collections: 'Collection',
  pages: 'Page',
}

/** The table that the records of a kind stand in; `r` in every expression. */
export const tableOf = (kind: RecordKind): string => TABLES[kind]

/** Names of the catalogue that are whole; for the others see `fieldPatterns`. */
export function fieldNames(kind: RecordKind): string[] {
  const listing = hasListing(kind) ? Object.keys(listingColumns(kind)).map(name => `listing.${name}`) : []
  return [...Object.keys(PLAIN[kind]), 'globalId', ...Object.keys(RELATED[kind]), ...listing]
}

/** Names of the catalogue with a part that only the shop knows, in angle brackets: `metadata.<key>`. */
export function fieldPatterns(kind: RecordKind): string[] {
  const listing = hasListing(kind) ? Object.keys(listingColumns(kind)).map(name => `listings.<channel>.${name}`) : []
  return [...listing, ...PATTERNS[kind], ...metadataPrefixes(kind).map(prefix => `${prefix}<key>`)]
}

const PATTERNS: Readonly<Record<RecordKind, readonly string[]>> = {
  products: [
    'stock.<warehouse>.available',
    'variants.attributes.<slug>',
    'translations.<lang>.slug',
    'translations.<lang>.name',
    'attributes.<slug>',
  ],
  categories: ['translations.<lang>.slug', 'translations.<lang>.name'],
  collections: ['translations.<lang>.slug', 'translations.<lang>.name'],
  pages: ['translations.<lang>.slug', 'translations.<lang>.name', 'attributes.<slug>'],
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
  if (name === 'globalId') return globalId(kind)
  const related = own(RELATED[kind], name)
  if (related) return related()
  return findByPattern(kind, name, shop) ?? unknown(kind, name)
}

function findByPattern(kind: RecordKind, name: string, shop: Shop | undefined): SaleorField | UnknownField | undefined {
  const rest = (prefix: string): string | undefined =>
    name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : undefined

  const metadata = metadataField(kind, name)
  if (metadata) return metadata
  const translation = /^translations\.(.+)\.([^.]+)$/.exec(name)
  if (translation) {
    const [, language, key] = translation as unknown as [string, string, string]
    return translationField(kind, name, { language: language.toLowerCase(), key, shop })
  }
  const attribute = rest('attributes.')
  if (attribute !== undefined && (kind === 'products' || kind === 'pages'))
    return attributeField(name, attribute, { kind, shop })
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
  const patterns = fieldPatterns(kind)
  const whole = patterns.find(pattern => pattern.startsWith(`${name}.<`))
  if (whole !== undefined) return { problem: `"${name}" needs a key: "${whole}".`, known: [] }
  return { problem: `The records of ${kind} have no field "${name}".`, known: [...fieldNames(kind), ...patterns] }
}

/** PostgreSQL breaks lines of base64 after 76 characters, which no id reaches. */
function globalId(kind: RecordKind): SaleorField {
  return column('globalId', 'text', `encode(convert_to('${API_TYPES[kind]}:' || r.id, 'UTF8'), 'base64')`)
}

/** The field for a rule, without where it stands. */
export const toLookup =
  (kind: RecordKind, shop: Shop | undefined) =>
  (name: string): Field | UnknownField => {
    const found = findField(kind, name, shop)
    return 'problem' in found ? found : found.field
  }
