// The address of a git repository: which ones we take, and how credentials get out of it before git sees it.
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { registerSecret } from '../redact.ts'

export interface GitRemote {
  /** What git gets; without credentials. */
  readonly url: string
  /** For people, as in "acme/sitemap": no scheme, no host, no credentials. */
  readonly label: string
  readonly transport: 'ssh' | 'https' | 'http' | 'file'
  /** Host and port as an ssh client knows them; undefined for files. */
  readonly host: string | undefined
  readonly port: string | undefined
  /** From the address itself, percent-decoded. One value alone is taken for a token. */
  readonly username: string | undefined
  readonly password: string | undefined
}

export type ParsedRemote = { readonly remote: GitRemote } | { readonly problem: string }

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Reads the address of a repository: ssh:// or `git@host:path`, https://, http:// on this machine, file://, or a path
 * (relative ones from `base`). Credentials in it are registered as secrets. A problem never shows the address.
 */
export function parseRemote(repo: string, base: string): ParsedRemote {
  if (repo.trim() === '') return { problem: 'is empty' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(repo)) return { problem: 'has a control character or a line break in it' }
  if (repo.startsWith('-')) return { problem: 'begins with "-", which git would take for an option' }
  if (/^[a-z0-9+.-]+::/i.test(repo))
    return { problem: 'names a git remote helper ("helper::address"), which could run any command' }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(repo)?.[1]?.toLowerCase()
  if (scheme === undefined)
    return isScpLike(repo) ? parseScpLike(repo) : parseFile(pathToFileURL(resolvePath(repo, base)))
  const url = URL.canParse(repo) ? new URL(repo) : undefined
  if (!url) return { problem: 'is not a valid URL' }
  if (scheme === 'file') return parseFile(url)
  if (scheme === 'ssh' || scheme === 'git+ssh' || scheme === 'ssh+git') return parseSsh(url)
  if (scheme === 'https' || scheme === 'http') return parseHttp(url)
  return { problem: `has the scheme "${scheme}://"; ssh, https, file and local paths are supported` }
}

/** A path as people write it: relative ones from `base`, `~/` from the home folder. */
export function resolvePath(path: string, base: string): string {
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : resolve(base, path)
}

/** Git's own rules for the name of a branch, as far as they protect us from surprises; undefined where it is fine. */
export function branchProblem(branch: string): string | undefined {
  if (branch === '') return 'is empty'
  if (branch.startsWith('-')) return 'begins with "-"'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|[/.]$|(^|\/)\.|\.lock(\/|$)|^@$/.test(branch)) {
    return 'is not a name that git allows for a branch'
  }
  return undefined
}

function parseSsh(url: URL): ParsedRemote {
  if (url.password !== '') return { problem: 'has a password in an ssh address; ssh takes keys: give "sshKey"' }
  if (url.hostname === '') return { problem: 'names no host' }
  if (hasOption(url.hostname, url.username, url.pathname.slice(1)))
    return { problem: 'has a part that begins with "-"' }
  const place = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port || undefined }
  return toRemote('ssh', url.href.replace(/^[a-z+]+:/i, 'ssh:'), { path: url.pathname, ...place })
}

/** `git@host:acme/sitemap.git`: like git, only where no slash comes before the colon. */
function parseScpLike(repo: string): ParsedRemote {
  const [, user, host = '', path = ''] = SCP_LIKE.exec(repo) ?? []
  if (user?.includes(':')) return { problem: 'has a password in an ssh address; ssh takes keys: give "sshKey"' }
  if (host === '' || path === '') return { problem: 'is not a valid ssh address' }
  if (hasOption(host, user ?? '', path)) return { problem: 'has a part that begins with "-"' }
  return toRemote('ssh', repo, { path, host: host.replace(/^\[|\]$/g, ''), port: undefined })
}

const SCP_LIKE = /^(?:([^@/]*)@)?(\[[^\]/]+\]|[^:/@[\]]+):(.+)$/

function isScpLike(repo: string): boolean {
  if (process.platform === 'win32' && /^[a-z]:/i.test(repo)) return false
  const colon = repo.indexOf(':')
  const slash = repo.indexOf('/')
  return colon >= 0 && (slash < 0 || colon < slash)
}

function parseHttp(url: URL): ParsedRemote {
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    return {
      problem: 'is an http:// address, over which anybody could read the token and change the sitemap; use https://',
    }
  }
  if (url.search !== '' || url.hash !== '')
    return { problem: 'has a "?" or "#" part, which a repository\'s address cannot have' }
  const username = decode(url.username)
  const password = decode(url.password)
  if (username === undefined || password === undefined)
    return { problem: 'has credentials that are not percent-encoded correctly' }
  if (password !== '') rememberSecrets(username, password, url.password)
  else if (username !== '') rememberSecrets('', username, url.username)
  url.username = ''
  url.password = ''
  return toRemote(url.protocol === 'http:' ? 'http' : 'https', url.href, {
    path: url.pathname,
    host: url.hostname,
    port: url.port || undefined,
    username: username || undefined,
    password: password || undefined,
  })
}

function rememberSecrets(username: string, password: string, raw: string): void {
  registerSecret(password)
  registerSecret(raw)
  if (username !== '') registerSecret(`${username}:${password}`) // Basic authentication sends its base64
}

function parseFile(url: URL): ParsedRemote {
  if (url.host !== '' && url.host !== 'localhost')
    return { problem: 'is a file:// address with a host; write file:///path' }
  return toRemote('file', `file://${url.pathname}`, { path: url.pathname, host: undefined, port: undefined })
}

interface RemoteParts {
  readonly path: string
  readonly host: string | undefined
  readonly port: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
}

function toRemote(transport: GitRemote['transport'], url: string, parts: RemoteParts): ParsedRemote {
  const { path, host, port, username, password } = parts
  const names = (decode(path) ?? path)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter(name => name !== '')
  if (names.length === 0) return { problem: 'names no repository' }
  return { remote: { url, label: names.slice(-2).join('/'), transport, host, port, username, password } }
}

const hasOption = (...parts: readonly string[]): boolean => parts.some(part => (decode(part) ?? part).startsWith('-'))

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
