// Steps of a long piece of work: a moving line on a terminal, plain lines elsewhere, silence with --json or --quiet.
import type { Output } from './output.ts'

export type Step = <T>(
  title: string,
  work: (update: (text: string) => void) => Promise<T>,
  done?: (result: T) => string,
) => Promise<T>

export async function createSteps(output: Output): Promise<Step> {
  if (output.live) return movingSteps()
  return async (title, work, done) => {
    const result = await work(() => undefined)
    output.print(`  ${output.style('green', '✓')} ${done?.(result) ?? title}`)
    return result
  }
}

async function movingSteps(): Promise<Step> {
  const { spinner } = await import('@clack/prompts')
  return async (title, work, done) => {
    const line = spinner({ output: process.stderr, withGuide: false })
    line.start(title)
    try {
      const result = await work(text => line.message(`${title}: ${text}`))
      line.stop(done?.(result) ?? title)
      return result
    } catch (cause) {
      line.error(title)
      throw cause
    }
  }
}
