// A real S3 server on this machine: versitygw where it is installed, else moto from PyPI, which checks no signatures.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import { buildOnce, cacheDir, output } from '../oracles/build-once.ts'

export const KEYS = { accessKeyId: 'testkey', secretAccessKey: 'testsecret-0123456789' }
const MOTO_VERSION = '5.2.5'

export interface S3Server extends AsyncDisposable {
  readonly kind: 'versitygw' | 'moto'
  readonly endpoint: string
  makeBucket(): Promise<TestBucket>
}

/** A bucket as others see it: read and written by a client that is not ours. */
export interface TestBucket {
  readonly name: string
  read(key: string): Promise<{ readonly bytes: Buffer; readonly headers: Headers } | undefined>
  write(key: string, content: string | Buffer): Promise<void>
  remove(key: string): Promise<void>
  /** All keys. */
  keys(): Promise<string[]>
}

/** The server, or undefined where there is none to be had; absence fails where STOREMAP_REQUIRE_ORACLES demands it. */
export async function startS3Server(): Promise<S3Server | undefined> {
  const program = findVersitygw()
  if (program !== undefined) return startServer('versitygw', port => startVersitygw(program, port))
  try {
    const python = join(await installMoto(), 'bin', 'python')
    return await startServer('moto', port => startMoto(python, port))
  } catch (cause) {
    const message = 'no S3 server: neither versitygw (bash .ci/install.sh builds it) nor moto (pip) can be had'
    if (process.env.STOREMAP_REQUIRE_ORACLES === '1') throw new Error(message, { cause })
    console.warn(`skipped: ${message}`)
    return undefined
  }
}

function findVersitygw(): string | undefined {
  const go = (process.env.GOPATH ?? join(homedir(), 'go')).split(delimiter).map(path => join(path, 'bin'))
  const folders = [process.env.GOBIN ?? '', join(cacheDir, 'bin'), ...go, ...(process.env.PATH ?? '').split(delimiter)]
  return folders.map(folder => join(folder, 'versitygw')).find(path => path !== 'versitygw' && existsSync(path))
}

/** Into .cache/, the first time. */
const installMoto = (): Promise<string> =>
  buildOnce(join(cacheDir, `moto-${MOTO_VERSION}`), async dir => {
    await output('python3', ['-m', 'venv', dir])
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1']
    await output(join(dir, 'bin', 'python'), [...pip, `moto[server]==${MOTO_VERSION}`])
  })

interface Started {
  readonly child: ChildProcess
  readonly dir: string
}

async function startVersitygw(program: string, port: number): Promise<Started> {
  const dir = await mkdtemp(join(tmpdir(), 'storemap-s3-'))
  for (const name of ['data', 'meta']) await mkdir(join(dir, name))
  // Beside the files, since not every file system keeps attributes.
  const args = ['--quiet', '--port', `127.0.0.1:${port}`, '--keep-alive', 'posix', '--sidecar', join(dir, 'meta')]
  const env = { PATH: process.env.PATH, ROOT_ACCESS_KEY: KEYS.accessKeyId, ROOT_SECRET_KEY: KEYS.secretAccessKey }
  return { dir, child: spawn(program, [...args, join(dir, 'data')], { cwd: dir, env, stdio: 'ignore' }) }
}

async function startMoto(python: string, port: number): Promise<Started> {
  const dir = await mkdtemp(join(tmpdir(), 'storemap-s3-'))
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  return { dir, child: spawn(python, args, { cwd: dir, stdio: 'ignore' }) }
}

async function startServer(kind: S3Server['kind'], start: (port: number) => Promise<Started>): Promise<S3Server> {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const { child, dir } = await start(port)
  const client = new AwsClient({ ...KEYS, service: 's3', region: 'us-east-1', retries: 0 })
  const dispose = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await answers(child, () => client.fetch(endpoint))
  } catch (cause) {
    await dispose()
    throw cause
  }
  let count = 0
  return {
    kind,
    endpoint,
    async makeBucket() {
      const name = `shop-${++count}`
      await client.fetch(`${endpoint}/${name}`, { method: 'PUT' }).then(assertOk)
      return bucketOf(client, endpoint, name)
    },
    [Symbol.asyncDispose]: dispose,
  }
}

function bucketOf(client: AwsClient, endpoint: string, name: string): TestBucket {
  const url = (key: string) => `${endpoint}/${name}/${key.split('/').map(encodeURIComponent).join('/')}`
  return {
    name,
    async read(key) {
      const response = await client.fetch(url(key))
      if (response.status === 404) return undefined
      await assertOk(response)
      return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers }
    },
    async write(key, content) {
      await client.fetch(url(key), { method: 'PUT', body: Buffer.from(content) }).then(assertOk)
    },
    async remove(key) {
      await client.fetch(url(key), { method: 'DELETE' }).then(assertOk)
    },
    async keys() {
      const keys: string[] = []
      for (let after = ''; ; ) {
        const query = `?list-type=2&start-after=${encodeURIComponent(after)}`
        const text = await client.fetch(`${endpoint}/${name}${query}`).then(async response => {
          await assertOk(response)
          return response.text()
        })
        const page = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key)
        keys.push(...page)
        if (!text.includes('<IsTruncated>true') || page.length === 0) return keys
        after = page.at(-1) as string
      }
    },
  }
}

async function assertOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.status} of ${response.url}: ${await response.clone().text()}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

async function answers(child: ChildProcess, ask: () => Promise<Response>): Promise<void> {
  let failure: unknown
  child.once('error', cause => {
    failure = cause
  })
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (failure !== undefined || child.exitCode !== null) break
    const response = await ask().catch(() => undefined)
    if (response?.ok) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`the S3 server did not start (exit code ${child.exitCode})`, { cause: failure })
}
