// What is sent to S3: its size and sha256 are known before, so they can be signed, and a large file need not be in memory.
import { createHash } from 'node:crypto'
import { hashFile, readPlainFile } from './files.ts'

export interface S3Body {
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
  /** From its beginning; once for each time that it is sent. */
  read(): AsyncIterable<Uint8Array>
}

export function bytesBody(bytes: Uint8Array): S3Body {
  return {
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    async *read() {
      if (bytes.length > 0) yield bytes
    },
  }
}

/**
 * A plain file that has to have the bytes that are wanted. The last of them are held back until all are known to be
 * right, so an altered file never arrives; `refuse` makes the error for it.
 */
export function fileBody(
  path: string,
  wanted: { readonly bytes: number; readonly sha256: string },
  refuse: (problem: string) => Error,
): S3Body {
  return {
    bytes: wanted.bytes,
    sha256: wanted.sha256,
    async *read() {
      const hash = createHash('sha256')
      let bytes = 0
      let held: Uint8Array | undefined
      for await (const chunk of readPlainFile(path, refuse)) {
        bytes += chunk.length
        if (bytes > wanted.bytes) throw refuse(`it has more than ${wanted.bytes} bytes`)
        hash.update(chunk)
        if (held) yield held
        held = chunk
      }
      if (bytes !== wanted.bytes) throw refuse(`it has ${bytes} bytes, not ${wanted.bytes}`)
      if (hash.digest('hex') !== wanted.sha256) throw refuse('its sha256 is another')
      if (held) yield held
    },
  }
}

/** A file as it is now. */
export async function anyFileBody(path: string): Promise<S3Body> {
  const changed = (problem: string) => new Error(`${path} changed while it was sent: ${problem}`)
  return fileBody(path, await hashFile(path), changed)
}
