/* rf-saliency.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-saliency.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-sort.h"
#include "core/base/rf-types.h"
#include "core/features/rf-image-picture.h"

#define BATCH     32 /* covered copies described between two looks at the progress */
#define MAX_CELLS 32

/* --- the classical descriptors as a function of pixels --- */

typedef struct
{
  const RfImageModel *model;
  const guint8 *rgb;
  float *vectors;
} Describe;

static void
describe_some (size_t begin, size_t end, int worker, void *data)
{
  Describe *d = data;
  gsize bytes = (gsize) RF_PICTURE_AREA * 3;

  rf_image_model_transform_many (d->model, d->rgb + begin * bytes, end - begin, d->vectors + begin * rf_image_model_get_dims (d->model));
}

static void
encode_descriptors (const void *data, const guint8 *rgb, gsize n, float *vectors)
{
  Describe describe = { data, rgb, vectors };

  rf_parallel_for (n, 4, describe_some, &describe);
}

RfPictureEncoder
rf_picture_encoder_descriptors (const RfImageModel *model)
{
  return (RfPictureEncoder) { RF_PICTURE_SIZE, rf_image_model_get_dims (model), encode_descriptors, model };
}

/* --- covering --- */

RfSaliencyOptions
rf_saliency_options_default (void)
{
  return (RfSaliencyOptions) { .cells = 16, .scales = 1, .fill = RF_FILL_BORDER };
}

void
rf_saliency_free (RfSaliency *self)
{
  if (self == NULL)
    return;
  g_free (self->loss);
  g_free (self);
}

static void
fill_mean (const guint8 *rgb, guint side, guint8 *out)
{
  double sum[3] = { 0 };

  for (guint p = 0; p < side * side; p++)
    for (int c = 0; c < 3; c++)
      sum[c] += rgb[p * 3 + c];
  for (guint p = 0; p < side * side; p++)
    for (int c = 0; c < 3; c++)
      out[p * 3 + c] = (guint8) lround (sum[c] / (side * side));
}

/* One pass of a running mean of 2 r + 1 pixels along a line, its ends repeated. */
static void
blur_line (const float *in, float *out, guint n, gsize stride, int r)
{
  double sum = 0;

  for (int k = -r; k <= r; k++)
    sum += (double) in[(gsize) CLAMP (k, 0, (int) n - 1) * stride];
  for (int i = 0; i < (int) n; i++)
    {
      out[(gsize) i * stride] = (float) (sum / (2 * r + 1));
      sum += (double) in[(gsize) CLAMP (i + r + 1, 0, (int) n - 1) * stride] - (double) in[(gsize) CLAMP (i - r, 0, (int) n - 1) * stride];
    }
}

/* One edge of the picture, smooth: side x 3 values. first: its first pixel, stride: bytes to the next one, inwards: to the next line. */
static float *
smooth_edge (const guint8 *rgb, guint side, gsize first, gsize stride, gssize inwards)
{
  guint depth = MAX (side / 32, 1);
  g_autofree float *line = g_new0 (float, (gsize) side * 3);
  float *out = g_new (float, (gsize) side * 3);

  for (guint i = 0; i < side; i++)
    for (int c = 0; c < 3; c++)
      for (guint k = 0; k < depth; k++)
        line[i * 3 + c] += (float) rgb[(gssize) (first + i * stride) + (gssize) k * inwards + c] / (float) depth;
  for (int c = 0; c < 3; c++)
    blur_line (line + c, out + c, side, 3, (int) MAX (side / 16, 1));
  return out;
}

/* The ground that the picture's border belongs to: edges are blended across (Coons 1967). */
static void
fill_from_border (const guint8 *rgb, guint side, guint8 *out)
{
  gsize row = (gsize) side * 3;
  g_autofree float *top = smooth_edge (rgb, side, 0, 3, (gssize) row), *left = smooth_edge (rgb, side, 0, row, 3);
  g_autofree float *bottom = smooth_edge (rgb, side, (side - 1) * row, 3, -(gssize) row), *right = smooth_edge (rgb, side, row - 3, row, -3);

  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      for (int c = 0; c < 3; c++)
        {
          double u = (double) x / (side - 1), v = (double) y / (side - 1);
          double corner[4] = { ((double) top[c] + (double) left[c]) / 2, ((double) top[row - 3 + (gsize) c] + (double) right[c]) / 2,
                               ((double) bottom[c] + (double) left[row - 3 + (gsize) c]) / 2,
                               ((double) bottom[row - 3 + (gsize) c] + (double) right[row - 3 + (gsize) c]) / 2 };
          double across = (1 - v) * (double) top[x * 3 + (guint) c] + v * (double) bottom[x * 3 + (guint) c];
          double down = (1 - u) * (double) left[y * 3 + (guint) c] + u * (double) right[y * 3 + (guint) c];
          double corners = (1 - u) * (1 - v) * corner[0] + u * (1 - v) * corner[1] + (1 - u) * v * corner[2] + u * v * corner[3];

          out[y * row + x * 3 + (guint) c] = (guint8) lround (CLAMP (across + down - corners, 0, 255));
        }
}

