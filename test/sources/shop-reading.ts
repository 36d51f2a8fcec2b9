// Reads the way a run does: open, check, read, close.
import { createSaleorPostgresSource, type SaleorPostgresOptions } from '../../src/sources/saleor/postgres.ts'
import type { RecordKind, RecordQuery, Snapshot } from '../../src/sources/source.ts'

export function openShop(url: string, options: Partial<SaleorPostgresOptions> = {}, signal?: AbortSignal) {
  return createSaleorPostgresSource({
    url,
    channel: 'default-channel',
    visibility: 'all',
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 240_000,
    ...options,
  }).open(signal)
}

export async function withShop<T>(
  url: string,
  options: Partial<SaleorPostgresOptions>,
  act: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const snapshot = await openShop(url, options)
  try {
    return await act(snapshot)
  } finally {
    await snapshot.close()
  }
}

export const queryOf = (of: RecordKind, where: unknown, fields: readonly string[] = ['slug']): RecordQuery => ({
  of,
  where,
  addresses: [{ channel: undefined, language: undefined, missing: 'omit', fields, path: `sections.${of}.url` }],
  images: false,
  updatedAt: false,
  path: `sections.${of}`,
})

/** The keys of the records that each rule chooses, in one transaction. Fails where a rule has a mistake. */
export async function idsOf(snapshot: Snapshot, of: RecordKind, wheres: readonly unknown[]): Promise<number[][]> {
  const queries = wheres.map(where => queryOf(of, where, []))
  const problems = await snapshot.check(queries)
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const all: number[][] = []
  for (const query of queries) {
    const ids: number[] = []
    for await (const records of snapshot.read(query)) ids.push(...records.map(({ key }) => Number(key)))
    all.push(ids)
  }
  return all
}

export async function valuesOf(snapshot: Snapshot, query: RecordQuery): Promise<(readonly (string | null)[])[]> {
  const problems = await snapshot.check([query])
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const all: (readonly (string | null)[])[] = []
  for await (const records of snapshot.read(query)) all.push(...records.map(({ addresses }) => addresses[0] ?? []))
  return all
}

export type Fingerprints = Readonly<Record<string, readonly (number | undefined)[]>>

/** By key; {} where the query asks for no content. */
export async function fingerprintsOf(snapshot: Snapshot, query: RecordQuery): Promise<Fingerprints> {
  const problems = await snapshot.check([query])
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const all: Record<string, readonly (number | undefined)[]> = {}
  for await (const records of snapshot.read(query)) {
    for (const { key, fingerprints } of records) if (fingerprints) all[key] = fingerprints
  }
  return all
}
