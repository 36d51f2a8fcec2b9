// The state of a site: for each shard, of what it was made, and where the lastmods of its pages are kept. One small file
// a published bundle, by its revision: so the state of the old one and of the new can stand side by side.
import { createHash } from 'node:crypto'
import type { StateStore } from './store.ts'

export interface SiteState {
  /** The instant of the run that made it, as a lastmod. */
  readonly instant: string
  /** The revision of the bundle that it belongs to. */
  readonly manifest: string
  readonly sections: Readonly<Record<string, SectionState>>
}

export interface SectionState {
  /** What its fingerprints are made of: those of another basis say nothing. */
  readonly basis: string
  /** The languages of its addresses, which rows name by index; '' where they are not told apart. */
  readonly slots: readonly string[]
  /** In the order of their keys. */
  readonly parts: readonly StatePart[]
}

/** What is known of one shard. */
export interface StatePart {
  /** Of all that its file was made of but the dates: the same digest, the same bytes. */
  readonly digest: string
  readonly entries: number
  readonly file: string
  /** The least and the greatest key. */
  readonly first: number
  readonly last: number
  /** Bytes that its entries take at most, uncompressed. */
  readonly room: number
  /** sha256 of its rows, by which they are kept. */
  readonly rows: string
}

const FORMAT = 1

export const stateName = (revision: string): string => `state-${revision.slice(0, 16)}.json`
export const rowsName = (sha256: string): string => `rows-${sha256.slice(0, 32)}`
export const isStateName = (name: string): boolean => /^state-[0-9a-f]{16}\.json$/.test(name)
export const isRowsName = (name: string): boolean => /^rows-[0-9a-f]{32}$/.test(name)

/** One shard a line, so that git and people see what changed. */
export function formatState({ instant, manifest, sections }: SiteState): string {
  const names = Object.keys(sections).sort()
  const blocks = names.map(name => {
    const { basis, slots, parts } = sections[name] as SectionState
    const lines = parts.map(part => `      ${JSON.stringify(part, Object.keys(part).sort())}`).join(',\n')
    return `    ${JSON.stringify(name)}: {\n      "basis": ${JSON.stringify(basis)},\n      "parts": [${lines === '' ? '' : `\n${lines}\n      `}],\n      "slots": ${JSON.stringify(slots)}\n    }`
  })
  const body = blocks.length === 0 ? '{}' : `{\n${blocks.join(',\n')}\n  }`
  return `{\n  "format": ${FORMAT},\n  "instant": ${JSON.stringify(instant)},\n  "manifest": ${JSON.stringify(manifest)},\n  "sections": ${body}\n}\n`
}

/** Undefined for what is no state, or one of another format. */
export function parseState(text: string): SiteState | undefined {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(data) || data.format !== FORMAT || !isText(data.manifest) || !isObject(data.sections)) return undefined
  if (!isText(data.instant) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(data.instant)) return undefined
  return Object.values(data.sections).every(isSection) ? (data as unknown as SiteState) : undefined
}

const isSection = (value: unknown): boolean =>
  isObject(value) &&
  isText(value.basis) &&
  Array.isArray(value.slots) &&
  Array.isArray(value.parts) &&
  value.parts.every(isPart)

const isPart = (value: unknown): boolean =>
  isObject(value) &&
  [value.digest, value.file, value.rows].every(isText) &&
  [value.entries, value.first, value.last, value.room].every(Number.isSafeInteger)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'

/** `missing`: nothing is kept. `damaged`: it cannot be read. `other`: it belongs to another bundle than the published. */
export type StateProblem = 'missing' | 'damaged' | 'other'

/** The state of the published bundle, or why there is none. Fails where the store cannot be read. */
export async function readState(
  store: StateStore,
  revision: string,
): Promise<{ readonly state: SiteState } | { readonly problem: StateProblem }> {
  const bytes = store.names.has(stateName(revision)) ? await store.read(stateName(revision)) : undefined
  if (bytes === undefined) return { problem: [...store.names].some(isStateName) ? 'other' : 'missing' }
  const state = parseState(bytes.toString('utf8'))
  if (!state) return { problem: 'damaged' }
  return state.manifest === revision ? { state } : { problem: 'other' }
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
