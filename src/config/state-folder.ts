// The folder that keeps the state where no target does: each site has its own in it, and none may be served.
import { createHash } from 'node:crypto'
import { relative, resolve } from 'node:path'
import type { Problem } from '../problem.ts'
import { httpFolder, targetKeys } from './check-targets.ts'
import type { Parts } from './parts.ts'

interface Place {
  /** Where relative paths count from, and the host of the site. */
  readonly folder: string
  readonly name: string
}

/**
 * The one that is configured, or one beside the configuration; undefined where the state is with a target, or nothing is
 * ever published. What is known of one first target says nothing of another, so each has a folder of its own.
 */
export function stateFolder({ state, publish = [] }: Parts, place: Place): string | undefined {
  const isKeptByTarget = publish.some(target => target.git !== undefined || ('s3' in target && target.s3 !== undefined))
  if (publish.length === 0 || (state === undefined && isKeptByTarget)) return undefined
  const [target = ''] = targetKeys(publish, place)
  const own = `${place.name.replace(/[^A-Za-z0-9.-]/g, '-')}-${createHash('sha256').update(target).digest('hex').slice(0, 8)}`
  return resolve(place.folder, state?.directory ?? '.storemap/state', own)
}

export function stateProblems(parts: Parts, place: Place): Problem[] {
  const path = stateFolder(parts, place)
  if (path === undefined) return []
  return (parts.publish ?? []).flatMap(({ directory, http }, index): Problem[] => {
    const served = http ? httpFolder(http, place) : directory && resolve(place.folder, directory.path)
    if (served === undefined || !isWithin(path, served)) return []
    if (parts.state) return [{ path: 'state.directory', message: `It is served: publish[${index}] publishes there.` }]
    const hint = 'Name another folder with "state: { directory }".'
    return [
      { path: `publish[${index}]`, message: `The state of later runs, in ${path}, would be served with it.`, hint },
    ]
  })
}

const isWithin = (path: string, folder: string): boolean => !relative(folder, path).startsWith('..')
