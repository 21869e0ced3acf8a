/* rf-image-model.c
 *
 * Pictures come in an order drawn by the seed. The first ones give the patch filters; up to options.fit_pictures are
 * described and kept, to fit means and components; of all others only the final vector is kept. So no picture is decoded
 * twice, and memory does not grow with the catalog but for the result.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-image-model.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-types.h"
#include "core/features/rf-image-blocks.h"
#include "core/features/rf-image-filters.h"
#include "core/features/rf-svd.h"

/* Raise it when the method changes: caches of the old one are then missed. */
#define METHOD "image-blocks-2"

/* method, options (seed, fit_pictures), kept dimensions, and all floats in the order of float_parts() */
#define BYTES_TYPE "(s(tu)ayay)"

#define RGB_BYTES       (RF_PICTURE_AREA * 3)
#define FILTER_PICTURES 500
#define BATCH           256 /* pictures between two looks at the progress; not for the user to choose, so results never differ */
#define GRAIN           4

/* A descriptor that hardly varies says nothing, and must not be blown up. */
#define DEVIATION_LEAST 1e-4

typedef struct
{
  const char *name;
  guint32 raw, kept;
  void (*describe) (const RfPicture *picture, float *out); /* NULL: the filters */
} Block;

static const Block blocks[] = {
  { "colours", RF_COLOURS_DIMS, 64, rf_describe_colours },
  { "palette", RF_PALETTE_DIMS, 24, rf_describe_palette },
  { "gradients", RF_GRADIENTS_DIMS, 48, rf_describe_gradients },
  { "grid", RF_GRID_DIMS, 24, rf_describe_grid },
  { "figure", RF_FIGURE_DIMS, 40, rf_describe_figure },
  { "texture", RF_TEXTURE_DIMS, 48, rf_describe_texture },
  { "filters", RF_FILTERS_DIMS, 64, NULL },
};

#define N_BLOCKS G_N_ELEMENTS (blocks)
#define RAW_DIMS                                                                                                        \
  (RF_COLOURS_DIMS + RF_PALETTE_DIMS + RF_GRADIENTS_DIMS + RF_GRID_DIMS + RF_FIGURE_DIMS + RF_TEXTURE_DIMS + RF_FILTERS_DIMS)

struct _RfImageModel
{
  RfImageOptions options;
  guint8 kept[N_BLOCKS]; /* fewer than blocks[].kept where there are fewer pictures */
  guint32 dims;          /* at least 1, also when nothing is kept */
  RfFilters filters;
  float mean[RAW_DIMS];
  float scale[RAW_DIMS];        /* 1 / deviation, or 0 */
  float *projection[N_BLOCKS];  /* raw x kept */
};

/* What one thread needs for one picture. */
typedef struct
{
  RfPicture *picture;
  RfFilterScratch *scratch;
  float raw[RAW_DIMS];
} Worker;

RfImageOptions
rf_image_options_default (void)
{
  return (RfImageOptions) { .seed = 1, .fit_pictures = 10000 };
}

char *
rf_image_options_get_key (const RfImageOptions *o)
{
  return g_strdup_printf (METHOD " size=%d seed=%" G_GUINT64_FORMAT " fit_pictures=%u", RF_PICTURE_SIZE, o->seed, o->fit_pictures);
}

static RfImageModel *
model_new (const RfImageOptions *options)
{
  RfImageModel *self = g_new0 (RfImageModel, 1);

  self->options = *options;
  self->dims = 1;
  return self;
}

void
rf_image_model_free (RfImageModel *self)
{
  if (self == NULL)
    return;
  for (gsize b = 0; b < N_BLOCKS; b++)
    g_free (self->projection[b]);
  g_free (self);
}

static void
set_kept (RfImageModel *self, gsize n_pictures)
{
  guint32 sum = 0;

  for (gsize b = 0; b < N_BLOCKS; b++)
    {
      self->kept[b] = (guint8) MIN (blocks[b].kept, n_pictures);
      self->projection[b] = g_new0 (float, (gsize) blocks[b].raw * self->kept[b] + 1);
      sum += self->kept[b];
    }
  self->dims = MAX (sum, 1);
}

guint32
rf_image_model_get_dims (const RfImageModel *self)
{
  return self->dims;
}

