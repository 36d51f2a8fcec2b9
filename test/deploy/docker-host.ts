// A Docker server for tests: the real docker command over podman's socket, with a store of its own, and containers on
// the machine's own network.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../helpers/cli.ts'
import { absent, deployCache, find, hasParts, path, type Ran, run, start } from './parts.ts'

/** Of a front end, and of what the project's own image is made on. */
export const IMAGE = 'localhost/storemap-debian:base'
export const NODE_IMAGE = 'localhost/storemap-node:base'

const settings = {
  PATH: path,
  CONTAINERS_CONF: join(deployCache, 'containers.conf'),
  CONTAINERS_STORAGE_CONF: join(deployCache, 'storage.conf'),
}

/** Whether containers can be run here, and the image is there. */
export async function hasContainers(image: string = IMAGE): Promise<boolean> {
  if (!hasParts('docker', 'podman', 'runc', 'nginx')) return false
  if (process.getuid?.() !== 0) return absent('root, for containers,')
  const version = await run('docker', ['--version'])
  if (!version.stdout.startsWith('Docker version')) return absent('the docker command itself, and no stand-in for it,')
  const there =
    existsSync(settings.CONTAINERS_CONF) &&
    (await run('podman', ['image', 'exists', image], { env: settings })).code === 0
  return there || absent(`the image ${image}`)
}

export interface DockerHost extends AsyncDisposable {
  readonly socket: string
  /** A name that no other test has; such containers are removed in the end. */
  name(what: string): string
  docker(...args: readonly string[]): Promise<Ran>
  /** Of the same images, what docker's words for them leave out over this socket. */
  podman(...args: readonly string[]): Promise<Ran>
  /** Fails where docker does. */
  must(...args: readonly string[]): Promise<string>
  /** Ends and removes a container, where there is one. */
  remove(name: string): Promise<void>
}

export async function startDockerHost(): Promise<DockerHost> {
  const dir = await mkdtemp(join(tmpdir(), 'storemap-docker-'))
  const socket = join(dir, 'docker.sock')
  const service = start('podman', ['system', 'service', '--time=0', `unix://${socket}`], { env: settings })
  const names: string[] = []
  const docker = (...args: readonly string[]) =>
    run(find('docker') as string, args, { env: { PATH: path, HOME: dir, DOCKER_HOST: `unix://${socket}` } })
  const must = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await docker(...args)
    if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}${stdout}`)
    return stdout
  }
  const remove = async (name: string) => {
    await docker('kill', name)
    await docker('rm', '-f', name)
  }
  const host: DockerHost = {
    socket,
    name(what) {
      const name = `storemap-${what}-${randomBytes(4).toString('hex')}`
      names.push(name)
      return name
    },
    docker,
    podman: (...args) => run('podman', args, { env: settings }),
    must,
    remove,
    async [Symbol.asyncDispose]() {
      for (const name of names) await remove(name)
      service.child.kill('SIGTERM')
      await service.ended
      await rm(dir, { recursive: true, force: true })
    },
  }
  await until('docker answers', async () => (await docker('version')).code === 0)
  return host
}
