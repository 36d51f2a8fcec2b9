// Walks through a syntax tree, whatever its nodes are.
import type { Node } from 'oxc-parser'

/** The nodes directly below one, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = []
  for (const key in node) {
    const value: unknown = node[key as keyof Node]
    if (value === null || typeof value !== 'object' || TYPES.has(key)) continue
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each)
    } else if (isNode(value)) found.push(value)
  }
  return found
}

const TYPES = new Set(['parent', 'typeAnnotation', 'typeParameters', 'typeArguments', 'returnType'])
const isNode = (value: unknown): value is Node =>
  value !== null && typeof value === 'object' && typeof (value as { type?: unknown }).type === 'string'

export const isFunctionNode = (node: Node): boolean =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'

/** Name of a property that is written out: `a.b`, `a['b']`, `{ b: 1 }`, `{ 'b': 1 }`; undefined for `a[b]`. */
export function staticName(key: Node, computed: boolean): string | undefined {
  if (!computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier')) return key.name
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number'))
    return String(key.value)
  return undefined
}
