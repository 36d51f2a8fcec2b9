// What the doctor says of a shop's database: by real roles of all kinds.
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tempFolder } from '../helpers/bundle.ts'
import { startHangingServer } from '../helpers/hanging-server.ts'
import { freePort } from '../helpers/http.ts'
import { createDatabase, databaseUrl, type TestDatabase, withClient } from '../helpers/postgres.ts'
import { demoShop } from '../helpers/project.ts'
import { examined, textOf } from './setting.ts'

let database: TestDatabase
let folder: AsyncDisposable & { readonly path: string }
beforeAll(async () => {
  database = await createDatabase({ template: 'demo' })
  folder = await tempFolder()
})
afterAll(async () => {
  await database?.drop()
  await folder?.[Symbol.asyncDispose]()
})

let role: string
beforeEach(async () => {
  role = `doctor_${randomBytes(6).toString('hex')}`
  await database.query(`create role ${role} login password 'doctors-secret'`)
})
afterEach(async () => {
  await database.query(`drop owned by ${role}`)
  await database.query(`drop role ${role}`)
})

/** The same database as the role. */
function asRole(): string {
  const url = new URL(database.url)
  url.username = role
  url.password = 'doctors-secret'
  return url.href
}

const DEMO_TABLES = [
  'channel_channel',
  'product_product',
  'product_productchannellisting',
  'product_productvariant',
  'product_productvariantchannellisting',
  'product_category',
  'product_collection',
  'product_collectionchannellisting',
  'page_page',
  'product_productmedia',
  'attribute_attribute',
  'attribute_attributevalue',
  'attribute_attributeproduct',
  'attribute_assignedproductattributevalue',
  'attribute_attributepage',
  'attribute_assignedpageattributevalue',
]
const grant = (...tables: string[]) => database.query(`grant select on ${tables.join(', ')} to ${role}`)

const lookAs = (url: string, config: object = demoShop, limitMs = 30_000) =>
  examined(config, { folder: folder.path, environment: { DATABASE_URL: url }, limitMs })
const ofDatabase = ({ lines }: Awaited<ReturnType<typeof lookAs>>) => lines.filter(({ area }) => area === 'database')

