// Per rule the SQL text and its values, and the records it chooses in the demo shop, against SQL written by hand.
// What a product is there follows from its number: see src/demo/shop/catalogue.sql.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileSql } from '../../src/rules/compile-sql.ts'
import type { FieldType, Operator } from '../../src/rules/field.ts'
import { OPERATORS_OF } from '../../src/rules/field.ts'
import { ISO_DATE_PATTERN, NUMBER_PATTERN } from '../../src/rules/operand.ts'
import { parseRule } from '../../src/rules/parse.ts'
import { renderSql } from '../../src/rules/sql.ts'
import { fieldNames, findField, type SaleorField, toLookup } from '../../src/sources/saleor/fields.ts'
import type { Shop } from '../../src/sources/saleor/shop.ts'
import { RECORD_KINDS, type RecordKind, type Snapshot } from '../../src/sources/source.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { idsOf, openShop, withShop } from '../sources/shop-reading.ts'

const ATTRIBUTES = [
  [2, 'material', 'multiselect'],
  [4, 'discontinued', 'boolean'],
  [5, 'net-weight', 'numeric'],
  [6, 'sellable-until', 'date'],
  [8, 'internal-note', 'plain-text'],
  [13, 'size', 'dropdown'],
] as const
const CHANNELS = [
  { id: 1, slug: 'default-channel', active: true },
  { id: 2, slug: 'channel-pln', active: true },
] as const
/** The demo shop, as far as these rules need it known. */
const SHOP: Shop = {
  channel: CHANNELS[0],
  channels: new Map(CHANNELS.map(channel => [channel.slug, channel])),
  attributes: new Map(
    ATTRIBUTES.map(([id, slug, inputType]) => [slug, { id, slug, inputType, type: 'product-type', entityType: null }]),
  ),
  warehouses: new Set(['main-warehouse']),
  columns: new Set([
    'attribute_attributevalue.numeric',
    'attribute_assignedproductattributevalue.product_id',
    'attribute_assignedpageattributevalue.page_id',
    'product_producttranslation.slug',
    'product_categorytranslation.slug',
    'product_collectiontranslation.slug',
    'page_pagetranslation.slug',
    'product_category.updated_at',
  ]),
}

const ASSIGNED =
  'select 1 from attribute_assignedproductattributevalue av join attribute_attributevalue val on val.id = av.value_id join attribute_attributeproduct at on at.attribute_id = val.attribute_id where av.product_id = r.id and at.product_type_id = r.product_type_id and val.attribute_id = $1::int'
const NUMERIC = 'coalesce(val."numeric", case when val.name ~ $2::text then (val.name)::float8 end)'
const SCORE = '(r.metadata ->> $1::text)'
const MATERIAL_FITS = 'p.product_type_id <> 2 and p.id % 5 <> 0'

