// The first configuration of a shop, with comments where a person will want to change it.
import { type Answers, isRepository, transportOf } from './answers.ts'

/** A YAML scalar that is read back as this text, whatever is in it. */
const quoted = (text: string): string => (/^[A-Za-z/][\w./-]*$/.test(text) ? text : JSON.stringify(text))

/** A reference of the configuration, which takes it from the environment, or from the file that NAME_FILE names. */
const reference = (name: string): string => `\${${name}}`

export function configText({
  site,
  channel,
  storefront,
  productUrl,
  locale,
  router,
  repo,
  branch,
  schedule,
  way,
}: Answers): string {
  const urlOf = (path: string): string => (storefront === undefined ? `\n    url: ${quoted(path)}` : '')
  return `# Which pages of the shop should be found, and where their sitemap goes.
# All settings: docs/configuration.md. "storemap doctor" says what is missing, "storemap diff" what a run would change.
site: ${quoted(site)}

source:
  saleor:
    database: ${reference('DATABASE_URL')}          # of a role that can only read: database/read-only-role.sql
    channel: ${quoted(channel)}
${storefront === undefined ? '' : `\nstorefront: ${storefront}                  # its addresses are known, so sections need no url\n`}${locale === undefined ? '' : `\nlocales:                                    # its languages: docs/locales.md\n  ${quoted(locale)}: { default: true }\n`}
sections:
  products:
    of: products${urlOf(productUrl)}
    where:                                  # "storemap fields products" lists what a rule can name
      listing.visibleInListings: true
      NOT:
        metadata.sitemap: exclude           # how an editor takes a page out
  categories:
    of: categories${urlOf('/categories/{slug}')}
    where: { visibleProducts: { gte: 1 } }
  collections:
    of: collections${urlOf('/collections/{slug}')}
  pages:
    of: pages${urlOf('/pages/{slug}')}
${staticSection(router, way)}
schedule: ${quoted(schedule)}                     # of "storemap serve"; in UTC

guard: { maxShrink: 20% }                   # a section that loses more in one run is held back

robots: { disallow: [/checkout, /account] } # remove it where the front end has a robots.txt of its own

publish:
  - git:
      repo: ${quoted(repo)}
      branch: ${quoted(branch)}
${KEYS[transportOf(repo)]}`
}

const KEYS = {
  ssh: `      sshKey: ${reference('SITEMAP_SSH_KEY')}          # a deploy key that may write; or SITEMAP_SSH_KEY_FILE
      knownHosts: ${reference('SITEMAP_KNOWN_HOSTS')}
`,
  https: `      token: ${reference('SITEMAP_TOKEN')}             # that may write; or SITEMAP_TOKEN_FILE
`,
  file: '',
} as const

function staticSection(router: string | undefined, way: Answers['way']): string {
  if (router === undefined) {
    return `  static:
    of: list                                # or of: routes, by the front end's own router: docs/routes.md
    paths: [/]
`
  }
  const [repo = '', path = ''] = router.split('#')
  // Elsewhere the machine's own keys do; a pod has none.
  const keys =
    way === 'kubernetes' && transportOf(repo) === 'ssh'
      ? `, sshKey: ${JSON.stringify(reference('SITEMAP_ROUTER_KEY'))}, knownHosts: ${JSON.stringify(reference('SITEMAP_KNOWN_HOSTS'))}`
      : ''
  const place = isRepository(router)
    ? `{ git: { repo: ${quoted(repo)}${path === '' ? '' : `, path: ${quoted(path)}`}${keys} } }`
    : quoted(router)
  return `  static:
    of: routes                              # "storemap routes" shows every route, and what becomes of it
    router: ${place}
    exclude: [/account/**, /checkout/**, /cart, /search]
    undecided: warn                         # or error: a new page then waits until somebody decides
`
}
