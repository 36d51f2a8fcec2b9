#!/bin/sh
# Fetches the sitemap from its repository into the folder that the web server serves: clone into a temporary folder,
# check every hash, put every file into its place, remove the folder. Needs a POSIX sh, git, and the tools that Debian
# and busybox have. Whatever fails, the old sitemap stays, and what is not Storemap's is never touched.
#
#   storemap-pull              clones STOREMAP_REPO, and puts its files into STOREMAP_TO
#   storemap-pull --from-tar   takes the files from a tar on stdin: for a container without git or network
#   storemap-pull --to-tar     clones and checks, and writes such a tar to stdout
#   … --adopt                  takes over files of these names that Storemap did not put there
#
# Settings, by the environment:
#   STOREMAP_REPO              git@github.com:acme/sitemap.git, https://…, ssh://…, or an absolute path
#   STOREMAP_BRANCH            default: master
#   STOREMAP_TO                the folder that is served, default: /usr/share/nginx/html
#   STOREMAP_TOKEN             for https; STOREMAP_TOKEN_FILE names a file that has it
#   STOREMAP_SSH_KEY           for ssh, and STOREMAP_KNOWN_HOSTS, lines as ssh-keyscan prints them; or …_FILE of both
#   STOREMAP_TIMEOUT           seconds that git may take, default: 300
#
# Exit codes: 0 done, or nothing to do; 1 failed; 2 wrong use; 75 another pull is at work.
set -u
umask 022
unset CDPATH
export LC_ALL=C

repo=${STOREMAP_REPO-}
branch=${STOREMAP_BRANCH:-master}
to=${STOREMAP_TO:-/usr/share/nginx/html}
seconds=${STOREMAP_TIMEOUT:-300}
label=
commit=
work=
stage=
child=
tab=$(printf '\t')

# --- what is said, in the words of docs/errors.md ---

fail() { # CODE MESSAGE HINT [EXIT CODE]
  printf 'error %s %s\n' "$1" "$2" >&2
  [ -z "$3" ] || printf 'hint: %s\n' "$3" >&2
  exit "${4:-1}"
}

clean_up() {
  trap '' HUP INT TERM
  if [ -n "$child" ]; then
    kill "$child" 2>/dev/null
    wait "$child" 2>/dev/null
  fi
  [ -z "$stage" ] || rm -rf "$stage"
  [ -z "$work" ] || rm -rf "$work"
}
aborted() { fail PULL_ABORTED 'The pull was ended before it was done. The folder keeps its old bundle.' '' "$1"; }
trap clean_up EXIT
hear_signals() {
  trap 'aborted 129' HUP
  trap 'aborted 130' INT
  trap 'aborted 143' TERM
}
hear_signals

