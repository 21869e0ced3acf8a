#!/bin/bash
# The tests that run on several threads, under ThreadSanitizer. GLib is not built with it, so its locks are not seen: what only they order is
# in tests/tsan.supp, with the reason.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=_tsan
[ -f $build/build.ninja ] || meson setup $build -Db_sanitize=thread -Db_lundef=false -Dapp=false -Dbuildtype=debugoptimized -Doptimization=1 ${TEST_DATA:+-Dtest-data=$TEST_DATA} >/dev/null
ninja -C $build >/dev/null
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp:ignore_noninstrumented_modules=1:halt_on_error=0:exitcode=66" \
  meson test -C $build --no-rebuild --timeout-multiplier 10 --print-errorlogs "${@:-base}" tensor csv import workspace evidence channels metrics split text-features image-features plot attribution net
