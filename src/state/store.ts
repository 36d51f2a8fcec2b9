// The contract of every place that keeps a site's state between runs: a few files by name, which nobody is served.

/** New contents by name, as bytes or as the path of a file, and names to remove. */
export interface StateChanges {
  readonly put: ReadonlyMap<string, Uint8Array | { readonly path: string }>
  readonly remove: readonly string[]
  /** False where later runs can do without. @defaultValue true */
  readonly isNeeded?: boolean
}

/** A site's state as it was when it was opened. Names are plain file names of `a-z0-9.-`, at most 100 characters. */
export interface StateStore {
  /** For people: "branch storemap-state of acme/sitemap", "folder .storemap"; never a credential. */
  readonly name: string
  /** Whether what is put with a bundle arrives with it or not at all; else it may stand without it. */
  readonly arrivesWithBundle: boolean
  /** What was there when it was opened. */
  readonly names: ReadonlySet<string>
  /** The bytes of one of the names; undefined where it is not there. Fails where the store cannot be read. */
  read(name: string): Promise<Buffer | undefined>
  /**
   * Changes the state alone, without a bundle: what is put stands, whole, before anything is removed.
   * Fails with TARGET_MOVED where somebody else changed it since it was opened, as far as the store can tell.
   */
  write(changes: StateChanges): Promise<void>
}
