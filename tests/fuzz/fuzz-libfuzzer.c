/* fuzz-libfuzzer.c: a target for clang's coverage-guided fuzzer. `--write-seeds FOLDER` as the only argument writes the seeds and, beside
 * them, FOLDER.dict, and ends.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
write_seeds (const char *folder)
{
  GBytes *seed;

  for (guint i = 0; (seed = fuzz_target.seed (i)) != NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/seed-%u", folder, i);

      g_assert_true (g_file_set_contents (name, g_bytes_get_data (seed, NULL), (gssize) g_bytes_get_size (seed), NULL));
      g_bytes_unref (seed);
    }
}

static void
write_words (const char *folder)
{
  g_autofree char *name = g_strconcat (folder, ".dict", NULL);
  g_autoptr(GString) out = g_string_new (NULL);

  for (guint w = 0; fuzz_target.words != NULL && fuzz_target.words[w] != NULL; w++)
    {
      g_string_append_c (out, '"');
      for (const char *c = fuzz_target.words[w]; *c != '\0'; c++)
        g_string_append_printf (out, "\\x%02x", (guchar) *c);
      g_string_append (out, "\"\n");
    }
  g_assert_true (g_file_set_contents (name, out->str, (gssize) out->len, NULL));
}

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  rf_linalg_init ();
  rf_parallel_set_threads (1);
  if (*argc == 3 && g_str_equal ((*argv)[1], "--write-seeds"))
    {
      write_seeds ((*argv)[2]);
      write_words ((*argv)[2]);
      exit (0);
    }
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  fuzz_target.run (data, size);
  return 0;
}
