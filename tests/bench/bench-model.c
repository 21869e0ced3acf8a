/* bench-model.c: training, ranking and explaining on made-up data of known size; one JSON object a line on standard output.
 *
 *   bench-model gemm THREADS             what OpenBLAS reaches here
 *   bench-model make SIZE FOLDER         pairs.npy, image.npy, text.npy for the peers
 *   bench-model train SIZE FUSION THREADS [BATCH [GROUP POOL]]
 *   bench-model default SIZE THREADS     the closed forms of the default model, from features to attention
 *   bench-model rank SIZE THREADS        all users, top 20 (L: 10,240 of them), and one user over all items
 *   bench-model scaling THREADS          how an epoch and a ranking grow with interactions, users, items, dimensions
 *   bench-model kernels                  three kernels, for counting instructions
 *
 * Seconds are processor seconds of all threads (a machine that does other things does not change them much); "wall" is beside them.
 * Users' counts and items' popularity fall like a power law; features are 32 latent numbers, mixed, with noise.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-npy.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-ranker.h"
#include "core/model/rf-net.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-evidence.h"
#include "core/train/rf-net-train.h"

#define LATENT 32

typedef struct
{
  double cpu, wall;
} Time;

static Time
now (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (Time) { (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
                  1e-6 * (double) g_get_monotonic_time () };
}

static Time
since (Time start)
{
  Time end = now ();

  return (Time) { end.cpu - start.cpu, end.wall - start.wall };
}

static void
keep_best (Time *best, Time t)
{
  if (best->cpu == 0 || t.cpu < best->cpu)
    *best = t;
}

static double
peak_megabytes (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_maxrss / 1024;
}

static void
tell (const char *what, const char *size, const char *kind, Time t, double n, const char *unit)
{
  printf ("{\"what\": \"%s\", \"size\": \"%s\", \"kind\": \"%s\", \"threads\": %d, \"cpu\": %.6f, \"wall\": %.6f, \"n\": %.0f, \"unit\": \"%s\", \"peak_mb\": %.0f, \"kernel\": \"%s\"}\n", what, size, kind,
          rf_parallel_get_threads (), t.cpu, t.wall, n, unit, peak_megabytes (), rf_linalg_get_kernel ());
  fflush (stdout);
}

/* --- data --- */

typedef struct
{
  guint32 users, items, image, text;
  gsize n;
} Shape;

static Shape
shape_of (const char *size)
{
  if (strcmp (size, "S") == 0)
    return (Shape) { 600, 9700, 512, 256, 100000 };
  if (strcmp (size, "B") == 0)
    return (Shape) { 19445, 7050, 4096, 384, 118551 };
  if (strcmp (size, "L") == 0)
    return (Shape) { 100000, 50000, 64, 64, 5000000 };
  g_printerr ("no such size: %s\n", size);
  exit (2);
}

static guint32
power_law (RfRng *rng, guint32 n)
{
  return (guint32) ((double) n * pow (rf_rng_uniform (rng), 2.5));
}

/* n different pairs; every user has one at least. */
static RfCsr *
make_pairs (const Shape *s)
{
  g_autofree guint32 *row = g_new (guint32, s->n), *col = g_new (guint32, s->n);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree gint64 *keys = g_new (gint64, s->n);
  RfRng rng = rf_rng_new (8, 1);

  for (gsize k = 0; k < s->n;)
    {
      guint32 user = k < s->users ? (guint32) k : power_law (&rng, s->users), item = power_law (&rng, s->items);

      keys[k] = (gint64) user * s->items + item;
      if (g_hash_table_contains (seen, &keys[k]))
        continue;
      g_hash_table_add (seen, &keys[k]);
      row[k] = user;
      col[k++] = (guint32) (((guint64) item * 7919 + user / 64 * 31) % s->items); /* groups of users with a taste of their own */
    }
  return rf_csr_new_from_pairs (s->users, s->items, s->n, row, col, NULL);
}

