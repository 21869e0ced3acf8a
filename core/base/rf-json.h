/* rf-json.h: a guard in front of the JSON parser, which gets nothing but one well-formed value: it follows brackets with the call stack (two
 * hundred thousand of them in a file would end the program) and loses the memory of what it has read before a mistake.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define RF_JSON_MAX_DEPTH 200

/* As json_parser_load_from_data(), but refuses what is nested more deeply than RF_JSON_MAX_DEPTH and what is not one value of
 * JSON (RFC 8259): RF_ERROR_FORMAT. length < 0: up to the NUL. */
gboolean rf_json_load (JsonParser *parser, const char *text, gssize length, GError **error);

G_END_DECLS
