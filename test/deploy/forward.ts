// Offers a server of this machine's loopback at another address of it, as pods need: they have networks of their own.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'

export interface Forward {
  readonly port: number
  close(): Promise<void>
}

export async function forward(address: string, toPort: number): Promise<Forward> {
  const open = new Set<{ destroy(): void }>()
  const server = createServer(near => {
    const far = connect(toPort, '127.0.0.1')
    for (const socket of [near, far]) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
    pipeline(near, far, near, () => {}) // either side may leave at any time
  }).listen(0, address)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
