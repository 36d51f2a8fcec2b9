// The Docker way with real parts: a real sshd with the bound key, the real docker command, a real nginx in a container.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { tempFolder } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import { type SshRemote, startSshRemote } from '../helpers/git-remotes.ts'
import { createProject, listShop, type Project, paths } from '../helpers/project.ts'
import { type DockerHost, hasContainers, IMAGE, startDockerHost } from './docker-host.ts'
import { freePort } from './nginx.ts'
import { type FrontEnd, type Server, startFrontEnd, startServer, WEB_ROOT } from './shop-server.ts'

const isThere = await hasContainers()

let home: Awaited<ReturnType<typeof tempFolder>>
let project: Project
let remote: SshRemote
let docker: DockerHost
let frontEnd: FrontEnd
let server: Server

/** A run that publishes so many pages. */
async function publish(count: number): Promise<string> {
  await project.write('paths.txt', paths(count))
  expect((await project.run(['run'])).code).toBe(0)
  return String(await project.repository.read('storemap.json'))
}
const served = async () => (await frontEnd.get('storemap.json')).text

beforeAll(async () => {
  if (!isThere) return
  home = await tempFolder()
  project = await createProject()
  await project.configure({
    ...listShop,
    robots: {},
    limits: { entries: 10 },
    guard: { maxShrink: '100%' },
    publish: [{ git: { repo: '../sitemap.git' } }],
  })
  await publish(25)
  remote = await startSshRemote({ root: join(project.dir, '..') })
  docker = await startDockerHost()
  frontEnd = await startFrontEnd(docker, { dir: home.path, remote })
  await frontEnd.recreate()
  const answers = {
    container: frontEnd.container,
    webRoot: WEB_ROOT,
    by: 'clone',
    repo: remote.url('sitemap.git'),
    branch: 'master',
    server: '127.0.0.1',
    serverPort: await freePort(),
  }
  server = await startServer(docker, { dir: home.path, answers })
})
afterAll(async () => {
  await docker?.[Symbol.asyncDispose]()
  await remote?.close()
  await project?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

describe.skipIf(!isThere)('the server', () => {
  test('is set up by a script that shows what it does, and does nothing the second time', async () => {
    const shown = await server.setUp({}, '--dry-run')
    expect(shown.stdout).toContain('+ useradd')
    expect((await server.sh('id deploy')).code).not.toBe(0)

    const first = await server.setUp({})
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toContain('+ write /usr/local/bin/storemap-deploy')
    expect(first.stdout).toContain(server.knownHosts.trim())
    const second = await server.setUp({})
    expect(second.stdout).not.toContain('+ ')
    const keys = (
      await server.sh(
        'cat /home/deploy/.ssh/authorized_keys; stat -c "%U %a" /home/deploy/.ssh /home/deploy/.ssh/authorized_keys',
      )
    ).stdout
    expect(keys).toMatch(
      /^restrict,command="\/usr\/local\/bin\/storemap-deploy" ssh-ed25519 \S+ deploy\nroot 755\nroot 644\n$/,
    )
    expect((await server.sh('getent shadow deploy')).stdout).toMatch(/^deploy:\*:/)
  })

  test.each([
    ['a private key', ['--key', '-----BEGIN OPENSSH PRIVATE KEY-----']],
    ['two lines', ['--key', 'ssh-ed25519 AAAA\nssh-ed25519 BBBB']],
    ['options of its own', ['--key', 'command="sh" ssh-ed25519 AAAA']],
    ['root', ['--user', 'root']],
    ['an option that there is not', ['--force']],
  ])('is not set up with %s', async (_, options) => {
    expect(await server.setUp({}, ...options)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Nothing was changed.'),
    })
  })

  test('lets the key deploy and ask, and nothing else: no command, no shell, no forwarding, no other key', async () => {
    expect((await server.ssh(['status'])).stdout).toMatch(
      new RegExp(`^${frontEnd.container}: running, serves revision [0-9a-f]{64}\\n$`),
    )
    for (const words of [
      ['id'],
      ['deploy; id'],
      ['deploy', '--adopt'],
      ['status\nid'],
      ['$(id)'],
      [],
      ['sh', '-c', 'id'],
    ]) {
      const { code, stdout, stderr } = await server.ssh(words)
      expect([code, stdout], words.join(' ')).toEqual([2, ''])
      expect(stderr).toContain('error DEPLOY_WRONG_COMMAND')
    }
    const terminal = await server.ssh([], { before: ['-tt'] })
    expect(terminal.stdout + terminal.stderr).toMatch(/PTY allocation request failed/)
    const forwarded = await server.ssh([], {
      before: ['-N', '-o', 'ExitOnForwardFailure=yes', '-R', '127.0.0.1:0:127.0.0.1:1'],
    })
    expect(forwarded).toMatchObject({ code: 255, stderr: expect.stringContaining('remote port forwarding failed') })
    const copied = await server.ssh(['sftp-server'], { before: ['-s'] })
    expect(copied.code).not.toBe(0)
    expect(await server.ssh(['status'], { keyFile: server.otherKeyFile })).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('Permission denied (publickey'),
    })
  })

  test('deploys what is published into the container, by the container’s own clone', async () => {
    const published = await publish(31)
    expect(await served()).not.toBe(published)
    const deployed = await server.ssh(['deploy'])
    expect(deployed).toMatchObject({ code: 0, stderr: '' })
    expect(deployed.stdout).toMatch(/^updated \/srv\/web to revision/)
    expect(await served()).toBe(published)
    expect((await server.ssh(['deploy'])).stdout).toMatch(/^unchanged: revision/)
  })

  test('works with one line of sudoers instead of the group', async () => {
    expect(await server.setUp({}, '--sudo')).toMatchObject({ code: 0, stdout: expect.stringContaining('+ gpasswd') })
    expect((await server.sh('id -n -G deploy')).stdout.trim()).toBe('deploy')
    const sudo = (command: string) => server.sh(`su deploy -c 'sudo -n ${command}'`)
    expect((await sudo('/usr/local/bin/storemap-deploy status')).code).toBe(0)
    for (const command of ['id', '/usr/local/bin/storemap-deploy other', '/usr/local/bin/storemap-deploy'])
      expect((await sudo(command)).stderr, command).toContain('a password is required')
    expect((await server.sh('visudo -c')).code).toBe(0)
    expect(await server.ssh(['deploy'])).toMatchObject({ code: 0, stderr: '' })
    expect((await server.ssh(['id'])).code).not.toBe(0)
    expect((await server.ssh(['deploy; id'])).code).not.toBe(0)
    expect((await server.setUp({})).code).toBe(0)
    expect((await sudo('/usr/local/bin/storemap-deploy status')).code).not.toBe(0)
    await server.sh('gpasswd -d deploy docker')
    expect(await server.ssh(['deploy'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error DEPLOY_NO_PERMISSION'),
    })
    expect((await server.setUp({})).stdout).toContain('+ usermod')
    expect(await server.ssh(['status'])).toMatchObject({ code: 0 })
  })
})

