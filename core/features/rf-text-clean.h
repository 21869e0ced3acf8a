/* rf-text-clean.h: from the text of a catalog (plain or HTML, any script) to clean text, with the way back.
 *
 * HTML goes through libxml2's parser: entities are decoded, script, style and template contents dropped, and elements that
 * are not inline separate words. Characters are normalised and case-folded by Unicode's NFKC_Casefold (Unicode Standard
 * Annex 44), which also removes bidi controls, soft hyphens and zero-width characters; other control characters become
 * spaces, and typographic apostrophes become '. Every unit of the result knows the bytes of the original that it came from,
 * so that a word can be shaded where the user reads it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Longer texts are read up to here. */
#define RF_TEXT_MAX_BYTES (1u << 22)

typedef struct
{
  gsize length;
  gunichar2 *text; /* UTF-16, not terminated: what ICU reads */
  guint32 *begin;  /* per unit: the first byte of the original it came from, */
  guint32 *end;    /* and the byte after the last one */
} RfCleanText;

/* Does the text look like HTML: a tag, a comment or an entity? "a < b & c" does not. */
gboolean rf_text_is_html (const char *text);

/* text: UTF-8; invalid bytes count as spaces. Safe from several threads. */
RfCleanText *rf_text_clean (const char *text) G_GNUC_WARN_UNUSED_RESULT;
void rf_clean_text_free (RfCleanText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCleanText, rf_clean_text_free)

/* The clean text as UTF-8, to show or to test. */
char *rf_clean_text_to_utf8 (const RfCleanText *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
