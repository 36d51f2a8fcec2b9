// The keys of S3 targets: where a target has none of its own, they are those that the tools of AWS take, too.
import { isPlainObject } from '../rules/parse.ts'
import { type Environment, lookUpIfSet } from './environment.ts'

const VARIABLES = {
  accessKeyId: 'AWS_ACCESS_KEY_ID',
  secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
  sessionToken: 'AWS_SESSION_TOKEN',
}

/** The same data, with the keys of the environment in each S3 target that names no key at all: they belong together. */
export async function withS3Keys(data: object, environment: Environment): Promise<object> {
  const { publish } = data as { publish?: unknown }
  if (!Array.isArray(publish)) return data
  const needs = (s3: unknown): s3 is object =>
    isPlainObject(s3) && !Object.keys(VARIABLES).some(name => s3[name] !== undefined)
  if (!publish.some(target => isPlainObject(target) && needs(target.s3))) return data
  const found: [string, string][] = []
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const value = await lookUpIfSet(variable, environment)
    if (value !== undefined && value !== '') found.push([name, value])
  }
  const keys = Object.fromEntries(found)
  return {
    ...data,
    publish: publish.map(target =>
      isPlainObject(target) && needs(target.s3) ? { ...target, s3: { ...target.s3, ...keys } } : target,
    ),
  }
}
