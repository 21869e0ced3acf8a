/* rf-stop-words.h: words that say nothing about an item.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Is the (folded) word in the English or Chinese list? O(log n). */
gboolean rf_is_stop_word (const char *word);

/* All of them, in strcmp order. */
const char *const *rf_stop_words_get_all (gsize *n);

G_END_DECLS
