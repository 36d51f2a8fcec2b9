// A real Kubernetes of one node for tests, where .ci/cluster.sh has brought its programs.
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../oracles/build-once.ts'
import { path, type Ran, run } from './parts.ts'

/** Outside the project, so that every clone of it finds them: they take minutes to build. */
const programs = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'storemap/cluster')
const script = join(repositoryRoot, 'test/deploy/single-node.sh')

/** Too slow to demand on every machine, so its absence is a skip everywhere, out loud. */
export function hasCluster(): boolean {
  if (process.env.STOREMAP_CLUSTER === 'later') {
    console.warn('skipped for now: the cluster has its turn later (STOREMAP_CLUSTER)')
    return false
  }
  const isThere = existsSync(join(programs, 'kubelet')) && existsSync(join(programs, 'debian/containerd'))
  if (isThere && process.getuid?.() === 0) return true
  console.warn(`skipped: no cluster here (${isThere ? 'it needs root' : '.ci/cluster.sh'})`)
  return false
}

export interface Cluster extends AsyncDisposable {
  /** The machine, as pods see it. */
  readonly hostAddress: string
  kubectl(...args: readonly string[]): Promise<Ran>
  /** Fails where kubectl does; gives what it printed. */
  must(...args: readonly string[]): Promise<string>
  /** Runs a line of a shell that calls kubectl, in a folder. */
  shell(line: string, cwd: string): Promise<Ran>
  /** An image, as `docker save` writes it. */
  load(file: string): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  const dir = await mkdtemp(join(tmpdir(), 'storemap-cluster-'))
  // An interface's name has at most 15 characters; an address of its own lets two stand side by side.
  const settings = {
    PATH: path,
    CLUSTER_BIN: programs,
    CLUSTER_NAME: `sm${process.pid}`,
    CLUSTER_NET: `10.${200 + (process.pid % 50)}`,
  }
  const call = (...args: readonly string[]) => run('bash', [script, ...args], { env: settings })
  const down = async () => {
    await call('down', join(dir, 'node'))
    await rm(dir, { recursive: true, force: true })
  }
  const up = await call('up', join(dir, 'node'))
  if (up.code !== 0) {
    await down()
    throw new Error(`the cluster did not come up: ${up.stderr}`)
  }
  const env = { PATH: `${programs}:${path}`, KUBECONFIG: join(dir, 'node/kubeconfig'), HOME: dir }
  const kubectl = (...args: readonly string[]) => run(join(programs, 'kubectl'), args, { env })
  return {
    hostAddress: (await readFile(join(dir, 'node/host-address'), 'utf8')).trim(),
    kubectl,
    async must(...args) {
      const { code, stdout, stderr } = await kubectl(...args)
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}${stdout}`)
      return stdout
    },
    shell: (line, cwd) => run('sh', ['-c', line], { env, cwd }),
    async load(file) {
      const { code, stderr } = await call('load', join(dir, 'node'), file)
      if (code !== 0) throw new Error(`no image came of ${file}: ${stderr}`)
    },
    [Symbol.asyncDispose]: down,
  }
}
