// Texts that a property can be: paths, redirects' targets.
import type { UnknownValue, Value } from '../evaluate/value.ts'

export interface FoundText {
  readonly text: string
  /** Under which it is this one. */
  readonly condition: string | undefined
}

/** All that it can be, or why it cannot be told; undefined where there is none. Of an array all its items. */
export function textsOf(
  value: Value,
  at: Omit<UnknownValue, 'is' | 'reason'>,
): readonly FoundText[] | UnknownValue | undefined {
  const unknown = (reason: string): UnknownValue => ({ is: 'unknown', reason, ...at })
  switch (value.is) {
    case 'known':
      if (value.value === undefined || value.value === null) return undefined
      return typeof value.value === 'string'
        ? [{ text: value.value, condition: undefined }]
        : unknown(`it is ${String(value.value)}, which is no path`)
    case 'maybe': {
      const inner = textsOf(value.value, at)
      if (!Array.isArray(inner)) return inner
      return inner.map(({ text, condition }: FoundText) => ({
        text,
        condition: condition === undefined ? value.condition : `${value.condition} && ${condition}`,
      }))
    }
    case 'choice': {
      const texts: FoundText[] = []
      for (const each of value.values) {
        const inner = textsOf(each, at)
        if (inner && 'is' in inner) return inner
        if (inner) texts.push(...inner)
      }
      if (new Set(texts.map(({ text }) => text)).size === 1)
        return [{ text: (texts[0] as FoundText).text, condition: undefined }]
      return texts.every(({ condition }) => condition !== undefined)
        ? texts
        : unknown(`it is one of ${texts.map(({ text }) => `"${text}"`).join(', ')}`)
    }
    case 'array': {
      const texts: FoundText[] = []
      for (const item of value.items) {
        const inner = textsOf(item, at)
        if (inner && 'is' in inner) return inner
        if (inner) texts.push(...inner)
      }
      return texts
    }
    case 'unknown':
      return value
    case 'called':
      return unknown(`it is what ${value.source} gives`)
    case 'external':
      return unknown(
        value.module === 'global'
          ? `${value.path.join('.')} is not defined in the front end's source`
          : `it comes from the package ${value.module}`,
      )
    default:
      return unknown('it is no text that can be told')
  }
}

/** The one text that it is; undefined where it is not one. */
export function textOf(value: Value): string | undefined {
  if (value.is === 'known') return typeof value.value === 'string' ? value.value : undefined
  if (value.is === 'object') {
    const pathname = value.properties.get('pathname')?.()
    return pathname && textOf(pathname)
  }
  return undefined
}
