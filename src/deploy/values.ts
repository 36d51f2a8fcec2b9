// The answers as templates name them: every placeholder and every condition has its value here.
import { type Answers, isRepository, transportOf } from './answers.ts'

/** The empty text where something is not there, so that a condition leaves its line out. */
export function valuesFor(answers: Answers): Readonly<Record<string, string | number>> {
  const [minute = '0', hour = '3', day = '*', month = '*', weekday = '*'] = answers.schedule.trim().split(/\s+/)
  const { storefront, router, locale, gitSyncImage, ingressClass, ...plain } = answers
  const transport = transportOf(answers.repo)
  return {
    ...plain,
    ...{ minute, hour, day, month, weekday },
    storefront: storefront ?? '',
    router: router ?? '',
    locale: locale ?? '',
    ingressClass: ingressClass ?? '',
    /** What nginx serves: git-sync's checkout is behind a link. */
    served: answers.by === 'git-sync' ? `${answers.webRoot}/current` : answers.webRoot,
    host: URL.canParse(answers.site) ? new URL(answers.site).hostname : '',
    overSsh: transport === 'ssh' ? 'yes' : '',
    overHttps: transport === 'https' ? 'yes' : '',
    generator: answers.runner === 'celery' ? '' : 'yes',
    server: answers.by === 'server' ? 'yes' : '',
    /** Files of the configuration beside it. */
    routesFile: answers.way === 'kubernetes' && router !== undefined && !isRepository(router) ? router : '',
    ...imageParts('image', answers.image),
    ...imageParts('gitSync', gitSyncImage ?? ''),
  }
}

/** `registry.example.com:5000/storemap:1` and `…@sha256:…`, as Kustomize wants them. */
function imageParts(key: string, image: string): Readonly<Record<string, string>> {
  const [named = '', digest = ''] = image.split('@')
  const [, name = named, tag = ''] = /^(.*?)(?::([^:/]+))?$/.exec(named) ?? []
  return { [`${key}Name`]: name, [`${key}Tag`]: digest === '' ? tag : '', [`${key}Digest`]: digest }
}
