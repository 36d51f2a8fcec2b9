// Writes the journal: whoever does so first has the turn, and who saw it before that comes too late.
import { errors } from '../../errors.ts'
import type { S3Bucket } from '../../io/s3.ts'
import { bytesBody } from '../../io/s3-body.ts'
import { privateHeaders } from './headers.ts'
import { formatJournal, JOURNAL_NAME, type Journal, type Noted, parseJournal } from './journal.ts'

export interface JournalKeeper {
  /** As it was when it was read. */
  readonly seen: Journal
  /**
   * Notes what is ours before anything is put. Fails with TARGET_MOVED where another run noted something meanwhile, and
   * the first time with TARGET_NOT_CONDITIONAL where the server takes no notice of conditions.
   */
  open(run: string, objects: ReadonlyMap<string, Noted>): Promise<void>
  /** Whether no other run has taken its turn since. */
  isOurs(): Promise<boolean>
  /** Notes what is there now that all is done. False: another run has taken its turn, and it is for that to say. */
  settle(run: string, objects: ReadonlyMap<string, Noted>): Promise<boolean>
}

export interface JournalPlace {
  readonly folder: string
  /** For people. */
  readonly target: string
  readonly conditionalWrites: boolean
}

const MAX_BYTES = 64 * 1024 * 1024
const NOBODYS_ETAG = '0'.repeat(32)

export async function readJournal(
  bucket: S3Bucket,
  { folder, target, conditionalWrites }: JournalPlace,
): Promise<JournalKeeper> {
  const key = folder + JOURNAL_NAME
  const found = await bucket.get(key, { maxBytes: MAX_BYTES })
  const seen = parseJournal(found?.bytes.toString('utf8'))
  let standing: { readonly etag: string } | undefined = found

  const put = (text: string, replaces: { readonly etag: string } | undefined) =>
    bucket.put(key, bytesBody(Buffer.from(text)), { ...privateHeaders(JOURNAL_NAME), replaces })
  /** Asks for what must not be done. Some servers do it all the same. */
  const assertConditional = async (text: string): Promise<void> => {
    for (const replaces of [undefined, { etag: NOBODYS_ETAG }]) {
      if ((await put(`${text}\n`, replaces)) === 'moved') continue
      if (!found) await bucket.remove(key)
      throw errors.s3NotConditional(target)
    }
  }
  return {
    seen,
    async open(run, objects) {
      const text = formatJournal({ run, settled: false, conditional: seen.conditional, objects })
      const stored = await put(text, standing)
      if (stored === 'moved') throw errors.targetMoved(target)
      standing = stored
      if (conditionalWrites && !seen.conditional) await assertConditional(text)
    },
    isOurs: async () => (await bucket.look(key))?.etag === standing?.etag,
    async settle(run, objects) {
      const text = formatJournal({ run, settled: true, conditional: conditionalWrites, objects })
      return (await put(text, standing)) !== 'moved'
    },
  }
}
