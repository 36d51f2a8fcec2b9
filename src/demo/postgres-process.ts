// Starts one program of the demo's PostgreSQL and keeps the last lines it said. Argument lists only, no shell.
import { spawn } from 'node:child_process'
import { errors } from '../errors.ts'
import type { Account } from './postgres-account.ts'

const KEPT_CHARACTERS = 2_000

/** How to run a program: where, as whom, until when. */
export interface RunOptions {
  readonly cwd: string
  readonly account: Account | undefined
  readonly signal?: AbortSignal | undefined
}

/** A program that was started. */
export interface Launched {
  /** Settles once the program and all that share its output have ended; never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly cause?: unknown }>
  output(): string
  /** Resolves to true when the output has the text, to false when the program ended without it. */
  says(text: string): Promise<boolean>
  kill(signal: NodeJS.Signals): void
}

export function launch(program: string, args: readonly string[], options: RunOptions): Launched {
  const child = spawn(program, args, {
    cwd: options.cwd,
    // Not the caller's: its PG* variables would change what the server does.
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...options.account,
  })
  let output = ''
  const listeners = new Set<() => void>()
  const keep = (text: string): void => {
    output = (output + text).slice(-KEPT_CHARACTERS)
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const ended = new Promise<{ code: number | null; cause?: unknown }>(resolve => {
    child.once('error', cause => {
      keep(cause.message)
      resolve({ code: null, cause })
    })
    child.once('close', code => resolve({ code }))
  })
  return {
    ended,
    output: () => output.trim().split('\n').slice(-8).join('\n'),
    says: text =>
      new Promise(resolve => {
        const look = (): void => {
          if (!output.includes(text)) return
          listeners.delete(look)
          resolve(true)
        }
        listeners.add(look)
        look()
        void ended.then(() => resolve(output.includes(text)))
      }),
    kill: signal => void child.kill(signal),
  }
}

/** Runs a program to its end. Fails with DEMO_POSTGRES_FAILED; an abort ends the program first, then rejects. */
export async function run(step: string, program: string, args: readonly string[], options: RunOptions): Promise<void> {
  options.signal?.throwIfAborted()
  const launched = launch(program, args, options)
  const abort = (): void => launched.kill('SIGTERM')
  options.signal?.addEventListener('abort', abort)
  const { code, cause } = await launched.ended
  options.signal?.removeEventListener('abort', abort)
  options.signal?.throwIfAborted()
  if (code !== 0) throw errors.demoPostgresFailed(step, launched.output(), cause)
}
