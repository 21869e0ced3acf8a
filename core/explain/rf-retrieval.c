/* rf-retrieval.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-retrieval.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/features/rf-svd.h"
#include "core/train/rf-modality.h"

/* One modality's view of the items. */
typedef struct
{
  RfFeatures *features; /* NULL: behaviour */
  guint32 dims;
  float *mean;          /* dims */
  RfMatrix *own;        /* n_items x dims: centred, rows of length 1 or 0 */
  RfMatrix *map;        /* dims x RF_SHARED_DIMS; NULL: behaviour, which is there already */
  RfMatrix *shared;     /* n_items x RF_SHARED_DIMS: rows of length 1 or 0 */
} View;

struct _RfRetrieval
{
  guint32 n_items;
  guint n;
  int image, text; /* their numbers, or -1 */
  View view[RF_MAX_MODALITIES];
  RfMatrix *all;   /* n_items x RF_SHARED_DIMS */
  RfMatrix *chosen; /* n_items x RF_SHARED_DIMS: who chose what, not scaled; zero rows: nobody */
  RfImageModel *image_model;
  RfTextModel *text_model;
  char *image_lacks, *text_lacks; /* why there is no model */
};

void
rf_retrieval_free (RfRetrieval *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < self->n; m++)
    {
      rf_features_free (self->view[m].features);
      g_free (self->view[m].mean);
      rf_matrix_free (self->view[m].own);
      rf_matrix_free (self->view[m].map);
      rf_matrix_free (self->view[m].shared);
    }
  rf_matrix_free (self->all);
  rf_matrix_free (self->chosen);
  rf_image_model_free (self->image_model);
  rf_text_model_free (self->text_model);
  g_free (self->image_lacks);
  g_free (self->text_lacks);
  g_free (self);
}

static void
to_unit (float *x, gsize n)
{
  double square = 0;

  for (gsize c = 0; c < n; c++)
    square += (double) x[c] * (double) x[c];
  for (gsize c = 0; c < n && square > 0; c++)
    x[c] = (float) ((double) x[c] / sqrt (square));
}

/* --- the space of who chose what --- */

/* Items as singular vectors of the training matrix; items that nobody chose are zero. */
static RfMatrix *
fit_behaviour (const RfCsr *train, RfProgress *progress, GError **error)
{
  gsize k = MIN (RF_SHARED_DIMS, MIN (train->rows, train->cols));
  g_autofree float *val = g_new (float, train->ptr[train->rows] + 1), *values = NULL;
  RfCsr scaled = *train;
  g_autoptr(RfMatrix) vectors = NULL;
  RfMatrix *out;

  for (guint32 u = 0; u < train->rows; u++)
    for (gsize e = train->ptr[u]; e < train->ptr[u + 1]; e++)
      val[e] = (float) (1 / sqrt ((double) rf_csr_row_length (train, u)));
  scaled.val = val;
  if (!rf_svd_sparse (&scaled, k, 1, &vectors, &values, progress, error))
    return NULL;
  out = rf_matrix_new (train->cols, RF_SHARED_DIMS);
  for (gsize i = 0; i < train->cols; i++)
    for (gsize c = 0; c < k; c++)
      rf_matrix_row (out, i)[c] = rf_matrix_row (vectors, i)[c] * values[c];
  return out;
}

static void
take_behaviour (View *view, const RfMatrix *y)
{
  view->dims = RF_SHARED_DIMS;
  view->mean = g_new0 (float, RF_SHARED_DIMS);
  view->own = rf_matrix_copy (y);
  for (gsize i = 0; i < y->rows; i++)
    to_unit (rf_matrix_row (view->own, i), RF_SHARED_DIMS);
  view->shared = rf_matrix_ref (view->own);
}

/* --- a content modality --- */

static RfMatrix *
centre (View *view)
{
  const RfMatrix *x = view->features->x;
  RfMatrix *out = rf_matrix_new (x->rows, x->cols);
  g_autofree double *sum = g_new0 (double, x->cols + 1);
  gsize count = rf_features_count_available (view->features);

  view->dims = (guint32) x->cols;
  view->mean = g_new0 (float, x->cols + 1);
  for (gsize i = 0; i < x->rows; i++)
    for (gsize c = 0; c < x->cols && view->features->available[i]; c++)
      sum[c] += (double) rf_matrix_row (x, i)[c];
  for (gsize c = 0; c < x->cols; c++)
    view->mean[c] = count ? (float) (sum[c] / (double) count) : 0.0f;
  for (gsize i = 0; i < x->rows; i++)
    for (gsize c = 0; c < x->cols && view->features->available[i]; c++)
      rf_matrix_row (out, i)[c] = rf_matrix_row (x, i)[c] - view->mean[c];
  return out;
}

