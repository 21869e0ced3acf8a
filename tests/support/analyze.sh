#!/bin/bash
# Static analysis: gcc -fanalyzer, cppcheck and clang-tidy over the library, the application and the command line. No finding is allowed but
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
      meson setup --reconfigure $build -Dc_args=-fanalyzer >/dev/null
      ninja -C $build -k0 2>&1 | grep -E 'warning: .*\[-Wanalyzer' | sed "s|^\.\./||" | sort -u | grep -vFf <(grep -v '^#' tests/support/analyze-gcc.txt) >"$out"
      ;;
    cppcheck)
      cppcheck -q -j2 --enable=warning,portability --inline-suppr --library=gtk --suppressions-list=tests/support/analyze-cppcheck.txt \
        --template='{file}:{line}: {id}: {message}' --std=c11 -I. -I$build core app ui 2>&1 | sort -u >"$out"
      ;;
    clang-tidy)
      git ls-files 'core/*.c' 'app/*.c' | xargs -P2 -n8 clang-tidy --quiet -p $build --checks='-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,bugprone-sizeof-*,bugprone-suspicious-*,bugprone-infinite-loop,bugprone-too-small-loop-variable' 2>/dev/null |
        grep -E 'warning: ' | sed "s|$PWD/||" | sort -u | grep -vFf <(grep -v '^#' tests/support/analyze-clang-tidy.txt) >"$out"
      ;;
  esac
  report "$tool" "$out"
  rm -f "$out"
done
exit $status
