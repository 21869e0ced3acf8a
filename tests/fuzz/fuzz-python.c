/* fuzz-python.c: dictionaries as Python writes them, to JSON and through the importer of Amazon's old metadata.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/catalog/importers/rf-import-python.h"

static const char *const words[] = { "{", "}", "[", "]", "(", ")", "'", "\"", "u'", "\\x", "\\u12", "\\U00110000", "None", "True", "nan", "inf", ",", ":", "'asin':", "\\", "[[[[[[[[", "\n", NULL };

static const char *const seeds[] = {
  "{'asin': '0000031852', 'title': u\"Girls Ballet\", 'price': 3.17, 'related': {'also_bought': ['B00', \"B01\"]}, 'salesRank': {'Toys': 211836}, 'categories': [['Sports', 'Dance',],], 'x': (1, None, True)}\n",
  "{'asin': 'a', 'description': 'It\\'s \\x41\\u0042\\U00000043 \\n \\q', 'nan': nan}\n{'asin': 'b'\n",
  "{\"asin\": 'mixed', 'n': -1.5e-7, 'b': b'bytes', 'l': [True, False, inf]}\n",
};

static void
run (const guint8 *data, gsize size)
{
  static const char *const names[] = { "ratings_a.csv", "meta_a.json", NULL };
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size), *json = rf_import_python_to_json (text, strlen (text));
  g_autoptr(GByteArray) both = g_byte_array_new ();

  if (json != NULL)
    g_assert_true (g_utf8_validate (json, -1, NULL));
  g_byte_array_append (both, (const guint8 *) "u,a,5,1600000000\n\x1e", 18);
  g_byte_array_append (both, data, (guint) size);
  fuzz_import ("amazon", names, both->data, both->len);
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "python", run, seed, words };
