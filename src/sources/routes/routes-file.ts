// routes.json: the routes of a front end as `storemap routes --json` writes them in the front end's own pipeline.
import { z } from 'zod'
import { errors } from '../../errors.ts'
import type { RouteTable } from '../../routes/route.ts'

export const ROUTES_FORMAT = 1

const place = { file: z.string(), line: z.int().min(1).optional() }
const route = z.object({
  path: z.string().startsWith('/'),
  written: z.string().optional(),
  ...place,
  kind: z.enum(['page', 'redirect', 'catch-all', 'resource']),
  to: z.string().optional(),
  guard: z.object({ ...place, name: z.string() }).optional(),
  mayRedirect: z.object(place).optional(),
  condition: z.string().optional(),
  end: z.boolean().optional(),
  component: z.string().optional(),
  changed: z.string().optional(),
})

const table = z.object({
  format: z.literal(ROUTES_FORMAT),
  forms: z.array(z.enum(['react-router-5', 'react-router', 'react-router-framework', 'next-app', 'next-pages'])).min(1),
  order: z.enum(['written', 'ranked']),
  basename: z.string(),
  caseSensitive: z.boolean(),
  routes: z.array(route),
  unresolved: z.array(z.object({ ...place, reason: z.string(), source: z.string() })),
  notes: z.array(z.string()),
  revision: z.string().optional(),
})

/** Fails with ROUTES_FILE_INVALID. What a later version says besides is not read. */
export function parseRoutesFile(text: string, file: string): RouteTable {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw errors.routesFileInvalid(file, 'it is no JSON', cause)
  }
  // Of a configuration with one front end the list is that one's.
  const { sections, sites } = (data ?? {}) as { sections?: unknown; sites?: unknown }
  if (Array.isArray(sections) && sections.length === 1) data = sections[0]
  else if (Array.isArray(sections) || sites !== undefined)
    throw errors.routesFileInvalid(file, 'it is of several front ends, and each needs a file of its own')
  const { format } = (data ?? {}) as { format?: unknown }
  if (typeof format === 'number' && format > ROUTES_FORMAT)
    throw errors.routesFileInvalid(
      file,
      `its format ${format} is newer than ${ROUTES_FORMAT}, the newest that this version reads`,
    )
  const parsed = table.safeParse(data)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw errors.routesFileInvalid(file, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'it is no such file'}`)
  }
  const { format: _, ...rest } = parsed.data
  return rest
}

/** As it is written. */
export const toRoutesFile = (read: RouteTable): { readonly format: number } & RouteTable => ({
  format: ROUTES_FORMAT,
  ...read,
})
