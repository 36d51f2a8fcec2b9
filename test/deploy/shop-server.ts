// The shop's server as the templates leave it: a front end in a container, and a machine with sshd and docker that
// set-up-server.sh was run on. That machine is a container, too, so that nothing of the real one is changed.
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { render } from '../../src/deploy/render.ts'
import { until } from '../helpers/cli.ts'
import type { SshRemote } from '../helpers/git-remotes.ts'
import { type DockerHost, IMAGE } from './docker-host.ts'
import { freePort, nginxConfig } from './nginx.ts'
import { find, path, type Ran, run, template } from './parts.ts'

/** What nginx's own images do before they start it. */
const ENTRYPOINT = `#!/bin/sh
set -e
for file in $(find /docker-entrypoint.d -name '*.sh' | sort); do "$file"; done
exec "$@"
`
export const WEB_ROOT = '/srv/web'
const DOCKER_GROUP = 4242

export interface Answers {
  readonly container: string
  readonly webRoot: string
  readonly by: string
  readonly repo: string
  readonly branch: string
  readonly server: string
  readonly serverPort: number
}

export const rendered = async (name: string, values: Readonly<Record<string, string | number>>): Promise<string> =>
  render(await readFile(template(name), 'utf8'), values)

export interface FrontEnd {
  readonly container: string
  readonly url: string
  /** Makes the container anew: nothing that was fetched before is left. */
  recreate(env?: Readonly<Record<string, string>>): Promise<void>
  get(name: string): Promise<{ readonly status: number; readonly text: string }>
}

/** A front end with the hook, whose web root is a file system of two megabytes that ends with the container. */
export async function startFrontEnd(
  docker: DockerHost,
  { dir, remote }: { dir: string; remote: SshRemote },
): Promise<FrontEnd> {
  const files = join(dir, 'front-end')
  await mkdir(files, { recursive: true })
  const port = await freePort()
  const snippet = await rendered('front-end/nginx-storemap.conf', { served: WEB_ROOT })
  const write = async (name: string, text: string, mode = 0o644) => {
    await writeFile(join(files, name), text)
    await chmod(join(files, name), mode)
  }
  await write('entrypoint.sh', ENTRYPOINT, 0o755)
  await write('nginx.conf', `daemon off;\n${nginxConfig({ root: '/srv/shop', port, snippet })}`)
  await write('index.html', '<!doctype html><title>Shop</title>')
  for (const name of ['storemap-pull.sh', '40-storemap.sh']) {
    await copyFile(template(`front-end/${name}`), join(files, name))
    await chmod(join(files, name), 0o755)
  }
  await copyFile(remote.keyFile, join(files, 'read-key'))
  await copyFile(remote.knownHostsFile, join(files, 'known-hosts'))
  const container = docker.name('front-end')
  const url = `http://127.0.0.1:${port}`
  const places = {
    'entrypoint.sh': '/docker-entrypoint.sh',
    'nginx.conf': '/etc/nginx/nginx.conf',
    'index.html': '/srv/shop/index.html',
    'storemap-pull.sh': '/usr/local/bin/storemap-pull',
    '40-storemap.sh': '/docker-entrypoint.d/40-storemap.sh',
    'read-key': '/run/secrets/sitemap_read_key',
    'known-hosts': '/run/secrets/sitemap_known_hosts',
  }
  return {
    container,
    url,
    async recreate(env = {}) {
      await docker.remove(container)
      const all = {
        STOREMAP_REPO: remote.url('sitemap.git'),
        STOREMAP_TO: WEB_ROOT,
        STOREMAP_SSH_KEY_FILE: places['read-key'],
        STOREMAP_KNOWN_HOSTS_FILE: places['known-hosts'],
        STOREMAP_EVERY: '0',
        ...env,
      }
      const mounts = Object.entries(places).flatMap(([name, place]) => ['-v', `${join(files, name)}:${place}:ro`])
      const variables = Object.entries(all).flatMap(([name, value]) => ['-e', `${name}=${value}`])
      const command = ['/docker-entrypoint.sh', 'nginx', '-c', '/etc/nginx/nginx.conf']
      await docker.must(
        'run',
        '-d',
        '--name',
        container,
        '--network',
        'host',
        '--tmpfs',
        `${WEB_ROOT}:size=2m,mode=755`,
        ...mounts,
        ...variables,
        IMAGE,
        ...command,
      )
      await until('the front end answers', () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      )
    },
    async get(name) {
      const answer = await fetch(`${url}/${name}`)
      return { status: answer.status, text: await answer.text() }
    },
  }
}

