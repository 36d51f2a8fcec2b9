// Progress of long work: one moving line on a terminal, plain lines elsewhere.
import type { OnProgress, Progress } from '../pipeline/job.ts'
import { redact } from '../redact.ts'
import type { Output } from './output.ts'

export interface ProgressDisplay {
  readonly onProgress: OnProgress
  end(): void
}

/** Lines elsewhere than on a terminal come at most every so many entries. */
const ENTRIES_A_LINE = 250_000

export async function showProgress(output: Output): Promise<ProgressDisplay> {
  if (output.json || output.quiet) return { onProgress: () => undefined, end: () => undefined }
  if (!output.live) return plainProgress(output)
  const line = await openLine()
  return { onProgress: progress => line.show(describe(progress)), end: () => line.clear() }
}

/** The moving line. It leaves stdin and signals alone: Ctrl-C is for the command to hear. */
export async function openLine(): Promise<{
  show(text: string): void
  clear(): void
  keep(symbol: string, text: string): void
}> {
  const { default: ora } = await import('ora')
  const spinner = ora({ stream: process.stderr, discardStdin: false })
  return {
    show: text => {
      spinner.text = redact(text)
      if (!spinner.isSpinning) spinner.start()
    },
    clear: () => {
      spinner.stop()
    },
    keep: (symbol, text) => {
      spinner.stopAndPersist({ symbol, text: redact(text) })
    },
  }
}

function plainProgress(output: Output): ProgressDisplay {
  let last = ''
  let told = 0
  return {
    onProgress: progress => {
      const key = 'section' in progress ? `${progress.stage} ${progress.section}` : progress.stage
      const entries = progress.stage === 'read' ? progress.entries : 0
      if (key === last && entries - told < ENTRIES_A_LINE) return
      last = key
      told = entries
      output.note(describe(progress))
    },
    end: () => undefined,
  }
}

function describe(progress: Progress): string {
  switch (progress.stage) {
    case 'open':
      return 'reading what is published'
    case 'routes':
      return `reading the routes of ${progress.section}`
    case 'compare':
      return 'comparing'
    case 'read':
      return progress.entries === 0
        ? `reading ${progress.section}`
        : `reading ${progress.section}: ${progress.entries.toLocaleString('en')} entries`
    case 'publish':
      return `publishing to ${progress.target}`
  }
}
