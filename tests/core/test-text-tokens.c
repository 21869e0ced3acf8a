/* test-text-tokens.c: from raw text to words with their places: HTML, Unicode, word boundaries, stop words.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "core/base/rf-rng.h"
#include "core/features/rf-stop-words.h"
#include "core/features/rf-text-clean.h"
#include "core/features/rf-text-tokens.h"

/* Runs of spaces become one, at the ends none: how many an element leaves is of no interest. */
static char *
squeeze (const char *text)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  GString *out = g_string_new (NULL);

  for (int w = 0; words[w] != NULL; w++)
    if (*words[w] != '\0')
      g_string_append_printf (out, "%s%s", out->len > 0 ? " " : "", words[w]);
  return g_string_free (out, FALSE);
}

static void
assert_clean (const char *text, const char *expected)
{
  g_autoptr(RfCleanText) clean = rf_text_clean (text);
  g_autofree char *utf8 = rf_clean_text_to_utf8 (clean), *squeezed = squeeze (utf8);

  g_assert_cmpstr (squeezed, ==, expected);
  for (gsize i = 0; i < clean->length; i++)
    {
      g_assert_cmpuint (clean->begin[i], <=, clean->end[i]);
      g_assert_cmpuint (clean->end[i], <=, strlen (text));
      if (i > 0)
        g_assert_cmpuint (clean->begin[i - 1], <=, clean->begin[i]);
    }
}

/* Tokens as "word[original]" joined by spaces: words and places in one look. */
static void
assert_tokens (const char *text, const RfTokenOptions *options, const char *expected)
{
  g_autoptr(RfTokenizer) tokenizer = rf_tokenizer_new (options, NULL);
  g_autoptr(RfTokenList) list = rf_token_list_new ();
  g_autoptr(GString) got = g_string_new (NULL);

  rf_tokenizer_run (tokenizer, text, list);
  for (guint t = 0; t < list->tokens->len; t++)
    {
      const RfToken *token = rf_token_list_get (list, t);

      g_string_append_printf (got, "%s%s[%.*s]", t > 0 ? " " : "", rf_token_list_get_word (list, t),
                              (int) (token->end - token->begin), text + token->begin);
    }
  g_assert_cmpstr (got->str, ==, expected);
}

static void
test_is_html (void)
{
  g_assert_true (rf_text_is_html ("a<br>b"));
  g_assert_true (rf_text_is_html ("</p>"));
  g_assert_true (rf_text_is_html ("<!-- x -->"));
  g_assert_true (rf_text_is_html ("fish &amp; chips"));
  g_assert_true (rf_text_is_html ("&#8364;5"));
  g_assert_true (rf_text_is_html ("&#x20ac;5"));
  g_assert_false (rf_text_is_html ("a < b & c > d"));
  g_assert_false (rf_text_is_html ("I <3 R&D; &c"));
  g_assert_false (rf_text_is_html ("<"));
  g_assert_false (rf_text_is_html ("&"));
  g_assert_false (rf_text_is_html (""));
}

static void
test_clean_plain (void)
{
  assert_clean ("", "");
  assert_clean ("Plain Text", "plain text");
  assert_clean ("a < b & c", "a < b & c");
  assert_clean ("Stra\xc3\x9f" "e", "strasse");
  assert_clean ("\xef\xbc\xa1\xef\xbc\xa2\xef\xbc\x91", "ab1");                    /* full-width A B 1 */
  assert_clean ("\xef\xac\x81ne", "fine");                                            /* fi ligature */
  assert_clean ("Cafe\xcc\x81", "caf\xc3\xa9");                                      /* e + combining acute */
  assert_clean ("a\xe2\x80\xae" "b\xe2\x81\xa9" "c\xc2\xad" "d", "abcd");            /* bidi controls, soft hyphen */
  assert_clean ("a\tb\x01" "c\xc2\x85" "d\xe2\x80\x8b" "e", "a b c d e");            /* controls, zero width space */
  assert_clean ("don\xe2\x80\x99t", "don't");
  assert_clean ("a\xff" "b\xc3", "a b");                                             /* not UTF-8 */
}

static void
test_clean_html (void)
{
  assert_clean ("<p>One</p><p>Two</p>", "one two");
  assert_clean ("bo<b>ld</b>er", "bolder");
  assert_clean ("fish &amp; chips &lt;3 &eacute;", "fish & chips <3 \xc3\xa9");
  assert_clean ("a<script>var x = '<b>no</b>';</script>b<style>p { color: red }</style>c", "a b c");
  assert_clean ("x<!-- hidden -->y", "xy");
  assert_clean ("<div title=\"not text\">seen</div>", "seen");
  assert_clean ("un<closed <b>tag", "un tag");
  assert_clean ("line<br/>break", "line break");
}

