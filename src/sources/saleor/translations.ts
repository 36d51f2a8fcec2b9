// Values in a language: Saleor keeps them in tables beside the records', slugs included from 3.21 on.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import type { SqlField } from '../../rules/compile-sql.ts'
import type { UnknownField } from '../../rules/field.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { column, type SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'

export interface TranslationTable {
  readonly table: string
  /** The column that names the record. */
  readonly owner: string
  /** What the record's name is called there. */
  readonly name: string
}

const TABLES: Readonly<Record<RecordKind, TranslationTable>> = {
  products: { table: 'product_producttranslation', owner: 'product_id', name: 'name' },
  categories: { table: 'product_categorytranslation', owner: 'category_id', name: 'name' },
  collections: { table: 'product_collectiontranslation', owner: 'collection_id', name: 'name' },
  pages: { table: 'page_pagetranslation', owner: 'page_id', name: 'title' },
}

/** Where the translations of a kind stand. */
export const translationTable = (kind: RecordKind): string => TABLES[kind].table
export const translationsOf = (kind: RecordKind): TranslationTable => TABLES[kind]

/** The languages that anything is translated to: from one to the next by the index, since rows are many and languages few. */
export async function readLanguages(transaction: ReadOnlyTransaction, table: string): Promise<string[]> {
  const rows = await transaction.query(
    trusted(
      `with recursive known as (select min(language_code) as code from ${table} union all select (select min(language_code) from ${table} where language_code > known.code) from known where known.code is not null) select code from known where code is not null`,
    ),
    { fewRecords: true },
  )
  return rows.map(([code]) => code as string)
}

/** Lower case with hyphens, as Saleor stores it; regions are languages of their own. */
export const isLanguageCode = (text: string): boolean => /^[a-z]{2,3}(-[a-z0-9]+)*$/.test(text)

/** `translations.<lang>.slug` and `.name`: what the translation itself says, nothing where it says nothing. */
export function translationField(
  kind: RecordKind,
  name: string,
  { language, key, shop }: { language: string; key: string; shop: Shop | undefined },
): SaleorField | UnknownField {
  if (!isLanguageCode(language)) return { problem: `"${language}" is no language code such as de or fr-ca.`, known: [] }
  const table = TABLES[kind]
  if (key !== 'slug' && key !== 'name') {
    const known = ['slug', 'name'].map(each => `translations.${language}.${each}`)
    return { problem: `A translation has no "${key}" here.`, known }
  }
  if (key === 'slug' && shop && !shop.columns.has(`${table.table}.slug`)) {
    return { problem: 'This shop has no translated slugs: Saleor has them from 3.21 on.', known: [] }
  }
  const { alias, join } = translationJoin(kind, language)
  return column(name, 'text', `${alias}.${key === 'name' ? table.name : 'slug'}`, new Map([[alias, join]]), true)
}

function translationJoin(kind: RecordKind, language: string): { alias: string; join: SqlFragment } {
  const { table, owner } = TABLES[kind]
  const alias = `translation_${language.replaceAll('-', '_')}`
  return {
    alias,
    join: sql`left join ${trusted(`${table} ${alias} on ${alias}.${owner} = r.id and ${alias}.language_code`)} = ${parameter(language, 'text')}`,
  }
}

/** Whether somebody has translated the record: the translation has a name or a slug. */
export function isTranslated(kind: RecordKind, language: string, shop: Shop): SqlField {
  const { alias, join } = translationJoin(kind, language)
  const { table, name } = TABLES[kind]
  const slug = shop.columns.has(`${table}.slug`) ? ` or ${alias}.slug <> ''` : ''
  return { value: trusted(`(${alias}.${name} <> ''${slug}) is true`), joins: new Map([[alias, join]]) }
}

/**
 * A field as a reader of the language sees it: slugs and names translated where the translation has them, else the
 * record's own. Undefined for a field that has no translation.
 */
export function translatedValue(kind: RecordKind, name: string, language: string, shop: Shop): SqlField | undefined {
  const { table, name: nameColumn } = TABLES[kind]
  const { alias, join } = translationJoin(kind, language)
  const own = (key: string, original: string): SqlField => ({
    value: trusted(`coalesce(nullif(${alias}.${key}, ''), r.${original})`),
    joins: new Map([[alias, join]]),
  })
  if (name === 'slug') return shop.columns.has(`${table}.slug`) ? own('slug', 'slug') : undefined
  if (name === 'name' || (name === 'title' && kind === 'pages')) return own(nameColumn, nameColumn)
  if (!shop.columns.has('product_categorytranslation.slug')) return undefined
  if (kind === 'products' && name === 'category.slug') return translatedCategory(language)
  if (kind === 'products' && name === 'category.path') return translatedPath(language, 'r.category_id')
  return kind === 'categories' && name === 'path' ? translatedPath(language, 'r.id') : undefined
}

function translatedCategory(language: string): SqlField {
  const alias = `category_${language.replaceAll('-', '_')}`
  const from = trusted(
    `left join (select c.id, coalesce(nullif(t.slug, ''), c.slug) as slug from product_category c left join product_categorytranslation t on t.category_id = c.id and t.language_code =`,
  )
  const join = sql`${from} ${parameter(language, 'text')}) ${trusted(`${alias} on ${alias}.id = r.category_id`)}`
  return { value: trusted(`${alias}.slug`), joins: new Map([[alias, join]]) }
}

/** Slugs from the root down, each translated where it is, joined by slashes; over parent_id, as the path itself is. */
function translatedPath(language: string, id: string): SqlField {
  const alias = `path_${language.replaceAll('-', '_')}`
  const slugs = sql`select c.id, c.parent_id, coalesce(nullif(t.slug, ''), c.slug)::text as slug from product_category c left join product_categorytranslation t on t.category_id = c.id and t.language_code = ${parameter(language, 'text')}`
  const paths = sql`with recursive slugs as (${slugs}), paths as (select id, slug as path from slugs where parent_id is null union all select s.id, paths.path || '/' || s.slug from slugs s join paths on paths.id = s.parent_id) select * from paths`
  const join = sql`left join (${paths}) ${trusted(`${alias} on ${alias}.id = ${id}`)}`
  return { value: trusted(`${alias}.path`), joins: new Map([[alias, join]]) }
}