/** A rule, its SQL and values, and the same condition on product `p` as anybody might write it. */
const CASES: readonly (readonly [where: object, text: string, values: readonly unknown[], plain: string])[] = [
  [{ slug: 'oak-sofa-1' }, 'r.slug = $1::text', ['oak-sofa-1'], "p.slug = 'oak-sofa-1'"],
  [
    { slug: { oneOf: ['oak-sofa-1', 'half/price-sofa', 'none'] } },
    'r.slug = any ($1::text[])',
    [['oak-sofa-1', 'half/price-sofa', 'none']],
    "p.slug in ('oak-sofa-1', 'half/price-sofa')",
  ],
  [{ slug: { oneOf: [] } }, 'false', [], 'false'],
  [{ slug: { gt: 'o' } }, '(r.slug) collate "C" > $1::text', ['o'], `convert_to(p.slug, 'utf8') > 'o'`],
  [{ slug: { gte: 'o' } }, '(r.slug) collate "C" >= $1::text', ['o'], `convert_to(p.slug, 'utf8') >= 'o'`],
  [{ slug: { lt: '東' } }, '(r.slug) collate "C" < $1::text', ['東'], "ascii(p.slug) < ascii('東')"],
  [{ slug: { lte: 'o' } }, '(r.slug) collate "C" <= $1::text', ['o'], `convert_to(p.slug, 'utf8') <= 'o'`],
  [{ slug: { startsWith: '100% ' } }, 'starts_with(r.slug, $1::text)', ['100% '], 'p.id = 300'],
  [{ slug: { contains: '-sofa' } }, 'strpos(r.slug, $1::text) > 0', ['-sofa'], "p.slug like '%-sofa%'"],
  [{ name: { contains: '_' } }, 'strpos(r.name, $1::text) > 0', ['_'], 'false'],
  [{ slug: { exists: true } }, 'r.slug is not null', [], 'true'],
  [{ seoTitle: { exists: true } }, "r.seo_title <> ''", [], 'p.id % 3 = 2'],
  [{ seoTitle: { exists: false } }, "(r.seo_title <> '') is not true", [], 'p.id % 3 in (0, 1)'],
  [{ rating: 2.6 }, 'r.rating = $1::float8', [2.6], 'p.rating = 2.6'],
  [{ rating: { oneOf: [2.6, 0] } }, 'r.rating = any ($1::float8[])', [[2.6, 0]], 'p.rating in (0, 2.6)'],
  [{ rating: { gt: 2.6 } }, 'r.rating > $1::float8', [2.6], 'p.id % 4 <> 0 and p.id * 13 % 51 > 26'],
  [{ rating: { lte: 2.6 } }, 'r.rating <= $1::float8', [2.6], 'p.id % 4 <> 0 and p.id * 13 % 51 <= 26'],
  [
    { rating: { gte: 2.6, lt: 3 } },
    '(r.rating >= $1::float8 and r.rating < $2::float8)',
    [2.6, 3],
    'p.id % 4 <> 0 and p.id * 13 % 51 between 26 and 29',
  ],
  [{ rating: { exists: false } }, '(r.rating is not null) is not true', [], 'p.id % 4 = 0'],
  [
    { rating: { lt: 3, exists: true } },
    '(r.rating < $1::float8 and r.rating is not null)',
    [3],
    'p.id % 4 <> 0 and p.rating < 3',
  ],
  [{ 'listing.isPublished': true }, 'listing_1.is_published', [], listed('l.is_published')],
  [{ 'listing.isPublished': false }, 'listing_1.is_published = false', [], listed('not l.is_published')],
  [{ 'listing.isPublished': { oneOf: [true] } }, 'listing_1.is_published', [], listed('l.is_published')],
  [
    { 'listing.isPublished': { oneOf: [true, false] } },
    '(listing_1.is_published or listing_1.is_published = false)',
    [],
    listed('true'),
  ],
  [{ 'listing.isPublished': { exists: true } }, 'listing_1.is_published is not null', [], listed('true')],
  [
    { createdAt: { gte: '2025-03-01' } },
    'r.created_at >= $1::timestamptz',
    ['2025-03-01'],
    "p.created_at >= '2025-03-01 00:00Z'",
  ],
  [
    { createdAt: '2025-01-02T16:43:01.250031Z' },
    'r.created_at = $1::timestamptz',
    ['2025-01-02T16:43:01.250031Z'],
    'p.id = 1',
  ],
  [
    { createdAt: { oneOf: ['2025-01-02T17:43:01.250031+01:00', 'now'] } },
    '(r.created_at = $1::timestamptz or r.created_at = now())',
    ['2025-01-02T17:43:01.250031+01:00'],
    'p.id = 1',
  ],
  [
    { 'listing.publishedAt': { lt: 'now-30d' } },
    'listing_1.published_at < now() + $1::interval',
    ['-2592000 seconds'],
    listed("l.published_at < now() - interval '30 days'"),
  ],
  [
    { 'listing.publishedAt': { gt: 'now+52w' } },
    'listing_1.published_at > now() + $1::interval',
    ['31449600 seconds'],
    listed("l.published_at > '2090-01-01'"),
  ],
  [{ createdAt: { exists: true } }, 'r.created_at is not null', [], 'true'],
  [{ 'metadata.sitemap': 'exclude' }, 'r.metadata @> $1::jsonb', ['{"sitemap":"exclude"}'], 'p.id % 50 in (10, 20)'],
  [{ 'metadata.sitemap': 'true' }, '(r.metadata ->> $1::text) = $2::text', ['sitemap', 'true'], 'false'],
  [{ 'metadata.sitemap': true }, '(r.metadata ->> $1::text) = $2::text', ['sitemap', 'true'], 'false'],
  [
    { 'metadata.sitemap': { oneOf: ['exclude', 'include'] } },
    '(r.metadata ->> $1::text) = any ($2::text[])',
    ['sitemap', ['exclude', 'include']],
    'p.id % 50 in (10, 20, 15, 16)',
  ],
  [
    { 'metadata.sitemap': { gt: 'exclude' } },
    '((r.metadata ->> $1::text)) collate "C" > $2::text',
    ['sitemap', 'exclude'],
    'p.id % 50 in (15, 16)',
  ],
  [
    { 'metadata.sitemap': { startsWith: 'in' } },
    'starts_with((r.metadata ->> $1::text), $2::text)',
    ['sitemap', 'in'],
    'p.id % 50 in (15, 16)',
  ],
  [
    { 'metadata.sitemap': { contains: 'clud' } },
    'strpos((r.metadata ->> $1::text), $2::text) > 0',
    ['sitemap', 'clud'],
    'p.id % 50 in (10, 20, 15, 16)',
  ],
  [
    { 'metadata.sitemap': { exists: false } },
    '((r.metadata ->> $1::text) is not null) is not true',
    ['sitemap'],
    'p.id % 50 not in (10, 20, 15, 16)',
  ],
  [
    { 'metadata.score': { gte: 50 } },
    `case when ${SCORE} ~ $2::text then (${SCORE})::float8 end >= $3::float8`,
    ['score', NUMBER_PATTERN, 50],
    'p.id % 4 <> 3 and p.id % 40 <> 33 and p.id * 7 % 100 >= 50',
  ],
  [
    { 'metadata.score': { oneOf: [7, 'n/a'] } },
    `(${SCORE} = any ($2::text[]) or case when ${SCORE} ~ $3::text then (${SCORE})::float8 end = any ($4::float8[]))`,
    ['score', ['n/a'], NUMBER_PATTERN, [7]],
    'p.id % 40 = 33 or p.id % 4 <> 3 and p.id * 7 % 100 = 7',
  ],
  [
    { 'metadata.score': { lt: 'now' } },
    `case when ${SCORE} ~ $2::text then (${SCORE})::timestamptz end < now()`,
    ['score', ISO_DATE_PATTERN],
    'false',
  ],
  [
    { 'attributes.material': 'wood' },
    `exists (${ASSIGNED} and val.slug = $2::text)`,
    [2, 'wood'],
    `${MATERIAL_FITS} and p.id % 3 = 0`,
  ],
  [
    { 'attributes.material': { exists: false } },
    `not exists (${ASSIGNED} and val.slug is not null)`,
    [2],
    `not (${MATERIAL_FITS})`,
  ],
  [{ 'attributes.discontinued': true }, `exists (${ASSIGNED} and val."boolean")`, [4], 'p.id % 20 = 15'],
  [
    { 'attributes.net-weight': { gte: 10, lt: 20 } },
    `exists (${ASSIGNED} and ${NUMERIC} >= $3::float8 and ${NUMERIC} < $4::float8)`,
    [5, NUMBER_PATTERN, 10, 20],
    'p.id % 3 = 0 and p.id % 80 between 10 and 19',
  ],
  [
    { 'attributes.sellable-until': { gt: 'now' } },
    `exists (${ASSIGNED} and val.date_time > now())`,
    [6],
    'p.id % 10 = 2',
  ],
  [
    { 'attributes.net-weight': { gt: 5, exists: true } },
    `(exists (${ASSIGNED} and ${NUMERIC} > $3::float8) and exists (${ASSIGNED} and ${NUMERIC} is not null))`,
    [5, NUMBER_PATTERN, 5],
    'p.id % 3 = 0 and p.id % 80 >= 5',
  ],
  [{ NOT: { rating: { gte: 4 } } }, '(r.rating >= $1::float8) is not true', [4], 'p.id % 4 = 0 or p.rating < 4'],
  [
    { NOT: { 'metadata.sitemap': 'exclude' } },
    '(r.metadata @> $1::jsonb) is not true',
    ['{"sitemap":"exclude"}'],
    'p.id % 50 not in (10, 20)',
  ],
  [{ NOT: { 'attributes.discontinued': true } }, `not exists (${ASSIGNED} and val."boolean")`, [4], 'p.id % 20 <> 15'],
  [
    { NOT: { 'listing.isPublished': true } },
    '(listing_1.is_published) is not true',
    [],
    `not ${listed('l.is_published')}`,
  ],
  [
    { NOT: { 'listing.isPublished': false } },
    '(listing_1.is_published = false) is not true',
    [],
    `not ${listed('not l.is_published')}`,
  ],
  [
    { NOT: { AND: [{ rating: 1 }, { id: { gt: 100 } }] } },
    '((r.rating = $1::float8) is not true or (r.id > $2::float8) is not true)',
    [1, 100],
    'p.rating is distinct from 1 or p.id <= 100',
  ],
  [
    { NOT: { OR: [{ rating: 1 }, { id: { gt: 100 } }] } },
    '((r.rating = $1::float8) is not true and (r.id > $2::float8) is not true)',
    [1, 100],
    'p.rating is distinct from 1 and p.id <= 100',
  ],
  [{ NOT: { NOT: { rating: { gt: 1 } } } }, 'r.rating > $1::float8', [1], 'p.rating > 1'],
  [
    { rating: { gt: 1 }, id: { gt: 100 } },
    '(r.rating > $1::float8 and r.id > $2::float8)',
    [1, 100],
    'p.rating > 1 and p.id > 100',
  ],
  [{}, 'true', [], 'true'],
  [{ AND: [] }, 'true', [], 'true'],
  [{ OR: [] }, 'false', [], 'false'],
  [{ NOT: {} }, 'false', [], 'false'],
  [{ NOT: { OR: [] } }, 'true', [], 'true'],
  [{ OR: [{}] }, 'true', [], 'true'],
]

