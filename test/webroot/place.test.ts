import { execFileSync } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LASTMOD, makeBundle, urlset } from '../helpers/bundle.ts'
import { expectServed, makeSetting, snapshot } from './setting.ts'

const modes = ['link', 'copy'] as const
const other = { link: 'copy', copy: 'link' } as const

describe.each(modes)('a bundle placed in a served folder (%s)', mode => {
  test('stands at the top, beside files of others, and a second one takes its place', async () => {
    await using setting = await makeSetting()
    const { dir, first, second } = setting
    await mkdir(dir)
    await writeFile(join(dir, 'index.html'), 'shop')
    expect(await setting.place(first, mode)).toEqual({ written: 5, removed: 0, unchanged: false })
    await expectServed(dir, first, mode, ['index.html'])
    // robots.txt is the same in both.
    expect(await setting.place(second, mode)).toEqual({ written: 4, removed: 1, unchanged: false })
    await expectServed(dir, second, mode, ['index.html'])
    expect(await readFile(join(dir, 'index.html'), 'utf8')).toBe('shop')
  })

  test('can be read by everybody, and changed when its manifest says so', async () => {
    await using setting = await makeSetting()
    const before = process.umask(0o077)
    try {
      await setting.place(setting.first, mode)
    } finally {
      process.umask(before)
    }
    const served = await stat(join(setting.dir, 'sitemap.xml'))
    expect(served.mode & 0o777).toBe(0o644)
    expect(served.mtime).toEqual(new Date(LASTMOD))
    const folders = (await readdir(setting.dir, { recursive: true, withFileTypes: true })).filter(e => e.isDirectory())
    for (const { parentPath, name } of [...folders, { parentPath: setting.temp, name: 'public' }]) {
      expect((await stat(join(parentPath, name))).mode & 0o777, name).toBe(0o755)
    }
  })

  test('is not written again where it stands, whole', async () => {
    await using setting = await makeSetting()
    await setting.place(setting.first, mode)
    const before = await snapshot(setting.dir)
    expect(await setting.place(setting.first, mode)).toEqual({ written: 0, removed: 0, unchanged: true })
    expect(await snapshot(setting.dir)).toEqual(before)
  })

  test('is healed where a file is missing, altered in place, truncated, or a link to elsewhere', async () => {
    await using setting = await makeSetting()
    const { dir, temp, first } = setting
    await writeFile(join(temp, 'elsewhere'), 'elsewhere')
    const damages: Record<string, () => Promise<void>> = {
      missing: () => rm(join(dir, 'sitemap.xml')),
      altered: () => writeFile(join(dir, 'sitemap.xml'), 'x'.repeat(first.manifest.files['sitemap.xml']?.bytes ?? 0)),
      truncated: () => truncate(join(dir, 'sitemap-products-00.xml'), 10),
      linked: async () => {
        await rm(join(dir, 'sitemap.xml'))
        await symlink(join(temp, 'elsewhere'), join(dir, 'sitemap.xml'))
      },
      'without a manifest': () => rm(join(dir, 'storemap.json')),
    }
    await setting.place(first, mode)
    for (const [name, damage] of Object.entries(damages)) {
      await damage()
      expect(await setting.place(first, mode), name).toEqual({ written: 1, removed: 0, unchanged: false })
      await expectServed(dir, first, mode)
    }
    expect(await readFile(join(temp, 'elsewhere'), 'utf8')).toBe('elsewhere')
  })

  test('goes over to the other mode and back, to the same bundle or another', async () => {
    await using setting = await makeSetting()
    await setting.place(setting.first, mode)
    await setting.place(setting.first, other[mode])
    await expectServed(setting.dir, setting.first, other[mode])
    await setting.place(setting.second, mode)
    await expectServed(setting.dir, setting.second, mode)
    await setting.place(setting.third, other[mode])
    await expectServed(setting.dir, setting.third, other[mode])
    const kept = other[mode] === 'copy' ? ['placed.json'] : ['current', 'releases']
    expect((await readdir(join(setting.dir, '.storemap'))).sort()).toEqual(kept)
    expect(await setting.place(setting.third, other[mode])).toMatchObject({ unchanged: true })
  })

  test('never lets a file be missing while modes change', async () => {
    await using setting = await makeSetting()
    await setting.place(setting.first, mode)
    let isDone = false
    let reads = 0
    const reading = (async () => {
      while (!isDone) {
        for (const name of ['sitemap.xml', 'storemap.json', 'robots.txt', 'sitemap-products-00.xml']) {
          expect((await readFile(join(setting.dir, name))).length).toBeGreaterThan(0)
          reads++
        }
      }
    })()
    for (let round = 0; round < 10; round++) {
      await setting.place(setting.second, other[mode])
      await setting.place(setting.first, mode)
    }
    isDone = true
    await reading
    expect(reads).toBeGreaterThan(100)
  })

  test('may lie in a folder that is itself a link', async () => {
    await using setting = await makeSetting()
    const real = join(setting.temp, 'real')
    await mkdir(real)
    await symlink('real', setting.dir)
    await setting.place(setting.first, mode)
    await setting.place(setting.second, mode)
    await expectServed(real, setting.second, mode)
    expect((await lstat(setting.dir)).isSymbolicLink()).toBe(true)
  })
})

