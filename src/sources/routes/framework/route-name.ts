// One name of the file convention, read from left to right: `products.($lang).$id_.[sitemap.xml]`.

export interface RouteName {
  /** From the top, without a slash before it; undefined where it adds nothing. */
  readonly path: string | undefined
  readonly isIndex: boolean
  /** A layout without a path: `_auth`. */
  readonly isPathless: boolean
}

interface Segment {
  /** As it goes into the path. */
  text: string
  /** As it is written. */
  raw: string
}

/** Reads a name without its folder and its extension, or says why the router refuses it. */
export function inRouteName(name: string): RouteName | { readonly problem: string } {
  const segments = segmentsOf(name)
  const refused = segments.find(({ raw }) => /[*:/]/.test(raw))
  if (refused) return { problem: `the router refuses "${/[*:/]/.exec(refused.raw)?.[0]}" in a name` }
  const isIndex = name.endsWith('_index')
  const path = (isIndex ? segments.slice(0, -1) : segments).flatMap(({ text, raw }) => {
    if (text.startsWith('_') && raw.startsWith('_')) return []
    return [text.endsWith('_') && raw.endsWith('_') ? text.slice(0, -1) : text]
  })
  const last = name.split('.').at(-1) as string
  return {
    path: path.length > 0 ? path.join('/') : undefined,
    isIndex,
    isPathless: last.startsWith('_') && last !== '_index',
  }
}

function segmentsOf(name: string): Segment[] {
  const segments: Segment[] = []
  let segment: Segment = { text: '', raw: '' }
  let isEscaped = false
  let isOptional = false
  const end = (): void => {
    if (segment.text !== '') segments.push(segment)
    segment = { text: '', raw: '' }
  }
  for (const [at, character] of [...name].entries()) {
    if (isEscaped || isOptional ? false : character === '.' || character === '/' || character === '\\') {
      end()
      continue
    }
    segment.raw += character
    if (isEscaped && character === ']') isEscaped = false
    else if (isEscaped) segment.text += character
    else if (character === '[') isEscaped = true
    else if (isOptional && character === ')') {
      isOptional = false
      segment.text += '?'
    } else if (!isOptional && character === '(') isOptional = true
    else if (segment.text === '' && character === '$') segment.text = at === [...name].length - 1 ? '*' : ':'
    else segment.text += character
  }
  end()
  return segments
}
