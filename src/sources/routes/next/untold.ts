// Stands in a value for what could not be told from the source.
import type { Place } from '../../../routes/route.ts'

export class Untold {
  /** A clause that goes after "since": `process.env.BASE is only known when the front end is built`. */
  readonly unknown: string
  readonly source: string | undefined
  readonly place: Place | undefined

  constructor(unknown: string, { source, place }: { source?: string | undefined; place?: Place | undefined } = {}) {
    this.unknown = unknown
    this.source = source
    this.place = place
  }
}

export const isUntold = (value: unknown): value is Untold => value instanceof Untold

/** Under this, an object says where in the source it stands. */
export const PLACE = Symbol('place')