static void
test_tokens_basic (void)
{
  RfTokenOptions masked = { .mask_numbers = TRUE }, all = { .keep_stop_words = TRUE };

  assert_tokens ("", NULL, "");
  assert_tokens ("... --- !?", NULL, "");
  assert_tokens ("The Quick, brown FOX!", NULL, "quick[Quick] brown[brown] fox[FOX]");
  assert_tokens ("The quick fox", &all, "the[The] quick[quick] fox[fox]");
  assert_tokens ("Toy Story 2 (1999) 3.14", NULL, "toy[Toy] story[Story] 2[2] 1999[1999] 3.14[3.14]");
  assert_tokens ("Toy Story 2 (1999)", &masked, "toy[Toy] story[Story] #[2] #[1999]");
  assert_tokens ("Andy's room, the boys\xe2\x80\x99 room", NULL, "andy[Andy] room[room] boys[boys] room[room]");
  assert_tokens ("isn't it x-ray b 2nd", NULL, "ray[ray] 2nd[2nd]");
}

static void
test_tokens_long (void)
{
  g_autofree char *word = g_strnfill (65, 'a'), *ok = g_strnfill (64, 'b');
  g_autofree char *text = g_strconcat (word, " ", ok, NULL), *expected = g_strdup_printf ("%s[%s]", ok, ok);

  assert_tokens (text, NULL, expected);
}

static void
test_tokens_scripts (void)
{
  /* Chinese: "I love Beijing Tiananmen"; 我 is a stop word. */
  assert_tokens ("\xe6\x88\x91\xe7\x88\xb1\xe5\x8c\x97\xe4\xba\xac\xe5\xa4\xa9\xe5\xae\x89\xe9\x97\xa8", NULL,
                 "\xe7\x88\xb1[\xe7\x88\xb1] \xe5\x8c\x97\xe4\xba\xac[\xe5\x8c\x97\xe4\xba\xac] "
                 "\xe5\xa4\xa9\xe5\xae\x89\xe9\x97\xa8[\xe5\xa4\xa9\xe5\xae\x89\xe9\x97\xa8]");
  /* Thai: "hello world". */
  assert_tokens ("\xe0\xb8\xaa\xe0\xb8\xa7\xe0\xb8\xb1\xe0\xb8\xaa\xe0\xb8\x94\xe0\xb8\xb5\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8\xa7\xe0\xb9\x82\xe0\xb8\xa5\xe0\xb8\x81", NULL,
                 "\xe0\xb8\xaa\xe0\xb8\xa7\xe0\xb8\xb1\xe0\xb8\xaa\xe0\xb8\x94\xe0\xb8\xb5[\xe0\xb8\xaa\xe0\xb8\xa7\xe0\xb8\xb1\xe0\xb8\xaa\xe0\xb8\x94\xe0\xb8\xb5] "
                 "\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8\xa7[\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8\xa7] "
                 "\xe0\xb9\x82\xe0\xb8\xa5\xe0\xb8\x81[\xe0\xb9\x82\xe0\xb8\xa5\xe0\xb8\x81]");
  /* Japanese: "Tokyo" and katakana "camera", half-width in the original. */
  assert_tokens ("\xe6\x9d\xb1\xe4\xba\xac \xef\xbd\xb6\xef\xbe\x92\xef\xbe\x97", NULL,
                 "\xe6\x9d\xb1\xe4\xba\xac[\xe6\x9d\xb1\xe4\xba\xac] "
                 "\xe3\x82\xab\xe3\x83\xa1\xe3\x83\xa9[\xef\xbd\xb6\xef\xbe\x92\xef\xbe\x97]");
}

static void
test_tokens_offsets (void)
{
  /* Emoji (beyond the basic plane, joined by ZWJ) are no words and do not move what follows. */
  assert_tokens ("red \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80 Rocket \xf0\x9f\x9a\x80", NULL, "red[red] rocket[Rocket]");
  assert_tokens ("<p>Red&nbsp;<b>Shoe</b>s</p><p>caf&eacute; &#x4e2d;&#x56fd; end</p>", NULL,
                 "red[Red] shoes[Shoe</b>s] caf\xc3\xa9[caf&eacute;] "
                 "\xe4\xb8\xad\xe5\x9b\xbd[&#x4e2d;&#x56fd;] end[end]");
  assert_tokens ("First<br>se<b>co</b>nd &amp; third", NULL, "first[First] second[se<b>co</b>nd] third[third]");
  assert_tokens ("Cafe\xcc\x81 Stra\xc3\x9f" "e Tail", NULL,
                 "caf\xc3\xa9[Cafe\xcc\x81] strasse[Stra\xc3\x9f" "e] tail[Tail]");
}

