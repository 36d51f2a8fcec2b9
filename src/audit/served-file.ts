// Whether a site serves one file of a bundle: its bytes by their hash, its type, its place.
import { createHash } from 'node:crypto'
import type { ManifestFile } from '../bundle/manifest.ts'
import { failureOf, type HttpAnswer, type HttpGetOptions, httpGet } from '../io/http-get.ts'

export interface ServedFile {
  readonly name: string
  readonly url: string
  /** What is wrong with it; undefined where it is served as published. */
  readonly problem: string | undefined
  /** Whether a later look may see another answer: it is not there yet, or from before. */
  readonly mayChange: boolean
}

/** So much more than the file has is read, to see what is there instead. */
const MORE_BYTES = 65_536
const LOOK_BYTES = 256

export async function lookAtFile(
  site: string,
  name: string,
  { file, ...options }: HttpGetOptions & { readonly file: ManifestFile },
): Promise<ServedFile> {
  const url = `${site}/${name}`
  const told = (problem: string | undefined, mayChange = true): ServedFile => ({ name, url, problem, mayChange })
  const answer = await httpGet(url, options)
  if ('failure' in answer) return told(answer.failure)
  if (answer.status !== 200) {
    await drain(answer)
    return told(`it answers ${answer.status}${answer.url === url ? '' : ` at ${answer.url}`}`)
  }
  const read = await readBody(answer, file.bytes).catch((cause: unknown) => {
    options.signal?.throwIfAborted()
    return failureOf(cause, options.timeoutMs)
  })
  if (typeof read === 'string') return told(read)
  if (read.bytes !== file.bytes || read.sha256 !== file.sha256) return told(otherBytes(answer, read))
  const elsewhere = new URL(answer.url).origin !== new URL(url).origin
  if (elsewhere) return told(`it is served by another host, ${new URL(answer.url).host}`, false)
  const type = answer.headers.get('content-type') ?? ''
  return isTypeOf(name, type)
    ? told(undefined)
    : told(`its content type is "${type}", not ${expectedType(name)}`, false)
}

interface ReadBody {
  readonly bytes: number
  readonly sha256: string
  /** How it begins. */
  readonly beginning: string
}

async function readBody({ body }: HttpAnswer, expected: number): Promise<ReadBody> {
  const hash = createHash('sha256')
  const first: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    if (bytes < LOOK_BYTES) first.push(chunk)
    bytes += chunk.length
    hash.update(chunk)
    if (bytes > expected + MORE_BYTES) break
  }
  const beginning = Buffer.concat(first).subarray(0, LOOK_BYTES).toString('utf8')
  return { bytes, sha256: hash.digest('hex'), beginning }
}

async function drain({ body }: HttpAnswer): Promise<void> {
  try {
    // Its first piece tells the connection that the answer was taken.
    for await (const _ of body) break
  } catch {
    // What is not wanted may fail.
  }
}

function otherBytes({ headers }: HttpAnswer, { bytes, beginning }: ReadBody): string {
  if (/^\s*(<!doctype html|<html)/i.test(beginning))
    return 'it answers a page of HTML, perhaps what the front end shows for all it does not know'
  const age = Number(headers.get('age') ?? 0)
  const cached = age > 0 ? `, ${age} s old in a cache` : ''
  const coding = headers.get('content-encoding')
  if (coding !== null && coding !== 'identity')
    return `it is packed for the way (${coding}), though nobody asked for that`
  return `it has other bytes than the published one (${bytes.toLocaleString('en')} bytes${cached})`
}

function isTypeOf(name: string, type: string): boolean {
  const [plain = ''] = type.toLowerCase().split(';')
  const kind = plain.trim()
  if (name.endsWith('.gz')) return /^application\/(x-)?gzip$/.test(kind)
  if (name.endsWith('.xml')) return /^(application|text)\/([\w.-]+\+)?xml$/.test(kind)
  return !name.endsWith('.txt') || kind === 'text/plain'
}

const expectedType = (name: string): string =>
  name.endsWith('.gz') ? 'application/gzip' : name.endsWith('.xml') ? 'application/xml' : 'text/plain'
