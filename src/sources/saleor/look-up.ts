// The records that a text may mean: Saleor's ids, with and without their type, slugs, and what other systems call them.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { RECORD_KINDS, type RecordHit, type RecordKind } from '../source.ts'
import { findRecords } from './explain.ts'
import { API_TYPES, tableOf } from './fields.ts'
import { isRecordId } from './record-addresses.ts'
import type { Shop } from './shop.ts'
import { readLanguages, translationTable } from './translations.ts'

/** By the type that Saleor's API gives them, how the record of an id is found by its number. */
const BY_API_TYPE: Readonly<Record<string, readonly [of: RecordKind, field: string]>> = {
  ...Object.fromEntries(RECORD_KINDS.map(of => [API_TYPES[of], [of, 'id']])),
  ProductVariant: ['products', 'variants.id'],
}

export interface LookUpOptions {
  readonly shop: Shop
  /** Whether the role may read all of the tables. */
  canRead(tables: readonly string[]): Promise<boolean>
  /** Filled with what the role may not read. */
  readonly unread: Set<string>
}

/** Each record once, by the first way in which it was found. */
export async function lookUp(
  transaction: ReadOnlyTransaction,
  text: string,
  { shop, canRead, unread }: LookUpOptions,
): Promise<RecordHit[]> {
  const hits = new Map<string, RecordHit>()
  const tryOut = async (of: RecordKind, where: object, by: string): Promise<void> => {
    if (!(await isRead(of, [tableOf(of)]))) return
    for (const found of await findRecords(transaction, { of, where, shop })) {
      const key = `${of} ${found.key}`
      if (!hits.has(key)) hits.set(key, { ...found, of, by })
    }
  }
  const isRead = async (what: string, tables: readonly string[]): Promise<boolean> => {
    const may = await canRead(tables)
    if (!may) unread.add(what)
    return may
  }
  const hasVariants = await isRead('variants of products', ['product_productvariant'])

  const [, type = '', number = ''] = /^([A-Za-z]+):(\d+)$/.exec(decodeGlobalId(text)) ?? []
  const named = Object.hasOwn(BY_API_TYPE, type) && isRecordId(number) ? BY_API_TYPE[type] : undefined
  const isVariant = type === 'ProductVariant'
  if (named && (hasVariants || !isVariant))
    await tryOut(named[0], { [named[1]]: Number(number) }, isVariant ? 'variant id' : 'id')
  for (const of of RECORD_KINDS) {
    await tryOut(of, { slug: text }, 'slug')
    const translations = translationTable(of)
    const isTranslated = shop.columns.has(`${translations}.slug`)
    if (isTranslated && (await isRead(`translations of ${of}`, [translations]))) {
      for (const language of await readLanguages(transaction, translations))
        await tryOut(of, { [`translations.${language}.slug`]: text }, `slug in ${language}`)
    }
    if (isRecordId(text)) await tryOut(of, { id: Number(text) }, 'id')
  }
  await tryOut('products', { externalReference: text }, 'external reference')
  if (hasVariants) await tryOut('products', { 'variants.sku': text }, 'SKU')
  return [...hits.values()]
}

/** `UHJvZHVjdDoxMjM=`, percent-encoded or not, as `Product:123`; any other text as it is. */
function decodeGlobalId(text: string): string {
  const plain = text.replace(/%3D/gi, '=')
  const decoded = Buffer.from(plain, 'base64').toString('latin1')
  const isCanonical = Buffer.from(decoded, 'latin1').toString('base64').replace(/=+$/, '') === plain.replace(/=+$/, '')
  return isCanonical && /^[A-Za-z]+:\d+$/.test(decoded) ? decoded : text
}