gboolean
rf_image_model_get_block (const RfImageModel *self, guint index, const char **name, guint32 *first, guint32 *n)
{
  if (index >= N_BLOCKS)
    return FALSE;
  *name = blocks[index].name;
  *n = self->kept[index];
  *first = 0;
  for (guint b = 0; b < index; b++)
    *first += self->kept[b];
  return TRUE;
}

/* --- one picture --- */

static Worker *
worker_new (void)
{
  Worker *self = g_new (Worker, 1);

  self->picture = rf_picture_new ();
  self->scratch = rf_filter_scratch_new ();
  return self;
}

static void
worker_free (Worker *self)
{
  rf_picture_free (self->picture);
  rf_filter_scratch_free (self->scratch);
  g_free (self);
}

/* worker->picture->rgb -> worker->raw */
static void
describe (const RfFilters *filters, Worker *worker)
{
  float *out = worker->raw;

  rf_picture_prepare (worker->picture);
  for (gsize b = 0; b < N_BLOCKS; b++)
    {
      if (blocks[b].describe != NULL)
        blocks[b].describe (worker->picture, out);
      else
        rf_filters_describe (filters, worker->picture->rgb, worker->scratch, out);
      out += blocks[b].raw;
    }
}

static void
project (const RfImageModel *self, const float *raw, float *x)
{
  float standard[RAW_DIMS];
  gsize at = 0;

  for (gsize i = 0; i < RAW_DIMS; i++)
    standard[i] = (raw[i] - self->mean[i]) * self->scale[i];
  x[0] = 0;
  for (gsize b = 0; b < N_BLOCKS; at += blocks[b].raw, x += self->kept[b], b++)
    if (self->kept[b] > 0)
      cblas_sgemv (CblasRowMajor, CblasTrans, (int) blocks[b].raw, self->kept[b], 1.0f, self->projection[b], self->kept[b],
                   standard + at, 1, 0.0f, x, 1);
}

/* --- fitting --- */

typedef struct
{
  RfImageModel *model;
  RfPictureFunc picture;
  void *data;
  const guint32 *order; /* the items, in the order drawn */
  guint32 n;
  Worker **workers;
  RfProgress *progress;

  guint32 first;        /* place in order of the batch at work */
  guint8 *decoded;      /* pixels of the batch, RGB_BYTES each */
  gboolean ok[BATCH];   /* of the batch: was there a picture? */

  guint8 **early;       /* pixels by place in order, kept from learning the filters; NULL beyond n_early or without picture */
  guint32 n_early;

  float *raw;           /* of the batch, RAW_DIMS each */
  RfMatrix *x;
  guint8 *available;
} Fit;

static gboolean
decode_item (const Fit *fit, guint32 item, guint8 *rgb)
{
  g_autoptr(GBytes) encoded = fit->picture (item, fit->data);

  return encoded != NULL && rf_picture_decode (encoded, rgb);
}

static void
decode_batch (size_t begin, size_t end, int worker, void *data)
{
  Fit *fit = data;

  for (gsize i = begin; i < end; i++)
    fit->ok[i] = decode_item (fit, fit->order[fit->first + i], fit->decoded + i * RGB_BYTES);
}

/* Reads pictures in order until there are enough for the filters. */
static gboolean
read_early (Fit *fit, GError **error)
{
  gsize n_found = 0;

  fit->decoded = g_malloc ((gsize) BATCH * RGB_BYTES);
  for (fit->first = 0; fit->first < fit->n && n_found < FILTER_PICTURES; fit->first += BATCH)
    {
      guint32 count = MIN (BATCH, fit->n - fit->first);

      if (!rf_progress_step (fit->progress, _("Learning patches of the pictures"), (double) n_found / FILTER_PICTURES, error))
        return FALSE;
      rf_parallel_for (count, GRAIN, decode_batch, fit);
      fit->early = g_renew (guint8 *, fit->early, fit->n_early + count);
      for (guint32 i = 0; i < count; i++)
        {
          fit->early[fit->n_early++] = fit->ok[i] ? g_memdup2 (fit->decoded + (gsize) i * RGB_BYTES, RGB_BYTES) : NULL;
          n_found += fit->ok[i];
        }
    }
  return TRUE;
}

