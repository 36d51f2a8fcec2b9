// What each kind of expression is.
import type { Node, TemplateLiteral } from 'oxc-parser'
import { environmentVariable } from './environment.ts'
import type { Evaluator } from './evaluator.ts'
import { elementOf, fragmentOf } from './jsx.ts'
import { getMember } from './members.ts'
import { importOf, requiredModule } from './module-scope.ts'
import { objectLiteral } from './objects.ts'
import { binary, unary } from './operators.ts'
import type { Scope } from './scope.ts'
import { spreadItems } from './spread.ts'
import { staticName } from './syntax.ts'
import {
  arrayOf,
  choiceOf,
  type FunctionValue,
  known,
  mapPossible,
  maybe,
  truthOf,
  UNDEFINED,
  type Value,
} from './value.ts'

export function evaluateExpression(evaluator: Evaluator, node: Node, scope: Scope): Value {
  const inner = (child: Node): Value => evaluator.evaluate(child, scope)
  const unknown = (reason: string): Value => evaluator.unknown(node, scope, reason)
  switch (node.type) {
    case 'Literal':
      return literal(node, unknown)
    case 'TemplateLiteral':
      return template(evaluator, node, scope)
    case 'Identifier':
      return identifier(evaluator, node, scope)
    case 'ThisExpression':
      return scope.self ?? unknown('it depends on what it is called on')
    case 'ArrayExpression':
      return arrayOf(
        node.elements.flatMap(element =>
          element === null
            ? [UNDEFINED]
            : element.type === 'SpreadElement'
              ? spreadItems(evaluator, element.argument, scope)
              : [inner(element)],
        ),
      )
    case 'ObjectExpression':
      return objectLiteral(evaluator, node, scope)
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return { is: 'function', node, scope, name: node.id?.name ?? boundName(node, scope) }
    case 'ClassDeclaration':
    case 'ClassExpression':
      return { is: 'class', node, scope, name: node.id?.name }
    case 'JSXElement':
      return elementOf(evaluator, node, scope)
    case 'JSXFragment':
      return fragmentOf(evaluator, node, scope)
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
    case 'JSXExpressionContainer':
    case 'JSXSpreadChild':
      return inner(node.expression)
    case 'JSXEmptyExpression':
      return UNDEFINED
    case 'SequenceExpression':
      return inner(node.expressions.at(-1) as Node)
    case 'AssignmentExpression':
      return inner(node.right)
    case 'AwaitExpression':
      return mapPossible(inner(node.argument), value => (value.is === 'promise' ? value.value : value))
    case 'ConditionalExpression': {
      const truth = truthOf(inner(node.test))
      if (truth !== undefined) return inner(truth ? node.consequent : node.alternate)
      const test = scope.module.sourceOf(node.test)
      return choiceOf([maybe(test, inner(node.consequent)), maybe(`!(${test})`, inner(node.alternate))])
    }
    case 'LogicalExpression':
      return logical(evaluator, node, scope)
    case 'UnaryExpression':
      return mapPossible(
        inner(node.argument),
        value => unary(node.operator, value) ?? unknown('it is only known when it runs'),
      )
    case 'BinaryExpression':
      return combine(inner(node.left), inner(node.right), (left, right) => {
        const why = left.is === 'unknown' ? left : right.is === 'unknown' ? right : undefined
        return binary(node.operator, left, right) ?? why ?? unknown('it is only known when it runs')
      })
    case 'MemberExpression':
      return member(evaluator, node, scope)
    case 'MetaProperty':
      return { is: 'external', module: 'import.meta', path: [] }
    case 'CallExpression': {
      if (
        node.callee.type === 'Identifier' &&
        node.callee.name === 'require' &&
        scope.lookUp('require', () => UNDEFINED) === undefined
      )
        return required(evaluator, node.arguments[0], scope)
      const args = node.arguments.flatMap(arg =>
        arg.type === 'SpreadElement' ? spreadItems(evaluator, arg.argument, scope) : [inner(arg)],
      )
      const callee = inner(node.callee)
      if (node.optional && callee.is === 'known') return UNDEFINED
      return evaluator.call(callee, args, { node, scope })
    }
    case 'NewExpression': {
      const args = node.arguments.flatMap(arg => (arg.type === 'SpreadElement' ? [] : [inner(arg)]))
      return evaluator.construct(inner(node.callee), args, { node, scope })
    }
    case 'ImportExpression': {
      const source = inner(node.source)
      if (source.is !== 'known' || typeof source.value !== 'string')
        return { is: 'promise', value: unknown('which module it loads is only known when it runs') }
      return { is: 'promise', value: importOf(evaluator, scope.module, { from: source.value, imported: undefined }) }
    }
    case 'TaggedTemplateExpression':
      return {
        is: 'called',
        callee: inner(node.tag),
        // styled(Page)`…`
        args: tagged(inner(node.tag)),
        place: scope.module.placeOf(node),
        source: scope.module.sourceOf(node),
      }
    default:
      return unknown('it is only known when it runs')
  }
}

