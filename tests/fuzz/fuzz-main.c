/* fuzz-main.c: runs a target as an ordinary test: its seeds, the inputs that once crashed it (regressions/NAME/), and mutations of both.
 * The mutations are a function of their number, so that a finding can be repeated; the input that was being read when the process died is
 * written to crash-NAME.
 *
 *   FUZZ_RUNS=100000 fuzz-csv      more mutations (the default is quick)
 *   fuzz-csv FILE...               these inputs only
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "tests/fuzz/fuzz.h"

#define DEFAULT_RUNS 400
#define MAX_SIZE     65536

static GPtrArray *inputs; /* GBytes: seeds and regressions */
static const guint8 *current;
static gsize current_size;
static char crash_name[64];

/* Only calls that are allowed in a signal handler. */
static void
save_input (int signal_number)
{
  int fd = open (crash_name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

  if (fd >= 0 && write (fd, current, current_size) == (gssize) current_size)
    close (fd);
  signal (signal_number, SIG_DFL);
  raise (signal_number);
}

/* A copy of exactly this size, so that reading past its end is seen by the sanitizers and by malloc's checks. */
static void
run (const guint8 *data, gsize size)
{
  guint8 *copy = g_malloc (MAX (size, 1));

  memcpy (copy, data, size);
  current = copy;
  current_size = size;
  fuzz_target.run (copy, size);
  g_free (copy);
}

static void
put_number (RfRng *rng, GByteArray *bytes)
{
  static const gint64 values[] = { 0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32767, 65535, 65536, G_MAXINT32, G_MININT32, G_MAXUINT32, G_MAXINT64, G_MININT64, 1 << 20, 0x100000001 };
  gint64 value = values[rf_rng_below (rng, G_N_ELEMENTS (values))];
  guint width = 1u << rf_rng_below (rng, 4);

  if (bytes->len >= width)
    memcpy (bytes->data + rf_rng_below (rng, bytes->len - width + 1), &value, width);
}

static void
insert (GByteArray *bytes, guint at, const guint8 *data, guint length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  guint old = bytes->len;

  g_byte_array_set_size (bytes, old + length);
  memmove (bytes->data + at + length, bytes->data + at, old - at);
  memcpy (bytes->data + at, copy, length);
}

static void
mutate (RfRng *rng, GByteArray *bytes)
{
  guint at = rf_rng_below (rng, bytes->len + 1), n_words = fuzz_target.words ? g_strv_length ((char **) fuzz_target.words) : 0;
  guint span = 1 + rf_rng_below (rng, 1u << rf_rng_below (rng, 8)), length = MIN (bytes->len - at, span);

  switch (rf_rng_below (rng, n_words > 0 ? 8 : 7))
    {
    case 0:
      if (bytes->len > 0)
        bytes->data[rf_rng_below (rng, bytes->len)] ^= (guint8) (1u << rf_rng_below (rng, 8));
      break;
    case 1:
      if (bytes->len > 0)
        bytes->data[rf_rng_below (rng, bytes->len)] = (guint8) rf_rng_below (rng, 256);
      break;
    case 2:
      put_number (rng, bytes);
      break;
    case 3:
      if (length > 0)
        g_byte_array_remove_range (bytes, at, length);
      break;
    case 4: /* again, somewhere */
      if (length > 0)
        insert (bytes, rf_rng_below (rng, bytes->len + 1), bytes->data + at, length);
      break;
    case 5: /* the head of this one, the tail of another */
      {
        GBytes *other = inputs->pdata[rf_rng_below (rng, inputs->len)];
        gsize size, from;
        const guint8 *data = g_bytes_get_data (other, &size);

        from = size > 0 ? rf_rng_below (rng, (guint32) size) : 0;
        g_byte_array_set_size (bytes, at);
        g_byte_array_append (bytes, data + from, (guint) (size - from));
        break;
      }
    case 6: /* many of the same */
      {
        guint8 value = (guint8) rf_rng_below (rng, 256);

        for (guint i = rf_rng_below (rng, 300); i > 0; i--)
          insert (bytes, at, &value, 1);
        break;
      }
    default:
      {
        const char *word = fuzz_target.words[rf_rng_below (rng, n_words)];

        insert (bytes, at, (const guint8 *) word, (guint) strlen (word));
      }
    }
}

static void
test_inputs (void)
{
  for (guint i = 0; i < inputs->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (inputs->pdata[i], &size);

      run (data, size);
    }
}

static void
test_mutations (void)
{
  const char *wanted = g_getenv ("FUZZ_RUNS");
  guint64 n = wanted ? g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_RUNS;

  for (guint64 i = 0; i < n; i++)
    {
      RfRng rng = rf_rng_new (8, i);
      GBytes *from = inputs->pdata[rf_rng_below (&rng, inputs->len)];
      g_autoptr(GByteArray) bytes = g_byte_array_new ();

      g_byte_array_append (bytes, g_bytes_get_data (from, NULL), (guint) g_bytes_get_size (from));
      for (guint m = 1 + rf_rng_below (&rng, 6); m > 0; m--)
        mutate (&rng, bytes);
      run (bytes->data, MIN (bytes->len, MAX_SIZE));
    }
  g_test_message ("%" G_GUINT64_FORMAT " mutations of %u inputs", n, inputs->len);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_regressions (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("RF_TEST_SRCDIR") ? g_getenv ("RF_TEST_SRCDIR") : ".", "tests", "fuzz", "regressions", fuzz_target.name, NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, by_name);
  for (guint i = 0; i < names->len; i++)
    {
      char *data;
      gsize size;

      g_assert_true (g_file_get_contents (names->pdata[i], &data, &size, NULL));
      g_ptr_array_add (inputs, g_bytes_new_take (data, size));
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *path = g_strdup_printf ("/fuzz/%s", fuzz_target.name), *mutations = g_strdup_printf ("%s/mutations", path), *seeds = g_strdup_printf ("%s/seeds-and-regressions", path);
  static const int signals[] = { SIGSEGV, SIGABRT, SIGTRAP, SIGFPE, SIGBUS };
  GBytes *seed;
  int status;

  setlocale (LC_ALL, "");
  rf_linalg_init ();
  g_snprintf (crash_name, sizeof crash_name, "crash-%s", fuzz_target.name);
  for (guint s = 0; s < G_N_ELEMENTS (signals); s++)
    signal (signals[s], save_input);
  g_test_init (&argc, &argv, NULL);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; argc < 2 && (seed = fuzz_target.seed (i)) != NULL; i++)
    g_ptr_array_add (inputs, seed);
  if (argc < 2)
    add_regressions ();
  for (int a = 1; a < argc; a++)
    {
      char *data;
      gsize size;

      g_assert_true (g_file_get_contents (argv[a], &data, &size, NULL));
      g_ptr_array_add (inputs, g_bytes_new_take (data, size));
    }
  g_test_add_func (seeds, test_inputs);
  if (argc < 2)
    g_test_add_func (mutations, test_mutations);
  status = g_test_run ();
  g_ptr_array_unref (inputs);
  return status;
}
