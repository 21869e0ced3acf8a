/* rf-score-rows.c: the product behind every list, in the same order of sums for every row. Declared in rf-linalg.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-linalg.h"

#define LANES 16 /* rows that are multiplied side by side, in the places of a vector */
#define TILE  96 /* items between two transpositions: a multiple of every STRIP */

typedef float Lanes __attribute__ ((vector_size (4 * LANES)));
typedef void (*TileFunc) (const float *table, gsize d, gsize n, const Lanes *lanes, Lanes *tile);

#define SCORE_TARGET
#define SCORE(name) plain_##name
#define STRIP 2
#include "core/base/rf-score-loops.h"
#undef SCORE_TARGET
#undef SCORE
#undef STRIP

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
# define SCORE_TARGET __attribute__ ((target ("avx512f")))
# define SCORE(name) avx512_##name
# define STRIP 12
# include "core/base/rf-score-loops.h"
# undef SCORE_TARGET
# undef SCORE
# undef STRIP
# define SCORE_TARGET __attribute__ ((target ("avx2,fma")))
# define SCORE(name) avx2_##name
# define STRIP 6
# include "core/base/rf-score-loops.h"

static TileFunc
pick (void)
{
  if (__builtin_cpu_supports ("avx512f"))
    return avx512_tile;
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma") ? avx2_tile : plain_tile;
}
#else
static TileFunc
pick (void)
{
  return plain_tile;
}
#endif

void
rf_score_rows (const float *rows, gsize count, gsize d, const float *table, gsize n, float *out)
{
  Lanes *lanes = g_aligned_alloc (d + 1, sizeof *lanes, 64), *tile = g_aligned_alloc (TILE, sizeof *tile, 64);
  TileFunc score_tile = pick ();

  for (gsize first = 0; first < count; first += LANES)
    {
      gsize wide = MIN (count - first, LANES);

      for (gsize k = 0; k < d; k++)
        for (gsize u = 0; u < LANES; u++)
          lanes[k][u] = u < wide ? rows[(first + u) * d + k] : 0;
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
