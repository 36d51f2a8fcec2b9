// What names mean at a place of the source: bindings are evaluated at the first time they are asked for.
import type { SourceModule } from './module.ts'
import type { Value } from './value.ts'

export class Scope {
  readonly module: SourceModule
  readonly parent: Scope | undefined
  readonly self: Value | undefined
  readonly #bindings = new Map<string, () => Value>()
  readonly #values = new Map<string, Value>()
  readonly #underWay = new Set<string>()

  constructor(module: SourceModule, parent?: Scope, self?: Value) {
    this.module = module
    this.parent = parent
    this.self = self ?? parent?.self
  }

  bind(name: string, evaluate: () => Value): void {
    this.#bindings.set(name, evaluate)
  }

  /** What a name that is bound a second time means is both. */
  bindAlso(name: string, evaluate: () => Value, join: (values: readonly Value[]) => Value): void {
    const before = this.#bindings.get(name)
    this.#bindings.set(name, before ? () => join([before(), evaluate()]) : evaluate)
  }

  has(name: string): boolean {
    return this.#bindings.has(name)
  }

  /** Undefined where nothing of that name is bound; `onCycle` where its value is made of itself. */
  lookUp(name: string, onCycle: () => Value): Value | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.#own(name, onCycle)
      if (found) return found
    }
    return undefined
  }

  names(): IterableIterator<string> {
    return this.#bindings.keys()
  }

  #own(name: string, onCycle: () => Value): Value | undefined {
    const made = this.#values.get(name)
    if (made) return made
    const evaluate = this.#bindings.get(name)
    if (!evaluate) return undefined
    if (this.#underWay.has(name)) return onCycle()
    this.#underWay.add(name)
    try {
      const value = evaluate()
      this.#values.set(name, value)
      return value
    } finally {
      this.#underWay.delete(name)
    }
  }
}
