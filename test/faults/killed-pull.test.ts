// A pull that is killed outright at any moment of its life: what is served then, and what the next pull makes of it.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { runGit } from '../helpers/git-remotes.ts'
import { createProject, listShop, paths } from '../helpers/project.ts'
import { KILLS, makeChance } from './chance.ts'
import { type Found, findUsable, findWhole, inFolder, inRepository } from './consumer.ts'
import { expectTidy } from './leftovers.ts'

/** A pull goes through after so many kills. */
const EVERY = 5

test.each(['link', 'copy'] as const)(
  'killed at any moment, a pull leaves the old or the new bundle (%s), and the next one that ends leaves nothing else',
  { timeout: 60_000 + KILLS * 10_000 },
  async mode => {
    const chance = makeChance()
    await using project = await createProject()
    await project.configure({
      ...listShop,
      limits: { entries: 10 },
      guard: { maxShrink: '100%' },
      publish: [{ git: { repo: '../sitemap.git' } }],
    })
    const published: Found[] = []
    // A run, and two bundles that the branch goes to and fro between: pulls are what this is about.
    for (const count of [95, 61]) {
      await project.write('paths.txt', paths(count, `page-of-${count}`))
      expect((await project.run(['run'])).code).toBe(0)
      published.push((await findWhole(await inRepository(project.repository))) as Found)
    }
    const git = (...args: string[]) => runGit(args, { cwd: project.repository.dir })
    const commits = (await git('rev-parse', 'master^', 'master')).trim().split('\n')
    const publish = (at: number) => git('update-ref', 'refs/heads/master', commits[at % 2] as string)

    const PULL = ['pull', '--from', '../sitemap.git', '--to', 'public', '--switch', mode] as const
    const served = inFolder(join(project.dir, 'public'))
    const pullThrough = async (at: number): Promise<void> => {
      expect(await project.run(PULL)).toMatchObject({ code: 0, stderr: '' })
      expect((await findWhole(served))?.revision).toBe(published[at % 2]?.revision)
    }
    await publish(0)
    await pullThrough(0)
    await publish(1)
    const started = performance.now()
    await pullThrough(1)
    const duration = performance.now() - started

    const kills = Math.ceil(KILLS / 2)
    for (let kill = 1; kill <= kills; kill++) {
      const moment = chance.next() * duration
      const told = `STOREMAP_SEED=${chance.seed}, kill ${kill}, after ${Math.round(moment)} of ${Math.round(duration)} ms`
      try {
        await publish(kill)
        const { child, ended } = await project.start(PULL)
        await delay(moment)
        child.kill('SIGKILL')
        await ended
        if (mode === 'copy') expect((await findUsable(served)).size).toBeGreaterThan(0)
        else expect(published.map(({ revision }) => revision)).toContain((await findWhole(served))?.revision)
        if (kill % EVERY !== 0 && kill !== kills) continue
        await pullThrough(kill)
        await expectTidy(project)
      } catch (cause) {
        throw new Error(`${told}: ${(cause as Error).message}`, { cause })
      }
    }
  },
)