static RfMatrix *
make_features (guint32 items, guint32 dims, guint64 stream)
{
  RfMatrix *x = rf_matrix_new (items, dims);
  g_autoptr(RfMatrix) latent = rf_matrix_new (items, LATENT), mix = rf_matrix_new (LATENT, dims);
  RfRng rng = rf_rng_new (8, stream);

  for (gsize i = 0; i < (gsize) items * LATENT; i++)
    latent->x[i] = (float) rf_rng_uniform (&rng) - .5f;
  for (gsize i = 0; i < (gsize) LATENT * dims; i++)
    mix->x[i] = (float) rf_rng_uniform (&rng) - .5f;
  for (gsize i = 0; i < (gsize) items * dims; i++)
    x->x[i] = .1f * ((float) (rf_rng_u32 (&rng) >> 8) / 16777216.f - .5f);
  rf_gemm (FALSE, FALSE, items, dims, LATENT, 1, latent->x, LATENT, mix->x, dims, 1, x->x, dims);
  return x;
}

typedef struct
{
  Shape shape;
  RfCsr *train, *none;
  RfMatrix *image, *text;
  guint8 *available;
} World;

static void
world_make (World *w, Shape shape)
{
  w->shape = shape;
  w->train = make_pairs (&shape);
  w->none = rf_csr_new_from_pairs (shape.users, shape.items, 0, NULL, NULL, NULL);
  w->image = make_features (shape.items, shape.image, 2);
  w->text = make_features (shape.items, shape.text, 3);
  w->available = g_malloc (shape.items);
  memset (w->available, 1, shape.items);
}

static void
world_clear (World *w)
{
  rf_csr_free (w->train);
  rf_csr_free (w->none);
  rf_matrix_free (w->image);
  rf_matrix_free (w->text);
  g_free (w->available);
}

/* The model of the peers: linear encoders of two feature sets, ids, a fusion, a vector per user. */
static RfNet *
make_net (const World *w, const char *fusion, guint dim)
{
  RfNetInput *input = g_new0 (RfNetInput, 1); /* outlives the net: never freed, one per process or series */
  RfNetOptions options = { .head = RF_HEAD_DOT, .user = RF_USER_EMBEDDING, .dim = dim, .hidden = 64, .width = 64, .seed = 1 };
  const RfEncoderInput image = { .name = "image", .kind = RF_ENCODER_FEATURES, .n_items = w->shape.items, .n_users = w->shape.users, .available = w->available, .x = w->image };
  RfNet *net;

  if (!rf_fusion_from_name (fusion, &options.fusion))
    exit (2);
  input->n_users = w->shape.users;
  input->n_items = w->shape.items;
  input->train = w->train;
  input->n_modalities = 3;
  input->input[0] = input->input[1] = input->input[2] = image;
  input->input[1].name = "text";
  input->input[1].x = w->text;
  input->input[2].name = "behaviour";
  input->input[2].kind = RF_ENCODER_IDS;
  input->input[2].x = NULL;
  net = rf_net_new (input, &options);
  rf_net_start (net);
  return net;
}

static Time
time_epoch (const World *w, const char *fusion, guint dim, guint batch, guint group, guint pool, guint runs)
{
  g_autoptr(RfNet) net = make_net (w, fusion, dim);
  RfNetTrainOptions options = { .loss = RF_LOSS_BPR, .epochs = runs, .batch = batch, .group = group, .pool = pool, .negatives = 1, .patience = runs, .seed = 1, .optim = { .kind = RF_OPTIM_ADAM, .rate = 1e-3 } };
  g_autoptr(RfNetTrainer) trainer = rf_net_trainer_new (net, w->train, w->none, &options);
  Time best = { 0 };

  for (guint r = 0; r < runs; r++)
    {
      RfNetEpoch epoch;
      Time start = now ();

      if (!rf_net_trainer_run_epoch (trainer, &epoch, NULL, NULL))
        exit (1);
      keep_best (&best, since (start));
    }
  return best;
}

