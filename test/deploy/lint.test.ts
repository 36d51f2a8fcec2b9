// Every template, filled in, passes the linter of its language.
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { tempFolder } from '../helpers/bundle.ts'
import { find, hasParts, run, templatesDir } from './parts.ts'
import { rendered } from './shop-server.ts'

const ANSWERS = {
  container: 'front-end',
  webRoot: "/srv/it's a web",
  by: 'clone',
  repo: 'git@github.com:acme/sitemap.git',
  branch: 'master',
  server: 'server.example.com',
  serverPort: 2222,
  site: 'https://shop.example.com',
  image: 'storemap:latest',
}

test.skipIf(!hasParts('shellcheck', 'dash', 'busybox'))(
  'shell scripts pass shellcheck as POSIX sh, and every shell reads them',
  async () => {
    await using folder = await tempFolder()
    const names = ['docker', 'front-end'].map(async each =>
      (await readdir(join(templatesDir, each))).map(name => `${each}/${name}`),
    )
    const scripts = (await Promise.all(names)).flat().filter(name => /\.sh$|storemap-deploy$/.test(name))
    expect(scripts.length).toBeGreaterThanOrEqual(5)
    for (const name of scripts) {
      const file = join(folder.path, name.replace('/', '-'))
      await writeFile(file, await rendered(name, ANSWERS))
      const { code, stdout } = await run('shellcheck', ['-s', 'sh', file])
      expect(stdout, name).toBe('')
      expect(code).toBe(0)
      for (const shell of [['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(([command]) =>
        find(command as string),
      )) {
        const [command = '', ...args] = shell
        expect(await run(command, [...args, '-n', file]), `${shell.join(' ')} ${name}`).toMatchObject({
          code: 0,
          stderr: '',
        })
      }
    }
  },
)

test.skipIf(!hasParts('actionlint', 'shellcheck'))(
  'the workflow passes actionlint, its scripts shellcheck',
  async () => {
    await using folder = await tempFolder()
    const file = join(folder.path, '.github/workflows/deploy-sitemap.yml')
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, await rendered('github/deploy-sitemap.yml', ANSWERS))
    expect(await run('actionlint', ['-no-color', file])).toMatchObject({ code: 0, stdout: '' })
  },
)

test('the compose file keeps every answer as it is, a $ in it too', async () => {
  const compose = parse(await rendered('docker/compose.storemap.yaml', { ...ANSWERS, webRoot: "/srv/it's a $web" }))
  expect(compose.services['front-end']).toMatchObject({
    container_name: 'front-end',
    environment: { STOREMAP_REPO: ANSWERS.repo, STOREMAP_BRANCH: 'master', STOREMAP_TO: "/srv/it's a $$web" },
  })
  expect(compose.services.storemap).toMatchObject({ image: 'storemap:latest', read_only: true, cap_drop: ['ALL'] })
  for (const service of Object.values<{ secrets: string[] }>(compose.services))
    for (const secret of service.secrets) expect(Object.keys(compose.secrets)).toContain(secret)
})
