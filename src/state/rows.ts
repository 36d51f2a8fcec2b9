// What is known of the pages of one shard, as bytes: key, fingerprint and lastmod of each, some twelve bytes a page.

/** By index, ordered by key and slot. */
export interface Rows {
  readonly count: number
  readonly keys: Float64Array
  /** Which of its record's addresses each is. */
  readonly slots: Uint8Array
  /** Whole numbers below 2^48; NaN where there was none. */
  readonly fingerprints: Float64Array
  /** Lastmod in seconds since 1970; 0 where it is unknown. */
  readonly seconds: Float64Array
}

const FORMAT = 1
/** Most a row can take: a key of 53 bits as seven bits a byte, its slot, six bytes and four. */
const MOST_BYTES = 8 + 1 + 6 + 4
const NO_FINGERPRINT = 2 ** 48 - 1

/** Format, whether slots are told, number of rows; then each: distance from the key before, slot, fingerprint, lastmod. */
export function encodeRows({ count, keys, slots, fingerprints, seconds }: Rows): Buffer {
  const bytes = Buffer.allocUnsafe(16 + count * MOST_BYTES)
  const hasSlots = slots.subarray(0, count).some(slot => slot > 0)
  bytes[0] = FORMAT
  bytes[1] = hasSlots ? 1 : 0
  let at = writeNumber(bytes, 2, count)
  let last = 0
  for (let index = 0; index < count; index++) {
    const key = keys[index] as number
    at = writeNumber(bytes, at, key - last)
    last = key
    if (hasSlots) bytes[at++] = slots[index] as number
    const fingerprint = fingerprints[index] as number
    at = bytes.writeUIntLE(Number.isNaN(fingerprint) ? NO_FINGERPRINT : fingerprint, at, 6)
    at = bytes.writeUInt32LE(seconds[index] as number, at)
  }
  return bytes.subarray(0, at)
}

/** Undefined for bytes that are no rows. */
export function decodeRows(bytes: Buffer): Rows | undefined {
  try {
    return readRows(bytes)
  } catch {
    return undefined
  }
}

function readRows(bytes: Buffer): Rows | undefined {
  const hasSlots = bytes[1] === 1
  if (bytes[0] !== FORMAT) return undefined
  const start = readNumber(bytes, 2)
  const count = start.value
  if (count > bytes.length) return undefined
  const keys = new Float64Array(count)
  const slots = new Uint8Array(count)
  const fingerprints = new Float64Array(count)
  const seconds = new Float64Array(count)
  let { at } = start
  let last = 0
  for (let index = 0; index < count; index++) {
    const distance = readNumber(bytes, at)
    at = distance.at
    last += distance.value
    keys[index] = last
    if (hasSlots) slots[index] = bytes.readUInt8(at++)
    const fingerprint = bytes.readUIntLE(at, 6)
    fingerprints[index] = fingerprint === NO_FINGERPRINT ? Number.NaN : fingerprint
    seconds[index] = bytes.readUInt32LE(at + 6)
    at += 10
  }
  return at === bytes.length ? { count, keys, slots, fingerprints, seconds } : undefined
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function writeNumber(bytes: Buffer, start: number, number: number): number {
  let at = start
  let rest = number
  while (rest > 127) {
    bytes[at++] = (rest % 128) + 128
    rest = Math.floor(rest / 128)
  }
  bytes[at++] = rest
  return at
}

function readNumber(bytes: Buffer, start: number): { value: number; at: number } {
  let value = 0
  let scale = 1
  for (let at = start; ; at++) {
    const byte = bytes.readUInt8(at)
    value += (byte & 127) * scale
    if (byte < 128) return { value, at: at + 1 }
    scale *= 128
  }
}
