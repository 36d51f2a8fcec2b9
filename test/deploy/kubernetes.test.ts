// What `init` writes for a cluster: complete, valid to the letter in old and new versions, and with no more rights than needed.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { createProject, type Project } from '../helpers/project.ts'
import { hasParts, run } from './parts.ts'

/** Sidecars came in 1.29; the newest that the validator knows. */
const VERSIONS = ['1.29', '1.34', '1.37']
const SSH = 'git@github.com:acme/sitemap.git'
const HTTPS = 'https://github.com/acme/sitemap.git'
const isThere = hasParts('kubectl', 'kubernetes-validate')

// biome-ignore lint/suspicious/noExplicitAny: manifests have as many shapes as kinds
type Manifest = any

let project: Project
beforeAll(async () => {
  project = await createProject()
})
afterAll(() => project[Symbol.asyncDispose]())

const given = (by: string, repo: string, ...more: readonly string[]) => [
  ...[
    '--yes',
    '--way',
    'kubernetes',
    '--site',
    'https://shop.example.com',
    '--image',
    'registry.example.com:5000/storemap:0.1.0',
  ],
  ...[
    '--by',
    by,
    '--repo',
    repo,
    '--git-sync-image',
    'mirror.example.com/git-sync:v4.7.1',
    '--namespace',
    'shop',
    ...more,
  ],
]

async function init(dir: string, args: readonly string[]): Promise<void> {
  expect(await project.run(['init', dir, ...args])).toMatchObject({ code: 0, stderr: '' })
}

async function kustomize(dir: string): Promise<{ readonly text: string; readonly manifests: readonly Manifest[] }> {
  const { code, stdout, stderr } = await run('kubectl', ['kustomize', join(project.dir, dir)])
  expect(code, stderr).toBe(0)
  const text = Buffer.from(stdout, 'latin1').toString('utf8')
  return { text, manifests: parseAllDocuments(text).map(each => each.toJS()) }
}

/** A shop's own front end that takes the component. */
async function frontEnd(
  dir: string,
  name = 'front-end',
): Promise<{ readonly text: string; readonly manifests: readonly Manifest[] }> {
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          initContainers: [{ name: 'settings', image: 'shop:1' }],
          containers: [{ name, image: 'shop:1', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }],
          volumes: [{ name: 'settings', emptyDir: {} }],
        },
      },
    },
  }
  const kustomization = {
    resources: ['deployment.json'],
    components: [`../${dir}/kubernetes/front-end`],
    namespace: 'web',
  }
  await mkdir(join(project.dir, `${dir}-shop`))
  await writeFile(join(project.dir, `${dir}-shop/deployment.json`), JSON.stringify(deployment))
  await writeFile(join(project.dir, `${dir}-shop/kustomization.yaml`), JSON.stringify(kustomization))
  return kustomize(`${dir}-shop`)
}

async function expectValid(text: string): Promise<void> {
  await writeFile(join(project.dir, 'all.yaml'), text)
  for (const version of VERSIONS) {
    const said = await run('kubernetes-validate', ['-k', version, '--strict', join(project.dir, 'all.yaml')])
    expect(said, `${version}: ${said.stdout}${said.stderr}`).toMatchObject({ code: 0 })
  }
}

const kinds = (manifests: readonly Manifest[]) => manifests.map(({ kind }) => kind).toSorted()
const find = (manifests: readonly Manifest[], kind: string) => manifests.find(each => each.kind === kind)
const podOf = ({ kind, spec }: Manifest): Manifest => (kind === 'CronJob' ? spec.jobTemplate.spec : spec).template.spec

function expectUnprivileged(pod: Manifest, names: readonly string[]): void {
  expect(JSON.stringify(pod)).not.toMatch(/subPath|persistentVolumeClaim|hostPath|hostNetwork|"privileged"/)
  for (const name of names) {
    const container = [...(pod.initContainers ?? []), ...pod.containers].find(each => each.name === name)
    const { runAsNonRoot, runAsUser, seccompProfile, ...security } = {
      ...pod.securityContext,
      ...container.securityContext,
    }
    expect({ runAsNonRoot, seccompProfile }, name).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(runAsUser).toBeGreaterThan(0)
    expect(security).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container.resources.limits.memory).toMatch(/Mi$/)
  }
}

