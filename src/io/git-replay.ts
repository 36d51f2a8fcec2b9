// Commits made again on other parents: their texts, byte for byte (as latin1), and what git has to know to push them.
import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { withFileErrors } from './files.ts'
import { type GitSession, runLocalGit } from './git-session.ts'

/** A commit's fields; one goes on in lines that begin with a space. */
function splitCommit(text: string): { fields: readonly string[]; rest: string } {
  const end = text.indexOf('\n\n')
  const head = end < 0 ? text : text.slice(0, end)
  return { fields: head.split(/\n(?! )/), rest: text.slice(head.length) }
}

/** The same commit on another parent. What was signed is another commit now, so its signature goes. */
export function onParent(text: string, parent: string): string {
  const { fields, rest } = splitCommit(text)
  const [tree, ...others] = fields.filter(field => !/^(parent|gpgsig|gpgsig-sha256|mergetag) /.test(field))
  return `${[tree, `parent ${parent}`, ...others].join('\n')}${rest}`
}

interface RootOptions {
  /** In seconds since 1970. */
  readonly seconds: number
  readonly author: { readonly name: string; readonly email: string }
  readonly message: string
}

/** With the date of the last commit that it stands for: so it is as old as that, and a second try makes the same. */
export function rootText(text: string, { seconds, author, message }: RootOptions): string {
  const tree = splitCommit(text).fields.find(field => field.startsWith('tree '))
  const who = `${author.name} <${author.email}> ${seconds} +0000`
  const own = `${tree}\nauthor ${who}\ncommitter ${who}\n\n${message.trimEnd()}\n`
  return Buffer.from(own, 'utf8').toString('latin1')
}

export interface Replayed {
  readonly oid: string
  readonly text: string
  readonly parent: string | undefined
  /** The commit that it takes the place of. */
  readonly old: string
}

/** `like` is another id of the repository, whose length tells its kind of hash. */
export function idOf(text: string, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`commit ${text.length}\0`).update(text, 'latin1').digest('hex')
}

/** `git hash-object`, since `commit-tree` would insist on having the trees. */
export async function writeCommits(session: GitSession, dir: string, commits: readonly Replayed[]): Promise<void> {
  const folder = join(session.folder, 'commits')
  const paths = commits.map(({ oid }) => join(folder, oid))
  await withFileErrors(folder, async () => {
    await mkdir(folder, { recursive: true })
    for (const [index, { text }] of commits.entries()) await writeFile(paths[index] as string, text, 'latin1')
  })
  // Literally: odd commits of others are no worse on another parent.
  const args = ['--git-dir', dir, 'hash-object', '-t', 'commit', '-w', '--literally', '--stdin-paths']
  const what = 'store the commits'
  const written = await runLocalGit(session, what, args, { input: paths.map(path => `${path}\n`).join('') })
  await rm(folder, { recursive: true, force: true })
  if (written.toString('latin1') !== commits.map(({ oid }) => `${oid}\n`).join(''))
    throw errors.gitFailed(session.remote.label, what, 'their ids are not the expected ones')
}

/**
 * What git leaves out of a push are the files of the commits that the pushed ones stand on. So it is told, for the time
 * of the push, that each commit also stands on the one it replaces, whose files the server has. Without that it would
 * look here for every old file, to send it again.
 */
export async function writeGrafts(session: GitSession, commits: readonly Replayed[]): Promise<string> {
  const path = join(session.folder, 'grafts')
  const lines = commits.map(
    ({ oid, parent, old }) => `${[oid, ...(parent === undefined ? [] : [parent]), old].join(' ')}\n`,
  )
  await withFileErrors(path, () => writeFile(path, lines.join('')))
  return path
}
