// storemap fields: what rules and URLs can name in this shop, with how many records have it and an example.
import { loadSources } from '../../compose.ts'
import { errors, StoremapError } from '../../errors.ts'
import { fieldsOf, RECORD_KINDS, type RecordKind } from '../../operations.ts'
import { nearest } from '../../problem.ts'
import { fieldsText } from '../fields-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { answerEach, withProgress } from '../site-command.ts'

export async function fields(args: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const named = RECORD_KINDS.filter(kind => args.includes(kind))
  const kinds = named.length === 0 ? RECORD_KINDS : named
  const sites = args.filter(arg => !isKind(arg))
  const place = { config: options.config, folder: process.cwd(), environment: process.env }
  const sources = await loadSources(place, sites).catch((cause: unknown) => {
    // Of a configuration's one site nobody needs to say the name: a kind was meant.
    const isOne = cause instanceof StoremapError && cause.code === 'SITE_UNKNOWN' && cause.hint === 'It has one site.'
    throw isOne ? noKind(sites[0] as string) : cause
  })
  return answerEach(sources, output, async ({ source }) => {
    const found = await withProgress(output, ({ signal }) => fieldsOf(source, kinds, { signal }))
    const print = () => output.print(fieldsText(found, output, process.stdout.columns))
    return { exitCode: 0, data: { kinds: found }, print }
  })
}

const isKind = (text: string): text is RecordKind => RECORD_KINDS.some(kind => kind === text)

function noKind(text: string): StoremapError {
  const near = nearest(text, RECORD_KINDS)
  const instead = near === undefined ? `there are ${RECORD_KINDS.join(', ')}` : `the nearest is "${near}"`
  return errors.wrongOption(`"${text}"`, `is no kind of record; ${instead}`)
}
