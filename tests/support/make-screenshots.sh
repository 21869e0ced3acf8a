#!/bin/bash
# Draws every page of the application into PNG files: make-screenshots.sh BUILD_FOLDER OUT_FOLDER [FILE.refract USER]
# Without a document the sample catalog is made (the only one whose pictures may be shown to others).
set -euo pipefail
build=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
document=${3-$work/sample.refract}
user=${4-U0005}
export GSETTINGS_BACKEND=memory GSETTINGS_SCHEMA_DIR=$build/data GSK_RENDERER=cairo GDK_DEBUG=gl-disable G_DEBUG=fatal-criticals
export XDG_DATA_HOME=$work/data NO_AT_BRIDGE=1 GTK_A11Y=none
unset GTK_THEME

shoot() { # name, size, further arguments
  local name=$1 size=$2
  shift 2
  xvfb-run -a -s "-screen 0 1400x900x24" dbus-run-session -- "$build/ui/refract" --screenshot "$out/$name.png" --size "$size" "$@" 2>/dev/null
  echo "$name.png"
}

if [ $# -lt 3 ]; then
  "$build/app/cli/refract-cli" sample "$work/catalog" >/dev/null
  "$build/app/cli/refract-cli" import "$work/catalog" -o "$document" >/dev/null
  "$build/app/cli/refract-cli" train "$document" --set model.modalities=image,text >/dev/null
  "$build/app/cli/refract-cli" train "$document" >/dev/null
fi
for style in light dark; do
  dark=
  [ $style = dark ] && dark=--dark
  shoot "welcome-$style" 1280x800 $dark
  for page in catalog train explore; do
    shoot "$page-$style" 1280x800 $dark --page $page --user "$user" "$document"
    shoot "$page-$style-small" 800x600 $dark --page $page --user "$user" "$document"
  done
  if [ $# -lt 3 ]; then
    shoot "compare-$style" 1280x800 $dark --page compare --runs run-1,run-2 --tab metrics "$document"
    shoot "compare-lists-$style-small" 800x600 $dark --page compare --runs run-1,run-2 --tab lists "$document"
  fi
  shoot "overview-$style" 1280x800 $dark --page explore --tab overview "$document"
  shoot "charts-$style" 1280x800 $dark --page catalog --tab charts "$document"
  shoot "item-$style-small" 800x600 $dark --page catalog --item P0005 "$document"
  [ $# -lt 3 ] && shoot "import-$style" 1280x800 $dark "$work/catalog"
done
# High contrast, right to left, large text, Chinese.
ADW_DEBUG_HIGH_CONTRAST=1 shoot charts-contrast 1280x800 --page catalog --tab charts "$document"
shoot catalog-right-to-left 1280x800 --right-to-left --page catalog --item P0005 "$document"
shoot explore-large-text 1280x800 --large-text --page explore --user "$user" "$document"
for page in catalog train explore; do
  LANG=C.UTF-8 LANGUAGE=zh_CN shoot "$page-chinese" 1280x800 --page $page --user "$user" "$document"
done
