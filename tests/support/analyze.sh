#!/bin/bash
# Static analysis: gcc -fanalyzer, cppcheck and clang-tidy over the library, the application, its windows and the command line. No finding is allowed but
# those in tests/support/analyze-*.txt, each with its reason. The last line says what was found. Some minutes; a tool that is not there is
# left out and said so.
#   tests/support/analyze.sh [gcc|cppcheck|clang-tidy]...
set -uo pipefail
cd "$(dirname "$0")/../.."
tools=("$@")
[ $# -gt 0 ] || tools=(gcc cppcheck clang-tidy)
build=_analyze
status=0
[ -f $build/build.ninja ] || meson setup $build -Dtests=false -Dwerror=false -Doptimization=1 >/dev/null || exit 1
ninja -C $build resources/refract-resources.h >/dev/null 2>&1 # generated headers

# What is left of the findings without those that the list of a tool, of regular expressions, accepts.
accepted() { # tool
  grep -vEf <(grep -Ev '^(#|$)' "tests/support/analyze-$1.txt") | grep . || true
}

report() { # tool, file with findings
  local n
  n=$(wc -l <"$2")
  echo "$1: $n findings"
  [ "$n" = 0 ] || { cat "$2"; status=1; }
}

for tool in "${tools[@]}"; do
  command -v "$tool" >/dev/null || { echo "$tool: not installed, left out"; continue; }
  out=$(mktemp)
  case $tool in
    gcc)
      tests/support/analyze-gcc.py $build | accepted gcc >"$out" || status=1
      ;;
    cppcheck)
      cppcheck -q -j2 --enable=warning,portability --inline-suppr --library=gtk --suppressions-list=tests/support/analyze-cppcheck.txt \
        --template='{file}:{line}: {id}: {message}' --std=c11 -I. -I$build core app ui 2>&1 | sort -u >"$out"
      ;;
    clang-tidy)
      # Left out: unix.Malloc, which does not know g_autofree (leaks are LeakSanitizer's), and sizeof-expression, which is told of g_clear_pointer().
      git ls-files 'core/*.c' 'app/*.c' 'ui/*.c' | xargs -P2 -n8 clang-tidy --quiet -p $build --checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,-clang-analyzer-unix.Malloc,bugprone-sizeof-container,bugprone-suspicious-*,bugprone-infinite-loop,bugprone-too-small-loop-variable' 2>/dev/null |
        grep -E 'warning: |error: ' | sed -E "s|^.*\.\./||; s|^$PWD/||" | sort -u | accepted clang-tidy >"$out"
      ;;
  esac
  report "$tool" "$out"
  rm -f "$out"
done
exit $status
