/* refract-help.h: where the help pages are, in the language of the user.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first page, or NULL if there is none. */
char *refract_help_find (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
