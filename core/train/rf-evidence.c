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
#define METRIC_EVERY 10    /* steps between two looks at the choosing half */

typedef struct
{
  float p[RF_EVIDENCE_MAX_PARAMETERS];
  double ndcg;
  const char *name;
  guint step;
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

/* Minimises the cross-entropy over the unmasked parameters from where the candidate is; keeps the best looked-at step. */
static gboolean
descend (const Fit *fit, const guint8 *mask, gboolean show, Candidate *candidate, GError **error)
{
  double gradient[RF_EVIDENCE_MAX_PARAMETERS], first[RF_EVIDENCE_MAX_PARAMETERS] = { 0 }, second[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };
  float p[RF_EVIDENCE_MAX_PARAMETERS];

  memcpy (p, candidate->p, sizeof p);
  candidate->ndcg = -1;
  for (guint step = 1; step <= fit->options->n_steps; step++)
    {
      double loss = rf_evidence_data_loss (fit->data, p, gradient), ndcg = NAN;

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
          ndcg = rf_evidence_data_ndcg (fit->data, p, 1);
          if (ndcg > candidate->ndcg)
            {
              candidate->ndcg = ndcg;
              candidate->step = step;
              memcpy (candidate->p, p, sizeof p);
            }
        }
      if (show && fit->func)
        fit->func (step, fit->options->n_steps, loss, ndcg, fit->func_data);
    }
  return TRUE;
}

/* Coordinate steps on NDCG@20: each number up or down, step halved when nothing helps. The temperature has no say in an order. */
static gboolean
refine (const Fit *fit, Candidate *candidate, GError **error)
{
  float step = 0.4f;

  for (guint round = 0; round < 6; round++)
    {
      gboolean better = FALSE;

      for (gsize i = 0; i + 1 < fit->n; i++)
        for (int sign = -1; sign <= 1; sign += 2)
          {
            float before = candidate->p[i];
            double ndcg;

            if (!rf_progress_step (fit->progress, _("Checking the attention"), (round + (double) i / (double) fit->n) / 6, error))
              return FALSE;
            candidate->p[i] = before + (float) sign * step;
            ndcg = rf_evidence_data_ndcg (fit->data, candidate->p, 1);
            if (ndcg > candidate->ndcg)
              {
                candidate->ndcg = ndcg;
                better = TRUE;
              }
            else
              {
                candidate->p[i] = before;
              }
          }
      if (!better)
        step /= 2;
    }
  return TRUE;
}

/* The attention to start from: it trusts evidence a little, and that is all. */
static Candidate
start (const Fit *fit, const char *name)
{
  Candidate candidate = { .name = name };
  guint m_count = fit->data->n_modalities;

  for (guint m = 0; m < m_count; m++)
    candidate.p[m_count + m] = 1;
  return candidate;
}

static void
add_plain_candidates (const Fit *fit, Candidate *candidates, guint *n)
{
  guint m_count = fit->data->n_modalities;

  for (guint c = 0; c <= m_count; c++)
    {
      Candidate candidate = { .name = c == m_count ? "equal" : "single" };

      if (c < m_count)
        candidate.p[c] = SINGLE_LOGIT;
      candidate.ndcg = rf_evidence_data_ndcg (fit->data, candidate.p, 1);
      candidates[(*n)++] = candidate;
    }
}

static gboolean
guard (const Fit *fit, Candidate *best, GError **error)
{
  Candidate candidates[RF_MAX_MODALITIES + 3], constant = { .name = "constant" };
  guint8 mask[RF_EVIDENCE_MAX_PARAMETERS] = { 0 };
  guint m_count = fit->data->n_modalities, n = 0;

  candidates[n++] = *best;
  add_plain_candidates (fit, candidates, &n);
  for (guint m = 0; m < m_count; m++)
    mask[m] = 1;
  mask[3 * m_count] = mask[3 * m_count + 1] = 1;
  if (!descend (fit, mask, FALSE, &constant, error))
    return FALSE;
  candidates[n++] = constant;
  for (guint c = 0; c < n; c++)
    {
      if (!refine (fit, &candidates[c], error))
        return FALSE;
      if (candidates[c].ndcg > best->ndcg)
        *best = candidates[c];
    }
  return TRUE;
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
  guint8 all[RF_EVIDENCE_MAX_PARAMETERS];
  Candidate best;

  if (evidence == NULL)
    return FALSE;
  memset (all, 1, sizeof all);
  best = start (&fit, "fitted");
  if (!descend (&fit, all, TRUE, &best, error) || (options->guard && !guard (&fit, &best, error)))
    return FALSE;
  unpack (evidence, best.p, &result->attention);
  result->best_step = strcmp (best.name, "fitted") == 0 ? best.step : 0;
  result->n_users = evidence->n_users;
  result->ndcg = best.ndcg;
  result->chosen = best.name;
  return TRUE;
}
