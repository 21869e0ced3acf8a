/* rf-evidence-data.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-evidence-data.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-vecmath.h"
#include "core/eval/rf-evaluate.h"
#include "core/eval/rf-metrics.h"
#include "core/train/rf-evidence-loops.h"

#define MAX_PAIRS     ((gsize) 16 << 20) /* users x items looked at in every step: about 20 ms, and 64 MB of z for each modality */
#define MIN_USERS     600
#define CHUNK         8                   /* users per partial sum: fixed, so that sums do not depend on threads */

void
rf_evidence_data_free (RfEvidenceData *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < self->n_modalities; m++)
    g_aligned_free (self->z[m]);
  g_free (self->evidence);
  g_free (self->known);
  rf_csr_free (self->history);
  for (int h = 0; h < 3; h++)
    {
      rf_csr_free (self->held[h]);
      rf_csr_free (self->hidden[h]);
    }
  g_free (self);
}

/* Users with a history and something held out, in random order, at most max_users, then ascending. */
static guint32 *
choose_users (const RfCsr *train, const RfCsr *valid, guint max_users, guint64 seed, guint32 *n)
{
  guint32 *users = g_new (guint32, (gsize) train->rows + 1);
  RfRng rng = rf_rng_new (seed, 0xE71DE4CE);
  guint32 count = 0;

  for (guint32 u = 0; u < train->rows; u++)
    if (rf_csr_row_length (train, u) > 0 && rf_csr_row_length (valid, u) > 0)
      users[count++] = u;
  rf_rng_shuffle_u32 (&rng, users, count);
  *n = MIN (count, max_users);
  return users;
}

typedef struct
{
  GArray *row, *col;
} Pairs;

static Pairs
pairs_new (void)
{
  return (Pairs) { g_array_new (FALSE, FALSE, sizeof (guint32)), g_array_new (FALSE, FALSE, sizeof (guint32)) };
}

static void
pairs_add (Pairs *pairs, guint32 row, guint32 col)
{
  g_array_append_val (pairs->row, row);
  g_array_append_val (pairs->col, col);
}

static RfCsr *
pairs_to_csr (Pairs *pairs, guint32 rows, guint32 cols)
{
  RfCsr *csr = rf_csr_new_from_pairs (rows, cols, pairs->row->len, (const guint32 *) (void *) pairs->row->data,
                                      (const guint32 *) (void *) pairs->col->data, NULL);

  g_array_unref (pairs->row);
  g_array_unref (pairs->col);
  return csr;
}

/* Each user's held-out items in two halves, by turns in random order; who gets the odd one is random too. */
static void
cut_in_halves (RfEvidenceData *self, const guint32 *users, const RfCsr *train, const RfCsr *valid, guint64 seed)
{
  Pairs history = pairs_new (), held[3] = { pairs_new (), pairs_new (), pairs_new () }, hidden[3] = { pairs_new (), pairs_new (), pairs_new () };

  for (guint32 r = 0; r < self->n_users; r++)
    {
      guint32 u = users[r];
      gsize n = rf_csr_row_length (valid, u);
      g_autofree guint32 *items = g_memdup2 (rf_csr_row (valid, u), n * sizeof (guint32));
      RfRng rng = rf_rng_new (seed, rf_hash_mix (0x4A1F, u));
      guint32 turn = rf_rng_below (&rng, 2);

      rf_rng_shuffle_u32 (&rng, items, n);
      for (gsize j = 0; j < n; j++)
        {
          int half = (int) ((turn + j) % 2);

          pairs_add (&held[half], r, items[j]);
          pairs_add (&held[2], r, items[j]);
          pairs_add (&hidden[1 - half], r, items[j]);
        }
      for (gsize j = 0; j < rf_csr_row_length (train, u); j++)
        {
          guint32 item = rf_csr_row (train, u)[j];

          pairs_add (&history, r, item);
          pairs_add (&hidden[0], r, item);
          pairs_add (&hidden[1], r, item);
          pairs_add (&hidden[2], r, item);
        }
    }
  self->history = pairs_to_csr (&history, self->n_users, self->n_items);
  for (int h = 0; h < 3; h++)
    {
      self->held[h] = pairs_to_csr (&held[h], self->n_users, self->n_items);
      self->hidden[h] = pairs_to_csr (&hidden[h], self->n_users, self->n_items);
    }
}

