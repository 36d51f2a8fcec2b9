// What has to be known to write out the files of a shop: asked of a person, or given by options.
import { parseRemote } from '../io/git-remote.ts'

export const WAYS = ['docker', 'kubernetes', 'folder'] as const
export type Way = (typeof WAYS)[number]
/** How the sitemap gets from its repository to the front end, by the way; the first is the usual one. */
export const BY = {
  docker: ['clone', 'stream'],
  kubernetes: ['pull', 'git-sync', 'server'],
  folder: ['clone'],
} as const satisfies Readonly<Record<Way, readonly string[]>>
export type By = (typeof BY)[Way][number]
export const RUNNERS = ['serve', 'cron', 'celery'] as const
export type Runner = (typeof RUNNERS)[number]

export interface Answers {
  /** Scheme and host of the shop. */
  readonly site: string
  /** Slug of the channel whose anonymous customer decides what is visible. */
  readonly channel: string
  /** A storefront whose addresses are known; undefined: `productUrl` says where products are. */
  readonly storefront: string | undefined
  readonly productUrl: string
  /** The one language of a storefront that has it in its addresses; undefined of others. */
  readonly locale: string | undefined
  /** The front end's source: a path, or the address of its repository; undefined: a list of paths. */
  readonly router: string | undefined
  /** The repository that carries the sitemap. */
  readonly repo: string
  readonly branch: string
  /** Five fields, in UTC. */
  readonly schedule: string
  /** How the sitemap gets to where it is served. */
  readonly way: Way
  /** What starts a run. */
  readonly runner: Runner
  /** The Docker server: its name or address, and its port for ssh. */
  readonly server: string
  readonly serverPort: number
  /** The front end's container, and the folder in it that is served. */
  readonly container: string
  readonly webRoot: string
  /**
   * Docker: the container clones by itself, or is sent the files, since it may have no git, or no network. Kubernetes: a
   * container beside the front end's pulls, or git-sync does, or Storemap serves it behind an Ingress.
   */
  readonly by: By
  readonly image: string
  /** Kubernetes: where the generator is, and the front end's Deployment. */
  readonly namespace: string
  readonly deployment: string
  /** Of an Ingress; undefined: the cluster's default. */
  readonly ingressClass: string | undefined
  /** As its project publishes it; undefined where git-sync is not used. */
  readonly gitSyncImage: string | undefined
}

/** Of those that a person need not think about. */
export const DEFAULTS = {
  channel: 'default-channel',
  productUrl: '/products/{slug}',
  branch: 'master',
  schedule: '0 3 * * *',
  way: 'docker',
  serverPort: 22,
  container: 'front-end',
  webRoot: '/usr/share/nginx/html',
  runner: 'serve',
  image: 'storemap:latest',
  namespace: 'default',
} as const

/** Of Kubernetes: a folder of the pod, which may hide nothing of the front end's image; and a CronJob. */
export const KUBERNETES_DEFAULTS = { webRoot: '/srv/sitemap', runner: 'cron' } as const

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[?[0-9a-fA-F:]+\]?$/

/** What is wrong with a name of the world outside, by its key; undefined where it fits. `repo` and `router` are those of pods. */
export function answerProblem(key: keyof Answers, value: unknown): string | undefined {
  const text = String(value)
  switch (key) {
    case 'schedule':
      return text.trim().split(/\s+/).length === 5 ? undefined : 'has five fields, "0 3 * * *"'
    case 'server':
      return HOST.test(text) ? undefined : 'is the name or address of a host, server.example.com'
    case 'serverPort':
      return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? undefined : 'is a port, 22'
    case 'container':
      return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(text) ? undefined : 'is the name of a container, front-end'
    case 'webRoot':
      return /^\/[^\0\n$]*[^/\0\n$]$/.test(text)
        ? undefined
        : 'is the path of a folder in the container, /usr/share/nginx/html'
    case 'namespace':
    case 'deployment':
    case 'ingressClass':
      return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? undefined : 'is a name of Kubernetes, front-end'
    case 'repo':
      return transportOf(text) === 'file'
        ? 'is a repository that pods can reach, git@github.com:acme/sitemap.git'
        : undefined
    case 'router':
      // A pod has no folders of this machine; what it takes along lies beside the configuration.
      return isRepository(text) || /^[\w-]+(\.[\w-]+)*\.json$/.test(text)
        ? undefined
        : 'is a repository, git@github.com:acme/shop.git#src/routes.tsx, or a routes.json beside the configuration, since a pod has nothing else'
    case 'image':
    case 'gitSyncImage':
      return /^[\w][\w./:@-]*$/.test(text) ? undefined : 'is the name of an image, registry.example.com/storemap:1'
    default:
      return undefined
  }
}

/** `git@host:path`, `https://…`, `ssh://…`: a repository; all else is a path. */
export const isRepository = (router: string): boolean =>
  /^(https?|ssh|git\+ssh|file):\/\//.test(router) || /^[\w.-]+@[\w.-]+:/.test(router)

/** How a repository is reached, and so which keys it needs: of a folder none. */
export function transportOf(repo: string): 'ssh' | 'https' | 'file' {
  const read = parseRemote(repo, '/')
  if ('problem' in read || read.remote.transport === 'file') return 'file'
  return read.remote.transport === 'ssh' ? 'ssh' : 'https'
}
