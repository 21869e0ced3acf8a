/* fuzz-recbole.c: the typed tables of RecBole and MMRec.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

static const char *const words[] = { "\t", "\n", ":", "user_id:token", "item_id:token", "rating:float", "timestamp:float", "x_label:float", "title:token_seq", "class:token_seq", ":float_seq", "\x1e", "0", "2", "-1", "1e9", NULL };

static const char *const seeds[] = {
  "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t3.5\t881250949\n1\t3\t4\t881250950\n\x1e"
  "item_id:token\tmovie_title:token_seq\tclass:token_seq\n2\tA film\tDrama Comedy\n3\tAnother\t\n",
  "userID\titemID\trating\ttimestamp\tx_label\n0\t0\t5.0\t1\t0\n0\t1\t4.0\t2\t1\n1\t1\t3.0\t3\t2\n\x1e"
  "asin\titemID\nB0\t0\nB1\t1\n",
  "user_id:token\titem_id:token\nu\ti\n\nu\ti\nlonely\n",
};

static void
run (const guint8 *data, gsize size)
{
  static const char *const recbole[] = { "a.inter", "a.item", NULL }, *const mmrec[] = { "a.inter", "i_id_mapping.csv", NULL };

  fuzz_import ("recbole", recbole, data, size);
  fuzz_import ("mmrec", mmrec, data, size);
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "recbole", run, seed, words };