const tagged = (tag: Value): readonly Value[] => (tag.is === 'called' ? tag.args : [])

function literal(node: Extract<Node, { type: 'Literal' }>, unknown: (reason: string) => Value): Value {
  if ('regex' in node && node.regex) return { is: 'regex', pattern: node.regex.pattern, flags: node.regex.flags }
  const { value } = node
  if (typeof value === 'bigint' || value instanceof RegExp) return unknown('it is no text')
  return known(value)
}

/** Names that every module has, as far as something can be told of them. */
function identifier(evaluator: Evaluator, node: Extract<Node, { type: 'Identifier' }>, scope: Scope): Value {
  const { name } = node
  const found = scope.lookUp(name, () => evaluator.unknown(node, scope, `${name} is made of itself`))
  if (found) return found
  if (name === 'undefined') return UNDEFINED
  if (name === '__dirname' || name === '__filename') {
    const path = `/${scope.module.file}`
    return known(name === '__filename' ? path : path.replace(/\/[^/]*$/, '') || '/')
  }
  // Packages are known by their names, and so is what the language brings.
  return { is: 'external', module: 'global', path: [name] }
}

function template(evaluator: Evaluator, node: TemplateLiteral, scope: Scope): Value {
  let whole: Value = known(node.quasis[0]?.value.cooked ?? '')
  node.expressions.forEach((expression, index) => {
    const after = node.quasis[index + 1]?.value.cooked ?? ''
    const value = evaluator.evaluate(expression, scope)
    whole = combine(whole, value, (before, part) => {
      if (before.is === 'unknown') return before
      if (before.is === 'known' && part.is === 'known') return known(`${before.value}${part.value}${after}`)
      const { source } = part.is === 'unknown' ? part : { source: scope.module.sourceOf(expression) }
      const reason = part.is === 'unknown' ? part.reason : `${source} is no text that can be told`
      return { ...evaluator.unknown(node, scope, reason) }
    })
  })
  return whole
}

function logical(evaluator: Evaluator, node: Extract<Node, { type: 'LogicalExpression' }>, scope: Scope): Value {
  const left = evaluator.evaluate(node.left, scope)
  const right = (): Value => evaluator.evaluate(node.right, scope)
  if (node.operator === '??') {
    if (left.is === 'known') return left.value === null || left.value === undefined ? right() : left
    if (left.is !== 'unknown' && left.is !== 'choice' && left.is !== 'maybe') return left
  } else {
    const truth = truthOf(left)
    if (truth !== undefined) return truth === (node.operator === '&&') ? right() : left
  }
  const test = scope.module.sourceOf(node.left)
  if (node.operator === '&&') return choiceOf([maybe(`!(${test})`, known(false)), maybe(test, right())])
  return choiceOf([maybe(test, left), maybe(`!(${test})`, right())])
}

function member(evaluator: Evaluator, node: Extract<Node, { type: 'MemberExpression' }>, scope: Scope): Value {
  const environment = environmentVariable(evaluator, node, scope)
  if (environment) return environment
  const object = evaluator.evaluate(node.object, scope)
  const fixed = staticName(node.property, node.computed)
  if (fixed !== undefined) return getMember(evaluator, object, fixed, { node, scope })
  return combine(object, evaluator.evaluate(node.property, scope), (of, name) =>
    name.is === 'known'
      ? getMember(evaluator, of, String(name.value), { node, scope })
      : evaluator.unknown(node, scope, `${scope.module.sourceOf(node.property)} is only known when it runs`),
  )
}

function required(evaluator: Evaluator, arg: Node | undefined, scope: Scope): Value {
  const from = arg && evaluator.evaluate(arg, scope)
  if (arg === undefined || from?.is !== 'known' || typeof from.value !== 'string')
    return evaluator.unknown(arg ?? scope.module.program, scope, 'which module it loads is only known when it runs')
  return requiredModule(evaluator, scope.module, from.value)
}

/** All pairs of what two values can be. */
export function combine(left: Value, right: Value, join: (left: Value, right: Value) => Value): Value {
  return mapPossible(left, one => mapPossible(right, other => join(one, other)))
}

/** `const Page = () => …`: the variable's name. */
function boundName(node: FunctionValue['node'], { module }: Scope): string | undefined {
  const before = module.text.slice(Math.max(0, node.start - 200), node.start)
  return /([A-Za-z_$][\w$]*)\s*(?::[^=;{}]*)?=\s*(?:async\s+)?(?:[\w$.]+\(\s*)*$/.exec(before)?.[1]
}
