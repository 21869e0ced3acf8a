/* test-csv.c: the reader of separated values: RFC 4180, what people make of it, and sizes around its 64-byte blocks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-rng.h"
#include "core/catalog/rf-csv.h"

static const RfCsvDialect comma = { ',', '"', '\n', NULL };

/* Records as "a|b/c|d": fields joined by '|', records by '/'. */
static char *
read_all (const char *data, gsize size, const RfCsvDialect *dialect)
{
  GString *out = g_string_new (NULL);
  RfCsvReader reader;

  rf_csv_reader_init (&reader, data, size, dialect);
  while (rf_csv_reader_next (&reader))
    {
      if (reader.row > 1)
        g_string_append_c (out, '/');
      for (guint f = 0; f < reader.n_fields; f++)
        {
          if (f > 0)
            g_string_append_c (out, '|');
          g_string_append_len (out, reader.fields[f].text, (gssize) reader.fields[f].length);
        }
    }
  rf_csv_reader_clear (&reader);
  return g_string_free (out, FALSE);
}

static void
check (const char *data, const char *expected)
{
  g_autofree char *got = read_all (data, strlen (data), &comma);

  g_assert_cmpstr (got, ==, expected);
}

static void
test_records (void)
{
  check ("", "");
  check ("\n\n\n", "");
  check ("a,b\nc,d\n", "a|b/c|d");
  check ("a,b\r\nc,d", "a|b/c|d");
  check ("a,b\n\n\nc,d\n\n", "a|b/c|d");
  check ("a,b,\n,,\n", "a|b|/||");
  check (",", "|");
  check ("a\nb,c,d\n", "a/b|c|d");
  check ("a,b\rc\nd,e\r\n", "a|b\rc/d|e"); /* a lone CR is a letter where LF ends records */
}

static void
test_quotes (void)
{
  check ("\"a\",\"b\"\n", "a|b");
  check ("\"a,b\",c\n", "a,b|c");
  check ("\"a\nb\",c\nd,e\n", "a\nb|c/d|e");
  check ("\"a\r\nb\",c\r\nd,e\r\n", "a\r\nb|c/d|e");
  check ("\"say \"\"hi\"\"\",c\n", "say \"hi\"|c");
  check ("\"\",\"\"\"\"\n", "|\"");
  check ("\"\"\n", ""); /* a record of one empty field, not an empty line */
  check ("5\" disc,b\n", "5\" disc|b");
  check ("\"a\"b,c\n", "ab|c");
  check ("\"a\"\"b\"c,d\r\ne,f\r\n", "a\"bc|d/e|f");
  check ("a,\"b\"", "a|b");
  check ("a,\"\"", "a|");
}

/* One stray quote must not swallow the file. */
static void
test_stray_quotes (void)
{
  RfCsvReader reader;
  const char *data = "a,\"b\nc,d\n\"e\",f\n";
  guint bad = 0;

  check ("a,\"b\nc,d\n", "a|\"b/c|d");
  check ("\"a,b\nc,d\ne,f\n", "\"a|b/c|d/e|f");
  rf_csv_reader_init (&reader, data, strlen (data), &comma);
  while (rf_csv_reader_next (&reader))
    bad += reader.bad_quote;
  g_assert_cmpuint (reader.row, ==, 3);
  g_assert_cmpuint (bad, ==, 1);
  rf_csv_reader_clear (&reader);
}

static void
test_lines (void)
{
  const char *data = "h\n\"a\nb\nc\",1\n\n\nd,2\n";
  const guint64 lines[] = { 1, 2, 7 };
  RfCsvReader reader;

  rf_csv_reader_init (&reader, data, strlen (data), &comma);
  for (gsize r = 0; r < G_N_ELEMENTS (lines); r++)
    {
      g_assert_true (rf_csv_reader_next (&reader));
      g_assert_cmpuint (reader.line, ==, lines[r]);
      g_assert_cmpuint (reader.row, ==, r + 1);
    }
  g_assert_false (rf_csv_reader_next (&reader));
  rf_csv_reader_clear (&reader);
}

