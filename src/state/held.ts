// A bundle that the guard held back: kept whole until it is accepted, or until a later run passes.
import { MANIFEST_NAME, type Manifest, parseManifest, revisionOf } from '../bundle/manifest.ts'
import { formatState, parseState, type SiteState } from './site-state.ts'
import type { StateStore } from './store.ts'

export interface Held {
  readonly manifest: Manifest
  readonly manifestText: string
  readonly revision: string
  /** The revision of the bundle that it was compared with; null where none was published. */
  readonly baseline: string | null
  /** Why it was held, for people. */
  readonly reason: string
  /** For targets that keep history. */
  readonly message: string
  readonly state: SiteState
}

const FORMAT = 1
export const HELD_NAME = 'held.json'

export const heldFileName = (sha256: string): string => `held-${sha256.slice(0, 32)}`
export const isHeldName = (name: string): boolean => name === HELD_NAME || /^held-[0-9a-f]{32}$/.test(name)

export function formatHeld({
  manifestText,
  baseline,
  reason,
  message,
  state,
}: Omit<Held, 'manifest' | 'revision'>): string {
  return `${JSON.stringify({ baseline, format: FORMAT, manifest: manifestText, message, reason, state: formatState(state) }, undefined, 1)}\n`
}

/** What is held; undefined where nothing is, or nothing that can be read. Fails where the store cannot be read. */
export async function readHeld(store: StateStore): Promise<Held | undefined> {
  const bytes = store.names.has(HELD_NAME) ? await store.read(HELD_NAME) : undefined
  if (!bytes) return undefined
  try {
    return parseHeld(bytes.toString('utf8'), store.name)
  } catch {
    return undefined
  }
}

function parseHeld(text: string, where: string): Held | undefined {
  const data: unknown = JSON.parse(text)
  if (typeof data !== 'object' || data === null) return undefined
  const { format, manifest: manifestText, baseline, reason, message, state: raw } = data as Record<string, unknown>
  const state = typeof raw === 'string' ? parseState(raw) : undefined
  if (format !== FORMAT || typeof manifestText !== 'string' || !state) return undefined
  if (typeof reason !== 'string' || typeof message !== 'string') return undefined
  if (baseline !== null && typeof baseline !== 'string') return undefined
  const manifest = parseManifest(manifestText, `${MANIFEST_NAME} held in ${where}`)
  const revision = revisionOf(manifestText)
  return state.manifest === revision
    ? { manifest, manifestText, revision, baseline, reason, message, state }
    : undefined
}
