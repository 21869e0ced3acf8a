/* rf-words.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/explain/rf-attribution.h"
#include "core/explain/rf-counterfactual.h"

#define LITTLE 0.1

const char *
rf_words_modality (const char *name)
{
  if (strcmp (name, "image") == 0)
    return _("its picture");
  if (strcmp (name, "text") == 0)
    return _("its text");
  if (strcmp (name, "behaviour") == 0)
    return _("what people with similar taste chose");
  return name;
}

typedef struct
{
  double part[RF_MAX_MODALITIES + 1]; /* contributions; the last one is popularity */
  double positive;
  guint n; /* modalities */
  guint top;
} Parts;

static Parts
find_parts (const RfModel *model, const RfScores *scores, guint32 item)
{
  Parts p = { .n = model->n_modalities };
  float attention[RF_MAX_MODALITIES];

  rf_model_get_attention (model, scores, 0, item, attention);
  for (guint m = 0; m < p.n; m++)
    p.part[m] = (double) (attention[m] * scores->z[m][item]);
  p.part[p.n] = (double) rf_model_get_bias (model, scores, 0, item);
  for (guint m = 0; m <= p.n; m++)
    {
      p.positive += MAX (p.part[m], 0);
      if (p.part[m] > p.part[p.top])
        p.top = m;
    }
  return p;
}

/* The one or two past items that add most in modality m, as «A» or «A» and «B»; NULL if none adds anything. */
static char *
name_past_items (const RfModel *model, const RfCatalog *catalog, const RfScores *scores, guint m, const guint32 *history, gsize n_history,
                 guint32 item)
{
  g_autofree double *shares = g_new (double, n_history + 1);
  gsize best = G_MAXSIZE, second = G_MAXSIZE;

  rf_history_shares (model, scores, 0, m, history, n_history, item, shares);
  for (gsize j = 0; j < n_history; j++)
    {
      if (best == G_MAXSIZE || shares[j] > shares[best])
        {
          second = best;
          best = j;
        }
      else if (second == G_MAXSIZE || shares[j] > shares[second])
        {
          second = j;
        }
    }
  if (best == G_MAXSIZE || shares[best] <= 0)
    return NULL;
  if (second == G_MAXSIZE || shares[second] < shares[best] / 2)
    return g_strdup_printf (_("“%s”"), rf_catalog_get_item_label (catalog, history[best]));
  return g_strdup_printf (_("“%s” and “%s”"), rf_catalog_get_item_label (catalog, history[best]), rf_catalog_get_item_label (catalog, history[second]));
}

static void
say_driver (GString *text, const RfModel *model, const RfCatalog *catalog, const RfScores *scores, const Parts *p, const guint32 *history,
            gsize n_history, guint32 item)
{
  double share = 100 * p->part[p->top] / p->positive;
  const char *what = p->top == p->n ? _("its popularity") : rf_words_modality (model->names[p->top]);
  g_autofree char *past = NULL;

  if (share >= 50)
    g_string_append_printf (text, _("Mostly %s (%.0f %%)"), what, share);
  else
    g_string_append_printf (text, _("First of all %s (%.0f %%)"), what, share);
  if (p->top == p->n)
    return;
  past = name_past_items (model, catalog, scores, p->top, history, n_history, item);
  if (past && strcmp (model->names[p->top], "behaviour") == 0)
    g_string_append_printf (text, _(", who also chose %s"), past);
  else if (past)
    g_string_append_printf (text, _(", which is like %s"), past);
}

static void
say_others (GString *text, const RfModel *model, const Parts *p)
{
  for (guint m = 0; m < p->n; m++)
    {
      const char *what = rf_words_modality (model->names[m]);
      double share = p->part[m] / p->positive;

      if (m == p->top)
        continue;
      if (share >= LITTLE)
        g_string_append_printf (text, _("; then %s (%.0f %%)"), what, 100 * share);
      else if (share <= -LITTLE)
        g_string_append_printf (text, _("; %s speaks against it"), what);
      else if (p->part[m] != 0)
        g_string_append_printf (text, _("; %s adds little"), what);
    }
  if (p->top != p->n && p->part[p->n] / p->positive >= LITTLE)
    g_string_append_printf (text, _("; then its popularity (%.0f %%)"), 100 * p->part[p->n] / p->positive);
}

static void
say_without (GString *text, const RfModel *model, const Parts *p, const guint32 *history, gsize n_history, guint32 user, guint32 item, guint place)
{
  float weights[RF_MAX_MODALITIES];
  guint without;

  if (p->top == p->n || p->n < 2)
    return;
  for (guint m = 0; m < p->n; m++)
    weights[m] = m != p->top;
  without = rf_place_of_item (model, history, n_history, user, weights, item);
  if (without == place)
    g_string_append_printf (text, _(" Without %s it would stand at %u all the same."), rf_words_modality (model->names[p->top]), place);
  else
    g_string_append_printf (text, _(" Without %s it would stand at %u instead of %u."), rf_words_modality (model->names[p->top]), without, place);
}

char *
rf_words_explain (const RfModel *model, const RfCatalog *catalog, const RfScores *scores, const guint32 *history, gsize n_history,
                  guint32 user, guint32 item, guint place)
{
  Parts p = find_parts (model, scores, item);
  GString *text = g_string_new (NULL);

  if (p.positive <= 0)
    {
      g_string_append (text, _("Nothing speaks for this item: it stands here because everything else speaks even less."));
      return g_string_free (text, FALSE);
    }
  say_driver (text, model, catalog, scores, &p, history, n_history, item);
  say_others (text, model, &p);
  g_string_append (text, _("."));
  say_without (text, model, &p, history, n_history, user, item, place);
  return g_string_free (text, FALSE);
}
