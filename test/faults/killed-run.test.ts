// A run that is killed outright, as the kernel does when memory is short, at any moment of its life.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RunReport } from '../../src/pipeline/report.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { KILLS, makeChance } from './chance.ts'
import { changingShop, makeChangingShop } from './changing-shop.ts'
import { type Found, findUsable, findWhole, inFolder, inRepository, type ReadFile } from './consumer.ts'
import { expectTidy } from './leftovers.ts'

const targets = {
  git: { publish: [{ git: { repo: '../sitemap.git' } }] },
  link: { publish: [{ directory: 'public' }], state: { directory: 'state' } },
  copy: { publish: [{ directory: { path: 'public', switch: 'copy' } }], state: { directory: 'state' } },
} as const
type Target = keyof typeof targets

/** A run goes through after so many kills. */
const EVERY = 5

const seen = async (project: Project, target: Target): Promise<ReadFile> =>
  target === 'git' ? inRepository(project.repository) : inFolder(join(project.dir, 'public'))

test.each(Object.keys(targets) as Target[])(
  'killed at any moment, a run leaves the old or the new bundle in %s, and the next one that ends has lost nothing',
  { timeout: 60_000 + KILLS * 10_000 },
  async target => {
    const chance = makeChance()
    await using project = await createProject({ withDatabase: true })
    await project.configure({ ...changingShop, ...targets[target] })
    const whole = async (): Promise<Found | undefined> => findWhole(await seen(project, target))
    const runThrough = async (): Promise<RunReport> => {
      const { code, stdout, stderr } = await project.run(['run', '--json'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const report = JSON.parse(stdout) as RunReport
      expect(report.warnings, 'nothing was lost').toEqual([])
      return report
    }
    await runThrough()
    const shop = makeChangingShop(project, (await whole()) as Found)
    await shop.change()
    const started = performance.now()
    await runThrough()
    const duration = performance.now() - started
    shop.expectShown(await whole())

    const kills = Math.ceil(KILLS / Object.keys(targets).length)
    for (let kill = 1; kill <= kills; kill++) {
      const moment = chance.next() * duration
      const told = `STOREMAP_SEED=${chance.seed}, kill ${kill}, after ${Math.round(moment)} of ${Math.round(duration)} ms`
      try {
        await shop.change()
        const before = await whole()
        const { child, ended } = await project.start(['run'])
        await delay(moment)
        child.kill('SIGKILL')
        await ended
        if (target === 'copy') expect((await findUsable(await seen(project, target))).size).toBeGreaterThan(0)
        else {
          const after = await whole()
          if (after?.revision !== before?.revision) shop.expectShown(after)
        }
        if (kill % EVERY !== 0 && kill !== kills) continue
        await runThrough()
        shop.expectShown(await whole())
        await expectTidy(project)
      } catch (cause) {
        throw new Error(`${told}: ${(cause as Error).message}`, { cause })
      }
    }
    expect(await runThrough()).toMatchObject({ outcome: 'unchanged' })
  },
)
