// A server with one site or several, each with a folder into which a test publishes.
import { join } from 'node:path'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { createHttpPublisher } from '../../src/publishers/http/http.ts'
import { type Servers, serveTargets } from '../../src/server/server.ts'
import { makeBundle, tempFolder } from '../helpers/bundle.ts'
import { type Answer, type Asked, ask } from '../helpers/http.ts'

export interface Setting extends AsyncDisposable {
  /** Temporary folder of all of it. */
  readonly path: string
  readonly url: string
  readonly failures: readonly unknown[]
  readonly servers: Servers
  dirOf(site: string): string
  /** Makes a bundle of the files and publishes it. */
  publish(files: Readonly<Record<string, string | Buffer>>, site?: string): Promise<Bundle>
  ask(path: string, asked?: Asked): Promise<Answer>
}

export async function startServer(...sites: string[]): Promise<Setting> {
  const temp = await tempFolder()
  const names = sites.length > 0 ? sites : ['shop.example.com']
  const dirOf = (site: string) => join(temp.path, 'served', site.replace(':', '-'))
  const failures: unknown[] = []
  const servers = await serveTargets(
    names.map(site => ({ site, dir: dirOf(site), host: '127.0.0.1', port: 0 })),
    { onFailure: cause => failures.push(cause) },
  )
  const url = servers.list[0]?.url as string
  let made = 0
  return {
    path: temp.path,
    url,
    failures,
    servers,
    dirOf,
    async publish(files, site = names[0] as string) {
      made++
      const bundle = await makeBundle(join(temp.path, `bundle-${made}`), files)
      const open = await createHttpPublisher({ port: 8080, path: dirOf(site) }).open()
      await open.publish(bundle, { message: '', adopt: false })
      await open.close()
      return bundle
    },
    ask: (path, asked) => ask(url, path, asked),
    async [Symbol.asyncDispose]() {
      await servers.close()
      await temp[Symbol.asyncDispose]()
    },
  }
}

export const etagOf = (bundle: Bundle, name: string): string => `"${bundle.manifest.files[name]?.sha256}"`
