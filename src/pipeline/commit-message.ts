// A commit's message: what changed, in numbers.
import type { Changes } from '../bundle/compare.ts'
import type { EntryDiff } from '../bundle/entry-diff.ts'

/** A subject line, and the numbers behind it. */
export function commitMessage(site: string, changes: Changes, diff: EntryDiff | undefined, isFirst: boolean): string {
  const total = changes.sections.reduce((sum, { after }) => sum + after, 0)
  const subject = isFirst
    ? `Publish the sitemap of ${site}: ${count(total, 'URL')}`
    : changes.isEmpty
      ? `Restore the sitemap of ${site}: ${count(total, 'URL')}`
      : `Update the sitemap of ${site}: ${diff ? summary(diff) : count(total, 'URL')}`
  const moved = changes.sections
    .filter(({ before, after }) => before !== after)
    .map(({ section, before, after }) => (isFirst ? `${section}: ${after}` : `${section}: ${before} -> ${after}`))
  const files = `files: ${changes.added.length} new, ${changes.changed.length} changed, ${changes.removed.length} removed, ${changes.unchanged.length} untouched`
  return `${subject}\n\n${[...moved, files].join('\n')}\n`
}

function summary(diff: EntryDiff): string {
  const parts = [
    diff.added > 0 ? `${diff.added} added` : '',
    diff.removed > 0 ? `${diff.removed} removed` : '',
    diff.changed > 0 ? `${diff.changed} changed` : '',
  ].filter(part => part !== '')
  return parts.length > 0 ? parts.join(', ') : 'same URLs, other files'
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
