// The XML that S3 answers with: lists of objects, and refusals.
import { SaxesParser } from 'saxes'

/** The texts of all elements without children, by their path: `ListBucketResult/Contents/Key`. Fails on what is no XML. */
export function readLeaves(
  xml: string,
  onLeaf: (path: string, text: string) => void,
  onClose?: (path: string) => void,
) {
  const parser = new SaxesParser()
  const names: string[] = []
  let text = ''
  let isLeaf = false
  parser.on('error', cause => {
    throw cause
  })
  parser.on('opentag', ({ name }) => {
    names.push(name)
    text = ''
    isLeaf = true
  })
  parser.on('text', part => {
    text += part
  })
  parser.on('cdata', part => {
    text += part
  })
  parser.on('closetag', () => {
    const path = names.join('/')
    if (isLeaf) onLeaf(path, text)
    onClose?.(path)
    isLeaf = false
    names.pop()
  })
  parser.write(xml).close()
}

export interface ListedObject {
  readonly key: string
  /** Without quotes. */
  readonly etag: string
  readonly bytes: number
}

export interface ListPage {
  readonly objects: readonly ListedObject[]
  /** Asks for the next page; undefined on the last one. */
  readonly next: string | undefined
}

/** One page of ListObjectsV2. Fails on what is none. */
export function parseListPage(xml: string): ListPage {
  const objects: ListedObject[] = []
  const page: Record<string, string> = {}
  let object: Record<string, string> = {}
  let isList = false
  readLeaves(
    xml,
    (path, text) => {
      const [, name = '', inner] = path.split('/')
      if (name === 'Contents' && inner !== undefined) object[inner] = text
      else page[name] = text
    },
    path => {
      if (path === 'ListBucketResult') isList = true
      if (path !== 'ListBucketResult/Contents') return
      const { Key: key = '', ETag = '', Size = '' } = object
      objects.push({ key, etag: plainEtag(ETag), bytes: Number(Size) })
      object = {}
    },
  )
  if (!isList) throw new Error('it is no list of objects')
  const next = page.IsTruncated === 'true' ? page.NextContinuationToken : undefined
  if (page.IsTruncated === 'true' && !next) throw new Error('it is cut off')
  const decode = page.EncodingType === 'url' ? decodeKey : (key: string) => key
  return {
    objects: objects.map(each => ({ ...each, key: decode(each.key) })),
    next,
  }
}

const decodeKey = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '))

/** Code, message and region of a refusal; nothing where it says none. */
export function parseRefusal(xml: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  try {
    readLeaves(xml, (path, text) => {
      const [root, name = '', inner] = path.split('/')
      if (root === 'Error' && inner === undefined) found[name] = text
    })
  } catch {
    // What is no XML says nothing of S3's.
  }
  return found
}

/** Servers differ in quotes, and proxies that compress call a tag weak. */
export const plainEtag = (etag: string): string => etag.replace(/^W\//, '').replace(/^"|"$/g, '')
