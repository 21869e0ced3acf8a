/* rf-panel-loops.h: the loops of rf-panel.c, included once for each instruction set with
 *   PANEL_TARGET   the function attribute
 *   PANEL (name)   the name for this set
 *   WIDE, WIDE_ROWS       vectors of 16 columns and rows of the tile for most columns, so that it fits the registers
 *   NARROW_ROWS           rows of the tile for what is left, 16 columns at a time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define INLINE static inline __attribute__ ((always_inline)) PANEL_TARGET
#define UNROLL _Pragma ("GCC unroll 16")

/* rows x 16 n_vec numbers of the product over k places of the rows; `out` holds what they start from. */
INLINE void
PANEL (tile) (const int rows, const int n_vec, size_t k, const float *const *a, const float *w, size_t ldw, float *const *out)
{
  Vector sum[12 * 4];

  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < n_vec; v++)
      sum[i * n_vec + v] = ((const Loose *) out[i])[v];
  for (size_t p = 0; p < k; p++, w += ldw)
    {
      Vector b[4];

      UNROLL for (int v = 0; v < n_vec; v++)
        b[v] = ((const Loose *) w)[v];
      UNROLL for (int i = 0; i < rows; i++)
        UNROLL for (int v = 0; v < n_vec; v++)
          sum[i * n_vec + v] += a[i][p] * b[v];
    }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < n_vec; v++)
      ((Loose *) out[i])[v] = sum[i * n_vec + v];
}

/* One block of places for all rows; rows that are missing in the last tile are computed into a place that nobody reads. */
INLINE void
PANEL (strip) (const int rows, const int n_vec, size_t n, size_t at, size_t k, const float *const *a, const float *w, size_t ldw, float *out, size_t ldo)
{
  float nowhere[16 * 4] = { 0 };

  for (size_t first = 0; first < n; first += (size_t) rows)
    {
      const float *from[12];
      float *to[12];

      UNROLL for (int i = 0; i < rows; i++)
        {
          bool there = first + (size_t) i < n;

          from[i] = a[there ? first + (size_t) i : first] + at;
          to[i] = there ? out + (first + (size_t) i) * ldo : nowhere;
        }
      PANEL (tile) (rows, n_vec, k, from, w, ldw, to);
    }
}

PANEL_TARGET static void
PANEL (product) (size_t n, size_t k, size_t columns, const float *const *rows, const float *w, size_t ldw, float *out, size_t ldo)
{
  for (size_t at = 0; at < k; at += BLOCK_DEPTH)
    {
      size_t depth = k - at < BLOCK_DEPTH ? k - at : BLOCK_DEPTH, c = 0;

      for (; c + 16 * WIDE <= columns; c += 16 * WIDE)
        PANEL (strip) (WIDE_ROWS, WIDE, n, at, depth, rows, w + at * ldw + c, ldw, out + c, ldo);
      for (; c < columns; c += 16)
        PANEL (strip) (NARROW_ROWS, 1, n, at, depth, rows, w + at * ldw + c, ldw, out + c, ldo);
    }
}

/* places x 16 n_vec numbers of the outer product: `places` neighbouring numbers of each of n packed rows times its row of g. */
INLINE void
PANEL (outer_tile) (const int places, const int n_vec, size_t n, const float *packed, const float *g, size_t ldg, float *out, size_t ldo, size_t n_valid)
{
  Vector sum[12 * 4];

  UNROLL for (int i = 0; i < places; i++)
    UNROLL for (int v = 0; v < n_vec; v++)
      sum[i * n_vec + v] = (size_t) i < n_valid ? (Vector) ((const Loose *) (out + (size_t) i * ldo))[v] : (Vector) { 0 };
  for (size_t r = 0; r < n; r++, packed += RF_PANEL_DEPTH, g += ldg)
    {
      Vector b[4];

      UNROLL for (int v = 0; v < n_vec; v++)
        b[v] = ((const Loose *) g)[v];
      UNROLL for (int i = 0; i < places; i++)
        UNROLL for (int v = 0; v < n_vec; v++)
          sum[i * n_vec + v] += packed[i] * b[v];
    }
  UNROLL for (int i = 0; i < places; i++)
    if ((size_t) i < n_valid)
      UNROLL for (int v = 0; v < n_vec; v++)
        ((Loose *) (out + (size_t) i * ldo))[v] = sum[i * n_vec + v];
}

INLINE void
PANEL (outer_strip) (const int places, const int n_vec, size_t n, size_t k, const float *packed, const float *g, size_t ldg, float *out, size_t ldo)
{
  for (size_t p = 0; p < k; p += (size_t) places)
    PANEL (outer_tile) (places, n_vec, n, packed + p, g, ldg, out + p * ldo, ldo, k - p);
}

/* k <= RF_PANEL_DEPTH places of BLOCK_ROWS packed rows. */
PANEL_TARGET static void
PANEL (outer) (size_t n, size_t k, size_t columns, const float *packed, const float *g, size_t ldg, float *out, size_t ldo)
{
  size_t c = 0;

  for (; c + 16 * WIDE <= columns; c += 16 * WIDE)
    PANEL (outer_strip) (WIDE_ROWS, WIDE, n, k, packed, g + c, ldg, out + c, ldo);
  for (; c < columns; c += 16)
    PANEL (outer_strip) (NARROW_ROWS, 1, n, k, packed, g + c, ldg, out + c, ldo);
}

#undef INLINE
#undef UNROLL
