// The task for the shop's Celery: a real beat and worker over a real Redis start a real run.
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { programPath, until } from '../helpers/cli.ts'
import { createProject, listShop, type Project, paths } from '../helpers/project.ts'
import { freePort } from './nginx.ts'
import { find, hasParts, path, type Running, run, start } from './parts.ts'

const isThere = hasParts('celery', 'redis-server')

// As Saleor's own settings module has them, before Storemap's lines.
const SETTINGS = `
CELERY_BEAT_SCHEDULE = {"others": {"task": "saleor.others", "schedule": 3600.0}}
CELERY_IMPORTS = [*globals().get("CELERY_IMPORTS", []), "saleor.storemap_task"]
from saleor.storemap_task import STOREMAP_BEAT
CELERY_BEAT_SCHEDULE.update(STOREMAP_BEAT)
`
const CELERY = `
import os
from celery import Celery
app = Celery("saleor", broker=os.environ["CELERY_BROKER_URL"])
app.config_from_object("saleor.settings", namespace="CELERY")
`

let project: Project
let broker: string
let redis: Running | undefined

describe.skipIf(!isThere)('the task for Celery', () => {
  beforeAll(async () => {
    project = await createProject()
    const port = await freePort()
    broker = `redis://127.0.0.1:${port}/0`
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      project.tmp,
    ]
    redis = start(find('redis-server') as string, options)
    await until('redis', async () => redis?.said().includes('Ready to accept connections') === true)
  })
  afterAll(async () => {
    redis?.child.kill()
    await redis?.ended
    await project?.[Symbol.asyncDispose]()
  })

  async function startCelery(): Promise<Running> {
    const app = join(project.dir, 'app/saleor')
    await mkdir(app, { recursive: true })
    await writeFile(join(app, '__init__.py'), '')
    await writeFile(join(app, 'settings.py'), SETTINGS)
    await writeFile(join(app, 'celeryconf.py'), CELERY)
    await copyFile(join(project.dir, 'shop/schedule/storemap_task.py'), join(app, 'storemap_task.py'))
    const worker = [
      '-A',
      'saleor.celeryconf',
      'worker',
      '-B',
      '-l',
      'info',
      '--concurrency',
      '1',
      '-s',
      join(project.tmp, 'beat'),
    ]
    return start(find('celery') as string, worker, {
      cwd: join(project.dir, 'app'),
      group: true,
      env: {
        PATH: path,
        PYTHONDONTWRITEBYTECODE: '1',
        TMPDIR: project.tmp,
        CELERY_BROKER_URL: broker,
        STOREMAP_COMMAND: `${process.execPath} ${await programPath()}`,
        STOREMAP_CONFIG: join(project.dir, 'storemap.config.json'),
      },
    })
  }

  test('runs each time that the beat says so, and reports a run that fails with its error', {
    timeout: 240_000,
  }, async () => {
    const args = ['--site', 'https://shop.example.com', '--repo', 'git@github.com:acme/sitemap.git', '--way', 'folder']
    const { code } = await project.run([
      'init',
      'shop',
      '--yes',
      ...args,
      '--runner',
      'celery',
      '--schedule',
      '* * * * *',
    ])
    expect(code).toBe(0)
    await project.configure({ ...listShop, publish: [{ git: { repo: '../sitemap.git' } }] })
    await project.write('paths.txt', paths(25))
    const celery = await startCelery()
    try {
      await until('a run', () => /Task storemap\.run\[[^\]]*\] succeeded/.test(celery.said()), 90_000)
      expect(await project.repository.names()).toContain('sitemap.xml')
      await writeFile(join(project.dir, 'storemap.config.json'), '{ "site": "shop" }')
      const task = ['-b', broker, 'call', 'storemap.run']
      expect(await run(find('celery') as string, task)).toMatchObject({ code: 0 })
      await until('a failure', async () => celery.said().includes('storemap run ended with 2'), 90_000)
      expect(celery.said()).toContain('CONFIG_INVALID')
    } finally {
      process.kill(-(celery.child.pid as number), 'SIGTERM')
      await celery.ended
    }
  })
})
