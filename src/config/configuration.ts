// The configuration as people write it. The schema beside this file checks the same shape; a test holds them together.

/** A plain value is `{ eq: value }`; operators side by side must hold for one and the same value of the field. */
export type Condition = string | number | boolean | Date | Operators

export interface Operators {
  readonly eq?: string | number | boolean | Date
  readonly oneOf?: readonly (string | number | boolean | Date)[]
  readonly gt?: string | number | Date
  readonly gte?: string | number | Date
  readonly lt?: string | number | Date
  readonly lte?: string | number | Date
  readonly startsWith?: string
  readonly contains?: string
  /** Whether the record has a value at all. */
  readonly exists?: boolean
}

/** Keys side by side are AND; `{}` is true. `NOT` is the plain complement: what has no value is kept by it. */
export interface Where {
  readonly AND?: readonly Where[]
  readonly OR?: readonly Where[]
  readonly NOT?: Where
  readonly [field: string]: Condition | Where | readonly Where[] | undefined
}

export interface RecordSectionConfiguration {
  readonly of: 'products' | 'categories' | 'collections' | 'pages'
  /** Path of a record's page: `/products/{slug}`. Any field of the record; percent-encoded as a path segment. */
  readonly url: string
  /** @defaultValue every record that is visible */
  readonly where?: Where
  /** @defaultValue the configuration's `lastmod` */
  readonly lastmod?: 'updatedAt' | 'none'
}

export interface ListSectionConfiguration {
  readonly of: 'list'
  /** Paths of the site; or `file`. */
  readonly paths?: readonly string[]
  /** A text file with one path a line; relative to the configuration's folder. */
  readonly file?: string
}

export interface GitTarget {
  readonly git: {
    /** ssh, https, file:// or a local path. Credentials within it are taken out and never shown. */
    readonly repo: string
    /** @defaultValue 'master' */
    readonly branch?: string
    /** Password or access token for https. */
    readonly token?: string
    /** Private key for ssh: a file's path, or the key itself. */
    readonly sshKey?: string
    /** The server's host keys: a file's path, or the lines themselves. */
    readonly knownHosts?: string
    /** @defaultValue 'Storemap <storemap@localhost>' */
    readonly author?: string
  }
}

export interface DirectoryTarget {
  /** A folder that is served; relative to the configuration's folder. */
  readonly directory: string | { readonly path: string; readonly switch?: 'link' | 'copy' }
}

export interface Configuration {
  /** Scheme and host of the shop: `https://shop.example.com`. */
  readonly site: string
  /** Where records come from; needed by sections that read them. */
  readonly source?: {
    readonly saleor: {
      /** postgres://user:password@host:5432/saleor */
      readonly database: string
      /** Slug of the channel whose anonymous customer decides what is visible. */
      readonly channel: string
      readonly media?: string
      /** @defaultValue 'saleor' */
      readonly visibility?: 'saleor' | 'all'
    }
  }
  readonly sections: Readonly<Record<string, RecordSectionConfiguration | ListSectionConfiguration>>
  /** The share of its entries that a section may lose in one run. @defaultValue { maxShrink: '20%' } */
  readonly guard?: { readonly maxShrink?: string }
  /** Cron: five fields, or six with seconds first; in UTC unless a time zone is named. */
  readonly schedule?: string | { readonly cron: string; readonly timezone?: string }
  readonly publish?: readonly (GitTarget | DirectoryTarget)[]
  /** Shards as .xml.gz. @defaultValue false */
  readonly gzip?: boolean
  /** @defaultValue 'updatedAt' */
  readonly lastmod?: 'updatedAt' | 'none'
  /** @defaultValue { entries: 50000, bytes: 52428800 } */
  readonly limits?: { readonly entries?: number; readonly bytes?: number }
  /** As `10s`, `15m`, `1h`. @defaultValue { connect: '10s', statement: '15m', git: '5m' } */
  readonly timeouts?: { readonly connect?: string; readonly statement?: string; readonly git?: string }
}

/** Gives a configuration its type, and returns it as it is. */
export const defineConfig = (configuration: Configuration): Configuration => configuration
