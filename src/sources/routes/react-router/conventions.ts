// flatRoutes() in routes.ts: the names of files that it stands for.
import { isUndefined, UNDEFINED, type Value } from '../evaluate/value.ts'
import { type FlatRoutes, readFlatRoutes } from '../framework/flat-routes.ts'
import type { FrontEnd } from '../front-end.ts'
import type { Walk } from './context.ts'
import { CONVENTIONS, isOf } from './framework-helpers.ts'

export interface Conventions {
  readonly walk: Walk
  readonly appFolder: string
  /** What flatRoutes() gives, by its arguments. */
  readonly flat: Map<string, FlatRoutes>
}

/** Names of files are read before the rest, which waits for nothing. */
export async function readConventions(frontEnd: FrontEnd, reading: Conventions, value: Value): Promise<void> {
  switch (value.is) {
    case 'array':
      for (const item of value.items) await readConventions(frontEnd, reading, item)
      return
    case 'choice':
      for (const each of value.values) await readConventions(frontEnd, reading, each)
      return
    case 'maybe':
    case 'promise':
      return readConventions(frontEnd, reading, value.value)
    case 'called': {
      if (!isOf(CONVENTIONS, value.callee, 'flatRoutes')) {
        for (const arg of value.args) await readConventions(frontEnd, reading, arg)
        return
      }
      const options = flatOptions(value.args[0])
      if (options.untold)
        reading.walk.found.unresolved.push({ ...value.place, source: value.source, reason: options.untold })
      const flat = await readFlatRoutes(frontEnd, { appFolder: reading.appFolder, ...options.told })
      reading.flat.set(keyOf(value.args[0]), flat)
    }
  }
}

function flatOptions(value: Value | undefined) {
  const get = (name: string): Value =>
    value?.is === 'object' ? (value.properties.get(name)?.() ?? value.open ?? UNDEFINED) : (value ?? UNDEFINED)
  const root = get('rootDirectory')
  const ignored = get('ignoredRouteFiles')
  const isTold =
    (root.is === 'known' || isUndefined(root)) &&
    (isUndefined(ignored) || (ignored.is === 'array' && ignored.items.every(({ is }) => is === 'known')))
  return {
    untold: isTold ? undefined : 'which files are its routes is only known when it runs',
    told: {
      ...(root.is === 'known' && typeof root.value === 'string' && { rootDirectory: root.value }),
      ...(ignored.is === 'array' && {
        ignoredRouteFiles: ignored.items.flatMap(item => (item.is === 'known' ? [String(item.value)] : [])),
      }),
    },
  }
}

export const keyOf = (value: Value | undefined): string => JSON.stringify(flatOptions(value).told)
