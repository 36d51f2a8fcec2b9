// Files of a bundle on their way into a bucket, each in the place of the object that was seen there.
import { join } from 'node:path'
import { type Bundle, MANIFEST_NAME, type ManifestFile } from '../../bundle/manifest.ts'
import { errors } from '../../errors.ts'
import type { S3Bucket } from '../../io/s3.ts'
import { fileBody, type S3Body } from '../../io/s3-body.ts'
import { headersOf } from './headers.ts'
import type { Seen } from './plan.ts'

export interface FilePutter {
  /** Of what was put, by name. */
  readonly etags: ReadonlyMap<string, string>
  /** Fails with TARGET_MOVED where somebody else changed the object, with BUNDLE_FILE_ALTERED where the file is another. */
  put(name: string): Promise<void>
  /** After the swap: as long as the manifest is ours, whatever is there gives way to our file. */
  putForSure(name: string, manifestEtag: string | undefined): Promise<void>
  /** Fails with TARGET_MOVED where another manifest is in the place of ours. */
  assertStanding(manifestEtag: string | undefined): Promise<void>
}

export interface PutterOptions {
  readonly bucket: S3Bucket
  readonly target: string
  readonly prefix: string
  readonly cacheControl: string
  readonly objects: Seen['objects']
}

const TRIES = 5

export function createFilePutter(bundle: Bundle, options: PutterOptions): FilePutter {
  const { bucket, target, prefix, cacheControl, objects } = options
  const etags = new Map<string, string>()
  const put = async (name: string, replaces: { readonly etag: string } | undefined): Promise<boolean> => {
    const headers = headersOf(name, bundle.manifest.files[name], cacheControl)
    const stored = await bucket.put(prefix + name, bodyOf(bundle, name), { ...headers, replaces })
    if (stored !== 'moved') etags.set(name, stored.etag)
    return stored !== 'moved'
  }
  const assertStanding = async (manifestEtag: string | undefined): Promise<void> => {
    if ((await bucket.look(prefix + MANIFEST_NAME))?.etag !== manifestEtag) throw errors.targetMoved(target)
  }
  return {
    etags,
    assertStanding,
    async put(name) {
      if (!(await put(name, objects.get(name)))) throw errors.targetMoved(target)
    },
    async putForSure(name, manifestEtag) {
      let replaces: { readonly etag: string } | undefined = objects.get(name)
      for (let tries = 0; tries < TRIES; tries++) {
        if (await put(name, replaces)) return
        await assertStanding(manifestEtag)
        replaces = await bucket.look(prefix + name)
      }
      throw errors.targetMoved(target)
    },
  }
}

/** Fails with BUNDLE_FILE_ALTERED where a file is not the one that the manifest names. */
export async function assertUnaltered(bundle: Bundle, names: readonly string[]): Promise<void> {
  for (const name of names) for await (const _ of bodyOf(bundle, name).read());
}

function bodyOf(bundle: Bundle, name: string): S3Body {
  if (bundle.kept?.has(name)) throw errors.bundleFileAltered(name, 'the published one is, and the bundle has no other')
  return fileBody(join(bundle.dir, name), bundle.manifest.files[name] as ManifestFile, problem =>
    errors.bundleFileAltered(name, problem),
  )
}
