// The configuration: what is wrong with it, and who may read the secrets in it.
import type { SitesRead } from '../compose.ts'
import { secretsWritten } from '../config/secrets-written.ts'
import { permissionsOf } from '../io/room.ts'
import type { Check } from './check.ts'

export const configurationCheck = ({ path, data, isFile, problems, sites }: SitesRead): Check => ({
  area: 'configuration',
  title: 'file',
  look: async ({ tell }) => {
    for (const { path: place, message, hint } of problems) tell.fail(place || '(top)', message, { remedy: hint })
    const count = `${sites.length} site${sites.length === 1 ? '' : 's'}`
    if (problems.length === 0) tell.ok('file', isFile ? `${path}: ${count}` : count)
    // A program may take its secrets from anywhere.
    if (!isFile || !/\.(json|ya?ml)$/.test(path)) return
    const secrets = secretsWritten(data)
    if (secrets.length === 0) {
      tell.ok('secrets', 'none is written into the file')
      return
    }
    const mode = (await permissionsOf(path)) ?? 0o600
    const named = `${secrets.join(', ')} ${secrets.length === 1 ? 'is' : 'are'} written into the file`
    if ((mode & 0o077) === 0) tell.ok('secrets', `${named}, which this user alone may read`)
    else {
      tell.warn(
        'secrets',
        `${named}, and others of this machine may read it (mode ${mode.toString(8).padStart(4, '0')})`,
        {
          remedy: `chmod 600 ${path}; or take them from the environment: \${NAME}, or a file that NAME_FILE names`,
        },
      )
    }
  },
})
