#!/bin/bash
# How much of core the tests of core, grad, fuzz and fault reach, by lines; fails below 90 %. Needs gcovr.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=_coverage
[ -f $build/build.ninja ] || meson setup $build -Db_coverage=true -Dapp=false -Dbuildtype=debug ${TEST_DATA:+-Dtest-data=$TEST_DATA} >/dev/null
ninja -C $build >/dev/null
find $build -name '*.gcda' -delete
meson test -C $build --no-rebuild --suite core --suite grad --suite fuzz --suite fault --suite cli --timeout-multiplier 5 >/dev/null || echo "Some tests failed; see $build/meson-logs/testlog.txt."
# The library itself: the second one in double, for gradients, has other lines at the same names, which gcovr cannot add up.
gcovr -r . --object-directory $build -f 'core/' --exclude-unreachable-branches --fail-under-line 90 -s $build/core/librefract-core.a.p | sed -n '/^TOTAL/p;/^lines/p'
