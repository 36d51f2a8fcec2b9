// The whole catalogue of fields as one shop has it: every name, how many records have a value, and one of the values.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import type { KindFields, RecordKind, ShopField } from '../source.ts'
import { countAttributes, readChoices } from './discover-attributes.ts'
import { type Counted, countFields, fieldOf, frameOf } from './discover-counts.ts'
import { readExamples } from './discover-examples.ts'
import { discoverKeys } from './discover-keys.ts'
import { discoverNames } from './discover-names.ts'
import { tableOf } from './fields.ts'
import { readSizes } from './funnel.ts'
import type { Attribute, Shop } from './shop.ts'

/** Up to this many records are all looked at, of each as much as there is of it: that takes a second. */
const FEW_RECORDS = 10_000
/** About as many of a larger table are, whatever its size. */
const LOOKED_AT = 5_000
/** A shop can use ids as keys: no more keys of metadata are told. */
const MOST_KEYS = 200
/** Numbers of products in them: where there are many products, one such value takes too long to be an example. */
const COUNTS_PRODUCTS = /^visibleProducts(\.direct)?$/

export interface DiscoverOptions {
  readonly of: RecordKind
  /** With its attributes and warehouses. */
  readonly shop: Shop
  /** Up to this many records are all looked at. */
  readonly few?: number
  /** About how many of a larger table are. */
  readonly look?: number
}

export async function discoverFields(
  transaction: ReadOnlyTransaction,
  { of, shop, few = FEW_RECORDS, look = LOOKED_AT }: DiscoverOptions,
): Promise<KindFields> {
  const { names, prefixes, unreadable } = await discoverNames(transaction, of, shop)
  if (!names.includes('id')) return { of, records: 0, fields: [], moreKeys: 0, unreadable }

  const sizes = await readSizes(transaction, [tableOf(of), 'product_product'])
  const size = sizes.get(tableOf(of)) ?? 0
  const frame = frameOf(of, shop, { size, few, look })
  const attributes = attributesIn(names, shop)
  const plain = names.filter(name => !attributes.has(name)).map(name => fieldOf(of, name, shop))
  const counted = await countFields(transaction, frame, plain)
  const keys = await discoverKeys(transaction, frame, { prefixes, most: MOST_KEYS })
  const counts = new Map([
    ...counted.counts,
    ...(await countAttributes(transaction, frame, attributes)),
    ...keys.counts,
  ])

  const fields = [...names, ...keys.counts.keys()].map(name => fieldOf(of, name, shop))
  const isLarge = (sizes.get('product_product') ?? 0) > few
  const shown = fields.filter(({ field }) => !(isLarge && COUNTS_PRODUCTS.test(field.name)))
  const examples = await readExamples(transaction, frame, { fields: shown, counts })
  const choices = await readChoices(transaction, [...attributes.values()])
  // What a sample says is said of all.
  const factor = frame.sampled && counted.looked > 0 ? Math.max(1, size / counted.looked) : 1
  return {
    of,
    records: Math.round(counted.looked * factor),
    ...(frame.sampled && { sampled: counted.looked }),
    fields: fields.map(({ field: { name, type, many } }): ShopField => {
      const attribute = attributes.get(name)
      const chosen = attribute && choices.get(attribute.id)
      const example = examples.get(name)
      return {
        name,
        type: type as ShopField['type'],
        many,
        ...(attribute && { inputType: attribute.inputType }),
        ...(chosen && { choices: chosen }),
        records: Math.round(recordsOf(counts.get(name)) * factor),
        ...(example !== undefined && { example }),
      }
    }),
    moreKeys: keys.more,
    unreadable,
  }
}

const recordsOf = (counted: Counted | undefined): number => counted?.records ?? 0

/** By the names of fields; an attribute can be one of products and of their variants. */
function attributesIn(names: readonly string[], { attributes }: Shop): ReadonlyMap<string, Attribute> {
  return new Map(
    names.flatMap(name => {
      const slug = /^(?:variants\.)?attributes\.(.+)$/s.exec(name)?.[1]
      const attribute = slug === undefined ? undefined : attributes?.get(slug)
      return attribute ? [[name, attribute]] : []
    }),
  )
}
