// A real value of each field, of the first record that has one, so that the examples are mostly those of one record.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { redact } from '../../redact.ts'
import type { Field } from '../../rules/field.ts'
import { lastmodFromPostgres } from '../../sitemap/lastmod.ts'
import type { Counted, Frame } from './discover-counts.ts'
import type { SaleorField } from './saleor-field.ts'
import { readValues } from './values.ts'

const LONGEST = 60
const AT_ONCE = 60

interface ExamplesWanted {
  readonly fields: readonly SaleorField[]
  readonly counts: ReadonlyMap<string, Counted>
}

/** By the names of fields; at most 60 characters, the last an ellipsis where there are more. */
export async function readExamples(
  transaction: ReadOnlyTransaction,
  { kind, shop }: Frame,
  { fields, counts }: ExamplesWanted,
): Promise<ReadonlyMap<string, string>> {
  const examples = new Map<string, string>()
  const firstOf = ({ field }: SaleorField): string | null => counts.get(field.name)?.first ?? null
  const wanted = fields.filter(field => firstOf(field) !== null)
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE)
    const keys = some.map(firstOf) as string[]
    const values = await readValues(transaction, { kind, keys, fields: some, shop })
    some.forEach(({ field }, index) => {
      const own = values.get(keys[index] as string)?.[index] ?? []
      const value = own.find(each => each !== null && each !== '') ?? own.find(each => each !== null)
      if (value !== undefined && value !== null) examples.set(field.name, exampleOf(field, value))
    })
  }
  return examples
}

/** Dates as a rule writes them. A secret goes before it is cut in two and no longer known. */
function exampleOf({ type }: Field, text: string): string {
  const value = type === 'date' ? (lastmodFromPostgres(text) ?? text) : text
  const characters = Array.from(redact(value.slice(0, 10_000)))
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : characters.join('')
}
