// SQL as text and values that never mix: values go by number, and a fragment can stand inside another.

export type SqlType = 'text' | 'text[]' | 'float8' | 'float8[]' | 'int' | 'jsonb' | 'timestamptz' | 'interval'
export type SqlValue = string | number | readonly string[] | readonly number[]

export interface SqlParameter {
  readonly value: SqlValue
  readonly type: SqlType
}

/** A piece of SQL; `parts` has one more item than `parameters`, as a template string has. */
export interface SqlFragment {
  readonly parts: readonly string[]
  readonly parameters: readonly SqlParameter[]
}

type Piece = SqlFragment | SqlParameter

/** sql`r.rating >= ${parameter(4, 'float8')}`: only fragments and parameters can be put in, never text. */
export function sql(strings: TemplateStringsArray, ...pieces: readonly Piece[]): SqlFragment {
  const parts: string[] = [strings[0] as string]
  const parameters: SqlParameter[] = []
  const glue = (text: string): void => {
    parts[parts.length - 1] += text
  }
  pieces.forEach((piece, index) => {
    if ('parts' in piece) {
      glue(piece.parts[0] as string)
      parts.push(...piece.parts.slice(1))
      parameters.push(...piece.parameters)
    } else {
      parts.push('')
      parameters.push(piece)
    }
    glue(strings[index + 1] as string)
  })
  return { parts, parameters }
}

export const parameter = (value: SqlValue, type: SqlType): SqlParameter => ({ value, type })

/** Text of the program itself (a column, an alias): never anything that came from outside. */
export const trusted = (text: string): SqlFragment => ({ parts: [text], parameters: [] })

export function joinSql(fragments: readonly SqlFragment[], separator: string): SqlFragment {
  return fragments.reduce<SqlFragment>(
    (all, one, index) => (index === 0 ? one : sql`${all}${trusted(separator)}${one}`),
    trusted(''),
  )
}

/** The text with `$1::text` for each value (equal values of one type share a number), and the values. */
export function renderSql(
  fragment: SqlFragment,
  place: (number: number, type: SqlType) => string = (number, type) => `$${number}::${type}`,
): { text: string; values: readonly SqlParameter[] } {
  const values: SqlParameter[] = []
  const numbers = new Map<string, number>()
  let text = fragment.parts[0] as string
  fragment.parameters.forEach((item, index) => {
    const key = `${item.type} ${JSON.stringify(item.value)}`
    let number = numbers.get(key)
    if (number === undefined) {
      values.push(item)
      number = values.length
      numbers.set(key, number)
    }
    text += place(number, item.type) + (fragment.parts[index + 1] as string)
  })
  return { text, values }
}
