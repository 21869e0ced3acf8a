#!/bin/bash
# Draws every page of the application into PNG files.
#   make-screenshots.sh BUILD_FOLDER OUT_FOLDER [SET ...]
# Sets: light and dark (every page at 1280x800 and at 800x600), chinese, others (high contrast, right to left, large text); without one,
# all of them. The catalog is the sample, the only one whose pictures may be shown to others;
# FILMS=FOLDER takes the catalog in that folder instead, for looking at: never keep what it draws. ONLY="PATTERN ...": names that match one of them. DOCUMENTS=FOLDER keeps the documents there, for the next time.
set -euo pipefail
build=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GSETTINGS_BACKEND=memory GSETTINGS_SCHEMA_DIR=$build/data GSK_RENDERER=cairo GDK_DEBUG=gl-disable G_DEBUG=fatal-criticals
export XDG_DATA_HOME=$work/data NO_AT_BRIDGE=1 GTK_A11Y=none
unset GTK_THEME
cli=$build/app/cli/refract-cli
documents=${DOCUMENTS-$work/documents}
mkdir -p "$documents"
document=$documents/sample.refract four=$documents/four.refract catalog=$documents/catalog
user=U0005 item=P0005 composed=P0005,P0010,P0020,P0040
if [ -n "${FILMS-}" ]; then
  document=$documents/films.refract four=$documents/films-four.refract catalog=$documents/films user=15 item=1 composed=1,2,260,1210
fi

# A fourth modality: a number for each item, made of its id, as a feature matrix in NumPy's format.
add_prices() {
  python3 - "$1" <<'PY'
import csv, hashlib, struct, sys
with open(sys.argv[1] + "/items.csv", encoding="utf-8", newline="") as file:
    ids = [row["item_id"] for row in csv.DictReader(file)]
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 4), }" % len(ids)
header += " " * (-(len(header) + 11) % 64) + "\n"
with open(sys.argv[1] + "/prices_feat.npy", "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    for item in ids:
        file.write(struct.pack("<4f", *[(byte + 1) / 256 for byte in hashlib.sha256(item.encode()).digest()[:4]]))
PY
}

# Two runs, so that there is something to compare, and a document with four modalities.
make_documents() {
  if [ -e "$four" ]; then return; fi
  if [ -n "${FILMS-}" ]; then
    mkdir "$catalog"
    cp -r "$FILMS"/items.csv "$FILMS"/interactions.csv "$FILMS"/images "$catalog"
  else
    "$cli" sample "$catalog" >/dev/null
  fi
  "$cli" import "$catalog" -o "$document" >/dev/null
  "$cli" train "$document" --set model.modalities=image,text >/dev/null
  "$cli" train "$document" >/dev/null
  cp -r "$catalog" "$work/with-prices"
  add_prices "$work/with-prices"
  "$cli" import "$work/with-prices" -o "$four" >/dev/null
  "$cli" train "$four" --set model.modalities=image,text,behaviour,prices >/dev/null
}

is_wanted() { # name
  local patterns pattern
  read -ra patterns <<<"${ONLY-*}"
  # shellcheck disable=SC2254 # a pattern
  for pattern in "${patterns[@]}"; do case $1 in $pattern) return 0 ;; esac; done
  return 1
}

shoot() { # name, size, further arguments
  local name=$1 size=$2
  shift 2
  is_wanted "$name" || return 0
  "$build/ui/refract" --screenshot "$out/$name.png" --size "$size" "$@" 2>>"$work/errors" || { cat "$work/errors"; echo "$name.png could not be drawn"; exit 1; }
  echo "$name.png"
}

every_page() { # ending, size, further arguments
  local end=$1 size=$2
  shift 2
  local runs="--page compare --runs run-1,run-2"
  shoot "welcome-$end" "$size" "$@"
  HOME=$documents shoot "import-$end" "$size" "$@" "$catalog"
  shoot "catalog-$end" "$size" "$@" --page catalog "$document"
  shoot "charts-$end" "$size" "$@" --page catalog --tab charts "$document"
  shoot "item-$end" "$size" "$@" --page catalog --item "$item" "$document"
  shoot "train-$end" "$size" "$@" --page train "$document"
  mkdir -p "$work/training" # a training that is fast enough leaves a run
  cp "$document" "$work/training/sample.refract"
  shoot "training-$end" "$size" "$@" --page train --action win.train --delay 1500 "$work/training/sample.refract"
  shoot "explore-$end" "$size" "$@" --page explore --user "$user" "$document"
  shoot "composed-$end" "$size" "$@" --page explore --compose "$composed" "$document"
  shoot "four-$end" "$size" "$@" --page explore --user "$user" "$four"
  shoot "overview-$end" "$size" "$@" --page explore --tab overview "$document"
  # shellcheck disable=SC2086 # words
  for tab in metrics users lists slices plan; do shoot "compare-$tab-$end" "$size" "$@" $runs --user "$user" --tab $tab "$document"; done
  shoot "export-$end" "$size" "$@" --page explore --user "$user" --action win.export "$document"
  shoot "search-$end" "$size" "$@" --page explore --action win.command-search "$document"
  shoot "note-$end" "$size" "$@" --page catalog --action "win.note-item::$item" "$document"
  shoot "shortcuts-$end" "$size" "$@" --page explore --action win.show-help-overlay "$document"
  shoot "about-$end" "$size" "$@" --page explore --action win.about "$document"
}

draw_set() {
  case $1 in
    light) every_page light 1280x800; every_page light-small 800x600 ;;
    dark) every_page dark 1280x800 --dark; every_page dark-small 800x600 --dark ;;
    chinese) LANG=C.UTF-8 LANGUAGE=zh_CN every_page chinese 1280x800; LANG=C.UTF-8 LANGUAGE=zh_CN every_page chinese-small 800x600 ;;
    others) ADW_DEBUG_HIGH_CONTRAST=1 every_page contrast 1280x800; ADW_DEBUG_HIGH_CONTRAST=1 every_page contrast-dark 1280x800 --dark
      every_page right-to-left 1280x800 --right-to-left; every_page large-text 1280x800 --large-text ;;
    *) echo "There is no set $1." >&2; exit 2 ;;
  esac
}

main() {
  make_documents
  for set in "$@"; do draw_set "$set"; done
}

# One screen for all of them.
if [ -z "${REFRACT_SCREEN-}" ]; then
  REFRACT_SCREEN=1 exec xvfb-run -a -s "-screen 0 1400x900x24" dbus-run-session -- "$0" "$build" "$out" "$@"
fi
[ $# -gt 0 ] || set -- light dark chinese others
main "$@"
