// What a template can make of a value; the tables for other scripts load only where a template asks for them.
import { slugify, slugifyAscii } from '../sitemap/slugify.ts'
import type { Formatters, UrlTemplate } from '../sitemap/url-template.ts'

export async function loadFormatters(templates: readonly UrlTemplate[]): Promise<Formatters> {
  if (!templates.some(({ formats }) => formats.includes('slugify-ascii'))) return { slugify }
  const { transliterate } = await import('transliteration')
  return { slugify, 'slugify-ascii': text => slugifyAscii(transliterate(text)) }
}
