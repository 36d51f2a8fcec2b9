// What people and programs see: results on stdout, everything else on stderr, no secret on either.
import { styleText } from 'node:util'
import { ConfigError, HeldError, StoremapError } from '../errors.ts'
import { redact } from '../redact.ts'

export interface OutputOptions {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  /** False with --no-color. */
  readonly color?: boolean
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

export interface Output {
  readonly json: boolean
  readonly quiet: boolean
  /** Whether a person looks at stderr as it is written. */
  readonly live: boolean
  /** A result for people; nothing with --json. */
  print(text: string): void
  /** A result for programs; nothing without --json. */
  printJson(data: unknown): void
  /** News on the way; nothing with --quiet or --json. */
  note(text: string): void
  warn(text: string): void
  fail(cause: unknown): void
  /** A failure for people; nothing with --json. */
  failText(cause: unknown): void
  style(style: Style, text: string): string
  /** Does the work; prints a failure and gives its exit code. */
  guard(work: () => Promise<number>): Promise<number>
}

export function createOutput(options: OutputOptions): Output {
  const json = options.json ?? false
  const quiet = options.quiet ?? false
  const colored = options.color !== false && !json && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb'
  const style = (name: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
    colored && stream.isTTY ? styleText(name, text, { validateStream: false }) : text
  const toStdout = (text: string): void => {
    process.stdout.write(`${redact(text)}\n`)
  }
  const toStderr = (text: string): void => {
    process.stderr.write(`${redact(text)}\n`)
  }
  const output: Output = {
    json,
    quiet,
    live: process.stderr.isTTY === true && !quiet && !json,
    print: text => {
      if (!json) toStdout(text)
    },
    printJson: data => {
      if (json) toStdout(JSON.stringify(data))
    },
    note: text => {
      if (!json && !quiet) toStderr(text)
    },
    warn: text => {
      if (!json) toStderr(`${style('yellow', 'warning', process.stderr)} ${text}`)
    },
    fail: cause => {
      if (json) toStdout(JSON.stringify(failureOf(cause)))
      else output.failText(cause)
    },
    failText: cause => {
      if (!json) toStderr(errorText(cause, options.verbose === true, (name, text) => style(name, text, process.stderr)))
    },
    style: (name, text) => style(name, text),
    guard: async work => {
      try {
        return await work()
      } catch (cause) {
        output.fail(cause)
        return exitCodeOf(cause)
      }
    },
  }
  return output
}

export const exitCodeOf = (cause: unknown): number => (cause instanceof StoremapError ? cause.exitCode : 1)

/** A failure as data. */
export const failureOf = (cause: unknown): object => ({ outcome: outcomeOf(cause), error: errorData(cause) })

const outcomeOf = (cause: unknown): string =>
  cause instanceof StoremapError && cause.exitCode === 3 ? 'held' : 'failed'

function errorData(cause: unknown): object {
  if (!(cause instanceof StoremapError)) return { code: 'INTERNAL', message: String(cause) }
  const { code, message, hint, retryable } = cause
  const problems = cause instanceof ConfigError ? { problems: cause.problems } : {}
  const sections = cause instanceof HeldError && cause.sections.length > 0 ? { sections: cause.sections } : {}
  return { code, message, ...(hint !== undefined && { hint }), retryable, ...problems, ...sections }
}

function errorText(cause: unknown, verbose: boolean, style: (name: Style, text: string) => string): string {
  const lines: string[] = []
  if (cause instanceof StoremapError) {
    lines.push(`${style('red', 'error')} ${style('bold', cause.code)} ${cause.message}`)
    if (cause.hint !== undefined) lines.push(`${style('cyan', 'hint:')} ${cause.hint}`)
  } else {
    lines.push(
      `${style('red', 'error')} ${style('bold', 'INTERNAL')} ${cause instanceof Error ? (verbose ? cause.stack : cause.message) : String(cause)}`,
    )
    lines.push(
      `${style('cyan', 'hint:')} This is a fault of Storemap's. Run it again with "--verbose" and report what it prints.`,
    )
  }
  if (verbose) {
    for (let inner = (cause as Error | undefined)?.cause; inner !== undefined; inner = (inner as Error).cause) {
      lines.push(style('dim', `cause: ${inner instanceof Error ? (inner.stack ?? inner.message) : String(inner)}`))
    }
  }
  return lines.join('\n')
}
