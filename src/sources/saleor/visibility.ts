// What an anonymous customer of a channel may see, as Saleor itself decides it (the same from 3.14 on).
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import type { Channel } from './shop.ts'

export type Visibility = 'saleor' | 'all'

export interface VisibilityCondition {
  readonly condition: SqlFragment
  readonly joins: ReadonlyMap<string, SqlFragment>
}

/** The condition on record `r`. Categories have no visibility in Saleor; pages have no channel. */
export function visibleTo(kind: RecordKind, channel: Channel): VisibilityCondition {
  switch (kind) {
    case 'categories':
      return { condition: trusted('true'), joins: new Map() }
    case 'pages':
      return { condition: published('r'), joins: new Map() }
    default:
      if (!channel.active) return { condition: trusted('false'), joins: new Map() }
      return listed(kind, channel)
  }
}

function listed(kind: 'products' | 'collections', channel: Channel): VisibilityCondition {
  const { alias, join } = listingJoin(kind, channel)
  const condition = published(alias)
  return {
    condition: kind === 'products' ? sql`${condition} and ${hasPricedVariant(channel, 'r.id')}` : condition,
    joins: new Map([[alias, join]]),
  }
}

const published = (alias: string): SqlFragment =>
  trusted(`${alias}.is_published and (${alias}.published_at is null or ${alias}.published_at <= now())`)

/** The listing of the record in a channel: at most one (unique pair), so the join never doubles a row. */
export function listingJoin(kind: 'products' | 'collections', channel: Channel): { alias: string; join: SqlFragment } {
  const alias = `listing_${channel.id}`
  const [table, column] =
    kind === 'products'
      ? ['product_productchannellisting', 'product_id']
      : ['product_collectionchannellisting', 'collection_id']
  return {
    alias,
    join: sql`left join ${trusted(table)} ${trusted(alias)} on ${trusted(`${alias}.${column}`)} = r.id and ${trusted(`${alias}.channel_id`)} = ${parameter(channel.id, 'int')}`,
  }
}

/** At least one variant has a price in the channel. `product` is the column that holds the product's id. */
function hasPricedVariant(channel: Channel, product: string): SqlFragment {
  return sql`exists (select 1 from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id where v.product_id = ${trusted(product)} and vl.channel_id = ${parameter(channel.id, 'int')} and vl.price_amount is not null)`
}

/** `select id, category_id` of the products visible in the channel. */
export function visibleProducts(channel: Channel): SqlFragment {
  if (!channel.active) return trusted('select null::int as id, null::int as category_id where false')
  return sql`select p.id, p.category_id from product_product p join product_productchannellisting l on l.product_id = p.id and l.channel_id = ${parameter(channel.id, 'int')} where ${published('l')} and ${hasPricedVariant(channel, 'p.id')}`
}
