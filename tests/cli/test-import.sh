#!/bin/sh
# refract-cli import and info on a made-up folder, in TAP: JSON, exit codes, what is left behind.
#   test-import.sh PATH/refract-cli
#
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/tap.sh"

empty() { [ ! -s "$1" ]; }
one_line() { [ "$(wc -l <"$1")" = 1 ]; }
files() { [ "$(ls "$work/doc" | wc -l)" = "$1" ]; }

mkdir -p "$work/cat/images" "$work/doc"
cat >"$work/cat/items.csv" <<'CSV'
item_id,title,description,category,image
a,Ä title,A text,x,
b,B,Another text,y,images/none.jpg
a,Ä title,A text,x,
CSV
cat >"$work/cat/interactions.csv" <<'CSV'
user_id,item_id,rating,timestamp
u1,a,5,1000
u1,zz,5,1000
用户,b,"3,5",2000
CSV

echo 1..32
check "help of all" run 0 --help
check "help of import" run 0 import --help
check "help names the formats' option" grep -q -- --format "$work/out"
check "version" run 0 --version
check "no command is wrong usage" run 2
check "an unknown command is wrong usage" run 2 frobnicate
check "no source is wrong usage" run 2 import -o "$work/doc/a.refract"
check "no output is wrong usage" run 2 import "$work/cat"
check "an unknown option is wrong usage" run 2 import "$work/cat" --frobnicate
check "an unknown format is wrong usage" run 2 import "$work/cat" -o "$work/doc/a.refract" --format frob
check "a missing source fails" run 1 import "$work/none" -o "$work/doc/a.refract"
check "with one sentence" one_line "$work/err"
check "and nothing on standard output" empty "$work/out"
check "import" run 0 import "$work/cat" -o "$work/doc/a.refract" --json --problems "$work/problems.csv"
check "counts" json 'j["users"] == 2 and j["items"] == 2 and j["interactions"] == 2'
check "modalities" json 'j["modalities"]["image"]["available"] == 0 and j["modalities"]["text"]["available"] == 2'
check "problems" json 'j["problem_count"] == 4 == len(j["problems"])'
check "a problem's place" json '{"file": "interactions.csv", "line": 3, "kind": "unknown-item", "action": "dropped"}.items() <= [p for p in j["problems"] if p["kind"] == "unknown-item"][0].items()'
check "no progress where there is no terminal" empty "$work/err"
check "problems as CSV" [ "$(wc -l <"$work/problems.csv")" = 5 ]
check "one file" files 1
check "info" run 0 info "$work/doc/a.refract" --json
check "info has the same counts" json 'j["users"] == 2 and j["interactions"] == 2 and j["problem_count"] == 4 and j["runs"] == []'
check "info in the C locale" sh -c "LC_ALL=C '$cli' info '$work/doc/a.refract' --json >'$work/info' && grep -q users '$work/info'"
check "info of a stranger fails" run 1 info "$work/problems.csv"
check "with one sentence" one_line "$work/err"
"$cli" import "$work/cat" -o "$work/doc/b.refract" >/dev/full 2>"$work/err"
check "a full standard output fails" [ $? = 1 ]
check "a full disk fails" sh -c "ulimit -f 8; trap '' XFSZ; '$cli' import '$work/cat' -o '$work/doc/c.refract' 2>'$work/err'; [ \$? = 1 ] && [ ! -e '$work/doc/c.refract' ]"
mkdir "$work/stranger" "$work/nothing"
cp "$work/cat/items.csv" "$work/stranger"
printf 'user_id,item_id\nu1,Za\nu2,Zb\n' >"$work/stranger/interactions.csv"
check "tables that do not belong together are imported" run 0 import "$work/stranger" -o "$work/doc/d.refract"
check "and that is said" grep -q '^Attention: No interaction was read: none of the 2 .*“a”.*“Za”' "$work/out"
check "an empty folder fails" run 1 import "$work/nothing" -o "$work/doc/e.refract"
check "with what is missing" grep -q 'is empty' "$work/err"
