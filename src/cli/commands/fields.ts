// storemap fields: what rules and URLs can name in this shop, with how many records have it and an example.
import { loadSource } from '../../compose.ts'
import { errors, StoremapError } from '../../errors.ts'
import { fieldsOf, RECORD_KINDS, type RecordKind } from '../../operations.ts'
import { nearest } from '../../problem.ts'
import { fieldsText } from '../fields-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { withProgress } from '../site-command.ts'

export async function fields(args: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const named = args.filter(isKind)
  const kinds = named.length === 0 ? RECORD_KINDS : named
  const [site] = args.filter(arg => !isKind(arg))
  const place = { config: options.config, folder: process.cwd(), environment: process.env }
  const source = await loadSource({ ...place, site }).catch((cause: unknown) => {
    // Of a configuration's one site nobody needs to say the name: a kind was meant.
    throw site !== undefined && cause instanceof StoremapError && cause.code === 'SITE_UNKNOWN' ? noKind(site) : cause
  })
  const found = await withProgress(output, ({ signal }) => fieldsOf(source, kinds, { signal }))
  output.printJson({ kinds: found })
  output.print(fieldsText(found, output, process.stdout.columns))
  return 0
}

const isKind = (text: string): text is RecordKind => RECORD_KINDS.some(kind => kind === text)

function noKind(text: string): StoremapError {
  const near = nearest(text, RECORD_KINDS)
  const instead = near === undefined ? `there are ${RECORD_KINDS.join(', ')}` : `the nearest is "${near}"`
  return errors.wrongOption(`"${text}"`, `is no kind of record; ${instead}`)
}
