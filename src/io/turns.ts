// One after the other: work that must not be interleaved, though its callers do not wait for one another.

/** Gives each piece of work its turn, in the order asked; one that fails ends nobody else's. */
export function makeTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const turn = last.then(work)
    last = turn.catch(() => undefined) // told to who asked
    return turn
  }
}
