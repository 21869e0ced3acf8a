/* fuzz-html.c: texts of items: HTML or not, any script; cleaning, cutting into words, and the places of words in the original.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "core/features/rf-text-clean.h"
#include "core/features/rf-text-tokens.h"

static const char *const words[] = { "<p>", "</p>", "<script>", "</script>", "<!--", "-->", "<![CDATA[", "&amp;", "&#x110000;", "&#0;", "&nbsp;", "<br/>", "<style>", "\xe2\x80\xae", "\xe4\xb8\xad\xe6\x96\x87", "\xe3\x81\x82",
                                     "\xef\xac\x81", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80", "\xcc\x81", "<template>", "<a href=\"", NULL };

static const char *const seeds[] = {
  "<p>A <b>bold</b> red coat &amp; a hat.<br>It&#39;s 100&nbsp;% wool</p><script>var x = '<p>';</script><!-- note -->",
  "plain text, 3 < 4 & 5 > 2; don't stop: e\xcc\x81t\xc3\xa9 \xef\xac\x81ne",
  "\xe4\xb8\xad\xe6\x96\x87\xe5\x88\x86\xe8\xaf\x8d \xe3\x81\x93\xe3\x82\x93\xe3\x81\xab\xe3\x81\xa1\xe3\x81\xaf \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xd8\xb9\xd8\xb1\xd8\xa8\xd9\x8a \xe2\x80\xaeXYZ",
  "<table><tr><td>1<td>2</table><style>p{}</style><template>x</template><p",
};

static void
run (const guint8 *data, gsize size)
{
  static RfTokenizer *tokenizer;
  static const RfTokenOptions options = { .mask_numbers = TRUE };
  g_autofree char *text = fuzz_string (data, size), *shown = NULL;
  g_autoptr(RfCleanText) clean = rf_text_clean (text);
  g_autoptr(RfTokenList) list = rf_token_list_new ();
  gsize length = strlen (text);

  if (tokenizer == NULL)
    tokenizer = rf_tokenizer_new (&options, NULL);
  g_assert_nonnull (tokenizer);
  fuzz_use (rf_text_is_html (text));
  for (gsize i = 0; i < clean->length; i++)
    {
      g_assert_cmpuint (clean->begin[i], <=, clean->end[i]);
      g_assert_cmpuint (clean->end[i], <=, length);
    }
  shown = rf_clean_text_to_utf8 (clean);
  g_assert_true (g_utf8_validate (shown, -1, NULL));
  rf_tokenizer_run (tokenizer, text, list);
  for (guint t = 0; t < list->tokens->len; t++)
    {
      g_assert_cmpuint (rf_token_list_get (list, t)->begin, <, rf_token_list_get (list, t)->end);
      g_assert_cmpuint (rf_token_list_get (list, t)->end, <=, length);
      g_assert_true (g_utf8_validate (rf_token_list_get_word (list, t), -1, NULL));
    }
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "html", run, seed, words };
