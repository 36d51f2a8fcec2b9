// The settings of a configuration one by one: a mistake in one does not hide those in the others.
import { isPlainObject } from '../rules/parse.ts'
import type { RecordKind } from '../sources/source.ts'
import type { AddressSettings } from './addresses.ts'
import type { ParsedConfiguration } from './schema.ts'

/** Those that are right by themselves. */
export type Parts = Partial<ParsedConfiguration>

/** `data`: as it is written, for a channel beside which the source has a mistake. */
export function addressSettings({ source, storefront, locales }: Parts, data: object = {}): AddressSettings {
  const written = (data as { source?: { saleor?: { channel?: unknown } } }).source?.saleor?.channel
  return { channel: source?.saleor.channel ?? (typeof written === 'string' ? written : undefined), storefront, locales }
}

/** As they are written: what is no section at all is the schema's to tell. */
export function rawSections(data: object): [name: string, section: Record<string, unknown>][] {
  const { sections } = data as { sections?: unknown }
  return isPlainObject(sections)
    ? Object.entries(sections).filter((entry): entry is [string, Record<string, unknown>] => isPlainObject(entry[1]))
    : []
}

export const urlOf = ({ url }: Record<string, unknown>): string | undefined =>
  typeof url === 'string' ? url : undefined

export const isRecordKind = (of: unknown): of is RecordKind =>
  of === 'products' || of === 'categories' || of === 'collections' || of === 'pages'
