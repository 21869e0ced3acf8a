/* fuzz-tables.c: the other tables: MovieLens (three forms), Cornac, MicroLens, in whatever encoding, packed or not.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

static const char *const words[] = { "::", "\t", "|", ",", "\n", "\r\n", "\x1e", "userId,movieId,rating,timestamp\n", "movieId,title,genres\n", "user,item,timestamp\n", "\x1f\x8b\x08", "\xff\xfe", "\xfe\xff", "\x81\x40", "\x93\xfa", NULL };

static const char *const seeds[] = {
  "userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,3,4.0,964981247\n\x1emovieId,title,genres\n1,Toy Story (1995),Adventure|Animation\n3,\"Men, Grumpier (1995)\",Comedy\n",
  "1::1193::5::978300760\n1::661::3::978302109\n\x1e" "1193::One Flew (1975)::Drama\n661::Caf\xe9 (1996)::Children's\n",
  "196\t242\t3\t881250949\n186\t302\t3\t891717742\n\x1e" "242|Kolya (1996)|24-Jan-1997||http://x|0|0|0|0|0|1\n302|L.A. (1997)|01-Jan-1997||u|0|1\n",
  "u1 i1 5\nu1 i2 3\nu2 i1 1\n",
  "u1 i1 i2 i3\nu2 i3\nu3 i1 i9 i2 i4\n",
  "user,item,timestamp\n1,2,1600000000000\n3,4,1600000000001\n\x1e" "2,\"A title, with comma\"\n4,\xe4\xb8\xad\xe6\x96\x87\n",
};

static void
run (const guint8 *data, gsize size)
{
  static const char *const latest[] = { "ratings.csv", "movies.csv", NULL }, *const million[] = { "ratings.dat", "movies.dat", NULL },
                           *const small[] = { "u.data", "u.item", NULL }, *const cornac[] = { "a.txt", NULL },
                           *const microlens[] = { "a_pairs.csv", "a_titles.csv", NULL };

  fuzz_import ("movielens-latest", latest, data, size);
  fuzz_import ("movielens-1m", million, data, size);
  fuzz_import ("movielens-100k", small, data, size);
  fuzz_import ("cornac", cornac, data, size);
  fuzz_import ("microlens", microlens, data, size);
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "tables", run, seed, words };
