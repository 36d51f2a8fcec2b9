// Problems of a bundle as they are found: all counted, few kept, since a broken bundle has the same one a million times.

export interface Problem {
  readonly file?: string
  readonly what: string
}

export interface Problems {
  /** `kind` is the sentence that examples share; `example` tells them apart. */
  add(file: string | undefined, kind: string, example?: string): void
  /** Every kind with its first examples, then how many more there are. */
  list(): Problem[]
}

export function collectProblems(examples: number): Problems {
  const kinds = new Map<string, { count: number; first: Problem[] }>()
  return {
    add(file, kind, example) {
      const found = kinds.get(kind) ?? { count: 0, first: [] }
      kinds.set(kind, found)
      found.count++
      if (found.first.length >= examples) return
      const what = example === undefined || example === '' ? kind : `${kind}: ${example}`
      found.first.push(file === undefined ? { what } : { file, what })
    },
    list() {
      return [...kinds].flatMap(([kind, { count, first }]) => {
        const more = count - first.length
        return more === 0 ? first : [...first, { what: `${kind}: ${more} more, ${count} in all` }]
      })
    },
  }
}
