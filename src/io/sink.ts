// Writes one file of a bundle as a stream, plain or gzipped, and tells its size and hash.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { fileError } from './files.ts'

/** Text gathers to pieces of this size before it moves on: a call a line would cost more than the line. */
const PIECE = 128 * 1024

/** Room for some pieces ahead, so that rendering goes on while they are compressed on another thread. */
const GZIP = { level: 6, chunkSize: 64 * 1024, highWaterMark: 4 * PIECE }

export interface FileSink {
  /** Adds ASCII text, or bytes that stay as they are until the file is closed. Resolves when the file can take more. */
  write(text: string | Uint8Array): Promise<void> | undefined
  /** Size and hexadecimal sha256 of the file as it lies on disk. */
  close(): Promise<{ bytes: number; sha256: string }>
  /** Gives up: the file is incomplete and has to be removed by its folder's owner. */
  abort(): void
}

export function openSink(path: string, options: { readonly gzip: boolean }): FileSink {
  const hash = createHash('sha256')
  let bytes = 0
  const head: Transform = options.gzip ? createGzip(GZIP) : new PassThrough({ highWaterMark: 2 * PIECE })
  const finished = pipeline(
    head,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o644, highWaterMark: 2 * PIECE }),
  )
  // The failure is thrown by the next write or by close; until then it must not count as unhandled.
  finished.catch(() => undefined)

  let pending: string[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    const piece = Buffer.from(pending.join(''), 'latin1')
    pending = []
    size = 0
    await send(piece)
  }
  const send = async (piece: Uint8Array): Promise<void> => {
    if (piece.length > 0 && !head.write(piece)) {
      await Promise.race([once(head, 'drain'), finished]).catch(cause => {
        throw fileError(cause, path)
      })
    }
  }
  const sendAll = async (bytes: Uint8Array): Promise<void> => {
    await flush()
    for (let at = 0; at < bytes.length; at += PIECE) await send(bytes.subarray(at, at + PIECE))
  }
  return {
    write: text => {
      if (typeof text !== 'string') return sendAll(text)
      pending.push(text)
      size += text.length
      return size >= PIECE ? flush() : undefined
    },
    close: async () => {
      await flush()
      head.end()
      await finished.catch(cause => {
        throw fileError(cause, path)
      })
      return { bytes, sha256: hash.digest('hex') }
    },
    abort: () => {
      head.destroy()
    },
  }
}

/** The content of a file of a bundle, unpacked where it is gzipped. */
export function readUnpacked(path: string, gzip: boolean): AsyncIterable<Buffer> {
  const file = createReadStream(path, { highWaterMark: PIECE })
  if (!gzip) return file
  const unpacked = createGunzip()
  file.on('error', cause => unpacked.destroy(cause))
  return file.pipe(unpacked)
}
