/* refract-settings.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-settings.h"

#define N_RECENT 12

/* The folder of the program's own data in a build that is not installed: <executable>/../data. */
static GSettingsSchema *
lookup_beside_executable (void)
{
  g_autofree char *executable = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = executable != NULL ? g_path_get_dirname (executable) : NULL;
  g_autofree char *data = folder != NULL ? g_build_filename (folder, "..", "data", NULL) : NULL;
  g_autoptr(GSettingsSchemaSource) source = NULL;

  if (data == NULL)
    return NULL;
  source = g_settings_schema_source_new_from_directory (data, g_settings_schema_source_get_default (), TRUE, NULL);
  return source != NULL ? g_settings_schema_source_lookup (source, APP_ID, FALSE) : NULL;
}

static gpointer
open_settings (gpointer data)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (installed != NULL)
    schema = g_settings_schema_source_lookup (installed, APP_ID, TRUE);
  if (schema == NULL)
    schema = lookup_beside_executable ();
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

GSettings *
refract_settings_get (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, open_settings, NULL);
}

int
refract_settings_get_int (const char *key, int initial)
{
  GSettings *settings = refract_settings_get ();

  return settings != NULL ? g_settings_get_int (settings, key) : initial;
}

void
refract_settings_set_int (const char *key, int value)
{
  GSettings *settings = refract_settings_get ();

  if (settings != NULL)
    g_settings_set_int (settings, key, value);
}

gboolean
refract_settings_get_boolean (const char *key, gboolean initial)
{
  GSettings *settings = refract_settings_get ();

  return settings != NULL ? g_settings_get_boolean (settings, key) : initial;
}

void
refract_settings_set_boolean (const char *key, gboolean value)
{
  GSettings *settings = refract_settings_get ();

  if (settings != NULL)
    g_settings_set_boolean (settings, key, value);
}

char *
refract_settings_dup_string (const char *key, const char *initial)
{
  GSettings *settings = refract_settings_get ();

  return settings != NULL ? g_settings_get_string (settings, key) : g_strdup (initial);
}

void
refract_settings_set_string (const char *key, const char *value)
{
  GSettings *settings = refract_settings_get ();

  if (settings != NULL)
    g_settings_set_string (settings, key, value);
}

char **
refract_settings_dup_recent (void)
{
  GSettings *settings = refract_settings_get ();

  return settings != NULL ? g_settings_get_strv (settings, "recent-documents") : g_new0 (char *, 1);
}

static void
rewrite_recent (const char *first, const char *without)
{
  GSettings *settings = refract_settings_get ();
  g_auto(GStrv) old = refract_settings_dup_recent ();
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();

  if (settings == NULL)
    return;
  if (first != NULL)
    g_ptr_array_add (paths, (char *) first);
  for (guint i = 0; old[i] != NULL && paths->len < N_RECENT; i++)
    if (g_strcmp0 (old[i], first) != 0 && g_strcmp0 (old[i], without) != 0)
      g_ptr_array_add (paths, old[i]);
  g_ptr_array_add (paths, NULL);
  g_settings_set_strv (settings, "recent-documents", (const char *const *) paths->pdata);
}

void
refract_settings_add_recent (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  rewrite_recent (absolute, NULL);
}

void
refract_settings_remove_recent (const char *path)
{
  rewrite_recent (NULL, path);
}
