// What options say of any git repository: where it is, and what opens it.
import { z } from 'zod'
import { branchProblem, parseRemote } from './git-remote.ts'

/** The address of a repository, as `parseRemote` reads it; what it is for, its description says. */
export const repository = z.string().superRefine((text, context) => {
  const parsed = parseRemote(text, '/')
  if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem })
})

/** A name that git takes for a branch; `kind` is what people take it for. */
export const branchName = (kind = 'a branch') =>
  z.string().superRefine((text, context) => {
    const problem = branchProblem(text)
    if (problem) context.addIssue({ code: 'custom', message: problem.replace('for a branch', `for ${kind}`) })
  })

export const token = z.string().min(1).optional()

export const sshOptions = {
  sshKey: z
    .string()
    .min(1)
    .optional()
    .describe("Private key for ssh: a path, or the key itself. Default: the keys and settings of the user's own ssh."),
  knownHosts: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The known keys of the ssh host: a path, or lines as ssh-keyscan prints them. No other key is accepted then. ' +
        "Default: the user's own known_hosts.",
    ),
}
