/* rf-auxiliary-after.c: what the auxiliary terms have learned, and filling in of missing modalities.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/model/rf-auxiliary-private.h"

#define MAX_FACTS 5000 /* measured; of more, every k-th */
#define NEAREST   10   /* of recall and hits */

/* x with rows of length 1; rows of zeros stay. */
static void
normalise_rows (RfMatrix *x)
{
  for (gsize i = 0; i < x->rows; i++)
    {
      float length = cblas_snrm2 ((int) x->cols, rf_matrix_row (x, i), 1);

      if (length > 0)
        cblas_sscal ((int) x->cols, 1 / length, rf_matrix_row (x, i), 1);
    }
}

/* x w + b for all rows of x, as rf_linear() does. */
static RfMatrix *
linear (const RfAuxiliary *self, const RfMatrix *x, int w, int b)
{
  const RfParam *shape = rf_params_get (self->params, w);
  gsize out = shape->dim[1];
  RfMatrix *y = rf_matrix_new (x->rows, out);
  const float *bias = rf_params_values (self->params, b);

  for (gsize i = 0; i < y->rows; i++)
    memcpy (rf_matrix_row (y, i), bias, out * sizeof *bias);
  rf_gemm (FALSE, FALSE, x->rows, out, x->cols, 1, x->x, x->cols, rf_params_values (self->params, w), out, 1, y->x, out);
  return y;
}

static RfMatrix *
translate (const RfAuxiliary *self, const RfMatrix *x, const RfAuxMap *map)
{
  g_autoptr(RfMatrix) hidden = NULL;

  if (map->w1 < 0)
    return linear (self, x, map->w, map->b);
  hidden = linear (self, x, map->w1, map->b1);
  for (gsize e = 0; e < hidden->rows * hidden->cols; e++)
    hidden->x[e] = MAX (hidden->x[e], 0);
  return linear (self, hidden, map->w, map->b);
}

static gboolean
is_kept (const guint8 *keep, gsize item)
{
  return keep == NULL || keep[item];
}

static void
add_measure (GArray *measures, char *name, double value)
{
  RfAuxMeasure measure = { name, value };

  g_array_append_val (measures, measure);
}

static void
clear_measure (gpointer data)
{
  g_free (((RfAuxMeasure *) data)->name);
}

/* ---- category ---- */

static double
category_hits (const RfAuxiliary *self, const RfAuxVectors *vectors, guint content, const guint8 *keep)
{
  int m = self->content[content];
  g_autoptr(RfMatrix) logits = linear (self, vectors->h[m], self->class_w[content], self->class_b[content]);
  gsize n = 0, hits = 0;

  for (gsize i = 0; i < logits->rows; i++)
    {
      const float *row = rf_matrix_row (logits, i);
      guint32 best = 0;

      if (!vectors->available[m][i] || !is_kept (keep, i) || self->class_ptr[i + 1] == self->class_ptr[i])
        continue;
      for (guint32 c = 1; c < self->n_classes; c++)
        if (row[c] > row[best])
          best = c;
      n++;
      for (gsize e = self->class_ptr[i]; e < self->class_ptr[i + 1]; e++)
        hits += self->class_idx[e] == best;
    }
  return n > 0 ? (double) hits / (double) n : NAN;
}

/* ---- translation ---- */

typedef struct
{
  RfMatrix *guess, *truth; /* rows of length 1 */
  const guint8 *from_there, *to_there, *keep;
  guint8 *found;           /* per item: among the nearest */
} Retrieval;

static void
retrieve (size_t begin, size_t end, int worker, void *data)
{
  const Retrieval *r = data;
  gsize n = r->truth->rows, d = r->truth->cols;
  float *likeness = rf_floats_new ((end - begin) * n);

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int) (end - begin), (int) n, (int) d, 1, rf_matrix_row (r->guess, begin), (int) d,
               r->truth->x, (int) d, 0, likeness, (int) n);
  for (size_t i = begin; i < end; i++)
    {
      const float *row = likeness + (i - begin) * n;
      guint nearer = 0;

      for (gsize j = 0; j < n && nearer < NEAREST; j++)
        nearer += r->to_there[j] && j != i && row[j] >= row[i];
      r->found[i] = r->from_there[i] && r->to_there[i] && is_kept (r->keep, i) && nearer < NEAREST;
    }
  g_aligned_free (likeness);
}

