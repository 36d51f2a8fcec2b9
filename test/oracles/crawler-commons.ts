// crawler-commons, the parser of Nutch and StormCrawler, in strict mode: the reader that minds hosts and scope.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { buildOnce, cacheDir, output, repositoryRoot } from './build-once.ts'
import { type Reading, readByProcess } from './reading.ts'

const project = join(repositoryRoot, 'test/oracles/crawler-commons')
const sources = ['pom.xml', 'src/main/java/ReadSitemap.java']

/** Reads the bundle in `folder` as that of `site` ("https://shop.example.com"), from its sitemap.xml on. */
export async function readWithCrawlerCommons(folder: string, { site }: { readonly site: string }): Promise<Reading> {
  const built = await buildCrawlerCommons()
  const classPath = [join(built, 'reader.jar'), join(built, 'lib', '*')].join(delimiter)
  return readByProcess('java', ['-cp', classPath, 'ReadSitemap', folder, site])
}

/** The Java program in .cache/, built if it is not there or its sources have changed since. */
export async function buildCrawlerCommons(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of sources) hash.update(await readFile(join(project, path)))
  const name = hash.digest('hex').slice(0, 12)
  return buildOnce(join(cacheDir, 'crawler-commons', name), async dir => {
    await output('mvn', ['-q', '-B', 'package', `-DoutputDir=${dir}`], project)
  })
}
