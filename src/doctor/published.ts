// What a target holds now: a bundle of this site, or files of somebody else's that stand where one goes.
import { ENTRY_POINT } from '../bundle/manifest.ts'
import type { SiteConfig } from '../config/check.ts'
import type { PublishedManifest } from '../pull/branch-manifest.ts'
import type { Tell } from './check.ts'

/** What a bundle is called by. */
export type Published = Pick<PublishedManifest, 'manifest' | 'revision'>

/** Hands on what is published, for the check of the site; undefined: nothing, or it could not be read. */
export type SeePublished = (published: Published | undefined) => void

export function tellPublished(tell: Tell, { manifest, revision }: Published, site: string): void {
  const files = Object.keys(manifest.files).length
  if (manifest.site === site) {
    tell.ok('bundle', `revision ${revision.slice(0, 12)}, ${files} file${files === 1 ? '' : 's'}`)
    return
  }
  tell.warn('bundle', `the one that is there is of ${manifest.site}, and not of ${site}`, {
    remedy:
      'Right after a move of the shop; else check "site" and the target: another configuration may publish there.',
  })
}

/** Where no bundle is. Only names that every bundle has can be told before one is made. */
export function tellForeign(
  tell: Tell,
  isThere: (name: string) => boolean,
  { robots }: Pick<SiteConfig, 'robots'>,
): void {
  const foreign = [ENTRY_POINT, ...(robots ? ['robots.txt'] : [])].filter(isThere)
  if (foreign.length === 0) {
    tell.ok('bundle', 'none yet, and nothing in the way of the first')
    return
  }
  const stand = foreign.length === 1 ? 'stands' : 'stand'
  tell.fail('bundle', `${foreign.join(' and ')} of somebody else's ${stand} where ours go: a run would stop there`, {
    remedy: 'Move them away, or take them over once: storemap run --adopt',
  })
}
