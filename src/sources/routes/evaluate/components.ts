// Which component is meant by what stands for one: a module, a promise of it, what `memo(…)` or `lazy(…)` gives.
import type { Evaluator } from './evaluator.ts'
import { type CalledValue, type FunctionValue, UNDEFINED, type Value } from './value.ts'

export function componentOf(evaluator: Evaluator, value: Value): Value {
  switch (value.is) {
    case 'promise':
      return componentOf(evaluator, value.value)
    case 'namespace':
      return componentOf(evaluator, evaluator.exported(value.module, 'default') ?? UNDEFINED)
    case 'object': {
      const inner = value.properties.get('default')
      return inner ? componentOf(evaluator, inner()) : value
    }
    case 'called':
      return wrapped(evaluator, value) ?? value
    case 'maybe':
      return componentOf(evaluator, value.value)
    case 'choice': {
      // A loader that tries again gives a component on one of its ways.
      const found = value.values.map(each => componentOf(evaluator, each)).filter(isComponent)
      return found.length === 1 ? (found[0] as Value) : value
    }
    default:
      return value
  }
}

const isComponent = (value: Value): boolean =>
  value.is === 'function' || value.is === 'class' || value.is === 'external'

/** Of `connect(…)(Page)` the page: rather what is named as a component than what is not. */
function wrapped(evaluator: Evaluator, { callee, args }: CalledValue): Value | undefined {
  const isLoading =
    callee.is === 'external' && /lazy|loadable|dynamic|async/i.test([callee.module, ...callee.path].join())
  const found = args.flatMap(arg => {
    const inner =
      arg.is === 'function' ? loaded(evaluator, arg, isLoading) : arg.is === 'object' ? ofOptions(evaluator, arg) : arg
    const component = inner && componentOf(evaluator, inner)
    return component && isComponent(component) ? [component] : []
  })
  return found.find(component => 'name' in component && /^[A-Z]/.test(component.name ?? '')) ?? found[0]
}

/** `Loadable({ loader: () => import('./page') })`. */
function ofOptions(evaluator: Evaluator, options: Extract<Value, { is: 'object' }>): Value | undefined {
  const loader = options.properties.get('loader')?.()
  if (loader?.is === 'function') return loaded(evaluator, loader, true)
  return options
}

/** What `() => import('./page')` loads; other functions are what they are. */
function loaded(evaluator: Evaluator, loader: FunctionValue, isLoading: boolean): Value {
  const { node, scope } = loader
  const isLoader =
    node.params.length === 0 &&
    (isLoading || /\b(import|require)\s*\(/.test(scope.module.text.slice(node.start, node.end)))
  return isLoader ? evaluator.call(loader, [], { node, scope }) : loader
}
