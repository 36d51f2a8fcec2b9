// Fields of the tree of categories. It goes by parent_id throughout: imports can leave the tree's own columns (lft,
// rght, level) stale.
import { type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import { computed, countJoin, many, type SaleorField } from './saleor-field.ts'
import type { Channel } from './shop.ts'
import { visibleProducts } from './visibility.ts'

/** Slugs from the root down, joined by slashes, and how far it is from the root. None of a category in a circle. */
const TREE =
  "left join (with recursive paths as (select id, slug::text as path, 0 as level from product_category where parent_id is null union all select c.id, paths.path || '/' || c.slug, paths.level + 1 from product_category c join paths on paths.id = c.parent_id) select * from paths) category_tree"
/** The same of one category, from it up. */
const upFrom = (category: string): string =>
  `with recursive up as (select c.parent_id, c.slug::text as path, 0 as level from product_category c where c.id = ${category} union all select c.parent_id, c.slug || '/' || up.path, up.level + 1 from up join product_category c on c.id = up.parent_id where up.level < 1000)`

export function inTree(name: string, type: 'text' | 'number', category: string): SaleorField {
  const key = type === 'text' ? 'path' : 'level'
  return computed(name, type, () => ({
    value: trusted(`category_tree.${key}`),
    joins: new Map([['category_tree', trusted(`${TREE} on category_tree.id = ${category}`)]]),
    single: trusted(`(${upFrom(category)} select ${key} from up where parent_id is null)`),
  }))
}

/** Each category with itself and with all above it. UNION takes in nothing twice, so a circle comes to an end. */
const LINES =
  'lines as (select id, id as ancestor from product_category union select lines.id, c.parent_id from lines join product_category c on c.id = lines.ancestor where c.parent_id is not null)'

/** The slugs of a category and of all above it; the tree is gone through once for all records. */
export function within(name: string, category: string): SaleorField {
  return many(
    { name, type: 'text' },
    {
      value: trusted('line.slug'),
      rows: trusted(
        `from (with recursive ${LINES} select lines.id, c.slug from lines join product_category c on c.id = lines.ancestor) line where line.id = ${category}`,
      ),
      singleRows: trusted(
        `from (with recursive up as (select c.parent_id, c.slug from product_category c where c.id = ${category} union select c.parent_id, c.slug from up join product_category c on c.id = up.parent_id) select slug from up) line where true`,
      ),
    },
  )
}

export function visibleInCategory(): SaleorField {
  return computed('visibleProducts.direct', 'number', ({ channel }) => ({
    ...countJoin(`products_direct_${channel.id}`, visibleByCategory(channel)),
    single: sql`(select count(*) from (${visibleProducts(channel)}) visible where visible.category_id = r.id)`,
  }))
}

/**
 * Added up once for all categories, so the cost does not grow with their square. For one, the categories below it are
 * collected first, and their products counted in one pass: by an array the planner can estimate how many those are, and
 * joins tables whole where they are many. Counted category by category, it looked up product by product.
 */
export function visibleBelowCategory(): SaleorField {
  return computed('visibleProducts', 'number', ({ channel }) => ({
    ...countJoin(
      `products_below_${channel.id}`,
      sql`with recursive ${trusted(LINES)}, direct as (${visibleByCategory(channel)}) select lines.ancestor as id, sum(direct.n) as n from lines join direct on direct.id = lines.id group by lines.ancestor`,
    ),
    single: sql`(with recursive below as (select r.id union select c.id from below join product_category c on c.parent_id = below.id) select count(*) from (${visibleProducts(channel)}) visible where visible.category_id = any (array(select id from below)))`,
  }))
}

const visibleByCategory = (channel: Channel): SqlFragment =>
  sql`select category_id as id, count(*) as n from (${visibleProducts(channel)}) visible where category_id is not null group by category_id`
