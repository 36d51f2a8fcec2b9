// Option `router`: where the source code of the front end's router is.
import { z } from 'zod'
import { branchProblem, parseRemote } from '../../io/git-remote.ts'
import { plainName } from './source-name.ts'

const repo = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseRemote(text, '/')
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem })
  })
  .describe(
    "The front end's repository: `git@host:owner/name.git`, ssh://, https://, file://, or a path relative to the " +
      "configuration's folder. Credentials in an https address are taken out, as for a git target.",
  )

const ref = z
  .string()
  .superRefine((text, context) => {
    // What holds for branches holds for tags; a commit's id is a name like any other.
    const problem = branchProblem(text)
    if (problem) context.addIssue({ code: 'custom', message: problem.replace('for a branch', 'for a branch or a tag') })
  })
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
    token: z
      .string()
      .min(1)
      .optional()
      .describe('Access token for https, which only has to read. Best taken from the environment, not written down.'),
    sshKey: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Private key for ssh: a path, or the key itself. Default: the keys and settings of the user's own ssh.",
      ),
    knownHosts: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The known keys of the ssh host: a path, or lines as ssh-keyscan prints them. No other key is accepted then. ' +
          "Default: the user's own known_hosts.",
      ),
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
