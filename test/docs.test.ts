// The documentation is true: links lead somewhere, generated pages are fresh, and the README's examples work.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { checkConfig } from '../src/config/check.ts'
import { checkSites, problemsOf } from '../src/config/sites.ts'
import { errors } from '../src/errors.ts'
import { type Robots, renderRobots } from '../src/sitemap/robots.ts'
import { fieldNames, fieldPatterns, findField } from '../src/sources/saleor/fields.ts'
import { RECORD_KINDS, type RecordKind } from '../src/sources/source.ts'
import { builtProgram, runCli } from './helpers/cli.ts'

const root = join(import.meta.dirname, '..')
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE']
  .concat(readdirSync(join(root, 'docs'), { recursive: true }).map(name => join('docs', String(name))))
  .filter(name => name.endsWith('.md'))
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
const blocks = (page: string, language: string): string[] =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(match => match[1] as string)

describe('documentation', () => {
  it.each(pages)('%s links only to files that exist', page => {
    const links = [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(match => match[1] as string)
    const broken = links.filter(link => !/^https?:/.test(link) && !existsSync(join(root, dirname(page), link)))
    expect(broken).toEqual([])
  })

  it('the generated pages are fresh', async () => {
    const args = [join(root, 'scripts/docs.mjs'), '--check', '--dist', await builtProgram()]
    execFileSync(process.execPath, args, { stdio: 'pipe' })
  })

  it('every error has its page', () => {
    const documented = new Set([...read('docs/errors.md').matchAll(/^## (\w+)$/gm)].map(match => match[1]))
    const codes = new Set([...read('src/errors.ts').matchAll(/code: '(\w+)'/g)].map(match => match[1]))
    expect(documented).toEqual(codes)
    expect(Object.keys(errors).length).toBeGreaterThan(40)
  })
})

describe('the README', () => {
  it('has a configuration that has no mistakes', async () => {
    const [yaml] = blocks('README.md', 'yaml')
    const environment = { DATABASE_URL: 'postgres://storemap:secret@db/saleor' }
    const { problems } = await checkConfig(parse(yaml as string), root, environment)
    expect(problems).toEqual([])
  })

  it('names the commands and options that the program has', async () => {
    const { stdout: help } = await runCli(['--help'], { cwd: root })
    const rows = [...read('README.md').matchAll(/^\| `storemap (\w+)([^`]*)`/gm)]
    expect(rows.length).toBeGreaterThan(5)
    for (const [, command, rest] of rows) {
      expect(help).toMatch(new RegExp(`^ +${command}\\b`, 'm'))
      const { stdout } = await runCli([command as string, '--help'], { cwd: root })
      for (const [option] of (rest as string).matchAll(/--[a-z-]+/g)) expect(stdout, command).toContain(option)
    }
  })
})

describe('the configuration page', () => {
  it('has an example of several sites that has no mistakes', async () => {
    const [yaml] = blocks('docs/configuration.md', 'yaml')
    const sites = await checkSites(parse(yaml as string), root, {
      DATABASE_URL: 'postgres://storemap:secret@db/saleor',
    })
    expect(sites.map(({ key }) => key)).toEqual(['us', 'pl'])
    expect(problemsOf(sites)).toEqual([])
  })

  it('shows the robots.txt that its example makes', async () => {
    const [, example] = /```yaml\n(robots:.*?)```/s.exec(read('docs/configuration.md')) ?? []
    const [, shown] = /```\n(User-agent:.*?)```/s.exec(read('docs/configuration.md')) ?? []
    const sections = { static: { of: 'list', paths: ['/'] } }
    const raw = { site: 'https://shop.example.com', sections, ...(parse(example as string) as object) }
    const { config, problems } = await checkConfig(raw, root, {})
    expect(problems).toEqual([])
    expect(renderRobots(config?.robots as Robots, 'https://shop.example.com/sitemap.xml')).toBe(shown)
  })
})

describe('the rules page', () => {
  it('has examples that parse', async () => {
    for (const yaml of blocks('docs/rules.md', 'yaml')) {
      const { where } = parse(yaml) as { where: object }
      const sections = { products: { of: 'products', url: '/products/{slug}', where } }
      const source = { saleor: { database: 'postgres://db/saleor', channel: 'default-channel' } }
      expect((await checkConfig({ site: 'https://shop.example.com', source, sections }, root, {})).problems).toEqual([])
    }
  })

  it('lists the fields of the catalogue, each with its kinds and its type, and no other', () => {
    for (const kind of RECORD_KINDS) {
      const documented = documentedFields(kind)
      expect(documented.map(({ name }) => name).sort(), kind).toEqual(
        [...fieldNames(kind), ...fieldPatterns(kind)].sort(),
      )
      for (const { name, type } of documented) {
        const found = findField(kind, name.replace('<lang>', 'de').replace(/<\w+>/g, 'x'), undefined)
        if ('problem' in found) throw new Error(`${kind} ${name}: ${found.problem}`)
        const { field } = found
        const written = field.type === 'unknown' ? 'by input type' : field.type
        expect(type, `${kind} ${name}`).toBe(field.many ? `${written}, several` : written)
      }
    }
  })
})

/** The rows of the table of fields that are of a kind. */
function documentedFields(kind: RecordKind): { name: string; type: string }[] {
  const rows = read('docs/rules.md').matchAll(/^\| (`[^|]+`) \| ([a-z, ]+) \| ([a-z, ]+) \|/gm)
  return [...rows].flatMap(([, names = '', kinds = '', type = '']) => {
    if (kinds !== 'all' && !kinds.split(', ').includes(kind)) return []
    const all = [...names.matchAll(/`([^`]+)`/g)].map(match => match[1] as string)
    // Two names of one thing: that of products, and that of categories.
    const own = /^`category\.(path|within)`/.test(names)
      ? all.filter(name => name.startsWith('category.') === (kind === 'products'))
      : all
    return own.map(name => ({ name, type }))
  })
}
