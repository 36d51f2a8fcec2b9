// The images of a record: paths in the shop's media storage, or addresses elsewhere. Videos have no place here, nor
// has what Saleor is about to remove.
import type { SqlField } from '../../rules/compile-sql.ts'
import { trusted } from '../../rules/sql.ts'
import { isLocTooLong } from '../../sitemap/entry.ts'
import { MAX_IMAGES } from '../../sitemap/limits.ts'
import type { RecordKind } from '../source.ts'

/** In the order in which the shop shows them; `/` marks a path of the storage, `:` an address elsewhere. */
const PRODUCT_IMAGES = trusted(
  "left join (select product_id as id, json_agg(case when image <> '' then '/' || image else ':' || external_url end order by sort_order, id)::text as list from product_productmedia where type = 'IMAGE' and not to_remove and product_id is not null and (image <> '' or external_url <> '') group by product_id) images on images.id = r.id",
)

/** The images as a JSON list of marked texts, for readImages; undefined where the kind has none in Saleor. */
export function imageList(kind: RecordKind): SqlField | undefined {
  switch (kind) {
    case 'products':
      return { value: trusted('images.list'), joins: new Map([['images', PRODUCT_IMAGES]]) }
    case 'categories':
    case 'collections':
      return {
        value: trusted("case when r.background_image <> '' then json_build_array('/' || r.background_image)::text end"),
      }
    case 'pages':
      return undefined
  }
}

/** Absolute addresses, each once; what is no address is passed over. `media` is where paths of the storage begin. */
export function readImages(list: string, media: string): string[] {
  const locs = new Set<string>()
  for (const marked of JSON.parse(list) as string[]) {
    const loc = marked.startsWith('/') ? storedImage(marked.slice(1), media) : webAddress(marked.slice(1))
    if (loc !== undefined) locs.add(loc)
    if (locs.size === MAX_IMAGES) break
  }
  return [...locs]
}

function storedImage(path: string, media: string): string | undefined {
  const folders = path.replace(/^\/+/, '').split('/')
  // Nothing above the storage is of the shop's images.
  if (folders.some(folder => folder === '..' || folder === '.')) return undefined
  return webAddress(`${media.replace(/\/*$/, '/')}${folders.map(encodeURIComponent).join('/')}`)
}

function webAddress(text: string): string | undefined {
  try {
    const url = new URL(text)
    if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
    url.hash = ''
    const loc = url.href
      .replace(/%(?![0-9a-f]{2})/gi, '%25')
      .replace(/['[\]|^]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    return isLocTooLong(loc) ? undefined : loc
  } catch {
    return undefined
  }
}
