/* test-sampler.c: what a network is trained on, batch by batch, and features that were reduced for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-reduce.h"
#include "core/train/rf-sampler.h"
#include "tests/support/planted.h"

static double
distance (const RfMatrix *x, gsize a, gsize b)
{
  double sum = 0;

  for (gsize c = 0; c < x->cols; c++)
    sum += pow ((double) rf_matrix_row (x, a)[c] - (double) rf_matrix_row (x, b)[c], 2);
  return sqrt (sum);
}

/* Numbers of rank 3, far from 0: three directions hold everything, two lose what the third holds, and the mean does not matter. */
static void
test_reduce (void)
{
  const gsize n = 40, cols = 12;
  g_autoptr(GError) error = NULL;
  g_autoptr(RfMatrix) x = rf_matrix_new (n, cols), all = NULL, two = NULL;
  g_autofree guint8 *available = g_new (guint8, n);
  double share;

  for (gsize i = 0; i < n; i++)
    {
      available[i] = i != 7;
      for (gsize c = 0; c < cols && available[i]; c++)
        rf_matrix_row (x, i)[c] = 50 + 3 * sinf ((float) i) * cosf ((float) c) + 2 * cosf (2.1f * (float) i) * sinf (1.3f * (float) c) +
                                  sinf (0.7f * (float) (i * i)) * cosf (2.2f * (float) c);
    }
  all = rf_reduce (x, available, 5, &share, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->cols, ==, 5);
  g_assert_cmpfloat_with_epsilon (share, 1, 1e-5);
  for (gsize a = 0; a < n; a++)
    for (gsize b = 0; b < a && a != 7; b++)
      if (b != 7)
        g_assert_cmpfloat_with_epsilon (distance (all, a, b), distance (x, a, b), 1e-3);
  for (gsize c = 0; c < all->cols; c++)
    g_assert_cmpfloat ((double) rf_matrix_row (all, 7)[c], ==, 0);
  two = rf_reduce (x, available, 2, &share, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (share, >, 0.6);
  g_assert_cmpfloat (share, <, 0.99);
}

static void
test_pairs (void)
{
  Planted *world = planted_new (50, 40, 0.3, 7);
  const RfCsr *x;
  RfSamplerOptions options = { .batch = 100, .negatives = 3, .seed = 1 };
  g_autoptr(RfSampler) sampler = NULL;
  g_autofree guint *seen = NULL;
  gsize total = 0;
  guint n;

  x = world->part[0];
  seen = g_new0 (guint, x->ptr[x->rows] + 1);
  sampler = rf_sampler_new (x, &options);
  n = rf_sampler_begin (sampler, 1);
  for (guint b = 0; b < n; b++)
    {
      const RfSample *s = rf_sampler_next (sampler, b);

      for (gsize k = 0; k < s->n; k++)
        {
          g_assert_cmpuint (s->users[s->user_slot[k]], ==, s->user[k]);
          g_assert_cmpuint (s->items[s->pos_slot[k]], ==, s->item[k]);
          g_assert_true (rf_csr_contains (x, s->user[k], s->item[k]));
          for (gsize e = x->ptr[s->user[k]]; e < x->ptr[s->user[k] + 1]; e++)
            seen[e] += x->idx[e] == s->item[k];
          for (guint j = 0; j < 3; j++)
            {
              g_assert_false (rf_csr_contains (x, s->user[k], s->items[s->neg_slot[k * 3 + j]]));
              g_assert_cmpuint (s->repeat[k * 3 + j], ==, k);
            }
        }
      for (gsize a = 0; a < s->n_items; a++)
        for (gsize c = 0; c < a; c++)
          g_assert_cmpuint (s->items[a], !=, s->items[c]);
      total += s->n;
    }
  g_assert_cmpuint (total, ==, x->ptr[x->rows]);
  for (gsize e = 0; e < total; e++)
    g_assert_cmpuint (seen[e], ==, 1);
  planted_free (world);
}

static void
list_order (RfSampler *sampler, guint epoch, GArray *order)
{
  guint n = rf_sampler_begin (sampler, epoch);

  g_array_set_size (order, 0);
  for (guint b = 0; b < n; b++)
    {
      const RfSample *s = rf_sampler_next (sampler, b);

      for (gsize k = 0; k < s->n; k++)
        {
          guint32 pair[2] = { s->item[k], s->user[k] };

          g_array_append_vals (order, pair, 2);
        }
    }
}

/* Pairs of an item in runs of at most `group`: each once, whole runs, in an order that epoch and seed alone decide. */
static void
test_groups (void)
{
  Planted *world = planted_new (50, 40, 0.3, 7);
  RfSamplerOptions options = { .batch = 100, .negatives = 1, .group = 4, .seed = 1 };
  g_autoptr(RfSampler) sampler = NULL, other = NULL;
  g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (guint32)), again = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 *pair;
  const RfCsr *x;
  gsize n_runs = 0, most = 0;

  x = world->part[0];
  sampler = rf_sampler_new (x, &options);
  other = rf_sampler_new (x, &options);
  list_order (sampler, 1, again);
  list_order (sampler, 2, order);
  g_assert_cmpuint (order->len, ==, 2 * x->ptr[x->rows]);
  g_assert_true (memcmp (order->data, again->data, order->len * sizeof (guint32)) != 0);
  list_order (other, 2, again);
  g_assert_cmpmem (order->data, order->len * sizeof (guint32), again->data, again->len * sizeof (guint32));
  pair = (const guint32 *) order->data;
  for (gsize a = 0; a < order->len; a += 2)
    {
      n_runs += a == 0 || pair[a] != pair[a - 2];
      g_assert_true (rf_csr_contains (x, pair[a + 1], pair[a]));
      for (gsize b = 0; b < a; b += 2)
        g_assert_false (pair[a] == pair[b] && pair[a + 1] == pair[b + 1]);
    }
  for (guint32 i = 0; i < x->cols; i++)
    {
      gsize count = 0;

      for (gsize e = 0; e < x->ptr[x->rows]; e++)
        count += x->idx[e] == i;
      most += (count + 3) / 4;
    }
  g_assert_cmpuint (n_runs, <=, most); /* two runs of an item may come to stand side by side */
  planted_free (world);
}

/* The chance of being a candidate, against counting. */
static void
test_chance (void)
{
  Planted *world = planted_new (200, 100, 0.3, 7);
  RfSamplerOptions options = { .by_user = TRUE, .batch = 120, .negatives = 15, .seed = 2 };
  g_autoptr(RfSampler) sampler = NULL;
  double worst = 0, batches = 0;
  g_autofree double *count = NULL;

  sampler = rf_sampler_new (world->part[0], &options);
  count = g_new0 (double, 100);
  for (guint epoch = 0; epoch < 200; epoch++)
    {
      guint n = rf_sampler_begin (sampler, epoch);

      for (guint b = 0; b < n; b++, batches++)
        {
          const RfSample *s = rf_sampler_next (sampler, b);

          for (gsize i = 0; i < s->n_items; i++)
            count[s->items[i]]++;
        }
    }
  for (guint32 i = 0; i < 100; i++)
    worst = MAX (worst, fabs (count[i] / batches - exp (rf_sampler_log_chance (sampler, i))));
  g_test_message ("the chance is off by at most %.3f", worst);
  g_assert_cmpfloat (worst, <, 0.06); /* batches are cut by users, which the formula takes as even */
  planted_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/sampler/pairs", test_pairs);
  g_test_add_func ("/sampler/groups", test_groups);
  g_test_add_func ("/sampler/chance", test_chance);
  g_test_add_func ("/sampler/reduce", test_reduce);
  return g_test_run ();
}
