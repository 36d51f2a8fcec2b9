// Gunzips as bytes flow, by hand, since this folder has no Node streams: one chunk in, those that come of it out.
import { createGunzip, type Gunzip } from 'node:zlib'
import { errors } from '../errors.ts'

/** The bytes of a gzip file, inflated. Fails with SITEMAP_UNREADABLE where they are no whole gzip file. */
export async function* inflate(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  const feeding = feed(gunzip, bytes)
  try {
    yield* gunzip as AsyncIterable<Buffer>
  } catch (cause) {
    // zlib's codes begin so; anything else is a failure of whoever gives the bytes, and keeps its name.
    if (!(cause as NodeJS.ErrnoException).code?.startsWith('Z_')) throw cause
    throw errors.sitemapUnreadable(name, 'it is not a whole gzip file', cause)
  } finally {
    gunzip.destroy()
    await feeding
  }
}

async function feed(gunzip: Gunzip, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (gunzip.destroyed) return
      if (!gunzip.write(chunk)) await roomIn(gunzip)
    }
    gunzip.end()
  } catch (cause) {
    gunzip.destroy(cause as Error)
  }
}

function roomIn(gunzip: Gunzip): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      gunzip.off('drain', done).off('close', done)
      resolve()
    }
    gunzip.on('drain', done).on('close', done)
    // It may have closed before anybody listened.
    if (gunzip.destroyed) done()
  })
}