static void
check_sniff (const char *data, const char *expected)
{
  RfCsvDialect dialect = rf_csv_sniff (data, strlen (data));
  g_autofree char *got = read_all (data, strlen (data), &dialect);

  g_assert_cmpstr (got, ==, expected);
}

static void
test_sniff (void)
{
  check_sniff ("a\tb, c\nd\te\n", "a|b, c/d|e");
  check_sniff ("a;b\n1;2,5\n3;4\n", "a|b/1|2,5/3|4");
  check_sniff ("1::Toy, Story: A::x\n2::b::y\n", "1|Toy, Story: A|x/2|b|y");
  check_sniff ("a,b\rc,d\re,f\r", "a|b/c|d/e|f");
  check_sniff ("a,b\n\"x\ty\",2\n", "a|b/x\ty|2");
  check_sniff ("only\none\n", "only/one");
}

/* Writes random records by the rules and reads them back: every length around the block size comes by. */
static void
test_round_trip (void)
{
  static const char letters[] = "ab,\"\r\n\t x";
  RfRng rng = rf_rng_new (3, 0);

  for (int round = 0; round < 400; round++)
    {
      g_autoptr(GString) file = g_string_new (NULL), expected = g_string_new (NULL);
      g_autofree char *exact = NULL, *got = NULL;
      guint n_rows = 1 + rf_rng_below (&rng, 6), n_fields = 2 + rf_rng_below (&rng, 4);

      for (guint r = 0; r < n_rows; r++)
        {
          if (r > 0)
            g_string_append_c (expected, '/');
          for (guint f = 0; f < n_fields; f++)
            {
              guint length = rf_rng_below (&rng, 40);

              g_string_append (file, f > 0 ? ",\"" : "\"");
              if (f > 0)
                g_string_append_c (expected, '|');
              for (guint c = 0; c < length; c++)
                {
                  char letter = letters[rf_rng_below (&rng, sizeof letters - 1)];

                  g_string_append_c (expected, letter);
                  g_string_append_c (file, letter);
                  if (letter == '"')
                    g_string_append_c (file, letter);
                }
              g_string_append_c (file, '"');
            }
          g_string_append (file, round % 2 ? "\r\n" : "\n");
        }
      /* A copy of exactly that size, so that a sanitizer sees a byte too far. */
      exact = g_memdup2 (file->str, file->len);
      got = read_all (exact, file->len, &comma);
      g_assert_cmpstr (got, ==, expected->str);
    }
}

/* Any bytes at all: every record is finite, every field lies in the data or in a copy, and the end is reached. */
static void
test_any_bytes (void)
{
  static const char letters[] = "a,\"\n\r;\t\0\xff";
  RfRng rng = rf_rng_new (4, 0);

  for (int round = 0; round < 2000; round++)
    {
      gsize size = rf_rng_below (&rng, 300), seen = 0;
      g_autofree char *data = g_malloc (size + 1);
      g_autofree char *exact = NULL;
      RfCsvDialect dialect;
      RfCsvReader reader;

      for (gsize i = 0; i < size; i++)
        data[i] = letters[rf_rng_below (&rng, sizeof letters - 1)];
      exact = size > 0 ? g_memdup2 (data, size) : g_strdup ("");
      dialect = rf_csv_sniff (exact, size);
      rf_csv_reader_init (&reader, exact, size, &dialect);
      while (rf_csv_reader_next (&reader))
        for (guint f = 0; f < reader.n_fields; f++)
          seen += reader.fields[f].length;
      g_assert_cmpuint (seen, <=, size);
      rf_csv_reader_clear (&reader);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/records", test_records);
  g_test_add_func ("/csv/quotes", test_quotes);
  g_test_add_func ("/csv/stray-quotes", test_stray_quotes);
  g_test_add_func ("/csv/lines", test_lines);
  g_test_add_func ("/csv/sniff", test_sniff);
  g_test_add_func ("/csv/round-trip", test_round_trip);
  g_test_add_func ("/csv/any-bytes", test_any_bytes);
  return g_test_run ();
}
