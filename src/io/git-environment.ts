// What git and its ssh find when they start: credentials outside their arguments, nothing of the caller's repository.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { registerSecret } from '../redact.ts'
import { fileError, withFileErrors } from './files.ts'
import { type GitRemote, resolvePath } from './git-remote.ts'

export interface GitCredentials {
  /** For https. */
  readonly token?: string | undefined
  /** Private key: a path, or the key itself. */
  readonly sshKey?: string | undefined
  /** Known host keys: a path, or lines as ssh-keyscan prints them. */
  readonly knownHosts?: string | undefined
}

export interface GitEnvironment {
  readonly env: NodeJS.ProcessEnv
  /** Settings that go before the command, as `-c name=value`. */
  readonly settings: readonly string[]
  /** ssh is as the user has set it up; a setting of ours would replace theirs. */
  readonly usesOwnSsh: boolean
}

export interface EnvironmentOptions {
  readonly credentials: GitCredentials
  /** Where relative paths of keys count from. */
  readonly base: string
  /** Temporary folder for the files that git and ssh have to find. */
  readonly folder: string
  /** The environment of the caller. @defaultValue process.env */
  readonly env?: NodeJS.ProcessEnv
}

/** Of git's own variables only these stay: how to connect, and where the user's settings are. */
const KEPT =
  /^GIT_(SSL_|PROXY_SSL_|SSH$|SSH_COMMAND$|SSH_VARIANT$|ASKPASS$|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)$|EXEC_PATH$|HTTP_)/

// A text that never changes: what is secret comes in by the environment, which only this user can read. It answers for
// the repository's own host alone: a redirect could make git ask in the name of another.
const ASKPASS = `#!/bin/sh
case "$1" in
  *[/@]"$STOREMAP_GIT_HOST"[\\'/]*) ;;
  *) exit 1 ;;
esac
case "$1" in
  Username*) printf '%s\\n' "$STOREMAP_GIT_USERNAME" ;;
  *) printf '%s\\n' "$STOREMAP_GIT_PASSWORD" ;;
esac
`

/** Prepares the environment of git for one remote. Fails with TARGET_KEY_UNREADABLE. */
export async function prepareEnvironment(remote: GitRemote, options: EnvironmentOptions): Promise<GitEnvironment> {
  const env = baseEnvironment(options.env ?? process.env)
  env.GIT_ALLOW_PROTOCOL = remote.transport === 'http' ? 'ssh:https:file:http' : 'ssh:https:file'
  const hasToken = await addToken(env, remote, options)
  const usesOwnSsh = remote.transport !== 'ssh' || !(await addSsh(env, options))
  return { env, settings: [...SETTINGS, ...(hasToken ? NO_HELPER : [])], usesOwnSsh }
}

const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.version=2',
  'gc.auto=0',
  'maintenance.auto=false',
  'core.autocrlf=false',
  'commit.gpgSign=false',
  'push.gpgSign=false',
  'push.followTags=false',
  'push.recurseSubmodules=no',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'clone.defaultRemoteName=origin',
  'clone.rejectShallow=false',
  'i18n.commitEncoding=UTF-8',
]

// The helper of the user would be asked first, and told to keep our token afterwards.
const NO_HELPER = ['credential.helper=']

/** A command for GIT_SSH_COMMAND when neither the configuration nor the user says how to connect. */
export const CAREFUL_SSH =
  'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=3'

function baseEnvironment(caller: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(caller).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name))
  return {
    ...Object.fromEntries(kept.filter(([name]) => name !== 'SSH_ASKPASS')),
    LC_ALL: 'C', // failures are recognised by their words
    LANGUAGE: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    SSH_ASKPASS_REQUIRE: 'never',
  }
}

