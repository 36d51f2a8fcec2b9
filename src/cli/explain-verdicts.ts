// Verdicts as people read them: what visibility asks for, and the rule as a tree, with the values that decided.
import type { Judgement } from '../explain/explanation.ts'
import type { ComparisonVerdict, Verdict } from '../rules/verdict.ts'
import type { Output } from './output.ts'
import { shownText } from './yaml-text.ts'

export function visibilityLines({ visibility }: Judgement, output: Output): string[] {
  return visibility.map(({ requires, removes, verdict }) => {
    const leaves = leavesOf(verdict)
    const text = verdict.holds ? requires : removes
    const values = [
      ...new Map(leaves.map(leaf => [leaf.field, shownText(`${leaf.field}: ${valuesText(leaf)}`)])).values(),
    ]
    return `${mark(verdict.holds, output)} ${shownText(text)}${output.style('dim', `  ${values.join(', ')}`)}${turnText(leaves)}`
  })
}

function leavesOf(verdict: Verdict): ComparisonVerdict[] {
  switch (verdict.kind) {
    case 'compare':
      return [verdict]
    case 'not':
      return leavesOf(verdict.verdict)
    default:
      return verdict.verdicts.flatMap(leavesOf)
  }
}

/** Of conditions of which one suffices: the first instant at which one will hold. */
function turnText(leaves: readonly ComparisonVerdict[]): string {
  const from = leaves.map(leaf => leaf.from).filter(instant => instant !== undefined)
  return from.length > 0 ? `, from ${from.sort()[0]}` : ''
}

export function ruleLines(rule: Verdict, output: Output): string[] {
  if (rule.kind === 'and' && rule.verdicts.length === 0) return []
  const parts = rule.kind === 'and' ? rule.verdicts : [rule]
  return parts.flatMap(part => verdictLines(part, output))
}

function verdictLines(verdict: Verdict, output: Output): string[] {
  const sign = mark(verdict.holds, output)
  switch (verdict.kind) {
    case 'compare': {
      const until = verdict.until === undefined ? '' : `, until ${verdict.until}`
      const from = verdict.from === undefined ? '' : `, from ${verdict.from}`
      return [
        `${sign} ${shownText(verdict.condition)}${output.style('dim', `  ${shownText(valuesText(verdict))}`)}${from}${until}`,
      ]
    }
    case 'not':
      return [`${sign} not`, ...indent(verdictLines(verdict.verdict, output))]
    case 'and':
      return [`${sign} all of`, ...indent(verdict.verdicts.flatMap(each => verdictLines(each, output)))]
    case 'or':
      return [`${sign} any of`, ...indent(verdict.verdicts.flatMap(each => verdictLines(each, output)))]
  }
}

const MOST_VALUES = 5
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

export function valuesText({ values }: Pick<ComparisonVerdict, 'values'>): string {
  const there = [...new Set(values.filter(value => value !== null))]
  if (there.length === 0) return 'no value'
  const shown = there.slice(0, MOST_VALUES).map(value => {
    const text = typeof value === 'string' && !INSTANT.test(value) ? JSON.stringify(value) : String(value)
    return text.length > 60 ? `${text.slice(0, 59)}…` : text
  })
  const more = there.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

export const mark = (holds: boolean, output: Output): string => output.style(holds ? 'green' : 'red', holds ? '✓' : '✗')

export const indent = (lines: readonly string[], steps = 1): string[] =>
  lines.map(line => `${'  '.repeat(steps)}${line}`)
