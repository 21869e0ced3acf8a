/* main.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "core/base/rf-linalg.h"
#include "ui/refract-application.h"

/* The translations of a build that is not installed lie at <executable>/../data/po, as its settings do. */
static char *
find_locale_folder (void)
{
  g_autofree char *executable = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = executable ? g_path_get_dirname (executable) : NULL;
  g_autofree char *beside = folder ? g_build_filename (folder, "..", "data", "po", NULL) : NULL;

  if (beside && g_file_test (beside, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&beside);
  return g_strdup (LOCALEDIR);
}

int
main (int argc, char **argv)
{
  g_autoptr(RefractApplication) application = NULL;
  g_autofree char *locale_folder = NULL;

  rf_linalg_choose_kernel (argv);
  locale_folder = find_locale_folder ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  rf_linalg_init ();
  application = refract_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
