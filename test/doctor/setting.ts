// A configuration that the doctor looks at, and what it says of each thing.

import type { Line } from '../../src/doctor/check.ts'
import type { ContainerOptions } from '../../src/doctor/container.ts'
import { examine } from '../../src/doctor/doctor.ts'

export interface Examined {
  readonly code: 'ok' | 'warning' | 'failed'
  readonly lines: readonly Line[]
  readonly isMisconfigured: boolean
  /** The one line of that name; fails where there is none, or several. */
  line(what: string, area?: string): Line
}

export interface ExamineOptions {
  readonly folder: string
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly limitMs?: number
  readonly sites?: readonly string[]
  readonly container?: ContainerOptions
}

export async function examined(config: string | object | undefined, options: ExamineOptions): Promise<Examined> {
  const { folder, environment = {}, limitMs = 30_000, sites = [], container } = options
  const report = await examine({ load: { config, folder, environment }, sites, container, limitMs })
  const { checks, outcome, isMisconfigured } = report
  return {
    code: outcome,
    lines: checks,
    isMisconfigured,
    line: (what, area = '') => {
      const found = checks.filter(line => line.what === what && line.area.startsWith(area))
      const [only] = found
      if (!only || found.length > 1) throw new Error(`${found.length} lines of "${what}": ${textOf(checks)}`)
      return only
    },
  }
}

/** For messages. */
export const textOf = (lines: readonly Line[]): string =>
  lines.map(({ area, what, result, found }) => `\n  ${area} · ${what}: ${result}: ${found}`).join('')
