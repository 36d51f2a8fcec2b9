// git over https as a forge offers it: TLS, Basic authentication with a token, `git http-backend` behind.

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** False where openssl is not installed; tests then skip, out loud. */
export const hasOpenssl: boolean = canRun('openssl', ['version'])

export interface HttpsRemote extends AsyncDisposable {
  readonly port: number
  /** `https://127.0.0.1:port/…` of a repository below `root`, by its folder's name ("shop.git"). */
  url(repoName: string): string
  /** The self-signed certificate, made at start. */
  readonly caFile: string
  requests(): readonly HttpsRequest[]
  close(): Promise<void>
}

export interface HttpsRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly authorized: boolean
}

export interface HttpsRemoteOptions {
  /** The folder of the repositories. */
  readonly root: string
  readonly token: string
  /** Demanded beside the token if given; forges mostly do not look at it. */
  readonly username?: string
}

export async function startHttpsRemote({ root, token, username }: HttpsRemoteOptions): Promise<HttpsRemote> {
  const dir = await mkdtemp(join(tmpdir(), 'storemap-https-'))
  const caFile = join(dir, 'cert.pem')
  await makeCertificate(join(dir, 'key.pem'), caFile)

  const requests: HttpsRequest[] = []
  const backends = new Set<ChildProcess>()
  const tls = { key: await readFile(join(dir, 'key.pem')), cert: await readFile(caFile) }
  const server = createServer(tls, (request, response) => {
    const { method = 'GET', url: path = '/' } = request
    const user = authorizedUser(request.headers.authorization, token, username)
    requests.push({ method, path, authorized: user !== undefined })
    if (user === undefined) {
      request.resume()
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end()
      return
    }
    const backend = startBackend(request, { root, user })
    backends.add(backend)
    backend.on('close', () => backends.delete(backend))
    answerFromBackend(backend, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const close = async () => {
    if (!server.listening) return
    for (const backend of backends) backend.kill()
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
    await rm(dir, { recursive: true, force: true })
  }
  return {
    port,
    url: repoName => `https://127.0.0.1:${port}/${repoName}`,
    caFile,
    requests: () => requests,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function makeCertificate(keyFile: string, certFile: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  await run('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '2', ...subject])
}

/** The user's name if the header carries the token, else undefined. */
function authorizedUser(header: string | undefined, token: string, username?: string): string | undefined {
  const [scheme, encoded = ''] = (header ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  const user = text.slice(0, Math.max(colon, 0))
  if (colon < 0 || text.slice(colon + 1) !== token) return undefined
  return username === undefined || user === username ? user : undefined
}

function startBackend(request: IncomingMessage, { root, user }: { root: string; user: string }): ChildProcess {
  const { pathname, search } = new URL(request.url ?? '/', 'https://127.0.0.1')
  const { headers } = request
  const optional = {
    CONTENT_TYPE: headers['content-type'],
    CONTENT_LENGTH: headers['content-length'], // without it (chunked) the backend reads to the end
    HTTP_CONTENT_ENCODING: headers['content-encoding'], // the backend inflates by itself
    GIT_PROTOCOL: headers['git-protocol'] as string | undefined,
  }
  const env = {
    PATH: process.env.PATH,
    REQUEST_METHOD: request.method,
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REMOTE_USER: user || 'anonymous', // not empty: it is what allows a push
    REMOTE_ADDR: '127.0.0.1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  }
  return spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] })
}

/** Streams both ways; only the CGI header, a few lines, is ever held. */
function answerFromBackend(backend: ChildProcess, request: IncomingMessage, response: ServerResponse): void {
  const { stdin, stdout } = backend
  if (!stdin || !stdout) throw new Error('the backend has no pipes')
  const fail = () => {
    if (response.headersSent) response.destroy()
    else response.writeHead(500).end()
  }
  backend.on('error', fail)
  stdin.on('error', () => {}) // the backend may refuse before it has read all
  request.pipe(stdin)
  response.on('close', () => backend.kill())

  let head = Buffer.alloc(0)
  const readHead = (part: Buffer) => {
    head = Buffer.concat([head, part])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    stdout.off('data', readHead).off('end', fail).pause()
    writeHead(response, head.subarray(0, end).toString())
    stdout.unshift(head.subarray(end + 4))
    stdout.pipe(response)
  }
  stdout.on('data', readHead).on('end', fail)
}

function writeHead(response: ServerResponse, head: string): void {
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    const value = line.slice(colon + 1).trim()
    if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
}

function canRun(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
