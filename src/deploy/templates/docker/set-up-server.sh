#!/bin/sh
# Sets up the Docker server for deployments: a user whose key may run storemap-deploy, and nothing else. Run it as root,
# in the folder that also holds storemap-deploy and storemap-pull.sh:
#
#   sh set-up-server.sh --key 'ssh-ed25519 AAAA… deploy'     [--user deploy] [--sudo] [--dry-run]
#
# It shows each thing that it does, and does nothing that is done already: run it again at any time. With --sudo the
# user does not enter the group "docker", which is as good as root, but may run this one command as root. --dry-run
# shows only. Make the key with: ssh-keygen -t ed25519 -N '' -C deploy -f deploy-key
set -eu
export LC_ALL=C
umask 022

host={{server|sh}}
port={{serverPort|sh}}
user=deploy
key=
way=group
dry=
here=$(cd "$(dirname "$0")" && pwd)
command_file=/usr/local/bin/storemap-deploy
library=/usr/local/lib/storemap

stop() {
  printf 'error SETUP_STOPPED %s\nhint: %s\n' "$1" "$2" >&2
  exit 2
}
while [ $# -gt 0 ]; do
  case $1 in
    --key | --user)
      [ $# -gt 1 ] || stop "The option \"$1\" has no value. Nothing was changed." "sh set-up-server.sh --key 'ssh-ed25519 AAAA…'"
      if [ "$1" = --key ]; then key=$2; else user=$2; fi
      shift
      ;;
    --sudo) way=sudo ;;
    --dry-run) dry=yes ;;
    *) stop "\"$1\" is not an option. Nothing was changed." "sh set-up-server.sh --key 'ssh-ed25519 AAAA…' [--user deploy] [--sudo] [--dry-run]" ;;
  esac
  shift
done
case $user in '' | root | [!a-z_]* | *[!a-z0-9_-]*) stop "\"$user\" is no name for this user. Nothing was changed." 'As in --user deploy' ;; esac
case $key in *'PRIVATE KEY'*) stop 'That is the private half of the key, which never goes to a server. Nothing was changed.' 'Give the line in deploy-key.pub.' ;; esac
form='(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa|sk-ssh-ed25519@openssh.com) [A-Za-z0-9+/]+=*( [A-Za-z0-9 @._+-]*)?'
if ! printf '%s\n' "$key" | grep -q -x -E "$form" || [ "$(printf '%s\n' "$key" | grep -c '')" -ne 1 ]; then
  stop 'The key is missing, or is no public key in one line. Nothing was changed.' 'Give the line in deploy-key.pub: --key "ssh-ed25519 AAAA…"'
fi
[ "$(id -u)" -eq 0 ] || stop 'Only root can set this up. Nothing was changed.' 'Run it with sudo.'
for file in storemap-deploy storemap-pull.sh; do
  [ -f "$here/$file" ] || stop "There is no $file in $here. Nothing was changed." 'Copy the whole folder to the server.'
done

run() { # what is done is shown
  printf '+ %s\n' "$*"
  [ -n "$dry" ] || "$@"
}
put() { # TEXT MODE FILE: only where it is not so already
  if [ -f "$3" ] && [ "$(cat "$3")" = "$1" ]; then return 0; fi
  printf '+ write %s\n' "$3"
  [ -z "$dry" ] || return 0
  new=$(mktemp "$3.XXXXXX")
  printf '%s\n' "$1" >"$new"
  chmod "$2" "$new"
  mv -f "$new" "$3"
}
folder() { [ -d "$1" ] || run mkdir -p "$1"; }

# A password that nothing fits, not a locked account, to which some sshd let no key in either.
id "$user" >/dev/null 2>&1 || run useradd --create-home --shell /bin/sh --password '*' "$user"
home=$(getent passwd "$user" | cut -d : -f 6 || :)
home=${home:-/home/$user}

folder "$library"
put "$(cat "$here/storemap-pull.sh")" 755 "$library/storemap-pull.sh"
put "$(cat "$here/storemap-deploy")" 755 "$command_file"

sudoers=/etc/sudoers.d/storemap-$user
is_in_group() { id -n -G "$user" 2>/dev/null | tr ' ' '\n' | grep -q -x docker; }
if [ "$way" = sudo ]; then
  command -v sudo >/dev/null 2>&1 || stop 'There is no sudo on this server.' 'Install it, or leave "--sudo" out.'
  put "# The key of $user may deploy the sitemap, and nothing else.
$user ALL=(root) NOPASSWD: $command_file deploy, $command_file status" 440 "$sudoers"
  if is_in_group; then run gpasswd -d "$user" docker; fi
  # One word, whatever it is: sudo takes no other than these two.
  command="sudo -n $command_file \\\"\$SSH_ORIGINAL_COMMAND\\\""
else
  getent group docker >/dev/null || stop 'There is no group "docker" on this server.' 'Install docker first, or use "--sudo".'
  is_in_group || run usermod -a -G docker "$user"
  [ ! -e "$sudoers" ] || run rm -f "$sudoers"
  command=$command_file
fi

# Root's, so that the user itself cannot loosen it. Other keys in it stay as they are.
folder "$home/.ssh"
if [ -z "$dry" ]; then chown root:root "$home/.ssh" && chmod 755 "$home/.ssh"; fi
keys=$home/.ssh/authorized_keys
body=$(printf '%s\n' "$key" | cut -d ' ' -f 2)
others=
if [ -f "$keys" ]; then others=$(grep -v -F -e "$body" "$keys" || :); fi
put "${others:+$others
}restrict,command=\"$command\" $key" 644 "$keys"

echo
echo "The host keys of this server, for the secret SITEMAP_KNOWN_HOSTS of the repository:"
if [ "$port" = 22 ]; then name=$host; else name="[$host]:$port"; fi
for file in /etc/ssh/ssh_host_*_key.pub; do
  [ ! -f "$file" ] || printf '%s %s\n' "$name" "$(cut -d ' ' -f 1,2 "$file")"
done
echo
echo "Try it, from elsewhere: ssh -p $port -i deploy-key $user@$host status"