describe.skipIf(!isThere)('in Kubernetes', () => {
  test('the generator is a CronJob that runs alone, ends in time, and has no rights', async () => {
    await init(
      'generator',
      given('pull', SSH, '--schedule', '15 4 * * 1-5', '--router', 'git@github.com:acme/shop.git#src/routes.tsx'),
    )
    const { text, manifests } = await kustomize('generator')
    await expectValid(text)
    expect(kinds(manifests)).toEqual(['ConfigMap', 'CronJob', 'NetworkPolicy', 'ServiceAccount'])
    expect(manifests.map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'shop', 'shop', 'shop'])
    const job = find(manifests, 'CronJob')
    expect(job.spec).toMatchObject({ schedule: '15 4 * * 1-5', timeZone: 'Etc/UTC', concurrencyPolicy: 'Forbid' })
    expect(job.spec.startingDeadlineSeconds).toBeGreaterThan(0)
    expect(job.spec.jobTemplate.spec.activeDeadlineSeconds).toBeGreaterThan(0)
    const pod = podOf(job)
    expectUnprivileged(pod, ['storemap'])
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
      serviceAccountName: 'storemap',
    })
    expect(pod.containers[0].image).toBe('registry.example.com:5000/storemap:0.1.0')
    const { name, annotations } = find(manifests, 'ConfigMap').metadata
    expect(pod.volumes[0].configMap.name).toBe(name)
    expect(annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' })
    expect(find(manifests, 'ConfigMap').data['storemap.config.yaml']).toBe(
      await readFile(join(project.dir, 'generator/storemap.config.yaml'), 'utf8'),
    )
  })

  test('a changed configuration is another ConfigMap, so that no pod has half of it', async () => {
    await init('changed', given('pull', SSH))
    const before = find((await kustomize('changed')).manifests, 'ConfigMap').metadata.name
    const file = join(project.dir, 'changed/storemap.config.yaml')
    await writeFile(file, `${await readFile(file, 'utf8')}# changed\n`)
    expect(find((await kustomize('changed')).manifests, 'ConfigMap').metadata.name).not.toBe(before)
  })

  test('a routes.json goes along with the configuration', async () => {
    await init('routes', given('pull', SSH, '--router', 'routes.json'))
    await writeFile(join(project.dir, 'routes/routes.json'), '{"format":1}')
    const { manifests } = await kustomize('routes')
    expect(Object.keys(find(manifests, 'ConfigMap').data)).toEqual(['routes.json', 'storemap.config.yaml'])
  })

  test.each([
    ['pull over ssh', 'pull', SSH],
    ['pull over https', 'pull', HTTPS],
    ['git-sync over ssh', 'git-sync', SSH],
    ['git-sync over https', 'git-sync', HTTPS],
  ])('the front end gets the sitemap by %s, and its own pod stays as it is', async (_, by, repo) => {
    const dir = `${by}-${repo === SSH}`
    await init(dir, given(by, repo, '--container', 'web'))
    await expectValid((await kustomize(dir)).text)
    const { text, manifests } = await frontEnd(dir, 'web')
    await expectValid(text)
    expect(kinds(manifests)).toEqual(['ConfigMap', 'Deployment'])
    const pod = podOf(find(manifests, 'Deployment'))
    expectUnprivileged(pod, ['sitemap-first', 'sitemap'])
    expect(pod.initContainers.map(({ name }: Manifest) => name)).toEqual(['sitemap-first', 'sitemap', 'settings'])
    expect(pod.initContainers[1].restartPolicy).toBe('Always')
    const [container] = pod.containers
    expect(pod.containers).toHaveLength(1)
    expect(container.volumeMounts).toContainEqual({ name: 'settings', mountPath: '/settings' })
    expect(container.volumeMounts).toContainEqual({ name: 'sitemap', mountPath: '/srv/sitemap', readOnly: true })
    // Only what fetches has the key; where it is missing the pod starts all the same.
    expect(JSON.stringify(container)).not.toContain('secret')
    expect(pod.volumes.find(({ name }: Manifest) => name === 'sitemap-secrets').secret.optional).toBe(true)
    const root = by === 'pull' ? '/srv/sitemap' : '/srv/sitemap/current'
    expect(find(manifests, 'ConfigMap').data['nginx-storemap.conf']).toContain(`root "${root}";`)
    const [key, token] = repo === SSH ? ['ssh-key', undefined] : [undefined, '/run/secrets/sitemap/token']
    expect(JSON.stringify(pod.initContainers).includes('ssh-key')).toBe(key !== undefined)
    expect(JSON.stringify(pod.initContainers).includes('/sitemap/token')).toBe(token !== undefined)
    expect(pod.initContainers[0].image).toMatch(
      by === 'pull' ? /^registry\..*\/storemap:0\.1\.0$/ : /git-sync:v4\.7\.1$/,
    )
  })

  test('or pods of their own serve it, behind its paths of the shop’s host', async () => {
    await init('server', given('server', HTTPS, '--ingress-class', 'traefik'))
    const { text, manifests } = await kustomize('server')
    await expectValid(text)
    expect(kinds(manifests)).toEqual([
      'ConfigMap',
      'CronJob',
      'Deployment',
      'Ingress',
      'NetworkPolicy',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ])
    const deployment = find(manifests, 'Deployment')
    expectUnprivileged(podOf(deployment), ['server'])
    const labels = deployment.spec.template.metadata.labels
    for (const selector of [
      deployment.spec.selector.matchLabels,
      find(manifests, 'Service').spec.selector,
      find(manifests, 'PodDisruptionBudget').spec.selector.matchLabels,
      manifests.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'sitemap-server').spec
        .podSelector.matchLabels,
    ])
      expect(labels).toMatchObject(selector)
    // The generator's pods are none of the server's, and the other way round.
    expect(labels['app.kubernetes.io/name']).not.toBe('storemap')
    const ingress = find(manifests, 'Ingress').spec
    expect(ingress).toMatchObject({ ingressClassName: 'traefik', rules: [{ host: 'shop.example.com' }] })
    expect(ingress.rules[0].http.paths.map(({ path }: Manifest) => path)).toEqual([
      '/sitemap',
      '/robots.txt',
      '/storemap.json',
    ])
  })

  test('with the shop’s own Celery there is no generator', async () => {
    await init('celery', given('server', SSH, '--runner', 'celery'))
    const { text, manifests } = await kustomize('celery')
    await expectValid(text)
    expect(kinds(manifests)).not.toContain('CronJob')
    await init('celery-pull', given('pull', SSH, '--runner', 'celery'))
    expect(kinds((await frontEnd('celery-pull')).manifests)).toEqual(['ConfigMap', 'Deployment'])
  })

  test('answers stay what they are, a variable of Kubernetes among them', async () => {
    await init(
      'hostile',
      given(
        'pull',
        'ssh://git@example.com/$(HOME)/it\'s "one".git',
        '--branch',
        'a$(B)',
        '--web-root',
        "/srv/it's (a) web",
      ),
    )
    const { text, manifests } = await frontEnd('hostile')
    await expectValid(text)
    const { args } = podOf(find(manifests, 'Deployment')).initContainers[0]
    expect(args.slice(1, 7)).toEqual([
      ...[
        '--from',
        'ssh://git@example.com/$$(HOME)/it\'s "one".git',
        '--branch',
        'a$$(B)',
        '--to',
        "/srv/it's (a) web",
      ],
    ])
  })

  test('an image by its digest keeps it', async () => {
    const digest = `sha256:${'a1'.repeat(32)}`
    await init('digest', given('pull', SSH, '--image', `registry.example.com/team/storemap@${digest}`))
    const job = find((await kustomize('digest')).manifests, 'CronJob')
    expect(podOf(job).containers[0].image).toBe(`registry.example.com/team/storemap@${digest}`)
  })

  test('the validator does not let everything pass', async () => {
    await init('wrong', given('pull', SSH))
    const { text } = await kustomize('wrong')
    await writeFile(join(project.dir, 'wrong.yaml'), text.replace('concurrencyPolicy', 'concurencyPolicy'))
    const said = await run('kubernetes-validate', ['-k', '1.34', '--strict', join(project.dir, 'wrong.yaml')])
    expect(said.code).not.toBe(0)
    expect(said.stdout + said.stderr).toContain('concurencyPolicy')
  })
})