describe.each(modes)('a bundle that is not what its manifest names (%s)', mode => {
  const cases: Record<string, (path: string, temp: string) => Promise<unknown>> = {
    'a file with one byte altered': async path => {
      const bytes = await readFile(path)
      bytes[bytes.length - 20] = 88
      await writeFile(path, bytes)
    },
    'a file that is longer': path => writeFile(path, 'more', { flag: 'a' }),
    'a file that is shorter': path => truncate(path, 30),
    'a missing file': path => rm(path),
    'a link to a file with the very same bytes': async (path, temp) => {
      await writeFile(join(temp, 'twin'), await readFile(path))
      await rm(path)
      await symlink(join(temp, 'twin'), path)
    },
    'a folder': async path => {
      await rm(path)
      await mkdir(path)
    },
    'a named pipe, which is not waited for': async path => {
      await rm(path)
      execFileSync('mkfifo', [path])
    },
  }

  test.each(Object.entries(cases))('%s is refused, and the old bundle stays whole', async (_, alter) => {
    await using setting = await makeSetting()
    const { dir, first, second } = setting
    await setting.place(first, mode)
    await alter(join(second.dir, 'sitemap-products-02.xml'), setting.temp)
    await expect(setting.place(second, mode)).rejects.toMatchObject({
      code: 'BUNDLE_FILE_ALTERED',
      message: expect.stringContaining('"sitemap-products-02.xml"'),
    })
    await expectServed(dir, first, mode)
    expect(await setting.place(first, mode)).toMatchObject({ unchanged: true })
  })

  test('a name that leaves the folder is refused before anything is touched', async () => {
    await using setting = await makeSetting()
    const file = setting.first.manifest.files['robots.txt']
    const manifest = { ...setting.first.manifest, files: { '../robots.txt': file } }
    await expect(setting.place({ ...setting.first, manifest } as never, mode)).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
    })
    await expect(stat(setting.dir)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a file that the manifest does not name stays behind', async () => {
    await using setting = await makeSetting()
    await writeFile(join(setting.first.dir, 'extra.xml'), '<urlset/>')
    await setting.place(setting.first, mode)
    await expectServed(setting.dir, setting.first, mode)
  })

  test('an aborted run leaves the old bundle, and nothing of its own', async () => {
    await using setting = await makeSetting()
    await setting.place(setting.first, mode)
    const before = await snapshot(setting.dir)
    // Aborts in the middle of the copying: at the time the signal is asked for the fourth time.
    let asked = 0
    const signal = { throwIfAborted: () => ++asked > 3 && expect.fail('stop') } as unknown as AbortSignal
    await expect(setting.place(setting.second, mode, { signal })).rejects.toThrow('stop')
    expect(asked).toBe(4)
    const after = await snapshot(setting.dir)
    delete before['.storemap']
    delete after['.storemap']
    expect(after).toEqual(before)
    await expect(setting.place(setting.second, mode, { signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow(
      'late',
    )
  })
})

describe.each(modes)('what a killed process left (%s)', mode => {
  test('its stage is removed, that of a living process is not', async () => {
    await using setting = await makeSetting()
    await setting.place(setting.first, mode)
    const store = join(setting.dir, '.storemap')
    const deadPid = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))
    const own = `stage-${process.pid}-of-a-predecessor-with-the-same-id`
    for (const name of [`stage-${deadPid}-0123`, own, `stage-${process.ppid}-0123`, 'stage-1-0123abcd-9876']) {
      await mkdir(join(store, name, 'files'), { recursive: true })
    }
    await setting.place(setting.second, mode)
    const left = async () => (await readdir(store)).filter(name => name.startsWith('stage-')).sort()
    const living = [`stage-${process.ppid}-0123`]
    // The last one is of another host, whose processes nobody here can see: it goes after a day.
    expect(await left()).toEqual([...living, 'stage-1-0123abcd-9876'].sort())
    const old = new Date(Date.now() - 2 * 86_400_000)
    await utimes(join(store, 'stage-1-0123abcd-9876'), old, old)
    await setting.place(setting.first, mode)
    expect(await left()).toEqual(living)
  })

  test('a release that is there but not whole is not trusted', async () => {
    await using setting = await makeSetting()
    const { dir, first, second } = setting
    await setting.place(first, mode)
    const release = join(dir, '.storemap', 'releases', second.revision)
    await mkdir(join(release, 'sitemap.xml'), { recursive: true })
    await writeFile(join(release, 'sitemap-products-00.xml'), 'half')
    await setting.place(second, mode)
    await expectServed(dir, second, mode)
  })

  test('new links that lead nowhere yet are taken up, or removed', async () => {
    await using setting = await makeSetting()
    const { dir, first, second, third } = setting
    await setting.place(first, mode)
    for (const name of ['sitemap-products-02.xml', 'sitemap-products-77.xml']) {
      await symlink(`.storemap/current/${name}`, join(dir, name))
    }
    await setting.place(second, mode)
    await expectServed(dir, second, mode)
    await symlink('.storemap/current/sitemap-products-77.xml', join(dir, 'sitemap-products-77.xml'))
    await setting.place(third, mode)
    await expectServed(dir, third, mode)
  })
})

test("names of the program's own folder are free for files of a bundle", async () => {
  await using setting = await makeSetting()
  const bundle = await makeBundle(join(setting.temp, 'odd'), {
    'sitemap.xml': urlset('/'),
    'placed.json': '{}',
    current: 'x',
    link: 'x',
    __proto__x: 'x',
  })
  for (const mode of modes) {
    await setting.place(bundle, mode)
    await expectServed(setting.dir, bundle, mode)
  }
})