static void
fill_blurred (const guint8 *rgb, guint side, guint8 *out)
{
  gsize n = (gsize) side * side * 3;
  g_autofree float *a = g_new (float, n), *b = g_new (float, n);
  int r = (int) MAX (side / 8, 1);

  for (gsize e = 0; e < n; e++)
    a[e] = rgb[e];
  for (guint line = 0; line < side; line++)
    for (int c = 0; c < 3; c++)
      blur_line (a + (gsize) line * side * 3 + c, b + (gsize) line * side * 3 + c, side, 3, r);
  for (guint line = 0; line < side; line++)
    for (int c = 0; c < 3; c++)
      blur_line (b + (gsize) line * 3 + c, a + (gsize) line * 3 + c, side, (gsize) side * 3, r);
  for (gsize e = 0; e < n; e++)
    out[e] = (guint8) lround ((double) CLAMP (a[e], 0.0f, 255.0f));
}

guint8 *
rf_saliency_make_fill (const guint8 *rgb, guint side, RfSaliencyFill fill)
{
  guint8 *out = g_malloc ((gsize) side * side * 3);

  if (fill == RF_FILL_BLUR)
    fill_blurred (rgb, side, out);
  else if (fill == RF_FILL_MEAN)
    fill_mean (rgb, side, out);
  else
    fill_from_border (rgb, side, out);
  return out;
}

static void
copy_cell (guint8 *to, const guint8 *from, guint side, guint cells, guint cx, guint cy)
{
  guint x0 = cx * side / cells, x1 = (cx + 1) * side / cells, y0 = cy * side / cells, y1 = (cy + 1) * side / cells;

  for (guint y = y0; y < y1; y++)
    memcpy (to + ((gsize) y * side + x0) * 3, from + ((gsize) y * side + x0) * 3, (gsize) (x1 - x0) * 3);
}

/* --- scores of many covered copies --- */

typedef struct
{
  const RfPictureEncoder *encoder;
  const RfPictureTarget *target;
  RfProgress *progress;
  guint8 *rgb;     /* BATCH pictures */
  float *vectors;  /* BATCH x dims */
  guint n;         /* in the batch */
  double *scores;  /* where the batch's scores go */
  guint evaluated, total;
} Queue;

static gsize
picture_bytes (const RfPictureEncoder *encoder)
{
  return (gsize) encoder->side * encoder->side * 3;
}

static void
queue_init (Queue *q, const RfPictureEncoder *encoder, const RfPictureTarget *target, guint total, double *scores, RfProgress *progress)
{
  *q = (Queue) { .encoder = encoder, .target = target, .progress = progress, .scores = scores, .total = total };
  q->rgb = g_malloc (BATCH * picture_bytes (encoder));
  q->vectors = g_new (float, (gsize) BATCH * encoder->dims + 1);
}

static void
queue_clear (Queue *q)
{
  g_free (q->rgb);
  g_free (q->vectors);
}

static gboolean
queue_flush (Queue *q, GError **error)
{
  q->encoder->encode (q->encoder->data, q->rgb, q->n, q->vectors);
  for (guint p = 0; p < q->n; p++)
    {
      const float *x = q->vectors + (gsize) p * q->encoder->dims;
      double sum = 0;

      for (guint32 d = 0; d < q->encoder->dims; d++)
        sum += (double) q->target->g[d] * (double) x[d];
      *q->scores++ = q->target->scale * sum;
    }
  q->evaluated += q->n;
  q->n = 0;
  return rf_progress_step (q->progress, _("Covering parts of the picture"), (double) q->evaluated / MAX (q->total, 1), error);
}

/* A copy of `rgb` to paint on. */
static guint8 *
queue_next (Queue *q, const guint8 *rgb)
{
  return memcpy (q->rgb + q->n * picture_bytes (q->encoder), rgb, picture_bytes (q->encoder));
}

static gboolean
queue_push (Queue *q, GError **error)
{
  return ++q->n < BATCH || queue_flush (q, error);
}

