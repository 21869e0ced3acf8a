/* fuzz-csv.c: separated values: the reader itself with every dialect, then as a folder catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/catalog/rf-csv.h"

static const char *const words[] = { "\n", "\r\n", "\r", ",", ";", "\t", "|", "::", "\"", "\"\"", "user_id,item_id,rating,timestamp\n", "item_id,title,description,category,image\n", "NaN", "1e400",
                                     "-1", "2020-01-01T00:00:00Z", "1600000000000", "3,5", "\xef\xbb\xbf", "\xff\xfe", "\x1e", "../x.jpg", "http://a/b.jpg", "=1+1", NULL };

static const char *const seeds[] = {
  "item_id,title,description,category,image\ni1,One,\"A \"\"long\"\", text\nof two lines\",x|y,images/1.jpg\ni2,Two,,,\n\x1e"
  "user_id,item_id,rating,timestamp\nu1,i1,5,1600000000\nu1,i2,\"3,5\",1600000001\nu2,i2,,\n",
  "id;name;text\n1;a;b\n2;\"c;d;e\n\x1euser;item\n1;1\n2;2\n1;1\n",
  "\xef\xbb\xbfitem_id\ttitle\r\n1\t\xe4\xb8\xad\xe6\x96\x87\r\n2\t\xe9\x9f\xb3\r\n\x1e" "1\t1\t5\t2020-05-01 10:00:00\r\n",
  "a::b::c\n1::2::3\n1::2\n\n1::2::3::4\n",
  "\"only a quote",
  "a,b\rc,d\re,f\r",
};

static void
read_all (const char *text, gsize size, const RfCsvDialect *dialect)
{
  RfCsvReader reader;
  guint64 rows = 0, line = 0;
  gsize sum = 0;

  rf_csv_reader_init (&reader, text, size, dialect);
  while (rf_csv_reader_next (&reader))
    {
      g_assert_cmpuint (++rows, ==, reader.row);
      g_assert_cmpuint (reader.line, >=, line + (line == 0));
      g_assert_cmpuint (reader.n_fields, >, 0);
      g_assert_true (reader.start >= text && reader.start < text + size);
      line = reader.line;
      for (guint f = 0; f < reader.n_fields; f++)
        for (gsize c = 0; c < reader.fields[f].length; c++)
          sum += (guchar) reader.fields[f].text[c];
    }
  rf_csv_reader_clear (&reader);
  g_assert_cmpuint (rows, <=, size);
  fuzz_use ((double) sum);
}

static void
run (const guint8 *data, gsize size)
{
  static const RfCsvDialect dialects[] = { { ',', '"', '\n', NULL }, { ';', '"', '\n', NULL }, { '\t', 0, '\n', NULL }, { ',', '"', '\r', NULL }, { 0, 0, '\n', "::" } };
  static const char *const names[] = { "items.csv", "interactions.csv", NULL };
  g_autofree char *text = fuzz_string (data, size);
  RfCsvDialect guessed = rf_csv_sniff (text, size);

  read_all (text, size, &guessed);
  for (gsize d = 0; d < G_N_ELEMENTS (dialects); d++)
    read_all (text, size, &dialects[d]);
  fuzz_import ("folder", names, data, size);
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "csv", run, seed, words };
