// What a module mounts, wherever in it: `if (root) createRoot(root).render(<App />)`, `start().catch(report)`.
import type { Expression, Node, Statement } from 'oxc-parser'
import { openBody } from '../evaluate/calls.ts'
import type { Evaluator } from '../evaluate/evaluator.ts'
import type { SourceModule } from '../evaluate/module.ts'
import type { Scope } from '../evaluate/scope.ts'
import { type FunctionValue, possibilities, truthOf, type Value } from '../evaluate/value.ts'

export interface Mounted {
  readonly elements: Value[]
  /** Loaded to do it: `import('./bootstrap')`. */
  readonly modules: SourceModule[]
}

interface Search extends Mounted {
  readonly evaluator: Evaluator
  /** Functions within functions. */
  depth: number
}

const DEEPEST = 5

export function mountedBy(evaluator: Evaluator, module: SourceModule): Mounted {
  const search: Search = { evaluator, elements: [], modules: [], depth: 0 }
  searchStatements(search, module.program.body as readonly Node[], evaluator.scopeOf(module))
  return search
}

function searchStatements(search: Search, statements: readonly Node[], scope: Scope): void {
  for (const statement of statements) searchStatement(search, statement as Statement, scope)
}

function searchStatement(search: Search, statement: Statement, scope: Scope): void {
  switch (statement.type) {
    case 'ExpressionStatement':
      searchExpression(search, statement.expression, scope)
      return
    case 'ReturnStatement':
      if (statement.argument) searchExpression(search, statement.argument, scope)
      return
    case 'VariableDeclaration':
      for (const { init } of statement.declarations)
        if (init && /^[\w$.\s]*\b\w*(?:render|hydrate|mount)\w*\s*\(/i.test(textOf(scope, init)))
          searchExpression(search, init, scope)
      return
    case 'BlockStatement':
      searchStatements(search, statement.body, scope)
      return
    case 'TryStatement':
      searchStatements(search, statement.block.body, scope)
      return
    case 'IfStatement': {
      const truth = truthOf(search.evaluator.evaluate(statement.test, scope))
      if (truth !== false) searchStatement(search, statement.consequent, scope)
      if (truth !== true && statement.alternate) searchStatement(search, statement.alternate, scope)
    }
  }
}

function searchExpression(search: Search, node: Expression, scope: Scope): void {
  const { evaluator, elements, modules } = search
  switch (node.type) {
    case 'AwaitExpression':
    case 'UnaryExpression':
    case 'ChainExpression':
      searchExpression(search, 'argument' in node ? node.argument : node.expression, scope)
      return
    case 'LogicalExpression':
      searchExpression(search, node.right, scope)
      return
    case 'ConditionalExpression':
      searchExpression(search, node.consequent, scope)
      searchExpression(search, node.alternate, scope)
      return
    case 'JSXElement':
    case 'JSXFragment':
      // Of a function that gives one, it is for others to show.
      if (search.depth === 0) elements.push(evaluator.evaluate(node, scope))
      return
    case 'ImportExpression': {
      const value = evaluator.evaluate(node, scope)
      if (value.is === 'promise' && value.value.is === 'namespace') modules.push(value.value.module)
      return
    }
    case 'CallExpression':
      break
    default:
      return
  }
  // `createRoot(…).render(…)`, `start().then(…)`
  if (node.callee.type === 'MemberExpression') searchExpression(search, node.callee.object, scope)
  const args = node.arguments.flatMap(arg => (arg.type === 'SpreadElement' ? [] : [evaluator.evaluate(arg, scope)]))
  for (const callee of possibilities(evaluator.evaluate(node.callee, scope)))
    if (callee.is === 'function') searchFunction(search, callee, args)
    else for (const arg of args) if (arg.is === 'element') elements.push(arg)
  for (const arg of args) {
    if (arg.is !== 'function') continue
    const unknown = evaluator.unknown(node, scope, 'it is only known when it runs')
    searchFunction(
      search,
      arg,
      arg.node.params.map(() => unknown),
    )
  }
}

const textOf = (scope: Scope, node: Node): string => scope.module.text.slice(node.start, node.end)

function searchFunction(search: Search, callee: FunctionValue, args: readonly Value[]): void {
  const { body } = callee.node
  const mayMount = body && /render|hydrate|mount|import\s*\(/i.test(textOf(callee.scope, body))
  if (!mayMount || search.depth >= DEEPEST) return
  const scope = openBody(search.evaluator, callee, args)
  search.depth++
  if (body.type === 'BlockStatement') searchStatements(search, body.body, scope)
  else searchExpression(search, body, scope)
  search.depth--
}
