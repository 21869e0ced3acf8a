/* rf-image-picture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-image-picture.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#define SIZE RF_PICTURE_SIZE
#define AREA RF_PICTURE_AREA

/* The figure: pixels that differ from the colours of the border. */
#define BORDER           4
#define THRESHOLD_LEAST  0.05f
#define DISTANCE_BINS    64
#define PLANE_TERMS      3 /* 1, x, y */

RfPicture *
rf_picture_new (void)
{
  return g_aligned_alloc0 (1, sizeof (RfPicture), 64);
}

void
rf_picture_free (RfPicture *self)
{
  g_aligned_free (self);
}

/* --- decoding --- */

typedef struct
{
  int size;
  RfPictureFit fit;
  gboolean refused;
} Target;

/* To what a picture of this size is scaled. */
static void
scaled_size (const Target *target, int *width, int *height)
{
  int reference = target->fit == RF_FIT_LETTERBOX ? MAX (*width, *height) : MIN (*width, *height);
  double scale = (double) target->size / reference;

  if (target->fit == RF_FIT_STRETCH)
    {
      *width = *height = target->size;
      return;
    }
  *width = MAX ((int) lrint (*width * scale), target->fit == RF_FIT_CROP ? target->size : 1);
  *height = MAX ((int) lrint (*height * scale), target->fit == RF_FIT_CROP ? target->size : 1);
}

static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Target *target = data;

  target->refused = width < 1 || height < 1 || (guint64) width * (guint64) height > RF_PICTURE_MAX_PIXELS;
  if (!target->refused)
    {
      scaled_size (target, &width, &height); /* a thin strip, cut to a square, can become large */
      target->refused = (guint64) width * (guint64) height > RF_PICTURE_MAX_PIXELS;
    }
  if (target->refused)
    gdk_pixbuf_loader_set_size (loader, 0, 0); /* tells the loader to stop */
  else
    gdk_pixbuf_loader_set_size (loader, width, height);
}

static GdkPixbuf *
decode (GBytes *encoded, Target *target)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr(GdkPixbuf) turned = NULL;
  gboolean whole;
  GdkPixbuf *pixbuf;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (encoded, &length);
  int width, height;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), target);
  whole = length > 0 && gdk_pixbuf_loader_write (loader, bytes, length, NULL);
  whole = gdk_pixbuf_loader_close (loader, NULL) && whole && !target->refused;
  pixbuf = whole ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  turned = pixbuf != NULL ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;
  if (turned == NULL)
    return NULL;
  width = gdk_pixbuf_get_width (turned);
  height = gdk_pixbuf_get_height (turned);
  scaled_size (target, &width, &height);
  if (width == gdk_pixbuf_get_width (turned) && height == gdk_pixbuf_get_height (turned))
    return g_steal_pointer (&turned);
  return gdk_pixbuf_scale_simple (turned, width, height, GDK_INTERP_BILINEAR); /* a loader that does not know how to scale */
}

/* Puts the middle of the picture on the middle of the square. */
static void
copy_pixels (const GdkPixbuf *pixbuf, guint size, guint8 *rgb)
{
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf), channels = (gsize) gdk_pixbuf_get_n_channels (pixbuf);
  gsize width = (gsize) gdk_pixbuf_get_width (pixbuf), height = (gsize) gdk_pixbuf_get_height (pixbuf);
  gsize from_x = width > size ? (width - size) / 2 : 0, from_y = height > size ? (height - size) / 2 : 0;
  gsize to_x = width < size ? (size - width) / 2 : 0, to_y = height < size ? (size - height) / 2 : 0;
  gboolean alpha = gdk_pixbuf_get_has_alpha (pixbuf);

  for (gsize y = 0; y < MIN (height, size); y++)
    for (gsize x = 0; x < MIN (width, size); x++)
      {
        const guint8 *from = pixels + (y + from_y) * stride + (x + from_x) * channels;
        guint8 *to = rgb + ((y + to_y) * size + x + to_x) * 3;
        guint cover = alpha ? from[3] : 255;

        for (int c = 0; c < 3; c++)
          to[c] = (guint8) ((from[c] * cover + 255 * (255 - cover) + 127) / 255);
      }
}

gboolean
rf_picture_decode_to (GBytes *encoded, guint size, RfPictureFit fit, guint8 *rgb)
{
  Target target = { .size = (int) size, .fit = fit };
  g_autoptr(GdkPixbuf) scaled = decode (encoded, &target);

  if (scaled == NULL)
    return FALSE;
  if (fit == RF_FIT_LETTERBOX)
    memset (rgb, 128, (gsize) size * size * 3);
  copy_pixels (scaled, size, rgb);
  return TRUE;
}

gboolean
rf_picture_decode (GBytes *encoded, guint8 *rgb)
{
  return rf_picture_decode_to (encoded, SIZE, RF_FIT_STRETCH, rgb);
}

/* --- planes --- */

void
rf_hsv_from_rgb (guint8 r, guint8 g, guint8 b, float *h, float *s, float *v)
{
  int most = MAX (r, MAX (g, b)), least = MIN (r, MIN (g, b)), range = most - least;
  float sector;

  *v = (float) most / 255.0f;
  *s = most > 0 ? (float) range / (float) most : 0.0f;
  if (range == 0)
    {
      *h = 0.0f;
      return;
    }
  if (most == r)
    sector = (float) (g - b) / (float) range;
  else if (most == g)
    sector = 2.0f + (float) (b - r) / (float) range;
  else
    sector = 4.0f + (float) (r - g) / (float) range;
  *h = (sector < 0 ? sector + 6.0f : sector) / 6.0f;
}

