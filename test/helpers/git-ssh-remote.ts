// A real sshd of the current user on a free port, with keys of its own: git over ssh without touching the system's.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

// sshd starts itself again for each connection, so it insists on an absolute path.
const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(path => existsSync(path))

/** False where openssh-server is not installed; tests then skip, out loud. */
/** An account without a login shell, as `nobody`, cannot be logged in to. */
export const hasSshd: boolean = sshd !== undefined && !/(nologin|false)$/.test(userInfo().shell ?? '')

export interface SshRemote extends AsyncDisposable {
  readonly port: number
  /** `ssh://user@127.0.0.1:port/…` of a repository below `root`, by its folder's name ("shop.git"). */
  url(repoName: string): string
  readonly keyFile: string
  /** A key like any other, but not authorised. */
  readonly otherKeyFile: string
  readonly knownHostsFile: string
  /** Names another key for this host, as after an attack or a reinstallation. */
  readonly wrongKnownHostsFile: string
  /** What sshd has said so far, at level VERBOSE. */
  log(): string
  close(): Promise<void>
}

export interface SshRemoteOptions {
  /** The folder of the repositories. */
  readonly root: string
  /**
   * Whether clients may speak git's protocol 2, as forges allow. A plain sshd does not: there a partial clone cannot
   * fetch a missing blob later ("unadvertised object").
   * @defaultValue true
   */
  readonly protocol2?: boolean
}

export async function startSshRemote({ root, protocol2 = true }: SshRemoteOptions): Promise<SshRemote> {
  if (!sshd) throw new Error('sshd is not installed (Debian: openssh-server); ask hasSshd first')
  const dir = await mkdtemp(join(tmpdir(), 'storemap-sshd-'))
  try {
    await makeKeys(dir)
    const { child, port, log } = await startOnFreePort(sshd, { dir, protocol2 })
    const close = async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill()
        await ended
      }
      await rm(dir, { recursive: true, force: true })
    }
    return {
      port,
      url: repoName => `ssh://${userInfo().username}@127.0.0.1:${port}${resolve(root, repoName)}`,
      keyFile: join(dir, 'user_key'),
      otherKeyFile: join(dir, 'other_key'),
      knownHostsFile: await writeKnownHosts(dir, 'known_hosts', 'host_key', port),
      wrongKnownHostsFile: await writeKnownHosts(dir, 'wrong_known_hosts', 'wrong_host_key', port),
      log,
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await rm(dir, { recursive: true, force: true })
    throw error
  }
}

/** The GIT_SSH_COMMAND of a client that trusts these two files and nothing of the machine's or the developer's. */
export function sshCommand(keyFile: string, knownHostsFile: string): string {
  const options = ['IdentitiesOnly=yes', 'IdentityAgent=none', 'BatchMode=yes', 'StrictHostKeyChecking=yes']
  const files = [`UserKnownHostsFile=${knownHostsFile}`, 'GlobalKnownHostsFile=/dev/null']
  return ['ssh -F /dev/null', `-i '${keyFile}'`, ...[...options, ...files].map(option => `-o '${option}'`)].join(' ')
}

async function makeKeys(dir: string): Promise<void> {
  const names = ['host_key', 'wrong_host_key', 'user_key', 'other_key']
  await Promise.all(
    names.map(name => run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(dir, name)])),
  )
  await copyFile(join(dir, 'user_key.pub'), join(dir, 'authorized_keys'))
}

async function writeKnownHosts(dir: string, name: string, key: string, port: number): Promise<string> {
  const [type, body] = (await readFile(join(dir, `${key}.pub`), 'utf8')).split(' ')
  await writeFile(join(dir, name), `[127.0.0.1]:${port} ${type} ${body}\n`)
  return join(dir, name)
}

/** sshd cannot pick a port itself, and between our picking and its binding somebody may take it: so it tries again. */
async function startOnFreePort(command: string, options: ConfigOptions, attempts = 5) {
  const port = await freePort()
  const config = await writeConfig(command, port, options)
  const child = spawn(command, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', part => {
    text += part
  })
  const log = () => text
  if (await isListening(child, log)) return { child, port, log }
  if (attempts > 1 && text.includes('Address already in use')) return startOnFreePort(command, options, attempts - 1)
  throw new Error(`sshd did not start: ${text}`)
}

async function isListening(child: ChildProcess, log: () => string): Promise<boolean> {
  const ended = once(child, 'exit').then(() => false)
  while (!log().includes('Server listening on')) {
    const more = once(child.stderr as NodeJS.ReadableStream, 'data').then(() => true)
    if (!(await Promise.race([more, ended]))) return false
  }
  return true
}

interface ConfigOptions {
  readonly dir: string
  readonly protocol2: boolean
}

async function writeConfig(command: string, port: number, { dir, protocol2 }: ConfigOptions): Promise<string> {
  // Where sshd runs as root it drops its rights into this folder, which packages make at boot only.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  const path = join(dir, 'sshd_config')
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey "${join(dir, 'host_key')}"`,
    `AuthorizedKeysFile "${join(dir, 'authorized_keys')}"`,
    'PidFile none',
    'LogLevel VERBOSE',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PubkeyAuthentication yes',
    'PermitRootLogin prohibit-password',
    'PermitUserRC no',
    'MaxStartups 100',
    ...(protocol2 ? ['AcceptEnv GIT_PROTOCOL'] : []),
    `SetEnv "PATH=${process.env.PATH}" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null`,
  ]
  // From OpenSSH 9.8 refused keys shut out an address for a while; older ones do not know the option.
  await writeFile(path, [...lines, 'PerSourcePenalties no', ''].join('\n'))
  const accepted = await run(command, ['-t', '-f', path]).then(
    () => true,
    () => false,
  )
  if (!accepted) await writeFile(path, [...lines, ''].join('\n'))
  return path
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
