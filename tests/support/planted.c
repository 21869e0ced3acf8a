/* planted.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/planted.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"

#define WIDTH 64

static const guint32 n_values[3] = { 12, 8, 6 };
static const double value_weight[3] = { 1.2, 1.0, 0.8 };

typedef struct
{
  guint32 value[3][3]; /* modality, attribute */
} Attributes;

static void
draw_weights (RfRng *rng, int driver, double weight[3])
{
  double square = 0;

  for (int m = 0; m < 3; m++)
    {
      weight[m] = driver < 3 ? driver == m : -log (1 - rf_rng_uniform (rng)); /* exponentials, normalised: Dirichlet(1,1,1) */
      square += weight[m] * weight[m];
    }
  for (int m = 0; m < 3; m++)
    weight[m] /= sqrt (square);
}

/* g: the standardised sum of liked weights of one modality over the items. */
static void
draw_taste (RfRng *rng, const Attributes *items, guint32 n_items, int m, double *g)
{
  guint32 liked[3][2];
  double mean = 0, square = 0;

  for (int a = 0; a < 3; a++)
    {
      liked[a][0] = rf_rng_below (rng, n_values[a]);
      liked[a][1] = (liked[a][0] + 1 + rf_rng_below (rng, n_values[a] - 1)) % n_values[a];
    }
  for (guint32 i = 0; i < n_items; i++)
    {
      g[i] = 0;
      for (int a = 0; a < 3; a++)
        if (items[i].value[m][a] == liked[a][0] || items[i].value[m][a] == liked[a][1])
          g[i] += value_weight[a];
      mean += g[i] / n_items;
    }
  for (guint32 i = 0; i < n_items; i++)
    square += (g[i] - mean) * (g[i] - mean) / n_items;
  for (guint32 i = 0; i < n_items; i++)
    g[i] = (g[i] - mean) / sqrt (square);
}

static RfFeatures *
make_features (RfRng *rng, const Attributes *items, guint32 n_items, int m, double noise)
{
  RfMatrix *x = rf_matrix_new (n_items, WIDTH);
  guint8 *available = g_malloc (n_items);
  float directions[3][12][WIDTH];

  for (int a = 0; a < 3; a++)
    for (guint32 v = 0; v < n_values[a]; v++)
      for (int c = 0; c < WIDTH; c++)
        directions[a][v][c] = (float) (rf_rng_normal (rng) / sqrt (WIDTH));
  for (guint32 i = 0; i < n_items; i++)
    for (int c = 0; c < WIDTH; c++)
      {
        rf_matrix_row (x, i)[c] = (float) (noise * rf_rng_normal (rng) / sqrt (WIDTH));
        for (int a = 0; a < 3; a++)
          rf_matrix_row (x, i)[c] += directions[a][items[i].value[m][a]][c];
      }
  memset (available, 1, n_items);
  return rf_features_new (m == 0 ? "image" : "text", "planted", x, available);
}

/* Gumbel-top-n: the n largest of utility + noise are a draw without replacement from the softmax. */
static guint32
choose (RfRng *rng, double *utility, guint32 n_items, guint32 *chosen)
{
  guint32 n = 8;

  while (n < 60 && rf_rng_uniform (rng) > 1.0 / 9)
    n++;
  for (guint32 i = 0; i < n_items; i++)
    utility[i] += rf_rng_gumbel (rng);
  for (guint32 c = 0; c < n; c++)
    {
      guint32 best = 0;

      for (guint32 i = 1; i < n_items; i++)
        if (utility[i] > utility[best])
          best = i;
      chosen[c] = best;
      utility[best] = -INFINITY;
    }
  rf_rng_shuffle_u32 (rng, chosen, n);
  return n;
}

Planted *
planted_new (guint32 n_users, guint32 n_items, double noise, guint64 seed)
{
  Planted *self = g_new0 (Planted, 1);
  RfRng rng = rf_rng_new (seed, 0x91A7);
  g_autofree Attributes *items = g_new (Attributes, n_items);
  g_autofree double *popularity = g_new (double, n_items), *utility = g_new (double, n_items), *g = g_new (double, n_items);
  GArray *row[3], *col[3];

  self->n_users = n_users;
  self->n_items = n_items;
  self->driver = g_new (int, n_users);
  for (guint32 i = 0; i < n_items; i++)
    {
      popularity[i] = rf_rng_normal (&rng);
      for (int m = 0; m < 3; m++)
        for (int a = 0; a < 3; a++)
          items[i].value[m][a] = rf_rng_below (&rng, n_values[a]);
    }
  for (int p = 0; p < 3; p++)
    {
      row[p] = g_array_new (FALSE, FALSE, sizeof (guint32));
      col[p] = g_array_new (FALSE, FALSE, sizeof (guint32));
    }
  for (guint32 u = 0; u < n_users; u++)
    {
      double weight[3];
      guint32 chosen[60], n;

      self->driver[u] = (int) (u % 4);
      draw_weights (&rng, self->driver[u], weight);
      for (guint32 i = 0; i < n_items; i++)
        utility[i] = 0.5 * popularity[i];
      for (int m = 0; m < 3; m++)
        {
          draw_taste (&rng, items, n_items, m, g);
          for (guint32 i = 0; i < n_items; i++)
            utility[i] += 2.6 * weight[m] * g[i];
        }
      n = choose (&rng, utility, n_items, chosen);
      for (guint32 c = 0; c < n; c++)
        {
          int p = c < n / 5 ? 2 : c < n / 5 + MAX (n / 10, 1) ? 1 : 0;

          g_array_append_val (row[p], u);
          g_array_append_val (col[p], chosen[c]);
        }
    }
  for (int p = 0; p < 3; p++)
    {
      self->part[p] = rf_csr_new_from_pairs (n_users, n_items, row[p]->len, (const guint32 *) (void *) row[p]->data, (const guint32 *) (void *) col[p]->data, NULL);
      g_array_unref (row[p]);
      g_array_unref (col[p]);
    }
  for (int m = 0; m < 2; m++)
    self->features[m] = make_features (&rng, items, n_items, m, noise);
  return self;
}

void
planted_free (Planted *self)
{
  for (int p = 0; p < 3; p++)
    rf_csr_free (self->part[p]);
  for (int m = 0; m < 2; m++)
    rf_features_free (self->features[m]);
  g_free (self->driver);
  g_free (self);
}
