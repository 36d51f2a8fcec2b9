// Two manifests: which files are new, changed, gone or the same, and how each section's count moved.
import type { Manifest } from './manifest.ts'

export interface SectionChange {
  readonly section: string
  /** Entries before; 0 where the section is new. */
  readonly before: number
  /** Entries now; 0 where the section is no longer configured. */
  readonly after: number
}

export interface Changes {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly unchanged: readonly string[]
  readonly sections: readonly SectionChange[]
  readonly isEmpty: boolean
}

/** `published` is undefined where nothing was ever published. */
export function compareManifests(published: Manifest | undefined, built: Manifest): Changes {
  const before = published?.files ?? {}
  const names = Object.keys(built.files)
  const added = names.filter(name => !Object.hasOwn(before, name))
  const changed = names.filter(
    name => Object.hasOwn(before, name) && before[name]?.sha256 !== built.files[name]?.sha256,
  )
  const unchanged = names.filter(
    name => Object.hasOwn(before, name) && before[name]?.sha256 === built.files[name]?.sha256,
  )
  const removed = Object.keys(before).filter(name => !Object.hasOwn(built.files, name))
  const sections = compareSections(published, built)
  const countsMoved = sections.some(({ before, after }) => before !== after)
  return {
    added,
    changed,
    removed,
    unchanged,
    sections,
    isEmpty:
      published !== undefined &&
      added.length + changed.length + removed.length === 0 &&
      !countsMoved &&
      published.site === built.site,
  }
}

function compareSections(published: Manifest | undefined, built: Manifest): SectionChange[] {
  const count = (manifest: Manifest | undefined, name: string): number =>
    manifest && Object.hasOwn(manifest.sections, name) ? (manifest.sections[name]?.entries ?? 0) : 0
  const names = new Set([...Object.keys(built.sections), ...Object.keys(published?.sections ?? {})])
  return [...names].map(section => ({ section, before: count(published, section), after: count(built, section) }))
}
