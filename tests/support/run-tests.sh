#!/bin/bash
# Builds and runs every test; the last line is "N passed, N failed". Exit code 0 only if nothing failed.
#   tests/support/run-tests.sh [--fast | --fuzz]     --fast leaves out the build with sanitizers; --fuzz adds sixty seconds of fuzzing for every
#                                                    parser (FUZZ_SECONDS of it in all, two at a time)
set -uo pipefail
cd "$(dirname "$0")/../.."
fast=${1-}
rm -f _fuzz/junit.xml
export GSK_RENDERER=cairo GDK_DEBUG=gl-disable GSETTINGS_BACKEND=memory NO_AT_BRIDGE=1
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
unset GTK_THEME
results=()

build() { # folder, setup options...
  local folder=$1
  shift
  [ -f "$folder/build.ninja" ] || meson setup "$folder" "$@" || return 1
  ninja -C "$folder" || return 1
}

run() { # folder, meson test options...
  local folder=$1
  shift
  rm -f "$folder/meson-logs/testlog.junit.xml"
  # One more than there are processors: some tests wait most of their time, for a bus or for a process that they end.
  xvfb-run -a -s "-screen 0 1280x1024x24" dbus-run-session -- meson test -C "$folder" --no-rebuild --print-errorlogs --num-processes $(($(nproc) + 1)) "$@"
  results+=("$folder/meson-logs/testlog.junit.xml")
}

if ! build _build; then
  echo "The build failed."
  echo "0 passed, 1 failed"
  exit 1
fi
run _build
if [ "$fast" != --fast ]; then
  if ! build _asan -Db_sanitize=address,undefined -Db_lundef=false -Dbuildtype=debug -Doptimization=1; then
    echo "The build with sanitizers failed."
    echo "0 passed, 1 failed"
    exit 1
  fi
  run _asan --timeout-multiplier 6
fi
if [ "$fast" = --fuzz ]; then
  if command -v clang >/dev/null; then
    # A new finding is told but does not fail the run: whether one is made in so short a time is chance. What was found before is gated by the fuzz-*
    # tests, which run the same inputs every time.
    tests/fuzz/run.sh "${FUZZ_SECONDS:-450}" || echo "FUZZING FOUND SOMETHING NEW: see above, and _fuzz/findings."
    results+=(_fuzz/junit.xml)
  else
    echo "skipped fuzzing: there is no clang"
  fi
fi
/usr/bin/python3 tests/support/count-results.py "${results[@]}"
