// The command line's manners: JSON for programs, quiet for cron, exit codes, and how a configuration is found.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { createProject, demoShop, listShop, type Project, paths, SITE } from '../helpers/project.ts'

const toGit = { publish: [{ git: { repo: '../sitemap.git' } }] } as const

/** Fails unless the text is one JSON document and one line. */
function oneDocument(stdout: string): Record<string, unknown> {
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/)
  return JSON.parse(stdout)
}

describe('on the demo shop', () => {
  let project: Project
  beforeAll(async () => {
    project = await createProject({ withDatabase: true })
    await project.configure({ ...demoShop, ...toGit })
  })
  afterAll(() => project[Symbol.asyncDispose]())

  test('--json of build, run, diff, check and pull prints one document each, and nothing else', async () => {
    const run = await project.run(['run', '--json'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    const report = oneDocument(run.stdout)
    expect(report).toMatchObject({ outcome: 'published', warnings: [] })
    expect(report.sections).toContainEqual(
      expect.objectContaining({
        name: 'products',
        entries: 350,
        before: null,
        funnel: expect.objectContaining({ records: 500, selected: 350 }),
      }),
    )

    const build = await project.run(['build', '--out', 'made', '--json'])
    expect(build).toMatchObject({ code: 0, stderr: '' })
    const built = oneDocument(build.stdout)
    expect(built).toMatchObject({ outcome: 'built', out: join(project.dir, 'made'), revision: report.revision })

    const diff = await project.run(['diff', '--json'])
    expect(diff).toMatchObject({ code: 0, stderr: '' })
    expect(oneDocument(diff.stdout)).toMatchObject({ held: null, files: { added: 0, changed: 0, removed: 0 } })

    const check = await project.run(['check', 'made', '--json'])
    expect(check).toMatchObject({ code: 0, stderr: '' })
    expect(oneDocument(check.stdout)).toMatchObject({ problems: [], entries: built.entries })

    const pull = await project.run(['pull', '--from', '../sitemap.git', '--to', 'public', '--json'])
    expect(pull).toMatchObject({ code: 0, stderr: '' })
    expect(oneDocument(pull.stdout)).toMatchObject({ outcome: 'updated', revision: built.revision })
  })

  test('--quiet leaves the result, and no progress', async () => {
    const run = await project.run(['run', '--quiet'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toMatch(/^(published to|unchanged at) git [^\n]*\n$/)
    const build = await project.run(['build', '--quiet', '--out', 'quiet'])
    expect(build).toMatchObject({ code: 0, stderr: '' })
    expect(build.stdout).toMatch(/^built 1 file in [^\n]*\n$/)
  })

  test('for people it tells what each rule removed, on stdout, and its progress on stderr', async () => {
    const { stdout, stderr } = await project.run(['build', '--out', 'told'])
    expect(stdout).toMatch(/products +350 URLs\n +500 {2}records\n/)
    expect(stderr).toContain('reading products')
    expect(stdout + stderr).not.toContain('\u001b')
  })

  test('a mistake that only the database can show is told with the others, and exits 2', async () => {
    const mistaken = {
      ...demoShop,
      ...toGit,
      sections: { products: { ...demoShop.sections.products, where: { 'attributes.colour-of-dreams': 'red' } } },
    }
    await project.configure(mistaken)
    const { code, stderr } = await project.run(['run'])
    await project.configure({ ...demoShop, ...toGit })
    expect(code).toBe(2)
    expect(stderr).toMatch(/error CONFIG_INVALID [\s\S]*sections\.products\.where\.attributes\.colour-of-dreams/)
  })

  test('DATABASE_URL_FILE is read where DATABASE_URL is not set', async () => {
    await writeFile(join(project.dir, 'secret'), `${project.database?.url}\n`)
    const env = { DATABASE_URL_FILE: join(project.dir, 'secret') }
    const { code, stdout, stderr } = await runCli(['build', '--out', 'by-file', '--json'], { cwd: project.dir, env })
    expect(code, stderr + stdout).toBe(0)
    expect(oneDocument(stdout)).toMatchObject({ outcome: 'built' })
  })
})

describe('without a database', () => {
  let project: Project
  beforeEach(async () => {
    project = await createProject()
    await project.write('paths.txt', paths(3))
  })
  afterEach(() => project[Symbol.asyncDispose]())

  test('--help lists the commands there are, and not those that come later', async () => {
    const { code, stdout } = await project.run(['--help'])
    expect(code).toBe(0)
    for (const command of ['build', 'run', 'serve', 'diff', 'explain', 'pull', 'check', 'demo'])
      expect(stdout).toMatch(new RegExp(`^ {2}${command} .*`, 'm'))
    const run = await project.run(['run', '--help'])
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('--adopt') })
    expect(await project.run(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  })

  test.each([
    [['publish'], 'publish'],
    [['run', '--force'], '--force'],
    [['pull', '--to', 'x'], '--from'],
    [['pull', '--from', 'a', '--to', 'b', '--watch', 'often'], '--watch'],
    [['pull', '--from', 'a', '--to', 'b', '--switch', 'gently'], '--switch'],
    [['check'], 'dir'],
    [['run', 'other.example.com'], 'other.example.com'],
  ] as const)('%j is wrong use: exit 2, and it says of what', async (args, word) => {
    await project.configure({ ...listShop, ...toGit })
    const { code, stdout, stderr } = await project.run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(word)
  })

  test('no arguments at all show the help, and are wrong use', async () => {
    const { code, stderr } = await project.run([])
    expect(code).toBe(2)
    expect(stderr).toContain('Usage: storemap')
  })

  test('a configuration is found in a folder above, and its relative paths count from there', async () => {
    await project.configure({ ...listShop, ...toGit })
    const below = join(project.dir, 'a', 'b')
    await mkdir(below, { recursive: true })
    const { code, stderr } = await runCli(['run'], { cwd: below, env: { TMPDIR: project.tmp } })
    expect(code, stderr).toBe(0)
    expect(await project.repository.head()).toBeDefined()
  })

  test('no configuration anywhere exits 2 and says which names were looked for', async () => {
    const { code, stderr } = await project.run(['run'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/error CONFIG_MISSING .*storemap\.config\.ts, \.js, \.json or \.yaml/)
  })

  test.each([
    [
      'storemap.config.ts',
      "import { defineConfig } from 'storemap'\nconst site: string = 'https://shop.example.com'\n" +
        "export default defineConfig({ site, sections: { pages: { of: 'list', file: 'paths.txt' } } })\n",
    ],
    [
      'storemap.config.js',
      "export default { site: 'https://shop.example.com', sections: { pages: { of: 'list', file: 'paths.txt' } } }\n",
    ],
    ['storemap.config.yaml', 'site: https://shop.example.com\nsections: { pages: { of: list, file: paths.txt } }\n'],
    ['storemap.config.yml', 'site: https://shop.example.com\nsections: { pages: { of: list, file: paths.txt } }\n'],
  ])('%s says the same as JSON', async (name, text) => {
    await project.write(name, text)
    const { code, stdout, stderr } = await project.run(['build', '--json', '--out', 'made'])
    expect(code, stderr + stdout).toBe(0)
    expect(oneDocument(stdout)).toMatchObject({ entries: 3, sections: [{ name: 'pages' }] })
  })

  test('a wrong configuration exits 2 with all of its mistakes, each with its path', async () => {
    await project.configure({
      ...({ sitte: 'x' } as object),
      site: 'https://shop.example.com/shop',
      sections: {
        Pages: { of: 'list', paths: ['/'] },
        products: { of: 'products', url: 'products/{slog}', where: { 'listing.visible': true } },
      },
      schedule: '61 * * * *',
      publish: [{ git: { repo: '../sitemap.git', branch: 'a..b' } }],
    })
    const { code, stdout, stderr } = await project.run(['run', '--json'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    const { outcome, error } = oneDocument(stdout) as {
      outcome: string
      error: { code: string; problems: { path: string }[] }
    }
    expect({ outcome, code: error.code }).toEqual({ outcome: 'failed', code: 'CONFIG_INVALID' })
    const told = error.problems.map(({ path }) => path)
    for (const path of [
      'sitte',
      'site',
      'sections.Pages',
      'sections.products.url',
      'sections.products.where.listing.visible',
      'schedule',
      'publish[0].git.branch',
    ])
      expect(told).toContain(path)
    const text = await project.run(['run'])
    expect(text.code).toBe(2)
    for (const path of told) expect(text.stderr).toContain(`  ${path}: `)
  })

  test('an environment variable that is not set is a mistake, by its name', async () => {
    await project.configure({ ...demoShop, ...toGit })
    const { code, stderr } = await project.run(['run'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/source\.saleor\.database: .*DATABASE_URL is not set\. .*DATABASE_URL_FILE/)
  })

  test('a database that is down exits 1 with SOURCE_UNREACHABLE, without the password', async () => {
    await project.configure({ ...demoShop, ...toGit })
    const env = { DATABASE_URL: 'postgres://saleor:hunter-two-2@127.0.0.1:1/saleor' }
    for (const flag of ['--verbose', '--json']) {
      const { code, stdout, stderr } = await project.run(['run', flag], env)
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('SOURCE_UNREACHABLE')
      expect(stdout + stderr).not.toContain('hunter-two-2')
      if (flag === '--json') expect(oneDocument(stdout)).toMatchObject({ error: { retryable: true } })
    }
    expect(await project.repository.head()).toBeUndefined()
    expect(await project.leftovers()).toEqual([])
  })

  test('errors of build, diff, check and pull are one JSON document, too', async () => {
    await project.configure({ site: SITE, sections: { pages: { of: 'list', file: 'absent.txt' } }, ...toGit })
    for (const args of [
      ['build', '--out', 'made'],
      ['diff'],
      ['run'],
      ['check', 'nowhere'],
      ['pull', '--from', '../sitemap.git', '--to', 'public'],
    ]) {
      const { code, stdout, stderr } = await project.run([...args, '--json'])
      expect({ args, code, stderr }).toEqual({ args, code: 1, stderr: '' })
      const { outcome, error } = oneDocument(stdout)
      expect(outcome).toBe('failed')
      expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) })
    }
  })

  test('build works where the target cannot be reached, and warns that its dates start anew', async () => {
    await project.configure({ ...listShop, publish: [{ git: { repo: '../absent.git' } }] })
    const { code, stdout, stderr } = await project.run(['build', '--out', 'made'])
    expect(code).toBe(0)
    expect(stdout).toContain('built 1 file in ')
    expect(stderr).toMatch(/warning The dates of files start anew, .*absent\.git/)
    const json = await project.run(['build', '--out', 'made', '--json'])
    expect(oneDocument(json.stdout).warnings).toEqual([expect.stringContaining('start anew')])
  })

  test("build stops before somebody else's file in its folder", async () => {
    await project.configure(listShop)
    await mkdir(join(project.dir, 'made'))
    await project.write('made/sitemap.xml', 'mine')
    const { code, stderr } = await project.run(['build', '--out', 'made'])
    expect(code).toBe(1)
    expect(stderr).toContain('error TARGET_FILE_FOREIGN')
  })

  test('check tells what is wrong with a bundle, and exits 1', async () => {
    await project.configure({ ...listShop, ...toGit })
    await project.run(['build', '--out', 'made'])
    await project.write('made/sitemap.xml', '<urlset/>')
    const { code, stdout } = await project.run(['check', 'made'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ sitemap\.xml: /)
    const json = await project.run(['check', 'made', '--json'])
    expect(json.code).toBe(1)
    expect(oneDocument(json.stdout).problems).not.toEqual([])
  })

  test('a reader that goes away does not hurt: its pipe just closes', async () => {
    await project.configure({ ...listShop, ...toGit })
    const running = await project.start(['run', '--json'])
    running.child.stdout?.destroy()
    const { code, stderr } = await running.ended
    expect(stderr).not.toContain('EPIPE')
    expect(code).toBe(0)
    expect(await project.repository.head()).toBeDefined()
    expect(await project.leftovers()).toEqual([])
  })
})
