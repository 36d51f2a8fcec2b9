// Compiles src/ to dist/, copies what is not TypeScript beside it, and makes the program executable.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
const tsc = join(dirname(typescript), 'bin', 'tsc')

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit', cwd: root })
cpSync(join(root, 'src'), dist, {
  recursive: true,
  filter: source => !source.endsWith('.ts'),
})
const main = join(dist, 'main.js')
if (existsSync(main)) chmodSync(main, 0o755)