export interface Server {
  readonly container: string
  readonly port: number
  readonly keyFile: string
  readonly otherKeyFile: string
  readonly knownHosts: string
  /** What set-up-server.sh said. */
  setUp(answers: Partial<Answers>, ...options: readonly string[]): Promise<Ran>
  ssh(args: readonly string[], more?: { readonly keyFile?: string; readonly before?: readonly string[] }): Promise<Ran>
  sh(script: string): Promise<Ran>
}

export async function startServer(
  docker: DockerHost,
  { dir, answers }: { dir: string; answers: Answers },
): Promise<Server> {
  const folder = join(dir, 'server')
  await mkdir(folder, { recursive: true })
  const port = answers.serverPort
  for (const name of ['deploy-key', 'other-key'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'deploy', '-f', join(folder, name)])
  await chown(docker.socket, 0, DOCKER_GROUP)
  await chmod(docker.socket, 0o660)
  const container = docker.name('server')
  const script = `mkdir -p /run/sshd && ssh-keygen -A && groupadd -g ${DOCKER_GROUP} docker && exec /usr/sbin/sshd -D -e -p ${port} -o ListenAddress=127.0.0.1 -o UsePAM=no`
  await docker.must(
    'run',
    '-d',
    '--name',
    container,
    '--network',
    'host',
    '-v',
    `${folder}:/setup`,
    '-v',
    `${find('docker')}:/usr/local/bin/docker:ro`,
    '-v',
    `${docker.socket}:/var/run/docker.sock`,
    IMAGE,
    'sh',
    '-c',
    script,
  )
  const sh = (text: string) => docker.docker('exec', container, 'sh', '-c', text)
  await until(
    'the server has its keys',
    async () => (await sh('test -s /etc/ssh/ssh_host_ed25519_key.pub && getent group docker')).code === 0,
  )
  const knownHosts = `[127.0.0.1]:${port} ${(await sh('cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub')).stdout}`
  await writeFile(join(folder, 'known_hosts'), knownHosts)
  return {
    container,
    port,
    keyFile: join(folder, 'deploy-key'),
    otherKeyFile: join(folder, 'other-key'),
    knownHosts,
    sh,
    async setUp(changed, ...options) {
      const values = { ...answers, ...changed }
      for (const name of ['storemap-deploy', 'set-up-server.sh'])
        await writeFile(join(folder, name), await rendered(`docker/${name}`, values))
      await copyFile(template('front-end/storemap-pull.sh'), join(folder, 'storemap-pull.sh'))
      const key = (await readFile(join(folder, 'deploy-key.pub'), 'utf8')).trim()
      return docker.docker('exec', container, 'sh', '/setup/set-up-server.sh', '--key', key, ...options)
    },
    ssh(args, { keyFile = join(folder, 'deploy-key'), before = [] } = {}) {
      const settings = [
        'BatchMode=yes',
        'StrictHostKeyChecking=yes',
        'IdentitiesOnly=yes',
        'GlobalKnownHostsFile=/dev/null',
        `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
      ]
      const options = settings.flatMap(setting => ['-o', setting])
      return run(
        'ssh',
        ['-F', '/dev/null', '-p', String(port), '-i', keyFile, ...options, ...before, 'deploy@127.0.0.1', ...args],
        { env: { PATH: path } },
      )
    },
  }
}
