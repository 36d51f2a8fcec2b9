// Ends our children where we cannot: when this process is killed outright (SIGKILL, out of memory).
// One small shell waits for the end of our pipe to it, and then ends the process groups that it was told of.
import { type ChildProcess, spawn } from 'node:child_process'

const SCRIPT = `
trap '' INT TERM HUP
groups=
while read -r sign id; do
  case $sign in
    +) groups="$groups $id" ;;
    -) rest=; for each in $groups; do [ "$each" = "$id" ] || rest="$rest $each"; done; groups=$rest ;;
  esac
done
for id in $groups; do kill -s TERM -- "-$id" 2>/dev/null; done
[ -z "$groups" ] || sleep 1
for id in $groups; do kill -s KILL -- "-$id" 2>/dev/null; done
`

let watchdog: ChildProcess | undefined

/** Ends the process group `id` should we die before the returned function is called. */
export function watchOver(id: number | undefined): () => void {
  if (id === undefined || process.platform === 'win32') return () => {}
  watchdog ??= startWatchdog()
  const dog = watchdog
  dog.stdin?.write(`+ ${id}\n`)
  return () => void dog.stdin?.write(`- ${id}\n`)
}

function startWatchdog(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
  })
  const forget = (): void => {
    if (watchdog === child) watchdog = undefined
  }
  child.on('error', forget).on('exit', forget)
  child.stdin?.on('error', forget)
  // It shall never keep us alive.
  child.unref()
  ;(child.stdin as unknown as { unref?: () => void } | null)?.unref?.()
  return child
}
