// The configuration as people write it. The schema beside this file checks the same shape; a test holds them together.

import type { StorefrontName } from './storefronts.ts'

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
  /**
   * Path of a record's page: `/products/{slug}`. Any field of the record; percent-encoded as a path segment.
   * @defaultValue the storefront's
   */
  readonly url?: string
  /** @defaultValue every record that is visible */
  readonly where?: Where
  /** @defaultValue the configuration's `lastmod` */
  readonly lastmod?: 'content' | 'updatedAt' | 'none'
  /**
   * With `lastmod: content`, what counts as shown: fields as rules name them, and `images`, `attributes`, of pages
   * `content`. @defaultValue all that a storefront shows, without price and stock
   */
  readonly content?: readonly string[]
  /** Whether entries name the page's images; needs the source's `media`. @defaultValue false */
  readonly images?: boolean
}

export interface LocaleConfiguration {
  /** Where its pages are: `/de{path}`; may name `{locale}`, `{language}` and `{channel}`. @defaultValue '{path}' */
  readonly url?: string
  /** Whether it is also for readers of every other language (`x-default`); of one locale at most. */
  readonly default?: boolean
  /** Its language for search engines: `de-AT`. @defaultValue the locale's name */
  readonly hreflang?: string
  /** Saleor's code of the language whose translations it shows: `de`, `fr-ca`. */
  readonly translations?: string
  /** What becomes of a record without a translation. @defaultValue 'omit' */
  readonly missing?: 'omit' | 'fallback'
  /** The channel it sells in. @defaultValue the source's */
  readonly channel?: string
}

export interface ListSectionConfiguration {
  readonly of: 'list'
  /** Paths of the site; or `file`. */
  readonly paths?: readonly string[]
  /** A text file with one path a line; relative to the configuration's folder. */
  readonly file?: string
}

export interface RouteSectionConfiguration {
  readonly of: 'routes'
  /** A file or folder of the front end's source, a routes.json, or a commit of a repository. */
  readonly router: string | { readonly git: RouterRepository }
  /** Patterns of the routes that are listed. @defaultValue all that can be */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** @defaultValue 'warn' */
  readonly undecided?: 'warn' | 'error'
  /** Addresses of other sections that are no page of the front end. @defaultValue 'warn' */
  readonly uncovered?: 'warn' | 'error'
  /** Before every path of the router: `/shop`. @defaultValue the router's own */
  readonly basename?: string
  /** Values of parameters: `{ page: ['terms', 'privacy'] }`. */
  readonly params?: Readonly<Record<string, string | readonly string[]>>
  /** Routes that the source does not tell, by expression or place. */
  readonly resolve?: Readonly<Record<string, string | readonly string[]>>
  /** Short names of folders: `{ '@': 'src' }`. */
  readonly alias?: Readonly<Record<string, string>>
  /** What the front end is built with. */
  readonly env?: Readonly<Record<string, string>>
  /** @defaultValue 'none' */
  readonly lastmod?: 'git' | 'none'
}

export interface RouterRepository {
  /** ssh, https, file:// or a local path. Credentials within it are taken out and never shown. */
  readonly repo: string
  /** What is deployed: a branch, a tag, or the id of a commit. @defaultValue the repository's HEAD */
  readonly ref?: string
  /** The file or folder in it. @defaultValue its top */
  readonly path?: string
  readonly token?: string
  readonly sshKey?: string
  readonly knownHosts?: string
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
    /** Days, as `90d`, after which commits of the branch become one. @defaultValue all history stays */
    readonly keepHistory?: string
  }
}

export interface DirectoryTarget {
  /** A folder that is served; relative to the configuration's folder. */
  readonly directory: string | { readonly path: string; readonly switch?: 'link' | 'copy' }
}

export interface HttpTarget {
  /** The bundle as `storemap serve` serves it over HTTP: a port, or more. */
  readonly http:
    | number
    | string
    | {
        readonly port: number | string
        /** The address of this machine to listen on; 0.0.0.0: all. @defaultValue '127.0.0.1' */
        readonly host?: string
        /** Where the bundle lies; relative to the configuration's folder. @defaultValue '.storemap/http/<host of the site>' */
        readonly directory?: string
      }
}

