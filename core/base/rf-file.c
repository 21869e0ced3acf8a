/* rf-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/rf-error.h"

#define PIECE ((gsize) 64 << 20)

static GBytes *
read_open (int fd, gsize size, GError **error)
{
  guint8 *bytes = g_try_malloc (MAX (size, 1));
  gsize at = 0;

  if (bytes == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_LIMIT, _("there is not enough memory for its %zu MB"), size >> 20);
      return NULL;
    }
  while (at < size)
    {
      gssize n = read (fd, bytes + at, MIN (size - at, PIECE));

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          int saved = errno;

          g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (saved), g_strerror (saved));
          g_free (bytes);
          return NULL;
        }
      if (n == 0)
        break;
      at += (gsize) n;
    }
  return g_bytes_new_take (bytes, at);
}

GBytes *
rf_file_read (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info;
  GBytes *bytes = NULL;

  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    bytes = read_open (fd, (gsize) info.st_size, error);
  else if (fd >= 0)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, _("it is not an ordinary file"));
  else
    {
      int saved = errno;

      g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (saved), g_strerror (saved));
    }
  if (fd >= 0)
    close (fd);
  return bytes;
}
