/* rf-sort.h: a stable sort with data for the comparison, under whichever name GLib has it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sorts n elements of size bytes each in place; equal ones keep their order. */
static inline void
rf_sort (gpointer array, gsize n, gsize size, GCompareDataFunc compare, gpointer data)
{
#if GLIB_CHECK_VERSION(2, 82, 0) && GLIB_VERSION_MIN_REQUIRED >= G_ENCODE_VERSION (2, 82)
  g_sort_array (array, n, size, compare, data);
#else
  g_qsort_with_data (array, (int) n, size, compare, data);
#endif
}

G_END_DECLS