static gboolean
learn_filters (Fit *fit, gboolean *any, GError **error)
{
  g_autofree const guint8 **found = g_new (const guint8 *, fit->n_early + 1);
  gsize n = 0;

  for (guint32 i = 0; i < fit->n_early; i++)
    if (fit->early[i] != NULL)
      found[n++] = fit->early[i];
  *any = n > 0;
  return n == 0 || rf_filters_learn (found, n, fit->model->options.seed, &fit->model->filters, error);
}

/* Brings the picture at `place` into the worker, as raw descriptors. */
static gboolean
describe_place (const Fit *fit, guint32 place, Worker *worker)
{
  if (place < fit->n_early)
    {
      if (fit->early[place] == NULL)
        return FALSE;
      memcpy (worker->picture->rgb, fit->early[place], RGB_BYTES);
    }
  else if (!decode_item (fit, fit->order[place], worker->picture->rgb))
    return FALSE;
  describe (&fit->model->filters, worker);
  return TRUE;
}

/* In a worker, before its part of the batch: a batch may take seconds, and a stop or a pause is not to wait for it. */
static gboolean
go_on (const Fit *fit, gsize begin)
{
  return rf_progress_step (fit->progress, _("Describing pictures"), (double) (fit->first + begin) / MAX (fit->n, 1), NULL);
}

static void
describe_batch (size_t begin, size_t end, int w, void *data)
{
  Fit *fit = data;
  Worker *worker = fit->workers[w];
  gboolean going = go_on (fit, begin);

  for (gsize i = begin; i < end; i++)
    {
      fit->ok[i] = going && describe_place (fit, fit->first + (guint32) i, worker);
      if (fit->ok[i])
        memcpy (fit->raw + i * RAW_DIMS, worker->raw, sizeof worker->raw);
    }
}

static void
project_batch (size_t begin, size_t end, int w, void *data)
{
  Fit *fit = data;
  Worker *worker = fit->workers[w];

  for (gsize i = begin; i < end && go_on (fit, i); i++)
    {
      guint32 item = fit->order[fit->first + i];

      if (!describe_place (fit, fit->first + (guint32) i, worker))
        continue;
      project (fit->model, worker->raw, rf_matrix_row (fit->x, item));
      fit->available[item] = 1;
    }
}

/* Mean, deviation and principal components of one block; block points at its columns in the n x RAW_DIMS matrix. */
static gboolean
fit_block (RfImageModel *self, gsize b, gsize at, const float *raw, gsize n, GError **error)
{
  gsize d = blocks[b].raw, kept = self->kept[b];
  g_autofree float *standard = g_new (float, n *d), *correlation = g_new (float, d *d), *values = g_new (float, kept + 1);
  g_autofree double *gram = g_new (double, d *d);
  double total = 0;

  for (gsize j = 0; j < d; j++)
    {
      double sum = 0, square = 0, mean, deviation;

      for (gsize i = 0; i < n; i++)
        sum += raw[i * RAW_DIMS + at + j];
      mean = sum / (double) n;
      for (gsize i = 0; i < n; i++)
        square += pow (raw[i * RAW_DIMS + at + j] - mean, 2);
      deviation = sqrt (square / (double) n);
      self->mean[at + j] = (float) mean;
      self->scale[at + j] = deviation > DEVIATION_LEAST ? (float) (1.0 / deviation) : 0.0f;
    }
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      standard[i * d + j] = (raw[i * RAW_DIMS + at + j] - self->mean[at + j]) * self->scale[at + j];
  rf_gram (n, d, standard, gram);
  for (gsize i = 0; i < d * d; i++)
    correlation[i] = (float) (gram[i] / (double) n);
  if (!rf_eigen_top (d, correlation, kept, rf_hash_mix (self->options.seed, b), self->projection[b], values, error))
    return FALSE;
  for (gsize j = 0; j < kept; j++)
    total += values[j];
  for (gsize i = 0; i < d * kept && total > 0; i++)
    self->projection[b][i] /= (float) sqrt (total);
  return TRUE;
}

