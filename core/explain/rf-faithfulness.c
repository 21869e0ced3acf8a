/* rf-faithfulness.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-faithfulness.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/eval/rf-evaluate.h"
#include "core/explain/rf-scramble.h"

#define COLLAPSE 0.95

typedef struct
{
  const RfModel *model;
  RfFaithfulness *out;
  float (*previous)[RF_MAX_MODALITIES]; /* the user before, place by place: the shuffled control */
  gboolean has_previous;
  RfModel *random[RF_SANITY_DRAWS]; /* NULL: no attention */
  guint32 random_known;             /* draws of users whose driver is known */
} Meter;

static guint
argmax (const double *x, guint n, guint mask)
{
  guint best = G_MAXUINT;

  for (guint m = 0; m < n; m++)
    if (mask & 1u << m && (best == G_MAXUINT || x[m] > x[best]))
      best = m;
  return best;
}

/* Kendall's tau-a over the modalities in mask; ties count as neither. */
static double
kendall (const double *x, const double *y, guint n, guint mask)
{
  int agree = 0, pairs = 0;

  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      if (mask & 1u << a && mask & 1u << b)
        {
          double product = (x[a] - x[b]) * (y[a] - y[b]);

          agree += product > 0 ? 1 : product < 0 ? -1 : 0;
          pairs++;
        }
  return pairs ? (double) agree / pairs : 0;
}

/* Score lost with r modalities gone: by attention, by chance (mean over all choices of r), by the worst choice of r. */
static void
add_deletions (Meter *meter, const double *attention, const double *values, guint mask)
{
  guint n = meter->model->n_modalities, left = mask;
  RfFaithfulness *out = meter->out;

  for (guint r = 1; r < (guint) __builtin_popcount (mask); r++)
    {
      double sum = 0, worst = -INFINITY;
      guint choices = 0;

      left &= ~(1u << argmax (attention, n, left));
      out->deletion_attention[r] += values[mask] - values[left];
      for (guint t = mask;; t = (t - 1) & mask)
        {
          if ((guint) __builtin_popcount (mask) - (guint) __builtin_popcount (t) == r)
            {
              sum += values[mask] - values[t];
              worst = MAX (worst, values[mask] - values[t]);
              choices++;
            }
          if (t == 0)
            break;
        }
      out->deletion_random[r] += sum / choices;
      out->deletion_worst[r] += worst;
    }
}

static void
add_pair (Meter *meter, const RfScores *scores, const double *means, guint32 item, guint place, double *user_attention, double *user_phi)
{
  guint n = meter->model->n_modalities, mask = 0, phi_top;
  double values[1 << RF_MAX_MODALITIES], phi[RF_MAX_MODALITIES], attention[RF_MAX_MODALITIES], previous[RF_MAX_MODALITIES], entropy = 0;
  float a[RF_MAX_MODALITIES];

  rf_model_get_attention (meter->model, scores, 0, item, a);
  rf_coalition_advantages (meter->model, scores, 0, item, meter->out->removal, means, values);
  rf_shapley_values (n, values, phi);
  for (guint m = 0; m < n; m++)
    {
      attention[m] = (double) a[m];
      previous[m] = (double) meter->previous[place][m];
      meter->previous[place][m] = a[m];
      meter->out->share[m] += attention[m];
      user_attention[m] += attention[m];
      user_phi[m] += phi[m];
      if (a[m] > 0)
        {
          mask |= 1u << m;
          entropy -= attention[m] * log (attention[m]);
        }
    }
  if (__builtin_popcount (mask) < 2)
    return;
  phi_top = argmax (phi, n, mask);
  meter->out->pairs++;
  meter->out->top1 += argmax (attention, n, mask) == phi_top;
  meter->out->shuffled_top1 += meter->has_previous && argmax (previous, n, mask) == phi_top;
  meter->out->kendall += kendall (attention, phi, n, mask);
  meter->out->entropy += entropy / log (__builtin_popcount (mask));
  add_deletions (meter, attention, values, mask);
}

/* One list again, under random weights: scores are of the trained model. */
static void
add_random (Meter *meter, const RfModel *random, RfScores *again, const RfScores *scores, const double *means, const RfCsr *history, guint32 user,
            const guint32 *list, guint k, int truth)
{
  guint n = meter->model->n_modalities, everyone = (1u << n) - 1;
  double sum[RF_MAX_MODALITIES] = { 0 };

  rf_model_score (random, history, user, 1, user, NULL, again);
  for (guint j = 0; j < k && list[j] != G_MAXUINT32; j++)
    {
      double values[1 << RF_MAX_MODALITIES], phi[RF_MAX_MODALITIES], trained[RF_MAX_MODALITIES], drawn[RF_MAX_MODALITIES];
      float a[RF_MAX_MODALITIES], b[RF_MAX_MODALITIES];
      guint mask = 0;

      rf_model_get_attention (meter->model, scores, 0, list[j], a);
      rf_model_get_attention (random, again, 0, list[j], b);
      rf_coalition_advantages (meter->model, scores, 0, list[j], meter->out->removal, means, values);
      rf_shapley_values (n, values, phi);
      for (guint m = 0; m < n; m++)
        {
          trained[m] = (double) a[m];
          drawn[m] = (double) b[m];
          sum[m] += drawn[m];
          mask |= a[m] > 0 ? 1u << m : 0;
        }
      if (__builtin_popcount (mask) < 2)
        continue;
      meter->out->random_pairs++;
      meter->out->random_top1 += argmax (drawn, n, mask) == argmax (phi, n, mask);
      meter->out->random_same += argmax (drawn, n, mask) == argmax (trained, n, mask);
    }
  if (truth < 0)
    return;
  meter->random_known++;
  meter->out->random_truth += argmax (sum, n, everyone) == (guint) truth;
}

