// The records that a text may mean: Saleor's ids, with and without their type, slugs, and what other systems call them.
import { RECORD_KINDS, type RecordHit, type RecordKind, type RecordName } from '../source.ts'

/** Types of Saleor's API, and how the record of one is found by its number. */
const API_TYPES: Readonly<Record<string, readonly [of: RecordKind, field: string]>> = {
  Product: ['products', 'id'],
  ProductVariant: ['products', 'variants.id'],
  Category: ['categories', 'id'],
  Collection: ['collections', 'id'],
  Page: ['pages', 'id'],
}

export interface LookUpOptions {
  readonly languages: readonly string[]
  find(of: RecordKind, where: object): Promise<readonly RecordName[]>
}

/** Each record once, by the first way in which it was found. */
export async function lookUp(text: string, { languages, find }: LookUpOptions): Promise<RecordHit[]> {
  const hits = new Map<string, RecordHit>()
  const tryOut = async (of: RecordKind, where: object, by: string): Promise<void> => {
    for (const found of await find(of, where)) {
      const key = `${of} ${found.key}`
      if (!hits.has(key)) hits.set(key, { ...found, of, by })
    }
  }
  const [, type = '', number = ''] = /^([A-Za-z]+):(\d{1,9})$/.exec(decodeGlobalId(text)) ?? []
  const named = Object.hasOwn(API_TYPES, type) ? API_TYPES[type] : undefined
  if (named) await tryOut(named[0], { [named[1]]: Number(number) }, type === 'ProductVariant' ? 'variant id' : 'id')
  for (const of of RECORD_KINDS) {
    await tryOut(of, { slug: text }, 'slug')
    for (const language of languages) {
      await tryOut(of, { [`translations.${language}.slug`]: text }, `slug in ${language}`)
    }
    if (/^\d{1,9}$/.test(text)) await tryOut(of, { id: Number(text) }, 'id')
  }
  await tryOut('products', { externalReference: text }, 'external reference')
  await tryOut('products', { 'variants.sku': text }, 'SKU')
  return [...hits.values()]
}

/** `UHJvZHVjdDoxMjM=`, percent-encoded or not, as `Product:123`; any other text as it is. */
function decodeGlobalId(text: string): string {
  const plain = text.replace(/%3D/gi, '=')
  const decoded = Buffer.from(plain, 'base64').toString('latin1')
  const isCanonical = Buffer.from(decoded, 'latin1').toString('base64').replace(/=+$/, '') === plain.replace(/=+$/, '')
  return isCanonical && /^[A-Za-z]+:\d+$/.test(decoded) ? decoded : text
}
