// Fields that stand in other tables: categories and their tree, types, collections, images, variants, stock.
import { isStorable, type UnknownField } from '../../rules/field.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { inTree, visibleBelowCategory, visibleInCategory, within } from './category-tree.ts'
import { column, computed, countJoin, many, type SaleorField, type SaleorPlace } from './saleor-field.ts'
import { visibleProducts } from './visibility.ts'

/** Joins that give one more table's columns: at most one row a record. */
const CATEGORY = new Map([['category', trusted('left join product_category category on category.id = r.category_id')]])
const PARENT = new Map([['parent', trusted('left join product_category parent on parent.id = r.parent_id')]])
const PRODUCT_TYPE = new Map([
  ['product_type', trusted('left join product_producttype product_type on product_type.id = r.product_type_id')],
])
const PAGE_TYPE = new Map([
  ['page_type', trusted('left join page_pagetype page_type on page_type.id = r.page_type_id')],
])

/** Rows that a product has many of. */
const COLLECTIONS = trusted(
  'from product_collectionproduct kp join product_collection k on k.id = kp.collection_id where kp.product_id = r.id',
)
const VARIANTS = trusted('from product_productvariant v where v.product_id = r.id')

/** By kind and name. */
export const RELATED: Readonly<Record<RecordKind, Readonly<Record<string, () => SaleorField>>>> = {
  products: {
    'productType.slug': () => column('productType.slug', 'text', 'product_type.slug', PRODUCT_TYPE),
    'category.slug': () => column('category.slug', 'text', 'category.slug', CATEGORY),
    'category.path': () => inTree('category.path', 'text', 'r.category_id'),
    'category.within': () => within('category.within', 'r.category_id'),
    'collections.slug': () =>
      many({ name: 'collections.slug', type: 'text' }, { value: trusted('k.slug'), rows: COLLECTIONS }),
    'images.count': () =>
      counted('images.count', "product_productmedia where type = 'IMAGE' and not to_remove and product_id"),
    'variants.count': () => counted('variants.count', 'product_productvariant where product_id'),
    'variants.id': () => many({ name: 'variants.id', type: 'number' }, { value: trusted('v.id'), rows: VARIANTS }),
    'variants.sku': () =>
      many({ name: 'variants.sku', type: 'text', emptyIsMissing: true }, { value: trusted('v.sku'), rows: VARIANTS }),
    'variants.price': () => ({
      field: { name: 'variants.price', type: 'number', many: true },
      locate: shop => ({
        value: trusted('vl.price_amount'),
        rows: sql`from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id where v.product_id = r.id and vl.channel_id = ${parameter(shop.channel.id, 'int')}`,
      }),
    }),
    'stock.available': () => stock('stock.available'),
  },
  categories: {
    path: () => inTree('path', 'text', 'r.id'),
    level: () => inTree('level', 'number', 'r.id'),
    'parent.slug': () => column('parent.slug', 'text', 'parent.slug', PARENT),
    within: () => within('within', 'r.id'),
    visibleProducts: () => visibleBelowCategory(),
    'visibleProducts.direct': () => visibleInCategory(),
  },
  collections: { visibleProducts: () => visibleInCollection() },
  pages: { 'pageType.slug': () => column('pageType.slug', 'text', 'page_type.slug', PAGE_TYPE) },
}

interface MetadataOwner extends Pick<SaleorPlace, 'joins' | 'rows'> {
  readonly alias: string
}

/** Whose metadata can be asked for: by kind, what the name begins with. */
const METADATA: Readonly<Record<RecordKind, Readonly<Record<string, MetadataOwner>>>> = {
  products: {
    '': { alias: 'r' },
    'category.': { alias: 'category', joins: CATEGORY },
    'productType.': { alias: 'product_type', joins: PRODUCT_TYPE },
    'collections.': { alias: 'k', rows: COLLECTIONS },
    'variants.': { alias: 'v', rows: VARIANTS },
  },
  categories: { '': { alias: 'r' } },
  collections: { '': { alias: 'r' } },
  pages: { '': { alias: 'r' }, 'pageType.': { alias: 'page_type', joins: PAGE_TYPE } },
}

