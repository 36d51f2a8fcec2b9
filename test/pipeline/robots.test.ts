// robots.txt as part of a bundle: it comes, changes and goes by itself, and never over somebody else's.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RobotsConfiguration } from '../../src/config/configuration.ts'
import { run } from '../../src/index.ts'
import { tempFolder } from '../helpers/bundle.ts'

let temp: Awaited<ReturnType<typeof tempFolder>>
beforeEach(async () => {
  temp = await tempFolder()
})
afterEach(() => temp[Symbol.asyncDispose]())

const publish = (robots?: RobotsConfiguration, options = {}) =>
  run(
    {
      site: 'https://shop.example.com',
      sections: { static: { of: 'list', paths: ['/', '/about'] } },
      publish: [{ directory: 'public' }],
      ...(robots && { robots }),
    },
    { folder: temp.path, ...options },
  )
const read = (name: string) => readFile(join(temp.path, 'public', name), 'utf8').catch(() => undefined)
const filesOf = async () => JSON.parse((await read('storemap.json')) ?? '{}').files

describe('robots.txt', () => {
  test('is written where it is configured, and is a file of the bundle without entries', async () => {
    expect((await publish({})).entries).toBe(2)
    const text = 'User-agent: *\nDisallow:\n\nSitemap: https://shop.example.com/sitemap.xml\n'
    expect(await read('robots.txt')).toBe(text)
    const { 'robots.txt': file } = await filesOf()
    expect(file.bytes).toBe(text.length)
    expect(file).not.toHaveProperty('entries')
    expect(file).not.toHaveProperty('section')
    expect((await publish({})).outcome).toBe('unchanged')
  })

  test('is published where nothing else has changed, and leaves where it is configured no longer', async () => {
    expect((await publish()).outcome).toBe('published')
    expect(await read('robots.txt')).toBeUndefined()
    expect((await publish({ disallow: ['/checkout'] })).outcome).toBe('published')
    expect(await read('robots.txt')).toContain('Disallow: /checkout\n')
    expect((await publish()).outcome).toBe('published')
    expect(await read('robots.txt')).toBeUndefined()
    expect(Object.keys(await filesOf())).toEqual(['sitemap.xml'])
  })

  test("stops the run where somebody else's stands, until it is taken over", async () => {
    await publish()
    await writeFile(join(temp.path, 'public', 'robots.txt'), 'User-agent: *\nDisallow: /\n')
    await expect(publish({})).rejects.toMatchObject({
      code: 'TARGET_FILE_FOREIGN',
      message: expect.stringContaining('"robots.txt"'),
    })
    expect(await read('robots.txt')).toContain('Disallow: /\n')
    await publish({}, { adopt: true })
    expect(await read('robots.txt')).toContain('Sitemap: ')
  })
})
