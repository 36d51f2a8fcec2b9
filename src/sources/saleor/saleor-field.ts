// A field of Saleor's: what a rule sees of it, and where it stands once the shop is known.
import type { SqlField } from '../../rules/compile-sql.ts'
import type { Field, FieldType } from '../../rules/field.ts'
import { type SqlFragment, trusted } from '../../rules/sql.ts'
import type { Shop } from './shop.ts'

export interface SaleorField {
  readonly field: Field
  locate(shop: Shop): SqlField
}

/** A field that is one column, perhaps of a joined table. */
export function column(
  name: string,
  type: FieldType,
  expression: string,
  joins?: ReadonlyMap<string, SqlFragment>,
  emptyIsMissing?: boolean,
): SaleorField {
  return {
    field: { name, type, many: false, ...(emptyIsMissing && { emptyIsMissing }) },
    locate: () => ({ value: trusted(expression), ...(joins && { joins }) }),
  }
}

/** A field with one value that only the shop can place. */
export function computed(name: string, type: FieldType, locate: (shop: Shop) => SqlField): SaleorField {
  return { field: { name, type, many: false }, locate }
}
