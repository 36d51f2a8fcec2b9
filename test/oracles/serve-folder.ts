// A folder over HTTP as a plain web server would offer it, for the readers that fetch.

import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { pipeline } from 'node:stream/promises'

// A .gz is a file of its own, not an encoding of another, so it has no Content-Encoding: clients keep it as it is.
const contentTypes: Readonly<Record<string, string>> = {
  '.xml': 'application/xml',
  '.gz': 'application/gzip',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

export interface ServedFolder extends AsyncDisposable {
  /** "http://127.0.0.1:port", without a slash at its end. */
  readonly url: string
  /** Paths asked for so far. */
  requests(): readonly string[]
  close(): Promise<void>
}

/** Serves the files of a folder, links followed, as they are at the time of the request. */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '/')
    answer(folder, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const close = async () => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${port}`, requests: () => requests, close, [Symbol.asyncDispose]: close }
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
  const file = join(folder, normalize(path)) // an absolute path is normalised to stay below its root
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n')
    return
  }
  response.writeHead(200, {
    'Content-Type': contentTypes[extname(file)] ?? 'application/octet-stream',
    'Content-Length': info.size,
    'Last-Modified': info.mtime.toUTCString(),
  })
  if (request.method === 'HEAD') response.end()
  else await pipeline(createReadStream(file), response)
}
