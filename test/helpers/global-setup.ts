// Once a test run: a PostgreSQL server with the demo shop in it, from which tests copy their databases.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { loadDemoShop } from '../../src/demo/load-shop.ts'
import { startPostgres } from '../../src/demo/postgres.ts'
import { databaseUrl, withClient } from './postgres.ts'

/** Starts the server, or takes the one that STOREMAP_TEST_DATABASE_URL names (its user needs CREATEDB). */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.STOREMAP_TEST_DATABASE_URL
  // A server of somebody else's may serve several runs at a time, so there the name is unique.
  const template = given === undefined ? 'demo_shop_template' : `demo_shop_template_${process.pid}_${Date.now()}`
  const server = given === undefined ? await startOwn() : { url: given, stop: async () => {} }
  const end = async () => {
    if (given !== undefined) await withClient(server.url, client => client.query(`drop database if exists ${template}`))
    await server.stop()
  }
  try {
    await withClient(server.url, client => client.query(`create database ${template} template template0`))
    await loadDemoShop(databaseUrl(server.url, template))
  } catch (cause) {
    await end()
    throw cause
  }
  project.provide('postgresAdminUrl', server.url)
  project.provide('demoTemplate', template)
  return end
}

async function startOwn(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'storemap-test-'))
  try {
    const server = await startPostgres({ dir })
    return {
      url: server.url,
      stop: async () => {
        await server.stop()
        await rm(dir, { recursive: true, force: true })
      },
    }
  } catch (cause) {
    await rm(dir, { recursive: true, force: true })
    throw cause
  }
}
