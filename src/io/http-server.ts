// An HTTP server of this process: listens, answers by a function, and ends in order.
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { errors } from '../errors.ts'

export interface HttpServer {
  /** http://127.0.0.1:8080, with the port that it really has. */
  readonly url: string
  /** Listens no longer, and resolves when the requests in flight are answered; those that take too long are cut off. */
  close(): Promise<void>
}

export interface ListenOptions {
  /** A name or address of this machine. */
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

/** Connections on which nothing moves for so long are closed: a reader that stalls must not hold a file for ever. */
const STALLED_MS = 60_000

/** Less than what container platforms wait between SIGTERM and SIGKILL. */
const LAST_ANSWERS_MS = 10_000

/** Starts a server. Fails with SERVER_PORT_TAKEN or SERVER_NOT_STARTED. */
export async function listenHttp(
  answer: (request: Request) => Response | Promise<Response>,
  { host, port }: ListenOptions,
): Promise<HttpServer> {
  // The host is for requests that name none, as HTTP/1.0 allows.
  const server = createAdaptorServer({ fetch: answer, hostname: 'localhost', overrideGlobalObjects: false }) as Server
  server.timeout = STALLED_MS
  let isClosing = false
  server.on('request', (_, response) => {
    // A connection that is kept alive for a next request would keep the server alive, too.
    response.once('close', () => setImmediate(() => isClosing && server.closeIdleConnections()))
  })
  const listening = once(server, 'listening')
  server.listen(port, host)
  await listening.catch(cause => {
    throw listenError(cause, { host, port })
  })
  // A connection that could not be taken is that client's trouble, and no reason to end.
  server.on('error', () => undefined)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      if (isClosing) return
      isClosing = true
      const closed = once(server, 'close')
      const cutOff = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS)
      server.close()
      await closed
      clearTimeout(cutOff)
    },
  }
}

function listenError(cause: NodeJS.ErrnoException, { host, port }: ListenOptions): Error {
  if (cause.code === 'EADDRINUSE') return errors.serverPortTaken(host, port, cause)
  return errors.serverNotStarted(host, port, WHY[cause.code ?? ''] ?? cause.message, cause)
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use that port',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'that name has no address',
  EAI_AGAIN: 'that name has no address',
  EAFNOSUPPORT: 'this machine knows no such addresses',
}
