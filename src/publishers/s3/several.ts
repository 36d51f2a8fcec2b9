// Several requests at a time, since each of them mostly waits.

const AT_A_TIME = 4

/** Works on all items. After the first failure no more are begun, and none is under way any more when it is thrown. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const workers = Array.from({ length: Math.min(AT_A_TIME, items.length) }, async () => {
    while (next < items.length) {
      const item = items[next++] as T
      try {
        await work(item)
      } catch (cause) {
        next = items.length
        throw cause
      }
    }
  })
  for (const { status, ...rest } of await Promise.allSettled(workers)) {
    if (status === 'rejected') throw (rest as PromiseRejectedResult).reason
  }
}
