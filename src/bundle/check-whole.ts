// Checks what only shows when all files of a bundle are known: the entry point, the index's list, the counts of sections.
import type { SiteCheck, SitemapFacts } from './check-sitemap.ts'
import { ENTRY_POINT, MANIFEST_NAME, type Manifest } from './manifest.ts'
import type { Problems } from './problems.ts'

export function checkWhole(
  manifest: Manifest,
  sitemaps: ReadonlyMap<string, SitemapFacts>,
  { problems }: SiteCheck,
): void {
  const entryPoint = manifest.files[ENTRY_POINT]
  if (entryPoint === undefined) problems.add(MANIFEST_NAME, `names no ${ENTRY_POINT}`)
  else if (entryPoint.entries === undefined) problems.add(MANIFEST_NAME, `says that ${ENTRY_POINT} is no sitemap`)
  checkIndex(manifest, sitemaps.get(ENTRY_POINT), problems)
  checkSections(manifest, sitemaps.get(ENTRY_POINT)?.kind !== 'sitemap', problems)
}

function checkIndex(manifest: Manifest, entryPoint: SitemapFacts | undefined, problems: Problems): void {
  if (entryPoint === undefined) return
  const root = manifest.site.endsWith('/') ? manifest.site : `${manifest.site}/`
  const shards = new Map<string, string>()
  for (const [name, file] of Object.entries(manifest.files)) {
    if (name !== ENTRY_POINT && file.entries !== undefined) shards.set(`${root}${encodeURIComponent(name)}`, name)
  }
  const listed = new Set<string>()
  for (const loc of entryPoint.sitemaps) {
    if (listed.has(loc)) problems.add(ENTRY_POINT, 'lists a sitemap twice', loc)
    else if (!shards.has(loc)) problems.add(ENTRY_POINT, 'lists a sitemap that the manifest does not name', loc)
    listed.add(loc)
  }
  for (const [loc, name] of shards) {
    if (!listed.has(loc)) problems.add(name, `is not listed in ${ENTRY_POINT}`)
  }
}

function checkSections(manifest: Manifest, isOneUrlset: boolean, problems: Problems): void {
  const counted = new Map<string, number>()
  for (const [name, { section, entries }] of Object.entries(manifest.files)) {
    if (section === undefined) continue
    if (!Object.hasOwn(manifest.sections, section))
      problems.add(name, 'is of a section that the manifest lacks', section)
    counted.set(section, (counted.get(section) ?? 0) + (entries ?? 0))
  }
  const sections = Object.entries(manifest.sections)
  if (isOneUrlset && counted.size === 0) {
    const sum = sections.reduce((total, [, { entries }]) => total + entries, 0)
    const entries = manifest.files[ENTRY_POINT]?.entries ?? 0
    if (sum !== entries) problems.add(MANIFEST_NAME, 'counts other entries in its sections', `${sum}, not ${entries}`)
    return
  }
  for (const [section, { entries }] of sections) {
    const sum = counted.get(section) ?? 0
    if (sum !== entries) {
      problems.add(
        MANIFEST_NAME,
        'counts other entries in a section than its files',
        `${section}: ${entries}, not ${sum}`,
      )
    }
  }
}
