// A plain file opened to be sent: what takes its place meanwhile, or removes it, does not change what is read.
import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { createGzip } from 'node:zlib'
import { openPlainFile } from './copy-file.ts'

export interface OpenedFile {
  readonly bytes: number
  /** The whole file, once; it closes the file when it has ended or was cancelled. */
  stream(options: { readonly gzip: boolean }): ReadableStream<Uint8Array>
  /** For a file that is not streamed. */
  close(): Promise<void>
}

const PIECE = 128 * 1024

/** Opens a plain file, or says why it is none ("it is missing"). */
export async function openFile(path: string): Promise<OpenedFile | { readonly problem: string }> {
  const file = await openPlainFile(path)
  if ('problem' in file) return file
  const { size } = await file.stat()
  return { bytes: size, stream: ({ gzip }) => streamOf(file, gzip), close: () => file.close() }
}

function streamOf(file: FileHandle, gzip: boolean): ReadableStream<Uint8Array> {
  const bytes = file.createReadStream({ highWaterMark: PIECE })
  const packed = createGzip({ chunkSize: PIECE })
  // A failure of the one ends the other, and is told by the stream that is read.
  const source: Readable = gzip ? pipeline(bytes, packed, () => undefined) : bytes
  // Without a strategy it would count pieces for bytes, and hold a whole file for a reader that is slow.
  return Readable.toWeb(source, { strategy: new ByteLengthQueuingStrategy({ highWaterMark: 2 * PIECE }) })
}
