// Attributes of products, variants and pages: where each input type keeps its value.
import { safeNumber } from '../../rules/compile-sql.ts'
import type { FieldType, UnknownField } from '../../rules/field.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { SaleorField } from './saleor-field.ts'
import type { Attribute, Shop } from './shop.ts'

/** The value row is `val`. A choice is compared by its slug; a reference by the slug of what it names. */
function valueIn(attribute: Attribute, shop: Shop): { type: FieldType; value: SqlFragment } {
  switch (attribute.inputType) {
    case 'boolean':
      return { type: 'boolean', value: trusted('val."boolean"') }
    case 'numeric': {
      // Back-filled asynchronously from 3.22 on, text only before.
      const text = safeNumber(trusted('val.name'))
      return {
        type: 'number',
        value: shop.columns.has('attribute_attributevalue.numeric') ? sql`coalesce(val."numeric", ${text})` : text,
      }
    }
    case 'date':
    case 'date-time':
      return { type: 'date', value: trusted('val.date_time') }
    case 'plain-text':
      return { type: 'text', value: trusted('val.plain_text') }
    case 'rich-text':
      return {
        type: 'text',
        value: trusted(
          "(select string_agg(block -> 'data' ->> 'text', E'\\n' order by position) from jsonb_array_elements(case when jsonb_typeof(val.rich_text -> 'blocks') = 'array' then val.rich_text -> 'blocks' else '[]'::jsonb end) with ordinality as blocks(block, position))",
        ),
      }
    case 'file':
      return { type: 'text', value: trusted('val.file_url') }
    case 'reference':
    case 'single-reference':
      return { type: 'text', value: trusted(referenced(attribute, shop)) }
    default:
      return { type: 'text', value: trusted('val.slug') }
  }
}

function referenced(attribute: Attribute, shop: Shop): string {
  switch (attribute.entityType) {
    case 'Product':
      return '(select o.slug from product_product o where o.id = val.reference_product_id)'
    case 'ProductVariant':
      return '(select o.sku from product_productvariant o where o.id = val.reference_variant_id)'
    case 'Page':
      return '(select o.slug from page_page o where o.id = val.reference_page_id)'
    case 'Category':
      if (!shop.columns.has('attribute_attributevalue.reference_category_id')) return 'val.slug'
      return '(select o.slug from product_category o where o.id = val.reference_category_id)'
    case 'Collection':
      if (!shop.columns.has('attribute_attributevalue.reference_collection_id')) return 'val.slug'
      return '(select o.slug from product_collection o where o.id = val.reference_collection_id)'
    default:
      return 'val.slug'
  }
}

// What refers to the record `r` stands in WHERE, never in ON: only so can PostgreSQL make a join of EXISTS.

/** An attribute of the record itself. Values of an attribute that its type no longer has are hidden, as Saleor hides them. */
export function attributeField(
  kind: 'products' | 'pages',
  name: string,
  slug: string,
  shop: Shop | undefined,
): SaleorField | UnknownField {
  const [owner, foreignKey, table, typeTable, typeKey] =
    kind === 'products'
      ? [
          'product-type',
          'product_id',
          'attribute_assignedproductattributevalue',
          'attribute_attributeproduct',
          'product_type_id',
        ]
      : ['page-type', 'page_id', 'attribute_assignedpageattributevalue', 'attribute_attributepage', 'page_type_id']
  if (shop && !shop.columns.has(`${table}.${foreignKey}`)) {
    return {
      problem: 'Attributes of this Saleor version cannot be read: 3.16 is the first that has them in a known form.',
      known: [],
    }
  }
  const rows = `from ${table} av join attribute_attributevalue val on val.id = av.value_id join ${typeTable} at on at.attribute_id = val.attribute_id where av.${foreignKey} = r.id and at.${typeKey} = r.${typeKey} and val.attribute_id =`
  return attributeOf(name, slug, owner, 'attributes', trusted(rows), shop)
}

/** An attribute of any of the product's variants. */
export function variantAttributeField(name: string, slug: string, shop: Shop | undefined): SaleorField | UnknownField {
  const rows =
    'from product_productvariant v join attribute_assignedvariantattribute aa on aa.variant_id = v.id join attribute_attributevariant at on at.id = aa.assignment_id join attribute_assignedvariantattributevalue av on av.assignment_id = aa.id join attribute_attributevalue val on val.id = av.value_id and val.attribute_id = at.attribute_id where v.product_id = r.id and at.product_type_id = r.product_type_id and val.attribute_id ='
  return attributeOf(name, slug, 'product-type', 'variants.attributes', trusted(rows), shop)
}

function attributeOf(
  name: string,
  slug: string,
  owner: string,
  prefix: string,
  rows: SqlFragment,
  shop: Shop | undefined,
): SaleorField | UnknownField {
  if (!shop?.attributes) {
    // Placed only to see which tables it needs.
    const locate = () => ({ value: trusted('val.slug'), rows: sql`${rows} ${parameter(0, 'int')}` })
    return { field: { name, type: 'unknown', many: true }, locate }
  }
  const attribute = shop.attributes.get(slug)
  if (!attribute || attribute.type !== owner) {
    const known = [...shop.attributes.values()]
      .filter(item => item.type === owner)
      .map(item => `${prefix}.${item.slug}`)
    const elsewhere = attribute ? ` ("${slug}" belongs to another kind of record)` : ''
    return { problem: `The shop has no attribute "${slug}" here${elsewhere}.`, known }
  }
  const { type, value } = valueIn(attribute, shop)
  return {
    field: { name, type, many: true },
    locate: () => ({ value, rows: sql`${rows} ${parameter(attribute.id, 'int')}` }),
  }
}
