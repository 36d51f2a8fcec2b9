// Where each input type of an attribute keeps its value. The value row is `val`.
import { safeNumber } from '../../rules/compile-sql.ts'
import type { FieldType, UnknownField } from '../../rules/field.ts'
import { type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Attribute, Shop } from './shop.ts'

export interface AttributeValue {
  readonly type: FieldType
  readonly value: SqlFragment
  /** A join of `val` that the value needs. */
  readonly join?: string
}

/** The text of each block of an EditorJS document, one a line. */
const RICH_TEXT =
  "(select string_agg(block -> 'data' ->> 'text', E'\\n' order by position) from jsonb_array_elements(case when jsonb_typeof(val.rich_text -> 'blocks') = 'array' then val.rich_text -> 'blocks' else '[]'::jsonb end) with ordinality as blocks(block, position))"

/** A choice is compared by its slug; a reference by what names the record that it leads to. */
export function attributeValue(attribute: Attribute, shop: Shop): AttributeValue | UnknownField {
  switch (attribute.inputType) {
    case 'boolean':
      return { type: 'boolean', value: trusted('val."boolean"') }
    case 'numeric':
      return { type: 'number', value: numeric(shop) }
    case 'date':
    case 'date-time':
      return { type: 'date', value: trusted('val.date_time') }
    case 'plain-text':
      return { type: 'text', value: trusted('val.plain_text') }
    case 'rich-text':
      return { type: 'text', value: trusted(RICH_TEXT) }
    case 'file':
      return { type: 'text', value: trusted('val.file_url') }
    case 'reference':
    case 'single-reference':
      return reference(attribute, shop)
    default:
      return { type: 'text', value: trusted('val.slug') }
  }
}

/** Text alone before Saleor 3.22; a number beside it from then on, filled in by a task of the shop's that takes its time. */
function numeric(shop: Shop): SqlFragment {
  const text = safeNumber(trusted('val.name'))
  return shop.columns.has('attribute_attributevalue.numeric') ? sql`coalesce(val."numeric", ${text})` : text
}

/** By entity type: what the record is named by, and the column that holds its id. */
const REFERENCES: Readonly<Record<string, readonly [name: string, table: string, column: string]>> = {
  Product: ['slug', 'product_product', 'reference_product_id'],
  ProductVariant: ['sku', 'product_productvariant', 'reference_variant_id'],
  Page: ['slug', 'page_page', 'reference_page_id'],
  Category: ['slug', 'product_category', 'reference_category_id'],
  Collection: ['slug', 'product_collection', 'reference_collection_id'],
}
const FROM_3_22 = ['Category', 'Collection']

function reference({ slug, entityType }: Attribute, shop: Shop): AttributeValue | UnknownField {
  const type = entityType ?? ''
  const found = Object.hasOwn(REFERENCES, type) ? REFERENCES[type] : undefined
  if (!found) {
    const what = entityType === null ? 'does not say what it refers to' : `refers to "${type}", which is unknown here`
    return { problem: `The attribute "${slug}" ${what}.`, known: [] }
  }
  const [name, table, column] = found
  if (FROM_3_22.includes(type) && !shop.columns.has(`attribute_attributevalue.${column}`)) {
    return {
      problem: `The attribute "${slug}" refers to a ${type.toLowerCase()}, which this shop cannot store: Saleor has such references from 3.22 on.`,
      known: [],
    }
  }
  return { type: 'text', value: trusted(`o.${name}`), join: `left join ${table} o on o.id = val.${column}` }
}