test('what does not fit a cluster is told, all at once', async () => {
  const { code, stderr } = await project.run([
    ...[
      'init',
      'nothing',
      '--yes',
      '--way',
      'kubernetes',
      '--by',
      'git-sync',
      '--site',
      'https://shop.example.com',
      '--repo',
      '/srv/git/sitemap.git',
    ],
    ...[
      '--router',
      '../front-end/src',
      '--runner',
      'serve',
      '--namespace',
      'A_',
      '--deployment',
      '-x',
      '--ingress-class',
      'a b',
    ],
  ])
  expect(code).toBe(2)
  for (const flag of [
    'repo',
    'image',
    'git-sync-image',
    'router',
    'runner',
    'namespace',
    'deployment',
    'ingress-class',
  ])
    expect(stderr).toContain(`  --${flag}: `)
  expect(stderr).toContain('Nothing was written.')
})

test('SITEMAP.md leads on with the names of this shop', async () => {
  await init('steps', given('git-sync', HTTPS, '--deployment', 'storefront'))
  const steps = await readFile(join(project.dir, 'steps/SITEMAP.md'), 'utf8')
  for (const part of [
    'kubectl -n shop create secret generic storemap',
    'kubectl apply -k .',
    '`storefront`',
    'make image IMAGE=registry',
  ])
    expect(steps).toContain(part)
  expect(parse(await readFile(join(project.dir, 'steps/kustomization.yaml'), 'utf8')).resources).toEqual([
    'kubernetes/base',
  ])
})
