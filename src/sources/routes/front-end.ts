// The files of a front end, wherever they are: what all readers of routers read through.

export interface FrontEnd {
  /** For people: the folder as configured, or `acme/storefront at main`. */
  readonly name: string
  /** The commit that is read; undefined for a folder. */
  readonly revision: string | undefined
  /**
   * The file's text; undefined where there is none of that name, or it is no regular file. Names are relative to the
   * top, with `/`, and never leave it. Fails with ROUTER_UNREADABLE where it is there and cannot be read.
   */
  read(file: string): Promise<string | undefined>
  /** Reads ahead what is going to be asked for, all at once; of files that are not there nothing happens. */
  prefetch(files: readonly string[]): Promise<void>
  isFile(file: string): Promise<boolean>
  /** Names in a folder, in code point order; [] where there is no such folder. Links are followed within the top. */
  list(folder: string): Promise<readonly FolderEntry[]>
  /** When files last changed by their history; undefined where there is none, or not of that file. */
  lastChanges(files: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Date>>
  close(): Promise<void>
}

export interface FolderEntry {
  readonly name: string
  readonly isFolder: boolean
}
