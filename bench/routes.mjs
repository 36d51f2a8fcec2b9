// How long reading a front end takes: generated modules, by the router's reader and by the parser alone.
// node bench/routes.mjs [--modules 2000]
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseSync } from 'oxc-parser'

const { values } = parseArgs({ options: { modules: { type: 'string' } } })
const modules = Number(values.modules ?? 2_000)
const ROUNDS = 3

const { readRouter } = await import(new URL('../dist/sources/routes/router.js', import.meta.url))
const dir = await mkdtemp(join(tmpdir(), 'storemap-bench-'))
try {
  const pages = await makeFrontEnd()
  const times = { read: [], parse: [] }
  for (let round = 0; round < ROUNDS; round++) {
    times.parse.push(await timed(parseAll))
    times.read.push(await timed(() => readAll(pages)))
  }
  const [read, parse] = [times.read, times.parse].map(median)
  console.log(`modules             ${modules.toLocaleString('en')}`)
  console.log(`routes              ${(pages + 1).toLocaleString('en')}`)
  console.log(`parsed, median      ${parse.toFixed(2)} s   every file read and parsed, its tree made`)
  console.log(`read, median        ${read.toFixed(2)} s   the routes, from the router's file on`)
  console.log(`ratio               ${(read / parse).toFixed(2)}`)
} finally {
  await rm(dir, { recursive: true, force: true })
}

/** A twentieth are pages; each uses a few of the shared components, which come through one barrel. */
async function makeFrontEnd() {
  const pages = Math.floor(modules / 20)
  const parts = modules - pages - 3
  const write = async (name, text) => {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), text)
  }
  await write('package.json', '{ "name": "shop" }')
  await write('tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }')
  await write('src/paths.ts', 'export const paths = { page: (name: string) => "/pages/" + name } as const\n')
  const names = Array.from({ length: pages }, (_, index) => index)
  const head =
    "import { lazy } from 'react'\nimport { BrowserRouter, Route, Routes } from 'react-router'\nimport { paths } from './paths'\n"
  const lazies = names.map(index => `const Page${index} = lazy(() => import('./pages/page-${index}'))`)
  const routes = names.map(index => `<Route path={paths.page('${index}')} element={<Page${index} />} />`)
  const app = `export default () => <BrowserRouter><Routes>\n<Route index element={<Page0 />} />\n${routes.join('\n')}\n</Routes></BrowserRouter>\n`
  await write('src/App.tsx', `${head}${lazies.join('\n')}\n${app}`)
  for (const index of names)
    await write(`src/pages/page-${index}.tsx`, moduleText(index, parts, `export default function Page${index}`))
  const exported = Array.from({ length: parts }, (_, index) => `export { Part${index} } from './part-${index}'`)
  await write('src/parts/index.ts', `${exported.join('\n')}\n`)
  for (let index = 0; index < parts; index++)
    await write(`src/parts/part-${index}.tsx`, moduleText(index, parts, `export function Part${index}`))
  return pages
}

/** Some 5 KB, as modules of front ends have. */
function moduleText(index, parts, declaration) {
  const used = [1, 7, 31].map(step => `Part${(index + step) % parts}`)
  const items = Array.from(
    { length: 40 },
    (_, line) =>
      `      <li key="${line}" className="item item-${line}">{format(${line}, { currency: 'EUR', value: values[${line}] })}</li>`,
  )
  return `import { useMemo, useState } from 'react'
import { ${used.join(', ')} } from '@/parts'
interface Props { readonly values: readonly number[]; readonly onChange?: (value: number) => void }
const format = (key: number, options: { currency: string; value: number | undefined }): string =>
  \`\${key}: \${options.value ?? 0} \${options.currency}\`
${declaration}({ values, onChange }: Props) {
  const [open, setOpen] = useState(false)
  const total = useMemo(() => values.reduce((sum, value) => sum + value, 0), [values])
  if (!open) return <button type="button" onClick={() => setOpen(true)}>{total}</button>
  return (
    <ul onClick={() => onChange?.(total)}>
${items.join('\n')}
      ${used.map(name => `<${name} values={values} />`).join('')}
    </ul>
  )
}
`
}

async function readAll(pages) {
  const settings = { base: dir, aliases: {}, environment: {}, timeoutMs: 60_000 }
  const { table, close } = await readRouter('src/App.tsx', settings)
  await close()
  if (table.routes.length !== pages + 1 || table.unresolved.length > 0) throw new Error(`${table.routes.length} routes`)
}

async function parseAll() {
  for (const name of await readdir(dir, { recursive: true })) {
    if (!/\.tsx?$/.test(name)) continue
    const { program } = parseSync(name, await readFile(join(dir, name), 'utf8'))
    if (program.body.length === 0) throw new Error(name)
  }
}

async function timed(work) {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