static void
bench_train (const char *size, const char *fusion, guint batch, guint group, guint pool)
{
  World w;
  g_autofree char *kind = g_strdup_printf (group || pool ? "%s, batch %u, group %u, pool %u" : "%s, batch %u", fusion, batch, group, pool);

  world_make (&w, shape_of (size));
  tell ("epoch", size, kind, time_epoch (&w, fusion, 64, batch, group, pool, 3), (double) w.shape.n, "triples");
  world_clear (&w);
}

/* --- the default model --- */

static void
split_off (const RfCsr *all, RfCsr **train, RfCsr **valid)
{
  GArray *row[2] = { g_array_new (FALSE, FALSE, 4), g_array_new (FALSE, FALSE, 4) }, *col[2] = { g_array_new (FALSE, FALSE, 4), g_array_new (FALSE, FALSE, 4) };

  for (guint32 u = 0; u < all->rows; u++)
    for (gsize k = all->ptr[u]; k < all->ptr[u + 1]; k++)
      {
        int part = k % 10 == 9;

        g_array_append_val (row[part], u);
        g_array_append_val (col[part], all->idx[k]);
      }
  *train = rf_csr_new_from_pairs (all->rows, all->cols, row[0]->len, (guint32 *) (void *) row[0]->data, (guint32 *) (void *) col[0]->data, NULL);
  *valid = rf_csr_new_from_pairs (all->rows, all->cols, row[1]->len, (guint32 *) (void *) row[1]->data, (guint32 *) (void *) col[1]->data, NULL);
  for (int part = 0; part < 2; part++)
    {
      g_array_unref (row[part]);
      g_array_unref (col[part]);
    }
}

static void
bench_default (const char *size)
{
  static const char *const names[] = { "image", "text", "behaviour" };
  World w;
  g_autoptr(RfCsr) train = NULL, valid = NULL;
  g_autoptr(RfConfig) config = rf_config_new ();
  RfEvidenceOptions options = { .max_users = 2000, .n_steps = 100, .learning_rate = .05, .guard = TRUE, .seed = 1 };
  RfEvidenceResult result;
  RfChannelChoice choice;
  RfChannel *channels[3];
  RfAttention attention = { .temperature = 1 };
  g_autofree float *popularity = NULL;
  g_autoptr(RfModel) draft = NULL;
  Time start;

  world_make (&w, shape_of (size));
  split_off (w.train, &train, &valid);
  start = now ();
  for (int m = 0; m < 2; m++)
    {
      g_autoptr(RfFeatures) features = rf_features_new (names[m], "bench", rf_matrix_copy (m == 0 ? w.image : w.text), g_memdup2 (w.available, w.shape.items));

      channels[m] = rf_fit_content (features, train, valid, config, &choice, NULL, NULL);
    }
  tell ("default: content channels", size, "fit", since (start), (double) w.shape.n, "interactions");
  start = now ();
  channels[2] = rf_fit_behaviour (train, valid, config, &choice, NULL, NULL);
  tell ("default: behaviour channel", size, "fit", since (start), (double) w.shape.n, "interactions");
  start = now ();
  popularity = rf_model_popularity_from (train);
  draft = rf_model_new (3, names, channels, &attention, popularity);
  if (!rf_evidence_fit (draft, train, valid, &options, &result, NULL, NULL, NULL, NULL))
    exit (1);
  tell ("default: attention", size, "fit", since (start), (double) w.shape.n, "interactions");
  for (int m = 0; m < 3; m++)
    rf_channel_unref (channels[m]);
  world_clear (&w);
}

/* --- ranking and explaining --- */

static RfModel *
freeze (const World *w, const char *fusion, guint dim)
{
  g_autoptr(RfNet) net = make_net (w, fusion, dim);
  RfTape *tape = rf_tape_new ();
  RfModel *model = rf_net_freeze (net, tape);

  rf_tape_free (tape);
  return model;
}

static RfCsr *
first_users (const RfCsr *all, guint32 n)
{
  g_autoptr(GArray) row = g_array_new (FALSE, FALSE, 4);

  for (guint32 u = 0; u < n; u++)
    for (gsize k = all->ptr[u]; k < all->ptr[u + 1]; k++)
      g_array_append_val (row, u);
  return rf_csr_new_from_pairs (n, all->cols, row->len, (guint32 *) (void *) row->data, all->idx, NULL);
}

