// A shop for simulations: products whose pages change as time goes by. The same numbers give the same shop, always.

const WORDS = [
  'ash beech birch cherry elm linen maple oak pine velvet walnut wool'.split(' '),
  'armchair bench blanket bowl cabinet cushion desk lamp mirror rug shelf stool table vase'.split(' '),
  'amber black blue cream green grey ivory red sand white'.split(' '),
]
const DAY_SECONDS = 86_400
const FIRST_NIGHT = Date.UTC(2025, 10, 20, 3) / 1_000
const BATCH = 1_000

/** A shop of so many products. Each day that it lives, 1 % of them change, 0.02 % come and 0.02 % go. */
export function makeShop(count) {
  const random = makeRandom(20_251_120)
  const pick = list => list[Math.floor(random() * list.length)]
  let now = FIRST_NIGHT
  let key = 0
  const make = seconds => ({
    key: String(++key),
    slug: `${WORDS.map(pick).join('-')}-${key.toString(36)}`,
    seconds,
    fingerprint: Math.floor(random() * 2 ** 48),
  })
  let products = Array.from({ length: count }, () => make(now - Math.floor(random() * 700 * DAY_SECONDS)))
  const some = share => Math.max(1, Math.round(products.length * share))
  return {
    now: () => new Date(now * 1_000),
    live() {
      const instant = () => now + 1 + Math.floor(random() * (DAY_SECONDS - 1))
      for (let moved = some(0.01); moved > 0; moved--) {
        const product = pick(products)
        product.seconds = instant()
        product.fingerprint = Math.floor(random() * 2 ** 48)
      }
      const gone = new Set(Array.from({ length: some(0.0002) }, () => pick(products)))
      const come = Array.from({ length: some(0.0002) }, () => make(instant()))
      products = [...products.filter(product => !gone.has(product)), ...come]
      now += DAY_SECONDS
    },
    snapshot: () => snapshotOf(products, iso(now)),
  }
}

function snapshotOf(products, now) {
  return {
    now,
    warnings: [],
    check: async () => [],
    funnel: async () => [],
    close: async () => {},
    async *read() {
      for (let from = 0; from < products.length; from += BATCH) {
        yield products.slice(from, from + BATCH).map(({ key, slug, seconds, fingerprint }) => ({
          key,
          updatedAt: iso(seconds),
          addresses: [[slug]],
          fingerprints: [fingerprint],
        }))
      }
    },
  }
}

const iso = seconds => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')

/** Numbers from 0 to 1 that are the same for the same seed (xorshift). */
function makeRandom(seed) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
