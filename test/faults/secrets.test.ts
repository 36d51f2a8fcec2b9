// Every secret that Storemap can be given, in every place, through all that can happen: it is nowhere to be read after.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CliResult } from '../helpers/cli.ts'
import {
  createBareRepository,
  type HttpsRemote,
  hasOpenssl,
  hasSshd,
  runGit,
  startHttpsRemote,
} from '../helpers/git-remotes.ts'
import { commandLines } from '../helpers/processes.ts'
import { createProject, type Project, demoShop as recordShop } from '../helpers/project.ts'
import { ROUTES_FILE, storefront } from '../helpers/storefront.ts'

const isPossible = hasOpenssl && process.platform === 'linux'
if (!isPossible) console.warn('skipped: secrets through all commands: openssl or /proc is missing')

const random = () => randomBytes(9).toString('base64')
/** With what has to be encoded in an address, and in a base64 that differs from that of an address. */
const secrets = {
  DATABASE_PASSWORD: `d4tabase/P+ss=&?>${random()}`,
  GIT_TOKEN: `ghp_Tok/en+=&>?${random()}`,
  URL_TOKEN: `glpat-In/the+url=${random()}`,
  ROUTER_TOKEN: `glpat-Front/end+=&${random()}`,
  DEPLOY_KEY_LINE: randomBytes(48).toString('base64'),
  AWS_SECRET_ACCESS_KEY: `aws/S3cret+Key${random()}`,
  AWS_SESSION_TOKEN: `Session/Tok+en==${random()}`,
} as const
const DEPLOY_KEY = `-----BEGIN OPENSSH PRIVATE KEY-----\n${secrets.DEPLOY_KEY_LINE}\n-----END OPENSSH PRIVATE KEY-----\n`

