/* fuzz-json.c: JSON lines: a folder catalog of them, and Amazon's reviews and metadata.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

static const char *const words[] = { "{", "}", "[", "]", "\"", ":", ",", "\n", "null", "true", "-0", "1e999", "\\u0000", "\\ud800", "\"item_id\":", "\"user_id\":", "\"asin\":", "\"parent_asin\":",
                                     "\"reviewerID\":", "\"title\":", "\"description\":", "\"rating\":", "\"images\":", "\"categories\":", "[[[[[[[[", "\x1e", NULL };

static const char *const seeds[] = {
  "{\"item_id\": \"a\", \"title\": \"One\", \"description\": [\"x\", \"y\"], \"category\": [[\"p\", \"q\"]]}\n{\"item_id\": 2, \"title\": null}\n\x1e"
  "{\"user_id\": \"u\", \"item_id\": \"a\", \"rating\": 4.5, \"timestamp\": 1600000000}\n{\"user_id\": 1, \"item_id\": 2}\n",
  "{\"asin\": \"B1\", \"title\": \"t\", \"categories\": [[\"a\", \"b\"]], \"description\": \"d\", \"imUrl\": \"http://x/y.jpg\"}\n\x1e"
  "{\"reviewerID\": \"A\", \"asin\": \"B1\", \"overall\": 5.0, \"unixReviewTime\": 1382659200}\n",
  "{\"parent_asin\": \"B1\", \"title\": \"t\", \"features\": [\"f\"], \"images\": [{\"large\": \"l\"}], \"details\": {\"k\": \"v\"}}\n\x1e"
  "{\"user_id\": \"A\", \"parent_asin\": \"B1\", \"asin\": \"B2\", \"rating\": 1, \"timestamp\": 1600000000000}\n[1]\n{bad\n",
};

static void
run (const guint8 *data, gsize size)
{
  static const char *const folder[] = { "items.jsonl", "interactions.jsonl", NULL }, *const amazon[] = { "meta_a.json", "reviews_a.json", NULL };

  fuzz_import ("folder", folder, data, size);
  fuzz_import ("amazon", amazon, data, size);
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "json", run, seed, words };
