// The files that `init` writes for a shop, by its answers.
import { fileURLToPath } from 'node:url'
import { readTextIfThere } from '../io/files.ts'
import type { NewFile } from '../io/put-files.ts'
import type { Answers } from './answers.ts'
import { configText } from './config-text.ts'
import { nextSteps } from './next-steps.ts'
import { render } from './render.ts'
import { valuesFor } from './values.ts'

/** Where a template goes; `executable` for programs. */
type Placed = readonly [template: string, path: string, executable?: boolean]

const PULL: Placed = ['front-end/storemap-pull.sh', 'front-end/storemap-pull.sh', true]
const NGINX: Placed = ['front-end/nginx-storemap.conf', 'front-end/nginx-storemap.conf']

const DOCKER: readonly Placed[] = [
  PULL,
  ['front-end/40-storemap.sh', 'front-end/40-storemap.sh', true],
  NGINX,
  ['docker/storemap-deploy', 'server/storemap-deploy', true],
  ['docker/set-up-server.sh', 'server/set-up-server.sh', true],
  // The server has it, too: it clones where the container cannot.
  ['front-end/storemap-pull.sh', 'server/storemap-pull.sh', true],
  ['docker/compose.storemap.yaml', 'compose.storemap.yaml'],
  ['github/deploy-sitemap.yml', 'sitemap-repository/.github/workflows/deploy-sitemap.yml'],
  ['front-end/storemap-verify.sh', 'sitemap-repository/.github/storemap-verify.sh', true],
]

const inKubernetes = (folder: string, ...names: readonly string[]): readonly Placed[] =>
  names.map(name => [`kubernetes/${folder}/${name}.yaml`, `kubernetes/${folder}/${name}.yaml`])

const GENERATOR = inKubernetes('base', 'kustomization', 'cron-job', 'service-account', 'network-policy')
const SERVER = inKubernetes(
  'server',
  ...['kustomization', 'deployment', 'service', 'ingress', 'pod-disruption-budget', 'network-policy'],
)

function kubernetesFor({ by, runner }: Answers): readonly Placed[] {
  // A task of the shop's own Celery needs no generator.
  const generator = runner === 'celery' ? [] : GENERATOR
  const server = by === 'server' ? SERVER : []
  const overlay: readonly Placed[] =
    generator.length + server.length > 0 ? [['kubernetes/kustomization.yaml', 'kustomization.yaml']] : []
  if (by === 'server') return [...overlay, ...generator, ...server]
  return [
    ...overlay,
    ...generator,
    [`kubernetes/front-end/${by}-kustomization.yaml`, 'kubernetes/front-end/kustomization.yaml'],
    [`kubernetes/front-end/${by}.yaml`, `kubernetes/front-end/${by}.yaml`],
    ['front-end/nginx-storemap.conf', 'kubernetes/front-end/nginx-storemap.conf'],
  ]
}

function templatesFor(answers: Answers): readonly Placed[] {
  const { way, runner } = answers
  const front = { docker: DOCKER, folder: [PULL, NGINX], kubernetes: kubernetesFor(answers) }[way]
  return [
    ['database/read-only-role.sql', 'database/read-only-role.sql'],
    ...(runner === 'cron' && way !== 'kubernetes' ? [['schedule/crontab', 'schedule/crontab'] as const] : []),
    ...(runner === 'celery' ? [['schedule/storemap_task.py', 'schedule/storemap_task.py'] as const] : []),
    ...front,
  ]
}

/** In the order in which a person will want to read them. */
export async function filesFor(answers: Answers): Promise<readonly NewFile[]> {
  const values = valuesFor(answers)
  const rendered = await Promise.all(
    templatesFor(answers).map(async ([template, path, executable]) => {
      const text = await readTextIfThere(fileURLToPath(new URL(`templates/${template}`, import.meta.url)))
      if (text === undefined) throw new Error(`there is no template ${template}`)
      return { path, text: render(text, values), executable }
    }),
  )
  const written = ['storemap.config.yaml', ...rendered.map(({ path }) => path)]
  return [
    { path: 'storemap.config.yaml', text: configText(answers) },
    { path: 'SITEMAP.md', text: nextSteps(answers, written) },
    ...rendered,
  ]
}
