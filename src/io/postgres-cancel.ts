// Asks PostgreSQL to end a running statement: one that sends nothing would not notice that its client has gone.
import { connect } from 'node:net'
import type pg from 'pg'

const CANCEL_REQUEST = 80_877_102
const MOST_MS = 2_000

/** By a connection of its own, as the protocol wants it. Best effort: whoever calls it goes on at once. */
export function requestCancel(client: pg.Client): void {
  const { processID, secretKey } = client as unknown as { processID: unknown; secretKey: unknown }
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return
  const request = Buffer.alloc(16)
  for (const [index, word] of [16, CANCEL_REQUEST, processID, secretKey].entries())
    request.writeInt32BE(word, index * 4)
  const { host, port } = client
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect({ host, port })
  socket.on('error', () => undefined)
  socket.setTimeout(MOST_MS, () => socket.destroy())
  socket.on('connect', () => socket.end(request))
}
