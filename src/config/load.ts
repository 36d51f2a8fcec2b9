// Finds a configuration file and reads it to plain data, whatever language it is written in.
import { dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errors, StoremapError } from '../errors.ts'
import { lstatIfThere, readTextIfThere } from '../io/files.ts'

const NAMES = ['ts', 'js', 'json', 'yaml', 'yml'].map(extension => `storemap.config.${extension}`)

export interface LoadedFile {
  readonly path: string
  readonly folder: string
  readonly data: unknown
}

/** The file named, or the first one found in the folder and above. Fails with CONFIG_MISSING or CONFIG_UNREADABLE. */
export async function loadConfigFile(named: string | undefined, folder: string): Promise<LoadedFile> {
  const path = named === undefined ? await findUpwards(resolve(folder)) : resolve(folder, named)
  const text = await readText(path)
  return { path, folder: dirname(path), data: await parse(path, text) }
}

async function findUpwards(folder: string): Promise<string> {
  for (let current = folder; ; current = dirname(current)) {
    for (const name of NAMES) {
      const path = join(current, name)
      if (await lstatIfThere(path)) return path
    }
    if (dirname(current) === current) throw errors.configMissing(folder)
  }
}

async function readText(path: string): Promise<string> {
  try {
    const text = await readTextIfThere(path)
    if (text !== undefined) return text
  } catch (cause) {
    throw errors.configUnreadable(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
  throw errors.configUnreadable(path, 'there is no such file')
}

async function parse(path: string, text: string): Promise<unknown> {
  try {
    switch (extname(path)) {
      case '.json':
        return JSON.parse(text)
      case '.yaml':
      case '.yml': {
        const { parse: parseYaml } = await import('yaml')
        return parseYaml(text)
      }
      case '.ts':
      case '.mts':
      case '.cts':
      case '.js':
      case '.mjs':
      case '.cjs':
        return await importModule(path)
      default:
        throw errors.configUnreadable(path, 'its name does not end in .ts, .js, .json or .yaml')
    }
  } catch (cause) {
    if (cause instanceof StoremapError) throw cause
    throw errors.configUnreadable(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** `import … from 'storemap'` works in a configuration wherever it lies: it means the program that reads it. */
async function importModule(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  const self = fileURLToPath(new URL(`../index${extname(import.meta.url)}`, import.meta.url))
  const jiti = createJiti(path, { alias: { storemap: self }, fsCache: false, moduleCache: false })
  const module = await jiti.import<{ default?: unknown }>(path)
  return module.default ?? module
}
