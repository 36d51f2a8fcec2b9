// The only place that escapes XML. Called once, at the moment of writing.

const SPECIAL = /[&<>"']/
const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes text for an element or an attribute: the protocol asks for all five entities in both. */
export function escapeXml(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[&<>"']/g, char => ENTITY[char] as string) : text
}
