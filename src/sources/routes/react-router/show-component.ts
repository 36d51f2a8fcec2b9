// What a component shows: its source is followed with the properties that it is given.
import { instanceOf } from '../evaluate/classes.ts'
import { getMember } from '../evaluate/members.ts'
import {
  type ClassValue,
  type ElementValue,
  type FunctionValue,
  objectOf,
  truthOf,
  UNDEFINED,
  type UnknownValue,
  type Value,
} from '../evaluate/value.ts'
import type { Context, Walk } from './context.ts'
import { routeProperties } from './match.ts'
import { callWith, show } from './show.ts'
import { showProperties } from './show-element.ts'
import { textsOf } from './texts.ts'
import { foundBy } from './untold.ts'

export function showComponent(
  walk: Walk,
  component: FunctionValue | ClassValue,
  {
    element,
    context,
    isWrapped,
  }: {
    readonly element: ElementValue | undefined
    readonly context: Context
    /** Whether something around it gives it more properties: connect(…)(Page). */
    readonly isWrapped: boolean
  },
): void {
  const { node } = component
  const given = element?.properties ?? objectOf({})
  const isWrapper = [...given.properties].some(([name, value]) => isShownProperty(name, value))
  // What a function makes of a page is not the page: that is in it.
  const isMade = component.scope.parent !== undefined
  const takeFile = (): void => {
    if (!isWrapper) context.shown.component ??= component.scope.module.file
  }
  if (!isMade) takeFile()
  const isGivenData = (): boolean => [...given.properties.values()].some(value => isData(value()))
  const times = walk.open.get(node) ?? 0
  if (times === 0) walk.visited.add(node)
  const isKnown =
    (!isMade && !walk.isRelevant(component.scope.module.file)) ||
    times >= MOST_TIMES ||
    ((walk.plain.has(node) || times > 0) && !isGivenData())
  if (isKnown) {
    context.shown.component ??= isWrapper ? undefined : walk.plain.get(node)
    takeFile()
    context.shown.output = true
    if (element) showProperties(walk, element, { ...context, isRoot: false })
    return
  }
  const before = foundBy(walk)
  const custom = customOf(element) ?? context.custom
  const by = { name: component.name ?? element?.name ?? 'a component', isWrapper }
  const inner: Context = {
    ...context,
    custom,
    component: by,
    isSpine: context.isSpine && (context.isRoot || context.component === undefined),
    isRoot: true,
    shown: context.shown,
  }
  const redirects = walk.redirects.length
  walk.open.set(node, times + 1)
  try {
    const properties = objectOf(
      new Map([...defaultsOf(walk, component), ...routeProperties(context), ...given.properties]),
      {
        open:
          given.open ?? (isWrapped || !element || isDecorated(component) ? givenByOthers(walk, component) : undefined),
      },
    )
    show(walk, resultOf(walk, component, properties), inner)
  } finally {
    walk.open.set(node, times)
  }
  takeFile()
  const isPlain = foundBy(walk) === before
  if (isPlain && !isWrapper && walk.redirects.length === redirects && !context.shown.outlet && !isGivenData())
    walk.plain.set(node, context.shown.component)
}

/** `PrivateRoute.defaultProps = { exact: true }`. */
function defaultsOf({ evaluator }: Walk, component: FunctionValue | ClassValue): ReadonlyMap<string, () => Value> {
  const { node, scope } = component
  const isThere = component.statics?.has('defaultProps') === true || component.is === 'class'
  const defaults = isThere ? getMember(evaluator, component, 'defaultProps', { node, scope }) : UNDEFINED
  return defaults.is === 'object' ? defaults.properties : new Map()
}

/** `@connect(…) class Page`. */
const isDecorated = ({ node }: FunctionValue | ClassValue): boolean =>
  'decorators' in node && node.decorators.length > 0

/** A list of routes may be shown by a component that shows itself for the routes in them. */
const MOST_TIMES = 8

/** Whether what a component shows may depend on it: lists, objects, elements. */
const isData = (value: Value): boolean =>
  value.is === 'array'
    ? value.items.length > 0
    : DATA.has(value.is) || (value.is === 'object' && value.place !== undefined)

const DATA: ReadonlySet<string> = new Set(['element', 'function', 'class', 'choice', 'maybe'])

/** A component with a path of its own, `<PrivateRoute path="/account">`: it stands for the route in it. */
function customOf(element: ElementValue | undefined): Context['custom'] {
  const path = element?.properties.properties.get('path')?.()
  if (!element || !path) return undefined
  const texts = textsOf(path, { source: element.name, place: element.place })
  const paths = texts && !('is' in texts) ? texts.map(({ text }) => text) : []
  return { paths, place: element.place, name: element.name }
}

const givenByOthers = ({ evaluator }: Walk, { node, scope }: FunctionValue | ClassValue): UnknownValue =>
  evaluator.unknown(node, scope, 'it is given by what is around the component')

const isShownProperty = (name: string, value: () => Value): boolean =>
  name === 'children' ||
  ((name === 'component' || name === 'render' || name === 'element' || name === 'as') && truthOf(value()) !== false)

function resultOf(walk: Walk, component: FunctionValue | ClassValue, properties: Value): Value {
  const { evaluator } = walk
  if (component.is === 'function') return callWith(walk, component, [properties])
  const state = evaluator.unknown(component.node, component.scope, 'it changes while the front end runs')
  const fields = new Map<string, () => Value>([
    ['props', () => properties],
    ['state', () => state],
    ['context', () => state],
  ])
  const self = instanceOf(evaluator, component, fields)
  const render = self.is === 'object' ? self.properties.get('render')?.() : undefined
  return render?.is === 'function' ? callWith(walk, render, []) : UNDEFINED
}
