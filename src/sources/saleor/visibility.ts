// What an anonymous customer of a channel may see, as Saleor itself decides it (the same from 3.14 on): a rule like
// any other, so that it is compiled, counted and explained like one.
import type { FieldLookup } from '../../rules/field.ts'
import { namedFields, parseRule } from '../../rules/parse.ts'
import type { Rule } from '../../rules/rule.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Verdict } from '../../rules/verdict.ts'
import type { RecordKind } from '../source.ts'
import type { Channel } from './shop.ts'

export type Visibility = 'saleor' | 'all'

export interface VisibilityCondition {
  readonly rule: Rule
  /** What it asks for, and what is true of the records that it removes, for people. */
  readonly requires: string
  readonly removes: string
  /** The fields that the rule names. */
  readonly fields: readonly string[]
}

/** What has to hold, first to last. Categories have no visibility in Saleor; pages have no channel. */
export function visibilityOf(kind: RecordKind, channel: Channel, lookup: FieldLookup): VisibilityCondition[] {
  if (kind === 'categories') return []
  const [place, listing] = kind === 'pages' ? ['', ''] : [` in "${channel.slug}"`, 'listing.']
  const date = `${listing}publishedAt`
  const conditions: (readonly [where: object, requires: string, removes: string])[] = [
    [{ [`${listing}isPublished`]: true }, `published${place}`, `not published${place}`],
    [
      { OR: [{ [date]: { exists: false } }, { [date]: { lte: 'now' } }] },
      `no publication date${place} that is still to come`,
      `publication date${place} still to come`,
    ],
  ]
  if (kind === 'products') {
    const price = [`a variant with a price${place}`, `no variant with a price${place}`] as const
    conditions.push([{ 'variants.price': { exists: true } }, ...price])
  }
  return conditions.map(([where, requires, removes]) => ({
    rule: parseRule(where, 'visibility', lookup).rule,
    requires,
    removes,
    fields: namedFields(where),
  }))
}

/** What hides all records of an inactive channel, judged. */
export const channelRule = ({ slug, active }: Channel): { requires: string; removes: string; verdict: Verdict } => ({
  requires: `the channel "${slug}" is active`,
  removes: inactive(slug),
  verdict: {
    kind: 'compare',
    holds: active,
    field: 'channel',
    condition: `the channel "${slug}" is active`,
    values: [active],
  },
})

export const inactive = (slug: string): string => `the channel "${slug}" is not active`

/** Whether the channel's customers see nothing of the kind, whatever is published. */
export const isHidden = (kind: RecordKind, channel: Channel): boolean =>
  !channel.active && (kind === 'products' || kind === 'collections')

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

/** `select id, category_id` of the products visible in the channel. */
export function visibleProducts(channel: Channel): SqlFragment {
  if (!channel.active) return trusted('select null::int as id, null::int as category_id where false')
  return sql`select p.id, p.category_id from product_product p join product_productchannellisting l on l.product_id = p.id and l.channel_id = ${parameter(channel.id, 'int')} where l.is_published and (l.published_at is null or l.published_at <= now()) and exists (select 1 from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id where v.product_id = p.id and vl.channel_id = ${parameter(channel.id, 'int')} and vl.price_amount is not null)`
}
