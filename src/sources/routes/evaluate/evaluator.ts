// Says what expressions of the source are, across modules, without running anything: what cannot be told stays unknown.
import { posix } from 'node:path'
import type { Node } from 'oxc-parser'
import type { Place } from '../../../routes/route.ts'
import { evaluateCall } from './calls.ts'
import { instanceOf } from './classes.ts'
import { exportsOf } from './exports.ts'
import { evaluateExpression } from './expressions.ts'
import type { SourceModule } from './module.ts'
import type { ModuleGraph } from './module-graph.ts'
import { moduleScope } from './module-scope.ts'
import type { Scope } from './scope.ts'
import type { ExternalValue, UnknownValue, Value } from './value.ts'

/** No path is so long, and no list of routes: what grows beyond would only fill the memory. */
const MOST_CHARACTERS = 10_000
const MOST_ITEMS = 20_000
const isLarge = (value: Value): boolean =>
  (value.is === 'known' && typeof value.value === 'string' && value.value.length > MOST_CHARACTERS) ||
  (value.is === 'array' && value.items.length > MOST_ITEMS)

/** What only the reader of a router knows about packages. */
export interface Meanings {
  /** The result of a call of what a package exports, where that is known. */
  call?(callee: ExternalValue, args: readonly Value[]): Value | undefined
  /** Whether a call never comes back: Next's `redirect()`. */
  isFinal?(callee: ExternalValue): boolean
}

/** So many expressions are evaluated; a router that takes more is a program of its own. */
const MOST_STEPS = 3_000_000
export const TOO_MANY_STEPS = 'the router takes too many steps to evaluate'
/** Calls within calls. */
const DEEPEST = 120
/** Expressions within expressions, those of calls and components included: as many as the stack has room for. */
const DEEPEST_NESTING = 600

export class Evaluator {
  readonly graph: ModuleGraph
  readonly meanings: Meanings
  /** `process.env` and `import.meta.env`, as far as they are known. */
  readonly environment: Readonly<Record<string, string>>
  #steps = 0
  #depth = 0
  #nested = 0
  readonly #exported = new Map<SourceModule, Map<string, Value>>()
  /** From where on nothing is known any more, since there was too much of it. */
  gaveUpAt: (Place & { readonly source: string }) | undefined
  /** Whether calls that stand alone are looked into, for what they throw. */
  followsEffects = false

  constructor(graph: ModuleGraph, meanings: Meanings, environment: Readonly<Record<string, string>> = {}) {
    this.graph = graph
    this.meanings = meanings
    this.environment = environment
  }

  evaluate(node: Node, scope: Scope): Value {
    if (++this.#steps > MOST_STEPS) {
      this.gaveUpAt ??= { ...scope.module.placeOf(node), source: scope.module.sourceOf(node) }
      return this.unknown(node, scope, TOO_MANY_STEPS)
    }
    if (this.#nested >= DEEPEST_NESTING) return this.unknown(node, scope, 'it is nested too deep')
    this.#nested++
    try {
      const value = evaluateExpression(this, node, scope)
      return isLarge(value) ? this.unknown(node, scope, 'it has more than a router needs') : value
    } finally {
      this.#nested--
    }
  }

  /** `self`: what `this` is in it. */
  call(callee: Value, args: readonly Value[], at: { node: Node; scope: Scope }): Value {
    if (this.#depth >= DEEPEST) return this.unknown(at.node, at.scope, 'its calls go too deep')
    this.#depth++
    try {
      return evaluateCall(this, callee, { args, ...at })
    } finally {
      this.#depth--
    }
  }

  /** `new Paths()`; of what is no class of the source it is as unknown as a call. */
  construct(callee: Value, args: readonly Value[], at: { node: Node; scope: Scope }): Value {
    if (callee.is === 'class') return instanceOf(this, callee, new Map())
    // `new URL('./src', import.meta.url)` stands for a path of the front end.
    const [path] = args
    if (callee.is === 'external' && callee.path.at(-1) === 'URL' && path?.is === 'known' && args.length === 2) {
      const folder = at.scope.module.file.replace(/[^/]*$/, '')
      return { is: 'known', value: posix.join('/', folder, String(path.value)) }
    }
    return {
      is: 'called',
      callee,
      args,
      place: at.scope.module.placeOf(at.node),
      source: at.scope.module.sourceOf(at.node),
    }
  }

  scopeOf(module: SourceModule): Scope {
    return moduleScope(this, module)
  }

  /** What a module exports by a name; undefined where it exports nothing of that name. */
  exported(module: SourceModule, name: string): Value | undefined {
    const known = this.#exported.get(module) ?? new Map<string, Value>()
    this.#exported.set(module, known)
    const value = known.get(name) ?? exportsOf(this, module, name)
    if (value) known.set(name, value)
    return value
  }

  unknown(node: Node, scope: Scope, reason: string): UnknownValue {
    const { module } = scope
    return { is: 'unknown', reason, source: module.sourceOf(node), place: module.placeOf(node) }
  }
}

/** Evaluates with a look into calls that stand alone: they may throw, and what comes after them then does not happen. */
export function withEffects<T>(evaluator: Evaluator, act: () => T): T {
  const before = evaluator.followsEffects
  evaluator.followsEffects = true
  try {
    return act()
  } finally {
    evaluator.followsEffects = before
  }
}
