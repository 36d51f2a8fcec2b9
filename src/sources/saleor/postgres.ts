// Saleor as a source, read from its database in one transaction.
import { databaseLabel, openReadOnly, type PostgresOptions, type ReadOnlyTransaction } from '../../io/postgres.ts'
import { nearestHint, type Problem } from '../../problem.ts'
import { namedFields } from '../../rules/parse.ts'
import { trusted } from '../../rules/sql.ts'
import { lastmodFromPostgres } from '../../sitemap/lastmod.ts'
import type { Funnel, RecordQuery, Snapshot, Source, SourceRecord } from '../source.ts'
import { readFunnel } from './funnel.ts'
import { probeShop, requireCore, requireTables } from './probe.ts'
import { planQuery, type QueryPlan } from './query.ts'
import type { Shop } from './shop.ts'
import type { Visibility } from './visibility.ts'

export interface SaleorPostgresOptions extends PostgresOptions {
  readonly channel: string
  readonly visibility: Visibility
}

export function createSaleorPostgresSource(options: SaleorPostgresOptions): Source {
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

async function openSnapshot(transaction: ReadOnlyTransaction, options: SaleorPostgresOptions): Promise<Snapshot> {
  const label = databaseLabel(options.url)
  await requireCore(transaction, label)
  const [[now]] = (await transaction.query(trusted("select date_trunc('second', now())::text"))) as [[string]]
  const warnings: string[] = []
  let shop: Shop | undefined
  const plans = new Map<RecordQuery, QueryPlan>()

  const planOf = async (query: RecordQuery): Promise<{ plan?: QueryPlan; problems: readonly Problem[] }> => {
    const known = plans.get(query)
    if (known) return { plan: known, problems: [] }
    if (!shop) throw new Error('check() comes before read()')
    const planned = planQuery(query, shop, options.visibility)
    if (planned.plan) plans.set(query, planned.plan)
    return planned
  }

  return {
    now: lastmodFromPostgres(now) as string,
    warnings,
    check: async queries => {
      const names = queries.flatMap(query => [...namedFields(query.where), ...query.fields])
      shop = await probeShop(transaction, options.channel, names)
      const { channel, channels } = shop
      const problems: Problem[] = []
      if (!channels.has(channel.slug)) problems.push(unknownChannel(channel.slug, [...channels.keys()]))
      else if (!channel.active && options.visibility === 'saleor') {
        warnings.push(
          `The channel "${channel.slug}" is not active: its customers see no product and no collection, so none is listed.`,
        )
      }
      const planned = await Promise.all(queries.map(planOf))
      problems.push(...planned.flatMap(item => item.problems))
      if (problems.length === 0) {
        const tables = planned.flatMap(item => item.plan?.tables ?? [])
        if (!shop.attributes) tables.push('attribute_attribute')
        if (!shop.warehouses) tables.push('warehouse_warehouse')
        await requireTables(transaction, tables, label)
      }
      return problems
    },
    read: async function* (query, signal) {
      const { plan } = await planOf(query)
      for await (const rows of transaction.copy((plan as QueryPlan).select, signal)) {
        yield rows.map((row): SourceRecord => {
          const [key, updatedAt, ...values] = row
          return { key: key as string, updatedAt: updatedAt ? lastmodFromPostgres(updatedAt) : undefined, values }
        })
      }
    },
    funnel: async (query): Promise<Funnel | undefined> => {
      const { plan } = await planOf(query)
      return readFunnel(transaction, plan as QueryPlan)
    },
    close: () => transaction.close(),
  }
}

function unknownChannel(slug: string, known: readonly string[]): Problem {
  const hint = nearestHint(slug, known)
  return { path: 'source.saleor.channel', message: `The shop has no channel "${slug}".`, ...(hint && { hint }) }
}
