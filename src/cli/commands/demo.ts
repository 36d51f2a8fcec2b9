// storemap demo: tells the story of one change from the database to the front end, doing it for real.
import { readFile } from 'node:fs/promises'
import { ask, type Demo, excludeOneProduct, publish, pull, readBack, readLog, setUpDemo } from '../../demo/demo.ts'
import { keepRunning } from '../../demo/keep.ts'
import { errors } from '../../errors.ts'
import { explanationText } from '../explain-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { reportText, targetLines } from '../report-text.ts'
import { watchSignals } from '../signals.ts'
import { createSteps } from '../steps.ts'

interface DemoOptions extends GlobalOptions {
  readonly keep?: boolean
  readonly database?: string
  readonly port: string
}

export async function demo(_args: readonly string[], options: DemoOptions, output: Output): Promise<number> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw errors.wrongOption('--port', 'is a number from 0 to 65535')
  const watch = watchSignals()
  const { signal } = watch
  const step = await createSteps(output)
  const started = Date.now()
  output.print(`${output.style('bold', 'Storemap demo')}: from a shop's database to the sitemap its front end serves\n`)
  try {
    const running = await setUpDemo({ database: options.database, port, signal, step })
    try {
      const facts = await tellStory(running, { output, step, signal })
      output.printJson({ ...facts, durationMs: Date.now() - started })
      if (options.keep) await keepRunning(running, { signal, print: text => output.print(text) })
      else output.print(nextSteps(output))
    } finally {
      await step(
        'Cleaning up',
        () => running.close(),
        () => 'Everything the demo made is gone again',
      )
    }
    return 0
  } catch (cause) {
    if (signal.aborted) throw errors.aborted()
    throw cause
  } finally {
    watch.close()
  }
}

interface Tools {
  readonly output: Output
  readonly step: Awaited<ReturnType<typeof createSteps>>
  readonly signal: AbortSignal
}

async function tellStory(running: Demo, { output, step, signal }: Tools) {
  output.print(`\n${output.style('bold', 'What should be found')}, in storemap.config.yaml:\n`)
  output.print(indent(await readFile(running.configFile, 'utf8')))

  output.print(output.style('bold', '1. Publish') + output.style('dim', '   storemap run'))
  const first = await step(
    'Reading, building, publishing',
    () => publish(running, signal),
    ({ durationMs }) => `Done in ${durationMs} ms`,
  )
  output.print(
    `\n${indent(`${reportText({ ...first, changes: undefined }, output)}\n\n${targetLines(first, output).join('\n')}`)}`,
  )

  output.print(
    output.style('bold', '\n2. Deploy') +
      output.style('dim', '    storemap pull --from acme/sitemap.git --to front-end'),
  )
  const pulled = await step(
    'Pulling into the front end',
    () => pull(running, signal),
    report => `${report.written} files checked and switched in at once`,
  )
  const served = await step(
    'Reading it back over HTTP',
    () => readBack(running),
    ({ status, locs, bytes }) =>
      `GET ${running.frontEnd.url}/sitemap.xml: ${status}, ${locs.length} URLs, ${bytes.toLocaleString('en')} bytes`,
  )
  assertServed(served, first.entries)

  output.print(`\n${output.style('bold', '3. Change')}    an editor takes one product out, in the back end`)
  const slug = await step(
    'Changing the product',
    () => excludeOneProduct(running, served.locs),
    name => `metadata.sitemap of "${name}" is now "exclude"`,
  )
  const second = await step(
    'Running again',
    () => publish(running, signal),
    ({ durationMs }) => `Done in ${durationMs} ms: only that changed`,
  )
  output.print(`\n${indent(`${changesText(second.changes, output)}\n${targetLines(second, output).join('\n')}`)}`)
  await step(
    'Pulling again',
    () => pull(running, signal),
    report => `The front end serves revision ${report.revision.slice(0, 12)}`,
  )
  const after = await readBack(running)
  assertServed(after, second.entries)
  const third = await step(
    'Running once more, with nothing new',
    () => publish(running, signal),
    () => 'Nothing changed, so nothing was committed',
  )

  const page = `/products/${slug}`
  output.print(`\n${output.style('bold', '4. Ask why')}${output.style('dim', `   storemap explain ${page}`)}\n`)
  const answer = await ask(running, page, signal)
  output.print(indent(explanationText(answer, output)))
  if (answer.records[0]?.listed !== false) throw errors.demoNotServed(after.status, after.locs.length, second.entries)

  output.print(`\n${output.style('bold', 'The repository now')}\n`)
  output.print(indent((await readLog(running)).join('\n')))
  return {
    entries: [first.entries, second.entries],
    excluded: slug,
    outcomes: [first.outcome, second.outcome, third.outcome],
    pulled: pulled.revision,
    served: after.locs.length,
  }
}

/** What is served is what was published; a demo that shows less has failed. */
function assertServed({ status, locs }: { status: number; locs: readonly string[] }, entries: number): void {
  if (status !== 200 || locs.length !== entries) throw errors.demoNotServed(status, locs.length, entries)
}

function changesText(changes: Awaited<ReturnType<typeof publish>>['changes'], output: Output): string {
  const signs = [
    ['+', changes?.examples.added],
    ['-', changes?.examples.removed],
    ['~', changes?.examples.changed],
  ] as const
  return signs
    .flatMap(([sign, locs]) => (locs ?? []).map(loc => `${output.style(sign === '-' ? 'red' : 'green', sign)} ${loc}`))
    .join('\n')
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ')

function nextSteps(output: Output): string {
  return [
    `\n${output.style('bold', 'Try next')}`,
    '  make demo KEEP=1            leave it running: open the front end, change the database, watch it follow',
    '  README.md                   the configuration for a shop of your own',
    '  storemap diff               what a run would change, before it does',
    '  storemap fields             what rules can name in your shop\n',
  ].join('\n')
}
