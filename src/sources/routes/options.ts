// Option `router`: where the source code of the front end's router is.
import { z } from 'zod'
import { branchName, repository, sshOptions, token } from '../../io/git-options.ts'
import { plainName } from './source-name.ts'

const repo = repository.describe(
  "The front end's repository: `git@host:owner/name.git`, ssh://, https://, file://, or a path relative to the " +
    "configuration's folder. Credentials in an https address are taken out, as for a git target.",
)

// What holds for branches holds for tags; a commit's id is a name like any other.
const ref = branchName('a branch or a tag')
  .optional()
  .describe(
    'What is deployed: a branch, a tag, or the full id of a commit. Default: the branch that the repository itself ' +
      'names (its HEAD).',
  )

const path = z
  .string()
  .superRefine((text, context) => {
    const problem = text.startsWith('/')
      ? 'begins with "/"; it counts from the top of the repository'
      : plainName(text) === undefined
        ? 'leads out of the repository'
        : undefined
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })
  .optional()
  .describe(
    'The file that has the routes, or the folder of the front end, from the top of the repository on. Default: the top.',
  )

export const routerGitOptions = z
  .strictObject({
    repo,
    ref,
    path,
    token: token.describe(
      'Access token for https, which only has to read. Best taken from the environment, not written down.',
    ),
    ...sshOptions,
  })
  .describe('A commit of a git repository, of which only the files that are needed are fetched.')

export const routerOptions = z
  .union([
    z.string().min(1).describe("A file or a folder of this machine, relative to the configuration's folder."),
    z.strictObject({ git: routerGitOptions }),
  ])
  .describe("Where the source code of the front end's router is.")

export type RouterGitOptions = z.output<typeof routerGitOptions>
export type RouterOptions = z.output<typeof routerOptions>
