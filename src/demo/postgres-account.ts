// Under which account, and in which folder, the demo's PostgreSQL runs: the server refuses to run as root.
import { chmod, mkdtemp, readFile, realpath, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** An existing account without privileges, as /etc/passwd has it. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** The account to run the server as; undefined when the caller is an ordinary user and may run it himself. */
export async function findAccount(): Promise<Account | undefined> {
  if (process.geteuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'))
  for (const name of ['nobody', 'postgres']) {
    const [, , uid, gid] = lines.find(fields => fields[0] === name) ?? []
    if (uid && gid && Number(uid) !== 0) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL does not run as root, and /etc/passwd has neither "nobody" nor "postgres".')
}

/**
 * A fresh folder for the server, in `dir` or, where the account cannot enter that, in the system's temporary folder.
 * It stays the caller's own; others may pass through it but not list it.
 */
export async function makeHome(dir: string, account: Account | undefined): Promise<string> {
  if (!account) return mkdtemp(join(dir, 'postgres-'))
  for (const base of [dir, tmpdir(), '/tmp', '/var/tmp']) {
    if (!(await mayEnter(base, account))) continue
    const home = await mkdtemp(join(base, 'storemap-postgres-')).catch(() => undefined)
    if (home === undefined) continue
    await chmod(home, 0o711)
    return home
  }
  throw new Error(`The account with user id ${account.uid} can enter none of ${dir}, ${tmpdir()}, /tmp and /var/tmp.`)
}

// Walks up by the mode bits; an access list that forbids more shows up later, as a failing step.
async function mayEnter(folder: string, account: Account): Promise<boolean> {
  let path = await realpath(folder).catch(() => undefined)
  while (path !== undefined) {
    const facts = await stat(path)
    const shift = facts.uid === account.uid ? 6 : facts.gid === account.gid ? 3 : 0
    if (!facts.isDirectory() || ((facts.mode >> shift) & 1) === 0) return false
    if (path === dirname(path)) return true
    path = dirname(path)
  }
  return false
}
