// Options of the HTTP target: `http: 8080`, or `{ port, host, directory }`.
import { z } from 'zod'

const PORT_EXPECTED = 'Expected a port from 1 to 65535.'

/** Whoever wants more than this machine to ask says so. */
const HOST = '127.0.0.1'

/** Also as text, since that is what the environment gives. */
const port = z
  .union(
    [
      z.int(),
      z
        .string()
        .regex(/^\d{1,5}$/)
        .transform(Number),
    ],
    { error: PORT_EXPECTED },
  )
  .refine(number => number >= 1 && number <= 65_535, { error: PORT_EXPECTED })
  .describe('The port that "storemap serve" listens on.')

const host = z
  .string()
  .regex(/^[A-Za-z0-9.:-]+$/, { error: 'Expected a name or address of this machine, such as 0.0.0.0.' })
  .default(HOST)
  .describe('The address of this machine to listen on: 127.0.0.1 answers to this machine alone, 0.0.0.0 to all.')

const directory = z
  .string()
  .min(1)
  .optional()
  .describe(
    "Where the bundle lies; relative to the configuration's folder. Default: .storemap/http/<host of the site>.",
  )

export const httpOptions = z
  .union(
    [
      port.transform(number => ({ port: number, host: HOST, directory: undefined })),
      z.strictObject({ port, host, directory }),
    ],
    { error: 'Expected a port from 1 to 65535, or { port, host, directory }.' },
  )
  .describe('The bundle served over HTTP by "storemap serve" itself.')

export type HttpOptions = z.output<typeof httpOptions>
