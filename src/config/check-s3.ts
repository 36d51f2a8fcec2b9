// S3 targets: each has its keys, and folders of its own for the bundle and for what nobody is served.
import type { Problem } from '../problem.ts'
import { stateFolderOf } from '../publishers/s3/options.ts'
import type { Parts } from './parts.ts'

type Publish = NonNullable<Parts['publish']>
type S3Target = NonNullable<Publish[number]['s3']>

export function s3KeyProblems({ accessKeyId, secretAccessKey }: S3Target, path: string): Problem[] {
  const missing = Object.entries({ accessKeyId, secretAccessKey }).filter(([, value]) => value === undefined)
  const hint =
    missing.length === 2
      ? 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or name both keys here.'
      : 'Keys of the environment are taken where none is named here.'
  return missing.map(([name]) => ({ path: `${path}.${name}`, message: 'Expected a key, and there is none.', hint }))
}

interface NamedSite {
  /** Undefined for the only one. */
  readonly key: string | undefined
  readonly config: { readonly publish: Publish } | undefined
}

/** One's state in another one's folder would be served, or taken for the other's own. */
export function sharedStateProblems(sites: readonly NamedSite[]): Problem[] {
  const targets = sites.flatMap(({ key, config }) =>
    (config?.publish ?? []).flatMap(({ s3 }, index) =>
      s3 ? [{ s3, at: `${key === undefined ? '' : `sites.${key}.`}publish[${index}]` }] : [],
    ),
  )
  return targets.flatMap(({ s3, at }) => {
    const state = stateFolderOf(s3)
    const twin = targets.find(
      ({ s3: other }) =>
        other.bucket === s3.bucket &&
        other.endpoint === s3.endpoint &&
        other.prefix !== s3.prefix &&
        (other.prefix === state || stateFolderOf(other) === state),
    )
    if (!twin) return []
    return [
      { path: `${at}.s3.statePrefix`, message: `"${state}" is a folder of ${twin.at}: each needs one of its own.` },
    ]
  })
}
