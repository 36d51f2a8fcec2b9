#!/usr/bin/env bash
# single-node.sh up DIR | down DIR | load DIR IMAGE.tar...
#
# A single-node Kubernetes whose whole state is in DIR. It has namespaces of its own for processes, mounts and network,
# so that it neither meets nor leaves anything on the machine: ending its first process ends all of it.
#
#   up    starts it afresh, returns when the node is Ready; then DIR/kubeconfig is the administrator's way in,
#         pods and services are reachable from the machine by their addresses, and pods reach the machine's servers
#         (those that listen on it) at CLUSTER_NET.0.1, which is in DIR/host-address; they reach nothing else, and
#         no names resolve
#   down  ends it; may be called at any time and any number of times; keeps the files
#   load  brings images from `docker save` or OCI archives; prints the references by which pods must name them
#
# Needs root, iproute2, iptables, openssl, util-linux; and a folder with what .ci/cluster.sh brings:
# CLUSTER_BIN. CLUSTER_NAME (default ktest; also the interface's name) and
# CLUSTER_NET (default 10.213; two numbers of an address range that is free here) keep two clusters apart.
set -euo pipefail

self=$(readlink -f "$0")
bin=$(readlink -m "$CLUSTER_BIN")
name=${CLUSTER_NAME:-ktest}
net=${CLUSTER_NET:-10.213}
host=$net.0.1 node=$net.0.2 pods=$net.1 services=$net.2
export PATH=$bin:$bin/debian/containerd/usr/bin:$bin/debian/runc/usr/sbin:/usr/local/sbin:/usr/sbin:/sbin:$PATH

say() { echo "cluster: $*" >&2; }
die() { say "$*"; exit 1; }

# ---- control groups -------------------------------------------------------------------------------------------------

unified() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

# The folders in which the cluster's groups are: one per hierarchy.
groups() { awk -v name="$name" '$3 ~ /^cgroup2?$/ { print $2 "/" name }' /proc/self/mounts; }

# All processes of the cluster, those in containers included.
members() {
  local group
  for group in $(groups); do
    [ ! -d "$group" ] || find "$group" -name cgroup.procs -exec cat {} + 2> /dev/null || true
  done | sort -u
}

