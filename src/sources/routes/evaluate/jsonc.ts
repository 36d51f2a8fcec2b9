// JSON with comments and trailing commas, as tsconfig files are: a part of JavaScript, so its parser reads it.
import type { Expression } from 'oxc-parser'
import { loadParser } from './module.ts'

/** The value; undefined where the text is no JSON at all. */
export async function parseJsonc(text: string): Promise<unknown> {
  const { parseNow } = await loadParser()
  const { program, errors } = parseNow('file.ts', `(${text.replace(/^\uFEFF/, '')}\n)`, 'ts')
  const [statement] = program.body
  if (errors.length > 0 || statement?.type !== 'ExpressionStatement') return undefined
  return toData(statement.expression)
}

function toData(node: Expression): unknown {
  switch (node.type) {
    case 'Literal':
      return node.value
    case 'ArrayExpression':
      return node.elements.map(element => (element && element.type !== 'SpreadElement' ? toData(element) : undefined))
    case 'ObjectExpression':
      return Object.fromEntries(
        node.properties.flatMap(property => {
          if (property.type !== 'Property') return []
          const { key, value } = property
          const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined
          return name === undefined ? [] : [[name, toData(value)]]
        }),
      )
    case 'UnaryExpression': {
      const value = toData(node.argument)
      return node.operator === '-' && typeof value === 'number' ? -value : undefined
    }
    default:
      return undefined
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
