#!/bin/bash
# How the programs are built, and that nothing in them talks to a network. In TAP.
#   test-binary.sh BUILD-FOLDER HARDENED(yes|no) PROGRAM...
set -u
build=$1 hardened=$2
shift 2
n=0

check() { # title, command...
  local title=$1
  shift
  n=$((n + 1))
  if "$@"; then echo "ok $n $title"; else echo "not ok $n $title"; fi
}

skip() { n=$((n + 1)); echo "ok $n $1 # SKIP $2"; }

is_pie() { readelf -h "$1" | grep -q 'Type: *DYN'; }
is_relro() { readelf -lW "$1" | grep -q GNU_RELRO; }
is_bound_now() { readelf -dW "$1" | grep -qE 'BIND_NOW|Flags: .*NOW'; }
has_no_exec_stack() { readelf -lW "$1" | grep GNU_STACK | grep -qv 'RWE'; }
has_no_text_relocations() { ! readelf -dW "$1" | grep -q TEXTREL; }
has_stack_protector() { nm -D --undefined-only "$1" | grep -q __stack_chk_fail; }
is_fortified() { [ "$(nm -D --undefined-only "$1" | grep -cE '__(v?[sf]?n?printf|mem(cpy|set|move)|str(cpy|cat|ncpy)|read|fread)_chk')" -gt 0 ]; }
# Debian's OpenBLAS says in its own description where it lies.
has_no_strange_run_path() { ! readelf -dW "$1" | grep -E 'RPATH|RUNPATH' | grep -v "$build" | grep -qvE '\[/usr/lib/[a-z0-9_-]+/openblas-[a-z]+\]'; }

# Of our own objects: nothing that opens a connection or asks for a name. GTK itself talks to the display and the session bus.
networks='socket|connect|bind|listen|accept4?|getaddrinfo|gethostbyname|getnameinfo|sendto|recvfrom|g_socket_[a-z_]*|g_network_[a-z_]*|g_resolver_[a-z_]*|g_proxy_[a-z_]*|soup_[a-z_]*|curl_[a-z_]*'
opens_no_network() {
  local found
  found=$(find "$build/core" "$build/app" "$build/ui" -name '*.o' -print0 2>/dev/null | xargs -0 nm --undefined-only 2>/dev/null | awk '$1 == "U" { print $2 }' | sed 's/@.*//' | sort -u | grep -xE "$networks")
  [ -z "$found" ] || { echo "# found: $found"; return 1; }
}
# A library that fetches would be as bad.
links_no_network() { ! readelf -dW "$1" | grep NEEDED | grep -qE 'libsoup|libcurl|libssl|libgnutls|libnghttp'; }

traced_without_network() {
  local folder status=0
  folder=$(mktemp -d)
  for step in "sample $folder/c --users 40 --items 40" "import $folder/c -o $folder/a.refract" "train $folder/a.refract" "report $folder/a.refract --user U0001 -o $folder/r.html"; do
    # shellcheck disable=SC2086 # a list of words
    strace -f -qq -e trace=socket,connect -o "$folder/trace" "$1" $step >/dev/null 2>&1 || status=1
    if grep -E 'AF_INET|AF_INET6|AF_PACKET' "$folder/trace"; then status=1; fi
  done
  rm -rf "$folder"
  return $status
}

for program in "$@"; do
  name=$(basename "$program")
  if [ "$hardened" = yes ]; then
    check "$name: position independent" is_pie "$program"
    check "$name: relocations read-only" is_relro "$program"
    check "$name: bound at start" is_bound_now "$program"
    check "$name: stack not executable" has_no_exec_stack "$program"
    check "$name: no text relocations" has_no_text_relocations "$program"
    check "$name: stack protector" has_stack_protector "$program"
    check "$name: fortified" is_fortified "$program"
    check "$name: no strange run path" has_no_strange_run_path "$program"
  fi
  check "$name: no network library" links_no_network "$program"
done
check "no call of ours opens a network connection" opens_no_network
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null && [ "$hardened" = yes ]; then
  check "sample, import, train and report open no network connection" traced_without_network "$1"
else
  skip "sample, import, train and report open no network connection" "strace is not there or not allowed"
fi
echo "1..$n"
