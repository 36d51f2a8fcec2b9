// Keys of metadata: whatever stands in the documents of the records that are looked at, most frequent first.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import { type Counted, type Frame, forEach } from './discover-counts.ts'
import { metadataDocument } from './related-fields.ts'

interface Key extends Counted {
  readonly name: string
}

/** By the names of fields, in their order; and how many more keys there are than `most`. */
export async function discoverKeys(
  transaction: ReadOnlyTransaction,
  frame: Frame,
  { prefixes, most }: { readonly prefixes: readonly string[]; readonly most: number },
): Promise<{ readonly counts: Map<string, Counted>; readonly more: number }> {
  const keys: Key[] = []
  let all = 0
  for (const prefix of prefixes) {
    const rows = await transaction.query(keysStatement(frame, prefix, most), { fewRecords: true })
    all += Number(rows[0]?.[3] ?? 0)
    keys.push(...rows.map(([key, records, first = null]) => ({ name: prefix + key, records: Number(records), first })))
  }
  const frequent = new Set([...keys].sort((a, b) => b.records - a.records).slice(0, most))
  const shown = keys.filter(key => frequent.has(key))
  return { counts: new Map(shown.map(({ name, ...counted }) => [name, counted])), more: all - shown.length }
}

/** Rows of: key, how many records have a value there, the first of them, and how many keys there are. */
function keysStatement(frame: Frame, prefix: string, most: number): SqlFragment {
  const { documents, isMany } = documentsOf(frame, prefix)
  const records = trusted(isMany ? 'count(distinct r.id)' : 'count(*)')
  // A key whose value is null has none, as under ->>. No field is named by the empty key.
  return sql`select e.key, ${records} filter (where e.is_there) as n, min(r.id) filter (where e.is_there), count(*) over () ${frame.from} ${forEach(documents)} d
    cross join lateral (select key, jsonb_typeof(value) <> 'null' as is_there from jsonb_each(case when jsonb_typeof(d.document) = 'object' then d.document end)) e
    where e.key <> '' group by e.key order by n desc, e.key collate "C" limit ${trusted(String(most))}`
}

function documentsOf({ kind }: Frame, prefix: string): { documents: SqlFragment; isMany: boolean } {
  const found = metadataDocument(kind, prefix)
  if (!found) throw new Error(`no metadata is named ${prefix}<key>`)
  const { document, rows, joins } = found
  const from = rows ?? sql`from (select 1) one ${joinSql([...(joins?.values() ?? [])], ' ')}`
  return { documents: sql`select ${document} as document ${from}`, isMany: rows !== undefined }
}
