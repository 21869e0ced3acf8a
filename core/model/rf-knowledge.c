/* rf-knowledge.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/model/rf-knowledge.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"
#include "core/base/rf-types.h"

#define METHOD     "transe-1"
#define DRAWS      8     /* of a wrong fact, until it is one */
#define TELL_EVERY 65536 /* facts */

RfKnowledgeOptions
rf_knowledge_options_default (void)
{
  return (RfKnowledgeOptions) { .dim = 64, .epochs = 40, .margin = 1, .rate = 0.05, .seed = 1 };
}

char *
rf_knowledge_get_key (const RfKnowledgeOptions *options, const char *columns, guint min_count)
{
  char margin[G_ASCII_DTOSTR_BUF_SIZE], rate[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf (METHOD "/%u/%u/%s/%s/%" G_GUINT64_FORMAT "/%s/%u", options->dim, options->epochs, g_ascii_dtostr (margin, sizeof margin, options->margin),
                          g_ascii_dtostr (rate, sizeof rate, options->rate), options->seed, columns, min_count);
}

/* ---- the fit ---- */

typedef struct
{
  const RfFacts *facts;
  RfCsr *heads, *tails; /* relation -> nodes */
  gsize dim;
  float margin, rate;
  RfMatrix *nodes, *relations;
  float *right, *wrong; /* dim each: h + r - t over its length */
} Fit;

static RfCsr *
nodes_of_relations (const RfFacts *facts, const guint32 *node)
{
  return rf_csr_new_from_pairs (MAX (facts->relations->len, 1), facts->n_nodes, facts->n, facts->relation, node, NULL);
}

static void
normalise (float *x, gsize n)
{
  float sum = 0;

  for (gsize j = 0; j < n; j++)
    sum += x[j] * x[j];
  sum = sum > 0 ? 1 / sqrtf (sum) : 0;
  for (gsize j = 0; j < n; j++)
    x[j] *= sum;
}

RF_VECTORIZE static void
step (gsize n, float *restrict x, const float *restrict slope, float by)
{
  for (gsize j = 0; j < n; j++)
    x[j] += by * slope[j];
}

/* Items start where their facts put them, at the mean of t - r: a random start would be a name of its own for each item, from which a
 * ranking can learn who chose it, and nothing of what is known about it. */
static void
place_items (Fit *fit)
{
  const RfFacts *facts = fit->facts;

  for (guint32 i = 0; i < facts->n_items; i++)
    {
      float *x = rf_matrix_row (fit->nodes, i);

      for (gsize f = facts->ptr[i]; f < facts->ptr[i + 1]; f++)
        {
          step (fit->dim, x, rf_matrix_row (fit->nodes, facts->tail[f]), 1);
          step (fit->dim, x, rf_matrix_row (fit->relations, facts->relation[f]), -1);
        }
      normalise (x, fit->dim);
    }
}

static void
draw_start (Fit *fit, guint64 seed)
{
  const RfFacts *facts = fit->facts;
  g_autofree guint8 *has_fact = g_new0 (guint8, (gsize) facts->n_nodes + 1);

  for (gsize f = 0; f < facts->n; f++)
    has_fact[facts->head[f]] = has_fact[facts->tail[f]] = 1;
  for (guint32 i = facts->n_items; i < facts->n_nodes; i++)
    {
      RfRng rng = rf_rng_new (seed, rf_hash_mix (1, i));
      float *x = rf_matrix_row (fit->nodes, i);

      for (gsize j = 0; has_fact[i] && j < fit->dim; j++)
        x[j] = (float) rf_rng_normal (&rng);
      normalise (x, fit->dim);
    }
  for (guint r = 0; r < facts->relations->len; r++)
    {
      RfRng rng = rf_rng_new (seed, rf_hash_mix (2, r));
      float *x = rf_matrix_row (fit->relations, r);

      for (gsize j = 0; j < fit->dim; j++)
        x[j] = (float) (rf_rng_normal (&rng) / sqrt ((double) fit->dim));
    }
  place_items (fit);
}

/* |h + r - t|, and its gradient in h. */
RF_VECTORIZE static float
distance (gsize n, const float *restrict h, const float *restrict r, const float *restrict t, float *restrict slope)
{
  float sum = 0, scale;

  for (gsize j = 0; j < n; j++)
    slope[j] = h[j] + r[j] - t[j];
  for (gsize j = 0; j < n; j++)
    sum += slope[j] * slope[j];
  sum = sqrtf (sum);
  scale = sum > 0 ? 1 / sum : 0;
  for (gsize j = 0; j < n; j++)
    slope[j] *= scale;
  return sum;
}

static gboolean
is_fact (const RfFacts *facts, guint32 head, guint32 relation, guint32 tail)
{
  gsize low = facts->ptr[head], high = facts->ptr[head + 1];

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (facts->relation[middle] < relation || (facts->relation[middle] == relation && facts->tail[middle] < tail))
        low = middle + 1;
      else
        high = middle;
    }
  return low < facts->ptr[head + 1] && facts->relation[low] == relation && facts->tail[low] == tail;
}

static guint32
draw (const RfCsr *nodes, guint32 relation, RfRng *rng)
{
  return rf_csr_row (nodes, relation)[rf_rng_below (rng, (guint32) rf_csr_row_length (nodes, relation))];
}