not_written() { # PATH WORDS: a write to the path failed, and the system, or git, gave these words
  folder=$1
  [ -d "$folder" ] || folder=${1%/*}
  # Git does not always say why; the disk does.
  room=$(dd if=/dev/zero "of=$folder/.room" bs=4096 count=4 2>&1)
  rm -f "$folder/.room"
  case $2$room in
    *'No space left'* | *'quota exceeded'*)
      fail DISK_FULL "There is no space left on the disk of $1. Nothing was published." \
        'Make room, or point TMPDIR to a larger disk.'
      ;;
  esac
  why=${2##*: }
  fail FOLDER_NOT_WRITABLE "The folder $1 cannot be written${why:+ ($why)}. What it held is unchanged." \
    'Check its owner and permissions, and whether the file system is mounted read-only.'
}
write() { # PATH COMMAND…: its output into a file; fails aloud where that cannot be written
  path=$1
  shift
  if ! said=$({ "$@" >"$path"; } 2>&1); then not_written "$path" "$said"; fi
}
must() { # PATH COMMAND…: that changes the path
  path=$1
  shift
  said=$("$@" 2>&1) || not_written "$path" "$said"
}
altered() {
  fail BUNDLE_FILE_ALTERED "The file \"$1\" is not the one its manifest names: $2. The old bundle stays in place." \
    'Somebody or something changed it on its way. Publish again with "storemap run".'
}
no_bundle() {
  fail PULL_NO_BUNDLE "There is no bundle to pull: $1. The folder was not changed (branch $branch)." \
    'Publish first ("storemap run"), or name another branch with STOREMAP_BRANCH.'
}
invalid() {
  fail MANIFEST_INVALID "The manifest $1 cannot be used: $2. Nothing was changed." \
    "Publish a new bundle, or restore the last good one from the target's history."
}
wrong_setting() {
  fail PULL_ADDRESS_INVALID "The value of \"$1\" $2. Nothing was pulled." \
    'As in STOREMAP_REPO=git@github.com:acme/sitemap.git and STOREMAP_BRANCH=master.' 2
}
unusable() {
  fail TARGET_KEY_UNREADABLE "The \"$1\" cannot be used: $2. Nothing was changed." \
    'Give the path of a file that this user may read, or its whole content with its line ends.'
}

# --- manifests ---

hash_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# One line a file: name, bytes, sha256, lastmod or "-". The form is held to the letter, which is all that makes a line
# of text as safe as JSON; names are such that the shell, a list of hashes and tar take them as they are.
read_manifest() { # FILE
  awk '
    function bad(what) { print "! " what; stopped = 1; exit }
    NR == 1 { if ($0 != "{") bad("it is not as Storemap writes it"); next }
    NR == 2 {
      if ($0 == "  \"files\": {") { inside = 1; next }
      if ($0 == "  \"files\": {},") next
      bad("\"files\" is missing")
    }
    inside && /^  [}],$/ { inside = 0; next }
    inside {
      line = $0
      sub(/,$/, "", line)
      if (line !~ /^    "[^"\\]*": [{] ("[A-Za-z0-9]+": ([0-9]+|"[^"\\]*"), )*"[A-Za-z0-9]+": ([0-9]+|"[^"\\]*") [}]$/)
        bad("its line " NR " does not describe a file")
      split(line, parts, "\"")
      name = parts[2]
      shown = substr(name, 1, 100)
      gsub(/[^ -~]/, "?", shown)
      if (name == "storemap.json") bad("the file \"" shown "\" is the manifest itself")
      if (name ~ /^[.]/) bad("the file \"" shown "\" begins with a dot")
      if (name == "" || name ~ /^-/ || name ~ /[^A-Za-z0-9._-]/) bad("the file \"" shown "\" is not a plain file name")
      if (length(name) > 200) bad("the file \"" shown "\" has a name of over 200 characters")
      if (!match(line, / "bytes": [0-9]+/) || RLENGTH > 25) bad("the file \"" shown "\" has no size")
      bytes = substr(line, RSTART + 10, RLENGTH - 10)
      if (!match(line, / "sha256": "[0-9a-f]*"/) || RLENGTH != 77) bad("the file \"" shown "\" has no sha256")
      sha256 = substr(line, RSTART + 12, 64)
      lastmod = match(line, / "lastmod": "[0-9TZ:-]*"/) ? substr(line, RSTART + 13, RLENGTH - 14) : "-"
      print name, bytes, sha256, lastmod
      next
    }
    /^  "format": 1,$/ { formatted = 1 }
    { last = $0 }
    END { if (!stopped && (!formatted || last != "}")) print "! it is not as Storemap writes it" }
  ' "$1"
}

# The table of a manifest, or a failure.
table_of() { # FILE PLACE TABLE
  format=$(sed -n 's/^ *"format": *\([0-9]\{1,9\}\),*$/\1/p' "$1" | tail -n 1)
  if [ "${format:-1}" -gt 1 ]; then
    fail MANIFEST_NEWER "The manifest $2 has format $format, which a newer Storemap wrote. Nothing was changed." \
      'Take the storemap-pull.sh of that Storemap.'
  fi
  write "$3" read_manifest "$1"
  problem=$(sed -n 's/^! //p' "$3" | head -n 1)
  [ -z "$problem" ] || invalid "$2" "$problem"
}

# --- git ---

setting() { # NAME: its value, or that of the file that NAME_FILE names
  eval "value=\${$1-} file=\${$1_FILE-}"
  if [ -z "$value" ] && [ -n "$file" ]; then
    { [ -r "$file" ] && [ -f "$file" ]; } || unusable "$1_FILE" 'this user can read no such file'
    value=$(cat "$file") || unusable "$1_FILE" 'it cannot be read'
    [ -n "$value" ] || unusable "$1_FILE" 'it is empty'
  fi
}

# Of git's own variables only those that say how to connect stay. The token comes to git by the environment, from a
# helper that git asks for this host alone: it is in no argument, no file and no address.
prepare_git() {
  command -v git >/dev/null 2>&1 || fail GIT_MISSING 'Git 2.29 or newer is needed, and there is none. Nothing was changed.' \
    'Install git (Debian, Ubuntu: "apt-get install git"; Alpine: "apk add git"), or stream the files: "storemap-pull --from-tar".'
  for name in $(env | sed -n 's/^\(GIT_[A-Z0-9_]*\)=.*/\1/p'); do
    case $name in
      GIT_SSL_* | GIT_PROXY_SSL_* | GIT_SSH_COMMAND | GIT_EXEC_PATH | GIT_CONFIG_GLOBAL | GIT_CONFIG_NOSYSTEM) ;;
      *) unset "$name" ;;
    esac
  done
  unset SSH_ASKPASS
  export GIT_TERMINAL_PROMPT=0 GIT_NO_REPLACE_OBJECTS=1 GIT_ALLOW_PROTOCOL=ssh:https:file
  helper_for=https://localhost.invalid
  username=
  [ -n "$repo" ] || wrong_setting STOREMAP_REPO 'is empty'
  case $repo in
    -*) wrong_setting STOREMAP_REPO 'begins with "-", which git would take for an option' ;;
    *[[:cntrl:]]*) wrong_setting STOREMAP_REPO 'has a control character or a line break in it' ;;
    https://*)
      rest=${repo#https://}
      host=${rest%%/*}
      case $host in
        *:*@*) wrong_setting STOREMAP_REPO 'has a password in it; give it as STOREMAP_TOKEN' ;;
        *@*)
          username=${host%@*}
          host=${host##*@}
          repo=https://$host/${rest#*/}
          ;;
      esac
      helper_for=https://$host
      ;;
    ssh://*) ;;
    file:///*) ;;
    /*) repo=file://$repo ;;
    *://* | *::*) wrong_setting STOREMAP_REPO 'is not an address of ssh, https, or a path' ;;
    *:*)
      case ${repo%%:*} in */*) wrong_setting STOREMAP_REPO 'is not an absolute path' ;; esac
      ;;
    *) wrong_setting STOREMAP_REPO 'is not an address of ssh, https, or an absolute path' ;;
  esac
  case $branch in
    '' | -* | /* | */ | *. | .* | */.* | *..* | *//* | *@\{* | *[!A-Za-z0-9._/@+=,#%-]* | *.lock)
      wrong_setting STOREMAP_BRANCH 'is not a name that git allows for a branch'
      ;;
  esac
  # Of the address only what people need, and never what may be a name or a password.
  label=$(printf '%s\n' "$repo" | sed 's/\.git\/*$//; s/\/*$//; s/^.*[/:]\([^/:]*\/[^/:]*\)$/\1/; s/^.*@//')
  setting STOREMAP_TOKEN
  case $value in *[[:cntrl:]]*) unusable STOREMAP_TOKEN 'it has a line break in it' ;; esac
  [ -z "$username" ] || [ -n "$value" ] || wrong_setting STOREMAP_REPO 'has a name in it, but STOREMAP_TOKEN is not given'
  export STOREMAP_GIT_USERNAME="${username:-x-access-token}" STOREMAP_GIT_PASSWORD="$value"
  prepare_ssh
}

