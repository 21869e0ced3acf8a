#!/bin/bash
# The tests that run on several threads, under ThreadSanitizer: the library's, and the jobs of the application.
#
#   tests/support/tsan.sh [TEST...]
#
# GLib is not built with it: tsan-locks.c shows its mutexes, and what else only GLib orders is in tests/tsan.supp, with the reason.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=_tsan
[ -f $build/build.ninja ] || meson setup $build -Db_sanitize=thread -Db_lundef=false -Dapp=false -Dbuildtype=debugoptimized -Doptimization=1 ${TEST_DATA:+-Dtest-data=$TEST_DATA} >/dev/null
tests=("$@")
[ $# -gt 0 ] || tests=(base tensor-float csv import workspace evidence channels metrics split text-features image-features plot attribution net sample tuner jobs)
programs=()
for name in "${tests[@]}"; do
  case $name in
    jobs) programs+=(tests/app/test-app-jobs) ;;
    *-float) programs+=("tests/grad/test-$name") ;;
    *) programs+=("tests/core/test-$name") ;;
  esac
done
ninja -C $build "${programs[@]}" >$build/tsan-build.log || { tail -20 $build/tsan-build.log; exit 1; }
# One thread of BLAS: its own are not built with the sanitizer (the tests set it, too).
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:ignore_noninstrumented_modules=1:halt_on_error=0:exitcode=66" OPENBLAS_NUM_THREADS=1 \
  meson test -C $build --no-rebuild --timeout-multiplier 10 --num-processes 1 --print-errorlogs "${tests[@]}"
