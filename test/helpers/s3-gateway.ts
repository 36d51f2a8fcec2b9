// Stands before an S3 server and does to requests what bad days do to them: lost, answers lost, refused, not understood.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AwsClient } from 'aws4fetch'
import { KEYS } from './s3-server.ts'

export interface GatewayRequest {
  /** Counted from 1. */
  readonly number: number
  readonly method: string
  /** Without the bucket, decoded; of a list: `?` and its query. */
  readonly key: string
  readonly headers: IncomingMessage['headers']
}

/**
 * `lost`: the connection breaks before the server has it; `unheard`: after the server has done it. `unconditional`: the
 * server does not know what If-Match means. A status: refused with it, by S3's own code.
 */
export type Fate = 'pass' | 'lost' | 'unheard' | 'unconditional' | { readonly status: number; readonly code: string }

export interface S3Gateway extends AsyncDisposable {
  readonly endpoint: string
  /** Those that came, in their order; may be emptied. */
  readonly requests: GatewayRequest[]
}

export async function startGateway(
  target: string,
  fateOf: (request: GatewayRequest) => Fate | Promise<Fate> = () => 'pass',
): Promise<S3Gateway> {
  const client = new AwsClient({ ...KEYS, service: 's3', region: 'us-east-1', retries: 0 })
  const requests: GatewayRequest[] = []
  let count = 0
  const server = createServer(async (incoming, outgoing) => {
    const request = toRequest(incoming, ++count)
    requests.push(request)
    const chunks: Buffer[] = []
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer)
    } catch {
      return // who sent it gave up
    }
    const fate = await fateOf(request)
    if (fate === 'lost') incoming.socket.destroy()
    else if (typeof fate === 'object') refuse(outgoing, fate)
    else await forward(incoming, { client, target, body: Buffer.concat(chunks), outgoing, fate })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function toRequest({ method = '', url = '', headers }: IncomingMessage, number: number): GatewayRequest {
  const { pathname, search } = new URL(url, 'http://gateway')
  const key = decodeURIComponent(pathname.split('/').slice(2).join('/'))
  return { number, method, key: key || search, headers }
}

function refuse(outgoing: ServerResponse, { status, code }: { status: number; code: string }): void {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>As the test wants it</Message></Error>`
  outgoing.writeHead(status, { 'content-type': 'application/xml' }).end(body)
}

interface Forward {
  readonly client: AwsClient
  readonly target: string
  readonly body: Buffer
  readonly outgoing: ServerResponse
  readonly fate: Fate
}

async function forward(incoming: IncomingMessage, { client, target, body, outgoing, fate }: Forward): Promise<void> {
  const { method = '', url = '' } = incoming
  const kept = ['content-type', 'cache-control', ...(fate === 'unconditional' ? [] : ['if-match', 'if-none-match'])]
  const headers = Object.fromEntries(
    kept.flatMap(name => [[name, incoming.headers[name]]]).filter(([, value]) => value),
  )
  const answer = await client.fetch(`${target}${url}`, { method, headers, ...(method === 'PUT' && { body }) })
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (fate === 'unheard') {
    incoming.socket.destroy()
    return
  }
  const passed = [...answer.headers].filter(([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name))
  outgoing.writeHead(answer.status, Object.fromEntries(passed)).end(bytes)
}
