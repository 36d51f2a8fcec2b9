// Slugs made of names, as storefronts make them that have a name and an id in their addresses.

/** As the storefronts of 2019 and 2020 do in the browser: letters other than a-z, digits and _ are dropped. */
export const slugify = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replace(/\s+/g, '-')
    .replaceAll('&', '-and-')
    .replace(/[^\w-]+/g, '')
    .replace(/-{2,}/g, '-')

/** As Django does; `text` has been transliterated to ASCII. */
export const slugifyAscii = (text: string): string =>
  text
    .replace(/[^\w\s-]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[-\s]+/g, '-')