describe('the role', () => {
  test('with SELECT on what the sections read, and nothing else, is all green', async () => {
    await grant(...DEMO_TABLES, 'django_migrations')
    const said = await lookAs(asRole())
    expect(
      ofDatabase(said).map(({ what, result }) => `${what} ${result}`),
      textOf(said.lines),
    ).toEqual([
      'connection ok',
      'clock ok',
      'saleor ok',
      'tables ok',
      'channel ok',
      'role ok',
      'timeouts ok',
      'connections ok',
      'sections ok',
    ])
    expect(said.line('connection').found).toMatch(new RegExp(`PostgreSQL \\d+.*, as ${role}`))
    expect(said.line('saleor').found).toBe(
      'by its columns, Saleor 3.23 or newer; newest migration attribute 0058_alter_attribute_type',
    )
  })

  test('of a superuser, an owner, and one that may write are each told that reading is enough, with the SQL', async () => {
    const owner = await lookAs(database.url)
    expect(owner.line('role')).toMatchObject({ result: 'warning', found: expect.stringMatching(/is a superuser|owns/) })
    expect(owner.line('role').remedy).toMatch(
      /^docs\/database-role.md: CREATE ROLE storemap LOGIN .*GRANT SELECT ON .*product_product.* TO storemap;$/,
    )
    await grant(...DEMO_TABLES)
    await database.query(`grant insert on product_product to ${role}`)
    expect((await lookAs(asRole())).line('role')).toMatchObject({
      result: 'warning',
      found: `${role} may write 1 of the shop's tables; a read-only role is enough`,
    })
    const before = (await database.query("select tableowner from pg_tables where tablename = 'page_page'"))[0]
      .tableowner
    await database.query(`alter table page_page owner to ${role}`)
    const owning = await lookAs(asRole())
    await database.query(`alter table page_page owner to ${before}`)
    expect(owning.line('role').found).toMatch(/owns 1 of the shop's tables/)
  })

  test('without some grants is told all of them at once, with the GRANT that helps', async () => {
    const left = DEMO_TABLES.filter(name => !['page_page', 'product_category', 'product_productmedia'].includes(name))
    await grant(...left)
    const said = await lookAs(asRole())
    const line = said.line('tables')
    expect(line).toMatchObject({
      result: 'failed',
      found: `${role} may not read page_page, product_category, product_productmedia`,
      remedy: `GRANT SELECT ON page_page, product_category, product_productmedia TO "${role}";`,
    })
    // What is told helps.
    await database.query(line.remedy as string)
    expect((await lookAs(asRole())).line('tables').result).toBe('ok')
  })

  test('without a grant at all is told of every table', async () => {
    const said = await lookAs(asRole())
    expect(said.line('tables').found).toContain('channel_channel')
    await database.query(said.line('tables').remedy as string)
    const then = await lookAs(asRole())
    expect(then.line('tables'), textOf(then.lines)).toMatchObject({ result: 'ok' })
    expect(then.line('sections').result).toBe('ok')
  })

  test('with grants of columns is told which ones are missing', async () => {
    await grant(...DEMO_TABLES.filter(name => name !== 'page_page'))
    await database.query(`grant select (id, slug) on page_page to ${role}`)
    const line = (await lookAs(asRole())).line('tables')
    expect(line).toMatchObject({ result: 'failed', found: expect.stringContaining('of page_page') })
    expect(line.found).toMatch(/is_published/)
    expect(line.found).not.toMatch(/columns .*\bslug\b/)
    await database.query(line.remedy as string)
    expect((await lookAs(asRole())).line('tables').result).toBe('ok')
  })

  test('without the schema is told so, and not that the database is no Saleor', async () => {
    const own = await createDatabase({ template: 'demo' })
    try {
      await own.query('revoke usage on schema public from public')
      const url = new URL(own.url)
      url.username = role
      url.password = 'doctors-secret'
      const said = await lookAs(url.href)
      expect(said.line('saleor')).toMatchObject({
        result: 'failed',
        found: `the tables of Saleor are in the schema "public", which ${role} does not see`,
        remedy: expect.stringContaining(`GRANT USAGE ON SCHEMA public TO "${role}"`),
      })
    } finally {
      await own.drop()
    }
  })

  test('of whom row level security hides records is told, since they would go from the sitemap', async () => {
    await grant(...DEMO_TABLES)
    await database.query('alter table page_page enable row level security')
    const said = await lookAs(asRole())
    await database.query('alter table page_page disable row level security')
    expect(said.line('tables')).toMatchObject({ result: 'warning', found: expect.stringContaining('page_page') })
  })

  test('whose own timeouts would end a run is told; its statement_timeout is replaced', async () => {
    await grant(...DEMO_TABLES)
    await database.query(`alter role ${role} set statement_timeout = '5s'`)
    expect((await lookAs(asRole())).line('timeouts')).toMatchObject({
      result: 'ok',
      found: "a run sets its own statement_timeout of 15 min, in the place of the role's own of 5 s",
    })
    await database.query(`alter role ${role} set idle_in_transaction_session_timeout = '10s'`)
    const line = (await lookAs(asRole())).line('timeouts')
    expect(line).toMatchObject({ result: 'warning', found: expect.stringContaining('idle for 10 s') })
    await database.query(line.remedy as string)
    expect((await lookAs(asRole())).line('timeouts').result).toBe('ok')
  })

  test('that may keep hardly a connection is told', async () => {
    await grant(...DEMO_TABLES)
    await database.query(`alter role ${role} connection limit 2`)
    expect((await lookAs(asRole())).line('connections')).toMatchObject({ result: 'warning' })
  })
})

describe('the shop', () => {
  test('has the channel, which is active', async () => {
    const shop = { ...demoShop, source: { saleor: { ...demoShop.source.saleor, channel: 'defualt-channel' } } }
    expect((await lookAs(database.url, shop)).line('channel')).toMatchObject({
      result: 'failed',
      found: 'there is no channel "defualt-channel"',
      remedy: 'Set "source.saleor.channel". Did you mean "default-channel"?',
    })
    await database.query("update channel_channel set is_active = false where slug = 'default-channel'")
    const said = await lookAs(database.url)
    await database.query("update channel_channel set is_active = true where slug = 'default-channel'")
    expect(said.line('channel')).toMatchObject({ result: 'warning', found: expect.stringContaining('not active') })
    expect(said.lines.filter(({ found }) => found.includes('not active'))).toHaveLength(1)
  })

  test('that has no such field or slug is told by the sections', async () => {
    const where = { 'attributes.no-such-thing': 'red' }
    const sections = { products: { ...demoShop.sections.products, where } }
    const said = await lookAs(database.url, { ...demoShop, sections })
    expect(said.code).toBe('failed')
    expect(said.lines.find(({ what }) => what.startsWith('sections.products.where'))).toMatchObject({
      result: 'failed',
    })
  })

  test('that is no Saleor is told so', async () => {
    const empty = await createDatabase()
    const said = await lookAs(empty.url)
    await empty.drop()
    expect(said.line('saleor')).toMatchObject({ result: 'failed', found: expect.stringContaining('nowhere') })
  })
})

describe('a database that cannot be asked', () => {
  test('since nobody listens, the password is wrong, or it is not there, fails in words, without the password', async () => {
    const wrong = async (url: string) => (await lookAs(url)).line('connection')
    const port = await freePort()
    expect(await wrong(`postgres://storemap:doctors-secret@127.0.0.1:${port}/saleor`)).toMatchObject({
      result: 'failed',
      code: 'SOURCE_UNREACHABLE',
    })
    expect(await wrong(databaseUrl(database.url, 'no_such_database'))).toMatchObject({
      code: 'SOURCE_DATABASE_MISSING',
    })
    const url = new URL(asRole())
    url.password = 'another-secret'
    const isChecked = await withClient(url.href, async () => false).catch(() => true)
    if (isChecked) expect(await wrong(url.href)).toMatchObject({ code: 'SOURCE_AUTH_FAILED' })
    expect(JSON.stringify(await lookAs(url.href))).not.toMatch(/doctors-secret|another-secret/)
  })

  test('since it hangs, is cut off and told, while the other checks have their say', async () => {
    await using server = await startHangingServer()
    const said = await lookAs(`postgres://storemap@127.0.0.1:${server.port}/saleor`, demoShop, 1_500)
    expect(said.line('connection')).toMatchObject({ result: 'failed', code: 'SOURCE_UNREACHABLE' })
    expect(said.line('node').result).toBe('ok')
  })
})
