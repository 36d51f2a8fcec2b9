// What is sent to S3 and what is read of its answers, where no server is needed to see it.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { objectUrl, type S3Place } from '../../src/io/s3-address.ts'
import { bytesBody, fileBody } from '../../src/io/s3-body.ts'
import { parseListPage, parseRefusal, plainEtag } from '../../src/io/s3-xml.ts'
import { tempFolder } from '../helpers/bundle.ts'

const PLACE: S3Place = { bucket: 'shop', region: 'eu-central-1', endpoint: undefined, pathStyle: false }

describe('the address of an object', () => {
  test.each<[string, Partial<S3Place>, string]>([
    ['is in the host of its bucket', {}, 'https://shop.s3.eu-central-1.amazonaws.com/maps/sitemap.xml'],
    [
      'has the bucket in the path where that is asked for',
      { bucket: 'shop.example.com', pathStyle: true },
      'https://s3.eu-central-1.amazonaws.com/shop.example.com/maps/sitemap.xml',
    ],
    ['is elsewhere in China', { region: 'cn-north-1' }, 'https://shop.s3.cn-north-1.amazonaws.com.cn/maps/sitemap.xml'],
    [
      'is at the server that is named',
      { endpoint: 'https://s3.example.com:9000', pathStyle: true },
      'https://s3.example.com:9000/shop/maps/sitemap.xml',
    ],
    [
      'keeps the path of the server that is named',
      { endpoint: 'https://example.com/storage/v1/s3', pathStyle: true },
      'https://example.com/storage/v1/s3/shop/maps/sitemap.xml',
    ],
    [
      'is in the host of its bucket at the server that is named',
      { endpoint: 'http://oss.example.com:8080', pathStyle: false },
      'http://shop.oss.example.com:8080/maps/sitemap.xml',
    ],
  ])('%s', (_, place, url) => {
    expect(objectUrl({ ...PLACE, ...place }, 'maps/sitemap.xml').href).toBe(url)
  })

  test('has every character of a key but slashes and unreserved ones encoded, so that it means no other one', () => {
    const { pathname } = objectUrl(PLACE, "a b+c/%2F..?#'()*!~&=€.xml")
    expect(pathname).toBe('/a%20b%2Bc/%252F..%3F%23%27%28%29%2A%21~%26%3D%E2%82%AC.xml')
    expect(decodeURIComponent(pathname)).toBe("/a b+c/%2F..?#'()*!~&=€.xml")
  })

  test('of the bucket itself ends with a slash', () => {
    expect(objectUrl({ ...PLACE, endpoint: 'http://127.0.0.1:1', pathStyle: true }, '').href).toBe(
      'http://127.0.0.1:1/shop/',
    )
  })
})

describe('a list of objects', () => {
  const list = (inner: string) => `<?xml version="1.0"?>\n<ListBucketResult xmlns="x">${inner}</ListBucketResult>`

  test('is read with keys, sizes and etags, whatever quotes the server writes', () => {
    const page = parseListPage(
      list(
        '<Name>shop</Name><Prefix></Prefix><KeyCount>2</KeyCount><IsTruncated>false</IsTruncated>' +
          '<Contents><Key>a &amp; b.xml</Key><ETag>&quot;12&quot;</ETag><Size>5</Size><Owner><ID>1</ID></Owner></Contents>' +
          '<Contents><Size>6</Size><ETag>34</ETag><Key>c+d%20.xml</Key></Contents>' +
          '<CommonPrefixes><Prefix>folder/</Prefix></CommonPrefixes>',
      ),
    )
    expect(page).toEqual({
      objects: [
        { key: 'a & b.xml', etag: '12', bytes: 5 },
        { key: 'c+d%20.xml', etag: '34', bytes: 6 },
      ],
      next: undefined,
    })
  })

  test('has its keys decoded where the server says that it encoded them', () => {
    const key = '<Contents><Key>a+b%2Bc%00%C3%BC.xml</Key></Contents>'
    const [object] = parseListPage(list(`${key}<EncodingType>url</EncodingType>`)).objects
    expect(object?.key).toBe('a b+c\u0000ü.xml')
  })

  test('says how it goes on', () => {
    const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>a=/+</NextContinuationToken>'
    expect(parseListPage(list(more)).next).toBe('a=/+')
    expect(parseListPage(list('')).objects).toEqual([])
  })

  test.each([
    ['cut off without a way to go on', list('<IsTruncated>true</IsTruncated>')],
    ['a web page', '<html><body>Welcome</body></html>'],
    ['no XML', 'Welcome'],
    ['broken XML', '<ListBucketResult><Contents>'],
    ['nothing', ''],
  ])('is refused where it is %s', (_, text) => {
    expect(() => parseListPage(text)).toThrow()
  })
})

test('a refusal is read as far as it is one', () => {
  const xml = '<Error><Code>NoSuchKey</Code><Message>It&apos;s <![CDATA[gone]]></Message><Key>a</Key></Error>'
  expect(parseRefusal(xml)).toMatchObject({ Code: 'NoSuchKey', Message: "It's gone" })
  expect(parseRefusal('<html><Code>x</Code></html>')).toEqual({})
  expect(parseRefusal('<Error><Code>Half')).toEqual({})
  expect(parseRefusal('')).toEqual({})
})

test('an etag is the same, weak or quoted', () => {
  expect(['"ab-2"', 'W/"ab-2"', 'ab-2', ''].map(plainEtag)).toEqual(['ab-2', 'ab-2', 'ab-2', ''])
})

describe('a file on its way', () => {
  const sent = async (body: ReturnType<typeof fileBody>): Promise<Buffer> => {
    const chunks: Uint8Array[] = []
    const failure = await (async () => {
      for await (const chunk of body.read()) chunks.push(chunk)
    })().catch(cause => cause)
    if (failure !== undefined) throw Object.assign(failure, { sent: Buffer.concat(chunks).length })
    return Buffer.concat(chunks)
  }
  const refuse = (problem: string) => new Error(problem)

  test('is sent as often as it has to be, and never to its end where it is not the one that is wanted', async () => {
    await using temp = await tempFolder()
    const path = join(temp.path, 'file')
    for (const size of [0, 1, 600_000]) {
      const bytes = Buffer.alloc(size, 'x')
      await writeFile(path, bytes)
      const wanted = bytesBody(bytes)
      const body = fileBody(path, wanted, refuse)
      expect((await sent(body)).equals(bytes)).toBe(true)
      expect((await sent(body)).equals(bytes)).toBe(true)
      for (const altered of [
        Buffer.alloc(size, 'y'),
        Buffer.alloc(size + 1, 'x'),
        Buffer.alloc(Math.max(0, size - 1), 'x'),
      ]) {
        if (altered.equals(bytes)) continue
        await writeFile(path, altered)
        const failure = await sent(body).catch(cause => cause)
        expect(failure.message).toMatch(/sha256|bytes/)
        expect(failure.sent).toBeLessThan(Math.max(1, size))
      }
    }
  })

  test('that is missing, or no file, is refused', async () => {
    await using temp = await tempFolder()
    for (const path of [join(temp.path, 'absent'), temp.path]) {
      await expect(sent(fileBody(path, bytesBody(Buffer.from('x')), refuse))).rejects.toThrow(/^it is /)
    }
  })
})
