/* rf-slices.c: properties of users, and where two runs differ most. Declared in rf-compare.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "core/catalog/rf-catalog.h"
#include "core/eval/rf-compare.h"
#include "core/eval/rf-statistics.h"

RfAttribute *
rf_attribute_new (const char *name, guint32 n_users)
{
  RfAttribute *self = g_new0 (RfAttribute, 1);

  self->name = g_strdup (name);
  self->values = g_ptr_array_new_with_free_func (g_free);
  self->of_user = g_new (guint32, (gsize) n_users + 1);
  for (guint32 u = 0; u < n_users; u++)
    self->of_user[u] = RF_NO_INDEX;
  return self;
}

void
rf_attribute_free (RfAttribute *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_ptr_array_unref (self->values);
  g_free (self->of_user);
  g_free (self);
}

guint32
rf_attribute_add_value (RfAttribute *self, const char *value)
{
  guint at;

  if (g_ptr_array_find_with_equal_func (self->values, value, g_str_equal, &at))
    return at;
  g_ptr_array_add (self->values, g_strdup (value));
  return self->values->len - 1;
}

static int
ascending (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

RfAttribute *
rf_attribute_new_thirds (const char *name, const double *number, guint32 n_users)
{
  RfAttribute *self = rf_attribute_new (name, n_users);
  g_autofree double *sorted = g_new (double, (gsize) n_users + 1);
  double from;
  gsize n = 0;

  for (guint32 u = 0; u < n_users; u++)
    if (!isnan (number[u]))
      sorted[n++] = number[u];
  qsort (sorted, n, sizeof *sorted, ascending);
  from = -INFINITY;
  for (int third = 1; third <= 3 && n > 0; third++)
    {
      double to = third == 3 ? sorted[n - 1] : sorted[third * n / 3], low = INFINITY, high = -INFINITY;
      guint32 value = self->values->len;

      for (guint32 u = 0; u < n_users; u++)
        if (!isnan (number[u]) && number[u] > from && number[u] <= to)
          {
            self->of_user[u] = value;
            low = MIN (low, number[u]);
            high = MAX (high, number[u]);
          }
      if (high < low)
        continue;
      g_ptr_array_add (self->values, low == high ? g_strdup_printf ("%.4g", low) : g_strdup_printf ("%.4g–%.4g", low, high));
      from = to;
    }
  return self;
}

void
rf_slice_free (RfSlice *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self);
}

/* Sums over a set of users. */
typedef struct
{
  gsize n;
  double a, b, d, square;
} Sums;

static void
sums_add (Sums *s, double a, double b)
{
  s->n++;
  s->a += a;
  s->b += b;
  s->d += b - a;
  s->square += (b - a) * (b - a);
}

static double
sums_variance (const Sums *s)
{
  return s->n > 1 ? MAX (s->square - s->d * s->d / (double) s->n, 0) / (double) (s->n - 1) : NAN;
}

static RfSlice *
slice_new (char *name, const Sums *in, const Sums *all)
{
  RfSlice *self = g_new0 (RfSlice, 1);
  Sums out = { all->n - in->n, all->a - in->a, all->b - in->b, all->d - in->d, all->square - in->square };
  double n_in = (double) in->n, n_out = (double) out.n, v_in = sums_variance (in), v_out = sums_variance (&out);
  double error = v_in / n_in + v_out / n_out, pooled = ((n_in - 1) * v_in + (n_out - 1) * v_out) / (n_in + n_out - 2);

  self->name = name;
  self->n = in->n;
  self->mean_a = in->a / n_in;
  self->mean_b = in->b / n_in;
  self->difference = in->d / n_in;
  self->rest = out.n ? out.d / n_out : NAN;
  self->effect = pooled > 0 ? (self->difference - self->rest) / sqrt (pooled) : NAN;
  self->p = self->q = 1;
  if (error > 0)
    {
      double df = error * error / (pow (v_in / n_in, 2) / (n_in - 1) + pow (v_out / n_out, 2) / (n_out - 1));

      self->p = self->q = rf_student_two_sided ((self->difference - self->rest) / sqrt (error), df);
    }
  return self;
}

static void
add_condition (RfSlice *self, const RfAttribute *attribute, guint32 value)
{
  self->attribute[self->n_conditions] = attribute;
  self->value[self->n_conditions++] = value;
}

gboolean
rf_slice_has (const RfSlice *self, guint32 user)
{
  for (guint c = 0; c < self->n_conditions; c++)
    if (self->attribute[c]->of_user[user] != self->value[c])
      return FALSE;
  return TRUE;
}

