// Who may import whom: the table is the rule. Imports point down; siblings never know each other.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'

/** A folder may always import itself and what is open to all. `*` stands for one name. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  'redact.ts': [],
  'problem.ts': [],
  sitemap: [],
  rules: [],
  routes: ['sitemap/url-template.ts'],
  io: ['rules/sql.ts'],
  bundle: ['sitemap'],
  webroot: ['bundle', 'io'],
  sources: ['rules', 'routes', 'io', 'sitemap/lastmod.ts', 'sitemap/limits.ts', 'sitemap/entry.ts'],
  state: ['bundle', 'io'],
  publishers: ['bundle', 'io', 'webroot', 'state/store.ts'],
  pull: ['bundle', 'io', 'webroot'],
  deploy: ['io/files.ts', 'io/put-files.ts', 'io/git-remote.ts'],
  audit: ['bundle', 'io', 'pull/branch-manifest.ts'],
  pipeline: [
    'sitemap',
    'rules',
    'routes',
    'bundle',
    'io/files.ts',
    'io/folders.ts',
    'io/copy-file.ts',
    'io/sink.ts',
    'io/temp.ts',
    'sources/source.ts',
    'publishers/publisher.ts',
    'state',
  ],
  server: ['bundle', 'io', 'webroot'],
  explain: ['pipeline', 'sitemap', 'bundle', 'rules', 'routes', 'sources/source.ts', 'publishers/publisher.ts'],
  schedule: ['pipeline', 'io/files.ts', 'io/sleep.ts'],
  config: [
    'rules',
    'routes',
    'io/files.ts',
    'io/git-remote.ts',
    'sitemap/url-template.ts',
    'sitemap/robots.ts',
    'sitemap/alternates.ts',
    'sitemap/limits.ts',
    'sources/source.ts',
    'sources/saleor/options.ts',
    'sources/routes/options.ts',
    'sources/saleor/fields.ts',
    'sources/saleor/content.ts',
    'sources/saleor/translations.ts',
    'publishers/*/options.ts',
    'pipeline/job.ts',
    'schedule/cron.ts',
  ],
  cli: [
    'compose.ts',
    'operations.ts',
    'config',
    'pipeline',
    'explain',
    'schedule',
    'server',
    'pull',
    'audit',
    'deploy',
    'rules',
    'routes',
    'bundle',
    'io/open-folder.ts',
    'io/heartbeat.ts',
    'demo',
    'doctor',
  ],
  // A part of the composition, which is the only one that knows it.
  'compose-section.ts': ['config', 'pipeline/job.ts', 'sources'],
  // The doctor looks at each part as it is configured, so it knows all of them.
  doctor: [
    'compose.ts',
    'operations.ts',
    'config',
    'io',
    'bundle',
    'rules/sql.ts',
    'sources',
    'publishers',
    'pipeline',
    'webroot',
    'pull',
    'audit',
    'schedule',
  ],
  // The demo is a user of the program: it runs a site, pulls and serves it, as one would by hand.
  demo: ['io', 'compose.ts', 'operations.ts', 'pull', 'schedule', 'pipeline/report.ts', 'explain/explanation.ts'],
}
const OPEN = ['errors.ts', 'redact.ts', 'problem.ts']
/** May import anything. */
const ROOTS = ['index.ts', 'main.ts', 'compose.ts', 'operations.ts']
/** No packages and no Node built-ins; a named package is part of what they are. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  sitemap: [],
  rules: [],
  routes: ['picomatch', 'fastest-levenshtein'],
}
const OUTSIDE_WORLD = /^(pg|pg-copy-streams|node:(fs|child_process|net|tls|http|https|dgram)(\/.*)?)$/
const MAY_TOUCH_THE_WORLD = ['io', 'demo', 'cli/commands/demo.ts']
const MAY_READ_ENVIRONMENT = ['config', 'cli', 'index.ts', 'main.ts', 'io/git-environment.ts']

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g
const COMMENT = /^\s*(\/\/|\*|\/\*).*$/gm

async function findViolations(src: string): Promise<string[]> {
  const names = (await readdir(src, { recursive: true })).map(name => name.replaceAll('\\', '/'))
  const files = names.filter(name => name.endsWith('.ts')).sort()
  const all = await Promise.all(
    files.map(async file => {
      const text = (await readFile(join(src, file), 'utf8')).replace(COMMENT, '')
      return [...importViolations(file, text), ...lineViolations(file, text)]
    }),
  )
  return all.flat()
}

function importViolations(file: string, text: string): string[] {
  if (ROOTS.includes(file)) return []
  const top = file.split('/')[0] as string
  const row = MAY_IMPORT[top]
  if (!row) return [`${file}: "${top}" has no row in the table`]
  return [...text.matchAll(IMPORT)].flatMap(([, target = '']): string[] => {
    if (!target.startsWith('.')) {
      if (PURE[top] && !PURE[top].includes(target)) return [`${file} imports "${target}", and ${top}/ is pure`]
      return OUTSIDE_WORLD.test(target) && !isWithin(file, MAY_TOUCH_THE_WORLD)
        ? [`${file} imports "${target}", which only io/ may`]
        : []
    }
    const to = posix.join(dirname(file), target)
    return isWithin(to, [top, ...OPEN, ...row]) ? [] : [`${file} imports ${to}`]
  })
}

function lineViolations(file: string, text: string): string[] {
  const found: string[] = []
  if (/\bprocess\.env\b/.test(text) && !isWithin(file, MAY_READ_ENVIRONMENT)) found.push(`${file} reads process.env`)
  if (/\bshell:\s*(?!false)/.test(text)) found.push(`${file} starts a shell`)
  if (/\bexport default\b/.test(text)) found.push(`${file} has a default export`)
  if (/\bconsole\.\w+\(/.test(text) && !isWithin(file, ['cli'])) found.push(`${file} prints`)
  return found
}

const isWithin = (path: string, rules: readonly string[]): boolean =>
  rules.some(
    rule =>
      path === rule ||
      path.startsWith(`${rule}/`) ||
      (rule.includes('*') && new RegExp(`^${rule.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`).test(path)),
  )

describe('the architecture', () => {
  test('imports point down only, and only io/ touches the outside world', async () => {
    expect(await findViolations(fileURLToPath(new URL('../src', import.meta.url)))).toEqual([])
  })

  test('has a row for every file and folder, and no row for one that is gone', async () => {
    const names = await readdir(new URL('../src', import.meta.url))
    const rows = [...Object.keys(MAY_IMPORT), ...ROOTS]
    expect(rows.sort()).toEqual(names.sort())
  })
})

describe('the test of the architecture', () => {
  let src: string
  afterEach(() => rm(src, { recursive: true, force: true }))

  const plant = async (files: Readonly<Record<string, string>>): Promise<string[]> => {
    src = await mkdtemp(join(tmpdir(), 'storemap-architecture-'))
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(src, name)), { recursive: true })
      await writeFile(join(src, name), text)
    }
    return findViolations(src)
  }

  test.each([
    ['an import of a sibling', 'sources/a.ts', "import { x } from '../publishers/git/git.ts'"],
    ['an import of types alone', 'publishers/git/git.ts', "import type { X } from '../../sources/source.ts'"],
    ['a re-export', 'bundle/a.ts', "export { x } from '../io/files.ts'"],
    ['an import at run time', 'pipeline/a.ts', "const x = await import('../sources/saleor/postgres.ts')"],
    ['an import for its effect', 'rules/a.ts', "import '../sitemap/xml.ts'"],
    ['an import over several lines', 'sitemap/a.ts', "import {\n  x,\n  y,\n} from '../rules/sql.ts'"],
    ['an import upwards', 'io/a.ts', "import { x } from '../config/load.ts'"],
    ['an import of the composition', 'pipeline/a.ts', "import { x } from '../compose.ts'"],
    ['another file where one alone is allowed', 'io/a.ts', "import { x } from '../rules/parse.ts'"],
    ['another file where a pattern allows one', 'config/a.ts', "import { x } from '../publishers/git/git.ts'"],
    ['a package in a pure folder', 'rules/a.ts', "import { z } from 'zod'"],
    ['a built-in in a pure folder', 'sitemap/a.ts', "import { join } from 'node:path'"],
    ['an own import of an open file', 'redact.ts', "import { x } from './io/files.ts'"],
    ['the database outside io', 'sources/a.ts', "import pg from 'pg'"],
    ['the file system outside io', 'bundle/a.ts', "import { readFile } from 'node:fs/promises'"],
    ['a child process outside io', 'publishers/git/a.ts', "import { spawn } from 'node:child_process'"],
    ['a server outside io', 'pull/a.ts', "import { createServer } from 'node:http'"],
    ['the environment', 'sources/a.ts', 'export const home = process.env.HOME'],
    ['a shell', 'io/a.ts', "spawn('git', [], { shell: true })"],
    ['a default export', 'io/a.ts', 'export default 1'],
    ['printing', 'pipeline/a.ts', "console.log('done')"],
    ['a folder without a row', 'utils/a.ts', 'export const x = 1'],
  ])('finds %s', async (_, file, text) => {
    const violations = await plant({ [file]: text })
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain(file)
  })

  test('allows what the table allows, and takes no comment for code', async () => {
    const violations = await plant({
      'config/a.ts': "import { x } from '../publishers/git/options.ts'\nexport const env = process.env",
      'rules/a.ts': "// not: import { x } from 'zod', process.env\nimport { y } from './sql.ts'",
      'io/a.ts': "import { readFile } from 'node:fs/promises'\nimport { errors } from '../errors.ts'",
      'compose.ts': "import { x } from './sources/saleor/postgres.ts'",
    })
    expect(violations).toEqual([])
  })
})
