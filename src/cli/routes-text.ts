// Routes as people read them: one a line, what becomes of it, its place.

import type { FrontEndRead } from '../operations.ts'
import type { DecidedRoute } from '../routes/decide.ts'
import type { Route, RouteTable, Unresolved } from '../routes/route.ts'
import type { Output } from './output.ts'

type Line = readonly [word: string, path: string, detail: string, place: string]

export function frontEndText(
  { section, name, table, decided, unresolved, unused }: FrontEndRead,
  output: Output,
): string {
  const counts = new Map<string, number>()
  for (const { outcome } of decided) counts.set(outcome.is, (counts.get(outcome.is) ?? 0) + 1)
  const told = [...counts].map(([is, count]) => `${count} ${is}`)
  return [
    `${output.style('bold', section)}  ${from(name, table)}`,
    ...linesOf(decided.map(toLine), output),
    ...unresolvedLines(unresolved, output),
    ...unused.map(text => output.style('yellow', `  "${text}" fits nothing`)),
    ...table.notes.map(note => output.style('dim', `  ${note}`)),
    `  ${[...told, ...(unresolved.length > 0 ? [`${unresolved.length} not told by the source`] : [])].join(', ')}`,
  ].join('\n')
}

/** Without a configuration nothing becomes of them: they are what they are. */
export function tableText(table: RouteTable, output: Output): string {
  const lines = table.routes.map((route): Line => [route.kind, route.path, detailOf(route), placeOf(route)])
  const count = lines.length === 1 ? '1 route' : `${lines.length} routes`
  return [
    ...linesOf(lines, output),
    ...unresolvedLines(table.unresolved, output),
    ...table.notes.map(note => output.style('dim', `  ${note}`)),
    `  ${count}, ${FORMS[table.forms[0] as string] ?? table.forms[0]}${table.basename === '' ? '' : `, below ${table.basename}`}`,
  ].join('\n')
}

const FORMS: Readonly<Record<string, string>> = {
  'react-router-5': 'React Router 4 or 5',
  'react-router': 'React Router 6 or later',
  'react-router-framework': 'React Router as a framework',
  'next-app': 'Next, app folder',
  'next-pages': 'Next, pages folder',
}

const from = (name: string, { revision, basename }: RouteTable): string =>
  [
    name,
    ...(revision === undefined ? [] : [`commit ${revision.slice(0, 10)}`]),
    ...(basename === '' ? [] : [`below ${basename}`]),
  ].join(', ')

function toLine({ route, outcome }: DecidedRoute): Line {
  const line = (word: string, detail: string): Line => [word, route.path, detail, placeOf(route)]
  switch (outcome.is) {
    case 'listed': {
      const paths = outcome.pages.flatMap(({ locs, alone }) => alone ?? locs.filter(loc => loc !== undefined))
      const [first, ...more] = [...new Set(paths)]
      if (first === undefined || (first === route.path && more.length === 0)) return line('listed', '')
      return line('listed', `as ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`)
    }
    case 'excluded':
      return line('excluded', `by ${outcome.by}`)
    case 'filled':
      return line('filled', `by ${outcome.by.join(', ')}`)
    case 'redirect':
      return line('redirect', outcome.to === undefined ? '' : `to ${outcome.to}`)
    case 'guarded':
      return line('guarded', `by ${outcome.by.name} (${placeOf(outcome.by)})`)
    case 'shadowed':
      return line('shadowed', `by ${outcome.by.path} (${placeOf(outcome.by)})`)
    case 'undecided':
      return line('undecided', outcome.why)
    default:
      return line(outcome.is, '')
  }
}

function detailOf({ to, guard, mayRedirect, condition }: Route): string {
  return [
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(guard ? [`guarded by ${guard.name} (${placeOf(guard)})`] : []),
    ...(mayRedirect ? [`may lead elsewhere (${placeOf(mayRedirect)})`] : []),
    ...(condition === undefined ? [] : [`only where ${condition}`]),
  ].join(', ')
}

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'dim' | 'cyan'>> = {
  listed: 'green',
  page: 'green',
  filled: 'cyan',
  undecided: 'yellow',
  shadowed: 'yellow',
}

function linesOf(lines: readonly Line[], output: Output): string[] {
  const words = Math.max(...lines.map(([word]) => word.length), 0)
  const paths = Math.min(48, Math.max(...lines.map(([, path]) => path.length), 0))
  return lines.map(([word, path, detail, place]) => {
    const colour = COLOURS[word] ?? 'dim'
    const rest = [detail, output.style('dim', place)].filter(text => text !== '').join('  ')
    return `  ${output.style(colour, word.padEnd(words))}  ${path.padEnd(paths)}  ${rest}`
  })
}

function unresolvedLines(unresolved: readonly Unresolved[], output: Output): string[] {
  return unresolved.map(
    ({ source, reason, ...place }) =>
      `  ${output.style('yellow', 'not told')}  ${source}  ${reason}  ${output.style('dim', placeOf(place))}`,
  )
}

const placeOf = ({ file, line }: { readonly file: string; readonly line?: number | undefined }): string =>
  line === undefined ? file : `${file}:${line}`
