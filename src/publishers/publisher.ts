// The contract of every target: what it holds now, and how a bundle takes its place.
import type { Bundle, Manifest } from '../bundle/manifest.ts'
import type { StateChanges, StateStore } from '../state/store.ts'

/** A bundle as it stands in a target. */
export interface PublishedBundle {
  readonly manifest: Manifest
  readonly revision: string
  /** The bytes of one of the manifest's files, as stored. */
  read(name: string): AsyncIterable<Uint8Array>
  /**
   * Whether a file certainly still has the bytes that the manifest says, so that a run need not make it again. False
   * where that could only be told by fetching it.
   */
  isIntact(name: string): Promise<boolean>
}

export interface PublishOptions {
  /** What changed, for targets that keep history: a subject line, a blank line, details. */
  readonly message: string
  /** Take over, once, files of others that stand where ours go. */
  readonly adopt: boolean
  /**
   * Changes of the state that this target keeps. They arrive with the bundle or not at all; where a target cannot
   * promise that, what is put stands before the bundle does, and what is removed goes after.
   */
  readonly state?: StateChanges | undefined
}

export interface Receipt {
  /** What the target calls the new state: a commit, a folder. */
  readonly reference: string
  readonly written: number
  readonly removed: number
  /** What was not done beside publishing, for people; absent: all was. */
  readonly warnings?: readonly string[]
}

/** A target as it was when opened. Opened once a try, closed whatever happens. */
export interface OpenTarget {
  /** Undefined where nothing was ever published. */
  readonly published: PublishedBundle | undefined
  /** Present where the publisher keeps state. */
  readonly state?: StateStore | undefined
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
  /** Whether it has a place for a site's state that is not served. */
  readonly keepsState: boolean
  /**
   * Whether files that stay as they are need not be in the bundle's folder (`bundle.kept`): others have to be given
   * all of them whenever the revision is another.
   */
  readonly keepsFiles: boolean
  /** Fails where the target cannot be reached or what it holds cannot be read. */
  open(signal?: AbortSignal): Promise<OpenTarget>
}
