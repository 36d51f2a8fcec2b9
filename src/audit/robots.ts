// Whether a site's robots.txt names its sitemap.
import { failureOf, type HttpGetOptions, httpGet, readUpTo } from '../io/http-get.ts'
import type { ServedFile } from './served-file.ts'

const MOST_BYTES = 512 * 1024

/** `sitemaps`: addresses one of which it has to name. */
export async function lookAtRobots(
  site: string,
  sitemaps: readonly string[],
  options: HttpGetOptions,
): Promise<ServedFile> {
  const url = `${site}/robots.txt`
  const told = (problem: string | undefined): ServedFile => ({ name: 'robots.txt', url, problem, mayChange: true })
  const answer = await httpGet(url, options)
  if ('failure' in answer) return told(answer.failure)
  if (answer.status !== 200) return told(`it answers ${answer.status}, so nobody is told of ${sitemaps[0]}`)
  let text: string
  try {
    text = (await readUpTo(answer, MOST_BYTES)).bytes.toString('utf8')
  } catch (cause) {
    options.signal?.throwIfAborted()
    return told(failureOf(cause, options.timeoutMs))
  }
  const named = [...text.matchAll(/^[ \t]*sitemap[ \t]*:[ \t]*(\S+)/gim)].map(([, loc]) => loc as string)
  if (named.some(loc => sitemaps.includes(loc))) return told(undefined)
  const others = named.length === 0 ? 'no sitemap' : named.slice(0, 3).join(', ')
  return told(`it names ${others}, and not ${sitemaps[0]}`)
}
