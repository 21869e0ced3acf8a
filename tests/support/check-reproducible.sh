#!/bin/bash
# Builds twice, in two folders, and compares every file that is installed. The last line says what came out.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 1700000000)
export SOURCE_DATE_EPOCH CCACHE_DISABLE=1
for name in one another/longer/place; do
  mkdir -p "$folder/$name"
  git ls-files -z | xargs -0 cp --parents -t "$folder/$name"
  meson setup "$folder/$name/_build" "$folder/$name" --prefix=/usr -Dtests=false >/dev/null
  ninja -C "$folder/$name/_build" >/dev/null
  DESTDIR=$folder/$name/_root meson install -C "$folder/$name/_build" --no-rebuild >/dev/null
  (cd "$folder/$name/_root" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$folder/$(basename "$name").sums"
done
diff "$folder/one.sums" "$folder/place.sums"
echo "$(wc -l <"$folder/one.sums") files, the same bytes in both builds."
