/* rf-sample-text.c: titles and descriptions of the sample's items.
 *
 * A description is four sentences of seven words each, little joining words not counted: three sentences with three common
 * and four topical words, one with two and five: 28 words, 11 of them common (39 %).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/catalog/rf-sample-private.h"

/* %T theme, %M material, %S style: words of the item's own vocabularies; %a %n %v %i: common adjective, noun, verb
 * with and without an object. */
static const char *const plain_sentences[] = {
  "The %a %T and its %M %n: it %v a %S %T.",
  "A %S %n of %M and %M, it %v the %a %T.",
  "%S and %S, this %T %v a %a %n in %M.",
  "With %a %M on the %T, it %v a %S %n for a %T.",
  "This %T %v the %S %M and is the %n of a %a %T.",
  "For a %a %n: %S %M with %M, and a %T that %i.",
};
static const char *const rich_sentences[] = {
  "A %S %M %T with a %a %n and a %S %T.",
  "The %M %T %v a %S %n in %M for the %T.",
  "%S %T or %S %M: a %a %n for the %T.",
  "Its %n of %M and %M %v the %S %T and %T.",
};
static const char *const titles[] = {
  "%S %M %T",
  "%M %T",
  "%S %T in %M",
  "%S %T",
  "%S %M %T and %T",
  "%M and %M %T",
};

#define N_SENTENCES 4
#define MAX_WORDS   16 /* of a sentence */

typedef struct
{
  RfRng rng;
  const SampleItem *item;
  GString *text;
  GString *topical; /* words of the item's vocabularies, or NULL where nobody asks */
  const char *used[MAX_WORDS]; /* in this sentence: none is said twice */
  guint n_used;
} Writer;

/* Zipf: the word of rank r (from 1) comes with probability proportional to 1 / r. */
static guint
draw_rank (RfRng *rng, guint n)
{
  double total = 0, at;

  for (guint r = 1; r <= n; r++)
    total += 1.0 / r;
  at = rf_rng_uniform (rng) * total;
  for (guint r = 1; r < n; r++)
    if ((at -= 1.0 / r) < 0)
      return r - 1;
  return n - 1;
}

static gboolean
is_used (const Writer *self, const char *word)
{
  for (guint i = 0; i < self->n_used; i++)
    if (strcmp (self->used[i], word) == 0)
      return TRUE;
  return FALSE;
}

static const char *
draw_word (Writer *self, char slot)
{
  const char *attribute = strchr ("TMS", slot), *word;
  const char *const *words;
  guint n;

  if (attribute != NULL)
    {
      guint a = (guint) (attribute - "TMS");

      words = sample_get_vocabulary (a, self->item->value[SAMPLE_TEXT][a], &n);
    }
  else
    words = sample_get_common_words (slot, &n);
  do
    word = words[attribute != NULL ? draw_rank (&self->rng, n) : rf_rng_below (&self->rng, n)];
  while (is_used (self, word));
  self->used[self->n_used++] = word;
  if (attribute != NULL && self->topical != NULL)
    g_string_append_printf (self->topical, "%s%s", self->topical->len > 0 ? " " : "", word);
  return word;
}

/* "a" before a vowel becomes "an": of letters, which is right for every word of our lists but "u" as in "useful". */
static void
mend_article (GString *text, const char *word)
{
  gsize n = text->len;

  if (n < 2 || text->str[n - 1] != ' ' || g_ascii_tolower (text->str[n - 2]) != 'a' || (n > 2 && text->str[n - 3] != ' '))
    return;
  if (strchr ("aeio", word[0]) != NULL || (word[0] == 'u' && word[1] != 'k' && word[1] != 's'))
    g_string_insert (text, (gssize) n - 1, "n");
}

static void
write_sentence (Writer *self, const char *pattern)
{
  gsize start = self->text->len;

  self->n_used = 0;
  for (const char *at = pattern; *at != '\0'; at++)
    if (*at == '%')
      {
        const char *word = draw_word (self, *++at);

        mend_article (self->text, word);
        g_string_append (self->text, word);
      }
    else
      g_string_append_c (self->text, *at);
  self->text->str[start] = g_ascii_toupper (self->text->str[start]);
}

static char *
write_description (Writer *self)
{
  guint rich = rf_rng_below (&self->rng, N_SENTENCES);

  self->text = g_string_new (NULL);
  for (guint s = 0; s < N_SENTENCES; s++)
    {
      if (s > 0)
        g_string_append_c (self->text, ' ');
      if (s == rich)
        write_sentence (self, rich_sentences[rf_rng_below (&self->rng, G_N_ELEMENTS (rich_sentences))]);
      else
        write_sentence (self, plain_sentences[rf_rng_below (&self->rng, G_N_ELEMENTS (plain_sentences))]);
    }
  return g_string_free (self->text, FALSE);
}

/* A title that no other item has: words are drawn again some times, then numbered like an edition. */
static char *
write_title (Writer *self, GHashTable *taken)
{
  char *title = NULL;

  for (guint try = 0; try < 40; try++)
    {
      g_free (title);
      self->text = g_string_new (NULL);
      write_sentence (self, titles[rf_rng_below (&self->rng, G_N_ELEMENTS (titles))]);
      title = g_string_free (self->text, FALSE);
      if (g_hash_table_add (taken, g_strdup (title)))
        return title;
    }
  for (guint edition = 2;; edition++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s No. %u", title, edition);

      if (g_hash_table_add (taken, g_strdup (numbered)))
        {
          g_free (title);
          return g_steal_pointer (&numbered);
        }
    }
}

void
sample_write_text (guint64 seed, guint32 index, SampleItem *item, GHashTable *taken)
{
  g_autoptr(GString) topical = g_string_new (NULL);
  Writer writer = { .rng = sample_rng (seed, SAMPLE_STREAM_TEXT, index), .item = item, .topical = topical };

  item->description = write_description (&writer);
  item->words = g_strdup (topical->str);
  writer.topical = NULL;
  item->title = write_title (&writer, taken);
}
