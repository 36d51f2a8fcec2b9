import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../../src/io/process.ts'
import { registerSecret } from '../../src/redact.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { appears, isGone } from '../helpers/processes.ts'
import { runTypeScript } from '../helpers/run-typescript.ts'

const timeoutMs = 20_000
// A number that no other process has in its arguments, so that it can be looked for.
let last = 0
const uniqueSeconds = () => `${900_000 + process.pid}.${++last}${Date.now() % 100_000}`

describe('a command', () => {
  test('gives its exit code, output and errors', async () => {
    const result = await runCommand('sh', ['-c', 'cat; echo bad >&2; exit 3'], { input: 'text', timeoutMs })
    expect({ ...result, stdout: String(result.stdout) }).toEqual({
      code: 3,
      stdout: 'text',
      stderr: 'bad\n',
      timedOut: false,
    })
  })

  test('gets its arguments as they are, whatever a shell would make of them', async () => {
    const { stdout } = await runCommand('printf', ['%s', '$(id) `id` "; id'], { timeoutMs })
    expect(String(stdout)).toBe('$(id) `id` "; id')
  })

  test('that does not exist is an ENOENT', async () => {
    // A PATH of its own: a folder in it that may not be searched would make it an EACCES.
    const env = { PATH: '/usr/bin:/bin' }
    await expect(runCommand('no-such-command', [], { env, timeoutMs })).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('may end without reading its input', async () => {
    const input = Buffer.alloc(5_000_000)
    expect(await runCommand('true', [], { input, timeoutMs })).toMatchObject({ code: 0 })
  })

  test('ends when its input fails, and the failure is told', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a')
      throw new Error('the source broke')
    }
    await expect(runCommand('cat', [], { input: failing(), timeoutMs })).rejects.toThrow('the source broke')
  })

  test('can write its output into a file', async () => {
    await using temp = await tempFolder()
    const stdoutFile = join(temp.path, 'out')
    const { stdout } = await runCommand('printf', ['%s', 'bytes'], { stdoutFile, timeoutMs })
    expect(String(stdout)).toBe('')
    expect(await readFile(stdoutFile, 'utf8')).toBe('bytes')
  })

  test('has no secret in what it says', async () => {
    registerSecret('planted-in-stderr')
    const { stderr } = await runCommand('sh', ['-c', 'echo "token planted-in-stderr" >&2'], { timeoutMs })
    expect(stderr).toBe('token ***\n')
  })

  test('that talks without end is remembered by its last words only', async () => {
    const { stderr } = await runCommand('sh', ['-c', 'yes | head -c 1000000 >&2; echo end >&2'], { timeoutMs })
    expect(stderr.length).toBeLessThanOrEqual(65_536)
    expect(stderr.endsWith('end\n')).toBe(true)
  })
})

describe.skipIf(process.platform !== 'linux')('a command and all that it started', () => {
  test('end when the time is over', async () => {
    const seconds = uniqueSeconds()
    const result = await runCommand('sh', ['-c', `sleep ${seconds} & sleep ${seconds}; true`], { timeoutMs: 300 })
    expect(result.timedOut).toBe(true)
    expect(await isGone(seconds, 0)).toBe(true)
  })

  test('end on abort, with the reason of the signal', async () => {
    const seconds = uniqueSeconds()
    const controller = new AbortController()
    const running = runCommand('sh', ['-c', `sleep ${seconds} & wait`], { timeoutMs, signal: controller.signal })
    running.catch(() => {})
    expect(await appears(`sleep ${seconds}`, 5_000)).toBe(true)
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(await isGone(seconds, 0)).toBe(true)
  })

  test('end even if they do not listen', async () => {
    const seconds = uniqueSeconds()
    const stubborn = `trap '' TERM; sleep ${seconds}; sleep ${seconds}`
    const result = await runCommand('sh', ['-c', stubborn], { timeoutMs: 200 })
    expect(result.timedOut).toBe(true)
    expect(await isGone(seconds, 500)).toBe(true)
  })

  test.each([
    ['exits', 'process.exit(0)'],
    ['is killed outright', "process.kill(process.pid, 'SIGKILL')"],
  ])('end when our process %s', async (_, end) => {
    const seconds = uniqueSeconds()
    const { ended } = runTypeScript(`
      const { runCommand } = await load('src/io/process.ts')
      void runCommand('sh', ['-c', 'sleep ${seconds} & wait'], { timeoutMs: 60000 })
      setTimeout(() => { ${end} }, 700)`)
    expect(await appears(`sleep ${seconds}`, 10_000)).toBe(true)
    await ended
    expect(await isGone(seconds, 3_000)).toBe(true)
  })

  test('do not keep our process alive once they have ended', async () => {
    const { ended } = runTypeScript(`
      const { runCommand } = await load('src/io/process.ts')
      await runCommand('true', [], { timeoutMs: 60000 })`)
    expect(await ended).toBe(0)
  })
})

describe('output taken as it comes', () => {
  test('is not held back for the result', async () => {
    let bytes = 0
    const onStdout = async (output: AsyncIterable<Buffer>) => {
      for await (const chunk of output) bytes += chunk.length
    }
    const { code, stdout } = await runCommand('head', ['-c', '3000000', '/dev/zero'], { onStdout, timeoutMs })
    expect({ code, bytes, kept: stdout.length }).toEqual({ code: 0, bytes: 3_000_000, kept: 0 })
  })

  test('ends the command if the taker fails', async () => {
    const onStdout = async (output: AsyncIterable<Buffer>) => {
      for await (const _ of output) throw new Error('no space here')
    }
    await expect(runCommand('yes', [], { onStdout, timeoutMs })).rejects.toThrow('no space here')
  })
})
