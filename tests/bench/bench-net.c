/* bench-net.c: how fast a joint network trains: interactions per second of an epoch, its sampling and its optimiser included, its
 * validation apart.
 *
 *   bench-net [--size S|B] [--image features|cnn] [--text features|gru] [--batch N] [--threads N] [--epochs N] [--pool N]
 *             [--group N] [--reduce N] [--held-out N]
 *
 * The catalog is made here, always the same: S has 600 users, 9,700 items and 100,000 interactions with 512 numbers for the picture and
 * 384 for the text (and pictures of 28 x 28 and texts of 32 words); B 19,445 users, 7,050 items, 118,551 interactions, 4,096 and 384
 * numbers. Popularity is Zipf-Mandelbrot (rank + 10)^-0.9, activity lognormal. --pool, --group and --reduce are negatives.pool, batch.group and
 * encoder.features_max; what reducing costs once is printed beside.
 *
 * tests/bench/peers/fusion.py is the same model in PyTorch, of features; run both in turns, and compare the processor's time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/features/rf-reduce.h"
#include "core/train/rf-net-train.h"

#define SIDE    28
#define N_WORDS 10000
#define LENGTH  32

typedef struct
{
  const char *name;
  guint32 users, items;
  gsize pairs, image, text;
  double activity; /* deviation of the logarithm */
} Size;

static const Size sizes[] = {
  { "S", 600, 9700, 100000, 512, 384, 0.5 },
  { "B", 19445, 7050, 118551, 4096, 384, 0.9 },
};

typedef struct
{
  char *size, *image, *text;
  int batch, threads, epochs, pool, group, reduce, held_out;
} Options;

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double
peak_megabytes (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_maxrss / 1024;
}

/* ---- the catalog ---- */