prepare_ssh() {
  careful='-o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=3'
  setting STOREMAP_SSH_KEY
  if [ -n "$value" ]; then
    # In one line with written-out \n: what becomes of a key in many an environment file.
    case $value in *\\n*) value=$(printf '%s' "$value" | sed 's/\\n/\
/g') ;; esac
    case $value in -----BEGIN*'PRIVATE KEY-----'*) ;; *) unusable STOREMAP_SSH_KEY 'it is not a private key' ;; esac
    # A copy, since ssh refuses keys that others may read, and mounted secrets mostly are such.
    (umask 077 && printf '%s\n' "$value" | tr -d '\r' >"$work/key") || not_written "$work" ''
    careful="$careful -o IdentitiesOnly=yes -i '$work/key'"
  fi
  setting STOREMAP_KNOWN_HOSTS
  if [ -n "$value" ]; then
    printf '%s\n' "$value" | tr -d '\r' >"$work/known_hosts" || not_written "$work" ''
    careful="$careful -o UserKnownHostsFile='$work/known_hosts' -o GlobalKnownHostsFile=/dev/null"
  fi
  export GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-ssh} $careful" GIT_SSH_VARIANT=ssh
}

# In the background, as a shell hears no signal while it waits for a command.
blank_lines() { printf '%08192d' 0 | tr 0 '\n'; }
ask_git() { # OUT ARGUMENTS…
  out=$1
  shift
  set -- git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c protocol.version=2 -c gc.auto=0 \
    -c maintenance.auto=false -c http.lowSpeedLimit=1000 -c http.lowSpeedTime=60 -c submodule.recurse=false \
    -c fetch.recurseSubmodules=false -c clone.rejectShallow=false -c credential.helper= \
    -c "credential.$helper_for.helper=!f() { test \"\$1\" = get && printf 'username=%s\\npassword=%s\\n' \"\$STOREMAP_GIT_USERNAME\" \"\$STOREMAP_GIT_PASSWORD\"; }; f" \
    "$@"
  # Room for git's words, which are written over these lines: on a full disk there would be none.
  write "$work/said" blank_lines
  timed=
  # Busybox has its watchdog live on for a while, which must not hold the lock.
  if timeout 1 true 2>/dev/null 9>&-; then timed="timeout $seconds"; fi
  # shellcheck disable=SC2086 # two words, or none
  $timed "$@" </dev/null >"$out" 2<>"$work/said" 9>&- &
  child=$!
  wait "$child"
  status=$?
  child=
  [ "$status" -eq 0 ] && return
  said=$(tr -d '\000-\010\013-\037\177' <"$work/said" | grep .)
  explain_git "$status"
}

