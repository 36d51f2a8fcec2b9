// Loaded into the program by NODE_OPTIONS: kills it before the first change of a file that KILL_AT matches, as
// "<name of the function> <path> <other path>".
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const pattern = new RegExp(process.env.KILL_AT ?? '^never$')
for (const name of ['mkdir', 'open', 'rename', 'rm', 'rmdir', 'symlink', 'unlink', 'writeFile', 'copyFile', 'link']) {
  const work = fs.promises[name]
  fs.promises[name] = (...args) => {
    if (pattern.test([name, ...args.filter(arg => typeof arg === 'string')].join(' '))) {
      process.kill(process.pid, 'SIGKILL')
      return new Promise(() => {})
    }
    return work(...args)
  }
}
syncBuiltinESMExports()
