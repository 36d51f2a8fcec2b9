// A judge that knows some files by heart, and takes all others for pages that send nobody elsewhere.
import type { Judge, Judged } from '../../../src/sources/routes/next/judge.ts'

export const judgeBy =
  (known: Readonly<Record<string, Judged>> = {}): Judge =>
  async file => {
    const found = Object.entries(known).find(([name]) => file === name || file.endsWith(`/${name}`))
    return found?.[1] ?? { kind: 'page' }
  }
