// The sections of a configuration: names, rules, addresses and images.
import { nearestHint, type Problem } from '../problem.ts'
import { parseRule } from '../rules/parse.ts'
import { contentProblems } from '../sources/saleor/content.ts'
import { findField, toLookup } from '../sources/saleor/fields.ts'
import type { RecordKind } from '../sources/source.ts'
import { listAddresses, pageAddresses, recordAddresses, type SectionAddress } from './addresses.ts'
import { routeProblems } from './check-routes.ts'
import { addressSettings, isRecordKind, type Parts, urlOf } from './parts.ts'

const SECTION_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/

export function sectionProblems(name: string, section: Record<string, unknown>, parts: Parts, data: object): Problem[] {
  const path = `sections.${name}`
  const problems: Problem[] = []
  if (!SECTION_NAME.test(name) || name.length > 60) {
    problems.push({ path, message: "A section's name becomes a file name: small letters, digits and hyphens." })
  }
  // Locales that are wrong by themselves are told, and what follows from them is not.
  const isSettled = (data as { locales?: unknown }).locales === undefined || parts.locales !== undefined
  const settings = addressSettings(parts, data)
  if (section.of === 'list' && isSettled && parts.locales) return [...problems, ...listAddresses(settings).problems]
  const { of } = section
  if (of === 'routes')
    return [...problems, ...(isSettled ? pageAddresses(settings).problems : []), ...routeProblems(section, path)]
  if (!isRecordKind(of)) return problems
  problems.push(...parseRule(section.where ?? {}, `${path}.where`, toLookup(of, undefined)).problems)
  if (section.images === true) problems.push(...imageProblems(of, path, parts))
  if (isNames(section.content))
    problems.push(...contentProblems({ of, content: section.content }, { path: `${path}.content` }))
  if (!isSettled || (section.url !== undefined && typeof section.url !== 'string')) return problems
  const { addresses, problems: addressed } = recordAddresses({ name, of, url: urlOf(section) }, settings)
  return [...problems, ...addressed, ...fieldProblems(of, addresses)]
}

const isNames = (content: unknown): content is string[] =>
  Array.isArray(content) && content.every(name => typeof name === 'string')

function fieldProblems(of: RecordKind, addresses: readonly SectionAddress[]): Problem[] {
  const problems = new Map<string, Problem>()
  for (const { path, template } of addresses) {
    for (const field of template.fields) {
      const found = findField(of, field, undefined)
      if (!('problem' in found)) continue
      const hint = nearestHint(field, found.known)
      problems.set(`${path} ${field}`, { path, message: found.problem, ...(hint && { hint }) })
    }
    if (template.fields.length === 0) {
      const message = 'It names no field, so all records would have one address.'
      problems.set(path, { path, message, hint: 'Write {slug}.' })
    }
  }
  return [...problems.values()]
}

function imageProblems(of: RecordKind, path: string, { source }: Parts): Problem[] {
  if (of === 'pages') return [{ path: `${path}.images`, message: 'Saleor keeps no images of pages.' }]
  const media = source?.saleor.media
  if (!source || (media !== undefined && isMediaAddress(media))) return []
  return [
    {
      path: 'source.saleor.media',
      message: 'Expected the address at which paths of images begin, https://media.example.com/.',
      hint: "It is Saleor's MEDIA_URL, or the address of its bucket.",
    },
  ]
}

function isMediaAddress(text: string): boolean {
  try {
    const url = new URL(text)
    return /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === ''
  } catch {
    return false
  }
}
