// Fields of the listing of a record in a channel: the one that the source reads, or another.
import type { FieldType, UnknownField } from '../../rules/field.ts'
import { trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { computed, own, type SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'
import { listingJoin } from './visibility.ts'

const LISTING: Readonly<Record<string, readonly [column: string, type: FieldType]>> = {
  isPublished: ['is_published', 'boolean'],
  publishedAt: ['published_at', 'date'],
  visibleInListings: ['visible_in_listings', 'boolean'],
  availableForPurchaseAt: ['available_for_purchase_at', 'date'],
}

export const hasListing = (kind: RecordKind): kind is 'products' | 'collections' =>
  kind === 'products' || kind === 'collections'

export function listingColumns(kind: 'products' | 'collections') {
  if (kind === 'products') return LISTING
  return { isPublished: LISTING.isPublished, publishedAt: LISTING.publishedAt } as typeof LISTING
}

export function listingField(
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
