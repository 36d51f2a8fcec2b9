// What a person has, read as an address of the site: as it stands, and with the slips that copying makes put right.
import { decodeValue } from '../sitemap/match-template.ts'
import { locOfPath } from '../sitemap/url-template.ts'

export interface Reading {
  readonly text: string
  /** What was put right, for people; undefined where nothing was. */
  readonly note?: string
}

const SLIPS: readonly (readonly [what: string, undo: (text: string) => string])[] = [
  ['"&amp;" read as "&"', text => text.replaceAll(/&amp;/gi, '&')],
  ['with single slashes', text => text.replace(/(?<!:)\/{2,}/g, '/')],
  ['in lower case', text => text.toLowerCase()],
]

/** The text itself, then with one slip after the other undone: each is for where nothing was found before it. */
export function readingsOf(text: string): Reading[] {
  const readings: Reading[] = [{ text }]
  const undone: string[] = []
  let now = text
  for (const [what, undo] of SLIPS) {
    const next = undo(now).trim()
    if (next === now) continue
    now = next
    undone.push(what)
    readings.push({ text: now, note: `Nothing is found as it is written; it was looked up ${undone.join(', ')}.` })
  }
  return readings
}

/** The host that a text begins with, and the rest: `shop.example.com/about`, with a scheme or without. */
export function hostAsked(text: string): { readonly host: string; readonly isUrl: boolean } | undefined {
  const [, scheme, host = ''] = /^(https?:\/\/)?([^/?#]+)/i.exec(text.trim()) ?? []
  if (host === '') return undefined
  try {
    return { host: new URL(`${scheme ?? 'https://'}${host}`).host, isUrl: scheme !== undefined }
  } catch {
    return undefined
  }
}

/** The address that was asked for, on the site; undefined where a slug or an id was. */
export function locAsked(site: string, asked: string, notes: string[]): string | undefined {
  const text = asked.replace(/#.*$/s, '')
  if (!text.includes('/')) return undefined
  const host = hostAsked(text)
  if (!host?.isUrl) {
    const isOwn = !text.startsWith('/') && host?.host === new URL(site).host
    const path = isOwn ? text.slice(text.indexOf('/')) : text
    return locOfPath(site, path.startsWith('/') ? path : `/${path}`)
  }
  try {
    const url = new URL(text)
    if (url.origin !== site) notes.push(`The address is of ${url.origin}; its path was looked up on ${site}.`)
    return locOfPath(site, `${url.pathname}${url.search}`)
  } catch {
    return undefined
  }
}

/** The address itself first, then without a query, then with or without the slash at its end. */
export function variantsOf(loc: string): string[] {
  const bare = loc.replace(/\?.*$/s, '')
  const forms = [loc, bare, bare.endsWith('/') ? bare.replace(/\/+$/, '') : `${bare}/`]
  return [...new Set(forms)]
}

export function lastFolder(loc: string | undefined): string | undefined {
  const folder = loc === undefined ? undefined : new URL(loc).pathname.split('/').findLast(part => part !== '')
  return folder === undefined ? undefined : decodeValue(folder)
}
