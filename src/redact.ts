// Keeps secrets out of everything people read: messages, logs, reports. Imports nothing of ours.

// Below this a "secret" would blank out ordinary words.
const SHORTEST_SECRET = 4
const SHORTEST_LINE = 16

const secrets = new Set<string>()
let longestFirst: readonly string[] = []

/** From now on `redact` hides this value: as it is, percent-encoded, in base64; of a key also each of its lines. */
export function registerSecret(value: string): void {
  const lines = value.split(/\r?\n/).filter(line => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
  for (const part of new Set([value, value.trim(), ...(value.includes('\n') ? lines : [])])) {
    if (part.length < SHORTEST_SECRET) continue
    for (const form of formsOf(part)) secrets.add(form)
  }
  longestFirst = [...secrets].sort((a, b) => b.length - a.length)
}

/** Replaces every registered secret, and the credentials of whatever looks like a URL, by `***`. */
export function redact(text: string): string {
  let clean = text
  for (const secret of longestFirst) clean = clean.replaceAll(secret, '***')
  return clean.replace(URL_CREDENTIALS, (all, scheme: string, credentials: string) =>
    // A user's name alone is part of any ssh address, and no secret there.
    /^(git\+)?ssh:/i.test(scheme) && !credentials.includes(':') ? all : `${scheme}***@`,
  )
}

const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#'"<>`]+)@/gi

function formsOf(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64')
  // Without its padding, so that it is found at the beginning of a longer text, too.
  return [value, percentEncoded(value), base64.replace(/=+$/, ''), Buffer.from(value).toString('base64url')]
}

function percentEncoded(value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    return value // half a surrogate pair has no encoding
  }
}
