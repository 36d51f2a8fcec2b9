// What `init` writes for Kubernetes, in a real one: a namespace that lets no pod have rights, an image that was built, real
// secrets, git over ssh, a shop's database, and a front end that knows nothing of sitemaps but one line.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { hasSshd, type SshRemote, startSshRemote } from '../helpers/git-remotes.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { repositoryRoot } from '../oracles/build-once.ts'
import { type Cluster, hasCluster, startCluster } from './cluster.ts'
import { type DockerHost, IMAGE as FRONT_END, hasContainers, NODE_IMAGE, startDockerHost } from './docker-host.ts'
import { type Forward, forward } from './forward.ts'
import { hasGitSync, writeGitSyncImage } from './git-sync.ts'

const isThere = hasCluster() && hasSshd && (await hasContainers()) && (await hasContainers(NODE_IMAGE))
const IMAGE = 'localhost/storemap:cluster'
const GIT_SYNC = 'localhost/git-sync:cluster'
const GIT_SYNC_IS = hasGitSync ? 'git-sync' : 'a stand-in for git-sync'

// biome-ignore lint/suspicious/noExplicitAny: what a cluster has is of as many shapes as kinds
type Manifest = any

let cluster: Cluster
let docker: DockerHost
let project: Project
let remote: SshRemote
let forwards: Forward[]
let repo: string

