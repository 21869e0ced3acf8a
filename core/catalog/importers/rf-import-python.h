/* rf-import-python.h: the dictionaries of Amazon's old metadata, written as Python shows them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* {'a': u'b', "c": [1, None, True]} -> JSON. NULL when it is no Python literal. Nothing is ever evaluated. */
char *rf_import_python_to_json (const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
