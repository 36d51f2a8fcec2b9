// Attributes of products, variants and pages as fields.
import type { UnknownField } from '../../rules/field.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import { ownValues, variantValues } from './attribute-rows.ts'
import { attributeValue } from './attribute-values.ts'
import { many, type SaleorField } from './saleor-field.ts'
import type { Attribute, Shop } from './shop.ts'

/** An attribute of the record itself. */
export function attributeField(
  name: string,
  slug: string,
  { kind, shop }: { kind: 'products' | 'pages'; shop: Shop | undefined },
): SaleorField | UnknownField {
  const owner = kind === 'products' ? 'product-type' : 'page-type'
  return attributeOf(name, slug, { owner, prefix: 'attributes', rowsWith: join => ownValues(kind, shop, join), shop })
}

/** An attribute of any of the product's variants. */
export function variantAttributeField(name: string, slug: string, shop: Shop | undefined): SaleorField | UnknownField {
  return attributeOf(name, slug, {
    owner: 'product-type',
    prefix: 'variants.attributes',
    rowsWith: variantValues,
    shop,
  })
}

interface Owner {
  /** The attribute's type: whose records have it. */
  readonly owner: Attribute['type']
  /** What a name of such an attribute begins with. */
  readonly prefix: string
  /** Ends where the attribute's id has to follow. */
  rowsWith(join?: string): SqlFragment
  readonly shop: Shop | undefined
}

function attributeOf(name: string, slug: string, { owner, prefix, rowsWith, shop }: Owner): SaleorField | UnknownField {
  if (!shop?.attributes) {
    // Placed only to see which tables it needs.
    return many(
      { name, type: 'unknown' },
      { value: trusted('val.slug'), rows: sql`${rowsWith()} ${parameter(0, 'int')}` },
    )
  }
  const attribute = shop.attributes.get(slug)
  if (!attribute || attribute.type !== owner) {
    const known = [...shop.attributes.values()]
      .filter(item => item.type === owner)
      .map(item => `${prefix}.${item.slug}`)
    const elsewhere = attribute ? ` ("${slug}" belongs to another kind of record)` : ''
    return { problem: `The shop has no attribute "${slug}" here${elsewhere}.`, known }
  }
  const found = attributeValue(attribute, shop)
  if ('problem' in found) return found
  const { type, value, join } = found
  return many({ name, type }, { value, rows: sql`${rowsWith(join)} ${parameter(attribute.id, 'int')}` })
}
