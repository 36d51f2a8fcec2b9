// What the statements of a function return, by way of the conditions that can be told; the others make a choice of it.
import type { Node, Statement, SwitchStatement } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import type { Scope } from './scope.ts'
import { choiceOf, mapPossible, maybe, possibilities, truthOf, UNDEFINED, type Value } from './value.ts'

export function runBody(evaluator: Evaluator, statements: readonly Node[], scope: Scope): Value {
  return run(evaluator, statements as readonly Statement[], scope) ?? UNDEFINED
}

/** Undefined where the statements come to their end. */
function run(evaluator: Evaluator, statements: readonly Statement[], scope: Scope): Value | undefined {
  for (const [index, statement] of statements.entries()) {
    const result = runOne(evaluator, statement, scope)
    if (result === undefined) continue
    if (result.isSure) return result.value
    const rest = run(evaluator, statements.slice(index + 1), scope)
    return choiceOf([result.value, rest ?? UNDEFINED])
  }
  return undefined
}

interface Outcome {
  readonly value: Value
  /** Whether nothing after it comes to its turn. */
  readonly isSure: boolean
}

function runOne(evaluator: Evaluator, statement: Statement, scope: Scope): Outcome | undefined {
  const { module } = scope
  const within = (inner: Statement | null | undefined, condition: string): Outcome | undefined => {
    const value = inner ? run(evaluator, [inner], scope) : undefined
    return value && { value: maybe(condition, value), isSure: false }
  }
  switch (statement.type) {
    case 'ReturnStatement':
      return { value: statement.argument ? evaluator.evaluate(statement.argument, scope) : UNDEFINED, isSure: true }
    case 'ThrowStatement':
      return { value: { is: 'thrown', value: evaluator.evaluate(statement.argument, scope) }, isSure: true }
    case 'BlockStatement': {
      const value = run(evaluator, statement.body, scope)
      return value && { value, isSure: isWhole(value) }
    }
    case 'LabeledStatement':
      return runOne(evaluator, statement.body, scope)
    case 'IfStatement': {
      const truth = truthOf(evaluator.evaluate(statement.test, scope))
      if (truth !== undefined) {
        const branch = truth ? statement.consequent : statement.alternate
        return branch ? runOne(evaluator, branch, scope) : undefined
      }
      const test = module.sourceOf(statement.test)
      const then = runOne(evaluator, statement.consequent, scope)
      const otherwise = statement.alternate ? runOne(evaluator, statement.alternate, scope) : undefined
      if (!then && !otherwise) return undefined
      const values = [then && maybe(test, then.value), otherwise && maybe(`!(${test})`, otherwise.value)]
      return {
        value: choiceOf(values.filter(value => value !== undefined)),
        isSure: then?.isSure === true && otherwise?.isSure === true,
      }
    }
    case 'SwitchStatement':
      return runSwitch(evaluator, statement, scope)
    case 'TryStatement': {
      const value = run(evaluator, statement.block.body, scope)
      const caught = statement.handler && run(evaluator, statement.handler.body.body, scope)
      const after = statement.finalizer && run(evaluator, statement.finalizer.body, scope)
      if (after) return { value: after, isSure: true }
      if (!value && !caught) return undefined
      const values = [value, caught ? maybe('it fails', caught) : undefined].filter(each => each !== undefined)
      return { value: choiceOf(values), isSure: value !== undefined && isWhole(value) }
    }
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return within(statement.body, 'it comes to it')
    case 'ExpressionStatement':
      return effectOf(evaluator, statement.expression, scope)
    case 'VariableDeclaration': {
      const effects = statement.declarations.flatMap(({ init }) =>
        init ? (effectOf(evaluator, init, scope) ?? []) : [],
      )
      return effects[0]
    }
    default:
      return undefined
  }
}

/** Of a subject that is known the cases from the matching one on; else each of them may be. */
function runSwitch(evaluator: Evaluator, { discriminant, cases }: SwitchStatement, scope: Scope): Outcome | undefined {
  const value = evaluator.evaluate(discriminant, scope)
  const tests = cases.map(({ test }) => test && evaluator.evaluate(test, scope))
  const isKnown = value.is === 'known' && tests.every(test => test === null || test.is === 'known')
  if (isKnown) {
    const at = tests.findIndex(test => test?.is === 'known' && test.value === value.value)
    const from = at === -1 ? tests.indexOf(null) : at
    if (from === -1) return undefined
    const following = cases.slice(from).flatMap(({ consequent }) => consequent)
    const end = following.findIndex(({ type }) => type === 'BreakStatement')
    const result = run(evaluator, end === -1 ? following : following.slice(0, end), scope)
    return result && { value: result, isSure: isWhole(result) }
  }
  const subject = scope.module.sourceOf(discriminant)
  const outcomes = cases.flatMap(({ test, consequent }, index) => {
    // One without an end of its own goes on into the next.
    const rest = cases.slice(index).find(({ consequent: inner }) => inner.length > 0)?.consequent ?? consequent
    const result = run(evaluator, rest, scope)
    const condition = test ? `${subject} is ${scope.module.sourceOf(test)}` : `${subject} is none of these`
    return result ? [maybe(condition, result)] : []
  })
  if (outcomes.length === 0) return undefined
  return {
    value: choiceOf(outcomes),
    isSure: cases.some(({ test }) => test === null) && outcomes.length === cases.length,
  }
}

/** Whether it is a return on every way: a block may end in one under a condition only. */
const isWhole = (value: Value): boolean => !possibilities(value).some(each => each === UNDEFINED)

/** A call that stands alone, and never comes back, or may throw: `redirect('/')`, `await requireUser(request)`. */
function effectOf(evaluator: Evaluator, expression: Node, scope: Scope): Outcome | undefined {
  const node = expression.type === 'AwaitExpression' ? expression.argument : expression
  if (node.type !== 'CallExpression' || !evaluator.followsEffects) return undefined
  const callee = evaluator.evaluate(node.callee, scope)
  if (callee.is === 'external') {
    const isFinal = evaluator.meanings.isFinal?.(callee) === true
    return isFinal ? { value: { is: 'thrown', value: evaluator.evaluate(node, scope) }, isSure: true } : undefined
  }
  if (callee.is !== 'function') return undefined
  const result = mapPossible(evaluator.evaluate(node, scope), value => (value.is === 'promise' ? value.value : value))
  const thrown = possibilities(result).filter(value => value.is === 'thrown')
  if (thrown.length === 0) return undefined
  const isSure = thrown.length === possibilities(result).length
  return { value: isSure ? choiceOf(thrown) : maybe(module(scope, node), choiceOf(thrown)), isSure }
}

const module = (scope: Scope, node: Node): string => scope.module.sourceOf(node)
