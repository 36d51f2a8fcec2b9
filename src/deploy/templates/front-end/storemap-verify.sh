#!/bin/sh
# Asks the live site until it serves what is published, or says what it saw instead: `storemap verify` for where no Node
# is. Needs a POSIX sh and curl.
#
#   storemap-verify.sh [--timeout SECONDS] [--no-robots] SITE MANIFEST
#
# SITE is scheme and host of the shop; MANIFEST the published storemap.json, a file. It is asked again for 120 seconds,
# or as long as --timeout says. --no-robots: robots.txt need not name the sitemap. A site that is not open yet takes
# "name:password" from STOREMAP_SITE_LOGIN.
#
# Exit codes: 0 the site serves it; 1 it does not; 2 wrong use.
set -u
export LC_ALL=C

wrong_use() {
  printf 'error OPTION_INVALID %s Nothing was done.\nhint: storemap-verify.sh [--timeout SECONDS] [--no-robots] SITE MANIFEST\n' "$1" >&2
  exit 2
}

timeout=120
robots=yes
site=
manifest=
while [ $# -gt 0 ]; do
  case $1 in
    --timeout)
      timeout=${2-}
      [ $# -lt 2 ] || shift
      ;;
    --no-robots) robots= ;;
    -*) wrong_use "\"$1\" is not an option of storemap-verify." ;;
    *) if [ -z "$site" ]; then site=$1; else manifest=$1; fi ;;
  esac
  shift
done
timeout=${timeout%s}
case $timeout in '' | *[!0-9]*) wrong_use 'The value of "--timeout" is a number of seconds.' ;; esac
case $site in
  *@* | *\?* | *\#* | *[[:space:]]*) wrong_use 'The site is scheme and host of the shop, https://shop.example.com.' ;;
  http://?* | https://?*) ;;
  *) wrong_use 'The site is scheme and host of the shop, https://shop.example.com.' ;;
esac
site=${site%/}
[ -f "$manifest" ] || wrong_use 'There is no manifest to compare with: the second argument is a storemap.json.'
command -v curl >/dev/null 2>&1 || wrong_use 'The command "curl" is needed, and there is none.'

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

hash_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
revision=$(hash_of "$manifest")
short=$(printf '%.12s' "$revision")
sed -n 's/^    "\([A-Za-z0-9][A-Za-z0-9._-]*\)": { "bytes": \([0-9]*\),.*"sha256": "\([0-9a-f]*\)" },*$/\1 \2 \3/p' "$manifest" >"$work/files"
files=$(grep -c '' "$work/files")
if [ "$files" -eq 0 ] || [ "$files" -ne "$(grep -c '^    "' "$manifest")" ]; then
  wrong_use 'The manifest cannot be read: it is not as Storemap writes it.'
fi
published_site=$(sed -n 's/^  "site": "\([^"]*\)"$/\1/p' "$manifest")

# --- one request ---

header() { tr -d '\r' <"$work/head" | awk -v name="$1:" 'tolower($1) == name { $1 = ""; found = substr($0, 2) } END { print found }'; }

# $status, $type, $final, $bytes; $problem where there was no answer. The body is in $work/body.
ask() { # URL MOST_BYTES
  status='' type='' final='' problem=''
  : >"$work/body"
  : >"$work/head"
  # The login is written to curl's standard input, so that no list of processes shows it.
  if said=$({ [ -z "${STOREMAP_SITE_LOGIN-}" ] || printf 'user = "%s"\n' "$(printf '%s' "$STOREMAP_SITE_LOGIN" | sed 's/[\\"]/\\&/g')"; } |
    curl -q -K - --silent --show-error --location --max-redirs 5 --proto '=http,https' --connect-timeout 15 --max-time 60 \
      --max-filesize "$2" -H 'Accept-Encoding: identity' -A 'storemap-verify' -o "$work/body" -D "$work/head" \
      -w '%{http_code}\n%{url_effective}\n%{content_type}\n' -- "$1" 2>"$work/said"); then :; else
    code=$?
    case $code in
      6) problem='there is no host of that name' ;;
      7) problem='it refuses the connection' ;;
      28) problem='there was no answer within 60 s' ;;
      52 | 56) problem='the connection was cut' ;;
      63) : ;; # more than expected: told by its size
      60) problem="its certificate is not trusted" ;;
      *) problem=$(sed -n 's/^curl: ([0-9]*) //p' "$work/said" | head -n 1) && problem=${problem:-it could not be asked} ;;
    esac
  fi
  { read -r status && read -r final && read -r type; } <<ANSWER
$said
ANSWER
  bytes=$(wc -c <"$work/body" | tr -d ' ')
  # A size that was told beforehand is refused without a body.
  length=$(header content-length)
  if [ -n "$length" ] && [ "$bytes" -eq 0 ]; then bytes=$length; fi
}
origin() { printf '%s\n' "$1" | sed 's|^\([a-z]*://[^/]*\).*|\1|'; }

