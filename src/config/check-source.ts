// The source of a configuration: its mistakes, and what its database can be asked about the rest.
import type { Problem } from '../problem.ts'
import type { AddressQuery, RecordQuery } from '../sources/source.ts'
import { recordAddresses, type SectionAddress } from './addresses.ts'
import { addressSettings, isRecordKind, type Parts, rawSections, urlOf } from './parts.ts'

export interface ShopAsks {
  readonly database: string
  readonly channel: string
  readonly queries: readonly RecordQuery[]
}

export function sourceProblems({ source }: Parts, data: object): Problem[] {
  const reader = rawSections(data).find(([, section]) => isRecordKind(section.of))
  if (!source) {
    if (!reader || (data as { source?: unknown }).source !== undefined) return []
    return [{ path: 'source', message: `Section "${reader[0]}" reads a shop, and no source is named.` }]
  }
  const { database, graphql, token } = source.saleor
  const problems: Problem[] = []
  if (graphql !== undefined || token !== undefined) {
    const path = `source.saleor.${graphql !== undefined ? 'graphql' : 'token'}`
    problems.push({
      path,
      message: 'Reading by GraphQL is not part of this version of Storemap.',
      hint: 'Name the "database".',
    })
  } else if (database === undefined) {
    problems.push({ path: 'source.saleor.database', message: 'Expected the address of the database.' })
  }
  if (database !== undefined && !isDatabaseAddress(database)) {
    problems.push({
      path: 'source.saleor.database',
      message: 'Expected an address: postgres://, then user, password, host, port and name of the database.',
      hint: 'A "#", "/", "?", "@" or "%" in a password must be percent-encoded.',
    })
  }
  return problems
}

/** An unencoded "#" or "/" in a password makes a part of it the host, which messages name. */
function isDatabaseAddress(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text)) return false
  try {
    // An address may leave the host out, and name a socket's folder in its query.
    const { username, password, pathname, hash } = new URL(text.replace('@/', '@localhost/'))
    for (const part of [username, password, pathname]) decodeURIComponent(part)
    return hash === '' && !text.includes('#')
  } catch {
    return false
  }
}

/** Read leniently: whatever is written right enough to be asked about. */
export function asksOf(data: object, parts: Parts): ShopAsks | undefined {
  const { source } = data as { source?: { saleor?: Record<string, unknown> } }
  const { database, channel } = source?.saleor ?? {}
  if (typeof database !== 'string' || typeof channel !== 'string' || !isDatabaseAddress(database)) return undefined
  const queries = rawSections(data).flatMap(([name, section]): RecordQuery[] => {
    const { of, where = {} } = section
    if (!isRecordKind(of)) return []
    const { addresses } = recordAddresses({ name, of, url: urlOf(section) }, addressSettings(parts, data))
    const path = `sections.${name}`
    // The rule can be asked about, whatever is wrong with the address.
    const asked = addresses.length > 0 ? addresses.map(toAddressQuery) : [{ ...NOWHERE, path: `${path}.url` }]
    return [{ of, where, addresses: asked, images: false, updatedAt: false, path }]
  })
  return { database, channel, queries }
}

const NOWHERE = { channel: undefined, language: undefined, missing: 'omit', fields: [] } as const

/** What a source has to know of an address. */
export const toAddressQuery = ({
  locale,
  channel,
  language,
  missing,
  template,
  path,
}: SectionAddress): AddressQuery => ({
  channel,
  language,
  missing,
  fields: template.fields,
  path,
  ...(locale !== undefined && { channelPath: `locales.${locale}.channel` }),
})