explain_git() { # STATUS; $said: what git said
  ours=$(printf '%s\n' "$said" | grep -v -E '^(remote:|warning: |hint: |$)')
  theirs=$(printf '%s\n' "$said" | sed -n 's/^remote: *//p' | tr '\n' ' ' | cut -c 1-600)
  seen() { words=$(printf '%s\n' "$ours" | grep -E -i "$1" | head -n 1 | sed -E 's/^(fatal|error|ERROR): //; s/\.$//') && [ -n "$words" ]; }
  closed() { printf '%s' "$words.${theirs:+ It says: $theirs}"; }
  if seen 'Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|host key is known for'; then
    fail TARGET_HOST_KEY_UNKNOWN "The host of the repository $label did not show a host key that is known here: $words. Nothing was changed, and no key of yours was offered to it." \
      'Pin it: take its key with "ssh-keyscan", compare it with the one its owner publishes, and give it as STOREMAP_KNOWN_HOSTS. If it was pinned before, ask its owner why it changed.'
  elif seen '^Load key ".*": |UNPROTECTED PRIVATE KEY'; then
    unusable STOREMAP_SSH_KEY 'ssh cannot read it, as it is damaged or has a passphrase'
  elif seen 'Permission denied|Authentication failed|could not read (Username|Password)|terminal prompts disabled|returned error: 40[13]|Too many authentication failures'; then
    fail TARGET_AUTH_FAILED "The repository $label does not let us in: $(closed) Nothing was changed." \
      'Https: check STOREMAP_TOKEN (expired, of another account, without access to the repository). Ssh: check that the public half of STOREMAP_SSH_KEY is registered there, and that the key has no passphrase.'
  elif seen 'No space left on device|Disk quota exceeded'; then
    not_written "$work" "$words"
  elif seen 'Remote branch .* not found'; then
    no_bundle "the repository $label has no such branch"
  elif [ "$1" -eq 124 ] || [ "$1" -eq 143 ]; then
    fail TARGET_TIMEOUT "The repository $label did not answer within $seconds s. Nothing was changed." \
      'Its host is slow, or a firewall swallows the connection. A later run tries again.'
  fi
  seen '^(ssh|kex_exchange|Connection|ERROR): ?|dubious ownership' ||
    words=$(printf '%s\n' "$ours" | grep -v -E 'Could not read from remote|Please make sure you have|and the repository exists' | tail -n 1 | sed -E 's/^(fatal|error): //; s/\.$//')
  [ -n "$words" ] || words='git gave no reason'
  fail TARGET_UNREACHABLE "The repository $label cannot be reached: $(closed) Nothing was changed." \
    'Check its address, whether it exists, and whether this machine may connect to its host (proxy, firewall).'
}

