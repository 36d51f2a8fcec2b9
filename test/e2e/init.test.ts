// `storemap init`: what it writes, what it leaves alone, and that what it writes works.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkSites, problemsOf } from '../../src/config/sites.ts'
import { STOREFRONT_NAMES } from '../../src/config/storefronts.ts'
import { programPath } from '../helpers/cli.ts'
import { createProject, demoShop, type Project } from '../helpers/project.ts'
import { canRun } from '../oracles/build-once.ts'

const ENVIRONMENT = {
  DATABASE_URL: 'postgres://storemap@localhost/saleor',
  SITEMAP_SSH_KEY: '/run/secrets/key',
  SITEMAP_KNOWN_HOSTS: '/run/secrets/known_hosts',
  SITEMAP_TOKEN: 'token',
  SITEMAP_ROUTER_KEY: '/run/secrets/router-key',
}
const GIVEN = [
  '--site',
  'https://shop.example.com',
  '--repo',
  'git@github.com:acme/sitemap.git',
  '--server',
  'docker1.example.com',
]

let project: Project
beforeEach(async () => {
  project = await createProject()
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

const init = (...args: readonly string[]) => project.run(['init', 'shop', '--yes', ...GIVEN, ...args])
const read = (name: string) => readFile(join(project.dir, 'shop', name), 'utf8')
const names = async () =>
  (await readdir(join(project.dir, 'shop'), { recursive: true, withFileTypes: true })).flatMap(entry =>
    entry.isFile() ? [entry.name] : [],
  )

describe('the configuration that it writes', () => {
  test.each([
    ['as little as can be', []],
    ['an https repository', ['--repo', 'https://github.com/acme/sitemap.git', '--branch', 'main']],
    ['a repository in a folder', ['--repo', '/srv/git/sitemap.git']],
    [
      'for Kubernetes',
      ['--way', 'kubernetes', '--image', 'storemap:1', '--router', 'git@github.com:acme/shop.git#src'],
    ],
    ['a router in a folder', ['--router', '../front end/src/routes.tsx']],
    ['a router in a repository', ['--router', 'git@github.com:acme/shop.git#src/App.tsx', '--channel', "a'b"]],
    ['another path of products', ['--product-url', '/p/{slug}-{id}/', '--schedule', '*/30 6-22 * * 1-5']],
    ...STOREFRONT_NAMES.map(name => [`the storefront ${name}`, ['--storefront', name]] as const),
  ] as const)('has no mistakes: %s', async (_, args) => {
    expect(await init(...args)).toMatchObject({ code: 0 })
    const data = parse(await read('storemap.config.yaml'))
    const checked = await checkSites(data, join(project.dir, 'shop'), ENVIRONMENT)
    expect(problemsOf(checked)).toEqual([])
  })

  test('is asked for by options that do not fit, all of them at once', async () => {
    const { code, stderr } = await project.run([
      'init',
      '--yes',
      ...[
        '--site',
        'shop',
        '--repo',
        'ftp://x',
        '--way',
        'dockr',
        '--server',
        '-oProxyCommand=x',
        '--schedule',
        'often',
      ],
      ...['--container', 'a b', '--web-root', 'html', '--server-port', '99999'],
    ])
    expect(code).toBe(2)
    for (const flag of [
      '--site',
      '--repo',
      '--way',
      '--server',
      '--schedule',
      '--container',
      '--web-root',
      '--server-port',
    ])
      expect(stderr).toContain(`  ${flag}: `)
    expect(stderr).toContain('Did you mean "docker"?')
    expect(stderr).toContain('Nothing was written.')
    expect(await readdir(project.dir)).toEqual([])
  })
})

describe('files', () => {
  test('are those of the way and the runner, programs among them executable', async () => {
    await init('--runner', 'cron')
    expect((await names()).toSorted()).toEqual(
      [
        'storemap.config.yaml',
        'SITEMAP.md',
        'read-only-role.sql',
        'crontab',
        'storemap-pull.sh',
        'storemap-pull.sh',
        '40-storemap.sh',
        'nginx-storemap.conf',
        'storemap-deploy',
        'set-up-server.sh',
        'compose.storemap.yaml',
        'deploy-sitemap.yml',
        'storemap-verify.sh',
      ].toSorted(),
    )
    expect((await stat(join(project.dir, 'shop/server/storemap-deploy'))).mode & 0o111).toBe(0o111)
    expect(await read('schedule/crontab')).toContain('\n0 3 * * * storemap cd /etc/storemap && storemap run')
  })

  test('are written once: a second time changes nothing, and says so', async () => {
    await init()
    const before = await stat(join(project.dir, 'shop/storemap.config.yaml'))
    expect(await init()).toMatchObject({ code: 0, stdout: expect.stringContaining('everything is there already') })
    expect((await stat(join(project.dir, 'shop/storemap.config.yaml'))).ino).toBe(before.ino)
  })

  test('of one’s own stop it before anything is written, and go only by --overwrite', async () => {
    await mkdir(join(project.dir, 'shop'))
    await writeFile(join(project.dir, 'shop/storemap.config.yaml'), '# mine\n')
    const refused = await init()
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('INIT_FILE_IN_WAY') })
    expect(await names()).toEqual(['storemap.config.yaml'])
    expect(await read('storemap.config.yaml')).toBe('# mine\n')
    expect(await init('--overwrite')).toMatchObject({ code: 0 })
    expect(await read('storemap.config.yaml')).toContain('site: ')
  })

  test('that are links or folders are never written through', async () => {
    await mkdir(join(project.dir, 'shop'))
    await writeFile(join(project.dir, 'elsewhere'), 'mine')
    await symlink('../elsewhere', join(project.dir, 'shop/SITEMAP.md'))
    expect(await init('--overwrite')).toMatchObject({ code: 1, stderr: expect.stringContaining('SITEMAP.md') })
    expect(await readFile(join(project.dir, 'elsewhere'), 'utf8')).toBe('mine')
  })

  test('are told to programs, too', async () => {
    const { stdout } = await init('--json')
    expect(JSON.parse(stdout)).toMatchObject({ written: expect.arrayContaining(['storemap.config.yaml']), kept: [] })
  })
})