/* Another head or another tail for the fact; FALSE when a few draws gave nothing but facts. */
static gboolean
draw_wrong (const Fit *fit, guint32 relation, guint32 *head, guint32 *tail, RfRng *rng)
{
  gboolean other_head = rf_rng_u32 (rng) & 1;

  for (guint k = 0; k < DRAWS; k++)
    {
      guint32 h = other_head ? draw (fit->heads, relation, rng) : *head, t = other_head ? *tail : draw (fit->tails, relation, rng);

      if (!is_fact (fit->facts, h, relation, t))
        {
          *head = h;
          *tail = t;
          return TRUE;
        }
    }
  return FALSE;
}

/* One fact against a wrong one. Returns its loss. */
static float
learn (Fit *fit, gsize fact, RfRng *rng)
{
  const RfFacts *facts = fit->facts;
  guint32 head = facts->head[fact], relation = facts->relation[fact], tail = facts->tail[fact], wrong_head = head, wrong_tail = tail;
  float *r = rf_matrix_row (fit->relations, relation), *h = rf_matrix_row (fit->nodes, head), *t = rf_matrix_row (fit->nodes, tail), loss, *h2, *t2;

  if (!draw_wrong (fit, relation, &wrong_head, &wrong_tail, rng))
    return 0;
  h2 = rf_matrix_row (fit->nodes, wrong_head);
  t2 = rf_matrix_row (fit->nodes, wrong_tail);
  loss = fit->margin + distance (fit->dim, h, r, t, fit->right) - distance (fit->dim, h2, r, t2, fit->wrong);
  if (loss <= 0)
    return 0;
  step (fit->dim, h, fit->right, -fit->rate);
  step (fit->dim, t, fit->right, fit->rate);
  step (fit->dim, r, fit->right, -fit->rate);
  step (fit->dim, h2, fit->wrong, fit->rate);
  step (fit->dim, t2, fit->wrong, -fit->rate);
  step (fit->dim, r, fit->wrong, fit->rate);
  normalise (h, fit->dim);
  normalise (t, fit->dim);
  normalise (wrong_head != head ? h2 : t2, fit->dim);
  return loss;
}

static gboolean
run_epochs (Fit *fit, RfKnowledge *self, const RfKnowledgeOptions *options, RfProgress *progress, GError **error)
{
  gsize n = fit->facts->n, done = 0;
  g_autofree guint32 *order = g_new (guint32, n + 1);

  for (gsize f = 0; f < n; f++)
    order[f] = (guint32) f;
  for (guint e = 0; e < options->epochs; e++)
    {
      RfRng rng = rf_rng_new (options->seed, rf_hash_mix (3, e));
      double sum = 0;

      rf_rng_shuffle_u32 (&rng, order, n);
      fit->rate = (float) (options->rate * (1 - 0.9 * e / MAX (options->epochs - 1, 1)));
      for (gsize f = 0; f < n; f++)
        {
          if (done++ % TELL_EVERY == 0 && !rf_progress_step (progress, _("Learning from facts"), (double) done / (double) (n * options->epochs), error))
            return FALSE;
          sum += (double) learn (fit, order[f], &rng);
        }
      self->last_loss = n > 0 ? sum / (double) n : 0;
      if (e == 0)
        self->first_loss = self->last_loss;
    }
  return TRUE;
}

RfKnowledge *
rf_knowledge_fit (const RfFacts *facts, const RfKnowledgeOptions *options, RfProgress *progress, GError **error)
{
  g_autoptr(RfKnowledge) self = g_new0 (RfKnowledge, 1);
  g_autoptr(RfCsr) heads = nodes_of_relations (facts, facts->head), tails = nodes_of_relations (facts, facts->tail);
  g_autofree float *right = g_new (float, options->dim), *wrong = g_new (float, options->dim);
  Fit fit = { .facts = facts, .heads = heads, .tails = tails, .dim = options->dim, .margin = (float) options->margin, .right = right, .wrong = wrong };

  RF_CHECK (facts->n < G_MAXUINT32, "%zu facts", facts->n);
  fit.nodes = self->nodes = rf_matrix_new (facts->n_nodes, options->dim);
  fit.relations = self->relations = rf_matrix_new (facts->relations->len, options->dim);
  draw_start (&fit, options->seed);
  return run_epochs (&fit, self, options, progress, error) ? g_steal_pointer (&self) : NULL;
}

void
rf_knowledge_free (RfKnowledge *self)
{
  if (self == NULL)
    return;
  rf_matrix_free (self->nodes);
  rf_matrix_free (self->relations);
  g_free (self);
}

RfFeatures *
rf_knowledge_features (const RfKnowledge *self, const RfFacts *facts, const char *key)
{
  gsize d = self->nodes->cols;
  RfMatrix *x = rf_matrix_new (facts->n_items, 2 * d);
  guint8 *available = g_new0 (guint8, (gsize) facts->n_items + 1);
  g_autofree guint32 *count = g_new0 (guint32, (gsize) facts->n_nodes + 1);

  for (gsize f = 0; f < facts->n; f++)
    count[facts->tail[f]]++;
  for (guint32 i = 0; i < facts->n_items; i++)
    {
      float *to = rf_matrix_row (x, i);

      if (facts->ptr[i] == facts->ptr[i + 1])
        continue;
      available[i] = 1;
      memcpy (to, rf_matrix_row (self->nodes, i), d * sizeof *to);
      for (gsize f = facts->ptr[i]; f < facts->ptr[i + 1]; f++)
        step (d, to + d, rf_matrix_row (self->nodes, facts->tail[f]), 1 / sqrtf ((float) count[facts->tail[f]]));
      normalise (to + d, d);
    }
  return rf_features_new ("knowledge", key, x, available);
}