static Time
time_ranking (const RfModel *model, const RfCsr *history, guint runs)
{
  Time best = { 0 };

  for (guint r = 0; r < runs; r++)
    {
      Time start = now ();

      g_free (rf_rank_all (model, history, 20, NULL, NULL));
      keep_best (&best, since (start));
    }
  return best;
}

static void
bench_rank (const char *size)
{
  World w;
  g_autoptr(RfModel) model = NULL;
  g_autoptr(RfCsr) history = NULL;
  Time best = { 0 };

  world_make (&w, shape_of (size));
  model = freeze (&w, "attention", 64);
  history = first_users (w.train, MIN (w.shape.users, strcmp (size, "L") == 0 ? 10240 : G_MAXUINT32));
  tell ("rank all users", size, "attention, top 20", time_ranking (model, history, 3), history->rows, "users");
  for (int r = 0; r < 9; r++)
    {
      RfRankOptions options = { .k = 0 };
      guint32 user = (guint32) r * 17 % history->rows;
      Time start = now ();

      rf_ranking_free (rf_rank_history (model, rf_csr_row (w.train, user), rf_csr_row_length (w.train, user), user, &options));
      keep_best (&best, since (start));
    }
  tell ("explain one user", size, "all items", best, w.shape.items, "items");
  world_clear (&w);
}

/* --- growth --- */

static void
measure_growth (const char *series, double x, Shape shape, guint dim)
{
  World w;
  g_autoptr(RfModel) model = NULL;
  g_autofree char *size = g_strdup_printf ("%.0f", x);

  world_make (&w, shape);
  tell ("growth of an epoch", size, series, time_epoch (&w, "attention", dim, 2048, 0, 0, 2), x, series);
  model = freeze (&w, "attention", dim);
  tell ("growth of a ranking", size, series, time_ranking (model, w.train, 2), x, series);
  world_clear (&w);
}

static void
bench_scaling (void)
{
  for (int k = 0; k < 6; k++)
    {
      Shape s = { 20000, 4000, 128, 128, (gsize) 50000 << k };

      measure_growth ("interactions", (double) s.n, s, 64);
    }
  for (int k = 0; k < 4; k++)
    {
      Shape users = { 5000u << k, 4000, 128, 128, 200000 }, items = { 10000, 2000u << k, 128, 128, 200000 }, dims = { 10000, 4000, 128, 128, 200000 };

      measure_growth ("users", users.users, users, 64);
      measure_growth ("items", items.items, items, 64);
      measure_growth ("dimensions", 32u << k, dims, 32u << k);
    }
}

/* --- the machine --- */

static void
bench_gemm (void)
{
  const gsize n = 1536;
  g_autoptr(RfMatrix) a = make_features (n, n, 4), b = make_features (n, n, 5), c = rf_matrix_new (n, n);
  Time best = { 0 };

  for (int r = 0; r < 7; r++)
    {
      Time start = now ();

      rf_gemm (FALSE, FALSE, n, n, n, 1, a->x, n, b->x, n, 0, c->x, n);
      keep_best (&best, since (start));
    }
  tell ("sgemm", "1536", "square", best, 2.0 * (double) n * (double) n * (double) n, "flop");
  memset (&best, 0, sizeof best);
  {
    g_autoptr(RfMatrix) thin = make_features (4096, 4096, 6), w = make_features (4096, 64, 7), out = rf_matrix_new (4096, 64);

    for (int r = 0; r < 7; r++)
      {
        Time start = now ();

        rf_gemm (FALSE, FALSE, 4096, 64, 4096, 1, thin->x, 4096, w->x, 64, 0, out->x, 64);
        keep_best (&best, since (start));
      }
  }
  tell ("sgemm", "4096 x 64 x 4096", "thin", best, 2.0 * 4096 * 4096 * 64, "flop");
  memset (&best, 0, sizeof best);
  {
    const gsize bytes = (gsize) 256 << 20;
    g_autofree char *from = g_malloc (bytes), *to = g_malloc (bytes);

    memset (from, 1, bytes);
    memset (to, 2, bytes);
    for (int r = 0; r < 5; r++)
      {
        Time start = now ();

        memcpy (to, from, bytes);
        keep_best (&best, since (start));
      }
    tell ("memory", "256 MB", "copied", best, 2.0 * (double) bytes + to[7], "bytes");
  }
}

