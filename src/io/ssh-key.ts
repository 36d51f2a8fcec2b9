// What can be told of an ssh key without using it.
import { readFile } from 'node:fs/promises'

/** Whether a private key is locked by a passphrase; undefined for a text that is no private key of a known form. */
export function isLockedKey(text: string): boolean | undefined {
  const [, form = '', body = ''] = /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----\s([\s\S]*?)-----END/.exec(text) ?? []
  if (body === '') return undefined
  if (form === 'ENCRYPTED ' || /^Proc-Type: *4,ENCRYPTED/m.test(body)) return true
  if (form !== 'OPENSSH ') return false
  // "openssh-key-v1", a zero, then the name of the cipher behind its length.
  const bytes = Buffer.from(body, 'base64')
  const length = bytes.length > 19 ? bytes.readUInt32BE(15) : 0
  return bytes.subarray(19, 19 + length).toString('latin1') !== 'none'
}

/** The text of a key's file; undefined where it cannot be read: whoever uses it says why. */
export const readKeyFile = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)
