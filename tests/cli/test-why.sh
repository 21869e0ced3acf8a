#!/bin/sh
# refract-cli explain, faithfulness, knockout, whatif and search on a small sample, in TAP: exit codes, what is said, the same bytes again.
#   test-why.sh PATH/refract-cli
#
# SPDX-License-Identifier: GPL-3.0-or-later
. "$(dirname "$0")/tap.sh"

count_is() { [ "$(grep -cF -e "$1" "$work/out")" -eq "$2" ]; }
items() { sed -n 's/^ *"item" : "\(.*\)",$/\1/p' "$work/out"; }

s=$work/s.refract
"$cli" sample "$work/s" --users 200 --items 60 >"$work/out" 2>"$work/err" && "$cli" import "$work/s" -o "$s" >"$work/out" 2>"$work/err"
check "train" run 0 train "$s" -s evidence.steps=20
check "train networks" run 0 train "$s" -s fusion=attention -s encoder.image=cnn -s encoder.text=gru -s cnn.size=12 -s epochs=1 -s embedding_size=8 -s encoder.width=8

run 0 rank "$s" -r run-1 --user U0003 -k 1 --json
item=$(items)
check "explain" run 0 explain "$s" -r run-1 --user U0003 --item "$item" --json --picture
check "explain names the rule" out_has '"removal" : "renormalise"'
check "explain: words" out_has '"tokens" : ['
check "explain: places" out_has '"place_of_none"'
check "explain: the picture" out_has '"method" : "occlusion"'
keep one
check "explain with two threads" run 0 explain "$s" -r run-1 --user U0003 --item "$item" --json --picture --threads 2
keep two
check "the same bytes" same one two
check "explain by the other rule" run 0 explain "$s" -r run-1 --user U0003 --item "$item" --removal mean
check "explain names the other rule" out_has 'mean'
check "explain refuses a rule" run 2 explain "$s" --user U0003 --item "$item" --removal zero
check "explain refuses a user" run 1 explain "$s" --user nobody --item "$item"
check "explain a network" run 0 explain "$s" -r run-2 --user U0003 --item "$item" --json --picture
check "explain a network: Grad-CAM" out_has '"grad_cam" : ['
check "explain a network: integrated gradients" out_has '"integrated_gradients_gap"'
check "explain a network: words" out_has '"tokens" : ['

check "faithfulness" run 0 faithfulness "$s" -r run-1 --truth "$work/s/truth.csv"
check "faithfulness: the sentence" out_has 'Attention points at what really drives'
check "faithfulness: sanity" out_has 'under random weights'
check "faithfulness: by the other rule" run 0 faithfulness "$s" -r run-1 --removal mean --json
check "faithfulness names the rule" out_has '"removal" : "mean"'

check "knockout" run 0 knockout "$s" -r run-1 --json --groups --resamples 100
check "knockout: every way of every modality" count_is '"way" :' 12
check "knockout: lists as a game" out_has '"list_games"'
check "knockout: groups" out_has '"lens by training count"'
keep one
check "knockout with two threads" run 0 knockout "$s" -r run-1 --json --groups --resamples 100 --threads 2
keep two
check "the same bytes of knockouts" same one two
check "knockout for people" run 0 knockout "$s" -r run-1 --resamples 100 --slices
check "knockout says whether it pays" out_has 'pay for itself'
check "knockout by driver" run 0 knockout "$s" -r run-1 --resamples 100 --by driver --json
check "knockout by driver: no other groups" sh -c "grep -q 'driver = ' '$work/out' && ! grep -q 'activity = ' '$work/out'"
check "knockout by an unknown kind" run 2 knockout "$s" -r run-1 --by shoe-size
check "knockout refuses a metric" run 2 knockout "$s" -r run-1 --metric beauty
check "knockout of a network" run 0 knockout "$s" -r run-2 --json --resamples 100
check "knockout of the test part" run 0 knockout "$s" -r run-1 --split test --resamples 100
check "knockout: the look is recorded" sh -c "'$cli' lint '$s' -r run-1 --json | grep -qF test-looks || '$cli' knockout '$s' -r run-1 --split test --resamples 10 >/dev/null && '$cli' lint '$s' -r run-1 --json | grep -qF test-looks"

check "rank with weights" run 0 rank "$s" -r run-1 --user U0005 -k 10 --weights image=0,text=2 --json
items >"$work/one"
check "what if: the same weights" run 0 whatif "$s" -r run-1 --user U0005 -k 10 --weights image=0,text=2 --json
items >"$work/two"
check "what if: the same list" same one two
first=$(head -1 "$work/two")
check "what if: another history" run 0 whatif "$s" -r run-1 --user U0005 -k 10 --add "$first" --json
check "what if: what was added is no candidate" count_is "\"item\" : \"$first\"" 0
check "what if: an item in or out" run 0 whatif "$s" -r run-1 --user U0005 --item "$first" -k 5
check "what if: of all users" run 0 whatif "$s" -r run-1 --weights image=0,text=1 --json
check "what if: with an interval" out_has '"low"'
check "what if refuses nothing at all" run 2 whatif "$s" -r run-1
check "what if refuses a weight" run 2 whatif "$s" -r run-1 --weights image=3

check "search by item" run 0 search "$s" -r run-1 --item P0007 -k 3 --json
check "search by item: the shared space" out_has '"shared:text"'
check "search by text" run 0 search "$s" -r run-1 --text "<i>guitar</i> &amp; piano" -k 3
check "search by text: its space" out_has 'Nearest by text:'
check "search by a picture" run 0 search "$s" -r run-1 --image "$work/s/images/P0007.jpg" -k 1 --json
check "search by a picture finds it" out_has '"item" : "P0007"'
check "search: who would get it" run 0 search "$s" -r run-1 --item P0007 --users
check "search: who would get a new one" run 0 search "$s" -r run-1 --image "$work/s/images/P0007.jpg" --text "oak guitar" --users --popularity none --json
check "search says what was assumed" out_has '"assumed_popularity" : "none"'
check "search refuses unknown words" run 1 search "$s" -r run-1 --text "xyzzy"
check "search: one sentence" err_has 'None of these words'
check "search refuses no picture" run 1 search "$s" -r run-1 --image "$work/s/items.csv"
check "search refuses nothing at all" run 2 search "$s"
check "search: networks place no new items" run 1 search "$s" -r run-2 --text "oak guitar" --users
echo "1..$n"