describe.skipIf(!isThere)('in a cluster', () => {
  beforeAll(async () => {
    docker = await startDockerHost()
    cluster = await startCluster()
    project = await createProject({ withDatabase: true })
    remote = await startSshRemote({ root: join(project.dir, '..') })
    const database = new URL(project.database?.url as string)
    forwards = [
      await forward(cluster.hostAddress, remote.port),
      await forward(cluster.hostAddress, Number(database.port)),
    ]
    const [ssh, postgres] = forwards as [Forward, Forward]
    repo = remote.url('sitemap.git').replace(`127.0.0.1:${remote.port}`, `${cluster.hostAddress}:${ssh.port}`)
    database.host = `${cluster.hostAddress}:${postgres.port}`
    const knownHosts = (await readFile(remote.knownHostsFile, 'utf8')).replace(
      `[127.0.0.1]:${remote.port}`,
      `[${cluster.hostAddress}]:${ssh.port}`,
    )
    // Files of these names are what SITEMAP.md makes the secrets of.
    await mkdir(join(project.dir, 'shop'))
    await project.write('shop/database-url', database.href)
    for (const name of ['write-key', 'read-key'])
      await project.write(`shop/${name}`, await readFile(remote.keyFile, 'utf8'))
    await project.write('shop/known-hosts', knownHosts)
    await makeImages()
    for (const namespace of ['shop', 'web']) await cluster.must('create', 'namespace', namespace)
    await cluster.must('label', 'namespace', 'shop', 'web', 'pod-security.kubernetes.io/enforce=restricted')
  }, 420_000)
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    for (const each of forwards ?? []) await each.close()
    await remote?.close()
    await project?.[Symbol.asyncDispose]()
    await docker?.[Symbol.asyncDispose]()
  }, 60_000)

  async function makeImages(): Promise<void> {
    const build = ['build', '-q', '--build-arg', `NODE_IMAGE=${NODE_IMAGE}`, '-t', IMAGE, repositoryRoot]
    await docker.must(...build)
    const gitSync = await writeGitSyncImage(join(project.dir, 'git-sync'), FRONT_END)
    await docker.must('build', '-q', '-t', GIT_SYNC, gitSync)
    for (const image of [IMAGE, FRONT_END, GIT_SYNC]) {
      const file = join(project.tmp, 'image.tar')
      expect((await docker.podman('save', '-q', '-o', file, image)).code).toBe(0)
      await cluster.load(file)
      await rm(file)
    }
  }

  async function init(dir: string, ...args: readonly string[]): Promise<void> {
    const given = ['--site', 'https://shop.example.com', '--repo', repo, '--way', 'kubernetes', '--image', IMAGE]
    const { code, stderr } = await project.run(['init', dir, '--yes', ...given, '--namespace', 'shop', ...args])
    expect(code, stderr).toBe(0)
  }

  /** The commands of a step of SITEMAP.md, as a person copies them. */
  async function commandsOf(dir: string, step: string): Promise<string> {
    const text = await readFile(join(project.dir, dir, 'SITEMAP.md'), 'utf8')
    const section = text.split('\n## ').find(each => each.includes(step)) ?? ''
    return [...section.matchAll(/```sh\n(.*?)```/gs)].map(match => match[1]).join('\n')
  }
  const shell = async (line: string, dir = 'shop') => {
    const said = await cluster.shell(line, join(project.dir, dir))
    expect(said.code, `${line}\n${said.stdout}${said.stderr}`).toBe(0)
    return said.stdout
  }
  const get = async (...args: readonly string[]) => JSON.parse(await cluster.must('get', ...args, '-o', 'json'))
  const jobIs = (name: string, condition: string) =>
    cluster.must('-n', 'shop', 'wait', `--for=condition=${condition}`, '--timeout=120s', `job/${name}`)
  const setProducts = (sql: string) => project.database?.query(sql)
  const from = async (address: string, name: string) => {
    const answer = await fetch(`http://${address}/${name}`, { signal: AbortSignal.timeout(5_000) })
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: Buffer.from(await answer.arrayBuffer()),
    }
  }

  test('the steps of SITEMAP.md lead to a published sitemap, by a Job of the CronJob', async () => {
    await init('shop', '--by', 'pull')
    await shell((await commandsOf('shop', 'The secrets')).replaceAll("<the front end's namespace>", 'web'))
    const steps = (await commandsOf('shop', 'The generator')).split('\n').filter(line => !line.startsWith('storemap '))
    const accept = steps.findIndex(line => line.includes('storemap-accept'))
    await shell(steps.slice(0, accept).join('\n'))
    expect(await project.repository.names()).toContain('sitemap.xml')
    expect(await cluster.must('-n', 'shop', 'logs', 'job/storemap-first')).toContain('published to git')
  })

  test('one that the guard holds back fails once, says why, and is accepted by the line of SITEMAP.md', async () => {
    await setProducts('update product_product set metadata = metadata || \'{"sitemap": "exclude"}\' where id % 2 = 0')
    const before = await project.repository.read('storemap.json')
    await cluster.must('-n', 'shop', 'create', 'job', '--from=cronjob/storemap', 'storemap-held')
    await jobIs('storemap-held', 'failed')
    const job = await get('-n', 'shop', 'job', 'storemap-held')
    expect(job.status).toMatchObject({ failed: 1 })
    expect(job.status.conditions.map(({ reason }: Manifest) => reason)).toContain('PodFailurePolicy')
    expect(await cluster.must('-n', 'shop', 'logs', 'job/storemap-held')).toMatch(/products.* fell from/)
    expect(await project.repository.read('storemap.json')).toEqual(before)

    const lines = (await commandsOf('shop', 'The generator')).split('\n')
    await shell(lines.slice(lines.findIndex(line => line.includes('storemap-accept'))).join('\n'))
    await jobIs('storemap-accept', 'complete')
    expect(await project.repository.read('storemap.json')).not.toEqual(before)
    expect((await project.repository.subjects())[0]).toContain('(accepted)')
  })

  test('a mistake of the configuration fails once, and the pod says what it is', async () => {
    await init('wrong', '--by', 'pull')
    const file = join(project.dir, 'wrong/storemap.config.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('visibleInListings', 'visibleInListing'))
    await shell('kubectl apply -k .', 'wrong')
    await cluster.must('-n', 'shop', 'create', 'job', '--from=cronjob/storemap', 'storemap-wrong')
    await jobIs('storemap-wrong', 'failed')
    const pods = await get('-n', 'shop', 'pods', '-l', 'batch.kubernetes.io/job-name=storemap-wrong')
    expect(pods.items).toHaveLength(1)
    const { exitCode, message } = pods.items[0].status.containerStatuses[0].state.terminated
    expect([exitCode, message]).toEqual([2, expect.stringContaining('Did you mean')])
    await shell('kubectl apply -k .')
  })

  /** A front end of the shop's own, in its own namespace, which takes the component that was written for it. */
  async function deployFrontEnd(name: string, dir: string): Promise<void> {
    const nginx = `daemon off; pid /tmp/nginx.pid; error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c; uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
  server {
    listen 8080;
    include /etc/nginx/storemap.d/*.conf;
    location / { return 200 "the shop's own page"; }
  }
}
`
    const security = {
      runAsNonRoot: true,
      runAsUser: 101,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    }
    const container = {
      name: 'web',
      image: FRONT_END,
      command: ['nginx', '-c', '/settings/nginx.conf'],
      ports: [{ containerPort: 8080 }],
      readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
      securityContext: security,
      volumeMounts: [{ name: 'settings', mountPath: '/settings' }],
    }
    const labels = { app: name }
    const resources = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-nginx` }, data: { 'nginx.conf': nginx } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [container], volumes: [{ name: 'settings', configMap: { name: `${name}-nginx` } }] },
          },
        },
      },
    ]
    const kustomization = { namespace: 'web', resources: ['all.yaml'], components: [`../${dir}/kubernetes/front-end`] }
    await mkdir(join(project.dir, `${name}-manifests`))
    const all = resources.map(each => JSON.stringify(each)).join('\n---\n')
    await project.write(`${name}-manifests/all.yaml`, all)
    await project.write(`${name}-manifests/kustomization.yaml`, JSON.stringify(kustomization))
    await shell('kubectl apply -k .', `${name}-manifests`)
    await cluster.must('-n', 'web', 'rollout', 'status', `deployment/${name}`, '--timeout=150s')
  }

  const podOf = async (name: string) => {
    const { items } = await get('-n', 'web', 'pods', '-l', `app=${name}`)
    expect(items).toHaveLength(1)
    return { address: `${items[0].status.podIP}:8080`, ...items[0].metadata, ...items[0].status }
  }

  async function expectServed(address: string, pod?: { readonly name: string }): Promise<void> {
    for (const name of await project.repository.names()) {
      const { status, body } = await from(address, name)
      const said =
        status === 200 || !pod ? '' : (await cluster.kubectl('-n', 'web', 'logs', pod.name, '--all-containers')).stdout
      expect(status, `${name}\n${said}`).toBe(200)
      expect(body.equals((await project.repository.read(name)) as Buffer), name).toBe(true)
    }
  }

  const isNewest = async (address: string) =>
    (await from(address, 'storemap.json')).body.equals((await project.repository.read('storemap.json')) as Buffer)

  test(`a container beside the front end’s brings it the sitemap, Storemap or ${GIT_SYNC_IS}`, async () => {
    const given = ['--container', 'web', '--git-sync-image', GIT_SYNC]
    await init('pulled', '--by', 'pull', '--deployment', 'pulled', ...given)
    await init('synced', '--by', 'git-sync', '--deployment', 'synced', ...given)
    await Promise.all([deployFrontEnd('pulled', 'pulled'), deployFrontEnd('synced', 'synced')])
    for (const name of ['pulled', 'synced']) {
      const pod = await podOf(name)
      await expectServed(pod.address, pod)
      expect((await from(pod.address, 'sitemap.xml')).type).toBe('application/xml')
      expect((await from(pod.address, 'sitemap-none.xml')).status).toBe(404)
      expect(String((await from(pod.address, 'products')).body)).toBe("the shop's own page")
    }
  })

  test('the CronJob runs when its time comes, and both bring what is new within a minute, without a new pod', async () => {
    const pods = await Promise.all(['pulled', 'synced'].map(podOf))
    const before = await project.repository.read('storemap.json')
    await setProducts("update product_product set name = name || ' (new)'")
    await cluster.must('-n', 'shop', 'patch', 'cronjob', 'storemap', '-p', '{"spec":{"schedule":"* * * * *"}}')
    const isPublished = async () => !(await project.repository.read('storemap.json'))?.equals(before as Buffer)
    await until('the time comes', isPublished, 100_000)
    await shell('kubectl apply -k .')
    const { items } = await get('-n', 'shop', 'jobs')
    const own = items.filter(
      ({ metadata }: Manifest) => metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'],
    )
    expect(own.length).toBeGreaterThan(0)
    for (const pod of pods) {
      await until('the new one', () => isNewest(pod.address), 90_000)
      await expectServed(pod.address, pod)
    }
    for (const [index, name] of ['pulled', 'synced'].entries()) {
      const after = await podOf(name)
      expect(after.uid).toBe(pods[index].uid)
      expect(after.initContainerStatuses.map(({ restartCount }: Manifest) => restartCount)).toEqual([0, 0])
    }
  }, 240_000)

  test('pods of their own serve it, as soon as they have it, and a new one by itself', async () => {
    await cluster.must('-n', 'shop', 'create', 'secret', 'generic', 'sitemap-read', ...(await readSecret()))
    await init('served', '--by', 'server')
    await shell('kubectl apply -k .', 'served')
    await cluster.must('-n', 'shop', 'rollout', 'status', 'deployment/sitemap-server', '--timeout=120s')
    const { spec } = await get('-n', 'shop', 'service', 'sitemap-server')
    await expectServed(spec.clusterIP)
    await cluster.must('-n', 'shop', 'delete', 'pods', '-l', 'app.kubernetes.io/name=sitemap-server', '--wait=false')
    await cluster.must('-n', 'shop', 'rollout', 'status', 'deployment/sitemap-server', '--timeout=120s')
    await expectServed(spec.clusterIP)
    const budget = await get('-n', 'shop', 'pdb', 'sitemap-server')
    expect(budget.status).toMatchObject({ expectedPods: 2, desiredHealthy: 1 })
  })

  const readSecret = async () =>
    ['ssh-key=read-key', 'known-hosts=known-hosts'].map(
      each => `--from-file=${each.replace('=', `=${join(project.dir, 'shop')}/`)}`,
    )

  test('without the repository, or without its secret, the shop starts; the sitemap comes when it can', async () => {
    await init('alone-pulled', '--by', 'pull', '--deployment', 'alone-pulled', '--container', 'web')
    await init(
      'alone-synced',
      '--by',
      'git-sync',
      '--git-sync-image',
      GIT_SYNC,
      '--deployment',
      'alone-synced',
      '--container',
      'web',
    )
    await cluster.must('-n', 'web', 'delete', 'secret', 'sitemap-read')
    await deployFrontEnd('alone-synced', 'alone-synced')
    await cluster.must('-n', 'web', 'create', 'secret', 'generic', 'sitemap-read', ...(await readSecret()))
    await rename(project.repository.dir, `${project.repository.dir}-away`)
    try {
      await deployFrontEnd('alone-pulled', 'alone-pulled')
      for (const name of ['alone-synced', 'alone-pulled']) {
        const pod = await podOf(name)
        expect(String((await from(pod.address, 'products')).body)).toBe("the shop's own page")
        expect((await from(pod.address, 'sitemap.xml')).status).toBe(404)
        expect(pod.conditions.find(({ type }: Manifest) => type === 'Ready').status).toBe('True')
      }
    } finally {
      await rename(`${project.repository.dir}-away`, project.repository.dir)
    }
    // A mounted secret is looked at each minute or so.
    for (const name of ['alone-pulled', 'alone-synced']) {
      const pod = await podOf(name)
      await until('the sitemap', async () => (await from(pod.address, 'sitemap.xml')).status === 200, 200_000)
      await expectServed(pod.address, pod)
      expect(pod.initContainerStatuses[1].restartCount).toBe(0)
    }
  }, 300_000)
})
