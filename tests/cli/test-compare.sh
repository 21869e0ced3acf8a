#!/bin/sh
# refract-cli evaluate, compare, compat, lint, ab and tune on a small sample, in TAP: exit codes, what is said, the same bytes again.
#   test-compare.sh PATH/refract-cli
#
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/tap.sh"

"$cli" sample "$work/s" --users 200 --items 60 >"$work/out" 2>"$work/err" && "$cli" import "$work/s" -o "$work/s.refract" >"$work/out" 2>"$work/err"
check "train" run 0 train "$work/s.refract" -s evidence.steps=20
check "train on behaviour alone" run 0 train "$work/s.refract" -s evidence.steps=20 -s model.modalities=behaviour
check "train on another split" run 0 train "$work/s.refract" -s evidence.steps=20 -s model.modalities=behaviour -s split.method=k-fold

check "evaluate with one thread" run 0 evaluate "$work/s.refract" -r run-1 --json --beyond --threads 1
keep one
check "evaluate with two" run 0 evaluate "$work/s.refract" -r run-1 --json --beyond --threads 2
keep two
check "the same bytes" same one two
for block in 1 7; do
  check "evaluate in blocks of $block" run 0 evaluate "$work/s.refract" -r run-1 --json --beyond --threads 2 --block $block
  keep block
  check "the same bytes in blocks of $block" same one block
done
check "evaluate among sampled items" run 0 evaluate "$work/s.refract" -r run-1 --sampled 5 --json
check "sampled: it says so" out_has '"sampled-metrics"'
check "sampled: and how many" out_has '"sampled_negatives" : 5'
check "evaluate exports the split" run 0 evaluate "$work/s.refract" -r run-1 --export-split "$work/split.inter" --json
check "x_label: all three parts" sh -c "head -1 '$work/split.inter' | grep -q x_label && [ \"\$(tail -n +2 '$work/split.inter' | cut -f5 | sort -u | tr -d '\n')\" = 012 ]"
check "evaluate refuses a block" run 2 evaluate "$work/s.refract" --block 5000
check "a run against itself" run 0 compare "$work/s.refract" run-1 run-1 --resamples 0 --slices
check "itself: a dash where there is no number" out_has "p – (Holm –)"
check "itself: no nan" sh -c "! grep -qi 'nan' '$work/out'"
check "looks at the test part are counted" sh -c "for i in 1 2; do '$cli' evaluate '$work/s.refract' -r run-1 --split test >/dev/null 2>&1; done; '$cli' lint '$work/s.refract' -r run-1 --json | tr -d ' \n' | grep -qF '\"id\":\"test-looks\",\"count\":2'"

check "compare" run 0 compare "$work/s.refract" run-1 run-2 --json --resamples 200
check "compare: a pair" out_has '"wilcoxon_p_holm"'
check "compare: the protocol" out_has '"protocol"'
check "compare: slices" out_has '"slice" : "activity'
check "compare as text" run 0 compare "$work/s.refract" run-1 run-2 --slices --resamples 200
check "compare: the settings that differ" out_has "model.modalities image,text,behaviour / behaviour"
check "compare refuses other splits" run 1 compare "$work/s.refract" run-1 run-3
check "compare: says why" err_has "hold out different"
check "compare refuses an unknown metric" run 2 compare "$work/s.refract" run-1 run-2 --metric magic
check "compare wants two runs" run 2 compare "$work/s.refract" run-1

# A network of two epochs cannot beat EASE: whoever shows it says so.
check "train a network too short" run 0 train "$work/s.refract" -s fusion=attention -s epochs=2 --json
check "beaten: train" out_has '"beaten_by":[{"baseline"'
check "beaten: content neighbours of every modality" sh -c "grep -q image-knn '$work/out' && grep -q text-knn '$work/out'"
check "beaten: info" sh -c "'$cli' info '$work/s.refract' | grep -q 'run-4 .*loses to'"
check "looks: info" sh -c "'$cli' info '$work/s.refract' | grep -q 'looks at its test part: 2'"
check "beaten: compare" sh -c "'$cli' compare '$work/s.refract' run-1 run-4 2>/dev/null | grep -q 'run-4 loses to'"
check "evaluate with baselines" run 0 evaluate "$work/s.refract" -r run-4 -b --json
check "beaten: evaluate" out_has '"beaten_by" : ['
keep first
check "evaluate with baselines kept" run 0 evaluate "$work/s.refract" -r run-4 -b --json
keep second
check "kept baselines are the same bytes" same first second
check "beaten: report" sh -c "'$cli' report '$work/s.refract' -r run-4 -u U0001 -o '$work/r.csv' >/dev/null 2>&1 && head -2 '$work/r.csv' | tail -1 | grep -q ease"

