#!/bin/bash
# Installs the Debian packages in a bare root, uses them, removes them; the last line says how it went. As root.
#   tests/support/try-deb.sh ROOT PACKAGE.deb...     ROOT: made by debootstrap --variant=minbase
set -euo pipefail
root=$1
shift
mkdir -p "$root/debs"
rm -f "$root"/debs/*
cp "$@" "$root/debs/"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 HOME=/root "$@"; }
inside apt-get update -qq
# The command line alone first: it must not need a desktop.
inside sh -c 'apt-get install -yqq --no-install-recommends /debs/refract-cli_*.deb >/dev/null'
inside sh -c '! ldd /usr/bin/refract-cli | grep -E "libgtk|libadwaita|not found"'
inside sh -ec 'cd /root; rm -rf t; mkdir t; cd t
  refract-cli sample catalog --users 300 --items 200
  refract-cli import catalog -o a.refract
  refract-cli train a.refract
  refract-cli rank a.refract --user U0001 -k 5
  refract-cli report a.refract --user U0001 -o report.html
  grep -q "</html>" report.html'
inside sh -c 'apt-get install -yqq --no-install-recommends /debs/refract_*.deb xvfb xauth fonts-dejavu-core adwaita-icon-theme dbus dbus-daemon >/dev/null'
inside sh -ec 'refract --version
  cd /root/t; export GSETTINGS_BACKEND=memory GSK_RENDERER=cairo GDK_DEBUG=gl-disable NO_AT_BRIDGE=1 GTK_A11Y=none
  status=0; timeout 20 xvfb-run -a dbus-run-session -- refract a.refract 2>err || status=$?
  cat err; [ $status = 124 ] || { echo "The window ended by itself with $status."; exit 1; }'
inside sh -c 'apt-get purge -yqq refract refract-cli >/dev/null'
left=$(inside find / -xdev \( -path /proc -o -path /debs -o -path /root -o -path /var/cache -o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/apt \) -prune -o -iname '*refract*' -print)
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
echo "Installed, used, started and removed on $(inside cat /etc/debian_version)."
