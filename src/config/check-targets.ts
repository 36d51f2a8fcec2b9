// The targets of a configuration: each a place of its own, with an address that can be read.
import { join, resolve } from 'node:path'
import { parseRemote } from '../io/git-remote.ts'
import type { Problem } from '../problem.ts'
import type { HttpOptions } from '../publishers/http/options.ts'
import { s3KeyProblems } from './check-s3.ts'
import type { Parts } from './parts.ts'

type Publish = NonNullable<Parts['publish']>

/** Where relative paths count from, and the host of the site. */
interface Place {
  readonly folder: string
  readonly name: string
}

/** What tells targets apart, in their order. */
export const targetKeys = (publish: Publish, { folder, name }: Place): string[] =>
  publish.map(({ git, directory, http, s3 }) => {
    if (git) return JSON.stringify(['git', git.repo, git.branch])
    if (s3) return JSON.stringify(['s3', s3.endpoint, s3.bucket, s3.prefix])
    const path = http ? httpFolder(http, { folder, name }) : resolve(folder, directory?.path ?? '')
    return JSON.stringify(['directory', path])
  })

/** The folder of an HTTP target. */
export function httpFolder({ directory }: HttpOptions, { folder, name }: Place): string {
  return resolve(folder, directory ?? join('.storemap', 'http', name.replace(/[^A-Za-z0-9.-]/g, '-')))
}

export function targetProblems({ publish = [] }: Parts, { folder, name }: Place): Problem[] {
  const keys = targetKeys(publish, { folder, name })
  return publish.flatMap(({ git, http, s3 }, index) => {
    const path = `publish[${index}]`
    const first = keys.indexOf(keys[index] as string)
    if (first !== index) return [{ path, message: `The same target as publish[${first}].` }]
    if (http) return portProblems(http.port, publish.slice(0, index), path)
    if (s3) return s3KeyProblems(s3, `${path}.s3`)
    if (!git) return []
    const parsed = parseRemote(git.repo, folder)
    return 'problem' in parsed ? [{ path: `${path}.git.repo`, message: parsed.problem }] : []
  })
}

/** One site would answer twice at one place. */
function portProblems(port: number, before: Publish, path: string): Problem[] {
  const other = before.findIndex(({ http }) => http?.port === port)
  return other < 0 ? [] : [{ path: `${path}.http`, message: `Port ${port} is that of publish[${other}].` }]
}

/** Sites on one port are told apart by their hosts, and by nothing else. */
export function sharedPortProblems(
  sites: readonly { readonly key: string | undefined; readonly config: (Place & { publish: Publish }) | undefined }[],
): Problem[] {
  const known: { readonly key: string; readonly at: string; readonly http: HttpOptions; readonly name: string }[] = []
  return sites.flatMap(({ key = '', config }) =>
    (config?.publish ?? []).flatMap(({ http }, index) => {
      if (!http || !config) return []
      const at = `sites.${key}.publish[${index}].http`
      const others = known.filter(other => other.http.port === http.port && other.key !== key)
      known.push({ key, at, http, name: config.name })
      const elsewhere = others.find(other => other.http.host !== http.host)
      const twin = others.find(other => other.name === config.name)
      if (elsewhere) return [{ path: at, message: `Port ${http.port} is that of ${elsewhere.at} on another "host".` }]
      if (twin) return [{ path: at, message: `Port ${http.port} is that of ${twin.at}, whose site has the same host.` }]
      return []
    }),
  )
}
