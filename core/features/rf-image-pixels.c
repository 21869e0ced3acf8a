/* rf-image-pixels.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-image-pixels.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"

#define MAGIC "RFPIXEL1"
#define BATCH 256 /* pictures between two looks at the progress */
#define GRAIN 4

/* magic, n, size, fit; then n bytes of availability, then the pictures */
#define HEADER_BYTES (8 + 3 * 4)

static gsize
picture_bytes (guint size)
{
  return (gsize) size * size * 3;
}

static RfPixels *
pixels_alloc (guint32 n, guint size, RfPictureFit fit)
{
  RfPixels *self = g_new0 (RfPixels, 1);

  self->n = n;
  self->size = size;
  self->fit = fit;
  self->rgb = g_malloc0 ((gsize) n * picture_bytes (size) + 1);
  self->available = g_malloc0 ((gsize) n + 1);
  return self;
}

void
rf_pixels_free (RfPixels *self)
{
  if (self == NULL)
    return;
  g_free (self->rgb);
  g_free (self->available);
  g_free (self);
}

typedef struct
{
  RfPixels *pixels;
  RfPictureFunc picture;
  void *data;
  guint32 first;
} Pass;

static void
decode_batch (size_t begin, size_t end, int worker, void *data)
{
  Pass *pass = data;
  RfPixels *pixels = pass->pixels;

  for (gsize i = begin; i < end; i++)
    {
      guint32 item = pass->first + (guint32) i;
      guint8 *rgb = pixels->rgb + (gsize) item * picture_bytes (pixels->size);
      g_autoptr(GBytes) encoded = pass->picture (item, pass->data);

      pixels->available[item] = encoded != NULL && rf_picture_decode_to (encoded, pixels->size, pixels->fit, rgb);
    }
}

RfPixels *
rf_pixels_new (guint32 n, RfPictureFunc picture, void *data, guint size, RfPictureFit fit, RfProgress *progress, GError **error)
{
  g_autoptr(RfPixels) self = pixels_alloc (n, size, fit);
  Pass pass = { .pixels = self, .picture = picture, .data = data };

  for (; pass.first < n; pass.first += BATCH)
    {
      if (!rf_progress_step (progress, _("Decoding pictures"), (double) pass.first / n, error))
        return NULL;
      rf_parallel_for (MIN (BATCH, n - pass.first), GRAIN, decode_batch, &pass);
    }
  return g_steal_pointer (&self);
}

char *
rf_pixels_get_key (guint size, RfPictureFit fit)
{
  static const char *const names[] = { "stretch", "letterbox", "crop" };

  return g_strdup_printf ("pixels-1 size=%u fit=%s", size, names[fit]);
}

GBytes *
rf_pixels_to_bytes (const RfPixels *self)
{
  guint32 header[3] = { GUINT32_TO_LE (self->n), GUINT32_TO_LE (self->size), GUINT32_TO_LE ((guint32) self->fit) };
  gsize n_available = 0, length;
  guint8 *bytes, *to;

  for (guint32 i = 0; i < self->n; i++)
    n_available += self->available[i];
  length = HEADER_BYTES + self->n + n_available * picture_bytes (self->size);
  bytes = g_malloc (length);
  memcpy (bytes, MAGIC, 8);
  memcpy (bytes + 8, header, sizeof header);
  memcpy (bytes + HEADER_BYTES, self->available, self->n);
  to = bytes + HEADER_BYTES + self->n;
  for (guint32 i = 0; i < self->n; i++)
    if (self->available[i])
      {
        memcpy (to, rf_pixels_get (self, i), picture_bytes (self->size));
        to += picture_bytes (self->size);
      }
  return g_bytes_new_take (bytes, length);
}

RfPixels *
rf_pixels_new_from_bytes (GBytes *bytes, GError **error)
{
  gsize length, at, n_available = 0;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint32 header[3];
  gboolean good = length >= HEADER_BYTES && memcmp (data, MAGIC, 8) == 0;
  RfPixels *self;

  if (good)
    {
      memcpy (header, data + 8, sizeof header);
      for (int h = 0; h < 3; h++)
        header[h] = GUINT32_FROM_LE (header[h]);
      good = header[1] >= 1 && header[1] <= 4096 && header[2] <= RF_FIT_CROP && header[0] <= length - HEADER_BYTES;
    }
  for (guint32 i = 0; good && i < header[0]; i++)
    {
      n_available += data[HEADER_BYTES + i];
      good = data[HEADER_BYTES + i] <= 1;
    }
  if (!good || length - HEADER_BYTES - header[0] != n_available * picture_bytes (header[1]))
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _("The stored pixels are damaged or from another version; they will have to be decoded again."));
      return NULL;
    }
  self = pixels_alloc (header[0], header[1], (RfPictureFit) header[2]);
  memcpy (self->available, data + HEADER_BYTES, self->n);
  at = HEADER_BYTES + self->n;
  for (guint32 i = 0; i < self->n; i++)
    if (self->available[i])
      {
        memcpy (self->rgb + (gsize) i * picture_bytes (self->size), data + at, picture_bytes (self->size));
        at += picture_bytes (self->size);
      }
  return self;
}

void
rf_pixels_get_statistics (const RfPixels *self, float mean[3], float deviation[3])
{
  guint64 sum[3] = { 0 }, square[3] = { 0 }, n = 0;

  for (guint32 i = 0; i < self->n; i++)
    {
      const guint8 *rgb = rf_pixels_get (self, i);

      if (!self->available[i])
        continue;
      n += (guint64) self->size * self->size;
      for (gsize k = 0; k < picture_bytes (self->size); k++)
        {
          sum[k % 3] += rgb[k];
          square[k % 3] += (guint64) rgb[k] * rgb[k];
        }
    }
  for (int c = 0; c < 3; c++)
    {
      double m = n > 0 ? (double) sum[c] / (double) n : 127.5, v = n > 0 ? (double) square[c] / (double) n - m * m : 0;

      mean[c] = (float) (m / 255);
      deviation[c] = v > 1 ? (float) (sqrt (v) / 255) : 1.0f / 255;
    }
}
