/* rf-direct-loops.h: the loops of rf-direct.c, included once for each instruction set with
 *   DIRECT_TARGET   the function attribute
 *   DIRECT (name)   the name for this set
 *   ROWS_4, ROWS_2, ROWS_1   pixels of a tile of 64, 32, 16 channels, so that the tile fits the registers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define INLINE static inline __attribute__ ((always_inline)) DIRECT_TARGET
#define UNROLL _Pragma ("GCC unroll 16")

/* rows pixels times 16 n_vec channels. a: where the patch of each pixel begins. The result is set. */
INLINE void
DIRECT (tile) (const int rows, const int n_vec, const RfDirect *d, const float *const *a, const float *w, const float *bias, float *out)
{
  Vector sum[12 * 4];
  size_t run = d->kw * d->c;

  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < n_vec; v++)
      sum[i * n_vec + v] = bias ? (Vector) ((const Loose *) bias)[v] : (Vector) { 0 };
  for (size_t ky = 0; ky < d->kh; ky++)
    for (size_t k = 0; k < run; k++, w += d->o)
      {
        Vector b[4];
        size_t at = ky * d->pw * d->c + k;

        UNROLL for (int v = 0; v < n_vec; v++)
          b[v] = ((const Loose *) w)[v];
        UNROLL for (int i = 0; i < rows; i++)
          {
            float x = a[i][at];

            UNROLL for (int v = 0; v < n_vec; v++)
              sum[i * n_vec + v] += x * b[v];
          }
      }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < n_vec; v++)
      ((Loose *) (out + (size_t) i * 16 * (size_t) n_vec))[v] = sum[i * n_vec + v];
}

/* All pixels, channels first .. first + 16 n_vec - 1. */
INLINE void
DIRECT (strip) (const int rows, const int n_vec, const RfDirect *d, size_t first, const float *padded, const float *weights,
                const float *bias, bool add, float *out)
{
  size_t n = d->oh * d->ow, y = 0, x = 0, width = 16 * (size_t) n_vec;
  float result[12 * 64];

  for (size_t p = 0; p < n; p += (size_t) rows)
    {
      size_t count = n - p < (size_t) rows ? n - p : (size_t) rows;
      const float *a[12] = { padded + (y * d->pw + x) * d->c };

      for (size_t i = 0; i < (size_t) rows; i++)
        {
          a[i] = i < count ? padded + (y * d->pw + x) * d->c : a[0]; /* the last tile is filled up with copies */
          if (i < count && ++x == d->ow)
            {
              x = 0;
              y++;
            }
        }
      DIRECT (tile) (rows, n_vec, d, a, weights + first, bias ? bias + first : NULL, result);
      for (size_t i = 0; i < count; i++)
        {
          float *to = out + (p + i) * d->o + first;

          for (size_t j = 0; j < width; j++)
            to[j] = add ? to[j] + result[i * width + j] : result[i * width + j];
        }
    }
}

DIRECT_TARGET static void
DIRECT (conv) (const RfDirect *d, const float *padded, const float *weights, const float *bias, bool add, float *out)
{
  size_t first = 0;

  for (; first + 64 <= d->o; first += 64)
    DIRECT (strip) (ROWS_4, 4, d, first, padded, weights, bias, add, out);
  for (; first + 32 <= d->o; first += 32)
    DIRECT (strip) (ROWS_2, 2, d, first, padded, weights, bias, add, out);
  for (; first + 16 <= d->o; first += 16)
    DIRECT (strip) (ROWS_1, 1, d, first, padded, weights, bias, add, out);
}

/* Patch places k .. k + rows - 1 of row ky of the patch times 16 n_vec channels, summed over pixel rows y0 .. y1-1. */
INLINE void
DIRECT (grad_tile) (const int rows, const int n_vec, const RfDirect *d, size_t ky, size_t k, size_t y0, size_t y1, const float *padded,
                    const float *g, size_t n_valid, float *to)
{
  Vector sum[12 * 4];

  UNROLL for (int i = 0; i < rows * n_vec; i++)
    sum[i] = (Vector) { 0 };
  for (size_t y = y0; y < y1; y++)
    {
      const float *a = padded + (y + ky) * d->pw * d->c + k, *from = g + y * d->ow * d->o;

      for (size_t x = 0; x < d->ow; x++, a += d->c, from += d->o)
        {
          Vector b[4];

          UNROLL for (int v = 0; v < n_vec; v++)
            b[v] = ((const Loose *) from)[v];
          UNROLL for (int i = 0; i < rows; i++)
            UNROLL for (int v = 0; v < n_vec; v++)
              sum[i * n_vec + v] += a[i] * b[v];
        }
    }
  UNROLL for (int i = 0; i < rows; i++)
    if ((size_t) i < n_valid)
      UNROLL for (int v = 0; v < n_vec; v++)
        ((Loose *) (to + (size_t) i * d->o))[v] += sum[i * n_vec + v];
}

INLINE void
DIRECT (grad_strip) (const int rows, const int n_vec, const RfDirect *d, size_t first, const float *padded, const float *g, float *weight_grad)
{
  size_t run = d->kw * d->c, block = 8192 / (d->ow * 16 * (size_t) n_vec) + 1; /* rows of g that stay in the first cache */

  for (size_t y = 0; y < d->oh; y += block)
    for (size_t ky = 0; ky < d->kh; ky++)
      for (size_t k = 0; k < run; k += (size_t) rows)
        DIRECT (grad_tile) (rows, n_vec, d, ky, k, y, y + block < d->oh ? y + block : d->oh, padded, g + first, run - k,
                            weight_grad + (ky * run + k) * d->o + first);
}

DIRECT_TARGET static void
DIRECT (weight_grad) (const RfDirect *d, const float *padded, const float *g, float *weight_grad)
{
  size_t first = 0;

  for (; first + 64 <= d->o; first += 64)
    DIRECT (grad_strip) (ROWS_4, 4, d, first, padded, g, weight_grad);
  for (; first + 32 <= d->o; first += 32)
    DIRECT (grad_strip) (ROWS_2, 2, d, first, padded, g, weight_grad);
  for (; first + 16 <= d->o; first += 16)
    DIRECT (grad_strip) (ROWS_1, 1, d, first, padded, g, weight_grad);
}

#undef INLINE
#undef UNROLL
