import { execFileSync } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeBundle, urlset } from '../helpers/bundle.ts'
import { expectServed, makeSetting } from './setting.ts'

test.for(['link', 'copy'] as const)(
  'a full disk is named, and the old bundle stays whole (%s)',
  async (mode, { skip }) => {
    await using setting = await makeSetting()
    await mkdir(setting.dir)
    // A file system of one megabyte.
    if (!mount(setting.dir)) return skip('only root can mount')
    try {
      await setting.place(setting.first, mode)
      const paths = Array.from({ length: 40_000 }, (_, at) => `/${at}`)
      const large = await makeBundle(join(setting.temp, 'large'), { 'sitemap.xml': urlset(...paths) })
      await expect(setting.place(large, mode)).rejects.toMatchObject({ code: 'DISK_FULL', retryable: true })
      await expectServed(setting.dir, setting.first, mode)
      expect(await readdir(setting.dir)).toContain('robots.txt')
    } finally {
      execFileSync('umount', [setting.dir])
    }
  },
)

function mount(dir: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
