// What the doctor runs in a front-end container: it looks, and leaves everything as it was.

/** POSIX sh, of busybox too. Lines `name=value`; the only argument is the folder. */
export const LOOK = `
for tool in git sha256sum tar curl wget; do
  command -v "$tool" >/dev/null 2>&1 && echo "$tool=yes" || echo "$tool=no"
done
if [ -d "$1" ]; then
  at=$1
  echo folder=yes
else
  at=$1
  while [ ! -d "$at" ]; do at=$(dirname "$at"); done
  echo folder=no
fi
probe="$at/.storemap-doctor-$$"
if mkdir "$probe" 2>/dev/null; then
  ln -s nowhere "$probe/link" 2>/dev/null && echo links=yes || echo links=no
  rm -rf "$probe"
  echo writable=yes
else
  echo writable=no
fi
echo "user=$(id -un 2>/dev/null || id -u)"
echo "free=$(df -Pk "$at" 2>/dev/null | awk 'NR == 2 { print $4 }')"
temp=\${TMPDIR:-/tmp}
[ -w "$temp" ] && echo temp=yes || echo temp=no
for comm in /proc/[0-9]*/comm; do
  read -r program 2>/dev/null <"$comm" || continue
  [ "$program" = nginx ] && server=nginx
done
echo "server=\${server:-other}"
if [ "\${server:-}" = nginx ] && command -v nginx >/dev/null 2>&1; then
  nginx -T 2>/dev/null | tr ';{}' '\\n\\n\\n' | awk -v root="$1" '
    BEGIN { sub(/\\/+$/, "", root) }
    $1 == "root" || $1 == "alias" {
      path = $2; gsub(/["'"'"']/, "", path); sub(/\\/+$/, "", path)
      if (path == root || index(root, path "/") == 1) found = 1
    }
    END { if (NR > 0) print "root=" (found ? "yes" : "no") }'
fi
`
