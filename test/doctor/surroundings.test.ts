// What the doctor says of the machine, the configuration, the schedule, and targets of this machine.
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { acquireLock } from '../../src/io/lock.ts'
import { runSite } from '../../src/operations.ts'
import { serveTargets } from '../../src/server/server.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { withTemp } from '../helpers/git-target.ts'
import { freePort } from '../helpers/http.ts'
import { startGateway } from '../helpers/s3-gateway.ts'
import { KEYS, type S3Server, startS3Server } from '../helpers/s3-server.ts'
import { serveFolder } from '../oracles/serve-folder.ts'
import { examined, textOf } from './setting.ts'

let folder: AsyncDisposable & { readonly path: string }
beforeEach(async () => {
  folder = await tempFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const list = { site: 'https://shop.invalid', sections: { pages: { of: 'list', paths: ['/'] } } }
const look = (config: object | string | undefined, environment: Readonly<Record<string, string>> = {}) =>
  examined(config, { folder: folder.path, environment, limitMs: 20_000 })

describe('the configuration', () => {
  test('with mistakes has a line for each, and what is right in it is looked at', async () => {
    await writeFile(
      join(folder.path, 'storemap.config.yaml'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
      "site: https://shop.invalid\nsource: { saleor: { database: '${DATABASE_URL}', channel: main } }\n" +
        "sections: { products: { of: products, url: '/products/{slug}' }, pages: { of: pags } }\n" +
        "schedule: 'at night'\npublish: [{ directory: ./public }, { directory: ./public }, { ftp: there }]\n",
    )
    const said = await look(undefined)
    expect(said.isMisconfigured).toBe(true)
    const told = said.lines.filter(({ area }) => area === 'configuration')
    const wrong = told.filter(({ result }) => result === 'failed').map(({ what }) => what)
    expect(wrong, textOf(said.lines)).toEqual(
      expect.arrayContaining(['source.saleor.database', 'schedule', 'publish[2]']),
    )
    expect(wrong.some(what => what.startsWith('sections.pages'))).toBe(true)
    expect(said.line('source.saleor.database')).toMatchObject({
      found: 'The environment variable DATABASE_URL is not set.',
      remedy: 'Set it, or DATABASE_URL_FILE to a file that holds it.',
    })
    expect(said.line('folder', `target folder ${join(folder.path, 'public')}`).result).toBe('ok')
    expect(said.lines.some(({ area }) => area === 'schedule')).toBe(false)
  })

  test('that is not there, or cannot be read, is told, and so is the machine', async () => {
    const none = await look(undefined)
    expect(none.line('file')).toMatchObject({ result: 'failed', code: 'CONFIG_MISSING' })
    expect(none.isMisconfigured).toBe(true)
    expect(none.line('node').result).toBe('ok')
    await writeFile(join(folder.path, 'broken.yaml'), 'site: [')
    expect((await look('broken.yaml')).line('file')).toMatchObject({ code: 'CONFIG_UNREADABLE' })
  })

  test('with secrets in a file that others may read warns, and is silent of one that takes them from elsewhere', async () => {
    const path = join(folder.path, 'storemap.config.json')
    const written = { ...list, publish: [{ git: { repo: 'https://127.0.0.1:9/a/b.git', token: 'doctorsOwnToken' } }] }
    await writeFile(path, JSON.stringify(written))
    await chmod(path, 0o644)
    const said = await look(undefined)
    expect(said.line('secrets')).toMatchObject({
      result: 'warning',
      found: 'publish[0].git.token is written into the file, and others of this machine may read it (mode 0644)',
      remedy: expect.stringContaining(`chmod 600 ${path}`),
    })
    expect(JSON.stringify(said.lines)).not.toContain('doctorsOwnToken')
    await chmod(path, 0o600)
    expect((await look(undefined)).line('secrets').result).toBe('ok')
    const password = {
      ...list,
      source: { saleor: { database: 'postgres://saleor:doctors@127.0.0.1:9/saleor', channel: 'x' } },
    }
    await writeFile(path, JSON.stringify(password))
    await chmod(path, 0o640)
    expect((await look(undefined)).line('secrets').found).toContain('source.saleor.database is written')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    const taken = { ...list, publish: [{ git: { repo: 'remote.git', token: '${TOKEN}' } }] }
    await writeFile(path, JSON.stringify(taken))
    await chmod(path, 0o644)
    expect((await look(undefined, { TOKEN: 'of-the-environment' })).line('secrets')).toMatchObject({
      result: 'ok',
      found: 'none is written into the file',
    })
  })

  test('of several sites is told site by site, or of the one named', async () => {
    const sites = { de: { site: 'https://de.invalid' }, us: { site: 'https://us.invalid' } }
    const config = { sections: list.sections, sites }
    const said = await look(config)
    expect(said.lines.filter(({ what }) => what === 'other runs').map(({ site }) => site)).toEqual(['de', 'us'])
    const one = await examined(config, { folder: folder.path, sites: ['us'] })
    expect(one.lines.filter(({ what }) => what === 'other runs').map(({ site }) => site)).toEqual(['us'])
    await expect(examined(config, { folder: folder.path, sites: ['fr'] })).rejects.toMatchObject({
      code: 'SITE_UNKNOWN',
    })
    const halfWrong = { ...config, sites: { ...sites, us: { site: 'https://us.invalid', schedule: 'x' } } }
    const half = await look(halfWrong)
    expect(half.line('sites.us.schedule').result).toBe('failed')
    expect(half.lines.filter(({ what }) => what === 'other runs').map(({ site }) => site)).toContain('de')
  })
})

describe('the schedule', () => {
  test('comes next at three times in its own zone', async () => {
    const said = await look({ ...list, schedule: { cron: '30 2 1 1 *', timezone: 'Asia/Kolkata' } })
    const year = new Date().getUTCFullYear()
    expect(said.line('times').found).toBe(
      `"30 2 1 1 *" comes next at ${[1, 2, 3].map(more => `${year + more}-01-01 02:30`).join(', ')} (Asia/Kolkata), where "storemap serve" runs`,
    )
    expect((await look(list)).line('times').found).toContain('none configured')
  })

  test('says when another run of the site is under way, and keeps none from starting', async () => {
    const { lockKey } = await loadSite({ config: list, folder: folder.path, environment: {} })
    const free = await look(list)
    expect(free.line('other runs').found).toContain('none is under way')
    const lock = await acquireLock(lockKey)
    if ('heldBy' in lock) throw new Error('the lock is held by somebody else')
    try {
      expect((await look(list)).line('other runs').found).toContain(`process ${process.pid} since `)
    } finally {
      await lock.release()
    }
  })
})

describe('a folder', () => {
  const folderTarget = async (options: object | string, prepare?: () => Promise<unknown>) => {
    await prepare?.()
    return look({ ...list, robots: {}, publish: [{ directory: options }] })
  }

  test('that is there or can be made is ready, and is left as it was', async () => {
    const said = await folderTarget('public/here')
    expect(said.line('folder', 'target folder')).toMatchObject({
      result: 'ok',
      found: expect.stringMatching(/public\/here, to be made in .*: writable, [\d.]+ [GM]B free$/),
    })
    expect(said.line('bundle').found).toBe('none yet, and nothing in the way of the first')
    expect(said.line('state', 'disk').result).toBe('ok')
    expect(await readdir(folder.path)).toEqual([])
  })

  test("with somebody else's files in it fails, and links into a store of ours are none", async () => {
    const said = await folderTarget('public', async () => {
      await mkdir(join(folder.path, 'public'))
      await writeFile(join(folder.path, 'public', 'sitemap.xml'), '<urlset/>')
      await symlink('.storemap/current/robots.txt', join(folder.path, 'public', 'robots.txt'))
    })
    expect(said.line('bundle')).toMatchObject({
      result: 'failed',
      found: expect.stringMatching(/^sitemap.xml of somebody/),
    })
  })

  test('below a file cannot be made', async () => {
    await writeFile(join(folder.path, 'file'), '')
    expect((await folderTarget('file/public')).line('folder')).toMatchObject({ result: 'failed' })
  })

  test('for temporary files that is not there is told', async () => {
    const gone = join(folder.path, 'tmp')
    const said = await withTemp(gone, async () => {
      await writeFile(join(folder.path, 'here'), '')
      return look(list)
    })
    expect(said.line('temporary folder').found).toContain(gone)
  })
})

describe('a target over HTTP', () => {
  test('has a port that is free, held by a server of ours, or taken by another program', async () => {
    const port = await freePort()
    const config = { ...list, publish: [{ http: port }] }
    expect((await look(config)).line('port')).toMatchObject({
      result: 'ok',
      found: expect.stringContaining('is free'),
    })
    const site = await loadSite({ config, folder: folder.path, environment: {} })
    await runSite(site)
    const servers = await serveTargets(site.httpTargets, { onFailure: cause => expect(cause).toBeUndefined() })
    const held = (await look(config)).line('port')
    await servers.close()
    expect(held).toMatchObject({
      result: 'ok',
      found: expect.stringMatching(/held by a "storemap serve", which serves revision [0-9a-f]{12}$/),
    })
    await using other = await serveFolder(folder.path)
    const taken = Number(new URL(other.url).port)
    expect((await look({ ...list, publish: [{ http: taken }] })).line('port')).toMatchObject({
      result: 'failed',
      code: 'SERVER_PORT_TAKEN',
    })
  })
})

describe('a bucket', () => {
  let server: S3Server | undefined
  beforeAll(async () => {
    server = await startS3Server()
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  test('is listed, written under conditions, and left as it was; one that is not there is told', async context => {
    if (!server) return context.skip('no S3 server here')
    const bucket = await server.makeBucket()
    const s3 = { bucket: bucket.name, endpoint: server.endpoint, ...KEYS }
    const said = await look({ ...list, publish: [{ s3 }] })
    const told = said.lines.filter(({ area }) => area.startsWith('target'))
    expect(
      told.map(({ what, result }) => `${what} ${result}`),
      textOf(said.lines),
    ).toEqual(['list ok', 'bundle ok', 'write ok'])
    expect((await look({ ...list, publish: [{ s3 }] })).line('list').found).toBe('0 objects')
    const gone = await look({ ...list, publish: [{ s3: { ...s3, bucket: 'no-such-bucket' } }] })
    expect(gone.line('list')).toMatchObject({ result: 'failed', code: 'TARGET_BUCKET_MISSING' })
  })

  test('whose server takes no notice of conditions fails', async context => {
    if (!server) return context.skip('no S3 server here')
    await using gateway = await startGateway(server.endpoint, () => 'unconditional')
    const bucket = await server.makeBucket()
    const s3 = { bucket: bucket.name, endpoint: gateway.endpoint, ...KEYS }
    expect((await look({ ...list, publish: [{ s3 }] })).line('write')).toMatchObject({
      result: 'failed',
      found: expect.stringContaining('takes no notice of conditions'),
    })
    expect((await look({ ...list, publish: [{ s3: { ...s3, conditionalWrites: false } }] })).line('write').result).toBe(
      'warning',
    )
  })

  test('that takes nothing from this key fails', async context => {
    if (!server) return context.skip('no S3 server here')
    await using gateway = await startGateway(server.endpoint, ({ method }) =>
      method === 'PUT' ? { status: 403, code: 'AccessDenied' } : 'pass',
    )
    const bucket = await server.makeBucket()
    const s3 = { bucket: bucket.name, endpoint: gateway.endpoint, ...KEYS }
    expect((await look({ ...list, publish: [{ s3 }] })).line('write')).toMatchObject({
      result: 'failed',
      code: 'TARGET_AUTH_FAILED',
    })
  })
})
