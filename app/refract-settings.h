/* refract-settings.h: what is remembered between two starts: window, page, recent documents.
 *
 * Works without an installed schema too (a program started from its build folder): the schema beside the executable is used
 * if there is one, else defaults are given and nothing is kept.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* NULL if no schema was found. Owned by the program. */
GSettings *refract_settings_get (void);

int refract_settings_get_int (const char *key, int initial);
void refract_settings_set_int (const char *key, int value);
gboolean refract_settings_get_boolean (const char *key, gboolean initial);
void refract_settings_set_boolean (const char *key, gboolean value);
char *refract_settings_dup_string (const char *key, const char *initial) G_GNUC_WARN_UNUSED_RESULT;
void refract_settings_set_string (const char *key, const char *value);

/* Paths, the latest first. */
char **refract_settings_dup_recent (void) G_GNUC_WARN_UNUSED_RESULT;
void refract_settings_add_recent (const char *path);
void refract_settings_remove_recent (const char *path);

G_END_DECLS
