// A shop that takes long enough to read that the program can be stopped in the middle of it, for certain.
import { until } from '../helpers/cli.ts'
import { demoShop, type Project } from '../helpers/project.ts'

/** With long slugs: a dozen megabytes, more than all buffers between the server and us. */
export const LARGE = 50_000

/** Only what is read by COPY: whatever is visible, every product has its page. */
export const largeShop = {
  ...demoShop,
  source: { saleor: { ...demoShop.source.saleor, visibility: 'all' } },
  sections: { products: { of: 'products', url: '/products/{slug}' } },
  limits: { entries: 10_000 },
  guard: { maxGrow: '100000%' },
} as const

type Query = (sql: string, values?: unknown[]) => Promise<readonly { [column: string]: unknown }[]>

export async function growShop(query: Query): Promise<void> {
  // Kept up row by row, they would take most of the time, and nobody here looks anything up by them.
  const gin = await query(
    "select indexname from pg_indexes where schemaname = 'public' and indexdef ilike '%using gin%'",
  )
  for (const { indexname } of gin) await query(`drop index "${indexname}"`)
  await query(
    `insert into product_product (name, slug, updated_at, created_at, product_type_id, description_plaintext,
       search_document, search_index_dirty)
     select 'Product ' || i, repeat('a-very-long-name-', 13) || i, '2026-01-01', '2025-01-01', kind.id, '', '', false
     from generate_series(1, $1::int) i, (select min(id) as id from product_producttype) kind`,
    [LARGE],
  )
}

/**
 * Stops the program while products flow: the server has sent what fits on the way and waits for it, with its statement
 * in the middle. Resolves with the server's process. Fails where the program was too fast.
 */
export async function stopWhileReading(
  query: Query,
  { child }: Awaited<ReturnType<Project['start']>>,
): Promise<number> {
  const reading = async (and: string) =>
    (
      await query(
        `select pid from pg_stat_activity where datname = current_database() and application_name = 'storemap'
         and query ilike 'copy%product_product%' and state = 'active' ${and}`,
      )
    )[0]?.pid as number | undefined
  await until('it reads', () => reading(''))
  child.kill('SIGSTOP')
  await until('the server waits for it', () => reading(`and wait_event = 'ClientWrite'`))
  return (await reading('')) as number
}
