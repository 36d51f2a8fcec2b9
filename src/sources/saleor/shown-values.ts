// What is shown of a value, and the hash of it: 64 bits, null where there is no value. PostgreSQL keeps these functions as
// they are, since its partitions rest on them; md5 is slower, and fails where a server allows approved algorithms only.
import type { FieldType } from '../../rules/field.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Joins } from './address-columns.ts'

/**
 * An editor's document, without what is written by itself each time it is saved: the editor's version, and the time. Saleor
 * stores a missing one as JSON's null as well as as SQL's.
 */
export const shownDocument = (document: string): string =>
  `case jsonb_typeof(${document}) when 'object' then ${document} - '{time,version}'::text[] when 'null' then null else ${document} end`

export const hashText = (value: SqlFragment): SqlFragment => sql`hashtextextended((${value})::text, 0)`

/**
 * A number by its value: how it is written depends on its column, and on the settings of the role. The hash of 0 is the
 * seed itself, and a sum would take no notice of a 0.
 */
export const hashValue = (type: FieldType, value: SqlFragment): SqlFragment =>
  type === 'number' ? sql`hashfloat8extended((${value})::float8, 1)` : hashText(value)

/** Takes in a hash of columns of one table; gives the column that has it in a query of `r`. */
export type HashColumns = (hash: SqlFragment) => SqlFragment

/**
 * Hashes of the columns of a table with one row a record, which `id` names. OFFSET 0 has them made where the table is
 * read: what is joined, sorted and perhaps written to a disk after that are numbers, and not whole documents.
 */
export function makeHashColumns(
  alias: string,
  { id, from, joins }: { readonly id: string; readonly from: SqlFragment; readonly joins: Joins },
): HashColumns {
  const hashes: SqlFragment[] = []
  const keys: string[] = []
  return hash => {
    const key = JSON.stringify(hash)
    if (!keys.includes(key)) {
      keys.push(key)
      hashes.push(sql`${hash} as ${trusted(`h_${hashes.length}`)}`)
      const list = joinSql([trusted(`${id} as id`), ...hashes], ', ')
      joins.set(alias, sql`left join (select ${list} ${from} offset 0) ${trusted(`${alias} on ${alias}.id = r.id`)}`)
    }
    return trusted(`${alias}.h_${keys.indexOf(key)}`)
  }
}

/**
 * The sums of hashes that a record has many of, made of `select r.id, … as h`: one join for each, however often it is
 * asked for. A sum asks for no order, and has room for all of them.
 */
export function makeHashSums(joins: Joins): HashColumns {
  const keys: string[] = []
  return hashes => {
    const key = JSON.stringify(hashes)
    if (!keys.includes(key)) {
      const alias = `content_sum_${keys.push(key) - 1}`
      const sums = sql`select id, sum(h) as h from (${hashes} offset 0) hashes group by id`
      joins.set(alias, sql`left join (${sums}) ${trusted(`${alias} on ${alias}.id = r.id`)}`)
    }
    return trusted(`content_sum_${keys.indexOf(key)}.h`)
  }
}
