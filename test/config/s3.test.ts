// S3 targets in a configuration: their options, where their keys come from, and what two of them may not share.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSites } from '../../src/compose.ts'
import { checkConfig } from '../../src/config/check.ts'
import { checkSites, problemsOf } from '../../src/config/sites.ts'
import { s3Options } from '../../src/publishers/s3/options.ts'
import { redact } from '../../src/redact.ts'
import { tempFolder } from '../helpers/bundle.ts'

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIA1',
  AWS_SECRET_ACCESS_KEY: 'secret/of+env',
  AWS_SESSION_TOKEN: 'token-of-env',
}
const KEYS = { accessKeyId: 'AKIA2', secretAccessKey: 'secret-of-file' }

const configOf = (...targets: object[]) => ({
  site: 'https://shop.example.com',
  sections: { static: { of: 'list', paths: ['/'] } },
  publish: targets.map(s3 => ({ s3 })),
})
const problemsIn = async (...targets: object[]) =>
  problemsOf(await checkSites(configOf(...targets), '/', ENVIRONMENT)).map(({ path, message }) => `${path}: ${message}`)

describe('the options of an S3 target', () => {
  test('are a bucket, and defaults', () => {
    expect(s3Options.parse({ bucket: 'shop.example.com' })).toEqual({
      bucket: 'shop.example.com',
      prefix: '',
      region: 'us-east-1',
      cacheControl: 'public, max-age=300',
      conditionalWrites: true,
    })
  })

  test('take a prefix and an endpoint with or without a slash at the end', () => {
    const { prefix, endpoint, statePrefix } = s3Options.parse({
      bucket: 'shop',
      prefix: 'maps/de',
      endpoint: 'https://s3.example.com/base/',
      statePrefix: 'private',
    })
    expect({ prefix, endpoint, statePrefix }).toEqual({
      prefix: 'maps/de/',
      endpoint: 'https://s3.example.com/base',
      statePrefix: 'private/',
    })
  })

  test.each([
    ['bucket', {}],
    ['bucket', { bucket: 'a' }],
    ['bucket', { bucket: 'shop/maps' }],
    ['bucket', { bucket: 'shop..maps' }],
    ['bucket', { bucket: 'shop:80' }],
    ['prefix', { prefix: '/maps' }],
    ['prefix', { prefix: 'maps//de' }],
    ['prefix', { prefix: 'maps/../de' }],
    ['prefix', { prefix: './maps' }],
    ['prefix', { prefix: 'maps\n' }],
    ['prefix', { prefix: 'maps\\de' }],
    ['prefix', { prefix: 'x'.repeat(401) }],
    ['statePrefix', { statePrefix: '' }],
    ['statePrefix', { statePrefix: '../private' }],
    ['statePrefix', { prefix: 'maps', statePrefix: 'maps/' }],
    ['region', { region: 'eu-central-1.evil.example/' }],
    ['endpoint', { endpoint: 's3.example.com' }],
    ['endpoint', { endpoint: 'ftp://s3.example.com' }],
    ['endpoint', { endpoint: 'https://key:hidden@s3.example.com' }],
    ['endpoint', { endpoint: 'https://s3.example.com/?a=b' }],
    ['cacheControl', { cacheControl: 'no-cache\r\nX-Evil: 1' }],
    ['accessKeyId', { accessKeyId: '' }],
    ['buckett', { buckett: 'shop' }],
  ])('have a mistake in "%s": %j', async (name, options) => {
    const target = name === 'bucket' ? { ...KEYS, ...options } : { bucket: 'shop', ...KEYS, ...options }
    const problems = await problemsIn(target)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^publish\\[0\\]\\.s3\\.${name}: `))
    expect(problems[0]).not.toContain('hidden')
  })
})

describe('the keys of an S3 target', () => {
  test('are those of the environment, all of them, where it has none of its own', async () => {
    const { config } = await checkConfig(configOf({ bucket: 'shop' }, { bucket: 'other', ...KEYS }), '/', ENVIRONMENT)
    const [first, second] = config?.publish ?? []
    expect(first?.s3).toMatchObject({
      accessKeyId: 'AKIA1',
      secretAccessKey: 'secret/of+env',
      sessionToken: 'token-of-env',
    })
    expect(second?.s3).toMatchObject(KEYS)
    expect(second?.s3?.sessionToken).toBeUndefined()
    expect(redact('secret/of+env, token-of-env, secret-of-file')).toBe('***, ***, ***')
  })

  test('are read from the files that the environment names, too', async () => {
    await using temp = await tempFolder()
    const file = join(temp.path, 'secret')
    await writeFile(file, 'mounted-secret\n')
    const environment = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY_FILE: file }
    const { config } = await checkConfig(configOf({ bucket: 'shop' }), '/', environment)
    expect(config?.publish[0]?.s3).toMatchObject({ accessKeyId: 'AKIA1', secretAccessKey: 'mounted-secret' })
  })

  test('are missed before anything is done', async () => {
    const { problems } = await checkConfig(configOf({ bucket: 'shop' }), '/', {})
    expect(problems).toMatchObject([
      { path: 'publish[0].s3.accessKeyId', hint: expect.stringContaining('AWS_ACCESS_KEY_ID') },
      { path: 'publish[0].s3.secretAccessKey' },
    ])
    expect(await problemsIn({ bucket: 'shop', accessKeyId: 'AKIA2' })).toEqual([
      'publish[0].s3.secretAccessKey: Expected a key, and there is none.',
    ])
  })
})

describe('two S3 targets', () => {
  test('are one where bucket, prefix and endpoint are the same', async () => {
    const here = { bucket: 'shop', prefix: 'maps' }
    expect(await problemsIn(here, { bucket: 'shop', prefix: 'maps/' })).toEqual([
      'publish[1]: The same target as publish[0].',
    ])
    expect(await problemsIn(here, { ...here, endpoint: 'https://s3.example.com' }, { bucket: 'shop' })).toEqual([])
  })

  test('do not keep their state in one folder, nor one in the folder of the other', async () => {
    const one = { bucket: 'shop', prefix: 'de', statePrefix: 'state' }
    expect(await problemsIn(one, { bucket: 'shop', prefix: 'us', statePrefix: 'state/' })).toEqual([
      'publish[0].s3.statePrefix: "state/" is a folder of publish[1]: each needs one of its own.',
      'publish[1].s3.statePrefix: "state/" is a folder of publish[0]: each needs one of its own.',
    ])
    expect(await problemsIn(one, { bucket: 'shop', prefix: 'state' })).toHaveLength(1)
    const { sections } = configOf()
    const siteOf = (host: string, s3: object) => ({ site: `https://${host}.example.com`, publish: [{ s3 }] })
    const sites = { de: siteOf('de', one), us: siteOf('us', { ...one, prefix: 'us' }) }
    const problems = problemsOf(await checkSites({ sections, sites }, '/', ENVIRONMENT))
    expect(problems.map(({ path }) => path)).toEqual([
      'sites.de.publish[0].s3.statePrefix',
      'sites.us.publish[0].s3.statePrefix',
    ])
  })
})

test('a site with an S3 target has a publisher for it, and shards that are named for their content', async () => {
  const config = configOf({ bucket: 'shop', prefix: 'maps' })
  const [site] = await loadSites({ config, folder: '/', environment: ENVIRONMENT })
  expect(site?.publishers.map(({ name, keepsState }) => [name, keepsState])).toEqual([['s3 shop/maps', true]])
  expect(site?.job.versionedNames).toBe(true)
})
