// PyPI `ultimate-sitemap-parser`: the whole way a crawler goes, from robots.txt or sitemap.xml, over HTTP.

import { join } from 'node:path'
import { buildOnce, cacheDir, output, repositoryRoot } from './build-once.ts'
import { type Reading, readByProcess } from './reading.ts'

const version = '1.8.1'
const script = join(repositoryRoot, 'test/oracles/read_sitemap.py')

export interface UspOptions {
  /** The site the bundle is of, if it is not the server's own address; it is never contacted. */
  readonly site?: string
  /** @defaultValue 'sitemap.xml' */
  readonly start?: 'sitemap.xml' | 'robots.txt'
}

/** Reads the bundle that is served at `servedAt` ("http://127.0.0.1:8080"). */
export async function readWithUsp(servedAt: string, options: UspOptions = {}): Promise<Reading> {
  const { site = servedAt, start = 'sitemap.xml' } = options
  return readByProcess(pythonOf(await installUsp()), [script, servedAt, site, start])
}

/** The Python environment in .cache/, made if it is not there. */
export async function installUsp(): Promise<string> {
  return buildOnce(join(cacheDir, `ultimate-sitemap-parser-${version}`), async dir => {
    await output('python3', ['-m', 'venv', dir])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1']
    await output(pythonOf(dir), [...pip, `ultimate-sitemap-parser==${version}`])
  })
}

function pythonOf(environment: string): string {
  return join(environment, 'bin', 'python')
}