/* Patches of `width` cells along one side, moved by half a patch; the last one ends at the border. */
static guint
count_patches (guint cells, guint width)
{
  guint step = MAX (width / 2, 1);

  return (cells - width + step - 1) / step + 1;
}

static guint
patch_begin (guint cells, guint width, guint index)
{
  return MIN (index * MAX (width / 2, 1), cells - width);
}

static guint
count_scales (const RfSaliencyOptions *o)
{
  guint n = 1;

  while (n < o->scales && 1u << n <= o->cells / 2)
    n++;
  return n;
}

static void
cover_patch (guint8 *rgb, const guint8 *fill, guint side, guint cells, guint width, guint px, guint py)
{
  for (guint y = 0; y < width; y++)
    for (guint x = 0; x < width; x++)
      copy_cell (rgb, fill, side, cells, patch_begin (cells, width, px) + x, patch_begin (cells, width, py) + y);
}

/* Adds one scale's map to loss. scores: of its patches, row by row. */
static void
add_scale (RfSaliency *self, guint width, const double *scores, double weight)
{
  guint n = count_patches (self->cells, width), cells = self->cells;
  g_autofree double *sum = g_new0 (double, (gsize) cells * cells);
  g_autofree guint *count = g_new0 (guint, (gsize) cells * cells);

  for (guint py = 0; py < n; py++)
    for (guint px = 0; px < n; px++)
      for (guint y = 0; y < width; y++)
        for (guint x = 0; x < width; x++)
          {
            gsize cell = (gsize) (patch_begin (cells, width, py) + y) * cells + patch_begin (cells, width, px) + x;

            sum[cell] += (self->whole - scores[py * n + px]) / (width * width);
            count[cell]++;
          }
  for (gsize cell = 0; cell < (gsize) cells * cells; cell++)
    self->loss[cell] += (float) (weight * sum[cell] / count[cell]);
}

static gboolean
push_patches (Queue *q, const guint8 *rgb, const guint8 *fill, guint cells, guint n_scales, GError **error)
{
  guint side = q->encoder->side;

  for (guint s = 0; s < n_scales; s++)
    {
      guint width = 1u << s, n = count_patches (cells, width);

      for (guint p = 0; p < n * n; p++)
        {
          cover_patch (queue_next (q, rgb), fill, side, cells, width, p % n, p / n);
          if (!queue_push (q, error))
            return FALSE;
        }
    }
  return q->n == 0 || queue_flush (q, error);
}

RfSaliency *
rf_saliency_occlusion (const RfPictureEncoder *encoder, const RfPictureTarget *target, const guint8 *rgb, const RfSaliencyOptions *options,
                       RfProgress *progress, GError **error)
{
  g_autoptr(RfSaliency) self = g_new0 (RfSaliency, 1);
  g_autofree guint8 *fill = rf_saliency_make_fill (rgb, encoder->side, options->fill);
  g_autofree double *scores = NULL;
  guint n_scales, total = 2;
  const double *at;
  gboolean ok;
  Queue q;

  self->cells = CLAMP (options->cells, 2, MIN (MAX_CELLS, encoder->side));
  self->loss = g_new0 (float, (gsize) self->cells * self->cells);
  n_scales = count_scales (&(RfSaliencyOptions) { self->cells, options->scales, options->fill });
  for (guint s = 0; s < n_scales; s++)
    total += count_patches (self->cells, 1u << s) * count_patches (self->cells, 1u << s);
  scores = g_new (double, total);
  queue_init (&q, encoder, target, total, scores, progress);
  queue_next (&q, rgb);
  ok = queue_push (&q, error);
  queue_next (&q, fill);
  ok = ok && queue_push (&q, error) && push_patches (&q, rgb, fill, self->cells, n_scales, error);
  queue_clear (&q);
  if (!ok)
    return NULL;
  self->whole = scores[0];
  self->covered = scores[1];
  self->evaluated = total;
  at = scores + 2;
  for (guint s = 0; s < n_scales; s++)
    {
      guint n = count_patches (self->cells, 1u << s);

      add_scale (self, 1u << s, at, 1.0 / n_scales);
      at += n * n;
    }
  return g_steal_pointer (&self);
}

RfSaliency *
rf_saliency_new_from_pixels (const double *pixels, guint side, guint cells)
{
  RfSaliency *self = g_new0 (RfSaliency, 1);

  self->cells = CLAMP (cells, 2, MIN (MAX_CELLS, side));
  self->loss = g_new0 (float, (gsize) self->cells * self->cells);
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      self->loss[y * self->cells / side * self->cells + x * self->cells / side] += (float) pixels[(gsize) y * side + x];
  return self;
}

