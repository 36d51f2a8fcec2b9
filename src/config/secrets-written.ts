// Secrets that stand in a configuration themselves, and are not taken from the environment.
import { isPlainObject } from '../rules/parse.ts'

/** Their places, as `publish[0].git.token`; of data as it is written, before references are replaced. */
export function secretsWritten(data: unknown): string[] {
  const found: string[] = []
  walk(data, '', (path, text) => {
    const setting = /\w+$/.exec(path)?.[0] ?? ''
    if (SECRET.has(setting) || (setting === 'sshKey' && /\n|^-----BEGIN/.test(text))) {
      if (!isReference(text)) found.push(path)
    } else if (hasPassword(text)) found.push(path)
  })
  return found
}

const SECRET = new Set(['token', 'secretAccessKey', 'sessionToken'])
const isReference = (text: string): boolean => /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text.trim())

/** `scheme://user:password@host` with a password of its own. */
function hasPassword(text: string): boolean {
  const [, password] = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]*:([^\s/?#]*)@/i.exec(text) ?? []
  return password !== undefined && password !== '' && !isReference(password)
}

function walk(value: unknown, path: string, see: (path: string, text: string) => void): void {
  if (typeof value === 'string') see(path, value)
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`, see)
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) walk(item, path ? `${path}.${key}` : key, see)
  }
}
