// What the guard holds back and a person accepts, on every kind of target.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Configuration, run } from '../../src/index.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { createBareRepository } from '../helpers/git-remotes.ts'
import { openRepository } from '../helpers/git-target.ts'
import { KEYS, startS3Server } from '../helpers/s3-server.ts'

const server = await startS3Server()
afterAll(() => server?.[Symbol.asyncDispose]())

let folder: Awaited<ReturnType<typeof tempFolder>>
beforeEach(async () => {
  folder = await tempFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

type Target = NonNullable<Configuration['publish']>[number]
interface Place {
  readonly target: Target
  read(name: string): Promise<Buffer | undefined>
}

const inFolder =
  (name: string): Place['read'] =>
  file =>
    readFile(join(folder.path, name, file)).catch(() => undefined)
const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  'a folder': async () => ({ target: { directory: 'public' }, read: inFolder('public') }),
  'a folder of copies': async () => ({
    target: { directory: { path: 'public', switch: 'copy' } },
    read: inFolder('public'),
  }),
  'the built-in server': async () => ({
    target: { http: { port: 18_080, directory: 'served' } },
    read: inFolder('served'),
  }),
  git: async () => {
    const repository = openRepository(await createBareRepository(join(folder.path, 'r.git'), { branch: 'master' }))
    return { target: { git: { repo: 'r.git' } }, read: name => repository.read(name) }
  },
  ...(server && {
    s3: async () => {
      const bucket = await server.makeBucket()
      const target = { s3: { bucket: bucket.name, endpoint: server.endpoint, ...KEYS } }
      return { target, read: async (name: string) => (await bucket.read(name))?.bytes }
    },
  }),
}
if (!server) console.warn('SKIPPED: accepting what is held in S3, since there is no S3 server.')

const pages = (count: number) => Array.from({ length: count }, (_, index) => `/page-${index}`)

describe.each(Object.entries(PLACES))('what is held of %s', (_, open) => {
  let place: Place
  beforeEach(async () => {
    place = await open()
  })
  const publish = (paths: readonly string[], options: { accept?: boolean; others?: readonly Target[] } = {}) =>
    run(
      {
        site: 'https://shop.example.com',
        sections: { static: { of: 'list', paths } },
        limits: { entries: 10 },
        publish: [place.target, ...(options.others ?? [])],
      },
      { folder: folder.path, accept: options.accept === true },
    )
  const locs = async (): Promise<number> => {
    const found = async (name: string): Promise<string[]> =>
      [...String(await place.read(name)).matchAll(/<loc>https:\/\/shop\.example\.com\/([^<]*)</g)].map(
        match => match[1] as string,
      )
    const top = await found('sitemap.xml')
    const shards = top.filter(name => name.startsWith('sitemap-'))
    return shards.length === 0 ? top.length : (await Promise.all(shards.map(found))).flat().length
  }

  test('is published by --accept as it was made, whatever the shop says today, and then is held no more', async () => {
    await publish(pages(50))
    await expect(publish(pages(25))).rejects.toMatchObject({ code: 'BUNDLE_SHRUNK', exitCode: 3 })
    expect(await locs()).toBe(50)

    const accepted = await publish(pages(49), { accept: true })
    expect(accepted).toMatchObject({ outcome: 'published', entries: 25, warnings: [] })
    expect(await locs()).toBe(25)
    const manifest = JSON.parse(String(await place.read('storemap.json')))
    for (const name of Object.keys(manifest.files)) expect(await place.read(name), name).toBeDefined()

    await expect(publish([], { accept: true })).rejects.toMatchObject({ code: 'NOTHING_HELD', exitCode: 2 })
    expect(await publish(pages(25))).toMatchObject({ outcome: 'unchanged', revision: accepted.revision, warnings: [] })
  })

  test('goes to further targets with all its files', async () => {
    const others = [{ directory: 'second' }]
    await publish(pages(50))
    await expect(publish(pages(25))).rejects.toMatchObject({ code: 'BUNDLE_SHRUNK' })
    const { targets } = await publish([], { accept: true, others })
    expect(targets.map(({ outcome }) => outcome)).toEqual(['published', 'published'])
    const manifest = JSON.parse(String(await place.read('storemap.json')))
    for (const name of Object.keys(manifest.files))
      expect(await inFolder('second')(name), name).toEqual(await place.read(name))
  })

  test('gives way to another that is held later, and is let go by a run that passes', async () => {
    await publish(pages(50))
    for (const count of [20, 22]) {
      await expect(publish(pages(count))).rejects.toMatchObject({ code: 'BUNDLE_SHRUNK' })
    }
    expect(await publish([], { accept: true })).toMatchObject({ entries: 22 })
    await expect(publish(pages(3))).rejects.toMatchObject({ code: 'BUNDLE_SHRUNK' })
    await publish(pages(23))
    await expect(publish([], { accept: true })).rejects.toMatchObject({ code: 'NOTHING_HELD' })
  })

  test('is not published over a bundle that it was not compared with', async () => {
    await publish(pages(50))
    await expect(publish(pages(20))).rejects.toMatchObject({ code: 'BUNDLE_SHRUNK' })
    const elsewhere: Configuration = {
      site: 'https://shop.example.com',
      sections: { static: { of: 'list', paths: pages(51) } },
      limits: { entries: 10 },
      state: { directory: 'elsewhere' },
      publish: [place.target],
    }
    await run(elsewhere, { folder: folder.path })
    await expect(publish([], { accept: true })).rejects.toMatchObject({ code: 'HELD_OUTDATED', exitCode: 3 })
    expect(await locs()).toBe(51)
  })
})