async function addToken(env: NodeJS.ProcessEnv, remote: GitRemote, options: EnvironmentOptions): Promise<boolean> {
  if (remote.transport !== 'https' && remote.transport !== 'http') return false
  const { token } = options.credentials
  // In `https://name@host` beside a token it is a name; alone it can only be the token itself.
  const password = token ?? remote.password ?? remote.username
  if (password === undefined) return false
  const isNamed = token !== undefined || remote.password !== undefined
  const username = (isNamed ? remote.username : undefined) ?? 'x-access-token'
  registerSecret(password)
  registerSecret(`${username}:${password}`)
  env.GIT_ASKPASS = join(options.folder, 'askpass')
  await put(env.GIT_ASKPASS, ASKPASS, 0o700)
  env.STOREMAP_GIT_HOST = new URL(remote.url).host
  env.STOREMAP_GIT_USERNAME = username
  env.STOREMAP_GIT_PASSWORD = password
  return true
}

/** False where ssh stays as the user has set it up. */
async function addSsh(env: NodeJS.ProcessEnv, { credentials, base, folder }: EnvironmentOptions): Promise<boolean> {
  const { sshKey, knownHosts } = credentials
  if (sshKey === undefined && knownHosts === undefined) return false
  const lines = ['BatchMode yes', 'StrictHostKeyChecking yes', 'ConnectTimeout 15', 'ServerAliveInterval 15']
  lines.push('ServerAliveCountMax 3', 'UpdateHostKeys no')
  if (sshKey !== undefined) {
    const path = join(folder, 'key')
    // A copy, since ssh refuses keys that others may read, and mounted secrets mostly are such.
    await put(path, await readKey(sshKey, base), 0o600)
    lines.push('IdentitiesOnly yes', `IdentityFile ${quoteForConfig(path)}`)
  }
  if (knownHosts !== undefined) {
    const path = join(folder, 'known_hosts')
    await put(path, await readKnownHosts(knownHosts, base), 0o600)
    lines.push(`UserKnownHostsFile ${quoteForConfig(path)}`, 'GlobalKnownHostsFile /dev/null')
  }
  const config = join(folder, 'ssh_config')
  await put(config, `Host *\n${lines.map(line => `  ${line}\n`).join('')}`, 0o600)
  // Not GIT_SSH: a core.sshCommand in the user's settings would come before it.
  env.GIT_SSH_COMMAND = `ssh -F ${quoteForShell(config)}`
  env.GIT_SSH_VARIANT = 'ssh'
  delete env.GIT_SSH
  return true
}

async function readKey(sshKey: string, base: string): Promise<string> {
  const isContent = sshKey.includes('\n') || sshKey.startsWith('-----BEGIN')
  // In one line with written-out \n: what becomes of a key in many an environment file.
  const raw = isContent
    ? sshKey.includes('\n')
      ? sshKey
      : sshKey.replaceAll('\\n', '\n')
    : await readSecretFile('sshKey', sshKey, base)
  const key = `${raw.replaceAll('\r\n', '\n').trim()}\n`
  registerSecret(key)
  if (!/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----\n/.test(key)) {
    const what = /^(ssh|ecdsa|sk)-/.test(key)
      ? 'it is the public half; the private one is needed'
      : 'it is not a private key'
    throw errors.targetKeyUnreadable('sshKey', what)
  }
  return key
}

async function readKnownHosts(knownHosts: string, base: string): Promise<string> {
  const isContent = knownHosts.includes('\n') || /^(@\S+\s+)?\S+\s+(ssh-|ecdsa-|sk-)\S+\s+\S+/.test(knownHosts)
  const text = isContent ? knownHosts : await readSecretFile('knownHosts', knownHosts, base)
  return `${text.replaceAll('\r\n', '\n').trimEnd()}\n`
}

async function readSecretFile(option: string, path: string, base: string): Promise<string> {
  const resolved = resolvePath(path, base)
  try {
    return await readFile(resolved, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw errors.targetKeyUnreadable(option, `there is no file ${resolved}`, cause)
    if (code === 'EACCES' || code === 'EPERM')
      throw errors.targetKeyUnreadable(option, `this user may not read ${resolved}`, cause)
    if (code === 'EISDIR') throw errors.targetKeyUnreadable(option, `${resolved} is a folder`, cause)
    throw fileError(cause, resolved)
  }
}

async function put(path: string, text: string, mode: number): Promise<void> {
  await withFileErrors(path, () => writeFile(path, text, { mode, flag: 'wx' }))
}

const quoteForConfig = (path: string): string => `"${path.replaceAll('%', '%%')}"`
const quoteForShell = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`
