// The targets of a configuration: each a place of its own, with an address that can be read.
import { resolve } from 'node:path'
import { parseRemote } from '../io/git-remote.ts'
import type { Problem } from '../problem.ts'
import type { Parts } from './parts.ts'

/** What tells targets apart, in their order. */
export const targetKeys = (publish: NonNullable<Parts['publish']>, folder: string): string[] =>
  publish.map(({ git, directory }) =>
    JSON.stringify(git ? ['git', git.repo, git.branch] : ['directory', resolve(folder, directory?.path ?? '')]),
  )

export function targetProblems({ publish = [] }: Parts, folder: string): Problem[] {
  const keys = targetKeys(publish, folder)
  return publish.flatMap(({ git }, index) => {
    const path = `publish[${index}]`
    const first = keys.indexOf(keys[index] as string)
    if (first !== index) return [{ path, message: `The same target as publish[${first}].` }]
    if (!git) return []
    const parsed = parseRemote(git.repo, folder)
    return 'problem' in parsed ? [{ path: `${path}.git.repo`, message: parsed.problem }] : []
  })
}
