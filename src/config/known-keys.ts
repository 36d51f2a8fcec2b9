// The settings that exist at a place of the configuration, for "did you mean".
import { z } from 'zod'
import { configurationSchema } from './schema.ts'

/** Reads them off the JSON Schema of the configuration, so that the list cannot drift from it. */
export function knownKeysAt(path: readonly PropertyKey[], data: object): string[] {
  const root = z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' }) as Node
  let nodes: Node[] = [root]
  let value: unknown = data
  for (const part of path) {
    value = (value as Record<PropertyKey, unknown> | undefined)?.[part]
    nodes = nodes.flatMap(alternatives).flatMap(node => {
      if (typeof part === 'number') return node.items ? [node.items] : []
      const own = node.properties?.[String(part)]
      if (own) return [own]
      return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []
    })
  }
  const of = (value as { of?: unknown } | undefined)?.of
  const fitting = nodes.flatMap(alternatives).filter(node => node.properties && fits(node, of))
  return [...new Set(fitting.flatMap(node => Object.keys(node.properties ?? {})))]
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly allOf?: readonly Node[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
}

const alternatives = (node: Node): Node[] => {
  const inner = node.anyOf ?? node.oneOf ?? node.allOf
  return inner ? inner.flatMap(alternatives) : [node]
}

/** Of a section, only the kind that `of` names. */
function fits(node: Node, of: unknown): boolean {
  const kind = node.properties?.of
  if (!kind || of === undefined) return true
  return kind.const === of || (kind.enum?.includes(of) ?? false)
}
