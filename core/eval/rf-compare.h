/* rf-compare.h: are two sets of lists really different? Paired statistics over users.
 *
 * a and b hold one metric of each user under the two runs, NAN where the user has nothing to find; only users with both count. The
 * difference is always b - a: positive means that b is better.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"

G_BEGIN_DECLS

typedef struct
{
  gsize n; /* users with both values */
  double mean_a, mean_b, difference;
  double low, high;        /* bootstrap interval of the difference: percentiles of resampled users (Efron 1979) */
  double t, t_p;           /* paired t (Student 1908), two-sided; NAN when all differences are equal */
  double w, w_p;           /* Wilcoxon signed-rank (1945): the smaller rank sum, zeros dropped, equal sizes share their mean rank; exact up to 50
                              differences (also with ties), beyond normal with tie correction; p = 1 when nothing differs */
  double effect;           /* Cohen's d of paired data: mean / deviation of the differences */
  double rank_biserial;    /* (sum of positive ranks - sum of negative ranks) / their total (Kerby 2014) */
  gsize wins, ties, losses; /* of b */
} RfComparison;

typedef struct
{
  double alpha;     /* the interval covers 1 - alpha */
  guint resamples;  /* of the bootstrap; 0: none, low and high are NAN */
  guint64 seed;
} RfCompareOptions;

/* FALSE only when cancelled. The result does not depend on the number of threads. */
gboolean rf_compare (const double *a, const double *b, gsize n, const RfCompareOptions *options, RfComparison *out, RfProgress *progress,
                     GError **error);

/* Rank-biased overlap of two lists of k items, extrapolated to endless ones (Webber, Moffat, Zobel 2010, equation 32):
 *   X_k/k p^k + (1 - p)/p sum_{d=1}^{k} X_d/d p^d,   X_d: items that both have among their first d;   0 < p < 1 (near 1: deep).
 * 1: the same list, 0: nothing in common. Places without an item (RF_NO_INDEX) end a list; k is then the shorter length. */
double rf_rank_biased_overlap (const guint32 *a, const guint32 *b, guint k, double p);

/* A property of users: each has one of some values. */
typedef struct
{
  char *name;       /* "activity" */
  GPtrArray *values; /* of char *: "few", "some", "many" */
  guint32 *of_user; /* index of a value, or RF_NO_INDEX: not known */
} RfAttribute;

RfAttribute *rf_attribute_new (const char *name, guint32 n_users) G_GNUC_WARN_UNUSED_RESULT; /* no values, all unknown */
void rf_attribute_free (RfAttribute *self);
guint32 rf_attribute_add_value (RfAttribute *self, const char *value); /* finds it or adds it */

/* Users in three groups of about equal size by a number (NAN: unknown); equal numbers stay together. The values are the ranges, as text. */
RfAttribute *rf_attribute_new_thirds (const char *name, const double *number, guint32 n_users) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  char *name;         /* "activity = 3–9" or "activity = 3–9, category = Drama" */
  gsize n;            /* support: users of the slice that have both values */
  double mean_a, mean_b, difference;
  double rest;        /* mean difference of the other users */
  double effect;      /* (difference - rest) / pooled deviation of the differences: Cohen's d */
  double p, q;        /* Welch's t test of slice against rest, two-sided; q: after Benjamini-Hochberg over all slices that were looked at */
  guint n_conditions; /* 1 or 2: users whose attributes have these values */
  const RfAttribute *attribute[2]; /* of the array that it was made from, which must outlive it for rf_slice_has() */
  guint32 value[2];
} RfSlice;

void rf_slice_free (RfSlice *self);
/* Does a user belong to it? (Of these, n counts those who have both values of the metric.) */
gboolean rf_slice_has (const RfSlice *self, guint32 user);

/* The table: every value of every attribute, in their order. Elements are RfSlice; free with g_ptr_array_unref(). */
GPtrArray *rf_slices_table (const double *a, const double *b, gsize n, GPtrArray *attributes) G_GNUC_WARN_UNUSED_RESULT;

/* The finder: slices by one value and by two values of different attributes, with at least min_support users in and outside, where the
 * difference is not that of the rest (q < alpha), by size of the effect, largest first (in the manner of Chung et al., "Slice Finder", ICDE 2019). */
GPtrArray *rf_slices_find (const double *a, const double *b, gsize n, GPtrArray *attributes, gsize min_support, double alpha) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
