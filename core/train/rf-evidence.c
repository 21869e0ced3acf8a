/* rf-evidence.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-evidence.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/train/rf-evidence-data.h"

#define SINGLE_LOGIT 20.0f /* exp (-20): the others get no share worth naming */
#define POPULAR_PI   30.0f /* popularity decides, everything else breaks its ties */
#define METRIC_EVERY 10    /* steps between two looks at the other half */
#define ROUNDS       5     /* of coordinate steps */
#define FIRST_STEP   0.4f
#define BOTH         2

/* One idea of an attention, worked out on each half: p[h] has seen half h only. */
typedef struct
{
  const char *name, *refined_name;
  float p[2][RF_EVIDENCE_MAX_PARAMETERS];
  guint step;   /* of the fit on half 0 */
  double score; /* mean NDCG@20 of p[h] on the half that it has not seen */
} Candidate;

typedef struct
{
  const RfEvidenceData *data;
  const RfEvidenceOptions *options;
  RfProgress *progress;
  RfEvidenceFunc func;
  void *func_data;
  gsize n; /* parameters */
} Fit;

/* Adam (Kingma and Ba 2015). A parameter with mask 0 stays where it is. */
static void
adam_step (gsize n, float *p, const double *gradient, const guint8 *mask, double *first, double *second, guint step, double rate)
{
  for (gsize i = 0; i < n; i++)
    {
      double corrected, scale;

      if (!mask[i])
        continue;
      first[i] = 0.9 * first[i] + 0.1 * gradient[i];
      second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
      corrected = first[i] / (1 - pow (0.9, step));
      scale = sqrt (second[i] / (1 - pow (0.999, step))) + 1e-8;
      p[i] -= (float) (rate * corrected / scale);
    }
}

/* Minimises the cross-entropy of one half over the unmasked parameters; keeps the step that was best on the other half. */
static gboolean
descend (const Fit *fit, int half, const guint8 *mask, gboolean show, float *best, guint *best_step, GError **error)
{
  double gradient[RF_EVIDENCE_MAX_PARAMETERS], first[RF_EVIDENCE_MAX_PARAMETERS] = { 0 }, second[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };
  float p[RF_EVIDENCE_MAX_PARAMETERS];
  double best_ndcg = -1;

  memcpy (p, best, sizeof p);
  for (guint step = 1; step <= fit->options->n_steps; step++)
    {
      double loss = rf_evidence_data_loss (fit->data, p, half, gradient), ndcg = NAN;

      if (!isfinite (loss))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_NUMERIC, _("The attention diverged at step %u; a smaller evidence.learning_rate helps."), step);
          return FALSE;
        }
      if (!rf_progress_step (fit->progress, _("Fitting the attention"), (double) step / fit->options->n_steps, error))
        return FALSE;
      adam_step (fit->n, p, gradient, mask, first, second, step, fit->options->learning_rate);
      if (step % METRIC_EVERY == 0 || step == fit->options->n_steps)
        {
          ndcg = rf_evidence_data_ndcg (fit->data, p, 1 - half);
          if (ndcg > best_ndcg)
            {
              best_ndcg = ndcg;
              *best_step = step;
              memcpy (best, p, sizeof p);
            }
        }
      if (show && fit->func)
        fit->func (step, fit->options->n_steps, loss, ndcg, fit->func_data);
    }
  return TRUE;
}

/* Coordinate steps on NDCG@20 of one half: each number up or down, the step halved when nothing helps. The temperature has no say
 * in an order. */
static gboolean
refine (const Fit *fit, int half, float *p, GError **error)
{
  double best = rf_evidence_data_ndcg (fit->data, p, half);
  float step = FIRST_STEP;

  for (guint round = 0; round < ROUNDS; round++)
    {
      gboolean better = FALSE;

      for (gsize i = 0; i + 1 < fit->n; i++)
        for (int sign = -1; sign <= 1; sign += 2)
          {
            float before = p[i];
            double ndcg;

            if (!rf_progress_step (fit->progress, _("Checking the attention"), (round + (double) i / (double) fit->n) / ROUNDS, error))
              return FALSE;
            p[i] = before + (float) sign * step;
            ndcg = rf_evidence_data_ndcg (fit->data, p, half);
            if (ndcg > best)
              {
                best = ndcg;
                better = TRUE;
              }
            else
              {
                p[i] = before;
              }
          }
      if (!better)
        step /= 2;
    }
  return TRUE;
}

/* The same order with theta of mean 0, so that two of them can be averaged. */
static void
centre_theta (guint m_count, float *p)
{
  float mean = 0;

  for (guint m = 0; m < m_count; m++)
    mean += p[m] / (float) m_count;
  for (guint m = 0; m < m_count; m++)
    p[m] -= mean;
}

static void
judge (const Fit *fit, Candidate *candidate)
{
  candidate->score = (rf_evidence_data_ndcg (fit->data, candidate->p[0], 1) + rf_evidence_data_ndcg (fit->data, candidate->p[1], 0)) / 2;
}

/* mask: which numbers are fitted; the others stay at their start: evidence is trusted a little, and that is all. */
static gboolean
fit_candidate (const Fit *fit, const guint8 *mask, gboolean show, Candidate *candidate, GError **error)
{
  guint m_count = fit->data->n_modalities, ignored;

  for (int half = 0; half < 2; half++)
    {
      for (guint m = 0; m < m_count; m++)
        candidate->p[half][m_count + m] = mask[m_count + m] ? 1 : 0;
      if (!descend (fit, half, mask, show && half == 0, candidate->p[half], half == 0 ? &candidate->step : &ignored, error))
        return FALSE;
    }
  judge (fit, candidate);
  return TRUE;
}