describe.skipIf(!isThere)('a container without git or network', () => {
  test('is sent the files: the server clones, and streams them through docker exec', async () => {
    const bare = docker.name('bare')
    await docker.must(
      'run',
      '-d',
      '--name',
      bare,
      '--network',
      'none',
      '--tmpfs',
      WEB_ROOT,
      IMAGE,
      'sh',
      '-c',
      'rm /usr/bin/git; exec sleep 3600',
    )
    await until('git is gone', async () => (await docker.docker('exec', bare, 'git', 'version')).code !== 0)
    expect((await server.setUp({ by: 'stream', container: bare })).code).toBe(0)
    // The server's own key for the repository.
    expect(await server.ssh(['deploy'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /error TARGET_(HOST_KEY_UNKNOWN|AUTH_FAILED)[\s\S]*error DEPLOY_FAILED This server could not fetch/,
      ),
    })
    const key = (await readFile(remote.keyFile, 'utf8')).trim()
    const hosts = (await readFile(remote.knownHostsFile, 'utf8')).trim()
    await server.sh(
      `mkdir -p /etc/storemap && cd /etc/storemap && echo '${key}' >ssh-key && echo '${hosts}' >known-hosts && chown deploy ssh-key && chmod 400 ssh-key`,
    )
    const deployed = await server.ssh(['deploy'])
    expect(deployed).toMatchObject({ code: 0, stderr: '' })
    const published = String(await project.repository.read('storemap.json'))
    expect(await docker.must('exec', bare, 'cat', `${WEB_ROOT}/storemap.json`)).toBe(published)
    expect((await server.sh('ls /tmp')).stdout).toBe('')
    expect((await server.setUp({})).code).toBe(0)
  })
})