/* One epoch, one ranking, one scoring: the same work each time, for `valgrind --tool=callgrind`. */
static void
bench_kernels (const char *kernel)
{
  Shape s = { 300, 400, 64, 64, 3000 };
  World w;

  world_make (&w, s);
  if (strcmp (kernel, "epoch") == 0)
    time_epoch (&w, "attention", 32, 512, 0, 0, 1);
  else
    {
      g_autoptr(RfModel) model = freeze (&w, "attention", 32);

      if (strcmp (kernel, "rank") == 0)
        time_ranking (model, w.train, 4);
      else if (strcmp (kernel, "explain") == 0)
        for (guint32 u = 0; u < 60; u++)
          {
            RfRankOptions options = { .k = 0 };

            rf_ranking_free (rf_rank_history (model, rf_csr_row (w.train, u), rf_csr_row_length (w.train, u), u, &options));
          }
    }
  world_clear (&w);
}

static void
save (const char *folder, const char *name, const RfMatrix *x, RfNpyType type)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  if (!rf_npy_save (path, x, type, FALSE, &error))
    {
      g_printerr ("%s\n", error->message);
      exit (1);
    }
}

static void
make_files (const char *size, const char *folder)
{
  World w;
  g_autoptr(RfMatrix) pairs = NULL;

  world_make (&w, shape_of (size));
  pairs = rf_matrix_new (w.shape.n, 2);
  for (guint32 u = 0; u < w.train->rows; u++)
    for (gsize k = w.train->ptr[u]; k < w.train->ptr[u + 1]; k++)
      {
        pairs->x[2 * k] = (float) u;
        pairs->x[2 * k + 1] = (float) w.train->idx[k];
      }
  save (folder, "pairs.npy", pairs, RF_NPY_I4);
  save (folder, "image.npy", w.image, RF_NPY_F4);
  save (folder, "text.npy", w.text, RF_NPY_F4);
  world_clear (&w);
}

int
main (int argc, char **argv)
{
  const char *command = argc > 1 ? argv[1] : "";

  rf_linalg_choose_kernel (argv);
  rf_linalg_init ();
  rf_parallel_set_threads (1);
  if (strcmp (command, "gemm") == 0 && argc > 2)
    {
      rf_parallel_set_threads (atoi (argv[2]));
      bench_gemm ();
    }
  else if (strcmp (command, "make") == 0 && argc > 3)
    make_files (argv[2], argv[3]);
  else if (strcmp (command, "train") == 0 && argc > 4)
    {
      rf_parallel_set_threads (atoi (argv[4]));
      bench_train (argv[2], argv[3], argc > 5 ? (guint) atoi (argv[5]) : 2048, argc > 7 ? (guint) atoi (argv[6]) : 0, argc > 7 ? (guint) atoi (argv[7]) : 0);
    }
  else if ((strcmp (command, "default") == 0 || strcmp (command, "rank") == 0) && argc > 3)
    {
      rf_parallel_set_threads (atoi (argv[3]));
      (command[0] == 'd' ? bench_default : bench_rank) (argv[2]);
    }
  else if (strcmp (command, "scaling") == 0 && argc > 2)
    {
      rf_parallel_set_threads (atoi (argv[2]));
      bench_scaling ();
    }
  else if (strcmp (command, "kernels") == 0 && argc > 2)
    bench_kernels (argv[2]);
  else
    {
      g_printerr ("usage: see the head of bench-model.c\n");
      return 2;
    }
  return 0;
}
