// Why something is in the sitemap, or why not: the records that a person may mean, and for each what its sections say.

import type { Job } from '../pipeline/job.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import { isSameLoc } from '../sitemap/match-template.ts'
import { locOfPath } from '../sitemap/url-template.ts'
import type { Snapshot } from '../sources/source.ts'
import type { Explanation, RecordExplanation } from './explanation.ts'
import { type FoundRecords, findRecords } from './find.ts'
import { makeFindHolders } from './holders.ts'
import { findInLists } from './lists.ts'
import { nearSlugs } from './near.ts'
import { makeFindOwner, makeJudge } from './owner.ts'
import { addPublished } from './published.ts'
import { lastFolder, locAsked, readingsOf, variantsOf } from './reading.ts'
import { explainRecord } from './record.ts'
import { findRoutes } from './routes.ts'

export interface ExplainDeps {
  readonly snapshot: Snapshot | undefined
  /** Undefined where nothing was published, or it cannot be read. */
  readonly published: PublishedBundle | undefined
}

/** The queries have been checked. */
export async function explain(job: Job, asked: string, { snapshot, published }: ExplainDeps): Promise<Explanation> {
  const text = asked.trim()
  const unread = new Set<string>()
  const shop = snapshot && openShop(job, snapshot)
  const answers: Answer[] = []
  for (const reading of readingsOf(text)) {
    const answer = await answerTo(job, reading.text, { shop, unread })
    const notes = reading.note === undefined ? answer.notes : [reading.note, ...answer.notes]
    answers.push({ ...answer, notes })
    if (answer.isWhole) break
  }
  const found =
    answers.find(({ isWhole }) => isWhole) ??
    answers.find(({ records }) => records.length > 0) ??
    answers.find(({ routes }) => routes.length > 0)
  const { records, lists, routes, notes } = found ?? (answers[0] as Answer)
  const closed =
    unread.size > 0 ? [`Not looked through, since the role may not read them: ${[...unread].join(', ')}.`] : []
  const near = snapshot && !found ? await nearSlugs(snapshot, lastFolder(locAsked(job.site, text, [])) ?? text) : []
  return addPublished({ asked, site: job.site, records, lists, routes, notes: [...notes, ...closed], near }, published)
}

interface Answer extends Pick<Explanation, 'records' | 'lists' | 'routes' | 'notes'> {
  /** Whether something has this address or name, and not only a part of it. */
  readonly isWhole: boolean
}
type Shop = ReturnType<typeof openShop>

function openShop(job: Job, snapshot: Snapshot) {
  const findHolders = makeFindHolders(job, snapshot)
  const judge = makeJudge(snapshot)
  return { snapshot, findHolders, judge, findOwner: makeFindOwner(findHolders, judge) }
}

async function answerTo(
  job: Job,
  asked: string,
  { shop, unread }: { readonly shop: Shop | undefined; readonly unread: Set<string> },
): Promise<Answer> {
  const notes: string[] = []
  const loc = locAsked(job.site, asked, notes)
  const { hits, by }: FoundRecords = shop
    ? await findRecords(asked, { ...shop, loc, notes, unread })
    : { hits: [], by: 'all' }
  const records: RecordExplanation[] = []
  for (const hit of hits) records.push(await explainRecord(job, hit, shop as Shop))
  const page = loc ?? locOfPath(job.site, `/${asked.replace(/#.*$/s, '')}`)
  const lists = await findInLists(job, page === undefined ? [] : variantsOf(page), shop?.findOwner)
  const inFrontEnds =
    page === undefined ? { routes: [], notes: [] } : findRoutes(job.frontEnds, page, { isWord: loc === undefined })
  const isMade = lists.length > 0 || (loc !== undefined && records.some(record => hasAddress(record, loc)))
  if (by === 'last part' && records.length > 0 && !isMade)
    notes.push('No section makes this address; its last part is of this record.')
  notes.push(...inFrontEnds.notes)
  return {
    records,
    lists,
    routes: inFrontEnds.routes,
    notes,
    isWhole: lists.length > 0 || (by === 'all' && records.length > 0),
  }
}

const hasAddress = ({ sections }: RecordExplanation, asked: string): boolean =>
  sections.some(({ addresses }) => addresses.some(({ loc }) => loc !== null && isSameLoc(loc, asked)))
