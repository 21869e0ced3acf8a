/* sample-world.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sample-world.h"

#include <string.h>

#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-sample.h"
#include "tests/support/folder.h"

gboolean
sample_has (const char *list, const char *word)
{
  g_autofree char *pattern = g_strdup_printf (" %s ", word);

  return list != NULL && strstr (list, pattern) != NULL;
}

static const char *
get_field (char **head, char **row, const char *name)
{
  for (guint c = 0; head[c]; c++)
    if (strcmp (head[c], name) == 0)
      return row[c];
  g_assert_not_reached ();
}

/* The values of image and text. */
static char *
join_values (char **head, char **row)
{
  static const char *const attributes[] = { "hue", "shape", "texture", "theme", "material", "style" };
  GString *text = g_string_new (" ");

  for (gsize a = 0; a < G_N_ELEMENTS (attributes); a++)
    {
      g_autofree char *value = g_strdup (get_field (head, row, attributes[a]));

      g_string_append_printf (text, "%s ", g_strdelimit (value, "|", ' '));
    }
  return g_string_free (text, FALSE);
}

static void
read_item (SampleWorld *self, char **head, char **row, guint32 item)
{
  static const char *const names[] = { "box_x", "box_y", "box_width", "box_height" };

  for (int c = 0; c < 4; c++)
    self->box[item][c] = g_ascii_strtod (get_field (head, row, names[c]), NULL) / 256;
  self->words[item] = g_strdup_printf (" %s ", get_field (head, row, "words"));
  self->values[item] = join_values (head, row);
}

static void
read_user (SampleWorld *self, char **head, char **row, guint32 user)
{
  static const char *const drivers[] = { "image", "text", "behaviour", "mixed" };

  for (int d = 0; d < 4; d++)
    if (strcmp (drivers[d], get_field (head, row, "driver")) == 0)
      self->driver[user] = d;
  self->liked[user] = join_values (head, row);
}

static void
read_truth (SampleWorld *self)
{
  g_autofree char *text = test_folder_read (self->directory, "truth.csv", NULL);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto(GStrv) head = g_strsplit (g_strchomp (lines[0]), ",", -1);

  for (guint l = 1; lines[l] && lines[l][0]; l++)
    {
      g_auto(GStrv) row = g_strsplit (g_strchomp (lines[l]), ",", -1);
      gboolean is_item = strcmp (get_field (head, row, "kind"), "item") == 0;
      guint32 index = is_item ? rf_catalog_find_item (self->trained->catalog, get_field (head, row, "id"))
                              : rf_catalog_find_user (self->trained->catalog, get_field (head, row, "id"));

      if (index == RF_NO_INDEX)
        continue;
      if (is_item)
        read_item (self, head, row, index);
      else
        read_user (self, head, row, index);
    }
}

SampleWorld *
sample_world_new (guint64 seed, guint n_users, guint n_items)
{
  SampleWorld *self = g_new0 (SampleWorld, 1);
  RfSampleOptions sample = { seed, n_users, n_items };
  g_autoptr(RfImportReport) problems = rf_import_report_new ();
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfRun) run = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;

  self->directory = test_folder_new ();
  path = g_build_filename (self->directory, "sample.refract", NULL);
  rf_sample_write (self->directory, &sample, NULL, NULL, &error);
  g_assert_no_error (error);
  rf_import_to_workspace (self->directory, path, NULL, problems, NULL, &error);
  g_assert_no_error (error);
  self->workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  run = rf_train (self->workspace, config, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  self->trained = rf_trained_load (self->workspace, NULL, &error);
  g_assert_no_error (error);
  self->driver = g_new0 (int, n_users + 1);
  self->liked = g_new0 (char *, n_users + 1);
  self->box = g_malloc0_n (n_items + 1, sizeof *self->box);
  self->words = g_new0 (char *, n_items + 1);
  self->values = g_new0 (char *, n_items + 1);
  read_truth (self);
  return self;
}

void
sample_world_free (SampleWorld *self)
{
  for (guint32 u = 0; u < rf_catalog_get_n_users (self->trained->catalog); u++)
    g_free (self->liked[u]);
  for (guint32 i = 0; i < rf_catalog_get_n_items (self->trained->catalog); i++)
    {
      g_free (self->words[i]);
      g_free (self->values[i]);
    }
  g_free (self->liked);
  g_free (self->words);
  g_free (self->values);
  g_free (self->box);
  g_free (self->driver);
  rf_trained_unref (self->trained);
  rf_workspace_close (self->workspace);
  test_folder_remove (self->directory);
  g_free (self);
}
