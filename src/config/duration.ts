// Times as people write them. Apart from the schema, so that `pull` loads no more than it needs.

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `10s`, `500ms`, `15m`, `1h` → milliseconds, or undefined. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text.trim())
  const ms = match ? Number(match[1]) * (UNIT_MS[match[2] as string] as number) : 0
  return ms > 0 && ms < 2 ** 31 ? ms : undefined
}
