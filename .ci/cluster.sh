#!/usr/bin/env bash
# Brings the programs of a Kubernetes of one node, from Go modules and Debian packages: for the tests that run what init
# writes in a real cluster. Some ten minutes the first time, so they are kept outside the project, for every clone of it;
# what is there already is kept. test/deploy/single-node.sh starts them.
set -euo pipefail

kubernetes=1.34.4
etcd=3.6.13
programs=(kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl)
packages=(containerd runc containernetworking-plugins)

out=${XDG_CACHE_HOME:-$HOME/.cache}/storemap/cluster
command -v go >/dev/null && command -v apt-get >/dev/null || { echo 'cluster: needs Go and a Debian' >&2; exit 1; }
mkdir -p "$out"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
export CGO_ENABLED=0 GOWORK=off GOFLAGS='-mod=mod -buildvcs=false -trimpath'

# compile FOLDER-OF-MODULE LINKER-FLAGS PACKAGE...: one call for all packages, so that what they share is compiled once;
# moved only when whole, so that a build which was cut off leaves nothing that looks finished.
compile() {
  local module=$1 flags="-s -w $2"
  shift 2
  mkdir -p "$module/bin"
  (cd "$module" && go build -ldflags "$flags" -o bin/ "$@")
  mv "$module"/bin/* "$out/"
}

if [ ! -x "$out/etcd" ]; then
  mkdir -p "$work/etcd"
  printf 'module local/etcd\n\ngo 1.24.0\n\nrequire go.etcd.io/etcd/server/v3 v%s\n' "$etcd" > "$work/etcd/go.mod"
  cat > "$work/etcd/main.go" <<'GO'
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
GO
  compile "$work/etcd" "" .
fi

missing=()
for program in "${programs[@]}"; do
  [ -x "$out/$program" ] || missing+=("k8s.io/kubernetes/cmd/$program")
done
if [ ${#missing[@]} -gt 0 ]; then
  # Kubernetes points at its parts by relative folders; as modules they have the same version with a leading 0.
  mkdir -p "$work/kubernetes"
  origin=$(cd "$work" && go list -m -f '{{.GoMod}}' "k8s.io/kubernetes@v$kubernetes")
  {
    printf 'module local/kubernetes\n\ngo 1.24.0\n\ngodebug default=go1.24\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$kubernetes"
    awk -v version="v0.${kubernetes#*.}" '$2 == "=>" && $3 ~ /^\.\/staging\// { print "\t" $1 " => " $1 " " version }' "$origin"
    printf ')\n'
  } > "$work/kubernetes/go.mod"
  {
    printf '//go:build tools\n\npackage tools\n\nimport (\n'
    printf '\t_ "%s"\n' "${missing[@]}"
    printf ')\n'
  } > "$work/kubernetes/tools.go"
  version=
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    version+=" -X $package.gitVersion=v$kubernetes -X $package.gitTreeState=clean"
    version+=" -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<< "$kubernetes")"
  done
  compile "$work/kubernetes" "$version" "${missing[@]}"
fi

if [ ! -f "$out/pause.tar" ]; then
  # The container that holds a pod's namespaces, as an image named localhost/pause:1.
  mkdir -p "$work/pause" "$work/image"
  printf 'module local/pause\n\ngo 1.24.0\n' > "$work/pause/go.mod"
  cat > "$work/pause/main.go" <<'GO'
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signal.Ignore(syscall.SIGCHLD)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}
GO
  (cd "$work/pause" && go build -ldflags '-s -w' -o pause .)
  pack=(tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner)
  "${pack[@]}" -cf "$work/image/layer.tar" -C "$work/pause" pause
  layer=$(sha256sum "$work/image/layer.tar" | cut -d' ' -f1)
  printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/pause"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(go env GOARCH)" "$layer" > "$work/image/config.json"
  printf '[{"Config":"config.json","RepoTags":["localhost/pause:1"],"Layers":["layer.tar"]}]' > "$work/image/manifest.json"
  "${pack[@]}" -cf "$work/pause.tar" -C "$work/image" config.json layer.tar manifest.json
  mv "$work/pause.tar" "$out/"
fi

# Debian's packages are unpacked, not installed: no service is set up or started.
for package in "${packages[@]}"; do
  [ ! -d "$out/debian/$package" ] || continue
  mkdir -p "$work/deb/$package" "$out/debian"
  (
    cd "$work/deb"
    apt-get download -qq "$package" 2> apt.log || { apt-get update -qq && apt-get download -qq "$package"; }
    dpkg -x "$package"_*.deb "$package"
  )
  rm -rf "$work/deb/$package/usr/share"
  mv "$work/deb/$package" "$out/debian/$package"
done
