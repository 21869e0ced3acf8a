/* refract-csv.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-csv.h"

#include <string.h>

void
refract_csv_append (GString *csv, const char *text)
{
  gboolean guarded;

  g_string_append_c (csv, ',');
  if (text == NULL || *text == '\0')
    return;
  guarded = strchr ("=+-@\t\r", *text) != NULL;
  if (!guarded && strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append (csv, guarded ? "\"'" : "\"");
  for (; *text; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  g_string_append_c (csv, '"');
}