static gboolean
fit_blocks (Fit *fit, const GArray *raw, GError **error)
{
  gsize n = raw->len / RAW_DIMS, at = 0;

  set_kept (fit->model, n);
  for (gsize b = 0; b < N_BLOCKS && n > 0; at += blocks[b].raw, b++)
    {
      if (!rf_progress_step (fit->progress, _("Finding the main differences of the pictures"), (double) b / N_BLOCKS, error)
          || !fit_block (fit->model, b, at, (const float *) (const void *) raw->data, n, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
report_pictures (const Fit *fit, GError **error)
{
  return rf_progress_step (fit->progress, _("Describing pictures"), (double) fit->first / MAX (fit->n, 1), error);
}

/* Describes pictures in order until there are enough to fit the blocks; `items` tells whose rows they are. */
static gboolean
describe_for_fit (Fit *fit, GArray *raw, GArray *items, GError **error)
{
  fit->raw = g_new (float, (gsize) BATCH *RAW_DIMS);
  for (fit->first = 0; fit->first < fit->n && items->len < fit->model->options.fit_pictures; fit->first += BATCH)
    {
      guint32 count = MIN (BATCH, fit->n - fit->first);

      if (!report_pictures (fit, error))
        return FALSE;
      rf_parallel_for (count, GRAIN, describe_batch, fit);
      for (guint32 i = 0; i < count; i++)
        if (fit->ok[i])
          {
            g_array_append_vals (raw, fit->raw + (gsize) i * RAW_DIMS, RAW_DIMS);
            g_array_append_val (items, fit->order[fit->first + i]);
          }
    }
  return TRUE;
}

static gboolean
run_fit (Fit *fit, GError **error)
{
  g_autoptr(GArray) raw = g_array_new (FALSE, FALSE, sizeof (float)), items = g_array_new (FALSE, FALSE, sizeof (guint32));
  gboolean any = FALSE;

  if (!read_early (fit, error) || !learn_filters (fit, &any, error))
    return FALSE;
  if (any && (!describe_for_fit (fit, raw, items, error) || !fit_blocks (fit, raw, error)))
    return FALSE;
  fit->x = rf_matrix_new (fit->n, fit->model->dims);
  for (guint i = 0; i < items->len; i++)
    {
      guint32 item = g_array_index (items, guint32, i);

      project (fit->model, (const float *) (const void *) raw->data + (gsize) i * RAW_DIMS, rf_matrix_row (fit->x, item));
      fit->available[item] = 1;
    }
  for (; any && fit->first < fit->n; fit->first += BATCH)
    {
      if (!report_pictures (fit, error))
        return FALSE;
      rf_parallel_for (MIN (BATCH, fit->n - fit->first), GRAIN, project_batch, fit);
    }
  return rf_progress_step (fit->progress, _("Describing pictures"), 1.0, error);
}

static guint32 *
draw_order (guint32 n, guint64 seed)
{
  guint32 *order = g_new (guint32, (gsize) n + 1);
  RfRng rng = rf_rng_new (seed, n);

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  rf_rng_shuffle_u32 (&rng, order, n);
  return order;
}

RfImageModel *
rf_image_model_fit (guint32 n, RfPictureFunc picture, void *data, const RfImageOptions *options, RfMatrix **x, guint8 **available,
                    RfProgress *progress, GError **error)
{
  g_autoptr(RfImageModel) model = model_new (options);
  g_autofree guint32 *order = draw_order (n, options->seed);
  int n_workers = rf_parallel_get_threads ();
  Fit fit = {
    .model = model,
    .picture = picture,
    .data = data,
    .order = order,
    .n = n,
    .workers = g_new (Worker *, n_workers),
    .progress = progress,
    .available = g_new0 (guint8, (gsize) n + 1),
  };
  gboolean done;

  for (int w = 0; w < n_workers; w++)
    fit.workers[w] = worker_new ();
  done = run_fit (&fit, error);
  for (int w = 0; w < n_workers; w++)
    worker_free (fit.workers[w]);
  for (guint32 i = 0; i < fit.n_early; i++)
    g_free (fit.early[i]);
  g_free (fit.early);
  g_free (fit.workers);
  g_free (fit.decoded);
  g_free (fit.raw);
  if (!done)
    {
      rf_matrix_free (fit.x);
      g_free (fit.available);
      return NULL;
    }
  *x = fit.x;
  *available = fit.available;
  return g_steal_pointer (&model);
}

/* --- the fitted model --- */

void
rf_image_model_transform_many (const RfImageModel *self, const guint8 *rgb, gsize n, float *x)
{
  Worker *worker = worker_new ();

  for (gsize i = 0; i < n; i++)
    {
      memcpy (worker->picture->rgb, rgb + i * RGB_BYTES, RGB_BYTES);
      describe (&self->filters, worker);
      project (self, worker->raw, x + i * self->dims);
    }
  worker_free (worker);
}

void
rf_image_model_transform_rgb (const RfImageModel *self, const guint8 *rgb, float *x)
{
  rf_image_model_transform_many (self, rgb, 1, x);
}

gboolean
rf_image_model_transform (const RfImageModel *self, GBytes *encoded, float *x)
{
  g_autofree guint8 *rgb = g_malloc (RGB_BYTES);

  memset (x, 0, self->dims * sizeof *x);
  if (!rf_picture_decode (encoded, rgb))
    return FALSE;
  rf_image_model_transform_rgb (self, rgb, x);
  return TRUE;
}

/* Calls func for every stretch of floats that make the model. */
static void
float_parts (RfImageModel *self, void (*func) (float *values, gsize n, void *data), void *data)
{
  func (self->filters.weight[0], RF_FILTERS_N * RF_FILTERS_VALUES, data);
  func (self->filters.offset, RF_FILTERS_N, data);
  func (self->mean, RAW_DIMS, data);
  func (self->scale, RAW_DIMS, data);
  for (gsize b = 0; b < N_BLOCKS; b++)
    func (self->projection[b], (gsize) blocks[b].raw * self->kept[b], data);
}

static void
append_floats (float *values, gsize n, void *data)
{
  g_byte_array_append (data, (const guint8 *) values, (guint) (n * sizeof *values));
}

typedef struct
{
  const guint8 *at;
  gsize left;
  gboolean good;
} Reader;

static void
read_floats (float *values, gsize n, void *data)
{
  Reader *reader = data;

  if (!reader->good || reader->left < n * sizeof *values)
    {
      reader->good = FALSE;
      return;
    }
  memcpy (values, reader->at, n * sizeof *values);
  reader->at += n * sizeof *values;
  reader->left -= n * sizeof *values;
  for (gsize i = 0; i < n; i++)
    reader->good = reader->good && isfinite (values[i]);
}

GBytes *
rf_image_model_to_bytes (const RfImageModel *self)
{
  g_autoptr(GByteArray) floats = g_byte_array_new ();
  g_autoptr(GVariant) value = NULL;

  float_parts ((RfImageModel *) self, append_floats, floats);
  value = g_variant_ref_sink (g_variant_new ("(s(tu)@ay@ay)", METHOD, self->options.seed, self->options.fit_pictures,
                                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, self->kept, N_BLOCKS, 1),
                                             g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, floats->data, floats->len, 1)));
  return g_variant_get_data_as_bytes (value);
}

RfImageModel *
rf_image_model_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr(GVariant) value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (BYTES_TYPE), bytes, FALSE));
  g_autoptr(GVariant) kept = NULL, floats = NULL;
  const char *method;
  RfImageOptions options;
  gsize n_kept, n_bytes;
  const guint8 *dims, *data;
  g_autoptr(RfImageModel) self = NULL;
  Reader reader;

  g_variant_get (value, "(&s(tu)@ay@ay)", &method, &options.seed, &options.fit_pictures, &kept, &floats);
  dims = g_variant_get_fixed_array (kept, &n_kept, 1);
  data = g_variant_get_fixed_array (floats, &n_bytes, 1);
  self = model_new (&options);
  reader = (Reader) { data, n_bytes, g_variant_is_normal_form (value) && strcmp (method, METHOD) == 0 && n_kept == N_BLOCKS };
  if (reader.good)
    {
      guint32 sum = 0;

      for (gsize b = 0; b < N_BLOCKS; b++)
        {
          self->kept[b] = (guint8) MIN (dims[b], blocks[b].kept);
          self->projection[b] = g_new0 (float, (gsize) blocks[b].raw * self->kept[b] + 1);
          sum += self->kept[b];
        }
      self->dims = MAX (sum, 1);
      float_parts (self, read_floats, &reader);
    }
  if (!reader.good || reader.left != 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _("The stored image model is damaged or from another version; train again to make it anew."));
      return NULL;
    }
  return g_steal_pointer (&self);
}
