// Which values a record has been given, as the connected version keeps it: one row `val` a value. Those of an attribute end
// where its id has to follow. Values of an attribute that the record's type no longer has are hidden, as Saleor hides
// them. What refers to the record `r` stands in WHERE, never in ON: only so can PostgreSQL make a join of EXISTS.
import { type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Shop } from './shop.ts'

interface AttributeTables {
  /** The values given. */
  readonly values: string
  /** Up to Saleor 3.15: the record and its type's attribute, between the record and its values. */
  readonly through: string
  /** Which types have which attributes. */
  readonly types: string
  readonly record: string
  readonly type: string
}

const TABLES: Readonly<Record<'products' | 'pages', AttributeTables>> = {
  products: {
    values: 'attribute_assignedproductattributevalue',
    through: 'attribute_assignedproductattribute',
    types: 'attribute_attributeproduct',
    record: 'product_id',
    type: 'product_type_id',
  },
  pages: {
    values: 'attribute_assignedpageattributevalue',
    through: 'attribute_assignedpageattribute',
    types: 'attribute_attributepage',
    record: 'page_id',
    type: 'page_type_id',
  },
}

/**
 * Values of the record itself. From Saleor 3.16 on they name their record; where they do, the table between has no say:
 * 3.18 still has it, but no longer keeps it up. `join` is one of `val` that the value needs.
 */
export const ownValues = (kind: 'products' | 'pages', shop: Shop | undefined, join = ''): SqlFragment =>
  sql`${givenValues(kind, shop, { values: trusted('attribute_attributevalue'), join })} and val.attribute_id =`

/** The same of all attributes at once, and whole. `values` is what stands for the table of values: rows with `id` and `attribute_id`. */
export function givenValues(
  kind: 'products' | 'pages',
  shop: Shop | undefined,
  { values, join = '' }: { readonly values: SqlFragment; readonly join?: string },
): SqlFragment {
  const { values: given, through, types, record, type } = TABLES[kind]
  const joined = join && ` ${join}`
  return !shop || shop.columns.has(`${given}.${record}`)
    ? sql`${trusted(`from ${given} av join `)}${values}${trusted(` val on val.id = av.value_id join ${types} at on at.attribute_id = val.attribute_id${joined} where av.${record} = r.id and at.${type} = r.${type}`)}`
    : sql`${trusted(`from ${through} aa join ${types} at on at.id = aa.assignment_id join ${given} av on av.assignment_id = aa.id join `)}${values}${trusted(` val on val.id = av.value_id and val.attribute_id = at.attribute_id${joined} where aa.${record} = r.id and at.${type} = r.${type}`)}`
}

/** Values of the product's variants: through the table between in every version, also where values name their variant, too. */
export const variantValues = (join = ''): SqlFragment =>
  trusted(
    `from product_productvariant v join attribute_assignedvariantattribute aa on aa.variant_id = v.id join attribute_attributevariant at on at.id = aa.assignment_id join attribute_assignedvariantattributevalue av on av.assignment_id = aa.id join attribute_attributevalue val on val.id = av.value_id and val.attribute_id = at.attribute_id${join && ` ${join}`} where v.product_id = r.id and at.product_type_id = r.product_type_id and val.attribute_id =`,
  )