/* W of the header: x and y with zero rows for items that do not count. */
static RfMatrix *
fit_ridge (const RfMatrix *x, const RfMatrix *y, GError **error)
{
  gsize d = x->cols;
  g_autofree double *gram = g_new (double, d * d + 1);
  g_autofree float *inverse = g_new (float, d * d + 1);
  g_autoptr(RfMatrix) moment = rf_matrix_new (d, y->cols);
  RfMatrix *map;
  double trace = 0;

  rf_gram (x->rows, d, x->x, gram);
  for (gsize c = 0; c < d; c++)
    trace += gram[c * d + c];
  for (gsize e = 0; e < d * d; e++)
    inverse[e] = (float) gram[e];
  for (gsize c = 0; c < d; c++)
    inverse[c * d + c] += (float) (RF_SHARED_RIDGE * trace / (double) d + 1e-12);
  if (!rf_spd_inverse (d, inverse, error))
    return NULL;
  rf_gemm (TRUE, FALSE, d, y->cols, x->rows, 1, x->x, d, y->x, y->cols, 0, moment->x, y->cols);
  map = rf_matrix_new (d, y->cols);
  rf_gemm (FALSE, FALSE, d, y->cols, d, 1, inverse, d, moment->x, y->cols, 0, map->x, y->cols);
  return map;
}

static gboolean
take_content (View *view, const RfMatrix *y, const RfCsr *train, GError **error)
{
  g_autoptr(RfMatrix) x = centre (view), chosen = rf_matrix_copy (x);
  g_autofree guint8 *seen = g_new0 (guint8, x->rows + 1);

  for (gsize e = 0; e < train->ptr[train->rows]; e++)
    seen[train->idx[e]] = 1;
  for (gsize i = 0; i < x->rows; i++)
    if (!seen[i])
      memset (rf_matrix_row (chosen, i), 0, x->cols * sizeof (float));
  view->map = fit_ridge (chosen, y, error);
  if (view->map == NULL)
    return FALSE;
  view->shared = rf_matrix_new (x->rows, RF_SHARED_DIMS);
  rf_gemm (FALSE, FALSE, x->rows, RF_SHARED_DIMS, x->cols, 1, x->x, x->cols, view->map->x, RF_SHARED_DIMS, 0, view->shared->x, RF_SHARED_DIMS);
  for (gsize i = 0; i < x->rows; i++)
    {
      to_unit (rf_matrix_row (x, i), x->cols);
      to_unit (rf_matrix_row (view->shared, i), RF_SHARED_DIMS);
    }
  view->own = g_steal_pointer (&x);
  return TRUE;
}

/* The mean of the unit vectors that there are. */
static RfMatrix *
join (const RfRetrieval *self)
{
  RfMatrix *all = rf_matrix_new (self->n_items, RF_SHARED_DIMS);

  for (gsize i = 0; i < self->n_items; i++)
    {
      for (guint m = 0; m < self->n; m++)
        for (gsize c = 0; c < RF_SHARED_DIMS; c++)
          rf_matrix_row (all, i)[c] += rf_matrix_row (self->view[m].shared, i)[c];
      to_unit (rf_matrix_row (all, i), RF_SHARED_DIMS);
    }
  return all;
}

/* A modality without a model can still be compared item by item; why there is none is told when somebody asks. */
static void
load_models (RfRetrieval *self, RfWorkspace *workspace, const RfTrained *trained, RfProgress *progress)
{
  g_autoptr(GError) image = NULL, text = NULL;

  if (self->image >= 0)
    self->image_model = rf_modality_image_model (workspace, trained->catalog, trained->config, progress, &image);
  if (self->text >= 0)
    self->text_model = rf_modality_text_model (workspace, trained->catalog, trained->config, progress, &text);
  self->image_lacks = g_strdup (image ? image->message : _("This run was trained without pictures, so a picture cannot be looked for."));
  self->text_lacks = g_strdup (text ? text->message : _("This run was trained without texts, so a text cannot be looked for."));
}

