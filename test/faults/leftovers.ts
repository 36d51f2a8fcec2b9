// What a killed program may have left behind: processes, locks, connections. Linux only.
import { readdir, readlink } from 'node:fs/promises'
import { expect } from 'vitest'
import { until } from '../helpers/cli.ts'
import { commandLines } from '../helpers/processes.ts'
import type { Project } from '../helpers/project.ts'

/** After a run that went through: nothing is left, by it or by those that were killed before. */
export async function expectTidy(project: Project): Promise<void> {
  expect(await project.leftovers()).toEqual([])
  await expectNobodyLeft(project)
  // Objects of a push that was cut off are git's own to prune; a lock would keep everybody from publishing.
  const files = await readdir(project.repository.dir, { recursive: true })
  expect(files.filter(name => name.endsWith('.lock'))).toEqual([])
}

/** Killed, a program takes its children with it, and its connections. */
export async function expectNobodyLeft(project: Project): Promise<void> {
  const root = project.tmp.slice(0, project.tmp.lastIndexOf('/'))
  await until('no process of theirs lives', async () => !(await isAnybodyIn(root)))
  await until('no connection of theirs is left', async () => (await connectionsOf(project)) === 0)
}

const connectionsOf = async ({ database }: Project): Promise<number> =>
  (
    await database?.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'storemap'`,
    )
  )?.length ?? 0

/** By what they were called with, or where they work. */
async function isAnybodyIn(root: string): Promise<boolean> {
  if (commandLines().some(line => line.includes(root))) return true
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const folders = await Promise.all(pids.map(pid => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return folders.some(folder => folder.startsWith(root))
}
