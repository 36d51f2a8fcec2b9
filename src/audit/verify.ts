// Asks a live site until it serves a published bundle, or says what it saw instead.
import { setTimeout as delay } from 'node:timers/promises'
import { ENTRY_POINT, type Manifest } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { lookAtRobots } from './robots.ts'
import { lookAtFile, type ServedFile } from './served-file.ts'
import { servedRevision } from './served-revision.ts'

export interface VerifyOptions {
  /** Scheme and host that are asked, without a slash at the end. */
  readonly site: string
  /** What is published. */
  readonly manifest: Manifest
  readonly revision: string
  /** So long it is asked again. */
  readonly timeoutMs: number
  readonly robots: boolean
  readonly credentials?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Told when what is seen is another thing than before. */
  readonly onWait?: ((problem: ServedFile) => void) | undefined
}

export interface VerifyReport {
  readonly site: string
  readonly revision: string
  readonly files: number
  readonly bytes: number
  /** How often it was asked until all was right. */
  readonly attempts: number
  readonly durationMs: number
}

const REQUEST_MS = 30_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 10_000
const AT_ONCE = 4

/** Fails with VERIFY_FAILED and what was seen last, once the time is over, or where waiting changes nothing. */
export async function verifySite(options: VerifyOptions): Promise<VerifyReport> {
  const { manifest, revision, site, timeoutMs, credentials, signal, onWait } = options
  const started = Date.now()
  let told = ''
  let open = namesIn(manifest, options.robots)
  for (let attempts = 1, pauseMs = FIRST_PAUSE_MS; ; attempts++, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const seen = await lookAt(open, options)
    const wrong = seen.filter(({ problem }) => problem !== undefined)
    const [first] = wrong
    if (!first) {
      const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0)
      const files = Object.keys(manifest.files).length
      return { site, revision, files, bytes, attempts, durationMs: Date.now() - started }
    }
    const isOver = Date.now() - started + pauseMs > timeoutMs
    if (isOver || wrong.every(({ mayChange }) => !mayChange)) {
      const served = await servedRevision(site, { credentials, signal, timeoutMs: REQUEST_MS })
      throw errors.verifyFailed(site, { revision, served, wrong: wrong.map(textOf) })
    }
    if (told !== `${first.name} ${first.problem}`) onWait?.(first)
    told = `${first.name} ${first.problem}`
    // What was right stays so, until the entry point is another.
    open = first.name === ENTRY_POINT ? namesIn(manifest, options.robots) : wrong.map(({ name }) => name)
    await delay(pauseMs, undefined, { signal })
  }
}

/** The entry point first: as long as it is not the published one, nothing else has to be. */
const namesIn = ({ files }: Manifest, robots: boolean): readonly string[] => [
  ENTRY_POINT,
  ...Object.keys(files).filter(name => name !== ENTRY_POINT && name !== ROBOTS),
  ...(robots ? [ROBOTS] : []),
]
const ROBOTS = 'robots.txt'

async function lookAt(names: readonly string[], options: VerifyOptions): Promise<readonly ServedFile[]> {
  const { site, manifest, credentials, signal } = options
  const request = { credentials, signal, timeoutMs: Math.min(REQUEST_MS, Math.max(options.timeoutMs, FIRST_PAUSE_MS)) }
  const look = (name: string): Promise<ServedFile> => {
    const file = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined
    if (name !== ROBOTS && file) return lookAtFile(site, name, { ...request, file })
    return lookAtRobots(new URL(site).origin, [`${manifest.site}/${ENTRY_POINT}`, `${site}/${ENTRY_POINT}`], request)
  }
  const seen: ServedFile[] = []
  const [first, ...rest] = names
  if (first === undefined) return seen
  seen.push(await look(first))
  if (first === ENTRY_POINT && seen[0]?.problem !== undefined) return seen
  const queue = [...rest]
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) seen.push(await look(name))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return seen
}

const textOf = ({ url, problem }: ServedFile): string => `${url}: ${problem}`
