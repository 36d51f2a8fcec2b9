// What targets that are a folder on this machine share: the bundle stands in a web root.
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { readPlainFile } from '../io/files.ts'
import { placeBundle, type Switch } from '../webroot/place.ts'
import { type PublishedFolder, readWebRoot } from '../webroot/read.ts'
import { isIntact } from '../webroot/staging.ts'
import type { PublishedBundle, Publisher } from './publisher.ts'

/** A target that is a folder; made if absent, by the first publish. */
export function createWebRootPublisher(
  name: string,
  { path, switch: mode }: { readonly path: string; readonly switch: Switch },
): Publisher {
  return {
    name,
    keepsState: false,
    keepsFiles: false,
    async open(signal) {
      signal?.throwIfAborted()
      const seen = await readWebRoot(path)
      return {
        published: seen && toPublishedBundle(seen),
        async publish(bundle, { adopt }) {
          const now = await readWebRoot(path)
          if (now?.revision !== seen?.revision) throw errors.targetMoved(name)
          const { written, removed } = await placeBundle(bundle, { dir: path, switch: mode, adopt, signal })
          return { reference: path, written, removed }
        },
        async close() {},
      }
    },
  }
}

function toPublishedBundle({ manifest, revision, filesDir }: PublishedFolder): PublishedBundle {
  return {
    manifest,
    revision,
    isIntact: async name => {
      const wanted = Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined
      return wanted !== undefined && isIntact(join(filesDir, name), wanted)
    },
    async *read(name) {
      if (!Object.hasOwn(manifest.files, name)) throw errors.bundleFileAltered(name, 'the manifest does not name it')
      yield* readPlainFile(join(filesDir, name), problem => errors.bundleFileAltered(name, problem))
    },
  }
}
