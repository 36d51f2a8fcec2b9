// Serves HTTP targets: one server a port, whichever sites are on it.
import { type HttpServer, listenHttp } from '../io/http-server.ts'
import { createApp } from './app.ts'

/** An HTTP target of a site. */
export interface HttpTarget {
  /** Host of the site. */
  readonly site: string
  /** The web root that holds its bundle; it may be filled later. */
  readonly dir: string
  /** The address of this machine to listen on. */
  readonly host: string
  readonly port: number
}

export interface Servers {
  readonly list: readonly { readonly url: string; readonly sites: readonly string[] }[]
  /** Resolves when the requests in flight are answered. */
  close(): Promise<void>
}

/** Starts all of them, or none: fails with SERVER_PORT_TAKEN or SERVER_NOT_STARTED. */
export async function serveTargets(
  targets: readonly HttpTarget[],
  { onFailure }: { readonly onFailure: (cause: unknown) => void },
): Promise<Servers> {
  const started: { readonly server: HttpServer; readonly sites: readonly string[] }[] = []
  const close = async () => {
    await Promise.all(started.map(({ server }) => server.close()))
  }
  try {
    for (const { host, port, on } of byPort(targets)) {
      const app = createApp(
        on.map(({ site, dir }) => ({ host: site, dir })),
        onFailure,
      )
      started.push({ server: await listenHttp(app.fetch, { host, port }), sites: on.map(({ site }) => site) })
    }
  } catch (cause) {
    await close()
    throw cause
  }
  return { list: started.map(({ server, sites }) => ({ url: server.url, sites })), close }
}

function byPort(targets: readonly HttpTarget[]) {
  const ports = new Map<string, HttpTarget[]>()
  for (const target of targets) {
    const key = `${target.host} ${target.port}`
    ports.set(key, [...(ports.get(key) ?? []), target])
  }
  return [...ports.values()].map(on => {
    const { host, port } = on[0] as HttpTarget
    return { host, port, on }
  })
}