describe('without a terminal', () => {
  test('it asks nothing and says which options it needs', async () => {
    expect(await project.run(['init'])).toMatchObject({ code: 2, stderr: expect.stringContaining('INIT_NO_TERMINAL') })
    const { code, stderr } = await project.run(['init', '--yes'])
    expect([code, ...['--site', '--repo', '--server'].map(flag => stderr.includes(`  ${flag}: `))]).toEqual([
      2,
      true,
      true,
      true,
    ])
  })
})

describe('on a terminal', () => {
  /** Answers each question when it stands there. */
  async function talk(answers: readonly (readonly [question: string, answer: string])[]) {
    const command = `stty cols 120 rows 50; exec "$NODE" "$MAIN" init shop --no-color`
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: project.dir,
      env: {
        PATH: process.env.PATH,
        HOME: project.tmp,
        TERM: 'xterm',
        NODE: process.execPath,
        MAIN: await programPath(),
      },
    })
    let said = ''
    let at = 0
    let answered = 0
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const next = answers[answered]
      const found = next ? said.indexOf(next[0], at) : -1
      if (!next || found === -1) return
      at = found + next[0].length
      answered++
      child.stdin.write(next[1])
    })
    const [code] = await once(child, 'close')
    return { code, said }
  }
  const ENTER = '\r'
  const hasTerminal = () => canRun('script', ['--version'])

  test('it asks, with what it mostly is as the answer', async ({ skip }) => {
    if (!(await hasTerminal())) skip('script is not here')
    const { code, said } = await talk([
      ['Where is the shop?', `https://shop.example.com${ENTER}`],
      ['Which channel', ENTER],
      ['Which storefront', ENTER],
      ['Where is the page of a product?', ENTER],
      ['router?', ENTER],
      ['Which repository', `git@github.com:acme/sitemap.git${ENTER}`],
      ['When is it renewed?', ENTER],
      ['How does the shop serve it?', ENTER],
      ['Which Docker server?', `docker1.example.com${ENTER}`],
      ['container called?', ENTER],
      ['Which folder', ENTER],
    ])
    expect(said).toContain('What to do next is in')
    expect(code).toBe(0)
    expect(await read('server/storemap-deploy')).toContain("container='front-end'")
    expect(parse(await read('storemap.config.yaml'))).toMatchObject({
      site: 'https://shop.example.com',
      sections: { products: { url: '/products/{slug}' } },
    })
  })

  test('it asks for what a cluster needs, where the shop is in one', async ({ skip }) => {
    if (!(await hasTerminal())) skip('script is not here')
    const DOWN = '\u001b[B'
    const { code, said } = await talk([
      ['Where is the shop?', `https://shop.example.com${ENTER}`],
      ['Which channel', ENTER],
      ['Which storefront', ENTER],
      ['Where is the page of a product?', ENTER],
      ['router?', ENTER],
      ['Which repository', `git@github.com:acme/sitemap.git${ENTER}`],
      ['When is it renewed?', ENTER],
      ['How does the shop serve it?', `${DOWN}${ENTER}`],
      ['Which image of Storemap', `registry.example.com/storemap:1${ENTER}`],
      ['namespace?', ENTER],
      ['get to the front end?', ENTER],
      ['container called?', ENTER],
      ['Deployment?', ENTER],
    ])
    expect(said).toContain('What to do next is in')
    expect(code).toBe(0)
    expect(parse(await read('kustomization.yaml'))).toMatchObject({
      namespace: 'default',
      images: [{ newName: 'registry.example.com/storemap', newTag: '1' }],
    })
    expect(parse(await read('kubernetes/front-end/pull.yaml')).metadata.name).toBe('front-end')
  })

  test('who leaves has changed nothing', async ({ skip }) => {
    if (!(await hasTerminal())) skip('script is not here')
    const { code, said } = await talk([
      ['Where is the shop?', `https://shop.example.com${ENTER}`],
      ['Which channel', '\u0003'],
    ])
    expect(said).toContain('INIT_CANCELLED')
    expect(code).toBe(1)
    expect(await readdir(project.dir)).toEqual([])
  })
})

