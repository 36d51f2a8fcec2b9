// The demo's front end: a folder with a page of its own, served over HTTP. A stand-in for the shop's web server.
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

export interface FrontEnd {
  readonly url: string
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.xml': 'application/xml',
  '.gz': 'application/gzip',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Demo shop</title>
<h1>Demo shop</h1>
<p>This page is the front end's own. <a href="/sitemap.xml">sitemap.xml</a> was pulled in beside it.</p>
`

/** Writes the front end's own page into the folder, which is then its alone. */
export async function makeFrontEnd(dir: string): Promise<void> {
  await writeFile(join(dir, 'index.html'), PAGE)
}

/** Serves the folder's top-level files on 127.0.0.1. */
export async function serveFrontEnd(dir: string, port: number): Promise<FrontEnd> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = pathname === '/' ? 'index.html' : pathname.slice(1)
    const isPlainName = /^[\w-][\w.-]*$/.test(name)
    const file = isPlainName ? readFile(join(dir, name)) : Promise.reject(new Error('no such file'))
    file.then(
      body => response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(body),
      () => response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n'),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