read_head() {
  ask_git "$work/refs" ls-remote -- "$repo" "refs/heads/$branch"
  commit=$(sed -n "s/^\([0-9a-f]*\)$tab.*/\1/p" "$work/refs" | head -n 1)
  [ -n "$commit" ] || no_bundle "the repository $label has no such branch"
}

# Bare: nothing is checked out, so nothing in the repository (links, attributes, filters, hooks) has a say.
clone() {
  ask_git /dev/null clone --quiet --bare --depth 1 --single-branch --no-tags --template= --branch "$branch" -- "$repo" "$work/clone"
  commit=$(git --git-dir="$work/clone" rev-parse --verify --quiet HEAD) || no_bundle "the repository $label has no such branch"
  place="storemap.json of $label ($branch)"
  # Mode, type, object and size, a tab, the name; odd names are quoted, and no manifest of ours has such.
  write "$work/tree" git --git-dir="$work/clone" ls-tree -l HEAD
  find_file storemap.json
  [ -n "$mode" ] || no_bundle "the repository $label has no storemap.json at the top of that branch"
  [ "$mode" = plain ] || invalid "$place" 'it is not a plain file'
  [ "$size" -le 67108864 ] || invalid "$place" 'it is too large'
  take storemap.json "$work/storemap.json"
  table_of "$work/storemap.json" "$place" "$work/new"
  # The tree as a table of plain files, for one look at all of them.
  write "$work/plain" sed -n "s/^100[67][45][45] blob [0-9a-f]*  *\([0-9]*\)$tab\([A-Za-z0-9._-]*\)\$/\2 \1/p" "$work/tree"
  check_all
}

find_file() { # NAME: $mode, $object, $size
  mode='' object='' size=0
  line=$(awk -F '\t' -v name="$1" '$2 == name { print $1; exit }' "$work/tree")
  [ -n "$line" ] || return 0
  # shellcheck disable=SC2086 # four words
  set -- $line
  mode=$1 object=$3 size=$4
  case $mode in 100644 | 100755) mode=plain ;; esac
}

# --- a tar on stdin ---

unpack() {
  mkdir "$work/files" || not_written "$work" ''
  said=$(tar -x -o -f - -C "$work/files" 2>&1) || {
    case $said in *'No space left'*) not_written "$work" "$said" ;; esac
    no_bundle "what came on stdin is not a whole tar (${said:-no reason given})"
  }
  label='the stream'
  place='storemap.json of the stream'
  [ -e "$work/files/storemap.json" ] || no_bundle 'the stream has no storemap.json'
  is_plain "$work/files/storemap.json" || invalid "$place" 'it is not a plain file'
  must "$work" cp "$work/files/storemap.json" "$work/storemap.json"
  table_of "$work/storemap.json" "$place" "$work/new"
  echo 'storemap.json 0' >"$work/plain"
  while read -r name _ _ _; do
    if is_plain "$work/files/$name"; then echo "$name $(wc -c <"$work/files/$name" | tr -d ' ')"; fi
  done <"$work/new" >>"$work/plain"
  check_all
}

# --- the bundle ---

is_plain() { [ -f "$1" ] && [ ! -L "$1" ]; }

# Every file of the manifest is there, is a plain file, and has its size. Hashes follow, of what is taken.
check_all() {
  wrong=$(awk 'NR == FNR { size[$1] = $2; next } !($1 in size) { print $1, "-"; exit } size[$1] != $2 { print $1, size[$1], $2; exit }' \
    "$work/plain" "$work/new")
  [ -n "$wrong" ] || return 0
  # shellcheck disable=SC2086 # two or three words
  set -- $wrong
  [ "$2" != - ] || altered "$1" 'it is missing, or not a plain file'
  altered "$1" "it has $2 bytes, not $3"
}

