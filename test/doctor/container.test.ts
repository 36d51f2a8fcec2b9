// What the doctor says of a front-end container, by the real docker command with podman behind it.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DockerHost, hasContainers, IMAGE, startDockerHost } from '../deploy/docker-host.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import { freePort } from '../helpers/http.ts'
import { examined, textOf } from './setting.ts'

const WEB_ROOT = '/usr/share/nginx/html'

describe.skipIf(!(await hasContainers()))('the front-end container', () => {
  let folder: AsyncDisposable & { readonly path: string }
  let server: DockerHost
  let host: string
  const started: string[] = []
  beforeAll(async () => {
    folder = await tempFolder()
    server = await startDockerHost()
    host = `unix://${server.socket}`
  })
  afterAll(async () => {
    // A process that is the first of its container hears no gentler signal.
    for (const name of started) {
      await docker('kill', name)
      await docker('rm', '--force', name)
    }
    await server?.[Symbol.asyncDispose]()
    await folder?.[Symbol.asyncDispose]()
  })

  const docker: DockerHost['docker'] = (...args) => server.docker(...args)

  /** One that lives until the end of the tests. */
  async function container(script: string, ...options: string[]): Promise<string> {
    const name = server.name('doctor')
    await server.must('run', '--detach', '--network=host', '--name', name, ...options, IMAGE, 'sh', '-c', script)
    started.push(name)
    return name
  }

  const look = async (name: string, webRoot = WEB_ROOT, at = host) => {
    const list = { site: 'https://shop.invalid', sections: { pages: { of: 'list', paths: ['/'] } } }
    const said = await examined(list, { folder: folder.path, container: { name, webRoot, host: at } })
    return { ...said, lines: said.lines.filter(({ area }) => area.startsWith('container')) }
  }
  const verdicts = ({ lines }: Awaited<ReturnType<typeof look>>) => lines.map(({ what, result }) => `${what} ${result}`)

  test('with git and an nginx that serves the folder is all green, and left as it was', async () => {
    const port = await freePort()
    const conf = `events {} http { access_log off; server { listen 127.0.0.1:${port}; root ${WEB_ROOT}; } }`
    const name = await container(
      `mkdir -p ${WEB_ROOT} && echo '${conf}' > /etc/nginx/nginx.conf && exec nginx -g 'daemon off;'`,
    )
    await until('nginx runs', async () => (await docker('exec', name, 'test', '-s', '/run/nginx.pid')).code === 0)
    const said = await look(name)
    expect(verdicts(said), textOf(said.lines)).toEqual(['running ok', 'tools ok', 'folder ok', 'server ok'])
    expect(said.line('tools').found).toBe('sh, git, sha256sum: it can fetch by itself')
    expect(said.line('server').found).toBe(`nginx serves ${WEB_ROOT}`)
    expect((await docker('exec', name, 'ls', '-A', WEB_ROOT)).stdout).not.toContain('.storemap-doctor')
    expect((await look(name, '/srv/elsewhere')).line('server')).toMatchObject({
      result: 'warning',
      found: 'nginx is running, and no "root" of it leads to /srv/elsewhere',
    })
  })

  test('without git, whose folder its user may not write, or that is stopped, is told', async () => {
    const bare = await container('rm -f /usr/bin/git && exec sleep 3600')
    expect((await look(bare)).line('tools')).toMatchObject({
      result: 'warning',
      found: 'sh and tar, and no git: it cannot fetch by itself',
      remedy: expect.stringContaining('--by stream'),
    })
    const closed = await container('exec sleep 3600', '--user', '65534:65534')
    expect((await look(closed)).line('folder')).toMatchObject({
      result: 'failed',
      found: `nobody may not write ${WEB_ROOT}`,
    })
    await docker('stop', '--time', '0', bare)
    expect((await look(bare)).line('running')).toMatchObject({ result: 'failed', remedy: `docker start ${bare}` })
  })

  test('that is not there, or a docker that nobody answers for, is told', async () => {
    const said = await look('no-such-container')
    expect(said.line('running'), textOf(said.lines)).toMatchObject({
      result: 'failed',
      remedy: expect.stringContaining('docker ps --all'),
    })
    const nowhere = await look('front-end', WEB_ROOT, `unix://${join(folder.path, 'nowhere.sock')}`)
    expect(nowhere.line('running')).toMatchObject({
      result: 'failed',
      remedy: expect.stringContaining('systemctl start docker'),
    })
  })
})
