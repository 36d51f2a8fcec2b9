// Fills an empty database with the demo shop: Saleor's tables, then a catalogue in every state a product can have.
import { readFile } from 'node:fs/promises'
import pg from 'pg'

/** Loads the demo shop. The database must not have Saleor's tables yet. */
export async function loadDemoShop(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const file of ['schema.sql', 'catalogue.sql']) {
      await client.query(await readFile(new URL(`./shop/${file}`, import.meta.url), 'utf8'))
    }
    // So that the first report on the shop already has the planner's statistics.
    await client.query('analyze')
  } finally {
    await client.end()
  }
}
