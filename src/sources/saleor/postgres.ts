// Saleor as a source, read from its database in one transaction.
import { databaseLabel, openReadOnly, type PostgresOptions, type ReadOnlyTransaction } from '../../io/postgres.ts'
import { type Problem, uniqueProblems } from '../../problem.ts'
import { namedFields } from '../../rules/parse.ts'
import { trusted } from '../../rules/sql.ts'
import { lastmodFromPostgres } from '../../sitemap/lastmod.ts'
import type { DiscoverableSnapshot, DiscoverableSource, Funnel, RecordQuery } from '../source.ts'
import { discoverFields } from './discover.ts'
import { readDoubts } from './doubts.ts'
import { findRecords, judgeRecord, judgeRecords } from './explain.ts'
import { fieldPatterns, tableOf } from './fields.ts'
import { FEW_RECORDS, makeTally, readFunnel, readSizes } from './funnel.ts'
import { lookUp } from './look-up.ts'
import { probeShop, requireCore, requireTables, unreadableTables } from './probe.ts'
import { planQuery, type QueryPlan, unknownChannel } from './query.ts'
import { locateRecords, scanRecords } from './record-addresses.ts'
import { recordReader } from './record-reader.ts'
import type { Shop } from './shop.ts'
import type { Visibility } from './visibility.ts'

export interface SaleorPostgresOptions extends PostgresOptions {
  readonly channel: string
  readonly visibility: Visibility
  /** Where paths of images begin; needed by queries that ask for images. */
  readonly media?: string | undefined
}

export function createSaleorPostgresSource(options: SaleorPostgresOptions): DiscoverableSource {
  return {
    name: `Saleor database ${databaseLabel(options.url)}`,
    open: async signal => {
      const transaction = await openReadOnly(options, signal)
      try {
        return await openSnapshot(transaction, options)
      } catch (cause) {
        await transaction.close()
        throw cause
      }
    },
  }
}

async function openSnapshot(
  transaction: ReadOnlyTransaction,
  options: SaleorPostgresOptions,
): Promise<DiscoverableSnapshot> {
  const label = databaseLabel(options.url)
  await requireCore(transaction, label)
  const [[now]] = (await transaction.query(trusted('select now()::text'))) as [[string]]
  const instant = lastmodFromPostgres(now) as string
  const warnings: string[] = []
  let shop: Shop | undefined
  const plans = new Map<RecordQuery, QueryPlan>()
  const counted = new Map<RecordQuery, readonly Funnel[]>()
  let sizes: ReadonlyMap<string, number> = new Map()
  const sizeOf = ({ table }: QueryPlan): number => sizes.get(table) ?? 0

  const planOf = async (query: RecordQuery): Promise<{ plan?: QueryPlan; problems: readonly Problem[] }> => {
    const known = plans.get(query)
    if (known) return { plan: known, problems: [] }
    if (!shop) throw new Error('check() comes before read()')
    const planned = planQuery(query, shop, options.visibility)
    if (planned.plan) plans.set(query, planned.plan)
    return planned
  }

  const readable = new Map<string, boolean>()
  const canRead = async (tables: readonly string[]): Promise<boolean> => {
    const unknown = tables.filter(table => !readable.has(table))
    const closed = unknown.length > 0 ? await unreadableTables(transaction, unknown) : new Set()
    for (const table of unknown) readable.set(table, !closed.has(table))
    return tables.every(table => readable.get(table))
  }
  const checked = (): Shop => {
    if (!shop) throw new Error('check() comes before questions')
    return shop
  }

  return {
    now: instant,
    warnings,
    check: async queries => {
      const names = queries.flatMap(query => [
        ...namedFields(query.where),
        ...query.addresses.flatMap(({ fields }) => fields),
        ...(query.content ?? []),
      ])
      shop = await probeShop(transaction, options.channel, names)
      const { channel, channels } = shop
      const problems: Problem[] = []
      if (!channels.has(channel.slug)) {
        problems.push({ path: 'source.saleor.channel', ...unknownChannel(channel.slug, [...channels.keys()]) })
      } else if (options.visibility === 'saleor') warnings.push(...inactiveChannels(queries, shop))
      const planned = await Promise.all(queries.map(planOf))
      problems.push(...planned.flatMap(item => item.problems))
      if (problems.length === 0) {
        const tables = planned.flatMap(item => item.plan?.tables ?? [])
        if (!shop.attributes) tables.push('attribute_attribute')
        if (!shop.warehouses) tables.push('warehouse_warehouse')
        await requireTables(transaction, tables, label)
        sizes = await readSizes(
          transaction,
          planned.flatMap(item => (item.plan ? [item.plan.table] : [])),
        )
        warnings.push(...(await readDoubts(transaction, queries, shop)))
      }
      return uniqueProblems(problems)
    },
    read: async function* (query, signal) {
      const { plan } = (await planOf(query)) as { plan: QueryPlan }
      const toRecord = recordReader(plan, query, { media: options.media ?? '', now: instant })
      const [selection] = plan.selections
      if (!plan.selectAll || !selection || sizeOf(plan) > FEW_RECORDS) {
        for await (const rows of transaction.copy(plan.select, signal)) yield rows.map(toRecord)
        return
      }
      const tally = makeTally(selection)
      for await (const rows of transaction.copy(plan.selectAll, signal)) {
        yield rows.filter(row => tally.add(Number(row.at(-2)), row.at(-1) as string)).map(toRecord)
      }
      counted.set(query, [tally.funnel()])
    },
    funnel: async (query, { exact }) => {
      const { plan } = (await planOf(query)) as { plan: QueryPlan }
      const known = counted.get(query)
      return known ?? readFunnel(transaction, plan, { of: query.of, shop: shop as Shop, exact, size: sizeOf(plan) })
    },
    find: async (of, where, { most } = {}) =>
      (await canRead([tableOf(of)])) ? findRecords(transaction, { of, where, shop: checked(), most }) : [],
    locate: async (query, where) => locateRecords(transaction, { query, where, shop: checked() }),
    scan: (query, where) => scanRecords(transaction, { query, where, shop: checked() }),
    lookUp: async (text, { unread }) => lookUp(transaction, text, { shop: checked(), canRead, unread }),
    judge: async (query, key) => {
      // What the sections ask was looked at by check(); this one may be no section's.
      const { plan } = await planOf(query)
      if (!plan || !(await canRead(plan.tables))) return undefined
      return judgeRecord(transaction, {
        query,
        key,
        shop: checked(),
        visibility: options.visibility,
        now,
      })
    },
    judgeAll: async (query, keys) =>
      judgeRecords(transaction, { query, keys, shop: checked(), visibility: options.visibility, now }),
    fields: async of => {
      const patterns = fieldPatterns('products')
      return discoverFields(transaction, { of, shop: await probeShop(transaction, options.channel, patterns) })
    },
    close: () => transaction.close(),
  }
}

function inactiveChannels(queries: readonly RecordQuery[], { channel, channels }: Shop): string[] {
  const named = queries.flatMap(({ addresses }) => addresses.map(each => each.channel ?? channel.slug))
  return [...new Set([channel.slug, ...named])]
    .filter(slug => channels.get(slug)?.active === false)
    .map(
      slug => `The channel "${slug}" is not active: its customers see no product and no collection, so none is listed.`,
    )
}