RfRetrieval *
rf_retrieval_new (RfWorkspace *workspace, const RfTrained *trained, RfProgress *progress, GError **error)
{
  const RfCsr *train = trained->split->part[RF_PART_TRAIN];
  g_autoptr(RfRetrieval) self = g_new0 (RfRetrieval, 1);
  g_autoptr(RfMatrix) y = fit_behaviour (train, progress, error);

  self->n_items = trained->model->n_items;
  self->image = self->text = -1;
  if (y == NULL)
    return NULL;
  for (guint m = 0; m < trained->model->n_modalities; m++)
    {
      const char *name = trained->model->names[m];
      View *view = &self->view[self->n++];

      if (strcmp (name, "behaviour") == 0)
        {
          take_behaviour (view, y);
          continue;
        }
      view->features = rf_modality_features_of (workspace, trained->catalog, train, trained->config, name, progress, error);
      if (view->features == NULL || !take_content (view, y, train, error))
        return NULL;
      self->image = strcmp (name, "image") == 0 ? (int) m : self->image;
      self->text = strcmp (name, "text") == 0 ? (int) m : self->text;
    }
  self->all = join (self);
  self->chosen = g_steal_pointer (&y);
  load_models (self, workspace, trained, progress);
  if (!rf_progress_step (progress, _("Reading features"), 1, error))
    return NULL;
  return g_steal_pointer (&self);
}

const RfFeatures *
rf_retrieval_get_features (const RfRetrieval *self, guint modality)
{
  return self->view[modality].features;
}

/* --- queries --- */

RfQuery *
rf_query_new (void)
{
  return g_new0 (RfQuery, 1);
}

void
rf_query_free (RfQuery *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    g_free (self->x[m]);
  g_free (self);
}

static void
take_vector (RfQuery *self, guint m, const float *x, guint32 dims)
{
  g_free (self->x[m]);
  self->x[m] = g_memdup2 (x, dims * sizeof (float));
}

void
rf_query_set_item (RfQuery *self, const RfRetrieval *retrieval, guint32 item)
{
  for (guint m = 0; m < retrieval->n; m++)
    {
      const View *view = &retrieval->view[m];

      if (view->features == NULL)
        take_vector (self, m, rf_matrix_row (view->own, item), view->dims);
      else if (view->features->available[item])
        take_vector (self, m, rf_matrix_row (view->features->x, item), view->dims);
    }
}

static gboolean
refuse (GError **error, RfError code, const char *message)
{
  g_set_error_literal (error, RF_ERROR, code, message);
  return FALSE;
}

gboolean
rf_query_set_text (RfQuery *self, const RfRetrieval *retrieval, const char *text, GError **error)
{
  g_autofree float *x = NULL;

  if (retrieval->text_model == NULL)
    return refuse (error, RF_ERROR_NOT_FOUND, retrieval->text_lacks);
  x = g_new0 (float, rf_text_model_get_dims (retrieval->text_model) + 1);
  if (!rf_text_model_transform (retrieval->text_model, text, x))
    return refuse (error, RF_ERROR_NOT_FOUND, _("None of these words stands in the texts of the catalog; try others."));
  take_vector (self, (guint) retrieval->text, x, retrieval->view[retrieval->text].dims);
  return TRUE;
}

gboolean
rf_query_set_picture (RfQuery *self, const RfRetrieval *retrieval, GBytes *encoded, GError **error)
{
  g_autofree float *x = NULL;

  if (retrieval->image_model == NULL)
    return refuse (error, RF_ERROR_NOT_FOUND, retrieval->image_lacks);
  x = g_new0 (float, rf_image_model_get_dims (retrieval->image_model) + 1);
  if (!rf_image_model_transform (retrieval->image_model, encoded, x))
    return refuse (error, RF_ERROR_FORMAT, _("This is no picture that can be read; choose a JPEG, PNG or WebP file."));
  take_vector (self, (guint) retrieval->image, x, retrieval->view[retrieval->image].dims);
  return TRUE;
}

/* --- search --- */

static gboolean
is_better (RfNeighbour a, RfNeighbour b)
{
  return a.similarity > b.similarity || (a.similarity == b.similarity && a.item < b.item);
}

/* The k best rows for a unit query, by insertion: k is small. Zero rows are nothing. */
static guint
find_nearest (const RfMatrix *rows, const float *query, guint32 without, guint k, RfNeighbour *out)
{
  g_autofree float *similarity = g_new (float, rows->rows + 1);
  guint n = 0;

  cblas_sgemv (CblasRowMajor, CblasNoTrans, (int) rows->rows, (int) rows->cols, 1.0f, rows->x, (int) rows->cols, query, 1, 0.0f, similarity, 1);
  for (guint32 i = 0; i < rows->rows; i++)
    {
      RfNeighbour next = { i, CLAMP (similarity[i], -1.0f, 1.0f) };
      guint at;

      if (i == without || similarity[i] == 0 || (n == k && (k == 0 || !is_better (next, out[n - 1]))))
        continue;
      at = n < k ? n++ : n - 1;
      for (; at > 0 && is_better (next, out[at - 1]); at--)
        out[at] = out[at - 1];
      out[at] = next;
    }
  return n;
}

static float *
centred_query (const View *view, const float *x)
{
  float *out = g_new (float, view->dims + 1);

  for (guint32 c = 0; c < view->dims; c++)
    out[c] = x[c] - view->mean[c];
  return out;
}

