// A target that is a folder of this machine: served by somebody else, or by `storemap serve`.
import { join } from 'node:path'
import type { SiteConfig } from '../config/check.ts'
import { StoremapError } from '../errors.ts'
import { lstatIfThere } from '../io/files.ts'
import { readLinkIfThere } from '../io/links.ts'
import { readJournal } from '../webroot/journal.ts'
import { LINKS_LEAD_TO } from '../webroot/layout.ts'
import { readWebRoot } from '../webroot/read.ts'
import type { Check, Tell } from './check.ts'
import { tellFolder } from './disk.ts'
import { type SeePublished, tellForeign, tellPublished } from './published.ts'

export interface FolderTargetOptions {
  readonly site: string | undefined
  readonly config: SiteConfig
  readonly path: string
  readonly switch: 'link' | 'copy'
  readonly seePublished: SeePublished
  /** What else there is to say of it. */
  readonly also?: ((tell: Tell) => Promise<void>) | undefined
}

export function folderTargetCheck(area: string, options: FolderTargetOptions): Check {
  const { site, config, path, seePublished, also } = options
  return {
    site,
    area,
    title: 'folder',
    look: async ({ tell }) => {
      try {
        await tellFolder(tell, path, { links: options.switch === 'link' })
        await tellContent(tell, path, { config, seePublished })
        await also?.(tell)
      } finally {
        seePublished(undefined)
      }
    },
  }
}

async function tellContent(
  tell: Tell,
  path: string,
  { config, seePublished }: Pick<FolderTargetOptions, 'config' | 'seePublished'>,
): Promise<void> {
  try {
    const published = await readWebRoot(path)
    if (published) {
      tellPublished(tell, published, config.site)
      seePublished(published)
      return
    }
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    tell.failure('bundle', cause)
    return
  }
  // What a killed publish left behind is known by the journal, or leads into our own store.
  const ours = new Set((await readJournal(path)).map(([name]) => name))
  const foreign = new Set<string>()
  for (const name of ['sitemap.xml', 'robots.txt']) {
    const at = join(path, name)
    if (!(await lstatIfThere(at)) || ours.has(name)) continue
    // What is no link cannot be read as one, and is not ours.
    const link = await readLinkIfThere(at).catch(() => undefined)
    if (!link?.startsWith(LINKS_LEAD_TO)) foreign.add(name)
  }
  tellForeign(tell, name => foreign.has(name), config)
}
