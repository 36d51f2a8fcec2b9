// storemap fields: what rules and URLs can name in this shop, with how many records have it and an example.
import { fieldsOf, loadSource, RECORD_KINDS, type RecordKind } from '../../compose.ts'
import { errors } from '../../errors.ts'
import { nearest } from '../../problem.ts'
import { fieldsText } from '../fields-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { withProgress } from '../site-command.ts'

export async function fields(args: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const kinds = args.length === 0 ? RECORD_KINDS : args.map(toKind)
  const source = await loadSource({ config: options.config, folder: process.cwd(), environment: process.env })
  const found = await withProgress(output, ({ signal }) => fieldsOf(source, kinds, { signal }))
  output.printJson({ kinds: found })
  output.print(fieldsText(found, output, process.stdout.columns))
  return 0
}

function toKind(text: string): RecordKind {
  const kind = RECORD_KINDS.find(each => each === text)
  if (kind) return kind
  const near = nearest(text, RECORD_KINDS)
  const instead = near === undefined ? `there are ${RECORD_KINDS.join(', ')}` : `the nearest is "${near}"`
  throw errors.wrongOption(`"${text}"`, `is no kind of record; ${instead}`)
}
