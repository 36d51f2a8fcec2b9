// `storemap verify` as a workflow calls it: after a publish, against what a web server shows.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createProject, listShop, type Project, paths } from '../helpers/project.ts'
import { serveFolder } from '../oracles/serve-folder.ts'

let project: Project
beforeEach(async () => {
  project = await createProject()
  await project.configure({
    ...listShop,
    robots: {},
    publish: [{ git: { repo: '../sitemap.git' } }],
    limits: { entries: 10 },
  })
  await project.write('paths.txt', paths(25))
  expect((await project.run(['run'])).code).toBe(0)
  expect((await project.run(['pull', '--from', '../sitemap.git', '--to', 'public'])).code).toBe(0)
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

test('is green where the site serves what the repository has, and says so', async () => {
  await using served = await serveFolder(join(project.dir, 'public'))
  const verified = await project.run(['verify', '--site', served.url, '--from', '../sitemap.git'])
  expect(verified).toMatchObject({ code: 0, stderr: '' })
  expect(verified.stdout).toMatch(
    /serves revision [0-9a-f]{12}: \d+ files with the right bytes and types, and robots.txt names it\n$/,
  )
  const { code, stdout } = await project.run(['verify', '--site', served.url, '--from', 'public', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ site: served.url, attempts: 1 })
})

test('is red where a newer one was published and nobody fetched it, and names both', async () => {
  await using served = await serveFolder(join(project.dir, 'public'))
  await project.write('paths.txt', paths(26))
  expect((await project.run(['run'])).code).toBe(0)
  const verified = await project.run(['verify', '--site', served.url, '--from', '../sitemap.git', '--timeout', '1s'])
  expect(verified.code).toBe(1)
  expect(verified.stderr).toContain('VERIFY_FAILED')
  expect(verified.stderr).toContain('it has other bytes than the published one')
  expect(verified.stderr).toMatch(/It serves revision [0-9a-f]{12}\./)
})

test('of a file that was altered on the server names the file', async () => {
  const name = (await project.repository.names()).find(each => each.startsWith('sitemap-')) as string
  const file = join(project.dir, 'public', name)
  await writeFile(file, (await readFile(file, 'utf8')).replace('page-1', 'page-x'))
  await using served = await serveFolder(join(project.dir, 'public'))
  const verified = await project.run(['verify', '--site', served.url, '--from', '../sitemap.git', '--timeout', '1s'])
  expect(verified).toMatchObject({ code: 1, stderr: expect.stringContaining(`/${name}: it has other bytes`) })
})

test('a repository without a bundle, an address that is none and a time that is none are told', async () => {
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await project.run(['verify', ...args])
    return [code, stderr.split('\n')[0]]
  }
  const site = ['--site', 'https://shop.example.com']
  expect(await wrong(...site, '--from', 'nothing.git', '--timeout', '1s')).toEqual([
    1,
    expect.stringContaining('TARGET_'),
  ])
  expect(await wrong(...site, '--from', '../sitemap.git', '--branch', 'none')).toEqual([
    1,
    expect.stringContaining('PULL_NO_BUNDLE'),
  ])
  expect(await wrong('--site', 'shop.example.com', '--from', 'public')).toEqual([2, expect.stringContaining('--site')])
  expect(await wrong(...site, '--from', 'public', '--timeout', 'soon')).toEqual([
    2,
    expect.stringContaining('--timeout'),
  ])
})