static guint32
draw (RfRng *rng, const double *sums, guint32 n)
{
  double at = rf_rng_uniform (rng) * sums[n - 1];
  guint32 low = 0, high = n - 1;

  while (low < high)
    {
      guint32 middle = (low + high) / 2;

      if (sums[middle] > at)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

static double *
activity_sums (RfRng *rng, const Size *size)
{
  double *sums = g_new (double, size->users), sum = 0;

  for (guint32 u = 0; u < size->users; u++)
    sums[u] = sum += exp (size->activity * rf_rng_normal (rng));
  return sums;
}

static double *
popularity_sums (RfRng *rng, const Size *size)
{
  double *sums = g_new (double, size->items), sum = 0;
  guint32 *rank = g_new (guint32, size->items);

  for (guint32 i = 0; i < size->items; i++)
    rank[i] = i;
  rf_rng_shuffle_u32 (rng, rank, size->items);
  for (guint32 i = 0; i < size->items; i++)
    sums[i] = sum += pow (rank[i] + 10.0, -0.9);
  g_free (rank);
  return sums;
}

/* Distinct pairs: one for every user, one for every item, then by activity and popularity. The last ones are held out. */
static void
draw_pairs (const Size *size, gsize held_out, RfCsr **train, RfCsr **valid)
{
  RfRng rng = rf_rng_new (12, 0);
  g_autofree double *activity = activity_sums (&rng, size), *popularity = popularity_sums (&rng, size);
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  gsize n = 0, total = size->pairs + held_out;
  g_autofree guint32 *user = g_new (guint32, total), *item = g_new (guint32, total);

  for (gsize k = 0; n < total; k++)
    {
      guint32 u = k < size->users ? (guint32) k : draw (&rng, activity, size->users);
      guint32 i = k >= size->users && k < (gsize) size->users + size->items ? (guint32) (k - size->users) : draw (&rng, popularity, size->items);

      if (!g_hash_table_add (seen, GSIZE_TO_POINTER ((gsize) u * size->items + i + 1)))
        continue;
      user[n] = u;
      item[n++] = i;
    }
  *train = rf_csr_new_from_pairs (size->users, size->items, size->pairs, user, item, NULL);
  *valid = rf_csr_new_from_pairs (size->users, size->items, held_out, user + size->pairs, item + size->pairs, NULL);
}

static void
fill_rows (size_t begin, size_t end, int worker, void *data)
{
  RfMatrix *x = data;

  for (size_t r = begin; r < end; r++)
    {
      RfRng rng = rf_rng_new (13, rf_hash_mix (x->cols, r));

      for (gsize c = 0; c < x->cols; c++)
        rf_matrix_row (x, r)[c] = (float) (rf_rng_uniform (&rng) + rf_rng_uniform (&rng) + rf_rng_uniform (&rng) - 1.5); /* deviation .5 */
    }
}

static RfMatrix *
make_features (guint32 n, gsize cols)
{
  RfMatrix *x = rf_matrix_new (n, cols);

  rf_parallel_for (n, 64, fill_rows, x);
  return x;
}

static RfPixels *
make_pixels (guint32 n)
{
  RfPixels *pixels = g_new0 (RfPixels, 1);
  RfRng rng = rf_rng_new (14, 0);

  *pixels = (RfPixels) { .n = n, .size = SIDE, .rgb = g_malloc ((gsize) n * SIDE * SIDE * 3), .available = g_malloc (n) };
  memset (pixels->available, 1, n);
  for (gsize k = 0; k < (gsize) n * SIDE * SIDE * 3; k++)
    pixels->rgb[k] = (guint8) (rf_rng_u32 (&rng) >> 24);
  return pixels;
}

static RfWordIds *
make_words (guint32 n)
{
  RfWordIds *words = g_new0 (RfWordIds, 1);
  RfRng rng = rf_rng_new (15, 0);

  *words = (RfWordIds) { .n_texts = n, .ptr = g_new (gsize, (gsize) n + 1), .word = g_new (guint32, (gsize) n * LENGTH) };
  for (gsize i = 0; i <= n; i++)
    words->ptr[i] = i * LENGTH;
  for (gsize k = 0; k < (gsize) n * LENGTH; k++) /* density 1 / rank^1.2 above rank 1 */
    {
      double rank = pow (1 - rf_rng_uniform (&rng), -5.0);

      words->word[k] = rank < N_WORDS ? (guint32) rank : N_WORDS - 1;
    }
  return words;
}

/* ---- the run ---- */

typedef struct
{
  double cpu, wall;
} Clock;

static Clock
read_clock (void)
{
  return (Clock) { cpu_seconds (), 1e-6 * (double) g_get_monotonic_time () };
}

/* The last step of an epoch ends its training. */
static void
note_step (guint epoch, guint n_epochs, double fraction, double loss, void *data)
{
  if (fraction >= 1)
    *(Clock *) data = read_clock ();
}

static void
report (const Options *o, const Size *size, const char *what, double seconds, double cpu)
{
  printf ("%s %s batch %d threads %d: %-10s wall %.3f s, CPU %.3f s, %.0f interactions/s\n", size->name, what, o->batch, o->threads, "best epoch",
          seconds, cpu, (double) size->pairs / seconds);
}

static gboolean
run (const Options *o, const Size *size, RfNetInput *input, const RfCsr *train, const RfCsr *valid)
{
  RfNetOptions net_options = { .fusion = RF_FUSION_ATTENTION, .dim = 64, .width = 64, .seed = 1 };
  RfNetTrainOptions options = { .loss = RF_LOSS_BPR, .epochs = (guint) o->epochs, .batch = (guint) o->batch, .negatives = 1, .pool = (guint) o->pool, .group = (guint) o->group,
                                .patience = 1000, .seed = 1, .optim = { .kind = RF_OPTIM_ADAM, .rate = 1e-3 } };
  g_autoptr(RfNet) net = rf_net_new (input, &net_options);
  g_autoptr(RfNetTrainer) trainer = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *what = g_strdup_printf ("%s+%s", o->image, o->text);
  double best = 1e9, best_cpu = 1e9, whole = 1e9;
  Clock trained = { 0 };

  rf_net_start (net);
  trainer = rf_net_trainer_new (net, train, valid, &options);
  rf_net_trainer_set_step_func (trainer, note_step, &trained);
  for (int e = 0; e < o->epochs; e++)
    {
      Clock began = read_clock ();
      RfNetEpoch epoch;

      if (!rf_net_trainer_run_epoch (trainer, &epoch, NULL, &error))
        {
          fprintf (stderr, "bench-net: %s\n", error->message);
          return FALSE;
        }
      whole = MIN (whole, read_clock ().wall - began.wall);
      best = MIN (best, trained.wall - began.wall);
      best_cpu = MIN (best_cpu, trained.cpu - began.cpu);
      printf ("  epoch %d: wall %.3f s, CPU %.3f s, loss %.4f, gradient %.4f\n", e + 1, trained.wall - began.wall, trained.cpu - began.cpu, epoch.loss,
              epoch.gradient_norm);
    }
  report (o, size, what, best, best_cpu);
  printf ("with freezing and validation %.3f s; tape %.1f MB, peak memory of the process %.0f MB\n", whole,
          (double) rf_net_trainer_get_peak_bytes (trainer) / 1048576, peak_megabytes ());
  return TRUE;
}

static void
add_features (const Options *o, RfNetInput *input, guint m, gsize cols)
{
  RfMatrix *x = make_features (input->n_items, cols);

  if (o->reduce > 0 && (gsize) o->reduce < cols)
    {
      double began = cpu_seconds (), share;
      RfMatrix *less = rf_reduce (x, input->input[m].available, (gsize) o->reduce, &share, NULL, NULL);

      printf ("%s: %zu of %zu directions in CPU %.2f s, %.1f %% of the variance\n", input->input[m].name, (size_t) less->cols, (size_t) cols, cpu_seconds () - began,
              100 * share);
      rf_matrix_free (x);
      x = less;
    }
  input->input[m].kind = RF_ENCODER_FEATURES;
  input->input[m].x = x;
}

static gboolean
bench (const Options *o, const Size *size)
{
  static const char *const names[] = { "image", "text", "behaviour" };
  RfNetInput input = { .n_users = size->users, .n_items = size->items, .n_modalities = 3 };
  g_autofree guint8 *available = g_malloc (size->items);
  g_autoptr(RfCsr) train = NULL, valid = NULL;
  g_autoptr(RfPixels) pixels = NULL;
  g_autoptr(RfWordIds) words = NULL;
  gboolean good;

  draw_pairs (size, (gsize) o->held_out, &train, &valid);
  input.train = train;
  memset (available, 1, size->items);
  for (guint m = 0; m < 3; m++)
    input.input[m] = (RfEncoderInput) { .name = names[m], .kind = RF_ENCODER_IDS, .n_items = size->items, .n_users = size->users, .available = available };
  if (strcmp (o->image, "cnn") == 0)
    {
      input.input[0].kind = RF_ENCODER_CNN;
      input.input[0].pixels = pixels = make_pixels (size->items);
    }
  else
    add_features (o, &input, 0, size->image);
  if (strcmp (o->text, "gru") == 0)
    {
      input.input[1].kind = RF_ENCODER_GRU;
      input.input[1].words = words = make_words (size->items);
      input.input[1].n_words = N_WORDS;
      input.input[1].max_words = LENGTH;
    }
  else
    add_features (o, &input, 1, size->text);
  printf ("OpenBLAS kernel %s\n", rf_linalg_get_kernel ());
  good = run (o, size, &input, train, valid);
  for (guint m = 0; m < 2; m++)
    rf_matrix_free ((RfMatrix *) input.input[m].x);
  return good;
}

int
main (int argc, char **argv)
{
  Options o = { .batch = 2048, .threads = 1, .epochs = 5, .held_out = 12000 };
  const GOptionEntry entries[] = {
    { "size", 0, 0, G_OPTION_ARG_STRING, &o.size, "S or B", "NAME" },
    { "image", 0, 0, G_OPTION_ARG_STRING, &o.image, "features or cnn", "NAME" },
    { "text", 0, 0, G_OPTION_ARG_STRING, &o.text, "features or gru", "NAME" },
    { "batch", 0, 0, G_OPTION_ARG_INT, &o.batch, "Pairs of a batch", "N" },
    { "threads", 0, 0, G_OPTION_ARG_INT, &o.threads, "Threads", "N" },
    { "epochs", 0, 0, G_OPTION_ARG_INT, &o.epochs, "Epochs; the best one counts", "N" },
    { "pool", 0, 0, G_OPTION_ARG_INT, &o.pool, "Items that negatives of a batch are drawn from; 0: all", "N" },
    { "group", 0, 0, G_OPTION_ARG_INT, &o.group, "Interactions of an item that come together; 0: no such", "N" },
    { "reduce", 0, 0, G_OPTION_ARG_INT, &o.reduce, "Principal directions of the features; 0: all numbers", "N" },
    { "held-out", 0, 0, G_OPTION_ARG_INT, &o.held_out, "Interactions to validate with", "N" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;
  guint which = 0;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "bench-net: %s\n", error->message);
      return 2;
    }
  o.size = o.size ? o.size : g_strdup ("B");
  o.image = o.image ? o.image : g_strdup ("features");
  o.text = o.text ? o.text : g_strdup ("features");
  while (which < G_N_ELEMENTS (sizes) && strcmp (sizes[which].name, o.size) != 0)
    which++;
  if (which == G_N_ELEMENTS (sizes) || o.batch < 1 || o.epochs < 1 || o.threads < 1 || o.pool < 0 || o.group < 0 || o.reduce < 0 || o.held_out < 1)
    {
      fprintf (stderr, "bench-net: --size is S or B, and numbers are positive\n");
      return 2;
    }
  rf_linalg_choose_kernel (argv);
  rf_linalg_init ();
  rf_parallel_set_threads (o.threads);
  return bench (&o, &sizes[which]) ? 0 : 1;
}
