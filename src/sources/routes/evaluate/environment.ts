// What the build of a front end puts in place of `process.env` and `import.meta.env`.
import type { Node } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import type { Scope } from './scope.ts'
import { known, type Value } from './value.ts'

/** A front end is read as what it is when it is built for its visitors. */
const PRODUCTION: Readonly<Record<string, string | boolean>> = {
  NODE_ENV: 'production',
  MODE: 'production',
  PROD: true,
  DEV: false,
  SSR: false,
}

/** Undefined where the node is none. */
export function environmentVariable(evaluator: Evaluator, node: Node, scope: Scope): Value | undefined {
  const { text } = scope.module
  const whole = text.slice(node.start, node.end).replace(/\s|[?!]/g, '')
  const [, direct, quoted] = /^(?:process\.env|import\.meta\.env)(?:\.([\w$]+)|\[['"]([\w$]+)['"]\])$/.exec(whole) ?? []
  const name = direct ?? quoted
  if (name === undefined) return undefined
  const given = Object.hasOwn(evaluator.environment, name) ? evaluator.environment[name] : PRODUCTION[name]
  if (given !== undefined) return known(given)
  return evaluator.unknown(node, scope, `${whole} is only known when the front end is built`)
}
