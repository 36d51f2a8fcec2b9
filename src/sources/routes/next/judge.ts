// What the module of a page or a layout does with its visitors: told by whoever reads the code, asked by whoever reads names.
import type { Place } from '../../../routes/route.ts'

export interface Judged {
  /** `missing`: it exports nothing that could be shown. */
  readonly kind: 'page' | 'redirect' | 'resource' | 'missing'
  readonly to?: string | undefined
  readonly mayRedirect?: Place | undefined
  readonly guard?: (Place & { readonly name: string }) | undefined
}

export type Judge = (file: string) => Promise<Judged>
