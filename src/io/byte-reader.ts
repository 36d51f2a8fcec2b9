// Reads a stream that mixes lines and blocks of known length, holding no more than one chunk of it.

export interface ByteReader {
  /** The text up to the next line end, without it; '' at the end of the stream. */
  line(): Promise<string>
  /** The next bytes, in chunks; fails where the stream ends before. */
  take(bytes: number): AsyncGenerator<Buffer>
}

export function createByteReader(stream: AsyncIterable<Buffer>): ByteReader {
  const source = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await source.next()
    if (next.done !== true) rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value])
    return next.done !== true
  }
  return {
    async line() {
      let end = rest.indexOf(10)
      while (end < 0 && (await more())) end = rest.indexOf(10)
      const text = rest.subarray(0, end < 0 ? rest.length : end).toString('latin1')
      rest = rest.subarray(end < 0 ? rest.length : end + 1)
      return text
    },
    async *take(bytes) {
      for (let wanted = bytes; wanted > 0; ) {
        if (rest.length === 0 && !(await more())) throw new Error(`the stream ended ${wanted} bytes too early`)
        const chunk = rest.subarray(0, wanted)
        rest = rest.subarray(chunk.length)
        wanted -= chunk.length
        yield chunk
      }
    },
  }
}
