// 40-storemap.sh: what a front end's container does before its server starts, and beside it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import { hasParts, type Running, type Shell, shells, start, template } from './parts.ts'

const isThere = hasParts('dash', 'busybox')
let home: Awaited<ReturnType<typeof tempFolder>>
let found: readonly Shell[] = []
beforeAll(async () => {
  home = await tempFolder()
  found = await shells(home.path)
})
afterAll(async () => {
  await home[Symbol.asyncDispose]()
})

/** Runs the hook, then a server that says so and stays; `pull` is a script in the place of storemap-pull. */
async function boot(name: string, pull: string, env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const shell = found.find(each => each.name === name) as Shell
  const file = join(home.path, `pull-${Math.random()}`)
  await writeFile(file, `#!/bin/sh\n${pull}\n`, { mode: 0o755 })
  const sh = [shell.command, ...shell.args]
  const line = `${sh.join(' ')} '${template('front-end/40-storemap.sh')}'; echo started; exec sleep 3600`
  return start(shell.command, [...shell.args, '-c', line], {
    env: { PATH: shell.path, STOREMAP_REPO: '/repository', STOREMAP_PULL: file, STOREMAP_EVERY: '1', ...env },
    group: true,
  })
}
const end = async (running: Running) => {
  process.kill(-(running.child.pid as number), 'SIGKILL')
  await running.ended
}

describe.skipIf(!isThere).each(['dash', 'bash', 'busybox'])('40-storemap.sh in %s', name => {
  test('fetches before the server starts, and again on its period, and tells only what is new', async () => {
    const count = join(home.path, `count-${name}`)
    const pull = `echo x >>'${count}'; if [ "$(grep -c x '${count}')" = 3 ]; then echo 'updated /srv to revision 3'; else echo 'unchanged: revision 2 in /srv'; fi`
    const running = await boot(name, pull)
    await until('the third pull', () => running.said().includes('storemap: updated /srv to revision 3'))
    expect(running.said()).toMatch(/^started\n/)
    expect(running.said()).not.toContain('unchanged')
    await end(running)
  })

  test('starts the server though the pull fails, says so, and tries again', async () => {
    const running = await boot(name, "echo 'error TARGET_UNREACHABLE …' >&2; exit 1")
    await until('two tries', () => running.said().split('error TARGET_UNREACHABLE').length > 2)
    expect(running.said()).toContain('started\n')
    expect(running.said()).toContain('storemap: the shop starts with the sitemap that it has\n')
    expect(running.said()).toContain('storemap: the sitemap stays as it is; next try in 1 s\n')
    await end(running)
  })

  test('does not wait for a pull that hangs longer than STOREMAP_START', async () => {
    const running = await boot(name, 'exec sleep 3600', { STOREMAP_START: '1' })
    await until('the server starts', () => running.said().includes('started'), 10_000)
    expect(running.said()).toContain('storemap: the shop starts before the sitemap is there')
    await end(running)
  })

  test('starts the server where nothing is set, or there is no storemap-pull', async () => {
    for (const [env, said] of [
      [{ STOREMAP_REPO: '' }, 'STOREMAP_REPO is not set'],
      [{ STOREMAP_PULL: 'no-such-pull' }, 'there is no no-such-pull in this container'],
    ] as const) {
      const running = await boot(name, 'true', env)
      await until('the server starts', () => running.said().includes('started'))
      expect(running.said()).toContain(said)
      await end(running)
    }
  })
})
