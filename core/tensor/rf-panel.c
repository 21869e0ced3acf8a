/* rf-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-panel.h"

#include <stdalign.h>
#include <string.h>

#define BLOCK_DEPTH ((size_t) 512) /* places at once: 128 kB of weights of 64 columns, in the second cache */
#define BLOCK_ROWS  ((size_t) 64)  /* rows packed at once: 48 kB */

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(RF_REAL_DOUBLE)

typedef float Vector __attribute__ ((vector_size (64)));
typedef float Loose __attribute__ ((vector_size (64), aligned (4), may_alias)); /* the same anywhere in memory */

# define PANEL_TARGET __attribute__ ((target ("avx512f")))
# define PANEL(name)  avx512_##name
# define WIDE         4
# define WIDE_ROWS    6
# define NARROW_ROWS  12
# include "core/tensor/rf-panel-loops.h"
# undef PANEL_TARGET
# undef PANEL
# undef WIDE
# undef WIDE_ROWS
# undef NARROW_ROWS

/* A Vector is two registers of sixteen here. */
# define PANEL_TARGET __attribute__ ((target ("avx2,fma")))
# define PANEL(name)  avx2_##name
# define WIDE         1
# define WIDE_ROWS    6
# define NARROW_ROWS  6
# include "core/tensor/rf-panel-loops.h"

bool
rf_panel_is_fast (void)
{
  return __builtin_cpu_supports ("avx512f");
}

bool
rf_panel_available (size_t columns)
{
  return columns % RF_PANEL_COLUMNS == 0 && (rf_panel_is_fast () || (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma")));
}

void
rf_panel_product (size_t n, size_t k, size_t columns, const float *const *rows, const float *w, size_t ldw, const float *start, bool add, float *out,
                  size_t ldo)
{
  for (size_t i = 0; i < n && (start || !add); i++)
    if (start)
      memcpy (out + i * ldo, start, columns * sizeof *out);
    else
      memset (out + i * ldo, 0, columns * sizeof *out);
  if (rf_panel_is_fast ())
    avx512_product (n, k, columns, rows, w, ldw, out, ldo);
  else
    avx2_product (n, k, columns, rows, w, ldw, out, ldo);
}

void
rf_panel_outer (size_t n, size_t first, size_t k, size_t columns, const float *const *rows, const float *g, size_t ldg, bool add, float *out, size_t ldo)
{
  alignas (64) float packed[64 * RF_PANEL_DEPTH + 16]; /* BLOCK_ROWS rows; tiles may read behind the last one, and ignore it */

  for (size_t p = 0; p < k && !add; p++)
    memset (out + p * ldo, 0, columns * sizeof *out);
  memset (packed, 0, sizeof packed);
  for (size_t p = 0; p < k; p += RF_PANEL_DEPTH)
    for (size_t r = 0; r < n; r += BLOCK_ROWS)
      {
        size_t depth = k - p < RF_PANEL_DEPTH ? k - p : RF_PANEL_DEPTH, count = n - r < BLOCK_ROWS ? n - r : BLOCK_ROWS;

        for (size_t i = 0; i < count; i++)
          memcpy (packed + i * RF_PANEL_DEPTH, rows[r + i] + first + p, depth * sizeof *packed);
        if (rf_panel_is_fast ())
          avx512_outer (count, depth, columns, packed, g + r * ldg, ldg, out + p * ldo, ldo);
        else
          avx2_outer (count, depth, columns, packed, g + r * ldg, ldg, out + p * ldo, ldo);
      }
}

#else

bool
rf_panel_is_fast (void)
{
  return false;
}

bool
rf_panel_available (size_t columns)
{
  return false;
}

void
rf_panel_product (size_t n, size_t k, size_t columns, const float *const *rows, const float *w, size_t ldw, const float *start, bool add, float *out,
                  size_t ldo)
{
  RF_CHECK (false, "there are no panels here");
}

void
rf_panel_outer (size_t n, size_t first, size_t k, size_t columns, const float *const *rows, const float *g, size_t ldg, bool add, float *out, size_t ldo)
{
  RF_CHECK (false, "there are no panels here");
}

#endif