export interface S3Target {
  readonly s3: {
    readonly bucket: string
    /** The folder of the bucket that holds the bundle: `sitemaps/`. @defaultValue '' (its top) */
    readonly prefix?: string
    /** @defaultValue 'us-east-1' */
    readonly region?: string
    /** Of a server other than AWS: `https://s3.example.com`. */
    readonly endpoint?: string
    /** Whether the bucket stands in the path of the URL. @defaultValue with an endpoint, or a dot in the bucket's name */
    readonly pathStyle?: boolean
    /** Without keys here: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment. */
    readonly accessKeyId?: string
    readonly secretAccessKey?: string
    readonly sessionToken?: string
    /** Of sitemap.xml, robots.txt and what else keeps its name. @defaultValue 'public, max-age=300' */
    readonly cacheControl?: string
    /** The folder for what nobody should be served. @defaultValue '.storemap-state/' below the prefix */
    readonly statePrefix?: string
    /** False for servers that do not know If-Match. @defaultValue true */
    readonly conditionalWrites?: boolean
  }
}

export interface RobotsRulesConfiguration {
  /** Paths that crawlers must not visit: `/checkout`; `*` is any text, `$` at the end is the end. */
  readonly disallow?: readonly string[]
  /** Exceptions: paths below those that they may visit. */
  readonly allow?: readonly string[]
}

export interface RobotsConfiguration extends RobotsRulesConfiguration {
  /** Rules of single crawlers, by their names: `GPTBot`. Each follows its own instead of those for all. */
  readonly agents?: Readonly<Record<string, RobotsRulesConfiguration>>
}

export interface Configuration {
  /** Where the schema is, for editors of JSON. */
  readonly $schema?: string
  /** Scheme and host of the shop: `https://shop.example.com`. */
  readonly site: string
  /** Where records come from; needed by sections that read them. */
  readonly source?: {
    readonly saleor: {
      /** postgres://user:password@host:5432/saleor */
      readonly database: string
      /** Slug of the channel whose anonymous customer decides what is visible. */
      readonly channel: string
      /** Where paths of images begin: `https://media.example.com/`. */
      readonly media?: string
      /** @defaultValue 'saleor' */
      readonly visibility?: 'saleor' | 'all'
    }
  }
  readonly sections: Readonly<
    Record<string, RecordSectionConfiguration | ListSectionConfiguration | RouteSectionConfiguration>
  >
  /** A storefront whose addresses are known: sections need no `url` then. */
  readonly storefront?: StorefrontName
  /** One address for each page in each, linked by hreflang. */
  readonly locales?: Readonly<Record<string, LocaleConfiguration>>
  /** A record without an address, or with that of another: fails the run, or is left out and named. @defaultValue 'error' */
  readonly addresses?: 'error' | 'warn'
  /** Writes robots.txt, with the address of the sitemap. `{}` allows everything. @defaultValue none is written */
  readonly robots?: RobotsConfiguration
  /** The shares of its entries that a section may lose, and gain, in one run. @defaultValue { maxShrink: '20%' } */
  readonly guard?: { readonly maxShrink?: string; readonly maxGrow?: string }
  /** A folder that keeps what later runs compare with. @defaultValue with the first target that can, else `.storemap` */
  readonly state?: { readonly directory: string }
  /** Cron: five fields, or six with seconds first; in UTC unless a time zone is named. */
  readonly schedule?: string | { readonly cron: string; readonly timezone?: string }
  readonly publish?: readonly (GitTarget | DirectoryTarget | HttpTarget | S3Target)[]
  /** Shards as .xml.gz. @defaultValue false */
  readonly gzip?: boolean
  /** What dates a page: that its content moved, or the back end's own date. @defaultValue 'content' */
  readonly lastmod?: 'content' | 'updatedAt' | 'none'
  /** @defaultValue { entries: 50000, bytes: 52428800 } */
  readonly limits?: { readonly entries?: number; readonly bytes?: number }
  /** As `10s`, `15m`, `1h`. @defaultValue { connect: '10s', statement: '15m', git: '5m', s3: '60s' } */
  readonly timeouts?: {
    readonly connect?: string
    readonly statement?: string
    readonly git?: string
    /** Of silence. */
    readonly s3?: string
  }
}

/** Several sites, each by a name; settings beside `sites` are those of every site that has none of its own. */
export interface SitesConfiguration extends Partial<Omit<Configuration, 'site'>> {
  readonly sites: Readonly<Record<string, Partial<Configuration> & Pick<Configuration, 'site'>>>
}

/** Gives a configuration its type, and returns it as it is. */
export function defineConfig(configuration: Configuration): Configuration
export function defineConfig(configuration: SitesConfiguration): SitesConfiguration
export function defineConfig(configuration: Configuration | SitesConfiguration): Configuration | SitesConfiguration {
  return configuration
}
