// Options of the S3 target: `s3: { bucket, prefix, region, endpoint, accessKeyId, secretAccessKey, … }`.
import { z } from 'zod'
import { bucketProblem, endpointProblem, prefixProblem, toFolder } from '../../io/s3-address.ts'

const checked = (problemOf: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text)
    if (message) context.addIssue({ code: 'custom', message })
  })

export const s3Options = z
  .strictObject({
    bucket: checked(bucketProblem).describe('The bucket. It has to exist; Storemap makes none.'),
    prefix: checked(prefixProblem)
      .transform(toFolder)
      .default('')
      .describe(
        'The folder of the bucket that holds the bundle: sitemaps/. Default: its top, where sitemap.xml belongs.',
      ),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'Expected a region such as eu-central-1.')
      .default('us-east-1')
      .describe('The region of the bucket; "auto" for some servers other than AWS.'),
    endpoint: checked(endpointProblem)
      .transform(text => text.replace(/\/+$/, ''))
      .optional()
      .describe('Address of a server other than AWS: https://s3.example.com. Default: that of AWS in the region.'),
    pathStyle: z
      .boolean()
      .optional()
      .describe(
        'Whether the bucket stands in the path of the URL, not in its host. Default: where there is an endpoint, or a ' +
          'dot in the name of the bucket.',
      ),
    accessKeyId: z
      .string()
      .min(1)
      .optional()
      .describe('Default: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment.'),
    secretAccessKey: z
      .string()
      .min(1)
      .optional()
      .describe('Goes with accessKeyId. Best taken from the environment, not written down.'),
    sessionToken: z.string().min(1).optional().describe('Of temporary keys.'),
    cacheControl: z
      .string()
      .regex(/^[\x20-\x7e]{1,200}$/, 'Expected a value of the header Cache-Control.')
      .default('public, max-age=300')
      .describe(
        'How long sitemap.xml, robots.txt and other files whose names stay may be cached. Shards named for their ' +
          'content never change, and are cached for a year.',
      ),
    statePrefix: checked(text => (text === '' ? 'Expected a prefix.' : prefixProblem(text)))
      .transform(toFolder)
      .optional()
      .describe(
        'The folder for what nobody should be served: the state and the list of our objects. Default: ' +
          '.storemap-state/ below the prefix. Keep it private where the bucket is public.',
      ),
    conditionalWrites: z
      .boolean()
      .default(true)
      .describe(
        'False: for servers that do not know If-Match. Two machines that publish at once may then overwrite each other.',
      ),
  })
  .check(({ value, issues }) => {
    if (value.statePrefix && value.statePrefix === value.prefix) {
      const message = 'Expected another folder than "prefix": what lies there is not for everybody.'
      issues.push({ code: 'custom', input: value, path: ['statePrefix'], message })
    }
  })
  .describe('A bucket of S3 or of a server that speaks its protocol.')

export type S3Options = z.output<typeof s3Options>

/** What the target keeps for itself: the state of the site, the journal. */
export const stateFolderOf = ({ prefix, statePrefix }: Pick<S3Options, 'prefix' | 'statePrefix'>): string =>
  statePrefix ?? `${prefix}.storemap-state/`
