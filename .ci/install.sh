#!/usr/bin/env bash
# Brings the programs that the wider checks need: independent readers, real git remotes, an S3 server, the bench's
# database.
# Does nothing where all are there. Where it cannot install it says what is missing and goes on; those checks then
# skip, or fail if STOREMAP_REQUIRE_ORACLES=1.
set -euo pipefail

has() { command -v "$1" >/dev/null 2>&1; }
has_sshd() { [ -x /usr/sbin/sshd ] || [ -x /usr/local/sbin/sshd ] || [ -x /usr/bin/sshd ]; }
# A Debian python3 has the module venv but cannot make an environment without python3-venv, which brings ensurepip.
has_venv() { has python3 && python3 -c 'import venv, ensurepip' >/dev/null 2>&1; }
# The server's programs are not on PATH on Debian.
has_postgres() { has postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }
is_debian() { has apt-get && [ -r /etc/debian_version ]; }

# The S3 server is built from its sources. Without Go the tests take moto from PyPI, which checks no signatures.
s3_server=github.com/versity/versitygw/cmd/versitygw@v1.8.0
has_s3_server() { has versitygw || [ -x "$(go env GOPATH)/bin/versitygw" ]; }
build_s3_server() {
  has go || return 0
  has_s3_server && return 0
  echo "install: go install $s3_server"
  go install -ldflags '-s -w' "$s3_server" >/dev/null 2>&1 || echo 'install: versitygw could not be built' >&2
}

missing=()
need() { # need PACKAGE CHECK...: the package is missing unless the check succeeds
  local package=$1
  shift
  "$@" || missing+=("$package")
}

look_for_missing() {
  missing=()
  need git has git
  need libxml2-utils has xmllint
  need openssh-server has_sshd
  need openssh-client has ssh-keygen
  need openssl has openssl
  need python3-venv has_venv
  need postgresql-client has psql
  need postgresql has_postgres
  need default-jdk-headless has javac # a JRE alone runs the reader but does not build it
  need maven has mvn
}

# Takes minutes the first time, so beside all else.
build_s3_server &
trap wait EXIT

look_for_missing
if [ ${#missing[@]} -eq 0 ]; then
  echo 'install: all there'
  exit 0
fi

if is_debian && [ "$(id -u)" -eq 0 ]; then
  echo "install: apt-get install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  look_for_missing
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo "install: not here, by their Debian names: ${missing[*]}" >&2
fi
