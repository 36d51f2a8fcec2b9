// The names most like one that is not there, for an error that has to help.
import { distance } from 'fastest-levenshtein'

const MOST = 3
// biome-ignore lint/suspicious/noControlCharactersInRegex: names of a repository could paint over a terminal with them
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]/

/** At most three: those that end as `name` does first, then those that are spelled most like it. */
export function nearNames(name: string, names: Iterable<string>): readonly string[] {
  const last = lastPart(name)
  const judged: { readonly name: string; readonly far: number }[] = []
  for (const each of names) {
    if (UNPRINTABLE.test(each)) continue
    const far = lastPart(each) === last ? 0 : distance(each, name)
    if (far <= Math.max(2, name.length / 2)) judged.push({ name: each, far })
  }
  return judged
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map(each => each.name)
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1).toLowerCase()
