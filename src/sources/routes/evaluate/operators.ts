// Operators on what is known; undefined where the result cannot be told.
import { known, type Value } from './value.ts'

export function unary(operator: string, value: Value): Value | undefined {
  if (operator === 'void') return known(undefined)
  if (operator === 'typeof') return value.is === 'known' ? known(typeof value.value) : undefined
  if (
    operator === '!' &&
    (value.is === 'array' || value.is === 'object' || value.is === 'function' || value.is === 'element')
  )
    return known(false)
  if (value.is !== 'known') return undefined
  switch (operator) {
    case '!':
      return known(!value.value)
    case '-':
      return known(-Number(value.value))
    case '+':
      return known(Number(value.value))
    default:
      return undefined
  }
}

export function binary(operator: string, left: Value, right: Value): Value | undefined {
  if (left.is !== 'known' || right.is !== 'known') return undefined
  const a = left.value
  const b = right.value
  switch (operator) {
    case '+':
      return typeof a === 'string' || typeof b === 'string' ? known(`${a}${b}`) : known(Number(a) + Number(b))
    case '-':
      return known(Number(a) - Number(b))
    case '*':
      return known(Number(a) * Number(b))
    case '/':
      return known(Number(a) / Number(b))
    case '%':
      return known(Number(a) % Number(b))
    case '===':
      return known(a === b)
    case '!==':
      return known(a !== b)
    case '==':
      return known((a ?? null) === (b ?? null))
    case '!=':
      return known((a ?? null) !== (b ?? null))
    case '<':
      return known(typeof a === 'string' && typeof b === 'string' ? a < b : Number(a) < Number(b))
    case '>':
      return known(typeof a === 'string' && typeof b === 'string' ? a > b : Number(a) > Number(b))
    case '<=':
      return known(typeof a === 'string' && typeof b === 'string' ? a <= b : Number(a) <= Number(b))
    case '>=':
      return known(typeof a === 'string' && typeof b === 'string' ? a >= b : Number(a) >= Number(b))
    default:
      return undefined
  }
}