const DOCUMENTS = [
  ['metadata.', 'metadata'],
  ['privateMetadata.', 'private_metadata'],
] as const

/** What stands before the key in each name of metadata: `metadata.`, `category.privateMetadata.`. */
export const metadataPrefixes = (kind: RecordKind): string[] =>
  Object.keys(METADATA[kind]).flatMap(owner => DOCUMENTS.map(([document]) => owner + document))

/** Where the keys of a prefix stand. */
interface MetadataDocument extends Pick<SaleorPlace, 'joins' | 'rows'> {
  readonly document: SqlFragment
}

/** The whole document of `metadata.`, `category.privateMetadata.`; undefined for what is no such prefix. */
export function metadataDocument(kind: RecordKind, prefix: string): MetadataDocument | undefined {
  for (const [owner, { alias, ...place }] of Object.entries(METADATA[kind])) {
    for (const [document, jsonColumn] of DOCUMENTS)
      if (owner + document === prefix) return { ...place, document: trusted(`${alias}.${jsonColumn}`) }
  }
  return undefined
}

/** Undefined where the name is none of metadata. The key is the whole rest of the name, dots included. */
export function metadataField(kind: RecordKind, name: string): SaleorField | UnknownField | undefined {
  const prefix = metadataPrefixes(kind).find(each => name.startsWith(each) && name.length > each.length)
  if (prefix === undefined) return undefined
  return metadataOf(name, name.slice(prefix.length), metadataDocument(kind, prefix) as MetadataDocument)
}

function metadataOf(name: string, key: string, { document, ...place }: MetadataDocument): SaleorField | UnknownField {
  if (!isStorable(key))
    return { problem: 'It is no key: it has a character that no text of the database has.', known: [] }
  return {
    field: { name, type: 'metadata', many: place.rows !== undefined },
    locate: () => ({
      ...place,
      value: sql`(${document} ->> ${parameter(key, 'text')})`,
      // Text that could also be the writing of a JSON number, truth value or list has to be compared as text.
      equals: text =>
        /^[\s\d+\-.[{"]|^(true|false|null)$/.test(text)
          ? undefined
          : sql`${document} @> ${parameter(JSON.stringify({ [key]: text }), 'jsonb')}`,
    }),
  }
}

/** One value a stock row: quantity less what is allocated; of one warehouse, or of all. */
export function stock(name: string, warehouse?: string): SaleorField {
  const base = trusted(
    'from product_productvariant v join warehouse_stock s on s.product_variant_id = v.id where v.product_id = r.id',
  )
  const one = trusted(
    'from product_productvariant v join warehouse_stock s on s.product_variant_id = v.id join warehouse_warehouse w on w.id = s.warehouse_id where v.product_id = r.id and w.slug =',
  )
  return many(
    { name, type: 'number' },
    {
      value: trusted('(s.quantity - s.quantity_allocated)'),
      rows: warehouse === undefined ? base : sql`${one} ${parameter(warehouse, 'text')}`,
    },
  )
}

/** `rows` is a table and a condition, and ends with the column that names the product. */
function counted(name: string, rows: string): SaleorField {
  const select = trusted(`select product_id as id, count(*) as n from ${rows} is not null group by product_id`)
  return computed(name, 'number', () => ({
    ...countJoin(name.replace('.', '_').toLowerCase(), select),
    single: trusted(`(select count(*) from ${rows} = r.id)`),
  }))
}

function visibleInCollection(): SaleorField {
  return computed('visibleProducts', 'number', ({ channel }) => ({
    ...countJoin(
      `products_in_${channel.id}`,
      sql`select kp.collection_id as id, count(*) as n from product_collectionproduct kp join (${visibleProducts(channel)}) visible on visible.id = kp.product_id group by kp.collection_id`,
    ),
    single: sql`(select count(*) from product_collectionproduct kp join (${visibleProducts(channel)}) visible on visible.id = kp.product_id where kp.collection_id = r.id)`,
  }))
}