check "compat" run 0 compat "$work/s.refract" -r run-1 --json
check "compat: all five" sh -c "for p in mmrec recbole cornac rectools elliot; do grep -qF \"\\\"\$p\\\"\" '$work/out' || exit 1; done"
check "lint" run 0 lint "$work/s.refract"

# 10 % to 10.5 % at alpha .05 and power .8: 57,763 users an arm.
check "ab plan" run 0 ab plan --base .1 --lift 5
check "ab plan: users" out_has "57763"
check "ab plan refuses" run 2 ab plan --base 2 --lift 5
seq 1 300 >"$work/ids"
check "ab assign" run 0 ab assign --salt spring "$work/ids"
check "ab assign: everybody" lines_are out 301
keep a1
check "ab assign again" run 0 ab assign --salt spring "$work/ids"
keep a2
check "the same arms" same a1 a2
awk 'BEGIN { print "user_id,arm,impressions,clicks,conversions,value"; for (u = 0; u < 400; u++) print "u" u "," (u % 4 ? "b" : "a") ",4," u % 3 "," (u % 7 == 0) "," u % 5 }' >"$work/log.csv"
check "ab analyse" run 0 ab analyse "$work/log.csv" --json
check "ab analyse: alarm" out_has '"sample_ratio_alarm" : true'
check "ab analyse with the shares as they were" run 0 ab analyse "$work/log.csv" --json --weights 1,3
check "ab analyse: no alarm" out_has '"sample_ratio_alarm" : false'
check "ab analyse refuses another file" run 1 ab analyse "$work/ids"
check "ab simulate" run 0 ab simulate "$work/s.refract" run-1 run-2
check "ab refuses what it does not know" run 2 ab magic

check "tune" run 0 tune "$work/s.refract" -n 3 --rungs 2 -t "ease.lambda = 10..500 log" -s evidence.steps=10 --json
check "tune: every trial a run" out_has '"run-8"'
check "tune: how it was without" out_has '"base_ndcg@20"'
check "tune again" run 0 tune "$work/s.refract" -n 3 --rungs 2 -t "ease.lambda = 10..500 log" -s evidence.steps=10 --json
check "tune: nothing is done twice" grep -q '"resumed" : [45]' "$work/out"
check "compare: what was spent" sh -c "'$cli' compare '$work/s.refract' run-1 run-5 2>/dev/null | grep -q 'trials of search 0 / 3.*only run-5 comes from a search'"
check "train a classifier" run 0 train "$work/s.refract" -s fusion=concat -s loss=bce -s epochs=3 --json
check "evaluate its probabilities" run 0 evaluate "$work/s.refract" --beyond --json
check "probabilities: three numbers" sh -c "grep -q accuracy_at_half '$work/out' && grep -q log_loss '$work/out' && grep -q brier '$work/out'"
# Several seeds on one split: they can be compared, and their mean and deviation are told.
for seed in 1 2 3; do
  check "train a network with seed $seed" run 0 train "$work/s.refract" -s fusion=sum -s epochs=3 -s split.seed=1 --seed $seed --json
  sed 's/.*"run":"\(run-[0-9]*\)".*/\1/' "$work/out" >>"$work/seeds"
done
check "compare three seeds" run 0 compare "$work/s.refract" $(cat "$work/seeds" | tr '\n' ' ')
check "compare: mean and deviation" grep -q "mean 0\.[0-9]*, deviation 0\.[0-9]*" "$work/out"
check "tune on a grid" run 0 tune "$work/s.refract" --grid 2 --rungs 1 -t "ease.lambda = 10..500 log" -t "evidence.guard = true|false" -s evidence.steps=10 --discard --json
check "tune on a grid: four combinations and the settings as they are" sh -c "[ \$(grep -cF '\"rung\" :' '$work/out') -eq 5 ]"
check "tune refuses" run 2 tune "$work/s.refract" -t "ease.lamda = 1..2"

# 18 of 60 items are held out: behaviour knows nothing of items without a past, and must not find them by their having none. If it put
# them first, it would have half of them in a list of 10.
recall_of() { tr -d ' \n' <"$work/out" | grep -o '"metrics":{"recall@10":[0-9.e-]*' | head -1 | sed 's/.*://'; }
at_most() { awk -v a="$(recall_of)" -v b="$1" 'BEGIN { exit !(a != "" && a <= b) }'; }
check "train on behaviour, new items held out" run 0 train "$work/s.refract" -s split.method=cold-item -s model.modalities=behaviour -s split.test=0.2
check "evaluate new items" run 0 evaluate "$work/s.refract" --json -k 10
check "behaviour does not find new items" at_most .1
check "new items among themselves" out_has '"catalog-order"'
echo "1..$n"
