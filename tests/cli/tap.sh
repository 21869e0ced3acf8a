# What the shell tests of the command line share: TAP, a folder of their own, running the program. Sourced with PATH/refract-cli as $1.
#
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
set -u
cli=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0

# check NAME CONDITION...: one line of TAP
check() {
  n=$((n + 1))
  name=$1
  shift
  if "$@"; then echo "ok $n $name"; else echo "not ok $n $name"; fi
}

# run EXPECTED_CODE ARGUMENTS...: output to $work/out and $work/err
run() {
  expected=$1
  shift
  "$cli" "$@" >"$work/out" 2>"$work/err"
  code=$?
  [ "$code" = "$expected" ] && return 0
  echo "# exit code $code instead of $expected: $*"
  sed 's/^/# /' "$work/err"
  return 1
}

out_has() { grep -qF -e "$1" "$work/out"; }
err_has() { grep -qF -e "$1" "$work/err"; }
lines_are() { [ "$(wc -l <"$work/$1")" -eq "$2" ]; }
no_file() { [ ! -e "$work/$1" ]; }
same() { cmp -s "$work/$1" "$work/$2"; }
keep() { mv "$work/out" "$work/$1"; }

# json EXPRESSION: is it true of the one document on standard output, called j?
json() {
  python3 - "$work/out" "$1" <<'PY'
import json, sys
j = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(0 if eval(sys.argv[2]) else 1)
PY
}
