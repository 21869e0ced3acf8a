/* refract-help.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-help.h"

/* The page of the first language of the user that there is one in. */
static char *
find_in (const char *folder)
{
  const char *const *languages = g_get_language_names ();

  for (guint l = 0; languages[l] != NULL; l++)
    {
      g_autofree char *path = g_build_filename (folder, languages[l], "index.html", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

char *
refract_help_find (void)
{
  static const char *const beside[] = { "..", "../.." }; /* the program, and the tests, in a build folder */
  g_autofree char *executable = g_file_read_link ("/proc/self/exe", NULL), *folder = executable ? g_path_get_dirname (executable) : NULL;
  char *found = NULL;

  for (gsize b = 0; folder != NULL && found == NULL && b < G_N_ELEMENTS (beside); b++)
    {
      g_autofree char *pages = g_build_filename (folder, beside[b], "docs", "help", NULL);

      found = find_in (pages);
    }
  return found ? found : find_in (HELPDIR);
}
