// The routes of a front end, as its router has them: what every reader yields, and what is decided about.

/** A place in the front end's files. */
export interface Place {
  /** Relative to the folder or repository that was read, with `/`. */
  readonly file: string
  /** From 1; undefined where the file itself is the route. */
  readonly line?: number | undefined
}

export interface Route extends Place {
  /**
   * Below the basename, beginning with a slash, its trailing slash kept. One spelling for all routers:
   *
   *     /about            fixed text, percent-encoded as it stands in an address
   *     /product/:slug    a value of one folder, or a part of a folder: /:slug-:id.html
   *     /product/:id(\d+) a value that a regular expression must match
   *     /docs/:rest+      the values of one folder or more
   *     /docs/:rest*      of none or more; `/docs/*` is the same without a name
   *
   * What is optional is written out: `/:lang?/about` gives two routes.
   */
  readonly path: string
  /** As it stands in the source, where that is not `path`: `/:lang?/about`, `[slug]`. */
  readonly written?: string | undefined
  /**
   * `page`: shows something. `redirect`: only leads elsewhere. `catch-all`: what is shown where nothing else matches.
   * `resource`: answers something that is no page, as a feed.
   */
  readonly kind: 'page' | 'redirect' | 'catch-all' | 'resource'
  /** Of a redirect: where it leads, where that can be told. */
  readonly to?: string | undefined
  /** What may send visitors elsewhere before they see the page: a component around it, a loader, a middleware. */
  readonly guard?: (Place & { readonly name: string }) | undefined
  /** Whether it is the page's own component that may send visitors elsewhere. */
  readonly mayRedirect?: Place | undefined
  /** The condition under which the route is there at all, as it stands in the source: `features.beta`. */
  readonly condition?: string | undefined
  /** False where it also shows what lies below its path: `<Route path="/account">` without `exact`. @defaultValue true */
  readonly end?: boolean | undefined
  /** The file of the page's component, for its date. */
  readonly component?: string | undefined
  /** When that file last changed, W3C datetime in UTC, where the reader knows; else its history is asked. */
  readonly changed?: string | undefined
}

/** Something that could not be told from the source, with the reason: a route may be missing. */
export interface Unresolved extends Place {
  /** Why: `its path is process.env.BASE, which is only known when the front end is built`. */
  readonly reason: string
  /** The expression as it stands in the source, shortened. */
  readonly source: string
}

export type RouterForm = 'react-router-5' | 'react-router' | 'react-router-framework' | 'next-app' | 'next-pages'

/** All that was read of a router. */
export interface RouteTable {
  /** Several where a front end has several, as Next's app and pages folders side by side. */
  readonly forms: readonly RouterForm[]
  /** The order in which a router tries its routes: as they are written (v4, v5), or by how much of them is fixed. */
  readonly order: 'written' | 'ranked'
  /** What stands before every path, '' for nothing; as the router says. */
  readonly basename: string
  /** Whether `/About` is another page than `/about`. */
  readonly caseSensitive: boolean
  /** In the order of the source. */
  readonly routes: readonly Route[]
  readonly unresolved: readonly Unresolved[]
  /** What a reader had to do without, and what makes no difference to the addresses: a component file that is missing. */
  readonly notes: readonly string[]
  /** The commit that was read; undefined for a folder. */
  readonly revision?: string | undefined
}
