// What is to be done by hand after `init`, as a page to tick off.
import { type Answers, transportOf } from './answers.ts'
import { kubernetesSteps } from './next-steps-kubernetes.ts'

export function nextSteps(answers: Answers, files: readonly string[]): string {
  const isInCluster = answers.way === 'kubernetes' && answers.runner !== 'celery'
  const steps = [
    database(answers),
    repository(answers),
    ...bring(answers),
    ...(isInCluster ? [verify(answers)] : [first(answers), schedule(answers)]),
  ]
  const numbered = steps.map((step, index) => `## ${index + 1}. ${step}`)
  return `# The sitemap of ${answers.site}

Written by \`storemap init\`. Run it again with other answers at any time: files that you changed are asked about, and stay.

${files.map(path => `- \`${path}\``).join('\n')}

${numbered.join('\n\n')}
`
}

const database = (_: Answers): string => `A role that can only read

\`\`\`sh
psql "$OWNER_URL" -v password="$PASSWORD" -f database/read-only-role.sql
export DATABASE_URL="postgres://storemap:$PASSWORD@db.example.com:5432/saleor"
\`\`\`

A mounted file does as well: \`DATABASE_URL_FILE=/run/secrets/database-url\`.`

function repository({ repo, way }: Answers): string {
  const keys = {
    https: 'Make an access token that may write to it, and give it as `SITEMAP_TOKEN` or `SITEMAP_TOKEN_FILE`.',
    ssh: `Make two deploy keys (\`ssh-keygen -t ed25519 -N '' -f write-key\`, the same for \`read-key\`): one that may write, for Storemap, and
one that may only read, for the front end. Give the first as \`SITEMAP_SSH_KEY_FILE\`, and what \`ssh-keyscan\` prints, once you have
compared it, as \`SITEMAP_KNOWN_HOSTS_FILE\`.`,
    file: 'Who runs Storemap has to be able to write to it, and who serves the shop to read it. `git init --bare` makes an empty one.',
  }[transportOf(repo)]
  const workflow =
    way === 'docker'
      ? '\n\nCopy what is in `sitemap-repository/` into it, on its branch, and push: a push made with a workflow’s own token would start no workflow.'
      : ''
  return `The repository ${repo}\n\n${keys}${workflow}`
}

function bring(answers: Answers): string[] {
  const { way, server, serverPort, container, webRoot, by, repo } = answers
  switch (way) {
    case 'kubernetes':
      return kubernetesSteps(answers)
    case 'docker':
      return [
        `The Docker server ${server}

\`\`\`sh
ssh-keygen -t ed25519 -N '' -C deploy -f deploy-key
scp -P ${serverPort} -r server root@${server}:
ssh -p ${serverPort} root@${server} sh server/set-up-server.sh --key "'$(cat deploy-key.pub)'"
\`\`\`

It prints the host keys. In the sitemap's repository set the secrets \`SITEMAP_DEPLOY_KEY\` (the content of \`deploy-key\`) and
\`SITEMAP_KNOWN_HOSTS\` (what it printed).`,
        `The front end's container ${container}

${by === 'clone' ? 'Its image needs git, and an ssh client where the repository is private.' : 'Its image needs sh and tar only: the server clones, and streams the files into it.'} Put \`front-end/storemap-pull.sh\` into it as
\`/usr/local/bin/storemap-pull\`, \`front-end/40-storemap.sh\` into \`/docker-entrypoint.d/\`, and include \`front-end/nginx-storemap.conf\`
in its server block: with the hook, a container that is made anew fetches the sitemap by itself. \`compose.storemap.yaml\` shows all of it.`,
      ]
    default:
      return [
        `The web server

On the machine that serves ${webRoot}, either

\`\`\`sh
storemap pull --from ${repo} --to ${webRoot} --watch 60s${PULL_KEYS[transportOf(repo)]}
\`\`\`

or, without Node, \`front-end/storemap-pull.sh\` from cron, as its first lines say. Include \`front-end/nginx-storemap.conf\` in the server block of nginx.`,
      ]
  }
}

const first = ({ site, repo }: Answers): string => `The first run

\`\`\`sh
storemap doctor      # what is missing, each with its remedy
storemap diff        # what would be published, and why not the rest
storemap run
storemap verify --site ${site} --from ${repo}
\`\`\``

const verify = ({ site, repo }: Answers): string => `Does the shop serve it?

\`\`\`sh
storemap verify --site ${site} --from ${repo}
\`\`\``

function schedule({ runner, schedule: cron }: Answers): string {
  const how = {
    serve: `Keep \`storemap serve\` running: it keeps the schedule of the configuration, \`${cron}\` in UTC.`,
    cron: `The run has a user of its own, which can read its secrets and nobody else can:

\`\`\`sh
useradd --system --create-home storemap
install -d -o storemap -m 700 /etc/storemap     # the configuration, and the files that schedule/crontab names
install -m 644 schedule/crontab /etc/cron.d/storemap
\`\`\``,
    celery: 'Put `schedule/storemap_task.py` into the shop’s image, and register it as its first lines say.',
  }[runner]
  return `Every night\n\n${how}`
}

const PULL_KEYS = {
  ssh: ' \\\n  --ssh-key read-key --known-hosts known-hosts',
  https: '     # STOREMAP_TOKEN or STOREMAP_TOKEN_FILE, where it is private',
  file: '',
} as const