/* Longer than any buffer of the HTML parser: every word keeps its place. */
static void
test_tokens_long_html (void)
{
  g_autoptr(GString) text = g_string_new ("<div>");
  g_autoptr(RfTokenizer) tokenizer = rf_tokenizer_new (NULL, NULL);
  g_autoptr(RfTokenList) list = rf_token_list_new ();

  for (int i = 0; i < 5000; i++)
    g_string_append_printf (text, "w\xc3\xb6rd%d%s ", i, i % 7 == 0 ? " &amp;<br>" : "");
  g_string_append (text, "</div>");
  rf_tokenizer_run (tokenizer, text->str, list);
  g_assert_cmpuint (list->tokens->len, ==, 5000);
  for (guint t = 0; t < list->tokens->len; t++)
    {
      const RfToken *token = rf_token_list_get (list, t);
      g_autofree char *word = g_strdup_printf ("w\xc3\xb6rd%u", t);
      g_autofree char *original = g_strndup (text->str + token->begin, token->end - token->begin);

      g_assert_cmpstr (rf_token_list_get_word (list, t), ==, word);
      g_assert_cmpstr (original, ==, word);
    }
}

/* Whatever the bytes: offsets stay inside, grow, and stand between characters. */
static void
test_noise (void)
{
  static const char *const pieces[] = { "<", ">", "</", "<p", "<b>", "<!--", "-->", "&", "&amp;", "&#", "&#x1F600;", ";", "<script>", "</script>", "<![CDATA[", "]]>",
                                        "\"", "'", "=", " ", "\n", "\r\n", "word", "Stra\xc3\x9f" "e", "e\xcc\x81", "\xe4\xb8\xad\xe6\x96\x87", "\xf0\x9f\x91\xa9\xe2\x80\x8d",
                                        "\xe0\xb8\xaa\xe0\xb8\xa7", "\xff", "\xc3", "\xe2\x80\xae", "1.5", "<br/>", "<td>", "<?php", "<!DOCTYPE html>", "<meta charset=gbk>" };
  g_autoptr(RfTokenizer) tokenizer = rf_tokenizer_new (NULL, NULL);
  g_autoptr(RfTokenList) list = rf_token_list_new ();
  RfRng rng = rf_rng_new (77, 0);

  for (int trial = 0; trial < 4000; trial++)
    {
      g_autoptr(GString) text = g_string_new (NULL);
      guint32 before = 0;

      for (guint32 n = rf_rng_below (&rng, 30); n > 0; n--)
        g_string_append (text, pieces[rf_rng_below (&rng, G_N_ELEMENTS (pieces))]);
      rf_tokenizer_run (tokenizer, text->str, list);
      for (guint t = 0; t < list->tokens->len; t++)
        {
          const RfToken *token = rf_token_list_get (list, t);

          g_assert_cmpuint (token->begin, >=, before);
          g_assert_cmpuint (token->end, >, token->begin);
          g_assert_cmpuint (token->end, <=, text->len);
          g_assert_cmpint (text->str[token->begin] & 0xc0, !=, 0x80);
          before = token->begin;
          g_assert_true (g_utf8_validate (rf_token_list_get_word (list, t), -1, NULL));
        }
    }
}

static void
test_stop_words (void)
{
  gsize n;
  const char *const *words = rf_stop_words_get_all (&n);

  g_assert_cmpuint (n, >, 200);
  for (gsize w = 1; w < n; w++)
    g_assert_cmpint (strcmp (words[w - 1], words[w]), <, 0);
  g_assert_true (rf_is_stop_word ("the"));
  g_assert_true (rf_is_stop_word ("isn't"));
  g_assert_true (rf_is_stop_word ("\xe7\x9a\x84"));
  g_assert_false (rf_is_stop_word ("film"));
  g_assert_false (rf_is_stop_word (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text-clean/is-html", test_is_html);
  g_test_add_func ("/text-clean/plain", test_clean_plain);
  g_test_add_func ("/text-clean/html", test_clean_html);
  g_test_add_func ("/text-tokens/basic", test_tokens_basic);
  g_test_add_func ("/text-tokens/long", test_tokens_long);
  g_test_add_func ("/text-tokens/scripts", test_tokens_scripts);
  g_test_add_func ("/text-tokens/offsets", test_tokens_offsets);
  g_test_add_func ("/text-tokens/long-html", test_tokens_long_html);
  g_test_add_func ("/text-tokens/noise", test_noise);
  g_test_add_func ("/text-tokens/stop-words", test_stop_words);
  return g_test_run ();
}
