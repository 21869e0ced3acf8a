/* rf-file.h: a whole file in memory.
 *
 * Read, not mapped: a mapped file that another program shortens ends this one with SIGBUS. A file that shrinks or grows meanwhile gives
 * what was there when its bytes were read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Only regular files: a pipe or a device could keep us waiting for ever. G_FILE_ERROR with the system's reason, or RF_ERROR_LIMIT when there is
 * not enough memory. */
GBytes *rf_file_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