/* How much of cell c (of n along a side) lies between a and b. */
static double
overlap (guint c, guint n, double a, double b)
{
  return CLAMP (MIN (b * n, c + 1.0) - MAX (a * n, (double) c), 0, 1);
}

double
rf_saliency_mass (const RfSaliency *self, double x, double y, double width, double height)
{
  double inside = 0, all = 0;

  for (guint cy = 0; cy < self->cells; cy++)
    for (guint cx = 0; cx < self->cells; cx++)
      {
        double loss = MAX ((double) self->loss[cy * self->cells + cx], 0);

        all += loss;
        inside += loss * overlap (cx, self->cells, x, x + width) * overlap (cy, self->cells, y, y + height);
      }
  return all > 0 ? inside / all : NAN;
}

/* --- the check --- */

static int
by_loss (gconstpointer a, gconstpointer b, gpointer data)
{
  const float *loss = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (loss[x] != loss[y])
    return loss[x] > loss[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Pushes the pictures of one order: at step s the first s / n_steps of its cells come from `on`. */
static gboolean
push_order (Queue *q, const guint32 *order, guint cells, guint n_steps, const guint8 *below, const guint8 *on, GError **error)
{
  guint side = q->encoder->side, all = cells * cells;

  for (guint s = 0; s <= n_steps; s++)
    {
      guint8 *to = queue_next (q, below);

      for (guint c = 0; c < all * s / n_steps; c++)
        copy_cell (to, on, side, cells, order[c] % cells, order[c] / cells);
      if (!queue_push (q, error))
        return FALSE;
    }
  return TRUE;
}

/* Mean of a curve of n + 1 scores, trapezoids. */
static double
area (const double *scores, guint n)
{
  double sum = 0;

  for (guint s = 0; s < n; s++)
    sum += (scores[s] + scores[s + 1]) / 2;
  return sum / n;
}

static void
finish_check (RfSaliencyCheck *r, const double *scores, guint n_random)
{
  guint length = r->n_steps + 1;

  r->deletion = area (scores, r->n_steps);
  r->insertion = area (scores + length, r->n_steps);
  r->deletion_curve = g_memdup2 (scores, length * sizeof *scores);
  r->insertion_curve = g_memdup2 (scores + length, length * sizeof *scores);
  for (guint o = 0; o < n_random; o++)
    {
      r->random_deletion += area (scores + (2 + 2 * o) * length, r->n_steps) / n_random;
      r->random_insertion += area (scores + (3 + 2 * o) * length, r->n_steps) / n_random;
    }
}

void
rf_saliency_check_clear (RfSaliencyCheck *self)
{
  g_clear_pointer (&self->deletion_curve, g_free);
  g_clear_pointer (&self->insertion_curve, g_free);
}

gboolean
rf_saliency_check (const RfPictureEncoder *encoder, const RfPictureTarget *target, const guint8 *rgb, const RfSaliency *map,
                   RfSaliencyFill fill_kind, guint n_steps, guint n_random, guint64 seed, RfSaliencyCheck *result, RfProgress *progress,
                   GError **error)
{
  g_autofree guint8 *fill = rf_saliency_make_fill (rgb, encoder->side, fill_kind);
  guint all = map->cells * map->cells, total = (2 + 2 * n_random) * (n_steps + 1);
  g_autofree guint32 *order = g_new (guint32, all);
  g_autofree double *scores = g_new (double, total);
  RfRng rng = rf_rng_new (seed, 0x5A11);
  gboolean ok;
  Queue q;

  RF_CHECK (n_steps >= 1 && n_random >= 1, "%u steps, %u random orders", n_steps, n_random);
  *result = (RfSaliencyCheck) { .n_steps = n_steps };
  for (guint c = 0; c < all; c++)
    order[c] = c;
  rf_sort (order, all, sizeof *order, by_loss, map->loss);
  queue_init (&q, encoder, target, total, scores, progress);
  ok = push_order (&q, order, map->cells, n_steps, rgb, fill, error) && push_order (&q, order, map->cells, n_steps, fill, rgb, error);
  for (guint o = 0; o < n_random && ok; o++)
    {
      rf_rng_shuffle_u32 (&rng, order, all);
      ok = push_order (&q, order, map->cells, n_steps, rgb, fill, error) && push_order (&q, order, map->cells, n_steps, fill, rgb, error);
    }
  ok = ok && (q.n == 0 || queue_flush (&q, error));
  queue_clear (&q);
  if (ok)
    finish_check (result, scores, n_random);
  return ok;
}
