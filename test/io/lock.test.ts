import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { acquireLock } from '../../src/io/lock.ts'
import { runTypeScript } from '../helpers/run-typescript.ts'

let last = 0
const newKey = () => `test ${process.pid} ${Date.now()} ${++last}`
const taken = async (key: string) => {
  const lock = await acquireLock(key)
  if ('heldBy' in lock) throw new Error('the lock is held')
  return lock
}

describe('a lock', () => {
  test('is held once, and its holder is named', async () => {
    const key = newKey()
    const lock = await taken(key)
    const second = await acquireLock(key)
    expect(second).toMatchObject({ heldBy: { pid: process.pid, since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) } })
    await lock.release()
    await (await taken(key)).release()
  })

  test('of another key is another lock', async () => {
    const first = await taken(newKey())
    const second = await taken(newKey())
    await first.release()
    await second.release()
  })

  test('is given to one of many who want it at once', async () => {
    const key = newKey()
    const all = await Promise.all(Array.from({ length: 20 }, () => acquireLock(key)))
    const holders = all.filter(lock => !('heldBy' in lock))
    expect(holders.length).toBe(1)
    for (const lock of holders) if (!('heldBy' in lock)) await lock.release()
  })

  test('does not keep its process alive', async () => {
    const { ended } = runTypeScript(`
      const { acquireLock } = await load('src/io/lock.ts')
      await acquireLock(${JSON.stringify(newKey())})`)
    expect(await ended).toBe(0)
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)('ends with its holder, who was ended by %s', async signal => {
    const key = newKey()
    const { child, firstLine, ended } = runTypeScript(`
      const { acquireLock } = await load('src/io/lock.ts')
      await acquireLock(${JSON.stringify(key)})
      process.stdout.write('held\\n')
      setInterval(() => {}, 1000)`)
    await firstLine
    expect(await acquireLock(key)).toMatchObject({ heldBy: { pid: child.pid } })
    child.kill(signal)
    await ended
    await (await taken(key)).release()
  })

  test('is not passed on to the children of its holder', async () => {
    const key = newKey()
    const { child, firstLine, ended } = runTypeScript(`
      const { acquireLock } = await load('src/io/lock.ts')
      const { spawn } = await import('node:child_process')
      await acquireLock(${JSON.stringify(key)})
      const sleep = spawn('sleep', ['5'], { detached: true, stdio: 'ignore' })
      sleep.once('spawn', () => process.stdout.write(sleep.pid + '\\n'))
      setInterval(() => {}, 1000)`)
    const sleeper = Number(await firstLine)
    child.kill('SIGKILL')
    await ended
    await (await taken(key)).release()
    process.kill(sleeper)
  })

  test('is held by a holder too busy to answer', async () => {
    const key = newKey()
    const { child, firstLine, ended } = runTypeScript(`
      const { acquireLock } = await load('src/io/lock.ts')
      await acquireLock(${JSON.stringify(key)})
      process.stdout.write('held\\n')
      setInterval(() => {}, 1000)`)
    await firstLine
    child.kill('SIGSTOP')
    expect(await acquireLock(key)).toEqual({ heldBy: { pid: 0, since: '' } })
    child.kill('SIGKILL')
    await ended
  })

  test.skipIf(process.platform !== 'linux')('works elsewhere by a file that a dead holder does not keep', async () => {
    const key = newKey()
    const script = `
      Object.defineProperty(process, 'platform', { value: 'freebsd' })
      const { acquireLock } = await load('src/io/lock.ts')
      const lock = await acquireLock(${JSON.stringify(key)})
      process.stdout.write(('heldBy' in lock ? 'refused by ' + lock.heldBy.pid : 'held') + '\\n')
      setInterval(() => {}, 1000)`
    const first = runTypeScript(script)
    expect(await first.firstLine).toBe('held')
    const second = runTypeScript(script)
    expect(await second.firstLine).toBe(`refused by ${first.child.pid}`)
    first.child.kill('SIGKILL')
    await first.ended
    const third = runTypeScript(script)
    expect(await third.firstLine).toBe('held')
    for (const { child } of [second, third]) {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
  })
})
