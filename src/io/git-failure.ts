// What git says when it fails, as an error of ours. Git is run with LC_ALL=C, so its words can be relied on.
import { errors, type StoremapError } from '../errors.ts'
import type { GitRemote } from './git-remote.ts'

export interface GitFailure {
  readonly remote: GitRemote
  readonly branch: string
  readonly operation: 'read' | 'push'
  /** Redacted already. */
  readonly stderr: string
  /** Of `push --porcelain`: what became of each reference. */
  readonly report?: string
  readonly folder: string
}

/** Finds the error for a failed clone, ls-remote or push. */
export function explainFailure(failure: GitFailure): StoremapError {
  const { remote, branch } = failure
  const said = failure.stderr
    .split(/[\r\n]+/)
    .map(toPlainText)
    .filter(line => line !== '')
  // Lines of the remote prove nothing about this machine: a full disk there is not one here.
  const theirs = said
    .filter(line => line.startsWith('remote: '))
    .map(line => line.slice(8).trim())
    .filter(line => line !== '')
  const ours = said.filter(line => !line.startsWith('remote:') && !/^(warning|hint): /.test(line))
  const has = (pattern: RegExp): boolean => ours.some(line => pattern.test(line))
  const first = (pattern: RegExp): string => ours.find(line => pattern.test(line)) ?? ''
  const label = remote.label

  if (has(HOST_KEY)) return errors.targetHostKeyUnknown(label, remote.host ?? '', remote.port, first(HOST_KEY))
  if (has(BAD_KEY))
    return errors.targetKeyUnreadable('sshKey', 'ssh cannot read it, as it is damaged or has a passphrase')
  const rejected = rejection(failure.report ?? '')
  if (failure.operation === 'push' && (rejected !== undefined || has(READ_ONLY))) {
    return errors.targetPushRefused(label, branch, join(rejected ?? first(READ_ONLY), theirs))
  }
  if (has(NOT_LET_IN)) return errors.targetAuthFailed(label, join(first(NOT_LET_IN), theirs))
  if (has(DISK_FULL)) return errors.diskFull(failure.folder)
  return errors.targetUnreachable(label, join(lastWord(ours), theirs))
}

const HOST_KEY = /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|host key is known for/
const BAD_KEY = /^Load key ".*": |UNPROTECTED PRIVATE KEY|Identity file .* not accessible/
const NOT_LET_IN =
  /Permission denied|Authentication failed|could not read (Username|Password)|terminal prompts disabled|returned error: 40[13]|Too many authentication failures/i
const READ_ONLY =
  /returned error: 403|marked as read only|not allowed to push|Permission to .* denied|insufficient permission/i
const DISK_FULL = /No space left on device|Disk quota exceeded/

/** "pre-receive hook declined" of `!	<commit>:refs/heads/master	[remote rejected] (pre-receive hook declined)`. */
function rejection(report: string): string | undefined {
  const line = report.split('\n').find(each => each.startsWith('!'))
  return line === undefined ? undefined : (/\((.*)\)\s*$/.exec(line)?.[1] ?? line.split('\t').at(-1) ?? 'rejected')
}

/** The line with the reason, not git's general advice that follows it. */
function lastWord(lines: readonly string[]): string {
  const useful = lines.filter(
    line => !/^(Please make sure you have|and the repository exists|error: failed to push)/.test(line),
  )
  const ssh = useful.find(line => /^(ssh|kex_exchange|Connection|ERROR): ?/.test(line))
  return (
    ssh ??
    useful.findLast(line => !line.includes('Could not read from remote repository')) ??
    useful.at(-1) ??
    'git gave no reason'
  )
}

function join(reason: string, theirs: readonly string[]): string {
  const plain = reason.replace(/^(fatal|error|ERROR): /, '').replace(/\.$/, '')
  return theirs.length === 0 ? plain : `${plain}. It says: ${theirs.join(' ').slice(0, 600)}`
}

/** Without colours and other control sequences, which a remote could use to paint over a terminal. */
function toPlainText(line: string): string {
  return line.replace(COLOUR, '').replace(CONTROL, ' ').trimEnd()
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const COLOUR = /\u001b\[[0-9;?]*[A-Za-z]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g