guint
rf_retrieval_find_own (const RfRetrieval *self, const RfQuery *query, guint modality, guint32 without, guint k, RfNeighbour *out)
{
  g_autofree float *x = NULL;

  if (query->x[modality] == NULL)
    return 0;
  x = centred_query (&self->view[modality], query->x[modality]);
  to_unit (x, self->view[modality].dims);
  return find_nearest (self->view[modality].own, x, without, k, out);
}

static void
share_query (const RfRetrieval *self, const RfQuery *query, float *out)
{
  memset (out, 0, RF_SHARED_DIMS * sizeof *out);
  for (guint m = 0; m < self->n; m++)
    if (query->x[m])
      {
        const View *view = &self->view[m];
        g_autofree float *x = centred_query (view, query->x[m]);
        float y[RF_SHARED_DIMS];

        if (view->map)
          cblas_sgemv (CblasRowMajor, CblasTrans, (int) view->dims, RF_SHARED_DIMS, 1.0f, view->map->x, RF_SHARED_DIMS, x, 1, 0.0f, y, 1);
        else
          memcpy (y, x, sizeof y);
        to_unit (y, RF_SHARED_DIMS);
        for (gsize c = 0; c < RF_SHARED_DIMS; c++)
          out[c] += y[c];
      }
  to_unit (out, RF_SHARED_DIMS);
}

guint
rf_retrieval_find_shared (const RfRetrieval *self, const RfQuery *query, guint modality, guint32 without, guint k, RfNeighbour *out)
{
  float y[RF_SHARED_DIMS];

  share_query (self, query, y);
  return find_nearest (modality == RF_ALL_MODALITIES ? self->all : self->view[modality].shared, y, without, k, out);
}

#define FOLDS 5

static gboolean
is_zero (const RfMatrix *x, gsize row)
{
  for (gsize c = 0; c < x->cols; c++)
    if (rf_matrix_row (x, row)[c] != 0)
      return FALSE;
  return TRUE;
}

/* A view's shared rows of the items of one fold, by a map that has seen only the others; rows of the others are zero. */
static RfMatrix *
share_fold (const RfRetrieval *self, guint m, guint fold)
{
  const View *view = &self->view[m];
  RfMatrix *out = rf_matrix_new (self->n_items, RF_SHARED_DIMS);
  g_autoptr(RfMatrix) seen = NULL, map = NULL;

  if (view->features)
    {
      seen = rf_matrix_new (self->n_items, view->dims);
      for (guint32 i = 0; i < self->n_items; i++)
        if (i % FOLDS != fold && view->features->available[i] && !is_zero (self->chosen, i))
          for (guint32 c = 0; c < view->dims; c++)
            rf_matrix_row (seen, i)[c] = rf_matrix_row (view->features->x, i)[c] - view->mean[c];
      map = fit_ridge (seen, self->chosen, NULL);
    }
  for (guint32 i = fold; i < self->n_items; i += FOLDS)
    {
      float *y = rf_matrix_row (out, i);

      if (view->features == NULL)
        memcpy (y, rf_matrix_row (view->shared, i), RF_SHARED_DIMS * sizeof *y);
      else if (map && view->features->available[i])
        {
          g_autofree float *x = centred_query (view, rf_matrix_row (view->features->x, i));

          cblas_sgemv (CblasRowMajor, CblasTrans, (int) view->dims, RF_SHARED_DIMS, 1.0f, map->x, RF_SHARED_DIMS, x, 1, 0.0f, y, 1);
          to_unit (y, RF_SHARED_DIMS);
        }
    }
  return out;
}

double
rf_retrieval_measure (const RfRetrieval *self, guint from, guint to, guint k, double *chance)
{
  g_autofree RfNeighbour *near = g_new (RfNeighbour, k + 1);
  double hits = 0, n = 0, lucky = 0;

  for (guint fold = 0; fold < FOLDS; fold++)
    {
      g_autoptr(RfMatrix) a = share_fold (self, from, fold), b = share_fold (self, to, fold);
      double candidates = 0, asked = 0;

      for (guint32 i = fold; i < self->n_items; i += FOLDS)
        {
          candidates += !is_zero (b, i);
          if (is_zero (a, i) || is_zero (b, i))
            continue;
          asked++;
          for (guint j = 0, found = find_nearest (b, rf_matrix_row (a, i), RF_NO_INDEX, k, near); j < found; j++)
            hits += near[j].item == i;
        }
      n += asked;
      lucky += candidates > 0 ? asked * MIN (1, k / candidates) : 0;
    }
  if (chance)
    *chance = n > 0 ? lucky / n : NAN;
  return n > 0 ? hits / n : NAN;
}
