import { expect, test } from 'vitest'
import { createByteReader } from '../../src/io/byte-reader.ts'

async function* inChunksOf(size: number, text: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size))
}
const readBlock = async (reader: ReturnType<typeof createByteReader>, bytes: number) => {
  const chunks: Buffer[] = []
  for await (const chunk of reader.take(bytes)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

test.each([1, 2, 3, 7, 100])('lines and blocks are told apart, whatever chunks they come in (%i bytes)', async size => {
  const reader = createByteReader(inChunksOf(size, 'one 5\na\nb\nc\ntwo 0\n\nend'))
  expect(await reader.line()).toBe('one 5')
  expect(await readBlock(reader, 5)).toBe('a\nb\nc')
  expect(await reader.line()).toBe('')
  expect(await reader.line()).toBe('two 0')
  expect(await readBlock(reader, 0)).toBe('')
  expect(await reader.line()).toBe('')
  expect(await reader.line()).toBe('end')
  expect(await reader.line()).toBe('')
})

test('a stream that ends within a block is a failure', async () => {
  const reader = createByteReader(inChunksOf(2, 'abc'))
  await expect(readBlock(reader, 4)).rejects.toThrow('1 bytes too early')
})
