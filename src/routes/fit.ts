// How a route and the addresses of a template lie to each other, told from the two patterns alone.
import { compareTexts, type Meeting } from './fit-folder.ts'
import { type Pattern, type Piece, paramOf, type Segment, textOf } from './pattern.ts'

export interface Fit {
  /** Whether an address of the template can be one of the route. Never false where it can. */
  readonly can: boolean
  /** Whether values of the template stand where the route has values, and fixed text where it has fixed text. */
  readonly fills: boolean
  /** Whether each address of the template is one of the route. Never true where one is not. */
  readonly all: boolean
  /** Folders of fixed text that the route leaves open. */
  readonly loose: number
  /** The values of the route that are the same for all addresses: `/:channel/p/:slug` with `/eu/p/{slug}`. */
  readonly bindings: ReadonlyMap<string, string>
}

/** `templates` are the patterns of one template, as `readTemplate` gives them. */
export function fit(
  route: Pattern,
  templates: readonly Pattern[],
  { caseSensitive }: { readonly caseSensitive: boolean },
): Fit {
  const theirs = templates.map(toSteps)
  const own = toSteps(route)
  const meets = (how: Meeting) => (steps: readonly Step[]) => meet(own, steps, { how, caseSensitive })
  const can = theirs.some(meets('can'))
  const fills = can && theirs.some(meets('fills'))
  return {
    can,
    fills,
    all: can && theirs.every(meets('all')),
    loose: Math.max(0, ...templates.map(each => countTexts(each) - countTexts(route))),
    bindings: fills ? bindingsOf(route, templates) : new Map(),
  }
}

type Step = { readonly folder: readonly Piece[] } | { readonly star: readonly Piece[] }

/** One folder or more is one folder, and none or more. */
const toSteps = ({ segments }: Pattern): readonly Step[] =>
  segments.flatMap((segment): Step[] => {
    if (segment.is === 'folder') return [{ folder: segment.pieces }]
    const value = [{ param: segment.name ?? '*', regex: segment.regex }]
    return segment.min === 1 ? [{ folder: value }, { star: value }] : [{ star: value }]
  })

interface How {
  readonly how: Meeting
  readonly caseSensitive: boolean
}

function meet([one, ...ones]: readonly Step[], theirs: readonly Step[], how: How): boolean {
  const [other, ...others] = theirs
  if (one === undefined && other === undefined) return true
  if (one && 'star' in one) {
    if (meet(ones, theirs, how)) return true
    const taken = other && ('star' in other ? other.star : other.folder)
    return taken !== undefined && compareTexts(one.star, taken, how) && meet([one, ...ones], others, how)
  }
  if (other && 'star' in other) {
    // Any number of folders are none but those of a route that takes any number.
    if (how.how === 'all') return false
    if (meet(one ? [one, ...ones] : ones, others, how)) return true
    return one !== undefined && compareTexts(one.folder, other.star, how) && meet(ones, theirs, how)
  }
  return (
    one !== undefined && other !== undefined && compareTexts(one.folder, other.folder, how) && meet(ones, others, how)
  )
}

const countTexts = ({ segments }: Pattern): number => segments.filter(segment => textOf(segment) !== undefined).length

/** As far as folders can be counted from the start. */
function bindingsOf({ segments }: Pattern, templates: readonly Pattern[]): ReadonlyMap<string, string> {
  const bindings = new Map<string, string>()
  const isSplat = (segment: Segment | undefined): boolean => segment?.is === 'splat'
  for (const [index, segment] of segments.entries()) {
    const facing = templates.map(template => template.segments[index])
    if (isSplat(segment) || facing.some(isSplat)) break
    const value = paramOf(segment)
    const texts = new Set(facing.map(textOf))
    const [text] = texts
    if (value && texts.size === 1 && text !== undefined) bindings.set(value.param, text)
  }
  return bindings
}
