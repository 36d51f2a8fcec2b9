// Binds what statements declare: variables with what happens to them later, functions, classes, enums, namespaces.
import type {
  BindingPattern,
  Node,
  Statement,
  TSEnumDeclaration,
  TSGlobalDeclaration,
  TSModuleDeclaration,
} from 'oxc-parser'
import { applyEffects } from './apply-effects.ts'
import { type Effects, effectsIn } from './effects.ts'
import type { Evaluator } from './evaluator.ts'
import { getMember, without } from './members.ts'
import { requiredModule } from './module-scope.ts'
import { Scope } from './scope.ts'
import { staticName } from './syntax.ts'
import { arrayOf, choiceOf, isUndefined, known, objectOf, UNDEFINED, type Value } from './value.ts'

type Binder = (name: string, evaluate: () => Value) => void

/** Declarations in blocks count as of the function: what one name means twice is a choice. */
export function declare(evaluator: Evaluator, statements: readonly Node[], scope: Scope): void {
  const effects = effectsIn(scope.module.program, statements)
  const bind: Binder = (name, evaluate) => {
    const later = effects.of(name)
    const changed = later.length === 0 ? evaluate : () => applyEffects(evaluator, evaluate(), { effects: later, scope })
    scope.bindAlso(name, changed, choiceOf)
  }
  for (const statement of statements) declareOne(evaluator, statement as Statement, { scope, bind, effects })
}

interface Place {
  readonly scope: Scope
  readonly bind: Binder
  readonly effects: Effects
}

function declareOne(evaluator: Evaluator, statement: Statement, place: Place): void {
  const { scope, bind } = place
  switch (statement.type) {
    case 'VariableDeclaration':
      for (const { id, init } of statement.declarations) {
        bindPattern(evaluator, id, { scope, bind, value: () => (init ? evaluator.evaluate(init, scope) : UNDEFINED) })
      }
      return
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      if (statement.id) bind(statement.id.name, () => evaluator.evaluate(statement, scope))
      return
    case 'TSImportEqualsDeclaration': {
      const { id, moduleReference } = statement
      if (moduleReference.type === 'TSExternalModuleReference')
        bind(id.name, () => requiredModule(evaluator, scope.module, moduleReference.expression.value))
      return
    }
    case 'TSEnumDeclaration':
      bind(statement.id.name, () => enumOf(evaluator, statement, scope))
      return
    case 'TSModuleDeclaration':
      if (statement.id.type === 'Identifier') bind(statement.id.name, () => namespaceOf(evaluator, statement, scope))
      return
    default:
      for (const inner of statementsIn(statement)) declareOne(evaluator, inner as Statement, place)
  }
}

/** Those directly within another: what they declare counts as of the function. */
function statementsIn(statement: Statement): readonly Node[] {
  const present = (nodes: readonly (Node | null | undefined)[]): Node[] =>
    nodes.filter(node => node !== null && node !== undefined)
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return present([statement.declaration])
    case 'ExportDefaultDeclaration':
      return 'id' in statement.declaration && statement.declaration.id ? [statement.declaration] : []
    case 'BlockStatement':
      return statement.body
    case 'IfStatement':
      return present([statement.consequent, statement.alternate])
    case 'TryStatement':
      return present([statement.block, statement.handler?.body, statement.finalizer])
    case 'SwitchStatement':
      return statement.cases.flatMap(({ consequent }) => consequent)
    case 'LabeledStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
      return [statement.body]
    default:
      return []
  }
}

/** `{ a, b: { c } = {}, ...rest }`, `[a, , b]`. */
export function bindPattern(
  evaluator: Evaluator,
  pattern: BindingPattern | Node,
  { scope, bind, value }: { readonly scope: Scope; readonly bind: Binder; readonly value: () => Value },
): void {
  const next = (inner: BindingPattern | Node, inside: () => Value): void =>
    bindPattern(evaluator, inner, { scope, bind, value: inside })
  switch (pattern.type) {
    case 'Identifier':
      bind(pattern.name, value)
      return
    case 'AssignmentPattern':
      next(pattern.left, () => {
        const given = value()
        return isUndefined(given) ? evaluator.evaluate(pattern.right, scope) : given
      })
      return
    case 'ObjectPattern': {
      const taken: string[] = []
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          next(property.argument, () => without(value(), taken))
          continue
        }
        const { key, computed } = property
        const name = staticName(key, computed)
        if (name !== undefined) taken.push(name)
        next(property.value, () =>
          name === undefined
            ? evaluator.unknown(key, scope, 'the name of the property is computed')
            : getMember(evaluator, value(), name, { node: property, scope }),
        )
      }
      return
    }
    case 'ArrayPattern':
      pattern.elements.forEach((element, index) => {
        if (!element) return
        if (element.type === 'RestElement') {
          next(element.argument, () => {
            const whole = value()
            return whole.is === 'array' ? arrayOf(whole.items.slice(index)) : whole
          })
        } else next(element, () => getMember(evaluator, value(), String(index), { node: element, scope }))
      })
  }
}

function enumOf(evaluator: Evaluator, node: TSEnumDeclaration, scope: Scope): Value {
  const inner = new Scope(scope.module, scope)
  const properties = new Map<string, () => Value>()
  let previous: (() => Value) | undefined
  for (const { id, initializer } of node.body.members) {
    const name = staticName(id as Node, false)
    if (name === undefined) continue
    const before = previous
    const evaluate = initializer
      ? () => evaluator.evaluate(initializer, inner)
      : () => {
          const last = before?.() ?? known(-1)
          return last.is === 'known' && typeof last.value === 'number'
            ? known(last.value + 1)
            : evaluator.unknown(id as Node, scope, 'a member before it is no number')
        }
    inner.bind(name, evaluate)
    properties.set(name, evaluate)
    previous = evaluate
  }
  return objectOf(properties, { place: scope.module.placeOf(node) })
}

function namespaceOf(evaluator: Evaluator, node: TSModuleDeclaration | TSGlobalDeclaration, scope: Scope): Value {
  const inner = new Scope(scope.module, scope)
  const { body } = node
  if (body?.type !== 'TSModuleBlock') return evaluator.unknown(node, scope, 'it is a declaration only')
  declare(evaluator, body.body, inner)
  const cycle = () => evaluator.unknown(node, scope, 'it is made of itself')
  const properties = new Map(
    [...inner.names()].map(name => [name, () => inner.lookUp(name, cycle) ?? UNDEFINED] as const),
  )
  return objectOf(properties)
}
