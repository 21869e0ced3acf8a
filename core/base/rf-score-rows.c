/* rf-score-rows.c: the product behind every list, in the same order of sums for every row. Declared in rf-linalg.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-linalg.h"

#include <math.h>

#include "core/base/rf-top.h"

#define LANES 16 /* rows that are multiplied side by side, in the places of a vector */
#define TILE  96 /* items between two transpositions: a multiple of every STRIP */

typedef float Lanes __attribute__ ((vector_size (4 * LANES)));
/* The same as vectors that registers have; the compiler keeps wider ones in memory. */
typedef float Part4 __attribute__ ((vector_size (16), may_alias));
typedef float Part8 __attribute__ ((vector_size (32), may_alias));
typedef float Part16 __attribute__ ((vector_size (64), may_alias));
typedef void (*TileFunc) (const float *table, gsize d, gsize n, const Lanes *lanes, Lanes *tile);

/* What is chosen for one row, and what it leaves out: `next` is the first excluded column that has not been passed. */
typedef struct
{
  RfTop top;
  const guint32 *next, *end;
} Row;

typedef void (*PassFunc) (const Lanes *tile, gsize n, guint32 first, const float *bias, Row *rows, Lanes *threshold);

static float
offer (Row *row, float score, guint32 item)
{
  while (row->next < row->end && *row->next < item)
    row->next++;
  if (row->next == row->end || *row->next != item)
    rf_top_offer (&row->top, score, item);
  return rf_top_get_threshold (&row->top);
}

static inline guint
plain_above (const Lanes *x, const Lanes *t)
{
  guint bits = 0;

  for (guint u = 0; u < LANES; u++)
    bits |= (guint) !((*x)[u] <= (*t)[u]) << u;
  return bits;
}

#define SCORE_TARGET
#define SCORE(name) plain_##name
#define STRIP       2
#define Part        Part4
#define PARTS       4
#define ABOVE(x, t) plain_above (&(x), &(t))
#include "core/base/rf-score-loops.h"
#undef SCORE_TARGET
#undef SCORE
#undef STRIP
#undef Part
#undef PARTS
#undef ABOVE

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#  include <immintrin.h>

typedef union
{
  Lanes lanes;
  __m256 half[2];
} Halves;

#  define SCORE_TARGET __attribute__ ((target ("avx512f")))
#  define SCORE(name)  avx512_##name
#  define STRIP        12
#  define Part         Part16
#  define PARTS        1
#  define ABOVE(x, t)  (guint) _mm512_cmp_ps_mask ((__m512) (x), (__m512) (t), _CMP_NLE_UQ)
#  include "core/base/rf-score-loops.h"
#  undef SCORE_TARGET
#  undef SCORE
#  undef STRIP
#  undef Part
#  undef PARTS
#  undef ABOVE
#  define SCORE_TARGET  __attribute__ ((target ("avx2,fma")))
#  define SCORE(name)   avx2_##name
#  define STRIP         6
#  define Part          Part8
#  define PARTS         2
#  define HALF(x, t, h) (guint) _mm256_movemask_ps (_mm256_cmp_ps (((Halves){ x }).half[h], ((Halves){ t }).half[h], _CMP_NLE_UQ))
#  define ABOVE(x, t)   (HALF (x, t, 0) | HALF (x, t, 1) << 8)
#  include "core/base/rf-score-loops.h"

static TileFunc
pick (PassFunc *pass)
{
  if (__builtin_cpu_supports ("avx512f"))
    return *pass = avx512_pass, avx512_tile;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return *pass = avx2_pass, avx2_tile;
  return *pass = plain_pass, plain_tile;
}
#else
static TileFunc
pick (PassFunc *pass)
{
  *pass = plain_pass;
  return plain_tile;
}
#endif

/* lanes[k][u] = rows[u][k]: 16 rows side by side, zeros where there are fewer. */
static void
turn (const float *rows, gsize count, gsize d, Lanes *lanes)
{
  for (gsize k = 0; k < d; k++)
    for (gsize u = 0; u < LANES; u++)
      lanes[k][u] = u < count ? rows[u * d + k] : 0;
}

void
rf_score_rows (const float *rows, gsize count, gsize d, const float *table, gsize n, float *out)
{
  Lanes *lanes = g_aligned_alloc (d + 1, sizeof *lanes, 64), *tile = g_aligned_alloc (TILE, sizeof *tile, 64);
  PassFunc pass;
  TileFunc score_tile = pick (&pass);

  for (gsize first = 0; first < count; first += LANES)
    {
      gsize wide = MIN (count - first, LANES);

      turn (rows + first * d, wide, d, lanes);
      for (gsize at = 0; at < n; at += TILE)
        {
          gsize length = MIN (n - at, TILE);

          score_tile (table + at * d, d, length, lanes, tile);
          for (gsize u = 0; u < wide; u++)
            for (gsize i = 0; i < length; i++)
              out[(first + u) * n + at + i] = tile[i][u];
        }
    }
  g_aligned_free (lanes);
  g_aligned_free (tile);
}

void
rf_score_top (const float *rows, gsize count, gsize d, const float *table, gsize n, const float *bias, const RfCsr *excluded, const guint32 *rows_of, guint k, guint32 *out)
{
  gsize n_groups = (count + LANES - 1) / LANES;
  Lanes *lanes = g_aligned_alloc (n_groups * d + 1, sizeof *lanes, 64), *tile = g_aligned_alloc (TILE, sizeof *tile, 64);
  Lanes *threshold = g_aligned_alloc (n_groups + 1, sizeof *threshold, 64);
  g_autofree Row *row = g_new0 (Row, n_groups * LANES + 1);
  g_autofree RfPlace *heap = g_new (RfPlace, count * k + 1);
  PassFunc pass;
  TileFunc score_tile = pick (&pass);

  for (gsize g = 0; g < n_groups; g++)
    turn (rows + g * LANES * d, MIN (count - g * LANES, LANES), d, lanes + g * d);
  for (gsize r = 0; r < n_groups * LANES; r++)
    {
      if (r < count)
        row[r] = (Row){ { heap + r * k, k, 0 }, rf_csr_row (excluded, rows_of[r]), rf_csr_row (excluded, rows_of[r] + 1) };
      threshold[r / LANES][r % LANES] = r < count ? rf_top_get_threshold (&row[r].top) : INFINITY;
    }
  /* A tile of items meets all rows while it is near. */
  for (gsize at = 0; at < n; at += TILE)
    for (gsize g = 0; g < n_groups; g++)
      {
        gsize length = MIN (n - at, TILE);

        score_tile (table + at * d, d, length, lanes + g * d, tile);
        pass (tile, length, (guint32) at, bias + at, row + g * LANES, threshold + g);
      }
  for (gsize r = 0; r < count; r++)
    rf_top_finish (&row[r].top, out + r * k);
  g_aligned_free (lanes);
  g_aligned_free (tile);
  g_aligned_free (threshold);
}
