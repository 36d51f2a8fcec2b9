// Progress of long work: one moving line on a terminal, plain lines elsewhere.
import type { OnProgress, Progress } from '../pipeline/job.ts'
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
  const { spinner } = await import('@clack/prompts')
  const line = spinner({ output: process.stderr, indicator: 'timer' })
  let running = false
  return {
    onProgress: progress => {
      const text = describe(progress)
      if (running) line.message(text)
      else line.start(text)
      running = true
    },
    end: () => {
      if (running) line.clear()
      running = false
    },
  }
}

function plainProgress(output: Output): ProgressDisplay {
  let last = ''
  let told = 0
  return {
    onProgress: progress => {
      const key = progress.stage === 'read' ? `read ${progress.section}` : progress.stage
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
