// What the connected shop is: its channels, its attributes, and the columns that its Saleor version has.

export interface Channel {
  readonly id: number
  readonly slug: string
  readonly active: boolean
}

export interface Attribute {
  readonly id: number
  readonly slug: string
  /** dropdown, multiselect, swatch, boolean, numeric, date, date-time, plain-text, rich-text, file, reference, single-reference */
  readonly inputType: string
  /** product-type or page-type: whose records have it. */
  readonly type: string
  /** Of a reference: Product, ProductVariant, Page, Category or Collection. */
  readonly entityType: string | null
}

/** Whether its values are choices that the shop has made, and all records share. */
export const hasChoices = ({ inputType }: Attribute): boolean =>
  inputType === 'dropdown' || inputType === 'multiselect' || inputType === 'swatch'

export interface Shop {
  /** The channel whose anonymous customer is asked for. */
  readonly channel: Channel
  readonly channels: ReadonlyMap<string, Channel>
  /** Undefined where the role may not read them: any is then believed, until all missing permissions are told at once. */
  readonly attributes: ReadonlyMap<string, Attribute> | undefined
  /** Undefined in the same case. */
  readonly warehouses: ReadonlySet<string> | undefined
  /** `table.column` of those that not every Saleor version has. */
  readonly columns: ReadonlySet<string>
}