static void
add_user (Meter *meter, const RfScores *scores, const double *means, guint32 user, guint k, const guint32 *list, int truth)
{
  double attention[RF_MAX_MODALITIES] = { 0 }, phi[RF_MAX_MODALITIES] = { 0 };
  guint n = meter->model->n_modalities;

  for (guint j = 0; j < k && list[j] != G_MAXUINT32; j++)
    add_pair (meter, scores, means, list[j], j, attention, phi);
  meter->has_previous = TRUE;
  meter->out->users++;
  if (truth >= 0)
    {
      meter->out->truth_users++;
      meter->out->truth_attention += argmax (attention, n, (1u << n) - 1) == (guint) truth;
      meter->out->truth_shapley += argmax (phi, n, (1u << n) - 1) == (guint) truth;
    }
}

static void
finish (RfFaithfulness *out, guint n, guint k)
{
  double pairs = (double) MAX (out->pairs, 1), known = MAX (out->truth_users, 1), total = 0;

  out->top1 /= pairs;
  out->shuffled_top1 /= pairs;
  out->kendall /= pairs;
  out->entropy /= pairs;
  for (guint m = 0; m < n; m++)
    {
      out->deletion_attention[m] /= pairs;
      out->deletion_random[m] /= pairs;
      out->deletion_worst[m] /= pairs;
      total += out->share[m];
    }
  for (guint m = 0; m < n; m++)
    {
      out->share[m] = total > 0 ? out->share[m] / total : 0;
      out->collapsed |= n > 1 && out->share[m] > COLLAPSE;
    }
  out->random_top1 /= (double) MAX (out->random_pairs, 1);
  out->random_same /= (double) MAX (out->random_pairs, 1);
  out->truth_attention /= known;
  out->truth_shapley /= known;
}

gboolean
rf_faithfulness_measure (const RfModel *model, const RfCsr *history, guint k, guint32 max_users, RfRemoval removal, const int *truth,
                         RfFaithfulness *result, RfProgress *progress, GError **error)
{
  g_autoptr(RfScores) scores = rf_scores_new (model, 1), again = rf_scores_new (model, 1);
  g_autofree guint32 *list = g_new (guint32, k + 1);
  double means[1 << RF_MAX_MODALITIES];
  Meter meter = { .model = model, .out = result, .previous = g_malloc0_n (k + 1, sizeof *meter.previous) };
  gboolean ok = TRUE;

  memset (result, 0, sizeof *result);
  result->removal = removal;
  for (guint d = 0; d < RF_SANITY_DRAWS; d++)
    meter.random[d] = rf_model_new_random_attention (model, d + 1);
  for (guint32 u = 0; u < history->rows && result->users < max_users && ok; u++)
    {
      if (rf_csr_row_length (history, u) == 0)
        continue;
      ok = rf_progress_step (progress, _("Measuring faithfulness"), (double) u / history->rows, error);
      rf_model_score (model, history, u, 1, u, NULL, scores);
      rf_top_of_scores (scores->score, scores->n_items, rf_csr_row (history, u), rf_csr_row_length (history, u), k, list);
      rf_coalition_means (model, scores, 0, removal, rf_csr_row (history, u), rf_csr_row_length (history, u), means);
      add_user (&meter, scores, means, u, k, list, truth ? truth[u] : -1);
      for (guint d = 0; d < RF_SANITY_DRAWS && meter.random[d] && result->users <= RF_SANITY_USERS; d++)
        add_random (&meter, meter.random[d], again, scores, means, history, u, list, k, truth ? truth[u] : -1);
    }
  finish (result, model->n_modalities, k);
  result->random_truth /= MAX (meter.random_known, 1);
  for (guint d = 0; d < RF_SANITY_DRAWS; d++)
    rf_model_unref (meter.random[d]);
  g_free (meter.previous);
  return ok;
}

char *
rf_faithfulness_to_sentence (const RfFaithfulness *self, guint k)
{
  if (self->pairs == 0)
    return g_strdup (_("No recommendation draws on two modalities, so there is nothing to compare."));
  return g_strdup_printf (_("Attention points at what really drives the recommendation in %.0f %% of the top %u; another user's attention would in %.0f %%."),
                          100 * self->top1, k, 100 * self->shuffled_top1);
}
