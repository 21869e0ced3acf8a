/* rf-cnn.c: the forward pass, and features of a catalog's pictures.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-cnn.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-file.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/features/rf-cnn-private.h"
#include "core/features/rf-image-picture.h"
#include "core/features/rf-reduce.h"
#include "core/tensor/rf-ops.h"

#define LEAST_SIDE 32
#define VGG_SIDE   7
#define BATCH      64 /* pictures between two looks at the progress */

RfCnn *
rf_cnn_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr(RfSafetensors) file = rf_safetensors_parse (bytes, error);
  g_autoptr(RfCnn) self = NULL;
  const char *known;

  if (file == NULL)
    return NULL;
  known = name != NULL ? rf_cnn_find_name (name) : rf_cnn_guess_name (file);
  if (known == NULL)
    {
      if (name != NULL)
        g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("There is no network \"%s\"; choose resnet18, resnet50 or vgg16."), name);
      else
        g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT,
                             _("These are not the weights of a known network; ResNet-18, ResNet-50 and VGG-16 with torchvision's parameter names can be read."));
      return NULL;
    }
  self = g_new0 (RfCnn, 1);
  self->name = known;
  self->hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (!rf_cnn_read_weights (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

RfCnn *
rf_cnn_load (const char *path, const char *name, GError **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GBytes) bytes = rf_file_read (path, &local);
  RfCnn *self;

  if (bytes == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be opened: %s"), path, local->message);
      return NULL;
    }
  self = rf_cnn_new_from_bytes (bytes, name, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  return self;
}

void
rf_cnn_free (RfCnn *self)
{
  if (self == NULL)
    return;
  rf_cnn_free_weights (self);
  g_free (self->hash);
  g_free (self);
}

const char *
rf_cnn_get_name (const RfCnn *self)
{
  return self->name;
}

guint32
rf_cnn_get_dims (const RfCnn *self)
{
  return self->dims;
}

/* --- forward --- */

static RfTensor *
convolve (RfTape *tape, const RfCnnConv *conv, RfTensor *x)
{
  RfTensor *w = rf_leaf_4d (tape, conv->side, conv->side, conv->in, conv->out, conv->weight, NULL);
  RfTensor *bias = rf_leaf_1d (tape, conv->out, conv->bias, NULL);

  return rf_conv2d (tape, x, w, bias, (RfConv) { .stride = conv->stride, .padding = conv->padding });
}

static RfTensor *
empty_picture (RfTape *tape, gsize height, gsize width, gsize channels)
{
  return rf_reshape (tape, rf_constant_2d (tape, height * width, channels), 4, (const size_t[]) { 1, height, width, channels });
}

/* 3 x 3 windows, stride 2, the border left out: the pooling of the ResNets. */
static RfTensor *
pool_3x3 (RfTape *tape, const RfTensor *x)
{
  gsize height = x->dim[1], width = x->dim[2], channels = x->dim[3];
  RfTensor *out = empty_picture (tape, (height - 1) / 2 + 1, (width - 1) / 2 + 1, channels);
  float *to = out->x;

  for (gsize y = 0; y < out->dim[1]; y++)
    for (gsize col = 0; col < out->dim[2]; col++, to += channels)
      {
        for (gsize c = 0; c < channels; c++)
          to[c] = -INFINITY;
        for (gsize wy = y > 0 ? 2 * y - 1 : 0; wy <= 2 * y + 1 && wy < height; wy++)
          for (gsize wx = col > 0 ? 2 * col - 1 : 0; wx <= 2 * col + 1 && wx < width; wx++)
            {
              const float *from = x->x + (wy * width + wx) * channels;

              for (gsize c = 0; c < channels; c++)
                to[c] = MAX (to[c], from[c]);
            }
      }
  return out;
}

static RfTensor *
residual_block (RfTape *tape, const RfCnnBlock *block, RfTensor *x)
{
  RfTensor *side = block->has_side ? convolve (tape, &block->side, x) : x;

  for (guint c = 0; c < block->n_convs; c++)
    {
      x = convolve (tape, &block->convs[c], x);
      if (c + 1 < block->n_convs)
        x = rf_relu (tape, x);
    }
  return rf_relu (tape, rf_add (tape, x, side));
}

static RfTensor *
forward_resnet (const RfCnn *self, RfTape *tape, RfTensor *x)
{
  x = rf_relu (tape, convolve (tape, &self->stem, x));
  x = pool_3x3 (tape, x);
  for (guint b = 0; b < self->n_blocks; b++)
    x = residual_block (tape, &self->blocks[b], x);
  return rf_mean_hw (tape, x);
}

/* Means over 7 x 7 cells (torch.nn.AdaptiveAvgPool2d: cell i covers floor (i n / 7) .. ceil ((i + 1) n / 7)), as (channels,
 * 7, 7), the order in which the linear layer was trained. */
static RfTensor *
pool_7x7 (RfTape *tape, const RfTensor *x)
{
  gsize height = x->dim[1], width = x->dim[2], channels = x->dim[3];
  RfTensor *out = rf_constant_2d (tape, 1, channels * VGG_SIDE * VGG_SIDE);

  for (gsize cy = 0; cy < VGG_SIDE; cy++)
    for (gsize cx = 0; cx < VGG_SIDE; cx++)
      {
        gsize y0 = cy * height / VGG_SIDE, y1 = ((cy + 1) * height + VGG_SIDE - 1) / VGG_SIDE;
        gsize x0 = cx * width / VGG_SIDE, x1 = ((cx + 1) * width + VGG_SIDE - 1) / VGG_SIDE;

        for (gsize c = 0; c < channels; c++)
          {
            double sum = 0;

            for (gsize y = y0; y < y1; y++)
              for (gsize col = x0; col < x1; col++)
                sum += x->x[(y * width + col) * channels + c];
            out->x[(c * VGG_SIDE + cy) * VGG_SIDE + cx] = (float) (sum / (double) ((y1 - y0) * (x1 - x0)));
          }
      }
  return out;
}

static RfTensor *
forward_vgg (const RfCnn *self, RfTape *tape, RfTensor *x)
{
  for (guint c = 0; c < RF_CNN_VGG_CONVS; c++)
    {
      x = convolve (tape, &self->convs[c], x);
      x = rf_cnn_vgg_pools_after (c) ? rf_max_pool2d (tape, x, 2, true) : rf_relu (tape, x);
    }
  x = pool_7x7 (tape, x);
  for (guint l = 0; l < 2; l++)
    {
      const RfCnnLinear *linear = &self->linears[l];
      RfTensor *out = rf_constant_2d (tape, 1, linear->out);

      memcpy (out->x, linear->bias, linear->out * sizeof (float));
      cblas_sgemv (CblasRowMajor, CblasNoTrans, (int) linear->out, (int) linear->in, 1.0f, linear->weight, (int) linear->in, x->x, 1,
                   1.0f, out->x, 1);
      x = rf_relu (tape, out);
    }
  return x;
}

void
rf_cnn_forward (const RfCnn *self, RfTape *tape, float *picture, gsize height, gsize width, float *out)
{
  RfTensor *x;

  RF_CHECK (height >= LEAST_SIDE && width >= LEAST_SIDE, "a picture of %zu x %zu", height, width);
  rf_tape_reset (tape);
  rf_tape_set_recording (tape, false);
  x = rf_leaf_4d (tape, 1, height, width, 3, picture, NULL);
  x = self->residual ? forward_resnet (self, tape, x) : forward_vgg (self, tape, x);
  memcpy (out, x->x, self->dims * sizeof *out);
}

/* --- pictures --- */

void
rf_cnn_normalise (const guint8 *rgb, gsize n_pixels, float *out)
{
  static const float mean[3] = { .485f, .456f, .406f }, deviation[3] = { .229f, .224f, .225f };

  for (gsize i = 0; i < n_pixels * 3; i++)
    out[i] = (rgb[i] / 255.0f - mean[i % 3]) / deviation[i % 3];
}

gboolean
rf_cnn_decode (GBytes *encoded, guint size, guint8 *rgb)
{
  guint larger = size * 8 / 7, edge = (larger - size) / 2;
  g_autofree guint8 *square = g_malloc ((gsize) larger * larger * 3);

  if (!rf_picture_decode_to (encoded, larger, RF_FIT_CROP, square))
    return FALSE;
  for (gsize y = 0; y < size; y++)
    memcpy (rgb + y * size * 3, square + ((y + edge) * larger + edge) * 3, (gsize) size * 3);
  return TRUE;
}

/* --- a catalog --- */

typedef struct
{
  RfTape *tape;
  guint8 *rgb;
  float *picture;
} Worker;

typedef struct
{
  const RfCnn *cnn;
  RfPictureFunc picture;
  void *data;
  guint size;
  guint32 first;
  Worker *workers;
  RfMatrix *x;
  guint8 *available;
} Pass;

static void
describe_batch (size_t begin, size_t end, int w, void *data)
{
  Pass *pass = data;
  Worker *worker = &pass->workers[w];

  for (gsize i = begin; i < end; i++)
    {
      guint32 item = pass->first + (guint32) i;
      g_autoptr(GBytes) encoded = pass->picture (item, pass->data);

      if (encoded == NULL || !rf_cnn_decode (encoded, pass->size, worker->rgb))
        continue;
      rf_cnn_normalise (worker->rgb, (gsize) pass->size * pass->size, worker->picture);
      rf_cnn_forward (pass->cnn, worker->tape, worker->picture, pass->size, pass->size, rf_matrix_row (pass->x, item));
      pass->available[item] = 1;
    }
}

static gboolean
run_pass (Pass *pass, guint32 n_items, RfProgress *progress, GError **error)
{
  int n_workers = rf_parallel_get_threads ();
  gsize n_values = (gsize) pass->size * pass->size * 3;
  gboolean going = TRUE;

  pass->workers = g_new (Worker, n_workers);
  for (int w = 0; w < n_workers; w++)
    pass->workers[w] = (Worker) { rf_tape_new (), g_malloc (n_values), g_new (float, n_values) };
  for (; pass->first < n_items && going; pass->first += BATCH)
    {
      going = rf_progress_step (progress, _("Looking at pictures"), (double) pass->first / n_items, error);
      if (going)
        rf_parallel_for (MIN (BATCH, n_items - pass->first), 1, describe_batch, pass);
    }
  for (int w = 0; w < n_workers; w++)
    {
      rf_tape_free (pass->workers[w].tape);
      g_free (pass->workers[w].rgb);
      g_free (pass->workers[w].picture);
    }
  g_free (pass->workers);
  return going;
}

char *
rf_cnn_features_get_key (const char *name, guint size, guint32 max_dims, const char *hash)
{
  return g_strdup_printf ("cnn-1 %s size=%u dims=%u weights=%s", name, size, max_dims, hash);
}

RfFeatures *
rf_cnn_features_compute (RfCnn *self, guint32 n_items, RfPictureFunc picture, void *picture_data, guint size, guint32 max_dims,
                         RfProgress *progress, GError **error)
{
  Pass pass = { .cnn = self, .picture = picture, .data = picture_data, .size = size };
  g_autoptr(RfMatrix) x = rf_matrix_new (n_items, self->dims);
  g_autofree guint8 *available = g_new0 (guint8, (gsize) n_items + 1);
  g_autofree char *key = rf_cnn_features_get_key (self->name, size, max_dims, self->hash);

  RF_CHECK (size >= LEAST_SIDE, "a picture of %u x %u", size, size);
  pass.x = x;
  pass.available = available;
  if (!run_pass (&pass, n_items, progress, error))
    return NULL;
  if (max_dims > 0 && max_dims < self->dims && memchr (available, 1, n_items) != NULL)
    {
      RfMatrix *reduced = rf_reduce (x, available, max_dims, NULL, progress, error);

      if (reduced == NULL)
        return NULL;
      rf_matrix_free (g_steal_pointer (&x));
      x = reduced;
    }
  return rf_features_new ("image", key, g_steal_pointer (&x), g_steal_pointer (&available));
}