static gboolean
fit_constant (const Fit *fit, Candidate *constant, GError **error)
{
  guint8 mask[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };
  guint m_count = fit->data->n_modalities;

  memset (mask, 1, m_count);
  mask[3 * m_count] = mask[3 * m_count + 1] = 1;
  return fit_candidate (fit, mask, FALSE, constant, error);
}

/* The best single channel, as it is. */
static Candidate
best_single (const Fit *fit)
{
  Candidate best = { .score = -1 };

  for (guint m = 0; m < fit->data->n_modalities; m++)
    {
      Candidate candidate = { .name = "single" };

      candidate.p[0][m] = candidate.p[1][m] = SINGLE_LOGIT;
      judge (fit, &candidate);
      if (candidate.score > best.score)
        best = candidate;
    }
  return best;
}

static Candidate
popular (const Fit *fit)
{
  Candidate candidate = { .name = "popular" };

  candidate.p[0][3 * fit->data->n_modalities] = candidate.p[1][3 * fit->data->n_modalities] = POPULAR_PI;
  judge (fit, &candidate);
  return candidate;
}

static gboolean
guard (const Fit *fit, Candidate *best, const Candidate *single, GError **error)
{
  Candidate candidates[3] = { *best, { .name = "constant", .refined_name = "constant+" }, { .name = "equal", .refined_name = "equal+" } };
  Candidate by_popularity = popular (fit);

  if (!fit_constant (fit, &candidates[1], error))
    return FALSE;
  judge (fit, &candidates[2]);
  if (single->score > best->score)
    *best = *single;
  if (by_popularity.score > best->score)
    *best = by_popularity;
  for (gsize c = 0; c < G_N_ELEMENTS (candidates); c++)
    {
      Candidate refined = candidates[c];

      if (candidates[c].score > best->score)
        *best = candidates[c];
      if (!refine (fit, 0, refined.p[0], error) || !refine (fit, 1, refined.p[1], error))
        return FALSE;
      refined.name = refined.refined_name;
      judge (fit, &refined);
      if (refined.score > best->score)
        *best = refined;
    }
  return TRUE;
}

static void
average (const Fit *fit, Candidate *candidate, float *p)
{
  for (int half = 0; half < 2; half++)
    centre_theta (fit->data->n_modalities, candidate->p[half]);
  for (gsize i = 0; i < fit->n; i++)
    p[i] = (candidate->p[0][i] + candidate->p[1][i]) / 2;
}

static void
unpack (const RfEvidenceData *data, const float *p, RfAttention *attention)
{
  guint m_count = data->n_modalities;

  memset (attention, 0, sizeof *attention);
  for (guint m = 0; m < m_count; m++)
    {
      attention->theta[m] = p[m];
      attention->kappa[m] = p[m_count + m];
      attention->psi[m] = p[2 * m_count + m];
    }
  attention->pi = p[3 * m_count];
  attention->temperature = expf (p[3 * m_count + 1]);
}

gboolean
rf_evidence_fit (const RfModel *draft, const RfCsr *train, const RfCsr *valid, const RfEvidenceOptions *options,
                 RfEvidenceResult *result, RfProgress *progress, RfEvidenceFunc func, void *data, GError **error)
{
  g_autoptr(RfEvidenceData) evidence = rf_evidence_data_new (draft, train, valid, options->max_users, options->seed, progress, error);
  Fit fit = { evidence, options, progress, func, data, 3 * draft->n_modalities + 2 };
  Candidate best = { .name = "fitted", .refined_name = "fitted+" }, single;
  guint8 all[RF_EVIDENCE_MAX_PARAMETERS];
  float p[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };

  if (evidence == NULL)
    return FALSE;
  memset (all, 1, sizeof all);
  if (!fit_candidate (&fit, all, TRUE, &best, error))
    return FALSE;
  result->best_step = best.step;
  single = best_single (&fit);
  if (options->guard && !guard (&fit, &best, &single, error))
    return FALSE;
  average (&fit, &best, p);
  result->ndcg = rf_evidence_data_ndcg (evidence, p, BOTH);
  result->chosen = best.name;
  if (options->guard && rf_evidence_data_ndcg (evidence, single.p[0], BOTH) > result->ndcg)
    {
      memcpy (p, single.p[0], sizeof p);
      result->ndcg = rf_evidence_data_ndcg (evidence, p, BOTH);
      result->chosen = single.name;
    }
  unpack (evidence, p, &result->attention);
  result->n_users = evidence->n_users;
  return TRUE;
}

RfEvidenceWork
rf_evidence_count_work (guint n_modalities, const RfEvidenceOptions *options)
{
  guint n = 3 * n_modalities + 2, looks = (options->n_steps + METRIC_EVERY - 1) / METRIC_EVERY;
  /* The fit on either half and its judgement; each single channel; the result. */
  RfEvidenceWork work = { 2 * options->n_steps, 2 * looks + 2 + 2 * n_modalities + 1 };

  if (options->guard)
    {
      work.losses += 2 * options->n_steps; /* of constant attention */
      work.metrics += 2 * looks + 2;
      work.metrics += 2 + 2;                                          /* popularity, equal weights */
      work.metrics += 3 * (2 * (1 + ROUNDS * (n - 1) * 2) + 2) + 1; /* three refined and judged; the single one against the result */
    }
  return work;
}
