// A server that takes every connection and never says a word: the remote that hangs.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface HangingServer extends AsyncDisposable {
  readonly port: number
  /** An address of it for any protocol, since it answers none. */
  url(scheme: 'http' | 'https' | 'ssh' | 'git', path?: string): string
  /** How many connections it has taken so far. */
  connections(): number
  close(): Promise<void>
}

export async function startHangingServer(): Promise<HangingServer> {
  const open = new Set<Socket>()
  let taken = 0
  const server = createServer(socket => {
    taken += 1
    open.add(socket)
    socket.on('error', () => {}).on('close', () => open.delete(socket))
    socket.resume() // so that the end of the connection is noticed
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const close = async () => {
    if (!server.listening) return
    for (const socket of open) socket.destroy()
    const closed = once(server, 'close')
    server.close()
    await closed
  }
  return {
    port,
    url: (scheme, path = 'shop.git') => `${scheme}://127.0.0.1:${port}/${path}`,
    connections: () => taken,
    close,
    [Symbol.asyncDispose]: close,
  }
}
