// The options of a Saleor source.
import { z } from 'zod'

export const saleorOptions = z
  .strictObject({
    database: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Address of the PostgreSQL database, postgres://user:password@host:5432/saleor; a read-only role is enough.',
      ),
    graphql: z
      .string()
      .optional()
      .describe('Address of the GraphQL API, where there is no access to the database. Comes with a later version.'),
    token: z.string().optional().describe('App token for the GraphQL API. Comes with a later version.'),
    channel: z.string().min(1).describe('Slug of the channel whose anonymous customer decides what is visible.'),
    media: z.string().optional().describe('Where image paths begin, https://media.example.com/.'),
    visibility: z
      .enum(['saleor', 'all'])
      .default('saleor')
      .describe('"saleor": what an anonymous customer of the channel may see. "all": every record, on purpose only.'),
  })
  .describe('A Saleor shop.')

export type SaleorOptions = z.output<typeof saleorOptions>