take() { # NAME FILE
  if [ -d "$work/clone" ]; then
    find_file "$1"
    write "$2" git --git-dir="$work/clone" cat-file blob "$object"
  else
    write "$2" cat "$work/files/$1"
  fi
}

# Into a folder, checked as written.
take_all() { # FOLDER NAMES
  while read -r name; do
    if [ "$name" = storemap.json ]; then
      write "$1/storemap.json" cat "$work/storemap.json"
    else
      take "$name" "$1/$name"
    fi
  done <"$2"
  awk 'NR == FNR { wanted[$1]; next } $1 in wanted { print $3 "  " $1 }' "$2" "$work/new" >"$work/hashes"
  [ -s "$work/hashes" ] || return 0
  (cd "$1" && sha256sum -c "$work/hashes" 2>/dev/null | sed -n 's/: OK$//p') >"$work/right"
  wrong=$(awk -v right="$work/right" 'BEGIN { while ((getline name < right) > 0) ok[name] } !($2 in ok) { print $2; exit }' "$work/hashes")
  [ -z "$wrong" ] || altered "$wrong" 'its sha256 is another'
}

# --- the served folder ---

# The lock is the kernel's, and ends with its holder, however that ends. Children do not inherit it where they may last.
lock_folder() {
  [ -d "$to" ] || must "$to" mkdir -p "$to"
  store=$to/.storemap
  [ ! -L "$store" ] || fail WEB_ROOT_UNSAFE "$store is a link, but Storemap keeps its own files there. Nothing was changed." \
    'Remove it, if nobody needs it. The next run makes it anew.'
  [ -d "$store" ] || must "$store" mkdir "$store"
  command -v flock >/dev/null 2>&1 || fail GIT_MISSING 'The command "flock" is needed, and there is none. Nothing was changed.' \
    'Debian has it in util-linux, Alpine in busybox.'
  [ ! -L "$store/pull.lock" ] || fail WEB_ROOT_UNSAFE "$store/pull.lock is a link, but Storemap keeps its own files there. Nothing was changed." \
    'Remove it, if nobody needs it. The next run makes it anew.'
  said=$({ : >>"$store/pull.lock"; } 2>&1) || not_written "$store" "$said"
  exec 9>>"$store/pull.lock"
  flock -n 9 || fail PULL_LOCKED "Another pull is at work on $to. This one changed nothing." \
    'Wait for it to end; one hook per folder is enough.' 75
  # Of those who were killed: nobody else is here now.
  rm -rf "$store"/stage-sh-* "${TMPDIR:-/tmp}/storemap-pull-$key".*
}

make_work() {
  key=$(printf '%s\n%s\n' "$to" "$(uname -n)" | sha256sum | cut -c 1-12)
  [ "$way" = to-tar ] || lock_folder
  work=$(mktemp -d "${TMPDIR:-/tmp}/storemap-pull-$key.XXXXXX" 2>&1) || {
    said=$work
    work=
    not_written "${TMPDIR:-/tmp}" "$said"
  }
}

# What Storemap put down, by name and hash, even where the run that did was killed: without it those files would seem
# to be somebody else's. Written as `storemap pull` writes it.
journal_lines() { # TABLES of name … sha256 in the first and third column
  awk '{ print "[\"" $1 "\",\"" $3 "\"]" }' "$@" | sort -u | awk 'NR > 1 { printf ",\n" } NR == 1 { print "[" } { printf "%s", $0 } END { print "\n]" }'
}
write_journal() {
  write "$stage/placed.json" journal_lines "$@"
  must "$store" mv -f "$stage/placed.json" "$store/placed.json"
}
read_journal() {
  [ ! -f "$store/placed.json" ] ||
    sed -n 's/^\["\([A-Za-z0-9_-][A-Za-z0-9._-]*\)","\([0-9a-f]\{64\}\)"\],*$/\1 - \2/p' "$store/placed.json"
}

