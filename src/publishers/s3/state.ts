// The state of a site in a bucket: a folder of its own, beside the journal.
import { errors } from '../../errors.ts'
import type { S3Bucket } from '../../io/s3.ts'
import { anyFileBody, bytesBody } from '../../io/s3-body.ts'
import type { StateChanges, StateStore } from '../../state/store.ts'
import { privateHeaders } from './headers.ts'
import { forEach } from './several.ts'

export interface S3State extends StateStore {
  /** What is put, before a bundle that needs it. */
  put(changes: StateChanges): Promise<void>
  /** What is removed, after a bundle that does without. */
  remove(changes: StateChanges): Promise<void>
}

const NAME = /^[a-z0-9.-]{1,100}$/
const MAX_BYTES = 256 * 1024 * 1024

/** Each object is put in the place of the one that was seen: fails with TARGET_MOVED where that is another by now. */
export async function openState(bucket: S3Bucket, folder: string, target: string): Promise<S3State> {
  const found = [...(await bucket.list(folder))].filter(([name]) => NAME.test(name))
  const standing = new Map<string, { readonly etag: string }>(found)

  const put = ({ put: contents }: StateChanges) =>
    forEach([...contents], async ([name, content]) => {
      const body = content instanceof Uint8Array ? bytesBody(content) : await anyFileBody(content.path)
      const options = { ...privateHeaders(name), replaces: standing.get(name) }
      const stored = await bucket.put(folder + name, body, options)
      if (stored === 'moved') throw errors.targetMoved(target)
      standing.set(name, stored)
    })
  const remove = ({ remove: names }: StateChanges) =>
    forEach(names, async name => {
      await bucket.remove(folder + name)
      standing.delete(name)
    })
  return {
    name: `folder ${folder} of ${target}`,
    arrivesWithBundle: false,
    names: new Set(standing.keys()),
    read: async name => (await bucket.get(folder + name, { maxBytes: MAX_BYTES }))?.bytes,
    put,
    remove,
    async write(changes) {
      await put(changes)
      await remove(changes)
    },
  }
}
