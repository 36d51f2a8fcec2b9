// What the doctor found as people read it: a line a thing, its remedy below it, what belongs together under one heading.

import type { Line } from '../doctor/check.ts'
import type { DoctorReport } from '../doctor/doctor.ts'
import type { Output } from './output.ts'
import { shownText } from './yaml-text.ts'

const WORD = { ok: 'ok', warning: 'warning', failed: 'failed' } as const
const COLOUR = { ok: 'green', warning: 'yellow', failed: 'red' } as const
const WIDTH = 7

/** Of one check, or of several: a heading wherever another thing begins. */
export function linesText(lines: readonly Line[], output: Output): string {
  const groups = new Map<string, Line[]>()
  for (const line of lines) {
    const heading = line.site === null ? line.area : `${line.site}: ${line.area}`
    groups.set(heading, [...(groups.get(heading) ?? []), line])
  }
  return [...groups]
    .flatMap(([heading, own]) => {
      const width = Math.min(24, Math.max(...own.map(({ what }) => what.length)))
      return [output.style('bold', shownText(heading)), ...own.flatMap(line => lineText(line, { width, output }))]
    })
    .join('\n')
}

function lineText(
  { what, result, found, remedy }: Line,
  { width, output }: { readonly width: number; readonly output: Output },
): string[] {
  const word = output.style(COLOUR[result], WORD[result].padEnd(WIDTH))
  const first = `  ${word}  ${shownText(what).padEnd(width)}  ${shownText(found)}`
  return remedy === null
    ? [first]
    : [first, `  ${' '.repeat(WIDTH)}  ${output.style('cyan', '→')} ${shownText(remedy)}`]
}

export function summaryText({ ok, warnings, failed }: DoctorReport): string {
  const parts = [
    `${ok} ok`,
    ...(warnings > 0 ? [`${warnings} warning${warnings === 1 ? '' : 's'}`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  return parts.join(', ')
}