static void
score_users (size_t begin, size_t end, int worker, void *data)
{
  RfEvidenceData *self = data;
  gsize n = self->n_items;
  g_autoptr(RfScores) scores = rf_scores_new (self->model, (guint32) (end - begin));

  rf_model_score (self->model, self->history, (guint32) begin, (guint32) (end - begin), RF_NO_USER, NULL, scores);
  for (guint m = 0; m < self->n_modalities; m++)
    memcpy (self->z[m] + begin * n, scores->z[m], (end - begin) * n * sizeof (float));
  memcpy (self->evidence + begin, scores->evidence, (end - begin) * sizeof *self->evidence);
  memcpy (self->known + begin, scores->known, (end - begin) * sizeof *self->known);
}

/* In a catalog of many items fewer than are wanted, see rf-evidence.h. */
static guint
affordable_users (guint32 n_items, guint max_users)
{
  return (guint) MIN ((gsize) max_users, MAX (MAX_PAIRS / MAX (n_items, 1), MIN_USERS));
}

guint32
rf_evidence_data_count_users (const RfCsr *train, const RfCsr *valid, guint max_users)
{
  guint32 n;

  g_free (choose_users (train, valid, affordable_users (train->cols, max_users), 0, &n));
  return n;
}

RfEvidenceData *
rf_evidence_data_new (const RfModel *model, const RfCsr *train, const RfCsr *valid, guint max_users, guint64 seed,
                      RfProgress *progress, GError **error)
{
  g_autoptr(RfEvidenceData) self = g_new0 (RfEvidenceData, 1);
  g_autofree guint32 *users = choose_users (train, valid, affordable_users (model->n_items, max_users), seed, &self->n_users);

  if (self->n_users == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("No user has both training and validation items, so there is nothing to fit the attention on; a user needs at least 3 interactions."));
      return NULL;
    }
  self->model = model;
  self->n_items = model->n_items;
  self->n_modalities = model->n_modalities;
  cut_in_halves (self, users, train, valid, seed);
  for (guint m = 0; m < self->n_modalities; m++)
    self->z[m] = rf_floats_new ((gsize) self->n_users * self->n_items);
  self->evidence = g_malloc0_n (self->n_users, sizeof *self->evidence);
  self->known = g_malloc0_n (self->n_users, sizeof *self->known);
  if (!rf_progress_step (progress, _("Reading the evidence"), -1, error))
    return NULL;
  rf_parallel_for (self->n_users, 32, score_users, self);
  return g_steal_pointer (&self);
}

/* Parameters of one attention, unpacked once per evaluation. */
typedef struct
{
  const RfEvidenceData *data;
  const float *theta, *kappa, *psi;
  float pi, temperature;
  float *lift[RF_MAX_MODALITIES]; /* n_items: exp (psi_m l_i), 0 where missing */
  int half;
  double *sums; /* per chunk: loss, metric or gradient parts */
  gsize width;  /* numbers per chunk */
} Pass;

static Pass
pass_new (const RfEvidenceData *data, const float *parameters, gsize width)
{
  guint m_count = data->n_modalities;
  Pass pass = { data, parameters, parameters + m_count, parameters + 2 * m_count, parameters[3 * m_count], expf (parameters[3 * m_count + 1]),
                { NULL }, 0, NULL, width };

  for (guint m = 0; m < m_count; m++)
    {
      const RfChannel *channel = data->model->channels[m];

      pass.lift[m] = rf_floats_new (data->n_items);
      for (guint32 i = 0; i < data->n_items; i++)
        if (channel->available[i])
          pass.lift[m][i] = expf (CLAMP (pass.psi[m] * data->model->popularity[i], -30.0f, 30.0f));
    }
  pass.sums = g_new0 (double, width * (data->n_users / CHUNK + 1));
  return pass;
}

