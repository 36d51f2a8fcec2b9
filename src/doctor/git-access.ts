// How a git target lets us in, and what of that will not do for a job that runs by itself.
import type { Environment } from '../config/environment.ts'
import { type GitRemote, resolvePath } from '../io/git-remote.ts'
import { permissionsOf } from '../io/room.ts'
import { isLockedKey, readKeyFile } from '../io/ssh-key.ts'
import type { GitOptions } from '../publishers/git/options.ts'
import type { Tell } from './check.ts'

/** Who runs us, as the environment tells. */
export interface CallerFacts {
  readonly environment: Environment
}

export function tellAddress(tell: Tell, { username, password, transport }: GitRemote, { token }: GitOptions): void {
  if (transport !== 'https' && transport !== 'http') return
  if (password === undefined && (username === undefined || token !== undefined)) return
  tell.warn('address', 'it has the access token in it, where logs and error messages of others may show it', {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    remedy: 'Take it out of "repo", and write token: ${GIT_TOKEN}; GIT_TOKEN_FILE may name a file that has it.',
  })
}

/** A forge starts nothing for a push that a job of its own made: it could go on for ever. */
export function tellWorkflowToken(tell: Tell, token: string | undefined, { environment }: CallerFacts): void {
  if (token === undefined) return
  const isOneOf = (...names: string[]): boolean => names.some(name => environment[name] === token)
  const isWorkflows =
    token.startsWith('ghs_') || (environment.GITHUB_ACTIONS === 'true' && isOneOf('GITHUB_TOKEN', 'GH_TOKEN'))
  if (!isWorkflows && !isOneOf('CI_JOB_TOKEN')) return
  tell.warn(
    'token',
    "it is a workflow's own token: a push made with it starts no workflow, so nothing is deployed by it",
    {
      remedy:
        'Push with a deploy key that may write ("sshKey", an address git@…), or with a token of an account; or start the ' +
        'deploying workflow after the run.',
    },
  )
}

export async function tellKey(tell: Tell, sshKey: string | undefined, base: string): Promise<void> {
  if (sshKey === undefined) {
    tell.ok('key', 'those of this user\'s own ssh are used, since there is no "sshKey"')
    return
  }
  const isContent = /[\n]|^-----BEGIN/.test(sshKey)
  const path = resolvePath(sshKey, base)
  const text = isContent ? sshKey.replaceAll('\\n', '\n') : await readKeyFile(path)
  if (text === undefined) return // the fetch says why
  if (isLockedKey(text) === true) {
    tell.fail('key', 'it has a passphrase, and nobody is there to type it', {
      remedy:
        'Make one without, for this alone: ssh-keygen -t ed25519 -N "" -f deploy_key; and register its public half.',
    })
    return
  }
  const mode = isContent ? undefined : await permissionsOf(path)
  if (mode !== undefined && (mode & 0o077) !== 0) {
    tell.warn('key', `others of this machine may read ${path} (mode ${mode.toString(8).padStart(4, '0')})`, {
      remedy: `chmod 600 ${path}; of a secret in Kubernetes: defaultMode: 0400`,
    })
  } else tell.ok('key', isContent ? 'it is given by its content' : `${path}, for this user alone`)
}

/** After a connection: then one of the two has the host's key. */
export function tellHostKey(tell: Tell, { host = '', port }: GitRemote, knownHosts: string | undefined): void {
  if (knownHosts !== undefined) {
    tell.ok('host key', `that of ${host} is pinned by "knownHosts"`)
    return
  }
  const at = port === undefined ? '' : `-p ${port} `
  tell.warn(
    'host key',
    `that of ${host} is known to this user's own ssh alone, and not where a job runs as somebody else`,
    {
      remedy: `Take it with "ssh-keyscan ${at}${host}", compare it with the one its owner publishes, and give it as "knownHosts".`,
    },
  )
}
