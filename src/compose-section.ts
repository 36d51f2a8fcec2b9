// From a checked section to what a run makes of it: records, a list, or routes of a front end.
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { listAddresses, pageAddresses, recordAddresses, type SectionAddress } from './config/addresses.ts'
import type { SiteConfig } from './config/check.ts'
import { toAddressQuery } from './config/check-source.ts'
import { addressSettings } from './config/parts.ts'
import type { Address, RouteSection, Section } from './pipeline/job.ts'
import { readList } from './sources/list/list.ts'
import { CONTENT_VERSION, DEFAULT_CONTENT } from './sources/saleor/content.ts'
import type { RecordQuery } from './sources/source.ts'

/** What a run needs of it; the front end of a section of routes is read when the run begins. */
export function composeSection(
  name: string,
  section: SiteConfig['sections'][string],
  config: SiteConfig,
): Section | RouteSection {
  const settings = addressSettings(config)
  if (section.of === 'routes') return composeRoutes(name, section as RouteSectionConfig, config)
  if (section.of === 'list') {
    const { paths, file } = section as { paths?: string[]; file?: string }
    const options = { section: name, paths, file: file === undefined ? undefined : resolve(config.folder, file) }
    const { addresses } = listAddresses(settings)
    return { kind: 'list', name, addresses: addresses.map(toAddress), read: () => readList(options) }
  }
  const { of, url, where, lastmod, images, content } = section as Extract<typeof section, { where: unknown }>
  const mode = lastmod ?? config.lastmod
  const shown = mode === 'content' ? (content ?? DEFAULT_CONTENT[of]) : undefined
  const { addresses } = recordAddresses({ name, of, url }, settings)
  const query = {
    of,
    where,
    addresses: addresses.map(toAddressQuery),
    images,
    updatedAt: mode !== 'none',
    path: `sections.${name}`,
    ...(shown && { content: shown }),
  }
  const basis = shown && contentBasis(query)
  return { kind: 'records', name, addresses: addresses.map(toAddress), query, lastmod: mode, basis }
}

type RouteSectionConfig = Extract<SiteConfig['sections'][string], { of: 'routes' }>

function composeRoutes(name: string, section: RouteSectionConfig, config: SiteConfig): RouteSection {
  const {
    router,
    alias,
    env,
    include,
    exclude,
    basename,
    params,
    resolve: byHand,
    undecided,
    uncovered,
    lastmod,
  } = section
  const { addresses } = pageAddresses(addressSettings(config))
  return {
    kind: 'routes',
    name,
    addresses: addresses.map(toAddress),
    rules: { include, exclude, basename, params, resolve: byHand, undecided, uncovered, lastmod },
    open: async signal => {
      // The readers of source are only loaded by runs that have a front end.
      const { readRouter } = await import('./sources/routes/router.ts')
      const { folder: base, timeouts } = config
      return readRouter(router, { base, aliases: alias, environment: env, timeoutMs: timeouts.git, signal })
    },
  }
}

/** Names what a section's fingerprints are made of: those of another basis are not comparable. */
function contentBasis({ of, content, addresses }: RecordQuery): string {
  const languages = addresses.map(({ channel, language, missing }) => [channel, language, missing])
  const text = JSON.stringify([CONTENT_VERSION, of, content, languages])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

const toAddress = ({ hreflang, isDefault, template }: SectionAddress): Address => ({
  hreflang,
  isDefault,
  url: template,
})
