#!/bin/sh
# Brings the sitemap into the front end's container when it starts, and again on a period, so that a recreated container
# serves it without anyone pushing. Images of nginx run what lies in /docker-entrypoint.d; elsewhere put one line before
# the server's: `40-storemap.sh; exec the-server`. The settings are storemap-pull's, and:
#   STOREMAP_EVERY   seconds between two pulls, default: 300; 0: only at the start
#   STOREMAP_START   seconds that the start waits for the first one, default: 20
# Whatever fails, the shop starts, with the sitemap that it has, and the log says what and why. The pulls end with the
# container.

say() { echo "storemap: $*" >&2; }
number() { case $1 in '' | *[!0-9]*) echo "$2" ;; *) echo "$1" ;; esac; }

every=$(number "${STOREMAP_EVERY-}" 300)
longest=$(number "${STOREMAP_START-}" 20)
pull=${STOREMAP_PULL:-storemap-pull}

# What is fetched is told, and what failed; not that all is as it was.
pull_once() {
  told=$("$pull" </dev/null)
  status=$?
  case $told in updated*) say "$told" ;; esac
  return $status
}

pull_again() {
  pause=10
  while [ "$every" -gt 0 ]; do
    if [ "$1" -eq 0 ]; then
      pause=10
      sleep "$every"
    else
      # Sooner than usual, then more slowly.
      if [ "$pause" -gt "$every" ]; then pause=$every; fi
      say "the sitemap stays as it is; next try in $pause s"
      sleep "$pause"
      pause=$((pause * 2))
    fi
    pull_once
    set -- $?
  done
}

if [ -z "${STOREMAP_REPO-}" ]; then
  say 'STOREMAP_REPO is not set, so no sitemap is fetched'
elif ! command -v "$pull" >/dev/null 2>&1; then
  say "there is no $pull in this container, so no sitemap is fetched"
else
  # A pull that takes longer goes on while the shop starts.
  (pull_once) &
  first=$!
  waited=0
  while [ "$waited" -lt "$longest" ] && kill -0 "$first" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
  done
  if kill -0 "$first" 2>/dev/null; then
    say "the shop starts before the sitemap is there, which is fetched meanwhile"
    status=0
  else
    wait "$first"
    status=$?
    [ "$status" -eq 0 ] || say 'the shop starts with the sitemap that it has'
  fi
  pull_again "$status" &
fi
:
