// An image of git-sync: the program itself where it is on PATH, else a stand-in that takes the same options and leaves the
// same files, since no registry of packages has it.
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { find } from './parts.ts'

export const hasGitSync: boolean = find('git-sync') !== undefined

const STAND_IN = `#!/bin/bash
set -euo pipefail
once= period=10 failures=0 ref=HEAD link=current key= hosts=
while [ $# -gt 0 ]; do
  name=\${1%%=*}; value=\${1#*=}
  case $1 in
    --one-time) once=yes; shift; continue ;;
    --*=*) ;;
    *) value=$2; shift ;;
  esac
  case $name in
    --repo) repo=$value ;; --ref) ref=$value ;; --root) root=$value ;; --link) link=$value ;;
    --period) period=\${value%s} ;; --max-failures) failures=$value ;;
    --ssh-key-file) key=$value ;; --ssh-known-hosts-file) hosts=$value ;;
    --depth | --submodules) ;;
    *) echo "unknown option $name" >&2; exit 1 ;;
  esac
  shift
done
if [ -n "$key" ]; then
  [ -r "$key" ] || { echo "can't access SSH key file $key" >&2; exit 1; }
  export GIT_SSH_COMMAND="ssh -F none -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$hosts -i $key"
fi
sync() {
  [ -d "$root/.git" ] || git init -q --bare "$root/.git" || return
  git -C "$root/.git" fetch -q --depth 1 "$repo" "$ref" || return
  local hash; hash=$(git -C "$root/.git" rev-parse FETCH_HEAD)
  [ -d "$root/.worktrees/$hash" ] || git -C "$root/.git" worktree add -q --detach "$root/.worktrees/$hash" "$hash" || return
  ln -sfn ".worktrees/$hash" "$root/.$link.new" && mv -T "$root/.$link.new" "$root/$link"
}
until sync; do
  if [ -n "$once" ] || [ "$failures" -ge 0 ]; then exit 1; fi
  sleep "$period"
done
[ -z "$once" ] || exit 0
while sleep "$period"; do sync || true; done
`

export async function writeGitSyncImage(dir: string, base: string): Promise<string> {
  await mkdir(dir, { recursive: true })
  const real = find('git-sync')
  if (real) await copyFile(real, join(dir, 'git-sync'))
  else await writeFile(join(dir, 'git-sync'), STAND_IN)
  await chmod(join(dir, 'git-sync'), 0o755)
  const dockerfile = `FROM ${base}
COPY git-sync /git-sync
RUN echo git-sync:x:65533:65533::/tmp:/sbin/nologin >>/etc/passwd
USER 65533:65533
ENV HOME=/tmp
WORKDIR /tmp
ENTRYPOINT ["/git-sync"]
`
  await writeFile(join(dir, 'Dockerfile'), dockerfile)
  return dir
}
