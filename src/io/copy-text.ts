// PostgreSQL's COPY text format: lines of fields between tabs, \N for null, backslash escapes.

/** Rows of each chunk as one batch; a row cut by the end of a chunk waits for the next. */
export async function* decodeRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<(string | null)[][]> {
  let rest: Buffer[] = []
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(10)
    if (end === -1) {
      rest.push(chunk)
      continue
    }
    const whole = chunk.subarray(0, end)
    const text = rest.length > 0 ? Buffer.concat([...rest, whole]).toString('utf8') : whole.toString('utf8')
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : []
    yield text.split('\n').map(decodeLine)
  }
  if (rest.length > 0) throw new Error('COPY ended in the middle of a row')
}

function decodeLine(line: string): (string | null)[] {
  const fields: (string | null)[] = line.split('\t')
  if (!line.includes('\\')) return fields
  return fields.map(field => (field === null || field === '\\N' ? null : unescapeField(field)))
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

const unescapeField = (field: string): string =>
  field.includes('\\') ? field.replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char) : field
