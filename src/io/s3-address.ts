// Where a bucket is: which endpoints, names and prefixes we take, and the URL of each object.

/** A bucket as the configuration names it, checked. */
export interface S3Place {
  readonly bucket: string
  readonly region: string
  /** Of a server other than AWS. */
  readonly endpoint: string | undefined
  /** Whether the bucket stands in the path of the URL, not in the host. */
  readonly pathStyle: boolean
}

/** The URL of an object, or of the bucket itself where the key is empty. */
export function objectUrl({ bucket, region, endpoint, pathStyle }: S3Place, key: string): URL {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const base = new URL(endpoint ?? `https://s3.${region}.${domain}`)
  const folder = base.pathname.replace(/\/+$/, '')
  const path = key.split('/').map(encode).join('/')
  if (pathStyle) return new URL(`${base.origin}${folder}/${encode(bucket)}/${path}`)
  return new URL(`${base.protocol}//${bucket}.${base.host}${folder}/${path}`)
}

/** Everything but unreserved characters: what the signature is made over has to be what is sent, to the letter. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A problem never shows the address, which may hold credentials. */
export function endpointProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return 'Expected an address such as https://s3.example.com.'
  if (url.username !== '' || url.password !== '') {
    return 'Credentials do not belong into the address. Give "accessKeyId" and "secretAccessKey".'
  }
  if (url.search !== '' || url.hash !== '') return 'Expected an address without "?" and "#".'
  return undefined
}

export function bucketProblem(text: string): string | undefined {
  const isName = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/.test(text) && !text.includes('..')
  return isName
    ? undefined
    : `Expected the name of a bucket: letters, digits, hyphens and dots, got "${text.slice(0, 60)}".`
}

/** A prefix is a folder: no URL may be able to mean another one than the key says. */
export function prefixProblem(text: string): string | undefined {
  if (text === '') return undefined
  if (text.startsWith('/')) return 'Expected a prefix without a "/" before it: objects have none.'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]|\p{Surrogate}/u.test(text)) {
    return 'Expected a prefix without "\\" and control characters.'
  }
  const parts = text.replace(/\/$/, '').split('/')
  if (parts.some(part => part === '' || part === '.' || part === '..')) {
    return 'Expected a prefix such as "sitemaps/", without "//", "." and "..".'
  }
  return Buffer.byteLength(text) > 400 ? 'Expected a prefix of at most 400 bytes.' : undefined
}

/** `sitemaps` → `sitemaps/`; the top of the bucket is ''. */
export const toFolder = (prefix: string): string => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)
