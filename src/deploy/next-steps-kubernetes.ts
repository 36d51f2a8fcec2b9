// What is to be done by hand in a cluster.
import { type Answers, transportOf } from './answers.ts'

export function kubernetesSteps(answers: Answers): string[] {
  const { by, runner } = answers
  return [
    image(answers),
    secrets(answers),
    ...(runner === 'celery' ? [] : [generator(answers)]),
    by === 'server' ? server(answers) : frontEnd(answers),
  ]
}

const image = ({ image: name }: Answers): string => `The image

In Storemap's own folder:

\`\`\`sh
make image IMAGE=${name}
docker push ${name}
\`\`\``

function secrets(answers: Answers): string {
  const { namespace, repo, router, by, runner } = answers
  const needsRouterKey = router !== undefined && transportOf(router.split('#')[0] as string) === 'ssh'
  const keys = (name: string) =>
    ({ ssh: [`ssh-key=${name}-key`, 'known-hosts=known-hosts'], https: [`token=${name}-token`], file: [] })[
      transportOf(repo)
    ]
  const writes = [...keys('write'), ...(needsRouterKey ? ['router-key=router-read-key'] : [])]
  const reads = keys('read')
  const create = (where: string, name: string, files: readonly string[]): string =>
    [`kubectl -n ${where} create secret generic ${name}`, ...files.map(file => `  --from-file=${file}`)].join(' \\\n')
  const own = create(namespace, 'storemap', ['database-url=database-url', ...writes])
  const read = create(by === 'server' ? namespace : "<the front end's namespace>", 'sitemap-read', reads)
  return `The secrets

Each from a file that holds nothing else; no manifest has them, so they are in no repository.${runner === 'celery' ? '' : ' One for what makes the\nsitemap, one with a key that may only read for what serves it.'}

\`\`\`sh
${runner === 'celery' ? read : `${own}\n\n${read}`}
\`\`\``
}

const generator = ({ namespace, schedule }: Answers): string => `The generator

\`\`\`sh
storemap doctor && storemap diff   # here, before
kubectl apply -k .
kubectl -n ${namespace} create job --from=cronjob/storemap storemap-first
kubectl -n ${namespace} wait --for=condition=complete --timeout=10m job/storemap-first
kubectl -n ${namespace} logs job/storemap-first
\`\`\`

It runs \`${schedule}\` in UTC. A run that the guard held back fails its Job with exit code 3; the Job's log says what it would
change. Where it is right after all:

\`\`\`sh
kubectl -n ${namespace} create job --from=cronjob/storemap storemap-accept --dry-run=client -o yaml |
  sed 's/^\\( *\\)- run$/&\\n\\1- --accept/' | kubectl apply -f -
\`\`\``

const server = ({ namespace, runner }: Answers): string => `The pods that serve it

\`\`\`sh
${runner === 'celery' ? 'kubectl apply -k .\n' : ''}kubectl -n ${namespace} rollout status deployment/sitemap-server
\`\`\`

They get requests as soon as something is published. Their Ingress takes the sitemap's paths of the shop's host; all others stay
where they are.`

const frontEnd = ({ deployment, by, webRoot }: Answers): string => `The front end's pods

In the \`kustomization.yaml\` that makes the Deployment \`${deployment}\`, with the path to this folder:

\`\`\`yaml
components:
  - kubernetes/front-end
\`\`\`

It adds a container ${by === 'git-sync' ? 'of git-sync' : 'of Storemap'} that fetches the sitemap into \`${webRoot}\`, a folder of the pod, and the configuration of
nginx that serves it from there: in its server block stands \`include /etc/nginx/storemap.d/*.conf;\`. The front end's image stays as it
is. Where Helm makes the Deployment, apply the component by a post-renderer, or copy its lines.`