static void
fill_colours (RfPicture *p)
{
  for (gsize i = 0; i < AREA; i++)
    {
      const guint8 *c = p->rgb + i * 3;

      rf_hsv_from_rgb (c[0], c[1], c[2], &p->hue[i], &p->saturation[i], &p->value[i]);
      p->grey[i] = (0.299f * c[0] + 0.587f * c[1] + 0.114f * c[2]) / 255.0f;
    }
}

static void
fill_slopes (RfPicture *p)
{
  for (gsize y = 0; y < SIZE; y++)
    for (gsize x = 0; x < SIZE; x++)
      {
        gsize i = y * SIZE + x;

        p->slope_x[i] = x > 0 && x + 1 < SIZE ? p->grey[i + 1] - p->grey[i - 1] : 0.0f;
        p->slope_y[i] = y > 0 && y + 1 < SIZE ? p->grey[i + SIZE] - p->grey[i - SIZE] : 0.0f;
      }
}

/* --- figure and ground --- */

static gboolean
is_border (gsize x, gsize y)
{
  return x < BORDER || y < BORDER || x >= SIZE - BORDER || y >= SIZE - BORDER;
}

static float
centred (gsize at)
{
  return ((float) at - (SIZE - 1) / 2.0f) / (SIZE / 2.0f);
}

/* Least squares of each colour over the border as a plane c0 + c1 x + c2 y. The border is symmetric, so the terms are
 * orthogonal and each coefficient is a plain ratio. */
static void
fit_ground (const RfPicture *p, float plane[3][PLANE_TERMS])
{
  double sum[3][PLANE_TERMS] = { { 0 } }, square[PLANE_TERMS] = { 0 };

  for (gsize y = 0; y < SIZE; y++)
    for (gsize x = 0; x < SIZE; x++)
      {
        float terms[PLANE_TERMS] = { 1.0f, centred (x), centred (y) };

        if (!is_border (x, y))
          continue;
        for (int t = 0; t < PLANE_TERMS; t++)
          {
            square[t] += (double) terms[t] * terms[t];
            for (int c = 0; c < 3; c++)
              sum[c][t] += (double) terms[t] * p->rgb[(y * SIZE + x) * 3 + (gsize) c] / 255.0;
          }
      }
  for (int c = 0; c < 3; c++)
    for (int t = 0; t < PLANE_TERMS; t++)
      plane[c][t] = (float) (sum[c][t] / square[t]);
}

/* Otsu's threshold ("A threshold selection method from gray-level histograms", 1979) of values in 0 .. 1. */
static float
otsu (const float *values)
{
  double histogram[DISTANCE_BINS] = { 0 }, all = 0, below = 0, n_below = 0, best = -1;
  int best_bin = 0;

  for (gsize i = 0; i < AREA; i++)
    {
      int bin = (int) (values[i] * DISTANCE_BINS);

      bin = MIN (bin, DISTANCE_BINS - 1);
      histogram[bin]++;
      all += bin;
    }
  for (int b = 0; b + 1 < DISTANCE_BINS; b++)
    {
      double between, n_above;

      n_below += histogram[b];
      below += b * histogram[b];
      n_above = AREA - n_below;
      if (n_below == 0 || n_above == 0)
        continue;
      between = n_below * n_above * pow (below / n_below - (all - below) / n_above, 2);
      if (between > best)
        {
          best = between;
          best_bin = b;
        }
    }
  return (float) (best_bin + 1) / DISTANCE_BINS;
}

/* A pixel belongs to the figure when its colour is further from the ground than four deviations of the border (a plain
 * ground), or than Otsu's threshold (a busy one); in between it belongs in part. */
static void
fill_figure (RfPicture *p)
{
  float plane[3][PLANE_TERMS], *distance = p->figure, threshold;
  double spread = 0;
  gsize n_border = 0;

  fit_ground (p, plane);
  for (gsize y = 0; y < SIZE; y++)
    for (gsize x = 0; x < SIZE; x++)
      {
        gsize i = y * SIZE + x;
        float square = 0;

        for (int c = 0; c < 3; c++)
          {
            float ground = plane[c][0] + plane[c][1] * centred (x) + plane[c][2] * centred (y);
            float difference = p->rgb[i * 3 + (gsize) c] / 255.0f - ground;

            square += difference * difference;
          }
        distance[i] = MIN (sqrtf (square / 3.0f), 1.0f);
        if (is_border (x, y))
          {
            spread += square / 3.0f;
            n_border++;
          }
      }
  threshold = 4.0f * (float) sqrt (spread / (double) n_border);
  threshold = MIN (MAX (threshold, THRESHOLD_LEAST), MAX (otsu (distance), THRESHOLD_LEAST));
  for (gsize i = 0; i < AREA; i++)
    {
      float t = CLAMP (2.0f * distance[i] / threshold - 1.0f, 0.0f, 1.0f);

      p->figure[i] = t * t * (3.0f - 2.0f * t);
    }
}

void
rf_picture_prepare (RfPicture *self)
{
  fill_colours (self);
  fill_slopes (self);
  fill_figure (self);
}
