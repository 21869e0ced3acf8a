/* rf-json.h: a guard in front of the JSON parser, which follows brackets with the call stack: two hundred thousand of them in a file would
 * end the program.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define RF_JSON_MAX_DEPTH 200

/* As json_parser_load_from_data(), but refuses what is nested more deeply than RF_JSON_MAX_DEPTH. length < 0: up to the NUL. */
gboolean rf_json_load (JsonParser *parser, const char *text, gssize length, GError **error);

G_END_DECLS
