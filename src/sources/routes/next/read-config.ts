// The value of a Next configuration file, with plugins taken off, as readNextConfig takes it.
import { Evaluator } from '../evaluate/evaluator.ts'
import type { ModuleGraph } from '../evaluate/module-graph.ts'
import { toData } from '../evaluate/to-data.ts'
import { UNDEFINED, type UnknownValue, type Value } from '../evaluate/value.ts'
import { DEFAULT_CONFIG, type NextConfig, OTHERS, readNextConfig } from './next-config.ts'
import { PLACE, Untold } from './untold.ts'

/** `file` is loaded. */
export function readConfigFile(
  graph: ModuleGraph,
  file: string | undefined,
  environment: Readonly<Record<string, string>>,
): NextConfig {
  const module = file === undefined ? undefined : graph.get(file)
  if (!module || file === undefined) return DEFAULT_CONFIG
  const evaluator = new Evaluator(graph, {}, environment)
  const exported = evaluator.exported(module, 'default') ?? UNDEFINED
  const config = unwrapped(evaluator, exported, 0)
  const untold = ({ reason, source, place }: UnknownValue): Untold => new Untold(reason, { source, place })
  const data = toData(evaluator, config, {
    untold,
    object: (object, { place, open }) => {
      object[PLACE] = place
      if (open) object[OTHERS] = untold(open)
    },
  })
  return readNextConfig(data, { file })
}

const MOST_PLUGINS = 12

/** `withPlugin(config)`, `withPlugin({ … })(config)`, `(phase) => config`, `async () => config`: the configuration itself. */
function unwrapped(evaluator: Evaluator, value: Value, depth: number): Value {
  if (depth > MOST_PLUGINS) return value
  const inner = (each: Value): Value => unwrapped(evaluator, each, depth + 1)
  switch (value.is) {
    case 'promise':
      return inner(value.value)
    case 'function': {
      const { node, scope } = value
      const phase: Value = { is: 'known', value: 'phase-production-build' }
      return inner(
        evaluator.call(value, [phase, evaluator.unknown(node, scope, 'it is given by Next')], { node, scope }),
      )
    }
    case 'called': {
      // The first argument that is a configuration, or becomes one.
      const candidates = value.args.map(inner).filter(each => each.is === 'object')
      return candidates[0] ?? (value.callee.is === 'called' ? inner(value.callee) : value)
    }
    default:
      return value
  }
}
