/* fuzz-config.c: settings, and search spaces over them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/model/rf-config.h"
#include "core/train/rf-tuner.h"

static const char *const words[] = { "=", "\n", "#", ";", "..", " log", "|", ",", "true", "1e309", "-1", "nan", "9223372036854775808", "seed", "split.method", "ease.lambda = 10..2000 log", "evidence.guard = true|false", NULL };

static void
run (const guint8 *data, gsize size)
{
  g_autofree char *text = fuzz_string (data, size);
  g_autoptr(GError) error = NULL, other = NULL;
  g_autoptr(RfConfig) config = rf_config_new_from_text (text, &error);
  g_autoptr(RfTuneSpace) space = rf_tune_space_new (text, &other);

  g_assert_true ((config == NULL) == (error != NULL));
  g_assert_true ((space == NULL) == (other != NULL));
  if (config != NULL)
    {
      g_autofree char *first = rf_config_to_text (config), *second = NULL;
      g_autoptr(RfConfig) again = rf_config_new_from_text (first, &error);

      g_assert_no_error (error);
      second = rf_config_to_text (again);
      g_assert_cmpstr (first, ==, second);
    }
  if (space != NULL)
    {
      g_autoptr(RfConfig) base = rf_config_new ();

      for (guint trial = 0; trial < 4; trial++)
        rf_config_free (rf_tune_space_draw (space, base, 1, trial));
    }
}

static GBytes *
seed (guint index)
{
  static const char *const texts[] = { "ease.lambda = 10..2000 log\nevidence.guard = true|false\n", "# nothing\n\nseed = 1..9; evidence.users = 100|200" };

  if (index == 0)
    {
      g_autoptr(RfConfig) config = rf_config_new ();
      g_autofree char *text = rf_config_to_text (config);

      return g_bytes_new (text, strlen (text));
    }
  return fuzz_text_seed (texts, G_N_ELEMENTS (texts), index - 1);
}

const FuzzTarget fuzz_target = { "config", run, seed, words };
