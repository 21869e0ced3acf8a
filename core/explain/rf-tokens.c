/* rf-tokens.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/explain/rf-tokens.h"

#include <math.h>
#include <string.h>

static RfTokens *
tokens_new (double contribution)
{
  RfTokens *self = g_new0 (RfTokens, 1);

  self->tokens = g_array_new (FALSE, TRUE, sizeof (RfTokenShare));
  self->contribution = contribution;
  self->constant = NAN;
  return self;
}

void
rf_tokens_free (RfTokens *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tokens);
  g_free (self);
}

/* The text with the bytes of one token turned into spaces: its neighbours must not grow together. */
static char *
strike (const char *text, guint32 begin, guint32 end)
{
  char *struck = g_strdup (text);

  memset (struck + begin, ' ', end - begin);
  return struck;
}

/* The contribution of a text through the fitted model. */
typedef struct
{
  RfTextModel *model;
  const RfTaste *taste;
  float *x;
} LinearText;

static double
linear_score (const char *text, const void *data)
{
  const LinearText *linear = data;

  rf_text_model_transform (linear->model, text, linear->x);
  return rf_taste_value (linear->taste, linear->x);
}

RfTokens *
rf_tokens_explain (RfTextModel *model, const RfTaste *taste, const char *text)
{
  g_autoptr(GArray) shares = rf_text_model_explain (model, text);
  g_autofree float *x = g_new0 (float, rf_text_model_get_dims (model) + 1);
  LinearText linear = { model, taste, x };
  RfTokens *self = tokens_new (linear_score (text, &linear));
  double sum = 0;

  for (guint t = 0; t < shares->len; t++)
    {
      const RfTextShare *from = &g_array_index (shares, RfTextShare, t);
      RfTokenShare to = { from->begin, from->end, from->word, 0, 0 };

      if (from->word != RF_NO_WORD)
        {
          const float *direction = rf_text_model_get_direction (model, from->word);
          g_autofree char *struck = strike (text, from->begin, from->end);
          double dot = 0;

          for (guint32 d = 0; d < taste->dims; d++)
            dot += (double) direction[d] * (double) taste->g[d];
          to.share = taste->scale * (double) from->weight * dot;
          to.without = self->contribution - linear_score (struck, &linear);
          sum += to.share;
        }
      g_array_append_val (self->tokens, to);
    }
  self->constant = self->contribution - sum;
  return self;
}

static double
get_share (const RfTokens *self, guint t)
{
  return g_array_index (self->tokens, RfTokenShare, t).share;
}

static gboolean
is_taken (const RfTokens *self, guint t, const guint *taken, guint n)
{
  const RfTokenShare *token = &g_array_index (self->tokens, RfTokenShare, t);

  for (guint i = 0; i < n; i++)
    if (taken[i] == t || (token->word != RF_NO_WORD && token->word == g_array_index (self->tokens, RfTokenShare, taken[i]).word))
      return TRUE;
  return FALSE;
}

guint
rf_tokens_top (const RfTokens *self, guint k, guint *out)
{
  guint n = 0;

  while (n < k)
    {
      guint best = G_MAXUINT;

      for (guint t = 0; t < self->tokens->len; t++)
        if (get_share (self, t) > 0 && (best == G_MAXUINT || get_share (self, t) > get_share (self, best)) && !is_taken (self, t, out, n))
          best = t;
      if (best == G_MAXUINT)
        break;
      out[n++] = best;
    }
  return n;
}
