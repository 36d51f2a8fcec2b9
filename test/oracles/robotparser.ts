// Python's urllib.robotparser: an independent reader of robots.txt. It takes the first rule that matches, and knows no `*`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { repositoryRoot } from './build-once.ts'

export interface RobotsReading {
  /** In the order of the questions. */
  readonly allowed: readonly boolean[]
  readonly sitemaps: readonly string[]
}

const script = join(repositoryRoot, 'test/oracles/read_robots.py')

/** Whether each agent may visit each URL. */
export async function readRobots(
  robots: string,
  questions: readonly (readonly [agent: string, url: string])[],
): Promise<RobotsReading> {
  const child = spawn('python3', [script, ...questions.flat()], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(robots)
  const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, 'close')])
  if (status !== 0) throw new Error(`robotparser ended with ${status}`)
  return JSON.parse(stdout)
}
