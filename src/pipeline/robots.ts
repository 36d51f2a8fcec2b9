// robots.txt among the files of a bundle: part of it like any other, so it arrives, leaves and is guarded with it.
import { join } from 'node:path'
import { ENTRY_POINT, type ManifestFile } from '../bundle/manifest.ts'
import { openSink } from '../io/sink.ts'
import { type Robots, renderRobots } from '../sitemap/robots.ts'

export const ROBOTS_NAME = 'robots.txt'

/** Writes it into the bundle's folder. It is no sitemap: what the manifest says of it has no entries. */
export async function writeRobots(
  robots: Robots,
  { site, dir }: { readonly site: string; readonly dir: string },
): Promise<ManifestFile> {
  const sink = openSink(join(dir, ROBOTS_NAME), { gzip: false })
  sink.write(renderRobots(robots, `${site}/${ENTRY_POINT}`))
  return sink.close()
}