/** Each secret as it is, percent-encoded, in base64, and as Basic authentication sends it. */
const needles: readonly string[] = Object.values(secrets).flatMap(secret => [
  secret,
  encodeURIComponent(secret),
  ...['', 'x-access-token:', 'robot:', 'storemap:'].flatMap(user => {
    const bytes = Buffer.from(`${user}${secret}`)
    return [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')]
  }),
])

let project: Project
let https: HttpsRemote
let bucket: Server
let env: Record<string, string>
let role: string
/** All that was said, and all command lines that were seen meanwhile. */
let said: { readonly where: string; readonly text: string }[]

beforeEach(async () => {
  project = await createProject({ withDatabase: true })
  const frontEnd = join(dirname(project.repository.dir), 'frontend.git')
  await createBareRepository(frontEnd, { files: storefront() as Record<string, string> })
  https = await startHttpsRemote({ root: dirname(project.repository.dir), token: secrets.GIT_TOKEN })
  bucket = await startTalkativeBucket()
  role = `storemap_secret_${randomBytes(6).toString('hex')}`
  await project.database?.query(`create role ${role} superuser login password '${secrets.DATABASE_PASSWORD}'`)
  env = {
    ...secrets,
    DATABASE_URL: withCredentials(project.database?.url as string, role, secrets.DATABASE_PASSWORD),
    GIT_URL: https.url('sitemap.git'),
    GIT_URL_WITH_TOKEN: withCredentials(https.url('sitemap.git'), 'robot', secrets.URL_TOKEN),
    ROUTER_URL: https.url('frontend.git'),
    ROUTER_URL_WITH_GOOD_TOKEN: withCredentials(https.url('frontend.git'), 'robot', secrets.GIT_TOKEN),
    ROUTER_URL_WITH_TOKEN: withCredentials(https.url('frontend.git'), 'robot', secrets.ROUTER_TOKEN),
    SSH_URL: `ssh://git@127.0.0.1:${(bucket.address() as AddressInfo).port}/acme/sitemap.git`,
    S3_ENDPOINT: `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    DEPLOY_KEY,
    GIT_SSL_CAINFO: https.caFile,
  }
  said = []
})
afterEach(async () => {
  await project.database?.query(`drop role ${role}`)
  await project[Symbol.asyncDispose]()
  await https.close()
  bucket.close()
})

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: references of the configuration */
const toGit = { git: { repo: '${GIT_URL}', token: '${GIT_TOKEN}' } } as const
const toOthers = [
  { git: { repo: '${GIT_URL_WITH_TOKEN}', branch: 'other' } },
  ...(hasSshd
    ? [{ git: { repo: '${SSH_URL}', sshKey: '${DEPLOY_KEY}', knownHosts: '127.0.0.1 ssh-ed25519 AAAA' } }]
    : []),
  { s3: { bucket: 'acme-shop', endpoint: '${S3_ENDPOINT}' } },
] as const
const mistaken = [
  { git: { ...toGit.git, tokn: '${GIT_TOKEN}' } },
  { git: { ...toGit.git, branch: ' ${GIT_TOKEN}' } },
  { git: { repo: '${GIT_URL_WITH_TOKEN}?x=${GIT_TOKEN}', token: '${GIT_TOKEN}' } },
  { s3: { bucket: '${AWS_SECRET_ACCESS_KEY}', secretAccessKey: '${AWS_SECRET_ACCESS_KEY}' } },
]
const routesOf = (git: object) => ({ of: 'routes', router: { git: { path: ROUTES_FILE, ...git } } })
const demoShop = {
  ...recordShop,
  sections: { ...recordShop.sections, static: routesOf({ repo: '${ROUTER_URL}', token: '${GIT_TOKEN}' }) },
}
const refusedRouters = [
  { repo: '${ROUTER_URL}', token: '${ROUTER_TOKEN}' },
  { repo: '${ROUTER_URL_WITH_TOKEN}' },
  ...(hasSshd ? [{ repo: '${SSH_URL}', sshKey: '${DEPLOY_KEY}', knownHosts: '127.0.0.1 ssh-ed25519 AAAA' }] : []),
]
const mistakenRouters = [
  { repo: '${ROUTER_URL}', tokn: '${ROUTER_TOKEN}' },
  { repo: '${ROUTER_URL_WITH_TOKEN}', token: '${ROUTER_TOKEN}', ref: ' ${ROUTER_TOKEN}' },
  { repo: '${ROUTER_URL}', path: '/${ROUTER_TOKEN}' },
]
const PULL = ['pull', '--from', '${GIT_URL}', '--token', '${GIT_TOKEN}', '--to', 'pulled'] as const
const PULL_BY_URL = ['pull', '--from', '${GIT_URL_WITH_TOKEN}', '--to', 'pulled'] as const
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: references of the configuration */

test.skipIf(!isPossible)(
  'no secret is in any output, report, process argument, commit, state or file, whatever command fails or succeeds',
  { timeout: 240_000 },
  async () => {
    const all = [toGit, ...toOthers] as const
    await project.configure({ ...demoShop, publish: all } as never)
    // Servers repeat what they were sent, and more.
    const saying = (...names: (keyof typeof secrets)[]) =>
      names.map(name => `echo "not for ${secrets[name]}" >&2`).join('\n')
    await project.addHook('pre-receive', `sleep 0.2\n${saying('GIT_TOKEN', 'URL_TOKEN', 'DATABASE_PASSWORD')}`)
    await both(['run'], { code: 1, says: 'TARGET_AUTH_FAILED' }) // the first target has it, the others fail
    await both(['diff'], { code: 0 })
    await both(['explain', '/products/beech-rug-1'], { code: 0 })
    await both(['build', '--out', 'out'], { code: 0 })
    await both(['check', 'out'], { code: 0 })
    await both(['fields', 'products'], { code: 0 })
    await both(['routes'], { code: 0 })
    await both(PULL, { code: 0 })
    await both(PULL_BY_URL, { code: 1, says: 'TARGET_AUTH_FAILED' })

    await project.configure({ ...demoShop, publish: [toGit], state: { directory: 'state' } } as never)
    await project.database?.query(`update product_product set private_metadata = '{}' where id % 2 = 0`)
    await both(['run'], { code: 3, says: 'BUNDLE_SHRUNK' })
    await both(['diff'], { code: 0 })
    await project.addHook('pre-receive', `${saying('GIT_TOKEN', 'DATABASE_PASSWORD')}\nexit 1`)
    await both(['run', '--accept'], { code: 1, says: 'TARGET_PUSH_REFUSED' })
    await project.addHook('pre-receive', 'exit 0')
    await both(['run', '--accept'], { code: 0 })

    const withRouter = (git: object) => ({ ...demoShop, sections: { ...demoShop.sections, static: routesOf(git) } })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    await project.configure({ ...withRouter({ repo: '${ROUTER_URL_WITH_GOOD_TOKEN}' }), publish: [toGit] } as never)
    await both(['routes'], { code: 0 })
    for (const git of refusedRouters) {
      await project.configure({ ...withRouter(git), publish: [toGit] } as never)
      for (const command of [['run'], ['routes']]) await both(command, { code: 1, says: 'ROUTER_UNREACHABLE' })
    }
    await both(['explain', '/about'], {})
    for (const git of mistakenRouters) {
      await project.configure({ ...withRouter(git), publish: [toGit] } as never)
      await both(['routes'], { code: 2, says: 'CONFIG_INVALID' })
    }
    await project.configure({ ...demoShop, publish: [toGit], state: { directory: 'state' } } as never)

    env.DATABASE_URL = withCredentials(project.database?.url as string, 'nobody_here', secrets.DATABASE_PASSWORD)
    for (const command of [['run'], ['explain', '/'], ['build', '--out', 'out']]) {
      await both(command, { code: 1, says: 'SOURCE_AUTH_FAILED' })
    }
    env.DATABASE_URL = `postgres://me:${secrets.DATABASE_PASSWORD}@[127.0.0.1/shop`
    await both(['run'], {})
    for (const publish of mistaken) {
      await project.configure({ ...demoShop, publish: [publish] } as never)
      await both(['run'], { code: 2, says: 'CONFIG_INVALID' })
    }

    expect(said.some(({ where, text }) => where === 'arguments' && text.includes('push'))).toBe(true)
    await keepFiles()
    for (const { where, text } of said) {
      for (const needle of needles)
        expect(text.includes(needle), `${needle} in ${where}: ${text.slice(0, 2_000)}`).toBe(false)
    }
    expect(await project.leftovers()).toEqual([])
  },
)

/** With all it has to say, for people and for programs. */
async function both(
  args: readonly string[],
  expected: { readonly code?: number; readonly says?: string },
): Promise<void> {
  for (const flag of ['--verbose', '--json']) {
    const { code, stdout, stderr } = await watched([...args, flag])
    const text = `${stdout}${stderr}`
    // What was accepted once is nothing to be accepted again.
    if (args.includes('--accept') && text.includes('NOTHING_HELD')) continue
    if (expected.code !== undefined) expect(code, `${args.join(' ')} ${flag}: ${text}`).toBe(expected.code)
    expect(text).toContain(expected.says ?? '')
    said.push({ where: `what "${args.join(' ')} ${flag}" said`, text })
  }
}

async function watched(args: readonly string[]): Promise<CliResult> {
  const running = await project.start(args, env)
  const seen = new Set<string>()
  let result: CliResult | undefined
  void running.ended.then(value => {
    result = value
  })
  while (!result) {
    for (const line of commandLines()) seen.add(line)
    await delay(10)
  }
  said.push({ where: 'arguments', text: [...seen].join('\n') })
  return result
}

/** Everything in the repository, reachable or not, and everything on the disk that a run wrote. */
async function keepFiles(): Promise<void> {
  const objects = ['cat-file', '--batch-all-objects', '--unordered', '--batch']
  const text = await runGit(objects, { cwd: project.repository.dir })
  expect(text).toContain('State of ')
  said.push({ where: 'objects of the repository', text })
  for (const folder of [project.dir, project.tmp, project.repository.dir]) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      // The hook is the test's own.
      if (entry.isFile() && !path.includes('/hooks/')) said.push({ where: path, text: await readFile(path, 'latin1') })
    }
  }
}

function withCredentials(address: string, username: string, password: string): string {
  const url = new URL(address)
  url.username = username
  url.password = encodeURIComponent(password)
  return url.href
}

/** Without the one that is not configured yet where it speaks: that, nobody can keep out. */
const KNOWN_TO_BUCKET = Object.values(secrets).filter(secret => secret !== secrets.ROUTER_TOKEN)

/** Refuses everything, and repeats what it got, and what it should not know. */
async function startTalkativeBucket(): Promise<Server> {
  const server = createServer((request, response) => {
    const heard = JSON.stringify([request.headers, KNOWN_TO_BUCKET]).replaceAll(/[<&]/g, '?')
    response.writeHead(403, { 'Content-Type': 'application/xml' })
    response.end(
      `<Error><Code>AccessDenied</Code><Message>${KNOWN_TO_BUCKET.map(escaped).join(' ')} ${heard}</Message></Error>`,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