/** The condition on the listing `l` of product `p` in default-channel. */
function listed(condition: string): string {
  return `exists (select 1 from product_productchannellisting l where l.product_id = p.id and l.channel_id = 1 and ${condition})`
}

const render = (kind: RecordKind, where: unknown) => {
  const { rule, problems } = parseRule(where, 'where', toLookup(kind, SHOP))
  expect(problems).toEqual([])
  const { condition } = compileSql(rule, field => (findField(kind, field.name, SHOP) as SaleorField).locate(SHOP))
  return renderSql(condition)
}

describe('a rule', () => {
  let db: TestDatabase
  let shop: Snapshot
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    shop = await openShop(db.url)
  })
  afterAll(async () => {
    await shop?.close()
    await db?.drop()
  })

  const idsBySql = async (condition: string): Promise<number[]> =>
    (await db.query(`select p.id from product_product p where ${condition} order by p.id`)).map(({ id }) => id)

  test.each(CASES)('%j becomes SQL in which every value is a parameter', (where, text, values) => {
    const rendered = render('products', where)
    expect(rendered.text).toBe(text)
    expect(rendered.values.map(({ value }) => value)).toEqual(values)
  })

  test.each(CASES)('%j chooses the records it says, and under NOT all others', async (where, _, __, plain) => {
    const [chosen, others] = await idsOf(shop, 'products', [where, { NOT: where }])
    expect(chosen).toEqual(await idsBySql(plain))
    expect(others).toEqual(await idsBySql(`(${plain}) is not true`))
  })

  test('orders text by code point, whatever the collation of the database', async () => {
    const rows: { id: number; slug: string }[] = await db.query('select id, slug from product_product order by id')
    for (const bound of ['Z', 'a', 'o', 'з', 'стол', '東', '🎉', '\u{10ffff}']) {
      const [above] = await idsOf(shop, 'products', [{ slug: { gt: bound } }])
      const expected = rows.filter(({ slug }) => Buffer.compare(Buffer.from(slug), Buffer.from(bound)) > 0)
      expect(above, bound).toEqual(expected.map(({ id }) => id))
    }
  })

  test('with several tests of a field that has many values asks for one value that passes them all', async () => {
    const side = { 'stock.available': { gt: 8, lt: 20 } }
    const apart = { AND: [{ 'stock.available': { gt: 8 } }, { 'stock.available': { lt: 20 } }] }
    const [together, separate] = await idsOf(shop, 'products', [side, apart])
    const stock = (condition: string) =>
      `exists (select 1 from warehouse_stock s join product_productvariant v on v.id = s.product_variant_id
        where v.product_id = p.id and ${condition})`
    const free = 's.quantity - s.quantity_allocated'
    expect(together).toEqual(await idsBySql(stock(`${free} > 8 and ${free} < 20`)))
    expect(separate).toEqual(await idsBySql(`${stock(`${free} > 8`)} and ${stock(`${free} < 20`)}`))

    const [wood, both] = await idsOf(shop, 'products', [
      { 'attributes.material': { gte: 'wood', lt: 'wool' } },
      { AND: [{ 'attributes.material': 'wood' }, { 'attributes.material': 'wool' }] },
    ])
    expect(wood).toEqual(await idsBySql(`${MATERIAL_FITS} and p.id % 3 = 0`))
    expect(both).toEqual(await idsBySql(`${MATERIAL_FITS} and p.id % 3 = 0 and p.id % 5 = 1 and p.id % 2 = 0`))
    const [neither] = await idsOf(shop, 'products', [
      { 'attributes.material': { startsWith: 'wood', contains: 'wool' } },
    ])
    expect(neither).toEqual([])
  })

  test('and its NOT part the records of every kind in two, for every field and operator', async () => {
    const patterns: Readonly<Record<RecordKind, readonly string[]>> = {
      products: [
        ...ATTRIBUTES.filter(([id]) => id !== 13).map(([, slug]) => `attributes.${slug}`),
        'variants.attributes.size',
        'listings.channel-pln.isPublished',
        'listings.channel-pln.availableForPurchaseAt',
        'stock.main-warehouse.available',
        'translations.de.slug',
        'metadata.sitemap',
        'metadata.score',
        'privateMetadata.pim_status',
      ],
      categories: ['translations.pl.slug', 'metadata.sitemap', 'privateMetadata.none'],
      collections: [
        'listing.isPublished',
        'listings.channel-pln.publishedAt',
        'translations.de.slug',
        'metadata.sitemap',
      ],
      pages: ['translations.de.slug', 'metadata.sitemap'],
    }
    const operands: Readonly<Record<FieldType, readonly unknown[]>> = {
      text: ['m'],
      number: [3],
      boolean: [true],
      date: ['2026-01-01'],
      metadata: ['exclude', 50, '2026-01-01', 'now', true],
      unknown: [],
    }
    const written = (operator: Operator, operand: unknown) => {
      if (operator === 'exists') return { exists: true }
      return { [operator]: operator === 'oneOf' ? [operand] : operand }
    }
    for (const kind of RECORD_KINDS) {
      const names = [...fieldNames(kind), ...patterns[kind]]
      const wheres = names.flatMap(name => {
        const { field } = findField(kind, name, SHOP) as SaleorField
        return OPERATORS_OF[field.type].flatMap(operator =>
          operands[field.type]
            .filter(operand => typeof operand === 'string' || !['startsWith', 'contains'].includes(operator))
            .map(operand => ({ [name]: written(operator, operand) })),
        )
      })
      const [all, ...chosen] = await idsOf(shop, kind, [{}, ...wheres.flatMap(where => [where, { NOT: where }])])
      expect(all?.length).toBeGreaterThan(5)
      wheres.forEach((where, index) => {
        const [yes, no] = [chosen[2 * index] ?? [], chosen[2 * index + 1] ?? []]
        expect(
          [...yes, ...no].sort((a, b) => a - b),
          JSON.stringify(where),
        ).toEqual(all)
      })
    }
  })

  test('with 5,000 values, and with values that look like PostgreSQL arrays, takes each as it is', async () => {
    const odd = [
      'a,b',
      '{a}',
      '"q"',
      'back\\slash',
      'NULL',
      'null',
      ' lead',
      'tab\there',
      "'; drop table product_product; --",
    ]
    const many = Array.from({ length: 5_000 - odd.length }, (_, index) => `value ${index}`)
    const other = await createDatabase({ template: 'demo' })
    try {
      await other.query(
        'update product_product p set name = v.name from unnest($1::text[]) with ordinality v(name, id) where p.id = v.id',
        [[...odd, '', 'value 4', 'a', 'b']],
      )
      await withShop(other.url, {}, async snapshot => {
        const [chosen, empty, split] = await idsOf(snapshot, 'products', [
          { name: { oneOf: [...many, ...odd] } },
          { name: { oneOf: ['', 'NULL'] } },
          { name: { oneOf: ['{a,b}'] } },
        ])
        expect(chosen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, odd.length + 2])
        expect(empty).toEqual([5, 10])
        expect(split).toEqual([])
      })
    } finally {
      await other.drop()
    }
  })
})

