// Walks through a syntax tree, whatever its nodes are.
import type { Node } from 'oxc-parser'

/** The nodes directly below one, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = []
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent' || key === 'typeAnnotation' || key === 'typeParameters' || key === 'typeArguments') continue
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each)) found.push(each)
  }
  return found
}

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