make_groups() {
  local group
  for group in $(groups); do
    mkdir -p "$group"
    case $group in */cpuset*/*)
      cat "${group%/*}/cpuset.cpus" > "$group/cpuset.cpus"
      cat "${group%/*}/cpuset.mems" > "$group/cpuset.mems" ;;
    esac
    if unified; then
      local controllers; controllers=$(sed -E 's/[a-z_]+/+&/g' "${group%/*}/cgroup.controllers")
      echo "$controllers" > "${group%/*}/cgroup.subtree_control"
      mkdir -p "$group/daemons"
      echo "$controllers" > "$group/cgroup.subtree_control"
    fi
  done
}

enter_group() {
  if unified; then
    echo 0 > "/sys/fs/cgroup/$name/daemons/cgroup.procs"
  else
    echo 0 > "$(awk -v name="$name" '$3 == "cgroup" && $4 ~ /(^|,)pids(,|$)/ { print $2 "/" name; exit }' /proc/self/mounts)/cgroup.procs"
  fi
}

# ---- down -----------------------------------------------------------------------------------------------------------

down() {
  local try group pid left
  for try in $(seq 100); do
    left=$(members)
    [ -n "$left" ] || break
    for pid in $left; do kill -KILL "$pid" 2> /dev/null || true; done
    sleep 0.1
  done
  [ -z "$(members)" ] || die "processes remain: $(members | tr '\n' ' ')"
  ip link delete "$name" 2> /dev/null || true
  for group in $(groups); do
    for try in $(seq 50); do
      [ -d "$group" ] || break
      find "$group" -depth -type d -exec rmdir {} + 2> /dev/null || sleep 0.1
    done
    [ ! -d "$group" ] || die "cannot remove $group"
  done
  # The kubelet insists on some settings of the whole machine: back to what they were.
  if [ -f "$dir/settings" ]; then
    while read -r file value; do echo "$value" > "$file" || true; done < "$dir/settings"
    rm -f "$dir/settings"
  fi
  if [ -f "$dir/made" ]; then
    while read -r folder; do rmdir "$folder" 2> /dev/null || true; done < "$dir/made"
    rm -f "$dir/made"
  fi
  rm -f "$dir/pid"
}

# ---- files ----------------------------------------------------------------------------------------------------------

# certificate NAME SUBJECT [NAMES]: a key and a certificate from the cluster's own authority.
certificate() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -subj "$2" -out "$1.csr" 2> /dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" \
    -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n'; [ -z "${3-}" ] || printf 'subjectAltName=%s\n' "$3") 2> /dev/null
  rm -f "$1.csr"
}

# access FILE NAME: a kubeconfig with everything inside.
access() {
  cat > "$1" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: $name, cluster: {server: "https://$node:6443", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: $2, user: {client-certificate-data: $(base64 -w0 "$2.crt"), client-key-data: $(base64 -w0 "$2.key")}}]
contexts: [{name: $name, context: {cluster: $name, user: $2}}]
current-context: $name
YAML
  chmod 600 "$1"
}

write_files() {
  mkdir -p "$dir"/{pki,etc/cni,log,pod-logs,containerd,kubelet}
  cd "$dir/pki"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -subj "/CN=$name" -days 30 2> /dev/null
  openssl genrsa -out accounts.key 2048 2> /dev/null
  openssl rsa -in accounts.key -pubout -out accounts.pub 2> /dev/null
  certificate apiserver /CN=kube-apiserver "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:localhost,IP:$node,IP:$services.1,IP:127.0.0.1"
  certificate kubelet "/O=system:nodes/CN=system:node:node" "DNS:node,IP:$node"
  certificate admin /O=system:masters/CN=admin
  certificate controller-manager /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  certificate proxy /CN=system:kube-proxy
  access "$dir/kubeconfig" admin
  local user
  for user in kubelet controller-manager scheduler proxy; do access "$dir/etc/$user.kubeconfig" "$user"; done
  cd "$dir"

  cat > etc/containerd.toml <<TOML
version = 2
root = "$dir/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.internal.v1.opt"]
[grpc]
address = "$dir/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "$bin/debian/containernetworking-plugins/usr/lib/cni"
conf_dir = "$dir/etc/cni"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "$(command -v runc)"
SystemdCgroup = false
TOML

  cat > etc/cni/10-bridge.conflist <<JSON
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [{
    "type": "bridge", "bridge": "pods", "isGateway": true, "hairpinMode": true,
    "ipam": {
      "type": "host-local", "dataDir": "/var/lib/cni/networks",
      "ranges": [[{"subnet": "$pods.0/24", "gateway": "$pods.1"}]], "routes": [{"dst": "0.0.0.0/0"}]
    }
  }]
}
JSON

  # Nothing is ever evicted or collected for want of disk space: the machine's disk is not the cluster's business.
  cat > etc/kubelet.yaml <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $node
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: "$dir/pki/ca.crt"}}
authorization: {mode: Webhook}
tlsCertFile: "$dir/pki/kubelet.crt"
tlsPrivateKeyFile: "$dir/pki/kubelet.key"
containerRuntimeEndpoint: "unix://$dir/containerd.sock"
cgroupDriver: cgroupfs
cgroupRoot: /$name
failSwapOn: false
failCgroupV1: false
evictionHard: {memory.available: 50Mi, nodefs.available: "0%", nodefs.inodesFree: "0%", imagefs.available: "0%", imagefs.inodesFree: "0%"}
imageGCHighThresholdPercent: 100
podLogsDir: "$dir/pod-logs"
resolvConf: "$dir/etc/resolv.conf"
volumePluginDir: "$dir/kubelet/volume-plugins"
clusterDomain: cluster.local
readOnlyPort: 0
YAML
  : > etc/resolv.conf

  cat > etc/proxy.yaml <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: "$dir/etc/proxy.kubeconfig"}
mode: iptables
hostnameOverride: node
clusterCIDR: $pods.0/24
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
iptables: {minSyncPeriod: 0s}
YAML
  echo "$host" > host-address
}

# ---- up -------------------------------------------------------------------------------------------------------------

up() {
  local tool file folder
  [ "$(id -u)" = 0 ] || die "needs root"
  for tool in ip iptables openssl unshare nsenter etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl containerd runc; do
    command -v "$tool" > /dev/null || die "$tool is missing (CLUSTER_BIN is $bin)"
  done
  case $dir in /run/* | /var/log/* | /var/lib/kubelet* | /var/lib/cni* | *[!A-Za-z0-9/._-]*) die "cannot work in $dir" ;; esac
  [ ${#dir} -le 80 ] || die "too long for a socket's path: $dir"
  [ ! -e "$dir" ] || [ -e "$dir/.cluster" ] || [ -z "$(ls -A "$dir")" ] || die "$dir has other files"
  down
  rm -rf "${dir:?}"/{pki,etc,log,pod-logs,etcd,containerd,kubelet,kubeconfig,host-address,containerd.sock*,ready}
  mkdir -p "$dir"
  touch "$dir/.cluster"
  trap 'say "did not come up; last words:"; tail -n 5 "$dir"/log/*.log >&2 || true; down' EXIT
  trap 'exit 1' INT TERM HUP

  write_files
  for file in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
    [ ! -e "/proc/sys/$file" ] || echo "/proc/sys/$file $(cat "/proc/sys/$file")"
  done > "$dir/settings"
  for folder in /var/lib/kubelet /var/lib/cni; do
    [ -d "$folder" ] || { mkdir -p "$folder"; echo "$folder"; }
  done > "$dir/made"
  make_groups

  CLUSTER_BIN=$bin CLUSTER_NAME=$name CLUSTER_NET=$net setsid "$self" inside "$dir" < /dev/null > "$dir/log/init.log" 2>&1 &
  local outer=$!
  for _ in $(seq 200); do
    [ "$(readlink "/proc/$outer/ns/net")" = "$(readlink /proc/self/ns/net)" ] || break
    sleep 0.05
  done
  echo "$outer" > "$dir/pid"
  ip link add "$name" type veth peer name node netns "$outer"
  ip address add "$host/30" dev "$name"
  ip link set "$name" up
  ip route add "$pods.0/24" via "$node" src "$host"
  ip route add "$services.0/24" via "$node" src "$host"

  for _ in $(seq 600); do
    kill -0 "$outer" 2> /dev/null || die "ended"
    if [ -e "$dir/ready" ] && kubectl --kubeconfig "$dir/kubeconfig" get node node -o 'jsonpath={.spec.taints}|{.status.conditions[?(@.type=="Ready")].status}' 2> /dev/null | grep -qx '|True' &&
      kubectl --kubeconfig "$dir/kubeconfig" --namespace default get serviceaccount default > /dev/null 2>&1; then
      trap - EXIT INT TERM HUP
      say "ready; KUBECONFIG=$dir/kubeconfig"
      return
    fi
    sleep 0.25
  done
  die "not ready in time"
}

# The first process of the cluster's own world: starts the programs and waits; when one of them ends, so does everything.
first() {
  mount --make-rshared /
  local folder
  for folder in /run /var/log /var/lib/kubelet /var/lib/cni; do mount -t tmpfs tmpfs "$folder"; done
  hostname node
  until ip link set node up 2> /dev/null; do sleep 0.05; done
  ip link set lo up
  ip address add "$node/30" dev node
  echo 1 > /proc/sys/net/ipv4/ip_forward

  daemon etcd etcd --name node --data-dir "$dir/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --initial-advertise-peer-urls http://127.0.0.1:2380 --initial-cluster node=http://127.0.0.1:2380
  daemon containerd containerd --config "$dir/etc/containerd.toml"
  daemon apiserver kube-apiserver --etcd-servers http://127.0.0.1:2379 --bind-address 0.0.0.0 --secure-port 6443 --advertise-address "$node" \
    --service-cluster-ip-range "$services.0/24" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction --allow-privileged \
    --tls-cert-file "$dir/pki/apiserver.crt" --tls-private-key-file "$dir/pki/apiserver.key" --client-ca-file "$dir/pki/ca.crt" \
    --kubelet-client-certificate "$dir/pki/admin.crt" --kubelet-client-key "$dir/pki/admin.key" --kubelet-certificate-authority "$dir/pki/ca.crt" \
    --kubelet-preferred-address-types InternalIP --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$dir/pki/accounts.pub" --service-account-signing-key-file "$dir/pki/accounts.key"

  until [ -S "$dir/containerd.sock" ] && load "$bin/pause.tar" > /dev/null; do alive; sleep 0.2; done
  until kubectl --kubeconfig "$dir/kubeconfig" get --raw /readyz > /dev/null 2>&1; do alive; sleep 0.2; done

  daemon controller-manager kube-controller-manager --kubeconfig "$dir/etc/controller-manager.kubeconfig" --leader-elect=false --bind-address 127.0.0.1 \
    --use-service-account-credentials --service-account-private-key-file "$dir/pki/accounts.key" --root-ca-file "$dir/pki/ca.crt"
  daemon scheduler kube-scheduler --kubeconfig "$dir/etc/scheduler.kubeconfig" --leader-elect=false --bind-address 127.0.0.1
  daemon kubelet kubelet --config "$dir/etc/kubelet.yaml" --kubeconfig "$dir/etc/kubelet.kubeconfig" --root-dir "$dir/kubelet" \
    --hostname-override node --node-ip "$node"
  daemon proxy kube-proxy --config "$dir/etc/proxy.yaml"
  touch "$dir/ready"
  while alive; do sleep 1; done
}

programs=()
daemon() {
  local log=$dir/log/$1.log
  shift
  "$@" > "$log" 2>&1 &
  programs+=($!)
}

alive() {
  local program
  for program in "${programs[@]}"; do kill -0 "$program" 2> /dev/null || die "process $program ended"; done
}

# ---- load -----------------------------------------------------------------------------------------------------------

load() {
  local archive
  for archive; do ctr --address "$dir/containerd.sock" --namespace k8s.io images import "$archive" || return; done
}

[ $# -ge 2 ] || die "usage: $0 up DIR | down DIR | load DIR IMAGE.tar..."
command=$1
dir=$(readlink -m "$2")
shift 2
case $command in
  up | down | first) "$command" ;;
  load) load "$@" ;;
  inside) enter_group
    exec unshare --mount --net --pid --uts --ipc --fork --kill-child --mount-proc "$self" first "$dir" ;;
  *) die "unknown: $command" ;;
esac