test('the role can read what a run needs, and write nothing', async ({ skip }) => {
  if (!(await canRun('psql', ['--version']))) skip('psql is not here')
  await using shop = await createProject({ withDatabase: true })
  const { url } = shop.database as { url: string }
  expect(await shop.run(['init', '--yes', ...GIVEN])).toMatchObject({ code: 0 })
  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  const role = `reader_${process.pid}`
  const psql = (...args: readonly string[]) =>
    promisify(execFile)('psql', ['-X', '-q', url, ...args], { cwd: shop.dir })
  const file = ['-v', `role=${role}`, '-v', "password=it's", '-f', 'database/read-only-role.sql']
  try {
    await psql(...file)
    await psql(...file)
    const reader = new URL(url)
    reader.username = role
    reader.password = encodeURIComponent("it's")
    await shop.configure({ ...demoShop, publish: [{ directory: 'public' }] })
    const built = await shop.run(['run', '--config', 'storemap.config.json'], { DATABASE_URL: reader.href })
    expect(built).toMatchObject({ code: 0 })
    const wrote = promisify(execFile)('psql', ['-X', '-q', reader.href, '-c', "update product_product set name = ''"])
    await expect(wrote).rejects.toMatchObject({
      stderr: expect.stringMatching(/read-only transaction|permission denied/),
    })
  } finally {
    await psql('-c', `drop owned by ${role}; drop role ${role}`)
  }
})

test('the task for Celery is Python, and has the schedule', async ({ skip }) => {
  await init('--runner', 'celery', '--schedule', '15 2 * * 1')
  if (!(await canRun('python3', ['--version']))) skip('python3 is not here')
  // What the task needs of celery, as small as can be: it is not installed here.
  const program = `
import sys, types
celery, schedules = types.ModuleType("celery"), types.ModuleType("celery.schedules")
celery.shared_task = lambda **options: (lambda task: task)
schedules.crontab = lambda **fields: fields
sys.modules["celery"], sys.modules["celery.schedules"] = celery, schedules
sys.path.insert(0, sys.argv[1])
import storemap_task
assert storemap_task.STOREMAP_BEAT["storemap-run"]["schedule"] == dict(minute="15", hour="2", day_of_month="*", month_of_year="*", day_of_week="1")
for code, is_done in ((0, True), (75, True), (1, False)):
    storemap_task.COMMAND = ["sh", "-c", f"echo no luck; exit {code}", "sh"]
    try:
        storemap_task.run_storemap()
        assert is_done, code
    except RuntimeError as error:
        assert not is_done and "no luck" in str(error), error
print("ok")
`
  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  const { stdout } = await promisify(execFile)('python3', ['-B', '-c', program, join(project.dir, 'shop/schedule')])
  expect(stdout).toBe('ok\n')
})
