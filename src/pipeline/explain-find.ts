// From what a person has (a URL, a path, a slug, an id) to the records that it may mean.
import { decodeValue, matchTemplate } from '../sitemap/match-template.ts'
import { locOfPath } from '../sitemap/url-template.ts'
import { RECORD_KINDS, type RecordHit, type RecordQuery, type Snapshot } from '../sources/source.ts'
import { hasAddress } from './explain-addresses.ts'
import type { Job } from './job.ts'

/** The address that was asked for, on the site; undefined where a slug or an id was. */
export function locAsked(site: string, asked: string, notes: string[]): string | undefined {
  if (!asked.includes('/')) return undefined
  if (!/^https?:\/\//i.test(asked)) return locOfPath(site, asked.startsWith('/') ? asked : `/${asked}`)
  try {
    const url = new URL(asked)
    if (url.origin !== site) notes.push(`The address is of ${url.origin}; its path was looked up on ${site}.`)
    return locOfPath(site, `${url.pathname}${url.search}`)
  } catch {
    return undefined
  }
}

export interface FindContext {
  readonly snapshot: Snapshot
  readonly loc: string | undefined
  readonly notes: string[]
}

export async function findRecords(
  job: Job,
  asked: string,
  { snapshot, loc, notes }: FindContext,
): Promise<readonly RecordHit[]> {
  const languages = [...new Set(queriesOf(job).flatMap(({ addresses }) => addresses.map(({ language }) => language)))]
  const options = { languages: languages.filter(language => language !== undefined) }
  if (loc === undefined) return snapshot.lookUp(asked, options)
  const byAddress = await findByAddress(job, loc, snapshot)
  if (byAddress.length > 0) return byAddress
  const folder = lastFolder(loc)
  const bySlug = folder === undefined ? [] : await snapshot.lookUp(folder, options)
  if (bySlug.length > 0) notes.push('No section makes this address; its last part is of this record.')
  return bySlug
}

const queriesOf = (job: Job): RecordQuery[] =>
  job.sections.flatMap(section => (section.kind === 'records' ? [section.query] : []))

export function lastFolder(loc: string | undefined): string | undefined {
  const folder = loc === undefined ? undefined : new URL(loc).pathname.split('/').findLast(part => part !== '')
  return folder === undefined ? undefined : decodeValue(folder)
}

/** The records whose address it is. A query or a slash at the end that the template does not have is overlooked. */
async function findByAddress(job: Job, loc: string, snapshot: Snapshot): Promise<readonly RecordHit[]> {
  const hits = new Map<string, RecordHit>()
  for (const section of job.sections) {
    if (section.kind !== 'records') continue
    const { query } = section
    for (const [index, { url }] of section.addresses.entries()) {
      for (const variant of variantsOf(loc)) {
        const values = matchTemplate(job.site, url, variant)?.map(decodeValue)
        if (!values) continue
        const language = query.addresses[index]?.language
        const wheres = rulesFor({ fields: url.fields, formats: url.formats, values, language })
        for (const where of wheres) {
          for (const found of await snapshot.find(query.of, where)) {
            const key = `${query.of} ${found.key}`
            if (hits.has(key)) continue
            if (await hasAddress(job, section, { snapshot, key: found.key, loc: variant }))
              hits.set(key, { ...found, of: query.of, by: 'address' })
          }
        }
      }
    }
  }
  return [...hits.values()]
}

function variantsOf(loc: string): string[] {
  const bare = loc.replace(/\?.*$/s, '')
  const forms = [loc, bare, bare.endsWith('/') ? bare.replace(/\/+$/, '') : `${bare}/`]
  return [...new Set(forms)]
}

/** Rules that find the record quickly: by the field that says most, if it has an index. */
function rulesFor({
  fields,
  formats,
  values,
  language,
}: {
  readonly fields: readonly string[]
  readonly formats: readonly (string | undefined)[]
  readonly values: readonly string[]
  readonly language: string | undefined
}): object[] {
  const known = new Map(
    fields.flatMap((field, index) => (formats[index] === undefined ? [[field, values[index] as string]] : [])),
  )
  const id = known.get('id')
  if (id !== undefined) return /^\d{1,9}$/.test(id) ? [{ id: Number(id) }] : []
  const globalId = /^[A-Za-z]+:(\d{1,9})$/.exec(fromBase64(known.get('globalId') ?? ''))?.[1]
  if (globalId !== undefined) return [{ id: Number(globalId) }]
  const slug = known.get('slug')
  if (slug !== undefined) {
    return language === undefined ? [{ slug }] : [{ [`translations.${language}.slug`]: slug }, { slug }]
  }
  return known.size > 0 ? [Object.fromEntries(known)] : []
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('latin1')

/** Slugs that begin as the text does, the longest beginning first. */
export async function nearSlugs(snapshot: Snapshot, text: string): Promise<string[]> {
  for (const length of [text.length - 1, Math.ceil(text.length * 0.6)]) {
    if (length < 3) break
    const near: string[] = []
    for (const of of RECORD_KINDS) {
      const found = await snapshot.find(of, { slug: { startsWith: text.slice(0, length) } })
      near.push(...found.map(({ slug }) => slug))
    }
    if (near.length > 0) return near.slice(0, 5)
  }
  return []
}
