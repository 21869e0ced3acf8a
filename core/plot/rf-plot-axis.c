/* rf-plot-axis.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/plot/rf-plot-axis.h"

#include <math.h>

RfPlotAxis
rf_plot_axis (double low, double high, double start, double end)
{
  RfPlotAxis axis = { low, high, start, end };

  if (!isfinite (low) || !isfinite (high))
    axis.low = 0, axis.high = 1;
  else if (low > high)
    axis.low = high, axis.high = low;
  if (axis.high - axis.low <= 1e-12 * fmax (1, fabs (axis.high)))
    {
      double pad = fmax (0.5, fabs (axis.high) * 0.05);

      axis.low -= pad;
      axis.high += pad;
    }
  return axis;
}

double
rf_plot_axis_map (const RfPlotAxis *axis, double value)
{
  return axis->start + (value - axis->low) / (axis->high - axis->low) * (axis->end - axis->start);
}

/* The smallest of 1, 2, 5, 10, ... times a power of ten that is not below rough. */
static double
nice_step (double rough)
{
  double power = pow (10, floor (log10 (rough))), fraction = rough / power;

  return power * (fraction <= 1 + 1e-9 ? 1 : fraction <= 2 + 1e-9 ? 2 : fraction <= 5 + 1e-9 ? 5 : 10);
}

guint
rf_plot_ticks (double low, double high, guint max, double ticks[RF_PLOT_MAX_TICKS], int *decimals)
{
  double step, first;
  guint n = 0;

  max = CLAMP (max, 2, RF_PLOT_MAX_TICKS);
  step = nice_step ((high - low) / (max - 1));
  first = ceil (low / step - 1e-9);
  while (n < max && (first + n) * step <= high + step * 1e-9)
    {
      ticks[n] = (first + n) * step;
      n++;
    }
  *decimals = (int) fmax (0, ceil (-log10 (step) - 1e-9));
  return n;
}

void
rf_plot_axis_widen (RfPlotAxis *axis, guint max_ticks)
{
  double step = nice_step ((axis->high - axis->low) / (CLAMP (max_ticks, 2, RF_PLOT_MAX_TICKS) - 1));

  axis->low = step * floor (axis->low / step + 1e-9);
  axis->high = step * ceil (axis->high / step - 1e-9);
}
