// A shop that takes longer to answer than allowed: once, or always.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { createProject, demoShop, type Project } from '../helpers/project.ts'
import { findWhole, inRepository } from './consumer.ts'

let project: Project
const query = async (sql: string) => (await project.database?.query(sql)) ?? []

beforeEach(async () => {
  project = await createProject({ withDatabase: true })
  await project.configure({
    ...demoShop,
    publish: [{ git: { repo: '../sitemap.git' } }],
    timeouts: { statement: '1s' },
  })
  expect((await project.run(['run'])).code).toBe(0)
  await query(`insert into page_page (slug, title, created_at, is_published, page_type_id)
    select 'new', 'New', now(), true, min(id) from page_pagetype`)
  // Each page takes its time, as a view over too much does: all of them more than a statement is allowed.
  await query(`alter table page_page rename to page_page_itself;
    create view page_page as select page_page_itself.* from page_page_itself, lateral pg_sleep(1.5 + 0 * id)`)
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

const ended = `select from pg_stat_activity where datname = current_database() and application_name = 'storemap'`

test('a statement that takes too long is ended, and the shop is read again once', async () => {
  const before = await findWhole(await inRepository(project.repository))
  const running = await project.start(['run', '--json'])
  await until('it waits for the pages', async () => (await query(`${ended} and wait_event = 'PgSleep'`)).length > 0)
  await query(`create or replace view page_page as select * from page_page_itself`)
  const { code, stdout } = await running.ended
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 0,
    outcome: 'published',
    changes: { added: 1, removed: 0 },
    warnings: [expect.stringMatching(/^The shop was read again, .* took longer than allowed/)],
  })
  expect((await findWhole(await inRepository(project.repository)))?.pages.size).toBe((before?.pages.size ?? 0) + 1)
})

test('one that always takes too long fails the run by name; the old bundle stays, and no statement runs on', async () => {
  const head = await project.repository.head()
  expect(await project.run(['run'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /error SOURCE_TIMEOUT .* took longer than allowed and was ended\. Nothing was published/,
    ),
  })
  expect(await project.repository.head()).toBe(head)
  await until('no connection is left', async () => (await query(ended)).length === 0)
  expect(await project.leftovers()).toEqual([])
})
