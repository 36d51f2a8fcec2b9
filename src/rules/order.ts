// The order of values, as PostgreSQL has it: text by code point, numbers as float8, instants by time.

export type Ordered = string | number | bigint

/** Below, equal or above 0, as `a` stands before, beside or behind `b`. Both are of one kind. */
export function compareValues<T extends Ordered>(a: T, b: T): number {
  if (typeof a === 'string') return compareCodePoints(a, b as string)
  if (typeof a === 'number') return compareNumbers(a, b as number)
  return a < b ? -1 : a > b ? 1 : 0
}

/** NaN equals itself and stands above all others. */
function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : a > b ? 1 : 0
}

/** JavaScript compares UTF-16 units, in which U+10000 and above stand before U+E000 to U+FFFF. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)]
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Half a surrogate pair ranks above every unit that is a whole code point. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)
