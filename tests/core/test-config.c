/* test-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-error.h"
#include "core/model/rf-config.h"

static void
assert_refused (const char *assignment, const char *named)
{
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(GError) error = NULL;

  g_assert_false (rf_config_set_assignment (config, assignment, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, named));
}

static void
test_refuses (void)
{
  assert_refused ("ease.lamda=3", "ease.lambda");
  assert_refused ("max_train=3", "split.max_train");
  assert_refused ("seed=abc", "whole number");
  assert_refused ("seed=-1", "between");
  assert_refused ("seed=3.5", "whole number");
  assert_refused ("ease.lambda=nan", "number");
  assert_refused ("evidence.guard=yes", "true or false");
  assert_refused ("fusion=magic", "evidence");
  assert_refused ("model.modalities=", "commas");
  assert_refused ("model.modalities=image,image", "twice");
  assert_refused ("model.modalities=a,b,c,d,e,f,g", "at most");
  assert_refused ("seed", "key=value");
}

static void
test_every_default_is_valid_and_survives_text (void)
{
  g_autoptr(RfConfig) config = rf_config_new (), copy = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL, *again = NULL;

  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    {
      g_assert_true (rf_config_set (config, key->key, key->initial, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (key->help, !=, "");
    }
  g_assert_true (rf_config_set_assignment (config, " seed = 77 ", &error));
  g_assert_cmpint (rf_config_get_int (config, "seed"), ==, 77);
  g_assert_true (rf_config_set (config, "model.modalities", "image, behaviour", &error));
  text = rf_config_to_text (config);
  copy = rf_config_new_from_text (text, &error);
  g_assert_no_error (error);
  again = rf_config_to_text (copy);
  g_assert_cmpstr (text, ==, again);
}

static void
test_text_names_the_line (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfConfig) config = rf_config_new_from_text ("# a comment\n\nseed=5\nsede=6\n", &error);

  g_assert_null (config);
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "Line 4"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/refuses", test_refuses);
  g_test_add_func ("/config/defaults", test_every_default_is_valid_and_survives_text);
  g_test_add_func ("/config/text", test_text_names_the_line);
  return g_test_run ();
}
