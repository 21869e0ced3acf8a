/* rf-sample-choice.c: the users of the sample: what they like, what drives them, what they choose.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/base/rf-sort.h"
#include "core/catalog/rf-sample-private.h"

#define BETA          2.6
#define POPULARITY    0.5
#define MIN_CHOICES   8
#define MEAN_EXTRA    8.0 /* of the geometric part */
#define FIRST_DAY     1672531200 /* 2023-01-01 UTC */
#define DAYS          1000
#define SECONDS_A_DAY 86400

static const double attribute_weights[SAMPLE_N_ATTRIBUTES] = { 1.2, 1.0, 0.8 };

/* A value among the best n: a min-heap by score. */
typedef struct
{
  double score;
  guint32 item;
} Choice;

static void
draw_likes (RfRng *rng, SampleUser *user)
{
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
      {
        guint first = rf_rng_below (rng, sample_n_values[a]), second = rf_rng_below (rng, sample_n_values[a] - 1);

        second += second >= first;
        user->likes[t][a][0] = (guint8) MIN (first, second);
        user->likes[t][a][1] = (guint8) MAX (first, second);
      }
}

/* Dirichlet (1,1,1) is three exponentials over their sum; the scaling to unit length takes the sum out again. */
static void
draw_weights (RfRng *rng, SampleUser *user)
{
  double square = 0;

  if (user->driver < SAMPLE_N_TRIPLES)
    {
      user->weight[user->driver] = 1;
      return;
    }
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    {
      user->weight[t] = -log (1 - rf_rng_uniform (rng));
      square += user->weight[t] * user->weight[t];
    }
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    user->weight[t] /= sqrt (square);
}

/* Adds weight * g_t(u, .), g standardised over the items, to scores. */
static void
add_taste (const SampleUser *user, guint t, const SampleItem *items, guint n_items, double weight, double *scores)
{
  double value[SAMPLE_N_ATTRIBUTES][12] = { { 0 } }, sum = 0, square = 0, mean, deviation;

  for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
    value[a][user->likes[t][a][0]] = value[a][user->likes[t][a][1]] = attribute_weights[a];
  for (guint i = 0; i < n_items; i++)
    {
      const guint8 *has = items[i].value[t];
      double g = value[0][has[0]] + value[1][has[1]] + value[2][has[2]];

      sum += g;
      square += g * g;
    }
  mean = sum / n_items;
  deviation = sqrt (fmax (0, square / n_items - mean * mean));
  if (deviation < 1e-9) /* nothing to choose by */
    return;
  for (guint i = 0; i < n_items; i++)
    {
      const guint8 *has = items[i].value[t];

      scores[i] += weight * (value[0][has[0]] + value[1][has[1]] + value[2][has[2]] - mean) / deviation;
    }
}

static void
sift_down (Choice *heap, guint n, guint at)
{
  for (;;)
    {
      guint child = 2 * at + 1;
      Choice held = heap[at];

      if (child >= n)
        return;
      if (child + 1 < n && heap[child + 1].score < heap[child].score)
        child++;
      if (heap[child].score >= held.score)
        return;
      heap[at] = heap[child];
      heap[child] = held;
      at = child;
    }
}

/* Sampling without replacement with probability proportional to exp (score): the n largest of score + Gumbel noise. */
static void
choose_items (RfRng *rng, const double *scores, guint n_items, SampleUser *user)
{
  Choice heap[RF_SAMPLE_MAX_PER_USER];
  guint n = user->n;

  for (guint i = 0; i < n_items; i++)
    {
      Choice choice = { scores[i] + rf_rng_gumbel (rng), i };

      if (i < n)
        heap[i] = choice;
      if (i + 1 == n)
        for (guint at = n / 2 + 1; at-- > 0;)
          sift_down (heap, n, at);
      if (i >= n && choice.score > heap[0].score)
        {
          heap[0] = choice;
          sift_down (heap, n, 0);
        }
    }
  for (guint i = 0; i < n; i++)
    user->item[i] = heap[i].item;
}

static guint
draw_n_choices (RfRng *rng, guint n_items)
{
  double p = 1 / (1 + MEAN_EXTRA);
  guint extra = (guint) fmin (RF_SAMPLE_MAX_PER_USER, floor (log (1 - rf_rng_uniform (rng)) / log (1 - p)));

  return MIN (MIN (MIN_CHOICES + extra, RF_SAMPLE_MAX_PER_USER), n_items / 2);
}

static int
compare_times (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

/* A user comes on several days in a span of time and chooses in no special order. */
static void
draw_times (RfRng *rng, SampleUser *user)
{
  gint64 first = FIRST_DAY + (gint64) rf_rng_below (rng, DAYS * SECONDS_A_DAY);
  guint span = 1 + rf_rng_below (rng, 300);

  for (guint i = 0; i < user->n; i++)
    user->timestamp[i] = first + (gint64) rf_rng_below (rng, span) * SECONDS_A_DAY + rf_rng_below (rng, 4 * 3600);
  rf_sort (user->timestamp, user->n, sizeof *user->timestamp, compare_times, NULL);
}

/* Half stars around 4: a user's habit, an item's quality and chance. */
static void
draw_ratings (RfRng *rng, const SampleItem *items, SampleUser *user)
{
  double habit = 0.3 * rf_rng_normal (rng);

  for (guint i = 0; i < user->n; i++)
    {
      double rating = 4.0 + habit + 0.3 * items[user->item[i]].quality + 0.6 * rf_rng_normal (rng);

      user->rating[i] = (float) (round (2 * CLAMP (rating, 1, 5)) / 2);
    }
}

void
sample_choose (guint64 seed, guint32 index, const SampleItem *items, guint n_items, double *scratch, SampleUser *user)
{
  RfRng taste = sample_rng (seed, SAMPLE_STREAM_USER, index), choice = sample_rng (seed, SAMPLE_STREAM_CHOICE, index);
  RfRng rating = sample_rng (seed, SAMPLE_STREAM_RATING, index);

  draw_likes (&taste, user);
  draw_weights (&taste, user);
  user->n = draw_n_choices (&taste, n_items);
  for (guint i = 0; i < n_items; i++)
    scratch[i] = POPULARITY * items[i].popularity;
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    if (user->weight[t] > 0)
      add_taste (user, t, items, n_items, BETA * user->weight[t], scratch);
  choose_items (&choice, scratch, n_items, user);
  rf_rng_shuffle_u32 (&rating, user->item, user->n);
  draw_times (&rating, user);
  draw_ratings (&rating, items, user);
}
