// Options of the git target: `git: { repo, branch, token, sshKey, knownHosts, author, keepHistory }`.
import { z } from 'zod'
import { branchName, repository, sshOptions, token } from '../../io/git-options.ts'

const AUTHOR = /^([^<>\r\n]*[^<>\s]) <([^<>\s]+)>$/

const repo = repository.describe(
  "The repository: `git@host:owner/name.git`, ssh://, https://, file://, or a path relative to the configuration's " +
    'folder. Credentials in an https address are taken out and never passed as an argument; one value before the ' +
    '"@" is taken for a token, or beside `token` for the user\'s name.',
)

const branch = branchName()
  .default('master')
  .describe('The branch that holds the bundle, at its top; made by the first run where it is absent.')

export const DAY_MS = 86_400_000
const EXPECTED_DAYS = 'Expected a number of days such as 90d'

const days = z.string({ error: `${EXPECTED_DAYS}.` }).transform((text, context) => {
  const count = Number(/^(\d{1,5})d$/.exec(text.trim())?.[1] ?? 0)
  if (count >= 1) return count * DAY_MS
  context.addIssue({ code: 'custom', message: `${EXPECTED_DAYS}, of one at least, got "${text}".` })
  return z.NEVER
})

export const gitOptions = z
  .strictObject({
    repo,
    branch,
    token: token.describe('Access token for https. Best taken from the environment, not written down.'),
    ...sshOptions,
    author: z
      .string()
      .regex(AUTHOR, 'must look like "Name <mail@example.com>"')
      .optional()
      .describe('Author of the commits, as "Name <mail@example.com>". Default: Storemap <storemap@localhost>.'),
    keepHistory: days
      .optional()
      .describe(
        'Days, as "90d", for which the commits of the branch are kept: a publish makes one commit of all that are ' +
          'older, by a push that replaces the history. Default: all history stays.',
      ),
  })
  .describe('A branch of a git repository; one run that changes something is one commit.')

export type GitOptions = z.output<typeof gitOptions>

/** The parts of a checked `Name <mail>`. */
export function parseAuthor(author = 'Storemap <storemap@localhost>'): { name: string; email: string } {
  const [, name = 'Storemap', email = 'storemap@localhost'] = AUTHOR.exec(author) ?? []
  return { name, email }
}