static Sums
sums_of_all (const double *a, const double *b, gsize n)
{
  Sums all = { 0 };

  for (gsize u = 0; u < n; u++)
    if (!isnan (a[u]) && !isnan (b[u]))
      sums_add (&all, a[u], b[u]);
  return all;
}

static char *
name_of (const RfAttribute *x, guint32 value)
{
  return g_strdup_printf ("%s = %s", x->name, (const char *) x->values->pdata[value]);
}

static void
adjust (GPtrArray *slices)
{
  g_autofree double *q = g_new (double, slices->len + 1);

  for (guint s = 0; s < slices->len; s++)
    q[s] = ((RfSlice *) slices->pdata[s])->p;
  rf_adjust_benjamini_hochberg (q, slices->len);
  for (guint s = 0; s < slices->len; s++)
    ((RfSlice *) slices->pdata[s])->q = q[s];
}

/* Appends the slices of one attribute that have users in and enough of them on both sides. */
static void
add_single (GPtrArray *slices, const RfAttribute *x, const double *a, const double *b, gsize n, const Sums *all, gsize min_support)
{
  g_autofree Sums *sums = g_new0 (Sums, x->values->len + 1);

  for (gsize u = 0; u < n; u++)
    if (!isnan (a[u]) && !isnan (b[u]) && x->of_user[u] != RF_NO_INDEX)
      sums_add (&sums[x->of_user[u]], a[u], b[u]);
  for (guint32 v = 0; v < x->values->len; v++)
    if (sums[v].n > 0 && sums[v].n >= min_support && (min_support == 0 || all->n - sums[v].n >= min_support))
      {
        RfSlice *slice = slice_new (name_of (x, v), &sums[v], all);

        add_condition (slice, x, v);
        g_ptr_array_add (slices, slice);
      }
}

static void
add_pairs (GPtrArray *slices, const RfAttribute *x, const RfAttribute *y, const double *a, const double *b, gsize n, const Sums *all, gsize min_support)
{
  gsize width = y->values->len;
  g_autofree Sums *sums = g_new0 (Sums, x->values->len * width + 1);

  for (gsize u = 0; u < n; u++)
    if (!isnan (a[u]) && !isnan (b[u]) && x->of_user[u] != RF_NO_INDEX && y->of_user[u] != RF_NO_INDEX)
      sums_add (&sums[x->of_user[u] * width + y->of_user[u]], a[u], b[u]);
  for (guint32 v = 0; v < x->values->len; v++)
    for (guint32 w = 0; w < width; w++)
      {
        const Sums *in = &sums[v * width + w];
        g_autofree char *left = NULL, *right = NULL;
        RfSlice *slice;

        if (in->n < MAX (min_support, 1) || all->n - in->n < min_support)
          continue;
        left = name_of (x, v);
        right = name_of (y, w);
        slice = slice_new (g_strdup_printf ("%s, %s", left, right), in, all);
        add_condition (slice, x, v);
        add_condition (slice, y, w);
        g_ptr_array_add (slices, slice);
      }
}

GPtrArray *
rf_slices_table (const double *a, const double *b, gsize n, GPtrArray *attributes)
{
  GPtrArray *slices = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_slice_free);
  Sums all = sums_of_all (a, b, n);

  for (guint x = 0; x < attributes->len; x++)
    add_single (slices, attributes->pdata[x], a, b, n, &all, 0);
  adjust (slices);
  return slices;
}

static int
largest_effect_first (gconstpointer a, gconstpointer b)
{
  const RfSlice *x = *(RfSlice *const *) a, *y = *(RfSlice *const *) b;

  if (fabs (x->effect) != fabs (y->effect))
    return fabs (x->effect) > fabs (y->effect) ? -1 : 1;
  return g_strcmp0 (x->name, y->name);
}

GPtrArray *
rf_slices_find (const double *a, const double *b, gsize n, GPtrArray *attributes, gsize min_support, double alpha)
{
  GPtrArray *slices = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_slice_free);
  Sums all = sums_of_all (a, b, n);

  for (guint x = 0; x < attributes->len; x++)
    {
      add_single (slices, attributes->pdata[x], a, b, n, &all, MAX (min_support, 2));
      for (guint y = x + 1; y < attributes->len; y++)
        add_pairs (slices, attributes->pdata[x], attributes->pdata[y], a, b, n, &all, MAX (min_support, 2));
    }
  adjust (slices);
  for (guint s = slices->len; s-- > 0;)
    if (!(((RfSlice *) slices->pdata[s])->q < alpha))
      g_ptr_array_remove_index (slices, s);
  g_ptr_array_sort (slices, largest_effect_first);
  return slices;
}
