// The front-end container: is it running, and has it what the deployment needs. Everything is asked by `docker exec`.
import { type CommandResult, runCommand } from '../io/process.ts'
import type { Check, Looking, Tell } from './check.ts'
import { LOOK } from './container-script.ts'

export interface ContainerOptions {
  readonly name: string
  /** The folder in it that is served. */
  readonly webRoot: string
  /** As docker's own --host; undefined: what its environment and context say. */
  readonly host: string | undefined
}

export const containerCheck = (options: ContainerOptions): Check => ({
  area: `container ${options.name}`,
  title: 'running',
  look: async looking => {
    if (!(await tellRunning(options, looking))) return
    const said = await docker(['exec', options.name, 'sh', '-c', LOOK, 'sh', options.webRoot], options, looking)
    if (said?.code !== 0) {
      const words = lastLine(said?.stderr ?? '') || `exit code ${said?.code}`
      looking.tell.fail('sh', `no script can be run in it: ${words}`, {
        remedy: 'Use an image that has a shell (alpine, debian), or let the front end pull: docs/operations.md.',
      })
      return
    }
    const facts = new Map(
      said.stdout
        .toString()
        .split('\n')
        .map(line => line.split('=', 2) as [string, string]),
    )
    tellTools(looking.tell, facts)
    tellFolder(looking.tell, facts, options.webRoot)
    tellServer(looking.tell, facts, options.webRoot)
  },
})

async function tellRunning(options: ContainerOptions, looking: Looking): Promise<boolean> {
  const { tell } = looking
  const args = ['container', 'inspect', '--format', '{{.State.Running}}', options.name]
  const said = await docker(args, options, looking)
  if (!said) {
    tell.fail('docker', 'there is no such command', {
      remedy: 'Install the docker CLI, or run this on the Docker server.',
    })
    return false
  }
  if (said.code !== 0) {
    const words = lastLine(said.stderr) || `exit code ${said.code}`
    tell.fail('running', words, { remedy: remedyFor(words, options.name) })
    return false
  }
  if (said.stdout.toString().trim() !== 'true') {
    tell.fail('running', 'it is there, and stopped', { remedy: `docker start ${options.name}` })
    return false
  }
  tell.ok('running', 'it is')
  return true
}

function remedyFor(words: string, name: string): string {
  if (/permission denied/i.test(words))
    return 'Let this user use docker: "usermod -aG docker USER", or run it as one who may; being in that group is as good as being root.'
  if (/no such (container|object)|no container with/i.test(words))
    return `See "docker ps --all" for the name of the front end's; --container names another than ${name}.`
  return 'Start docker ("systemctl start docker"), or say by --docker-host or DOCKER_HOST where it is.'
}

function tellTools(tell: Tell, facts: ReadonlyMap<string, string>): void {
  const has = (tool: string): boolean => facts.get(tool) === 'yes'
  if (!has('sha256sum')) {
    tell.fail('sha256sum', 'it is not there, and no file can be checked without', {
      remedy: 'Add coreutils or busybox to the image.',
    })
  }
  if (has('git')) tell.ok('tools', `sh, git${has('sha256sum') ? ', sha256sum' : ''}: it can fetch by itself`)
  else if (has('tar')) {
    tell.warn('tools', 'sh and tar, and no git: it cannot fetch by itself', {
      remedy: 'Stream the files into it ("storemap init --by stream"), or add git to the image.',
    })
  } else
    tell.fail('tools', 'neither git nor tar', {
      remedy: 'Add git to the image, or tar and "storemap init --by stream".',
    })
}

function tellFolder(tell: Tell, facts: ReadonlyMap<string, string>, webRoot: string): void {
  const user = facts.get('user') ?? 'its user'
  const isThere = facts.get('folder') === 'yes'
  if (facts.get('writable') !== 'yes') {
    tell.fail('folder', `${user} may not write ${webRoot}`, {
      remedy: 'Run the script as its owner ("docker exec --user"), or mount a volume there that it may write.',
    })
  } else if (facts.get('links') !== 'yes') {
    tell.warn('folder', `${webRoot} takes no links, so files cannot all change at once`, { remedy: '--switch copy' })
  } else tell.ok('folder', `${webRoot} ${isThere ? 'is there' : 'can be made'}, and ${user} may write it`)
  const freeKb = Number(facts.get('free') || Number.NaN)
  if (freeKb < 65_536) {
    tell.warn('room', `${Math.floor(freeKb / 1024)} MB free in it`, {
      remedy: 'docker system prune; or a larger disk.',
    })
  }
  if (facts.get('temp') !== 'yes') {
    tell.warn('temporary folder', 'it cannot be written', {
      remedy: 'Mount one: docker run --tmpfs /tmp …; or set TMPDIR.',
    })
  }
}

function tellServer(tell: Tell, facts: ReadonlyMap<string, string>, webRoot: string): void {
  if (facts.get('server') !== 'nginx') {
    tell.ok('server', 'no nginx is running in it; whether another one serves the folder cannot be told from here')
  } else if (facts.get('root') === 'no') {
    tell.warn('server', `nginx is running, and no "root" of it leads to ${webRoot}`, {
      remedy: `Name the folder that it serves by --web-root, or write into its server block: root ${webRoot};`,
    })
  } else if (facts.get('root') === 'yes') tell.ok('server', `nginx serves ${webRoot}`)
  else tell.ok('server', 'nginx is running; its configuration could not be read')
}

/** Undefined where there is no such command. */
async function docker(
  args: readonly string[],
  { host }: ContainerOptions,
  { signal, waitMs }: Looking,
): Promise<CommandResult | undefined> {
  const at = host === undefined ? [] : ['--host', host]
  return runCommand('docker', [...at, ...args], { timeoutMs: waitMs, signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    const { code } = (cause ?? {}) as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EACCES') throw cause
    return undefined
  })
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? ''
