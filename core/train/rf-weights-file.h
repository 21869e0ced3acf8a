/* rf-weights-file.h: what was learnt elsewhere and lies in a file of its own (weights of a network, word vectors): known by its SHA-256.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"

G_BEGIN_DECLS

/* The SHA-256 of the file as hex. The workspace remembers it for `role` with path, size and time of the last change: reading half a
 * gigabyte once is enough, and what was computed from a file that is gone by now is still found. setting: what to set, for the message.
 * RF_ERROR_CONFIG: path is empty; RF_ERROR_IO: there is no such file and there never was. Free with g_free(). */
char *rf_weights_file_hash (RfWorkspace *workspace, const char *role, const char *path, const char *setting, RfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
