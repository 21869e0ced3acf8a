#!/bin/bash
# Fuzzes every parser with clang's libFuzzer under address and undefined-behaviour sanitizers; the last line says what was found.
#   tests/fuzz/run.sh [SECONDS [TARGET...]]     SECONDS of fuzzing in all, split over the targets, two at a time
# Corpora are kept in _fuzz/corpus, so that the next round goes on where this one ended; findings in _fuzz/findings.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
shift || true
build=${FUZZ_BUILD:-_fuzz}
[ -f "$build/build.ninja" ] || CC=clang meson setup "$build" -Dfuzzing=true -Dapp=false -Dwerror=false -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 >/dev/null || exit 1
targets=("$@")
[ $# -gt 0 ] || for file in tests/fuzz/fuzz-*.c; do
  name=$(basename "$file" .c)
  case $name in fuzz-main | fuzz-support | fuzz-libfuzzer) ;; *) targets+=("${name#fuzz-}") ;; esac
done
programs=("${targets[@]/#/tests/fuzz/libfuzzer-}")
ninja -C "$build" "${programs[@]}" >"$build/fuzz-build.log" || { tail -20 "$build/fuzz-build.log"; exit 1; }

export G_SLICE=always-malloc G_DEBUG=fatal-warnings LC_ALL=C.UTF-8 OPENBLAS_NUM_THREADS=1 GIO_USE_VFS=local
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
[ -d /dev/shm ] && export TMPDIR=/dev/shm
jobs=2
each=$((seconds * jobs / ${#targets[@]}))
[ $each -gt 0 ] || each=1
mkdir -p "$build/findings" "$build/logs"
rm -f "$build"/logs/*.case

fuzz_one() {
  local name=$1 corpus=$build/corpus/$1 largest=16384 block=1500
  # GdkPixbuf's BMP loader reserves, but does not touch, what the header asks for; what is touched is limited for all targets.
  [ "$name" = picture ] && block=5000
  [ "$name" = workspace ] && largest=200000
  mkdir -p "$corpus"
  "$build/tests/fuzz/libfuzzer-$name" --write-seeds "$corpus"
  if [ -d "tests/fuzz/regressions/$name" ]; then cp tests/fuzz/regressions/"$name"/* "$corpus/"; fi
  "$build/tests/fuzz/libfuzzer-$name" -max_total_time=$each -timeout=25 -rss_limit_mb=2500 -malloc_limit_mb=$block -max_len=$largest -detect_leaks=1 \
    -dict="$corpus.dict" -artifact_prefix="$build/findings/$name-" -print_final_stats=1 "$corpus" >"$build/logs/$name.log" 2>&1
  local status=$?
  local runs cover
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/logs/$name.log")
  cover=$(grep -o 'cov: [0-9]*' "$build/logs/$name.log" | tail -1)
  printf '%-12s %4ds %10s runs  %-10s %s\n' "$name" $each "${runs:-?}" "${cover:-}" "$([ $status = 0 ] && echo clean || echo "FOUND (see $build/logs/$name.log)")"
  printf '<testcase classname="fuzz" name="%s, %s s">%s</testcase>\n' "$name" $each "$([ $status = 0 ] || echo '<skipped message="found something new"/>')" >"$build/logs/$name.case"
  return $status
}
export -f fuzz_one
export build each
printf '%s\n' "${targets[@]}" | xargs -P $jobs -I{} bash -c 'fuzz_one {}'
status=$?
{ echo '<testsuites><testsuite name="fuzz">'; cat "$build"/logs/*.case; echo '</testsuite></testsuites>'; } >"$build/junit.xml"
[ $status = 0 ] && echo "Fuzzing found nothing." || echo "Fuzzing found something; the inputs are in $build/findings."
exit $status
