// Another process that runs TypeScript, to be killed: what a process leaves behind cannot be tested within it.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../', import.meta.url))

export interface Running {
  readonly child: ChildProcess
  /** Resolves with the first line it prints. */
  readonly firstLine: Promise<string>
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/** Runs a module's text, in which `root` is the repository's folder: `await import(root + 'src/…')`. */
export function runTypeScript(text: string, env: NodeJS.ProcessEnv = process.env): Running {
  const script = `
    const { createJiti } = await import(${JSON.stringify(`${repository}node_modules/jiti/lib/jiti.mjs`)})
    const jiti = createJiti(${JSON.stringify(repository)}, { fsCache: false })
    const load = path => jiti.import(${JSON.stringify(repository)} + path)
    ${text}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  const ended = new Promise<number | string | null>(resolve => {
    child.once('exit', (code, signal) => resolve(code ?? signal))
  })
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')))
    })
    void ended.then(() => reject(new Error(`ended before its first line: ${out}`)))
  })
  firstLine.catch(() => {})
  return { child, firstLine, ended }
}