# $work/old: what the manifest in place names; $work/known: that, and the journal.
survey() {
  : >"$work/old"
  if [ -f "$to/storemap.json" ] && [ -r "$to/storemap.json" ]; then
    format=$(sed -n 's/^ *"format": *\([0-9]\{1,9\}\),*$/\1/p' "$to/storemap.json" | tail -n 1)
    if [ "${format:-1}" -gt 1 ] && [ -z "$adopt" ]; then table_of "$to/storemap.json" "$to/storemap.json" "$work/old"; fi
    write "$work/old" read_manifest "$to/storemap.json"
    if grep -q '^!' "$work/old"; then
      : >"$work/old"
    else
      echo "storemap.json - $(hash_of "$to/storemap.json")" >>"$work/old"
    fi
  fi
  write "$work/journal" read_journal
  write "$work/known" cat "$work/old" "$work/journal"
}

# Whose is what stands under a name: ours are the old manifest's files, our own links, and what the journal has.
is_ours() { # NAME
  if [ -L "$to/$1" ]; then
    case $(readlink "$to/$1") in .storemap/current/*) return 0 ;; esac
  elif [ -d "$to/$1" ]; then
    return 1
  elif [ ! -e "$to/$1" ]; then
    return 0
  fi
  awk -v name="$1" '$1 == name { found = 1 } END { exit !found }' "$work/old" && return 0
  is_plain "$to/$1" || return 1
  awk -v name="$1" '$1 == name { print $3 }' "$work/journal" >"$work/hashes"
  [ -s "$work/hashes" ] && grep -q -x "$(hash_of "$to/$1")" "$work/hashes"
}

# $work/order: all names, shards first, then the index, then the manifest. $work/changing: those not in place as they
# should be. $work/leaving: ours, which the bundle does not have.
plan() {
  revision=$(hash_of "$work/storemap.json")
  { awk '$1 != "sitemap.xml" { print $1 }' "$work/new" | sort; awk '$1 == "sitemap.xml" { print $1 }' "$work/new"; echo storemap.json; } >"$work/order"
  survey
  foreign=
  while read -r name; do
    # A folder is never taken over: what lies in it cannot be brought back.
    if [ ! -d "$to/$name" ] || [ -L "$to/$name" ]; then
      [ -z "$adopt" ] || continue
      is_ours "$name" && continue
    fi
    foreign="$foreign${foreign:+, }\"$name\""
  done <"$work/order"
  [ -z "$foreign" ] || fail TARGET_FILE_FOREIGN "$to already has $foreign, which Storemap did not put there. Nothing was changed." \
    'Move it away, or take it over once with "--adopt".'
  { awk '{ print $3 "  " $1 }' "$work/new"; echo "$revision  storemap.json"; } >"$work/hashes"
  (cd "$to" && sha256sum -c "$work/hashes" 2>/dev/null | sed -n 's/: OK$//p') >"$work/intact"
  : >"$work/plainly"
  while read -r name; do
    is_plain "$to/$name" && echo "$name" >>"$work/plainly"
  done <"$work/intact"
  awk -v plainly="$work/plainly" 'BEGIN { while ((getline name < plainly) > 0) right[name] } !($1 in right)' "$work/order" >"$work/changing"
  awk 'NR == FNR { staying[$1]; next } !($1 in staying) { print $1 }' "$work/order" "$work/known" | sort -u >"$work/candidates"
  : >"$work/leaving"
  while read -r name; do
    if { [ -e "$to/$name" ] || [ -L "$to/$name" ]; } && is_ours "$name"; then echo "$name" >>"$work/leaving"; fi
  done <"$work/candidates"
  { cat "$work/new"; echo "storemap.json - $revision"; } >"$work/placed"
  journal_lines "$work/placed" >"$work/wanted-journal"
}

is_done() { [ ! -s "$work/changing" ] && [ ! -s "$work/leaving" ] && cmp -s "$work/wanted-journal" "$store/placed.json"; }

place() {
  is_done && return
  stage=$(mktemp -d "$store/stage-sh-XXXXXX" 2>&1) || {
    said=$stage
    stage=
    not_written "$store" "$said"
  }
  must "$stage" mkdir "$stage/files"
  take_all "$stage/files" "$work/changing"
  # The same date everywhere: web servers make an ETag of it.
  while read -r name; do
    stamp=$(awk -v name="$name" '$1 == name && length($4) == 20 { gsub(/[TZ:-]/, "", $4); print substr($4, 1, 12) "." substr($4, 13, 2) }' "$work/new")
    [ -z "$stamp" ] || TZ=UTC0 touch -t "$stamp" "$stage/files/$name" 2>/dev/null || :
  done <"$work/changing"
  write_journal "$work/known" "$work/placed"
  # From here on no signal is heard: what is left is a few renames, and half of them would be no bundle.
  trap '' HUP INT TERM
  while read -r name; do
    must "$to/$name" mv -f "$stage/files/$name" "$to/$name"
  done <"$work/changing"
  while read -r name; do
    must "$to/$name" rm -f "$to/$name"
  done <"$work/leaving"
  write_journal "$work/placed"
  # After a pull with links nothing leads into their store any more.
  if [ -L "$store/current" ]; then rm -f "$store/current"; fi
  if [ -d "$store/releases" ] && [ ! -L "$store/releases" ]; then rm -rf "$store/releases"; fi
  hear_signals
}

# What the last pull brought: the next one can tell by one question that nothing is new.
remembered() {
  origin=$(printf '%s\n%s' "$repo" "$branch" | sha256sum | cut -d ' ' -f 1)
  [ -f "$store/pulled.json" ] && [ -f "$to/storemap.json" ] && [ ! -L "$to/storemap.json" ] || return 1
  memory="{\"commit\":\"$commit\",\"origin\":\"$origin\",\"revision\":\"$(hash_of "$to/storemap.json")\"}"
  [ "$(cat "$store/pulled.json")" = "$memory" ]
}
remember() {
  memory="{\"commit\":\"$commit\",\"origin\":\"$origin\",\"revision\":\"$revision\"}"
  [ "$(cat "$store/pulled.json" 2>/dev/null)" != "$memory" ] || return 0
  write "$store/pulled.json" printf '%s\n' "$memory"
}

tell() {
  written=$(grep -c '' "$work/changing")
  removed=$(grep -c '' "$work/leaving")
  short=$(printf '%.12s' "$revision")
  if [ "$written" -eq 0 ] && [ "$removed" -eq 0 ]; then
    echo "unchanged: revision $short in $to"
  else
    echo "updated $to to revision $short: $written written, $removed removed"
  fi
}

# --- the story ---

way="clone"
adopt=
for argument in "$@"; do
  case $argument in
    --from-tar) way="from-tar" ;;
    --to-tar) way="to-tar" ;;
    --adopt) adopt=yes ;;
    *) fail OPTION_INVALID "\"$argument\" is not an option of storemap-pull. Nothing was done." 'They are --from-tar, --to-tar and --adopt.' 2 ;;
  esac
done
case $to in /*) ;; *) wrong_setting STOREMAP_TO 'is not an absolute path' ;; esac
case $seconds in '' | *[!0-9]*) wrong_setting STOREMAP_TIMEOUT 'is not a number of seconds' ;; esac
case ${TMPDIR:-/tmp} in *[!A-Za-z0-9._/+@=-]*) wrong_setting TMPDIR 'has a character that git or ssh could misread' ;; esac

make_work
case $way in
  from-tar)
    unpack
    plan
    place
    tell
    ;;
  to-tar)
    prepare_git
    clone
    { awk '{ print $1 }' "$work/new"; echo storemap.json; } >"$work/order"
    must "$work" mkdir "$work/files"
    take_all "$work/files" "$work/order"
    tar -c -f - -C "$work/files" .
    ;;
  clone)
    prepare_git
    read_head
    if remembered && read_manifest "$to/storemap.json" >"$work/new" && ! grep -q '^!' "$work/new"; then
      must "$work" cp "$to/storemap.json" "$work/storemap.json"
      plan
    fi
    if [ ! -f "$work/storemap.json" ] || ! is_done; then
      clone
      plan
      place
    fi
    remember
    tell
    ;;
esac