static double
translation_recall (const RfAuxiliary *self, const RfAuxVectors *vectors, guint from, const guint8 *keep)
{
  int a = self->content[from], b = self->content[1 - from];
  g_autoptr(RfMatrix) guess = translate (self, vectors->h[a], &self->translate[from]), truth = rf_matrix_copy (vectors->h[b]);
  g_autofree guint8 *found = g_new0 (guint8, truth->rows + 1);
  Retrieval r = { guess, truth, vectors->available[a], vectors->available[b], keep, found };
  gsize n = 0, hits = 0;

  normalise_rows (guess);
  normalise_rows (truth);
  rf_parallel_for (truth->rows, 64, retrieve, &r);
  for (gsize i = 0; i < truth->rows; i++)
    {
      n += r.from_there[i] && r.to_there[i] && is_kept (keep, i);
      hits += found[i];
    }
  return n > 0 ? (double) hits / (double) n : NAN;
}

/* ---- facts ---- */

static gboolean
fact_is_near (const RfAuxiliary *self, const float *z, gsize fact)
{
  const RfFacts *facts = self->facts;
  guint32 relation = facts->relation[fact], tail = facts->tail[fact] - facts->n_items;
  const float *r = rf_params_values (self->params, self->relations) + relation * self->d;
  const float *entities = rf_params_values (self->params, self->entities);
  double own = 0, length = (double) cblas_snrm2 ((int) self->d, z, 1);
  guint nearer = 0;

  for (gsize e = self->range_ptr[relation]; e <= self->range_ptr[relation + 1]; e++) /* the right one first */
    {
      guint32 entity = e == self->range_ptr[relation] ? tail : self->range[e - 1];
      const float *t = entities + entity * self->d;
      double sum = 0, t_length = (double) cblas_snrm2 ((int) self->d, t, 1);

      for (gsize j = 0; j < self->d; j++)
        {
          double x = (double) z[j] / MAX (length, 1e-6) + (double) r[j] - (double) t[j] / MAX (t_length, 1e-6);

          sum += x * x;
        }
      if (e == self->range_ptr[relation])
        own = sum;
      else if (entity != tail && sum <= own && ++nearer == NEAREST)
        return FALSE;
    }
  return TRUE;
}

static double
fact_hits (const RfAuxiliary *self, const RfMatrix *z, const guint8 *keep)
{
  const RfFacts *facts = self->facts;
  gsize step = facts->ptr[facts->n_items] / MAX_FACTS + 1, n = 0, hits = 0;

  for (gsize f = 0; f < facts->ptr[facts->n_items]; f += step)
    if (facts->tail[f] >= facts->n_items && is_kept (keep, facts->head[f]))
      {
        n++;
        hits += fact_is_near (self, rf_matrix_row (z, facts->head[f]), f);
      }
  return n > 0 ? (double) hits / (double) n : NAN;
}

/* ---- all of them ---- */

static RfMatrix *
item_vectors (const RfAuxiliary *self, const RfAuxVectors *vectors)
{
  RfMatrix *z;

  if (vectors->z != NULL)
    return rf_matrix_copy (vectors->z);
  z = rf_matrix_new (vectors->h[0]->rows, self->d);
  for (gsize i = 0; i < z->rows; i++)
    {
      guint there = 0;

      for (guint m = 0; m < self->n_modalities; m++)
        there += vectors->available[m][i];
      for (guint m = 0; m < self->n_modalities; m++)
        if (vectors->available[m][i])
          cblas_saxpy ((int) self->d, 1 / (float) there, rf_matrix_row (vectors->h[m], i), 1, rf_matrix_row (z, i), 1);
    }
  return z;
}

GArray *
rf_auxiliary_measure (const RfAuxiliary *self, const RfAuxVectors *vectors, const guint8 *keep)
{
  GArray *measures = g_array_new (FALSE, FALSE, sizeof (RfAuxMeasure));
  g_autoptr(RfMatrix) z = item_vectors (self, vectors);

  g_array_set_clear_func (measures, clear_measure);
  for (guint c = 0; c < RF_AUX_N_CONTENT; c++)
    if (self->class_w[c] >= 0)
      add_measure (measures, g_strdup_printf ("category.%s.hit@1", rf_aux_content_name (c)), category_hits (self, vectors, c, keep));
  if (self->decoder != NULL)
    add_measure (measures, g_strdup ("generate.perplexity"), rf_decoder_perplexity (self->decoder, z, keep));
  if (rf_auxiliary_has (self, "translation"))
    for (guint c = 0; c < RF_AUX_N_CONTENT; c++)
      add_measure (measures, g_strdup_printf ("translation.%s-%s.recall@10", rf_aux_content_name (c), rf_aux_content_name (1 - c)),
                   translation_recall (self, vectors, c, keep));
  if (self->facts != NULL)
    add_measure (measures, g_strdup ("kg.hits@10"), fact_hits (self, z, keep));
  return measures;
}

const RfDecoder *
rf_auxiliary_get_decoder (const RfAuxiliary *self)
{
  return self->decoder;
}

