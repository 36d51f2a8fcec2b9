// What a template can make of a value; the tables for other scripts load only where a template asks for them.
import { slugify, slugifyAscii } from '../sitemap/slugify.ts'
import type { Formatters, UrlTemplate } from '../sitemap/url-template.ts'

export async function loadFormatters(templates: readonly UrlTemplate[]): Promise<Formatters> {
  if (!templates.some(({ formats }) => formats.includes('slugify-ascii'))) return { slugify }
  const { transliterate } = await import('transliteration')
  return { slugify, 'slugify-ascii': text => slugifyAscii(transliterate(asDjangoHad(text))) }
}

/** Letters that the Django storefront's tables wrote otherwise than ours do: Greek and Russian above all. */
const OTHERWISE: Readonly<Record<string, string>> = {
  ...{ й: 'i', х: 'kh', ц: 'ts', ю: 'iu', я: 'ia', ё: 'io', ѐ: 'ie' },
  ...{ β: 'b', η: 'e', ή: 'e', υ: 'u', ύ: 'u', ϋ: 'u', ΰ: 'u', φ: 'ph', χ: 'kh', Ξ: 'ks' },
  ...{ ý: 'y', ẞ: 'ss', '¼': ' 1/4 ', '½': ' 1/2 ', '¾': ' 3/4 ' },
}
const LETTERS = new RegExp(`[${Object.keys(OTHERWISE).join('')}]`, 'giu')

/** Case does not matter: slugs are small. */
const asDjangoHad = (text: string): string =>
  text.replace(LETTERS, letter => OTHERWISE[letter] ?? OTHERWISE[letter.toLowerCase()] ?? letter)
