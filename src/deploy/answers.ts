// What has to be known to write out the files of a shop: asked of a person, or given by options.

export const WAYS = ['docker', 'folder'] as const
export type Way = (typeof WAYS)[number]
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
  /** Whether the container clones by itself, or is sent the files: it may have no git, or no network. */
  readonly by: 'clone' | 'stream'
  readonly image: string
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
  by: 'clone',
  runner: 'serve',
  image: 'storemap:latest',
} as const

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[?[0-9a-fA-F:]+\]?$/

/** What is wrong with a name of the world outside, by its key; undefined where it fits. */
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
    case 'image':
      return /^[\w][\w./:@-]*$/.test(text) ? undefined : 'is the name of an image, registry.example.com/storemap:1'
    default:
      return undefined
  }
}
