// The files that `init` writes for a shop, by its answers.
import { fileURLToPath } from 'node:url'
import { readTextIfThere } from '../io/files.ts'
import type { NewFile } from '../io/put-files.ts'
import type { Answers } from './answers.ts'
import { configText } from './config-text.ts'
import { nextSteps } from './next-steps.ts'
import { render } from './render.ts'

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

function templatesFor({ way, runner }: Answers): readonly Placed[] {
  return [
    ['database/read-only-role.sql', 'database/read-only-role.sql'],
    ...(runner === 'cron' ? [['schedule/crontab', 'schedule/crontab'] as const] : []),
    ...(runner === 'celery' ? [['schedule/storemap_task.py', 'schedule/storemap_task.py'] as const] : []),
    ...(way === 'docker' ? DOCKER : [PULL, NGINX]),
  ]
}

/** In the order in which a person will want to read them. */
export async function filesFor(answers: Answers): Promise<readonly NewFile[]> {
  const [minute = '0', hour = '3', day = '*', month = '*', weekday = '*'] = answers.schedule.trim().split(/\s+/)
  const { storefront, router, locale, ...plain } = answers
  const values = {
    ...plain,
    storefront: storefront ?? '',
    router: router ?? '',
    locale: locale ?? '',
    minute,
    hour,
    day,
    month,
    weekday,
  }
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
