// The port of an HTTP target: free, held by a server of ours, or somebody else's.
import { StoremapError } from '../errors.ts'
import { httpGet, readUpTo } from '../io/http-get.ts'
import { listenHttp } from '../io/http-server.ts'
import type { HttpOptions } from '../publishers/http/options.ts'
import type { Tell } from './check.ts'

const MOST_BYTES = 65_536

export async function tellPort(tell: Tell, { host, port }: HttpOptions): Promise<void> {
  try {
    const server = await listenHttp(() => new Response(undefined, { status: 503 }), { host, port })
    await server.close()
    tell.ok('port', `${port} of ${host} is free: no "storemap serve" is running`)
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    const revision = cause.code === 'SERVER_PORT_TAKEN' ? await servedBy(host, port) : undefined
    if (revision === undefined) tell.failure('port', cause)
    else tell.ok('port', `${port} of ${host} is held by a "storemap serve", which serves ${revision}`)
  }
}

/** What a server of ours says of itself; undefined for any other. */
async function servedBy(host: string, port: number): Promise<string | undefined> {
  const local = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const at = local.includes(':') ? `[${local}]` : local
  const answer = await httpGet(`http://${at}:${port}/healthz`, { timeoutMs: 3_000 })
  if ('failure' in answer) return undefined
  try {
    const { bytes, isWhole } = await readUpTo(answer, MOST_BYTES)
    if (!isWhole) return undefined
    const said: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof said !== 'object' || said === null || !('revision' in said || 'revisions' in said)) return undefined
    const { revision } = said as { revision?: unknown }
    return typeof revision === 'string' ? `revision ${revision.slice(0, 12)}` : 'its sites'
  } catch {
    return undefined
  }
}