describe.skipIf(!isThere)('a container that is made anew', () => {
  test('serves the sitemap without anyone pushing', async () => {
    const published = String(await project.repository.read('storemap.json'))
    await frontEnd.recreate()
    expect(await served()).toBe(published)
    expect((await docker.must('logs', frontEnd.container)).length).toBeGreaterThanOrEqual(0)
  })

  test('fetches again on its period', async () => {
    await frontEnd.recreate({ STOREMAP_EVERY: '1' })
    const published = await publish(17)
    await until('the new sitemap is served', async () => (await served()) === published)
    // And the pulls end with the container, which they do not hold up.
    const started = performance.now()
    await docker.must('stop', '-t', '60', frontEnd.container)
    expect(performance.now() - started).toBeLessThan(30_000)
    expect((await docker.docker('top', frontEnd.container)).code).not.toBe(0)
  })

  test('starts the shop though the remote cannot be reached, and the log says so', async () => {
    await frontEnd.recreate({ STOREMAP_REPO: 'ssh://git@127.0.0.1:1/acme/sitemap.git' })
    expect((await frontEnd.get('')).text).toContain('Shop')
    expect((await frontEnd.get('sitemap.xml')).status).toBe(404)
    const log = await docker.docker('logs', frontEnd.container)
    expect(log.stderr + log.stdout).toMatch(
      /error TARGET_UNREACHABLE The repository acme\/sitemap cannot be reached[\s\S]*storemap: the shop starts with the sitemap that it has/,
    )
  })
})

describe.skipIf(!isThere)('a link that is broken', () => {
  beforeEach(async () => {
    await frontEnd.recreate()
  })
  const deploy = async () => {
    const { code, stderr } = await server.ssh(['deploy'])
    return `${code} ${stderr}`
  }

  test('is named: no such container, and one that is not running', async () => {
    await docker.must('stop', '-t', '1', frontEnd.container)
    expect(await deploy()).toMatch(
      /^1 error DEPLOY_NOT_RUNNING The container "storemap-front-end-\w+" is not running. Nothing was deployed/,
    )
    expect((await server.ssh(['status'])).stdout).toContain(': exited, serves no sitemap')
    await docker.must('rm', frontEnd.container)
    expect(await deploy()).toMatch(/^1 error DEPLOY_NO_CONTAINER There is no container/)
  })

  test('is named: a container without the script, and docker that does not answer', async () => {
    const bare = docker.name('bare')
    await docker.must('run', '-d', '--name', bare, IMAGE, 'sleep', '3600')
    await server.setUp({ container: bare })
    expect(await deploy()).toMatch(/^1 error DEPLOY_NO_PULL The container/)
    await server.setUp({})
    await server.sh(
      'sed -i "s|^library=|export DOCKER_HOST=unix:///nowhere.sock\\nlibrary=|" /usr/local/bin/storemap-deploy',
    )
    expect(await deploy()).toMatch(/^1 error DEPLOY_DOCKER_DOWN Docker does not answer on this server/)
    await server.setUp({})
  })

  test('is named, and the old sitemap stays: a full disk in the container, a remote away, a bundle that was altered', async () => {
    const before = await served()
    const commit = await project.repository.head()
    await publish(29)
    await docker.docker(
      'exec',
      frontEnd.container,
      'sh',
      '-c',
      `dd if=/dev/zero of=${WEB_ROOT}/.rest bs=4096 2>/dev/null`,
    )
    expect(await deploy()).toMatch(
      /^1 error DISK_FULL [\s\S]*error DEPLOY_FAILED The pull in the container "storemap-front-end-\w+" failed/,
    )
    await docker.must('exec', frontEnd.container, 'rm', `${WEB_ROOT}/.rest`)
    expect(await served()).toBe(before)

    await project.repository.commit({ 'sitemap.xml': 'altered' })
    expect(await deploy()).toMatch(/^1 error BUNDLE_FILE_ALTERED The file "sitemap.xml" [\s\S]*error DEPLOY_FAILED/)
    expect(await served()).toBe(before)

    await docker.must('exec', frontEnd.container, 'sh', '-c', 'mv /usr/bin/ssh /usr/bin/ssh.away')
    expect(await deploy()).toMatch(/^1 error TARGET_UNREACHABLE [\s\S]*error DEPLOY_FAILED/)
    expect(await served()).toBe(before)
    expect(commit).toBeDefined()
    await publish(30)
    await docker.must('exec', frontEnd.container, 'mv', '/usr/bin/ssh.away', '/usr/bin/ssh')
    expect(await deploy()).toMatch(/^0 /)
    expect(await served()).toBe(String(await project.repository.read('storemap.json')))
  })
})
