// Fields that stand in other tables: categories and their tree, types, collections, images, variants, stock.
import type { SqlField } from '../../rules/compile-sql.ts'
import { parameter, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { column, computed, type SaleorField } from './saleor-field.ts'
import { visibleProducts } from './visibility.ts'

/** Joins that give one more table's columns: at most one row a record. */
const CATEGORY = new Map([['category', trusted('left join product_category category on category.id = r.category_id')]])
const PRODUCT_TYPE = new Map([
  ['product_type', trusted('left join product_producttype product_type on product_type.id = r.product_type_id')],
])
const PAGE_TYPE = new Map([
  ['page_type', trusted('left join page_pagetype page_type on page_type.id = r.page_type_id')],
])
/** Slugs from the root down, joined by slashes; over parent_id, since imports can leave the tree columns stale. */
const CATEGORY_PATH = trusted(
  "left join (with recursive paths as (select id, slug::text as path from product_category where parent_id is null union all select c.id, paths.path || '/' || c.slug from product_category c join paths on paths.id = c.parent_id) select * from paths) category_path",
)

/** By kind and name. */
export const RELATED: Readonly<Record<RecordKind, Readonly<Record<string, () => SaleorField>>>> = {
  products: {
    'productType.slug': () => column('productType.slug', 'text', 'product_type.slug', PRODUCT_TYPE),
    'category.slug': () => column('category.slug', 'text', 'category.slug', CATEGORY),
    'category.path': () => categoryPath('category.path', 'r.category_id'),
    'collections.slug': () => ({
      field: { name: 'collections.slug', type: 'text', many: true },
      locate: () => ({
        value: trusted('k.slug'),
        rows: trusted(
          'from product_collectionproduct kp join product_collection k on k.id = kp.collection_id where kp.product_id = r.id',
        ),
      }),
    }),
    'images.count': () =>
      counted(
        'images.count',
        "select product_id as id, count(*) as n from product_productmedia where type = 'IMAGE' and not to_remove and product_id is not null group by product_id",
      ),
    'variants.count': () =>
      counted(
        'variants.count',
        'select product_id as id, count(*) as n from product_productvariant group by product_id',
      ),
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
    path: () => categoryPath('path', 'r.id'),
    visibleProducts: () => visibleInCategory('visibleProducts', true),
    'visibleProducts.direct': () => visibleInCategory('visibleProducts.direct', false),
  },
  collections: { visibleProducts: () => visibleInCollection() },
  pages: { 'pageType.slug': () => column('pageType.slug', 'text', 'page_type.slug', PAGE_TYPE) },
}

function categoryPath(name: string, id: string): SaleorField {
  const join = sql`${CATEGORY_PATH} on category_path.id = ${trusted(id)}`
  return column(name, 'text', 'category_path.path', new Map([['category_path', join]]))
}

/** One value a stock row: quantity less what is allocated; of one warehouse, or of all. */
export function stock(name: string, warehouse?: string): SaleorField {
  const base = trusted(
    'from product_productvariant v join warehouse_stock s on s.product_variant_id = v.id where v.product_id = r.id',
  )
  const one = trusted(
    'from product_productvariant v join warehouse_stock s on s.product_variant_id = v.id join warehouse_warehouse w on w.id = s.warehouse_id where v.product_id = r.id and w.slug =',
  )
  return {
    field: { name, type: 'number', many: true },
    locate: () => ({
      value: trusted('(s.quantity - s.quantity_allocated)'),
      rows: warehouse === undefined ? base : sql`${one} ${parameter(warehouse, 'text')}`,
    }),
  }
}

function counted(name: string, select: string): SaleorField {
  const alias = name.replace('.', '_').toLowerCase()
  return column(
    name,
    'number',
    `coalesce(${alias}.n, 0)`,
    new Map([[alias, trusted(`left join (${select}) ${alias} on ${alias}.id = r.id`)]]),
  )
}

/** Over parent_id and added up once for all categories, so the cost does not grow with their square. */
function visibleInCategory(name: string, below: boolean): SaleorField {
  const alias = below ? 'products_below' : 'products_direct'
  return computed(name, 'number', shop => {
    const direct = sql`select category_id as id, count(*) as n from (${visibleProducts(shop.channel)}) visible where category_id is not null group by category_id`
    const rows = below
      ? sql`with recursive direct as (${direct}), up as (select id, n, 0 as steps from direct union all select c.parent_id, up.n, up.steps + 1 from up join product_category c on c.id = up.id where c.parent_id is not null and up.steps < 1000) select id, sum(n) as n from up group by id`
      : direct
    return countJoin(alias, rows)
  })
}

function visibleInCollection(): SaleorField {
  return computed('visibleProducts', 'number', shop =>
    countJoin(
      'products_in',
      sql`select kp.collection_id as id, count(*) as n from product_collectionproduct kp join (${visibleProducts(shop.channel)}) visible on visible.id = kp.product_id group by kp.collection_id`,
    ),
  )
}

function countJoin(alias: string, rows: ReturnType<typeof sql>): SqlField {
  const join = sql`left join (${rows}) ${trusted(`${alias} on ${alias}.id = r.id`)}`
  return { value: trusted(`coalesce(${alias}.n, 0)`), joins: new Map([[alias, join]]) }
}
