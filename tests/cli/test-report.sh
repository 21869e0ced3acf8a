#!/bin/sh
# refract-cli sample, train and report on a small catalog, in TAP: what is written, exit codes, what is refused.
#   test-report.sh PATH/refract-cli
#
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/tap.sh"

check "sample" run 0 sample "$work/s" --users 200 --items 60 --json
check "sample: counts" out_has '"items" : 60'
check "sample: pictures" test -s "$work/s/images/P0060.jpg"
check "sample: truth" lines_are s/truth.csv 261
check "sample: too few items" run 2 sample "$work/t" --items 3
check "sample: says so" err_has "24"
check "sample: not into somebody's catalog" sh -c "mkdir '$work/mine' && echo x >'$work/mine/items.csv' && ! '$cli' sample '$work/mine' 2>/dev/null && [ \"\$(cat '$work/mine/items.csv')\" = x ]"
check "import" run 0 import "$work/s" -o "$work/s.refract"
check "report before training" run 1 report "$work/s.refract" --user U0001 -o "$work/r.html"
check "report before training leaves nothing" no_file r.html
check "train" run 0 train "$work/s.refract"
for format in html csv json pdf; do
  check "report: $format" run 0 report "$work/s.refract" --user U0001 --user U0002 -k 7 -o "$work/r.$format"
  check "report: $format is there" test -s "$work/r.$format"
done
check "report: a row for each place" lines_are r.csv 15
check "report: --json" run 0 report "$work/s.refract" --user U0001 -o "$work/r.csv" --json
check "report: --json says what" out_has '"users" : 1'
check "report: no such user" run 1 report "$work/s.refract" --user nobody -o "$work/x.csv"
check "report: names the user" err_has nobody
check "report: no such format" run 2 report "$work/s.refract" --user U0001 -o "$work/x.doc"
check "report: no user" run 2 report "$work/s.refract" -o "$work/x.csv"
check "report: no file" run 2 report "$work/s.refract" --user U0001
check "report: refusals leave nothing" no_file x.csv
echo "1..$n"
