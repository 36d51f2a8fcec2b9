// Which readers this machine has. Tests skip the others and say so; STOREMAP_REQUIRE_ORACLES=1 makes absence a failure.

import { existsSync } from 'node:fs'
import { canRun } from './build-once.ts'
import { buildCrawlerCommons } from './crawler-commons.ts'
import { schemaDir } from './schemas.ts'
import { installUsp } from './ultimate-sitemap-parser.ts'

/** xmllint, which CI has to have, and the schemas, which stand beside the repository and may be absent even there. */
export const ensureSchemas: () => Promise<boolean> = once('schemas', async () => {
  if (!(await canRun('xmllint', ['--version']))) throw new Error('xmllint is not installed (Debian: libxml2-utils)')
  return existsSync(schemaDir) || 'the schemas are not here (../shared/xsd)'
})

/** Installs it from PyPI into .cache/ the first time. */
export const ensureUltimateSitemapParser: () => Promise<boolean> = once('ultimate-sitemap-parser', async () => {
  await installUsp()
  return true
})

/** Builds it with Maven into .cache/ the first time. */
export const ensureCrawlerCommons: () => Promise<boolean> = once('crawler-commons', async () => {
  await buildCrawlerCommons()
  return canRunOrThrow('java', ['-version'])
})

/** Part of Python itself. */
export const ensureRobotparser: () => Promise<boolean> = once('urllib.robotparser', () =>
  canRunOrThrow('python3', ['-c', 'import urllib.robotparser']),
)

/** A dev dependency: absent only where `npm ci` was told to leave those out. */
export const ensureSitemapJs: () => Promise<boolean> = once('sitemap.js', async () => {
  await import('sitemap')
  return true
})

/** `find` answers true, or a reason to skip whatever CI demands, or throws the reason why a reader is missing. */
function once(name: string, find: () => Promise<true | string>): () => Promise<boolean> {
  let answer: Promise<boolean> | undefined
  const ask = async () => {
    const found = await find().catch((error: Error) => {
      if (process.env.STOREMAP_REQUIRE_ORACLES === '1') {
        throw new Error(`The reader ${name} is required here (STOREMAP_REQUIRE_ORACLES) but absent`, { cause: error })
      }
      return error.message
    })
    if (found !== true) console.warn(`skipped: reader ${name}: ${found}`)
    return found === true
  }
  return () => {
    answer ??= ask()
    return answer
  }
}

async function canRunOrThrow(command: string, args: readonly string[]): Promise<true> {
  if (await canRun(command, args)) return true
  throw new Error(`${command} is not installed`)
}
