/* rf-config.h: every setting of a training, with its type, default, range and meaning.
 *
 * A setting that is not in the table does not exist: an unknown key is an error that names the nearest valid one. The table
 * feeds `refract-cli config --explain`, the Train page and the checks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RF_CONFIG_INT,
  RF_CONFIG_REAL,
  RF_CONFIG_BOOL,
  RF_CONFIG_CHOICE, /* one of `choices` */
  RF_CONFIG_LIST,   /* a comma-separated, non-empty subset of `choices` (any names, if choices is NULL) */
  RF_CONFIG_TEXT,   /* one line of anything, as the name of a file; may be empty */
} RfConfigType;

typedef struct
{
  const char *key;          /* "split.max_train" */
  RfConfigType type;
  const char *initial;      /* the default, as text */
  double minimum, maximum;  /* of numbers */
  const char *choices;      /* "a|b|c" */
  const char *unit;         /* "items", "steps", "" */
  const char *help;         /* one line, translatable (N_) */
} RfConfigKey;

typedef struct _RfConfig RfConfig;

/* The table, in order of presentation; ends with key == NULL. */
const RfConfigKey *rf_config_get_keys (void);

RfConfig *rf_config_new (void) G_GNUC_WARN_UNUSED_RESULT; /* all defaults */
RfConfig *rf_config_copy (const RfConfig *self) G_GNUC_WARN_UNUSED_RESULT;
void rf_config_free (RfConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfConfig, rf_config_free)

/* RF_ERROR_CONFIG: unknown key (names the nearest), wrong type, out of range. */
gboolean rf_config_set (RfConfig *self, const char *key, const char *value, GError **error);
gboolean rf_config_set_assignment (RfConfig *self, const char *key_equals_value, GError **error);

/* The text of a setting, as given; the typed getters abort on a key of another type (a programming error). */
const char *rf_config_get (const RfConfig *self, const char *key);
gint64 rf_config_get_int (const RfConfig *self, const char *key);
double rf_config_get_real (const RfConfig *self, const char *key);
gboolean rf_config_get_bool (const RfConfig *self, const char *key);

/* All settings as "key=value" lines, and back. */
char *rf_config_to_text (const RfConfig *self) G_GNUC_WARN_UNUSED_RESULT;
RfConfig *rf_config_new_from_text (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
