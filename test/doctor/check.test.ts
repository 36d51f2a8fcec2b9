// Checks side by side: none stops the others, and one that hangs is cut off.
import { expect, test } from 'vitest'
import { type Check, runChecks } from '../../src/doctor/check.ts'
import { errors } from '../../src/errors.ts'
import { httpGet } from '../../src/io/http-get.ts'
import { registerSecret } from '../../src/redact.ts'
import { startHangingServer } from '../helpers/hanging-server.ts'

const check = (title: string, look: Check['look']): Check => ({ area: 'test', title, look })
const fine = check('fine', async ({ tell }) => tell.ok('fine', 'it is'))
const never = new Promise<never>(() => undefined)

test('one that hangs is cut off and told, with what it had told before; the others have their say, in their order', async () => {
  await using server = await startHangingServer()
  const hangs = check('answer', async ({ tell, signal }) => {
    tell.ok('address', 'it is one')
    await httpGet(server.url('http'), { timeoutMs: 60_000, signal })
    tell.ok('answer', 'never told')
  })
  const ended: string[] = []
  const lines = await runChecks([hangs, fine], {
    limitMs: 300,
    onDone: (done, waiting) => ended.push(`${done.at(-1)?.what}, then ${waiting.map(({ title }) => title)}`),
  })
  expect(lines.map(({ what, result, found }) => [what, result, found])).toEqual([
    ['address', 'ok', 'it is one'],
    ['answer', 'failed', 'it did not end within 0 s, and was cut off'],
    ['fine', 'ok', 'it is'],
  ])
  expect(ended).toEqual(['fine, then answer', 'answer, then '])
})

test('one that does not even listen to that is left behind', async () => {
  let goOn = (): void => undefined
  const late = check('deaf', async ({ tell }) => {
    await new Promise<void>(resolve => {
      goOn = resolve
    })
    tell.ok('deaf', 'too late')
  })
  const lines = await runChecks([late, fine], { limitMs: 50 })
  goOn()
  expect(lines.map(({ what, result }) => `${what} ${result}`)).toEqual(['deaf failed', 'fine ok'])
})

test('one that fails, in a known way or not, is a line, without secrets and without what was not published', async () => {
  registerSecret('doctors-hidden-word')
  const known = check('known', () => Promise.reject(errors.targetUnreachable('acme/sitemap', 'no route')))
  const unknown = check('unknown', () => Promise.reject(new Error('what has doctors-hidden-word in it')))
  const lines = await runChecks([known, unknown], { limitMs: 1_000 })
  expect(lines).toMatchObject([
    {
      result: 'failed',
      code: 'TARGET_UNREACHABLE',
      found: 'The repository acme/sitemap cannot be reached: no route.',
      remedy: expect.stringContaining('Check its address'),
    },
    { result: 'failed', code: null, found: 'it could not be looked at: what has *** in it', remedy: null },
  ])
})

test('an abort ends all of them', async () => {
  const controller = new AbortController()
  const running = runChecks([check('never', () => never)], { limitMs: 60_000, signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
})