static void
pass_clear (Pass *pass)
{
  for (guint m = 0; m < pass->data->n_modalities; m++)
    g_aligned_free (pass->lift[m]);
  g_free (pass->sums);
}

static void
find_mix (const Pass *pass, guint32 u, float *mix)
{
  const RfEvidenceData *d = pass->data;
  float top = -INFINITY;

  for (guint m = 0; m < d->n_modalities; m++)
    {
      mix[m] = pass->theta[m] + pass->kappa[m] * d->evidence[u][m];
      if (d->known[u][m])
        top = MAX (top, mix[m]);
    }
  for (guint m = 0; m < d->n_modalities; m++)
    mix[m] = d->known[u][m] ? expf (mix[m] - top) : 0.0f;
}

/* slots[j]: the modality behind user->z[j]; a user lacks the others. */
static RfEvidenceUser
user_of_pass (const Pass *pass, guint32 u, guint *slots)
{
  const RfEvidenceData *d = pass->data;
  RfEvidenceUser user = { 0 };
  float mix[RF_MAX_MODALITIES];

  find_mix (pass, u, mix);
  for (guint m = 0; m < d->n_modalities; m++)
    if (mix[m] > 0)
      {
        guint j = user.n_modalities++;

        slots[j] = m;
        user.z[j] = d->z[m] + (gsize) u * d->n_items;
        user.lift[j] = pass->lift[m];
        user.mix[j] = mix[m];
      }
  return user;
}

RF_VECTORIZE static float
largest (const float *x, gsize n)
{
  float top = -INFINITY;

#pragma omp simd reduction(max : top)
  for (gsize i = 0; i < n; i++)
    top = x[i] > top ? x[i] : top;
  return top;
}

/* p = exp (t (score - top)); returns the sum. */
RF_VECTORIZE static double
exponentials (float *restrict p, const float *restrict score, float t, float top, gsize n)
{
  double sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize i = 0; i < n; i++)
    {
      p[i] = rf_expf (t * (score[i] - top));
      sum += (double) p[i];
    }
  return sum;
}

RF_VECTORIZE static double
dot (const float *restrict a, const float *restrict b, gsize n)
{
  double sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize i = 0; i < n; i++)
    sum += (double) (a[i] * b[i]);
  return sum;
}

typedef struct
{
  float *fused, *inverse, *score, *p;
} Scratch;

/* Adds one user's loss and gradient to sums: [0] loss, then 3 M + 2. */
static void
loss_of_user (const Pass *pass, guint32 u, Scratch *s, double *sums)
{
  const RfEvidenceData *d = pass->data;
  gsize n = d->n_items, n_held = rf_csr_row_length (d->held[pass->half], u);
  const guint32 *held = rf_csr_row (d->held[pass->half], u), *hidden = rf_csr_row (d->hidden[pass->half], u);
  guint m_count = d->n_modalities, slots[RF_MAX_MODALITIES];
  RfEvidenceUser user = user_of_pass (pass, u, slots);
  float t = pass->temperature, top;
  double z_sum, gradient_t, plain[RF_MAX_MODALITIES], by_popularity[RF_MAX_MODALITIES];

  rf_evidence_fuse (&user, d->model->popularity, pass->pi, n, s->fused, s->inverse, s->score);
  for (gsize j = 0; j < rf_csr_row_length (d->hidden[pass->half], u); j++)
    s->score[hidden[j]] = -1e6f; /* no candidate: its probability is exactly 0 */
  top = largest (s->score, n);
  z_sum = exponentials (s->p, s->score, t, top, n);
  for (gsize j = 0; j < n_held; j++)
    sums[0] += log (z_sum) - (double) (t * (s->score[held[j]] - top));
  cblas_sscal ((int) n, (float) ((double) n_held / z_sum), s->p, 1);
  for (gsize j = 0; j < n_held; j++)
    s->p[held[j]] -= 1; /* now p is d loss / d (t score) */
  gradient_t = dot (s->p, s->score, n);
  rf_evidence_gradient (&user, s->p, s->fused, s->inverse, d->model->popularity, n, plain, by_popularity);
  for (guint j = 0; j < user.n_modalities; j++)
    {
      guint m = slots[j];

      sums[1 + m] += (double) t * plain[j];
      sums[1 + m_count + m] += (double) t * plain[j] * (double) d->evidence[u][m];
      sums[1 + 2 * m_count + m] += (double) t * by_popularity[j];
    }
  sums[1 + 3 * m_count] += (double) t * dot (s->p, d->model->popularity, n);
  sums[2 + 3 * m_count] += (double) t * gradient_t; /* by log t */
}

