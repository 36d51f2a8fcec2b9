// Which revision a site serves, as its manifest says.
import { MANIFEST_NAME, revisionOf } from '../bundle/manifest.ts'
import { type HttpGetOptions, httpGet, readUpTo } from '../io/http-get.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** Undefined where it serves no manifest: many answer with a page of their own instead. */
export async function servedRevision(site: string, options: HttpGetOptions): Promise<string | undefined> {
  const answer = await httpGet(`${site}/${MANIFEST_NAME}`, options)
  if ('failure' in answer || answer.status !== 200) return undefined
  try {
    const { bytes, isWhole } = await readUpTo(answer, MOST_BYTES)
    return isWhole && bytes.subarray(0, 64).toString('utf8').trimStart().startsWith('{') ? revisionOf(bytes) : undefined
  } catch {
    return undefined
  }
}
