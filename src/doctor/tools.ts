// Programs that a run starts, and the one that runs it.
import { runCommand } from '../io/process.ts'
import type { Check, Looking, Tell } from './check.ts'

export interface ToolsOptions {
  /** Whether the configuration reads or writes a repository. */
  readonly git: boolean
  readonly ssh: boolean
}

const OLDEST_NODE = [20, 19] as const
const OLDEST_GIT = [2, 29] as const

export const toolsCheck = ({ git, ssh }: ToolsOptions): Check => ({
  area: 'tools',
  title: 'tools',
  look: async looking => {
    const { tell } = looking
    const node = process.versions.node
    if (isOld(node, OLDEST_NODE)) {
      tell.fail('node', `${node}, and ${OLDEST_NODE.join('.')} or newer is needed`, {
        remedy: 'Install a newer Node.js.',
      })
    } else tell.ok('node', node)
    if (git) await tellGit(tell, looking)
    if (ssh) await tellSsh(tell, looking)
  },
})

async function tellGit(tell: Tell, looking: Looking): Promise<void> {
  const said = await versionOf('git', ['version'], looking)
  const version = /\d+(\.\d+)+/.exec(said ?? '')?.[0]
  const remedy = 'Debian, Ubuntu: apt-get install git; Alpine: apk add git; and see that PATH has it.'
  if (version === undefined) tell.fail('git', 'there is no such command', { remedy })
  else if (isOld(version, OLDEST_GIT)) tell.fail('git', `${version}, and 2.29 or newer is needed`, { remedy })
  else tell.ok('git', version)
}

async function tellSsh(tell: Tell, looking: Looking): Promise<void> {
  const said = await versionOf('ssh', ['-V'], looking)
  if (said !== undefined) tell.ok('ssh', said.split(/[,\n]/)[0]?.trim() || 'there')
  else {
    tell.fail('ssh', 'there is no such command, and a repository is reached by it', {
      remedy: 'Debian, Ubuntu: apt-get install openssh-client; Alpine: apk add openssh-client',
    })
  }
}

/** What it says of itself; undefined where it cannot be started. */
async function versionOf(
  command: string,
  args: readonly string[],
  { signal, waitMs }: Looking,
): Promise<string | undefined> {
  const result = await runCommand(command, args, { timeoutMs: waitMs, signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    const { code } = (cause ?? {}) as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'EACCES') throw cause
    return undefined
  })
  return result && `${result.stdout.toString()}${result.stderr}`
}

function isOld(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number)
  return first < major || (first === major && second < minor)
}
