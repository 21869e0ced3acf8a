/* rf-score-loops.h: the loop of rf-score-rows.c, included once for each instruction set with
 *   SCORE_TARGET   the function attribute
 *   SCORE (name)   the name for this set
 *   STRIP          items whose sums fit the registers together
 *   Part           a vector that fits a register; PARTS of them are Lanes
 *   ABOVE (x, t)   a bit for each place of the vectors where not x <= t
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* tile[i] = sum_k table[i][k] lanes[k]; a strip of items at a time, the last one filled up with copies of the last item. */
SCORE_TARGET static void
SCORE (tile) (const float *table, gsize d, gsize n, const Lanes *lanes, Lanes *tile)
{
  for (gsize i = 0; i < n; i += STRIP)
    {
      const float *row[STRIP];
      Part sum[STRIP * PARTS];

      _Pragma ("GCC unroll 32") for (gsize j = 0; j < STRIP; j++)
      {
        row[j] = table + MIN (i + j, n - 1) * d;
        _Pragma ("GCC unroll 4") for (gsize p = 0; p < PARTS; p++)
            sum[j * PARTS + p] = (Part){ 0 };
      }
      for (gsize k = 0; k < d; k++)
        {
          const Part *x = (const Part *) &lanes[k];

          _Pragma ("GCC unroll 32") for (gsize j = 0; j < STRIP; j++)
              _Pragma ("GCC unroll 4") for (gsize p = 0; p < PARTS; p++)
                  sum[j * PARTS + p] += row[j][k] * x[p];
        }
      _Pragma ("GCC unroll 32") for (gsize j = 0; j < STRIP; j++)
          _Pragma ("GCC unroll 4") for (gsize p = 0; p < PARTS; p++) ((Part *) &tile[i + j])[p] = sum[j * PARTS + p];
    }
}

/* Offers what is above a row's threshold: tile[i] are scores of item first + i. */
SCORE_TARGET static void
SCORE (pass) (const Lanes *tile, gsize n, guint32 first, const float *bias, Row *rows, Lanes *threshold)
{
  for (gsize i = 0; i < n; i++)
    {
      Lanes score = tile[i] + bias[i];
      guint hits = ABOVE (score, *threshold);

      while (hits)
        {
          int u = __builtin_ctz (hits);

          hits &= hits - 1;
          (*threshold)[u] = offer (&rows[u], score[u], first + (guint32) i);
        }
    }
}