# $problem: what is wrong with it, or nothing; $lasting where a later look would see the same.
look_at() { # NAME BYTES SHA256
  url=$site/$1
  lasting=
  ask "$url" $(($2 + 5000000))
  [ -z "$problem" ] || return 0
  if [ "$status" != 200 ]; then
    problem="it answers $status"
    [ "$final" = "$url" ] || problem="$problem at $final"
  elif [ "$bytes" != "$2" ] || [ "$(hash_of "$work/body")" != "$3" ]; then
    age=$(header age)
    coding=$(header content-encoding)
    if head -c 256 "$work/body" | grep -q -i -E '^[[:space:]]*(<!doctype html|<html)'; then
      problem='it answers a page of HTML, perhaps what the front end shows for all it does not know'
    elif [ -n "$coding" ] && [ "$coding" != identity ]; then
      problem="it is packed for the way ($coding), though nobody asked for that"
    else
      problem="it has other bytes than the published one ($bytes bytes"
      case $age in '' | 0 | *[!0-9]*) ;; *) problem="$problem, $age s old in a cache" ;; esac
      problem="$problem)"
    fi
  elif [ "$(origin "$final")" != "$(origin "$url")" ]; then
    problem="it is served by another host, $(origin "$final" | sed 's|.*//||')"
    lasting=yes
  else
    kind=$(printf '%s' "$type" | sed 's/;.*//; s/[[:space:]]*$//' | tr '[:upper:]' '[:lower:]')
    expected=
    case $1:$kind in
      *.gz:application/gzip | *.gz:application/x-gzip) ;;
      *.gz:*) expected=application/gzip ;;
      *.xml:application/xml | *.xml:text/xml | *.xml:application/*+xml | *.xml:text/*+xml) ;;
      *.xml:*) expected=application/xml ;;
      *.txt:text/plain) ;;
      *.txt:*) expected=text/plain ;;
    esac
    if [ -n "$expected" ]; then
      problem="its content type is \"$type\", not $expected"
      lasting=yes
    fi
  fi
}

look_at_robots() {
  url=$(origin "$site")/robots.txt
  lasting=
  ask "$url" 524288
  [ -z "$problem" ] || return 0
  if [ "$status" != 200 ]; then
    problem="it answers $status, so nobody is told of $published_site/sitemap.xml"
    return 0
  fi
  named=$(tr -d '\r' <"$work/body" | sed -n 's/^[[:blank:]]*[Ss][Ii][Tt][Ee][Mm][Aa][Pp][[:blank:]]*:[[:blank:]]*\([^[:space:]]*\).*/\1/p')
  for loc in $published_site/sitemap.xml $site/sitemap.xml; do
    if printf '%s\n' "$named" | grep -q -x -F -e "$loc"; then return 0; fi
  done
  others=$(printf '%s' "$named" | head -n 3 | tr '\n' ',' | sed 's/,$//; s/,/, /g')
  problem="it names ${others:-no sitemap}, and not $published_site/sitemap.xml"
}

# --- all of them, again and again ---

all() {
  echo sitemap.xml
  awk '$1 != "sitemap.xml" && $1 != "robots.txt" { print $1 }' "$work/files"
  [ -z "$robots" ] || echo robots.txt
}

# The entry point first: as long as it is not the published one, nothing else has to be.
look_at_all() {
  : >"$work/wrong"
  : >"$work/open.next"
  may_change=
  while read -r name; do
    if [ "$name" = robots.txt ]; then
      look_at_robots
    else
      # shellcheck disable=SC2046 # a name, a size, a hash
      look_at $(awk -v name="$name" '$1 == name' "$work/files")
    fi
    [ -n "$problem" ] || continue
    printf '%s: %s\n' "$url" "$problem" >>"$work/wrong"
    echo "$name" >>"$work/open.next"
    [ -n "$lasting" ] || may_change=yes
    if [ "$name" = sitemap.xml ]; then
      all >"$work/open.next"
      break
    fi
  done <"$work/open"
}

awk '$1 == "sitemap.xml" { found = 1 } END { exit !found }' "$work/files" || wrong_use 'The manifest names no sitemap.xml.'
all >"$work/open"
started=$(date +%s)
pause=1
told=
while :; do
  look_at_all
  if [ ! -s "$work/wrong" ]; then
    echo "✓ $site serves revision $short: $files file$([ "$files" -eq 1 ] || echo s) with the right bytes and types${robots:+, and robots.txt names it}"
    exit 0
  fi
  first=$(head -n 1 "$work/wrong")
  if [ -z "$may_change" ] || [ $(($(date +%s) - started + pause)) -gt "$timeout" ]; then break; fi
  [ "$told" = "$first" ] || printf 'waiting: %s\n' "$first" >&2
  told=$first
  mv -f "$work/open.next" "$work/open"
  sleep "$pause"
  pause=$((pause * 2))
  [ "$pause" -le 10 ] || pause=10
done

ask "$site/storemap.json" 67108864
served=
if [ "$status" = 200 ] && head -c 1 "$work/body" | grep -q '{'; then served=$(hash_of "$work/body"); fi
{
  echo "error VERIFY_FAILED $site does not serve what is published, revision $short:"
  head -n 10 "$work/wrong" | sed 's/^/  /'
  more=$(($(grep -c '' "$work/wrong") - 10))
  [ "$more" -le 0 ] || echo "  and $more more"
  printf 'Nothing was changed.'
  if [ -n "$served" ] && [ "$served" != "$revision" ]; then printf ' It serves revision %.12s.' "$served"; fi
  echo
  echo 'hint: If nothing fetched it, deploy: run the workflow, or "storemap-pull". If a cache answers, let it forget, or give it more time: --timeout. If the front end answers, its web server has to look for the files first.'
} >&2
exit 1
