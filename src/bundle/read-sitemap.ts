// Reads a sitemap or an index as it flows by: batches of items, never a tree.
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { errors, StoremapError } from '../errors.ts'
import { inflate } from './inflate.ts'

const SITEMAP_NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9'
/** Elements of other namespaces that may stand in a <url>, as `namespace local-name`. */
const EXTENSIONS = new Set([
  'http://www.w3.org/1999/xhtml link',
  'http://www.google.com/schemas/sitemap-image/1.1 image',
])
const BATCH_SIZE = 1_000
const PIECE_LENGTH = 65_536
// Against files made to fill memory: no sitemap nests deeper, or goes on for so long without a tag.
const MAX_DEPTH = 16
const MAX_QUIET_LENGTH = 1_048_576

export interface SitemapItem {
  readonly kind: 'url' | 'sitemap'
  readonly loc: string
  readonly lastmod?: string
}

export interface ReadSitemapOptions {
  /** The file's name, for errors. */
  readonly name: string
  readonly gzip: boolean
  /**
   * Told of what a reader may step over, but a sitemap should not have. With it an entry without an address is
   * such, too; without it, it makes the sitemap unreadable.
   */
  readonly onOddity?: (what: string, example: string) => void
}

/**
 * Yields the items of a sitemap in batches. Fails with SITEMAP_UNREADABLE on XML that is not well-formed, not UTF-8,
 * or neither a urlset nor a sitemapindex of sitemaps.org; on a damaged gzip file; with what `bytes` fails with.
 */
export async function* readSitemap(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadSitemapOptions,
): AsyncGenerator<SitemapItem[]> {
  const reader = makeReader(options)
  for await (const text of decode(options.gzip ? inflate(bytes, options.name) : bytes, options.name)) {
    for (let at = 0; at < text.length; at += PIECE_LENGTH) {
      reader.write(text.slice(at, at + PIECE_LENGTH))
      if (reader.items.length >= BATCH_SIZE) yield reader.items.splice(0)
    }
  }
  reader.close()
  if (reader.items.length > 0) yield reader.items
}

async function* decode(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decodeChunk = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
    } catch (cause) {
      throw errors.sitemapUnreadable(name, 'it is not UTF-8', cause)
    }
  }
  for await (const chunk of bytes) yield decodeChunk(chunk)
  yield decodeChunk()
}

interface Reader {
  /** Items that are complete; whoever takes them empties it. */
  readonly items: SitemapItem[]
  write(text: string): void
  close(): void
}

function makeReader({ name, onOddity }: ReadSitemapOptions): Reader {
  const items: SitemapItem[] = []
  const parser = new SaxesParser({ xmlns: true })
  const refuse = (what: string, cause?: unknown): never => {
    throw errors.sitemapUnreadable(name, what, cause)
  }
  const odd = (what: string, example: string) => onOddity?.(what, example.slice(0, 200))
  const broken = (what: string, example: string) => (onOddity ? odd(what, example) : refuse(`it ${what}`))

  let kind: SitemapItem['kind'] = 'url'
  let depth = 0
  let quietLength = 0
  /** Parts of the entry that is open, by element; `open` is the one whose text is being read. */
  let parts: { loc?: string; lastmod?: string } = {}
  let open: 'loc' | 'lastmod' | undefined

  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) refuse('it says that it is not UTF-8')
  })
  parser.on('doctype', () => odd('has a document type', 'DOCTYPE'))
  parser.on('opentag', tag => {
    quietLength = 0
    depth++
    if (depth > MAX_DEPTH) refuse(`its elements are nested over ${MAX_DEPTH} deep`)
    if (depth === 1) kind = rootKind(tag) ?? refuse('its root is neither a urlset nor a sitemapindex of sitemaps.org')
    if (depth === 2) {
      parts = {}
      if (!isOurs(tag, kind)) odd('has an unknown element', `<${tag.name}>`)
    }
    if (depth === 3) openPart(tag)
    if (depth > 3 && open) odd(`has elements inside of <${open}>`, `<${tag.name}>`)
  })
  parser.on('closetag', tag => {
    quietLength = 0
    if (depth === 3) open = undefined
    if (depth === 2 && isOurs(tag, kind)) closeItem()
    depth--
  })
  parser.on('text', takeText)
  parser.on('cdata', takeText)
  parser.on('comment', () => {
    quietLength = 0
  })

  function openPart(tag: SaxesTagNS): void {
    const part = isOurs(tag, 'loc') ? 'loc' : isOurs(tag, 'lastmod') ? 'lastmod' : undefined
    if (part === undefined) {
      const isKnown = kind === 'url' && EXTENSIONS.has(`${tag.uri} ${tag.local}`)
      if (!isKnown) odd('has an unknown element', `<${tag.name}>`)
      return
    }
    if (parts[part] !== undefined) broken(`has two <${part}> in one entry`, parts.loc ?? '')
    if (part === 'loc' && parts.lastmod !== undefined) odd('has <lastmod> before <loc>', parts.lastmod)
    parts[part] = ''
    open = part
  }

  function takeText(text: string): void {
    if (open !== undefined && depth === 3) parts[open] += text
    else if (depth > 0 && depth < 3 && text.trim() !== '') odd('has text between its elements', text.trim())
  }

  function closeItem(): void {
    const loc = parts.loc?.trim() ?? ''
    if (loc === '') {
      broken('has an entry without an address', '')
      return
    }
    if (loc !== parts.loc) odd('has white space around an address', loc)
    items.push(parts.lastmod === undefined ? { kind, loc } : { kind, loc, lastmod: parts.lastmod.trim() })
  }

  const parse = (work: () => void) => {
    try {
      work()
    } catch (cause) {
      if (cause instanceof StoremapError) throw cause
      refuse(`it is not well-formed XML (${(cause as Error).message.replace(/\.$/, '').slice(0, 200)})`, cause)
    }
  }

  return {
    items,
    write(text) {
      quietLength += text.length
      parse(() => parser.write(text))
      if (quietLength > MAX_QUIET_LENGTH) refuse('it goes on for over a million characters without an element')
    },
    close: () => parse(() => parser.close()),
  }
}

const isOurs = (tag: SaxesTagNS, local: string): boolean => tag.uri === SITEMAP_NAMESPACE && tag.local === local

function rootKind(tag: SaxesTagNS): SitemapItem['kind'] | undefined {
  if (isOurs(tag, 'urlset')) return 'url'
  return isOurs(tag, 'sitemapindex') ? 'sitemap' : undefined
}
