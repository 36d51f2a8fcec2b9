// What has to be written for the next run, and what may go.
import { formatHeld, HELD_NAME, type Held, heldFileName, isHeldName } from './held.ts'
import { formatState, isRowsName, isStateName, rowsName, type SiteState, stateName } from './site-state.ts'
import type { StateChanges } from './store.ts'

/** Kept from the first bundle on: a target that has none any more has lost it. */
export const PUBLISHED_NAME = 'published'
export const PUBLISHED_MARK = Buffer.from('A bundle was published here.\n')

type Contents = Map<string, Uint8Array | { readonly path: string }>

export interface NewState {
  readonly site: SiteState
  /** Paths of the rows that are new, by their name. */
  readonly rows: ReadonlyMap<string, string>
}

export interface StateBefore {
  /** Of the published bundle. */
  readonly before: SiteState | undefined
  /** Names that are there and do not hold what they should. */
  readonly lost: { has(name: string): boolean }
}

/**
 * From the names that are there to those that the new state needs; whatever was held is let go. Undefined where nothing
 * has to be written.
 */
export function stateChanges(
  names: ReadonlySet<string>,
  { site, rows }: NewState,
  { before, lost }: StateBefore,
): StateChanges | undefined {
  const put: Contents = new Map()
  const needed = rowsOf(site)
  for (const name of needed) {
    const path = rows.get(name)
    if (path !== undefined && (!names.has(name) || lost.has(name))) put.set(name, { path })
  }
  // The instant alone is no reason to write: a run that found nothing new leaves no trace.
  const isSame = before !== undefined && formatState({ ...site, instant: before.instant }) === formatState(before)
  if (!isSame) put.set(stateName(site.manifest), Buffer.from(formatState(site)))
  const stays = new Set([stateName(site.manifest), ...needed])
  const remove = [...names].filter(name => isOurs(name) && !stays.has(name))
  return put.size + remove.length === 0 ? undefined : { put, remove, isNeeded: needed.size > 0 }
}

export interface NewHeld extends Omit<Held, 'revision'> {
  /** Paths of the files that are not published, by their sha256. */
  readonly files: ReadonlyMap<string, string>
  readonly rows: ReadonlyMap<string, string>
}

/** What is to be held, in the place of what was held before; the state of the published bundle stays. */
export function holdChanges(names: ReadonlySet<string>, held: NewHeld): StateChanges {
  const put: Contents = new Map()
  const files = new Map([...held.files].map(([sha256, path]) => [heldFileName(sha256), path]))
  for (const [name, path] of [...files, ...held.rows]) if (!names.has(name)) put.set(name, { path })
  put.set(HELD_NAME, Buffer.from(formatHeld(held)))
  return { put, remove: [...names].filter(name => isHeldName(name) && name !== HELD_NAME && !files.has(name)) }
}

const rowsOf = ({ sections }: SiteState): Set<string> =>
  new Set(Object.values(sections).flatMap(({ parts }) => parts.map(({ rows }) => rowsName(rows))))

const isOurs = (name: string): boolean => isStateName(name) || isRowsName(name) || isHeldName(name)