describe('metadata', () => {
  const NUMBERS: readonly (readonly [json: string, number: number | undefined])[] = [
    ['"n/a"', undefined],
    ['""', undefined],
    ['" 5"', undefined],
    ['"5 "', undefined],
    ['"5\\n"', undefined],
    ['"1e999"', undefined],
    ['"-1e999"', undefined],
    ['"NaN"', undefined],
    ['"Infinity"', undefined],
    ['"0x10"', undefined],
    ['"1,5"', undefined],
    ['"1_000"', undefined],
    ['"٥"', undefined],
    ['"５"', undefined],
    ['"--5"', undefined],
    ['"."', undefined],
    ['1e400', undefined],
    ['null', undefined],
    ['true', undefined],
    ['[5]', undefined],
    ['{"v": 5}', undefined],
    ['"5"', 5],
    ['"5.0"', 5],
    ['"+5"', 5],
    ['"5."', 5],
    ['"-.5"', -0.5],
    ['"1e2"', 100],
    ['5', 5],
    ['5.50', 5.5],
    ['-7', -7],
    ['"9007199254740993"', 9007199254740992],
    ['"20260101"', 20260101],
  ]
  const DATES: readonly (readonly [json: string, date: string | undefined])[] = [
    ['"2026-02-30"', undefined],
    ['"2025-02-29"', undefined],
    ['"2026-13-01"', undefined],
    ['"2026-1-1"', undefined],
    ['"0000-01-01"', undefined],
    ['"2026-01-31T24:00:00Z"', undefined],
    ['"2026-01-31T10:60:00Z"', undefined],
    ['"2026-01-31T10:00:00+15:00"', undefined],
    ['"2026-01-31 10:00:00 Europe/Berlin"', undefined],
    ['" 2026-01-31"', undefined],
    ['"now"', undefined],
    ['"today"', undefined],
    ['"infinity"', undefined],
    ['"epoch"', undefined],
    ['"2026-W05"', undefined],
    ['"20260131"', undefined],
    ['"2026-01-31"', '2026-01-31T00:00:00Z'],
    ['"2024-02-29"', '2024-02-29T00:00:00Z'],
    ['"2026-01-31 10:00"', '2026-01-31T10:00:00Z'],
    ['"2026-01-31T10:00:00.123456+14:59"', '2026-01-30T19:01:00.123Z'],
    ['"2026-01-31T10:00:00-0130"', '2026-01-31T11:30:00Z'],
    ['"0001-01-01"', '0001-01-01T00:00:00Z'],
    ['"9999-12-31T23:59:59Z"', '9999-12-31T23:59:59Z'],
  ]
  /** What people write, and the JSON that looks like it. */
  const TEXTS = [
    ...[
      '5',
      'true',
      'false',
      'null',
      '[1]',
      '"x"',
      '{"a": 1}',
      '',
      ' ',
      'x',
      "o'hara",
      '"',
      "'",
      '\\',
      '\\\\',
      '\\u0041',
    ],
    ...[
      "'; drop table product_product; --",
      '%',
      '_',
      '$1',
      '$$',
      '$(id)',
      'größe',
      'e\u0301',
      '\u00e9',
      '🎉',
      'עברית',
    ],
    ...['line\nbreak', 'tab\t', '-1', '+1', '.5', '1e3', 'Infinity', '\u0001', '\u202e', '𝒳'],
  ]
  let db: TestDatabase
  const store = async (documents: readonly string[]) => {
    await db.query("update product_product set metadata = '{}'")
    await db.query(
      `update product_product p set metadata = jsonb_build_object('v', v.doc::jsonb, 'd.o"t''s', v.doc::jsonb)
       from unnest($1::text[]) with ordinality v(doc, id) where p.id = v.id`,
      [documents],
    )
  }
  const numbersWhere = <T>(list: readonly T[], holds: (item: T) => boolean): number[] =>
    list.flatMap((item, index) => (holds(item) ? [index + 1] : []))

  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
  })
  afterAll(() => db?.drop())

  test('with a number as operand is read as a number, and what is none compares as false, never as a failure', async () => {
    await store(NUMBERS.map(([json]) => json))
    await withShop(db.url, {}, async shop => {
      const tests = {
        eq: (a: number, b: number) => a === b,
        gt: (a: number, b: number) => a > b,
        gte: (a: number, b: number) => a >= b,
        lt: (a: number, b: number) => a < b,
        lte: (a: number, b: number) => a <= b,
      }
      for (const [operator, holds] of Object.entries(tests)) {
        for (const bound of [5, -0.5, 0, 1e6]) {
          const [chosen] = await idsOf(shop, 'products', [{ 'metadata.v': { [operator]: bound } }])
          const expected = numbersWhere(NUMBERS, ([, number]) => number !== undefined && holds(number, bound))
          expect(chosen, `${operator} ${bound}`).toEqual(expected)
        }
      }
      const [some] = await idsOf(shop, 'products', [{ 'metadata.v': { oneOf: [5, -7] } }])
      expect(some).toEqual(numbersWhere(NUMBERS, ([, number]) => number === 5 || number === -7))
    })
  })

  test('with a date as operand is read as a date, and what is none compares as false, never as a failure', async () => {
    await store(DATES.map(([json]) => json))
    await withShop(db.url, {}, async shop => {
      const time = (date: string | undefined) => (date === undefined ? Number.NaN : Date.parse(date))
      for (const bound of ['2026-01-31', '2026-01-30T19:01:00Z', '0001-01-01']) {
        const [later, earlier, same] = await idsOf(shop, 'products', [
          { 'metadata.v': { gt: bound } },
          { 'metadata.v': { lte: bound } },
          { 'metadata.v': bound },
        ])
        const at = bound.length === 10 ? Date.parse(`${bound}T00:00:00Z`) : Date.parse(bound)
        expect(later).toEqual(numbersWhere(DATES, ([, date]) => time(date) > at))
        expect(earlier).toEqual(numbersWhere(DATES, ([, date]) => time(date) <= at))
        expect(same).toEqual(numbersWhere(DATES, ([, date]) => time(date) === at))
      }
      const [past, future] = await idsOf(shop, 'products', [
        { 'metadata.v': { lte: 'now' } },
        { 'metadata.v': { gt: 'now' } },
      ])
      expect(future).toEqual(numbersWhere(DATES, ([json]) => json.includes('9999')))
      expect(past).toHaveLength(DATES.filter(([, date]) => date !== undefined).length - 1)
    })
  })

  test('with a text as operand compares as text, whatever JSON the text looks like', async () => {
    const documents = [
      ...TEXTS.map(text => JSON.stringify(text)),
      '5',
      'true',
      'false',
      'null',
      '[1]',
      '{"a":1}',
      '-1',
      '[]',
    ]
    await store(documents)
    const stored = documents.map(json => {
      const value = JSON.parse(json)
      if (typeof value === 'string') return value
      return value === null ? undefined : json === '{"a":1}' ? '{"a": 1}' : json
    })
    await withShop(db.url, {}, async shop => {
      const fields = ['metadata.v', 'metadata.d.o"t\'s']
      const wheres = TEXTS.flatMap(text => fields.flatMap(field => [{ [field]: text }, { [field]: { oneOf: [text] } }]))
      const chosen = await idsOf(shop, 'products', wheres)
      wheres.forEach((where, index) => {
        const text = TEXTS[Math.floor(index / 4)]
        expect(chosen[index], JSON.stringify(where)).toEqual(numbersWhere(stored, value => value === text))
      })
      const [there] = await idsOf(shop, 'products', [{ 'metadata.v': { exists: true } }])
      expect(there).toEqual(numbersWhere(stored, value => value !== undefined))
    })
  })

  test('that is no object at all, as other programs may leave it, has no keys', async () => {
    await db.query(
      `update product_product set metadata = (array['null', '5', '[]', '"v"', '["v"]', '{}'])[1 + id % 6]::jsonb`,
    )
    await withShop(db.url, {}, async shop => {
      const [eq, contains, exists, number, not] = await idsOf(shop, 'products', [
        { 'metadata.v': 'v' },
        { 'metadata.v': { contains: '' } },
        { 'metadata.v': { exists: true } },
        { 'metadata.v': { lt: 1e9 } },
        { NOT: { 'metadata.v': 'v' } },
      ])
      expect([eq, contains, exists, number]).toEqual([[], [], [], []])
      expect(not).toHaveLength(500)
    })
  })
})

describe('a relative date', () => {
  test('counts from the instant of the run, in seconds, minutes, hours, days and weeks', async () => {
    const db = await createDatabase({ template: 'demo' })
    try {
      const ages = ['20 seconds', '2 minutes', '2 hours', '2 days', '2 weeks', '-2 days', '-2 weeks']
      await db.query('update product_product set updated_at = now() - interval $$10 years$$')
      await db.query(
        `update product_product p set updated_at = now() - a.age::interval
         from unnest($1::text[]) with ordinality a(age, id) where p.id = a.id`,
        [ages],
      )
      await withShop(db.url, {}, async shop => {
        const after = (bound: string) => ({ updatedAt: { gt: bound } })
        const chosen = await idsOf(
          shop,
          'products',
          ['now-90s', 'now-60m', 'now-3h', 'now-1w', 'now', 'now+3d'].map(after),
        )
        expect(chosen).toEqual([[1, 6, 7], [1, 2, 6, 7], [1, 2, 3, 6, 7], [1, 2, 3, 4, 6, 7], [6, 7], [7]])
      })
    } finally {
      await db.drop()
    }
  })
})
