// What runs on this machine, by its arguments; Linux only.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Arguments of all living processes, zombies excluded. */
export function commandLines(): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      } catch {
        return ''
      }
    })
    .filter(line => line !== '')
}

/** Resolves once no process has the text in its arguments; false where one is left after `withinMs`. */
export async function isGone(text: string, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited <= withinMs; waited += 25) {
    if (!commandLines().some(line => line.includes(text))) return true
    await delay(25)
  }
  return false
}

/** Resolves once a process has the text in its arguments. */
export async function appears(text: string, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited <= withinMs; waited += 10) {
    if (commandLines().some(line => line.includes(text))) return true
    await delay(10)
  }
  return false
}
