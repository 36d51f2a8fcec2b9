import { existsSync } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeTempFolder, removeDeadTempFolders } from '../../src/io/temp.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { runTypeScript } from '../helpers/run-typescript.ts'

const ownTemp = process.env.TMPDIR
let temp: Awaited<ReturnType<typeof tempFolder>>

beforeEach(async () => {
  temp = await tempFolder()
  process.env.TMPDIR = temp.path
})
afterEach(async () => {
  if (ownTemp === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = ownTemp
  await temp[Symbol.asyncDispose]()
})

describe('a temporary folder', () => {
  test('is named for the program, the host, the process and the purpose, and only its user may look into it', async () => {
    const folder = await makeTempFolder('git clone')
    expect(dirname(folder.path)).toBe(tmpdir())
    expect(basename(folder.path)).toMatch(
      new RegExp(`^storemap-[0-9a-f]{8}-${process.pid}-\\d+-git-clone-[A-Za-z0-9]{6}$`),
    )
    expect((await stat(folder.path)).mode & 0o777).toBe(0o700)
    await folder.remove()
    expect(existsSync(folder.path)).toBe(false)
  })

  test('goes with its process, even if that calls process.exit', async () => {
    const { firstLine, ended } = runTypeScript(`
      const { makeTempFolder } = await load('src/io/temp.ts')
      const { path } = await makeTempFolder('exit')
      process.stdout.write(path + '\\n', () => process.exit(0))`)
    const path = await firstLine
    await ended
    expect(path).toContain('-exit-')
    expect(existsSync(path)).toBe(false)
  })
})

describe.skipIf(process.platform !== 'linux')('removing what the dead left behind', () => {
  test('takes the folder of a killed process, once it is dead', async () => {
    const { child, firstLine, ended } = runTypeScript(`
      const { makeTempFolder } = await load('src/io/temp.ts')
      const { path } = await makeTempFolder('killed')
      process.stdout.write(path + '\\n')
      setInterval(() => {}, 1000)`)
    const path = await firstLine
    await writeFile(join(path, 'file'), 'text')
    expect(await removeDeadTempFolders()).toEqual([])
    expect(existsSync(path)).toBe(true)
    child.kill('SIGKILL')
    await ended
    expect(await removeDeadTempFolders()).toEqual([path])
    expect(existsSync(path)).toBe(false)
  })

  test('takes the folder of an earlier process that had the id of a living one', async () => {
    const own = await makeTempFolder('own')
    const [, tag] = /^storemap-([0-9a-f]{8})-/.exec(basename(own.path)) ?? []
    const earlier = join(temp.path, `storemap-${tag}-${process.pid}-1-git-AAAAAA`)
    await mkdir(earlier)
    expect(await removeDeadTempFolders()).toEqual([earlier])
    expect(existsSync(own.path)).toBe(true)
    await own.remove()
  })

  test('leaves the folders of other hosts and containers, and of other programs', async () => {
    const others = ['storemap-00000000-999999999-1-git-AAAAAA', 'storemap-test-1', 'other-1']
    for (const name of others) await mkdir(join(temp.path, name))
    expect(await removeDeadTempFolders()).toEqual([])
    for (const name of others) expect(existsSync(join(temp.path, name))).toBe(true)
  })

  test('takes what another container, or this one before its restart, left behind, but only after a day', async () => {
    const [left, demo] = ['git', 'demo'].map(purpose => join(temp.path, `storemap-00000000-1-1-${purpose}-AAAAAA`))
    await mkdir(left as string)
    await mkdir(demo as string)
    const hours = (count: number): number => Date.now() + count * 3_600_000
    expect(await removeDeadTempFolders(hours(23))).toEqual([])
    expect(await removeDeadTempFolders(hours(25))).toEqual([left])
    expect(existsSync(demo as string)).toBe(true)
  })
})
