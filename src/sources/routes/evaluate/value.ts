// What an expression of the source can be, as far as it can be told without running it.
import type { ArrowFunctionExpression, Class, Function as FunctionNode } from 'oxc-parser'
import type { Place } from '../../../routes/route.ts'
import type { SourceModule } from './module.ts'
import type { Scope } from './scope.ts'

export type Primitive = string | number | boolean | null | undefined

export interface KnownValue {
  readonly is: 'known'
  readonly value: Primitive
}

export interface RegexValue {
  readonly is: 'regex'
  readonly pattern: string
  readonly flags: string
}

export interface ArrayValue {
  readonly is: 'array'
  /** An `unknown` among them may stand for several. */
  readonly items: readonly Value[]
}

export interface ObjectValue {
  readonly is: 'object'
  readonly properties: ReadonlyMap<string, () => Value>
  /** Other properties it may have: where what is spread into it cannot be told. */
  readonly open: UnknownValue | undefined
  readonly place?: Place | undefined
}

export interface FunctionValue {
  readonly is: 'function'
  readonly node: FunctionNode | ArrowFunctionExpression
  readonly scope: Scope
  readonly self?: Value | undefined
  /** As it is bound or exported, for people. */
  readonly name: string | undefined
  /** What is assigned to it: `Page.path = '/about'`. */
  readonly statics?: ReadonlyMap<string, () => Value> | undefined
}

export interface ClassValue {
  readonly is: 'class'
  readonly node: Class
  readonly scope: Scope
  readonly name: string | undefined
  readonly statics?: ReadonlyMap<string, () => Value> | undefined
}

/** Something that a package exports, or a part of it: `React.lazy` is `['lazy']` of `react`. */
export interface ExternalValue {
  readonly is: 'external'
  readonly module: string
  readonly path: readonly string[]
}

/** The result of a call whose meaning is not the evaluator's to know. */
export interface CalledValue {
  readonly is: 'called'
  readonly callee: Value
  readonly args: readonly Value[]
  readonly place: Place
  readonly source: string
}

export interface NamespaceValue {
  readonly is: 'namespace'
  readonly module: SourceModule
}

export interface PromiseValue {
  readonly is: 'promise'
  readonly value: Value
}

export interface ElementValue {
  readonly is: 'element'
  readonly type: Value
  /** As it is written: `Route`, `UI.Box`; '' for a fragment. */
  readonly name: string
  readonly properties: ObjectValue
  readonly place: Place
  /** Names of properties that are written out, and not spread. */
  readonly written: ReadonlySet<string>
}

/** A function of the language's own, bound to what it works on: `routes.map`. */
export interface MethodValue {
  readonly is: 'method'
  readonly name: string
  readonly of: Value
}

/** One of several, and it cannot be told which. */
export interface ChoiceValue {
  readonly is: 'choice'
  readonly values: readonly Value[]
}

/** Only there where a condition holds that cannot be told. */
export interface MaybeValue {
  readonly is: 'maybe'
  readonly condition: string
  readonly value: Value
}

/** What a function throws. */
export interface ThrownValue {
  readonly is: 'thrown'
  readonly value: Value
}

export interface UnknownValue {
  readonly is: 'unknown'
  /** A clause that goes after "since": `process.env.BASE is only known when the front end is built`. */
  readonly reason: string
  readonly source: string
  readonly place: Place
  /** Whether something that belongs to the front end is not there, or cannot be read. */
  readonly isMissing?: boolean
}

export type Value =
  | KnownValue
  | RegexValue
  | ArrayValue
  | ObjectValue
  | FunctionValue
  | ClassValue
  | ExternalValue
  | CalledValue
  | NamespaceValue
  | PromiseValue
  | ElementValue
  | MethodValue
  | ChoiceValue
  | MaybeValue
  | ThrownValue
  | UnknownValue

export const known = (value: Primitive): KnownValue => ({ is: 'known', value })
export const UNDEFINED: KnownValue = known(undefined)
export const arrayOf = (items: readonly Value[]): ArrayValue => ({ is: 'array', items })
export const objectOf = (
  properties: ReadonlyMap<string, () => Value> | Readonly<Record<string, Value>>,
  { open, place }: { open?: UnknownValue | undefined; place?: Place | undefined } = {},
): ObjectValue => ({
  is: 'object',
  properties:
    properties instanceof Map
      ? properties
      : new Map(Object.entries(properties as Record<string, Value>).map(([key, value]) => [key, () => value])),
  open,
  place,
})

/** Evaluated at the first time it is asked for. */
export function once(evaluate: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= evaluate())
}

/** So many possibilities are followed; more are too many to tell a person of. */
const MOST_CHOICES = 200

const TOO_MANY: UnknownValue = {
  is: 'unknown',
  reason: `it can be more than ${MOST_CHOICES} things`,
  source: '',
  place: { file: '' },
}

/** One value where they are one, else a choice, which is never nested. */
export function choiceOf(values: readonly Value[]): Value {
  const flat: Value[] = []
  for (const value of values) {
    for (const each of value.is === 'choice' ? value.values : [value]) {
      const isTold = each.is === 'known' && flat.some(other => other.is === 'known' && other.value === each.value)
      if (!isTold) flat.push(each)
    }
  }
  if (flat.length > MOST_CHOICES) flat.splice(MOST_CHOICES, flat.length, TOO_MANY)
  return flat.length === 1 ? (flat[0] as Value) : { is: 'choice', values: flat }
}

/** Under a condition; choices are conditional one by one. */
export function maybe(condition: string, value: Value): Value {
  if (value.is === 'choice') return choiceOf(value.values.map(each => maybe(condition, each)))
  if (value.is === 'maybe') {
    const both = value.condition === condition ? condition : `${condition} && ${value.condition}`
    return { is: 'maybe', condition: both, value: value.value }
  }
  return { is: 'maybe', condition, value }
}

/** The same of each possibility. */
export function mapPossible(value: Value, change: (value: Value) => Value): Value {
  if (value.is === 'choice') return choiceOf(value.values.map(each => mapPossible(each, change)))
  if (value.is === 'maybe') return maybe(value.condition, mapPossible(value.value, change))
  return change(value)
}

/** Each possibility without its condition. */
export function possibilities(value: Value): Value[] {
  if (value.is === 'choice') return value.values.flatMap(possibilities)
  return value.is === 'maybe' ? possibilities(value.value) : [value]
}

export const isUndefined = (value: Value): boolean => value.is === 'known' && value.value === undefined
export const isNothing = (value: Value): boolean =>
  value.is === 'known' && (value.value === undefined || value.value === null || typeof value.value === 'boolean')

/** Undefined where it cannot be told. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.is) {
    case 'known':
      return Boolean(value.value)
    case 'choice': {
      const truths = new Set(value.values.map(truthOf))
      return truths.size === 1 ? [...truths][0] : undefined
    }
    case 'maybe':
    case 'unknown':
    case 'called':
    case 'external':
    case 'thrown':
      return undefined
    default:
      return true
  }
}

/** The part of a value that keeps it from being known, for telling why. */
export function firstUnknown(value: Value): UnknownValue | undefined {
  for (const each of possibilities(value)) {
    if (each.is === 'unknown') return each
    if (each.is === 'array') {
      const inside = each.items.map(firstUnknown).find(found => found !== undefined)
      if (inside) return inside
    }
  }
  return undefined
}
