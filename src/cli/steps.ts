// Steps of a long piece of work: a moving line on a terminal, plain lines elsewhere, silence with --json or --quiet.
import type { Output } from './output.ts'
import { openLine } from './progress.ts'

export type Step = <T>(
  title: string,
  work: (update: (text: string) => void) => Promise<T>,
  done?: (result: T) => string,
) => Promise<T>

export async function createSteps(output: Output): Promise<Step> {
  if (output.live) return movingSteps(output)
  return async (title, work, done) => {
    const result = await work(() => undefined)
    output.print(`  ${output.style('green', '✓')} ${done?.(result) ?? title}`)
    return result
  }
}

async function movingSteps(output: Output): Promise<Step> {
  const line = await openLine()
  return async (title, work, done) => {
    line.show(title)
    try {
      const result = await work(text => line.show(`${title}: ${text}`))
      line.keep(`  ${output.style('green', '✓')}`, done?.(result) ?? title)
      return result
    } catch (cause) {
      line.keep(`  ${output.style('red', '✗')}`, title)
      throw cause
    }
  }
}
