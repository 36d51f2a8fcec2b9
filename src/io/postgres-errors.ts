// PostgreSQL's failures, each by its own name: who is to act, and how.
import { errors, StoremapError } from '../errors.ts'

interface PostgresFailure {
  readonly code?: string
  readonly message?: string
  readonly errors?: readonly PostgresFailure[]
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOENT',
  '57P03',
])
const LOST = new Set([
  'ECONNRESET',
  'EPIPE',
  '57P01',
  '57P02',
  '57P05',
  '25P03',
  '25P04',
  '08000',
  '08003',
  '08006',
  '08P01',
])

export const connectionLost = (): Error => new Error('Connection terminated unexpectedly')

/** Wraps whatever pg throws. `label` names the database without its password. */
export function postgresError(cause: unknown, label: string): StoremapError {
  if (cause instanceof StoremapError) return cause
  const failure = (cause ?? {}) as PostgresFailure
  const code = failure.code ?? failure.errors?.[0]?.code ?? ''
  const message = failure.message || failure.errors?.[0]?.message || String(cause)
  if (UNREACHABLE.has(code) || /timeout expired|connection timeout/i.test(message)) {
    return errors.sourceUnreachable(label, message, cause)
  }
  if (LOST.has(code) || /connection terminated|ended in the middle/i.test(message)) {
    return errors.sourceConnectionLost(label, cause)
  }
  if (/does not support SSL|self.signed certificate|certificate/i.test(message))
    return errors.sourceTls(label, message, cause)
  switch (code) {
    case '28P01':
    case '28000':
      return errors.sourceAuthFailed(label, message, cause)
    case '3D000':
      return errors.sourceDatabaseMissing(label, cause)
    case '42501':
      return errors.sourcePermissionMissing(
        label,
        [/(?:table|relation|schema) "?([\w.]+)"?/.exec(message)?.[1] ?? 'a table'],
        cause,
      )
    case '42P01':
    case '42703':
      return errors.sourceSchemaUnknown(label, [message], cause)
    case '40001':
      return errors.sourceConflict(label, message, cause)
    case '55P03':
      return errors.sourceLocked(label, cause)
    case '57014':
      return /statement timeout/.test(message)
        ? errors.sourceTimeout(label, cause)
        : errors.sourceConflict(label, message, cause)
    case '53300':
    case '53400':
      return errors.sourceBusy(label, message, cause)
    default:
      if (/password must be a string|no password|SASL/i.test(message))
        return errors.sourceAuthFailed(label, message, cause)
      return errors.sourceFailed(label, message, cause)
  }
}
