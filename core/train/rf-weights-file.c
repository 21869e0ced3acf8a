/* rf-weights-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-weights-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/rf-error.h"

#define PIECE (1 << 20)

/* "SIZE TIME HASH" as it was remembered for this path, or NULL. */
static char *
recall (RfWorkspace *workspace, const char *role, const char *path)
{
  g_autoptr(GBytes) bytes = rf_workspace_load_blob (workspace, role, path, NULL);

  return bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
}

static char *
stamp (const GStatBuf *info)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld", (gint64) info->st_size, (gint64) info->st_mtim.tv_sec,
                          (long) info->st_mtim.tv_nsec);
}

static char *
unreadable (const char *path, const char *why, const char *setting, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be read: %s. Put the file there, or change the setting %s."), path, why, setting);
  return NULL;
}

static char *
read_and_hash (const char *path, const char *setting, gint64 size, RfProgress *progress, GError **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (PIECE);
  FILE *file = g_fopen (path, "rb");
  gboolean going = TRUE, failed;
  gint64 done = 0;
  gsize n;

  if (file == NULL)
    return unreadable (path, g_strerror (errno), setting, error);
  while (going && (n = fread (piece, 1, PIECE, file)) > 0)
    {
      g_checksum_update (checksum, piece, (gssize) n);
      done += (gint64) n;
      going = rf_progress_step (progress, _("Reading weights"), (double) done / (double) MAX (size, 1), error);
    }
  failed = ferror (file) != 0;
  fclose (file);
  if (!going)
    return NULL;
  return failed ? unreadable (path, _("the disk gave an error"), setting, error) : g_strdup (g_checksum_get_string (checksum));
}

char *
rf_weights_file_hash (RfWorkspace *workspace, const char *role, const char *path, const char *setting, RfProgress *progress, GError **error)
{
  g_autofree char *known = NULL, *now = NULL, *hash = NULL, *line = NULL;
  g_autoptr(GBytes) bytes = NULL;
  const char *space;
  GStatBuf info;

  if (path[0] == '\0')
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("These features need a file: set %s=FILE."), setting);
      return NULL;
    }
  known = recall (workspace, role, path);
  space = known ? strrchr (known, ' ') : NULL;
  if (g_stat (path, &info) != 0)
    return space ? g_strdup (space + 1) : unreadable (path, g_strerror (errno), setting, error);
  if (!S_ISREG (info.st_mode))
    return unreadable (path, _("it is not a file"), setting, error);
  now = stamp (&info);
  if (space && strlen (now) == (gsize) (space - known) && strncmp (known, now, (gsize) (space - known)) == 0)
    return g_strdup (space + 1);
  hash = read_and_hash (path, setting, info.st_size, progress, error);
  if (hash == NULL)
    return NULL;
  line = g_strdup_printf ("%s %s", now, hash);
  bytes = g_bytes_new (line, strlen (line));
  return rf_workspace_save_blob (workspace, role, path, bytes, error) ? g_steal_pointer (&hash) : NULL;
}
