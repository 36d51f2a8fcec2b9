// References to the environment: ${NAME} in any text; NAME_FILE is read where NAME is not set (mounted secrets).
import { readTextIfThere } from '../io/files.ts'
import type { Problem } from '../problem.ts'
import { isPlainObject } from '../rules/parse.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The same data with every reference replaced; each variable that is missing is a problem. `$${NAME}` stays `${NAME}`. */
export async function substitute(
  data: unknown,
  environment: Environment,
): Promise<{ data: unknown; problems: readonly Problem[] }> {
  const problems: Problem[] = []
  const values = new Map<string, Found>()
  for (const name of referencesIn(data)) values.set(name, await lookUp(name, environment))

  const replace = (value: unknown, path: string): unknown => {
    if (typeof value === 'string') return replaceText(value, path)
    if (Array.isArray(value)) return value.map((item, index) => replace(item, `${path}[${index}]`))
    if (!isPlainObject(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, replace(item, path ? `${path}.${key}` : key)]),
    )
  }
  const replaceText = (text: string, path: string): string =>
    text.replace(REFERENCE, (all, name: string) => {
      if (all.startsWith('$$')) return all.slice(1)
      const found = values.get(name)
      if (found && 'problem' in found) problems.push({ path, ...found.problem })
      return found && 'value' in found ? found.value : ''
    })
  return { data: replace(data, ''), problems }
}

/** The value of a variable, or what the file holds that NAME_FILE names; undefined where there is neither. */
export async function lookUpIfSet(name: string, environment: Environment): Promise<string | undefined> {
  const found = await lookUp(name, environment)
  return 'value' in found ? found.value : undefined
}

const REFERENCE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

function referencesIn(data: unknown): Set<string> {
  if (typeof data === 'string') return new Set([...data.matchAll(REFERENCE)].map(match => match[1] as string))
  if (Array.isArray(data)) return new Set(data.flatMap(item => [...referencesIn(item)]))
  return isPlainObject(data) ? new Set(Object.values(data).flatMap(item => [...referencesIn(item)])) : new Set()
}

type Found = { readonly value: string } | { readonly problem: Omit<Problem, 'path'> }

async function lookUp(name: string, environment: Environment): Promise<Found> {
  const value = environment[name]
  if (value !== undefined) return { value }
  const file = environment[`${name}_FILE`]
  if (file === undefined) {
    const hint = `Set it, or ${name}_FILE to a file that holds it.`
    return { problem: { message: `The environment variable ${name} is not set.`, hint } }
  }
  const text = await readTextIfThere(file).catch(() => undefined)
  if (text === undefined) return { problem: { message: `The file that ${name}_FILE names cannot be read: ${file}.` } }
  // One line break at the end is the editor's, not the secret's.
  return { value: text.replace(/\r?\n$/, '') }
}