static void
loss_of_chunk (size_t begin, size_t end, int worker, void *data)
{
  Pass *pass = data;
  gsize n = pass->data->n_items;
  float *block = rf_floats_new (4 * n);
  Scratch s = { block, block + n, block + 2 * n, block + 3 * n };

  for (size_t u = begin; u < end; u++)
    if (rf_csr_row_length (pass->data->held[pass->half], (guint32) u) > 0)
      loss_of_user (pass, (guint32) u, &s, pass->sums + begin / CHUNK * pass->width);
  g_aligned_free (block);
}

double
rf_evidence_data_loss (const RfEvidenceData *self, const float *parameters, int half, double *gradient)
{
  gsize n_parameters = 3 * self->n_modalities + 2, total = self->held[half]->ptr[self->n_users];
  Pass pass = pass_new (self, parameters, n_parameters + 1);
  double loss = 0;

  pass.half = half;
  rf_parallel_for (self->n_users, CHUNK, loss_of_chunk, &pass);
  memset (gradient, 0, n_parameters * sizeof *gradient);
  for (gsize c = 0; c < (self->n_users + CHUNK - 1) / CHUNK; c++)
    {
      loss += pass.sums[c * pass.width];
      for (gsize p = 0; p < n_parameters; p++)
        gradient[p] += pass.sums[c * pass.width + 1 + p];
    }
  for (gsize p = 0; p < n_parameters; p++)
    gradient[p] /= (double) MAX (total, 1);
  pass_clear (&pass);
  return loss / (double) MAX (total, 1);
}

static void
ndcg_of_chunk (size_t begin, size_t end, int worker, void *data)
{
  Pass *pass = data;
  const RfEvidenceData *d = pass->data;
  const RfCsr *held = d->held[pass->half], *hidden = d->hidden[pass->half];
  gsize n = d->n_items;
  float *block = rf_floats_new (3 * n);
  double *sums = pass->sums + begin / CHUNK * pass->width;
  guint32 list[20];

  for (guint32 u = (guint32) begin; u < end; u++)
    {
      guint slots[RF_MAX_MODALITIES];
      RfEvidenceUser user;

      if (rf_csr_row_length (held, u) == 0)
        continue;
      user = user_of_pass (pass, u, slots);
      rf_evidence_fuse (&user, d->model->popularity, pass->pi, n, block, block + n, block + 2 * n);
      rf_top_of_scores (block + 2 * n, d->n_items, rf_csr_row (hidden, u), rf_csr_row_length (hidden, u), 20, list);
      sums[0] += rf_metrics_of_list (list, 20, rf_csr_row (held, u), rf_csr_row_length (held, u)).ndcg;
      sums[1] += 1;
    }
  g_aligned_free (block);
}

double
rf_evidence_data_ndcg (const RfEvidenceData *self, const float *parameters, int half)
{
  Pass pass = pass_new (self, parameters, 2);
  double sum = 0, count = 0;

  pass.half = half;
  rf_parallel_for (self->n_users, CHUNK, ndcg_of_chunk, &pass);
  for (gsize c = 0; c < (self->n_users + CHUNK - 1) / CHUNK; c++)
    {
      sum += pass.sums[2 * c];
      count += pass.sums[2 * c + 1];
    }
  pass_clear (&pass);
  return count > 0 ? sum / count : 0;
}
