// The contract of every target: what it holds now, and how a bundle takes its place.
import type { Bundle, Manifest } from '../bundle/manifest.ts'

/** A bundle as it stands in a target. */
export interface PublishedBundle {
  readonly manifest: Manifest
  readonly revision: string
  /** The bytes of one of the manifest's files, as stored. */
  read(name: string): AsyncIterable<Uint8Array>
}

export interface PublishOptions {
  /** What changed, for targets that keep history: a subject line, a blank line, details. */
  readonly message: string
  /** Take over, once, files of others that stand where ours go. */
  readonly adopt: boolean
}

export interface Receipt {
  /** What the target calls the new state: a commit, a folder. */
  readonly reference: string
  readonly written: number
  readonly removed: number
}

/** A target as it was when opened. Opened once a try, closed whatever happens. */
export interface OpenTarget {
  /** Undefined where nothing was ever published. */
  readonly published: PublishedBundle | undefined
  /**
   * Puts the bundle in the place of what was there when the target was opened, at once or not at all.
   * Fails with TARGET_MOVED where somebody else was faster, TARGET_FILE_FOREIGN where a file of somebody
   * else's is in the way. Whatever fails, the old bundle stays whole.
   */
  publish(bundle: Bundle, options: PublishOptions): Promise<Receipt>
  close(): Promise<void>
}

export interface Publisher {
  /** For people: "git acme/sitemap (master)", "folder ./public"; never a credential. */
  readonly name: string
  /** Fails where the target cannot be reached or what it holds cannot be read. */
  open(signal?: AbortSignal): Promise<OpenTarget>
}
