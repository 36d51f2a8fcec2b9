// Runs other programs: by argument list, never by a shell, and never longer than asked for.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { redact } from '../redact.ts'
import { watchOver } from './process-watchdog.ts'

export interface CommandOptions {
  readonly cwd?: string
  /** The whole environment of the command; without it, ours. */
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** The command writes its output to this file, made with mode 0600, instead of handing it back. */
  readonly stdoutFile?: string
  /** Takes the output as it comes, at its own pace, instead of handing it back. */
  readonly onStdout?: (output: AsyncIterable<Buffer>) => Promise<void>
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface CommandResult {
  /** Null where a signal ended the command. */
  readonly code: number | null
  readonly stdout: Buffer
  /** The last 64 KB, redacted. */
  readonly stderr: string
  readonly timedOut: boolean
}

const MAX_STDERR = 64 * 1024
const MAX_STDOUT = 256 * 1024 * 1024
const GRACE_MS = 2_000
const STRAGGLERS_MS = 300

const running = new Set<ChildProcess>()
let endsWithUs = false

/**
 * Runs a command and resolves when it and all it started have ended, whatever its exit code.
 * Rejects where it cannot be started (ENOENT), and, after ending the command, where `input` or `onStdout` fails and on
 * abort.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal?.throwIfAborted()
  const child = start(command, args, options)
  const ended = endOf(child)
  const output = collect(child, { keepStdout: options.onStdout === undefined })
  let stopped: Promise<void> | undefined
  const stop = (): void => {
    stopped ??= endTree(child, ended)
  }
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    stop()
  }, options.timeoutMs)
  options.signal?.addEventListener('abort', stop)
  output.onOverflow(stop)
  const stopOnFailure = (cause: unknown): { cause: unknown } => {
    stop()
    return { cause }
  }
  const fed = feed(child, options.input).catch(stopOnFailure)
  const taken = options.onStdout?.(child.stdout as AsyncIterable<Buffer>).then(() => undefined, stopOnFailure)
  try {
    const code = await ended
    await stopped
    options.signal?.throwIfAborted()
    const failure = timedOut ? undefined : ((await fed) ?? (await taken))
    if (failure) throw failure.cause
    return { code, stdout: output.stdout(), stderr: output.stderr(), timedOut }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', stop)
  }
}

function start(command: string, args: readonly string[], options: CommandOptions): ChildProcess {
  if (!endsWithUs) {
    endsWithUs = true
    // First of all listeners: temporary folders can go only after those who write to them.
    process.prependOnceListener('exit', () => {
      for (const child of running) signalTree(child, 'SIGKILL')
    })
  }
  const file = options.stdoutFile === undefined ? undefined : openSync(options.stdoutFile, 'w', 0o600)
  try {
    return spawn(command, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.env && { env: options.env }),
      stdio: [options.input === undefined ? 'ignore' : 'pipe', file ?? 'pipe', 'pipe'],
      // A group of its own: git's ssh ends with git, and Ctrl-C reaches us first.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  running.add(child)
  const unwatch = watchOver(child.pid)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => {
    running.delete(child)
    unwatch()
  })
  ended.catch(() => {}) // awaited later; until then it is not "unhandled"
  return ended
}

function collect(child: ChildProcess, { keepStdout }: { keepStdout: boolean }) {
  const chunks: Buffer[] = []
  let bytes = 0
  let text = ''
  let cut = false
  let overflow = (): void => {}
  const keep = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes <= MAX_STDOUT) chunks.push(chunk)
    else overflow()
  }
  if (keepStdout) child.stdout?.on('data', keep)
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    if (text.length <= MAX_STDERR) return
    text = text.slice(-MAX_STDERR)
    cut = true
  })
  return {
    stdout: () => Buffer.concat(chunks),
    // The first line of a cut text may begin within a secret, where nothing would recognise it.
    stderr: () => redact(cut ? text.slice(text.indexOf('\n') + 1) : text),
    onOverflow: (stop: () => void) => {
      overflow = stop
    },
  }
}

/** Resolves to undefined also where the command ends before it has read all: its exit code tells. */
async function feed(child: ChildProcess, input: CommandOptions['input']): Promise<{ cause: unknown } | undefined> {
  if (input === undefined || !child.stdin) return undefined
  const source = typeof input === 'string' || input instanceof Uint8Array ? Readable.from([Buffer.from(input)]) : input
  try {
    await pipeline(source, child.stdin)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException | null)?.code
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ERR_STREAM_DESTROYED') throw cause
  }
  return undefined
}

async function endTree(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  let graceMs = GRACE_MS
  const gone = ended
    .catch(() => {})
    .then(() => {
      // The command has ended and nobody holds its pipes: whoever is left in the group need not be waited for.
      graceMs = STRAGGLERS_MS
    })
  signalTree(child, 'SIGTERM')
  for (let waited = 0; waited < graceMs && isTreeAlive(child); waited += 20) await delay(20)
  signalTree(child, 'SIGKILL')
  // Whoever left the group may still hold the pipes open; it shall not hold us.
  await Promise.race([gone, delay(500, undefined, { ref: false })])
  child.stdin?.destroy()
  child.stdout?.destroy()
  child.stderr?.destroy()
  await gone
}

function isTreeAlive(child: ChildProcess): boolean {
  return signalTree(child, 0)
}

function signalTree(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false
  try {
    return process.platform === 'win32' ? child.kill(signal) : process.kill(-child.pid, signal)
  } catch {
    return false // already gone
  }
}
