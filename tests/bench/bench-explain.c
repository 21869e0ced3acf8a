/* bench-explain.c: what an explanation costs, in processor time of one thread, best of nine after a warm-up.
 *   bench-explain [ITEMS]     default 50,000; exits with 1 when a bound is missed
 *
 * The catalog is made up: picture and text channels as wide as the features that come out of the box (312 and 256), behaviour as
 * item-kNN with 100 neighbours, a history of 30 items.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-games.h"
#include "core/explain/rf-saliency.h"
#include "core/features/rf-image-picture.h"

#define ROUNDS     9
#define HISTORY    30
#define NEIGHBOURS 100
#define PICTURES   64

static RfModel *model;
static RfCsr *history;
static RfScores *scores;
static float *phi[RF_MAX_MODALITIES];
static RfPictureEncoder encoder;
static RfPictureTarget target;
static guint8 *picture;

static double
processor_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * (double) t.tv_sec + 1e-6 * (double) t.tv_nsec;
}

static RfChannel *
make_factors (guint32 n, gsize width, guint64 seed)
{
  RfMatrix *key = rf_matrix_new (n, width), *value = rf_matrix_new (n, width);
  guint8 *available = g_malloc (n);
  RfRng rng = rf_rng_new (seed, 1);

  memset (available, 1, n);
  for (gsize e = 0; e < n * width; e++)
    {
      key->x[e] = (float) rf_rng_uniform (&rng) - 0.5f;
      value->x[e] = (float) rf_rng_uniform (&rng) - 0.5f;
    }
  return rf_channel_new_factors ("bench", key, value, available);
}

static RfChannel *
make_neighbours (guint32 n)
{
  gsize edges = (gsize) n * NEIGHBOURS;
  g_autofree guint32 *row = g_new (guint32, edges), *col = g_new (guint32, edges);
  g_autofree float *val = g_new (float, edges);
  guint8 *available = g_malloc (n);
  RfRng rng = rf_rng_new (9, 2);

  memset (available, 1, n);
  for (gsize e = 0; e < edges; e++)
    {
      row[e] = (guint32) (e / NEIGHBOURS);
      col[e] = rf_rng_below (&rng, n);
      val[e] = (float) rf_rng_uniform (&rng);
    }
  return rf_channel_new_sparse ("bench", rf_csr_new_from_pairs (n, n, edges, row, col, val), available);
}

/* m = 3: picture, text, behaviour; beyond: further modalities of width 64. */
static void
make_model (guint32 n, guint m_count)
{
  static const char *const names[] = { "image", "text", "behaviour", "a", "b", "c" };
  RfAttention attention = { .theta = { .1f, .2f, .3f }, .kappa = { 1, 1, 1 }, .psi = { .1f, .1f, .1f }, .pi = .2f, .temperature = 1 };
  RfChannel *channels[RF_MAX_MODALITIES];
  g_autofree float *popularity = g_new (float, n);
  RfRng rng = rf_rng_new (3, 3);

  for (guint32 i = 0; i < n; i++)
    popularity[i] = (float) rf_rng_normal (&rng);
  for (guint m = 0; m < m_count; m++)
    channels[m] = m == 2 ? make_neighbours (n) : make_factors (n, m == 0 ? 312 : m == 1 ? 256 : 64, m);
  g_clear_pointer (&scores, rf_scores_free);
  g_clear_pointer (&model, rf_model_unref);
  model = rf_model_new (m_count, names, channels, &attention, popularity);
  scores = rf_scores_new (model, 1);
  for (guint m = 0; m < m_count; m++)
    {
      rf_channel_unref (channels[m]);
      g_free (phi[m]);
      phi[m] = g_new0 (float, n);
    }
}

static void
score_user (void)
{
  rf_model_score (model, history, 0, 1, RF_NO_USER, NULL, scores);
}

static void
explain_user (void)
{
  rf_shapley_all_items (model, scores, 0, RF_REMOVAL_RENORMALISE, phi);
}

static void
score_and_explain (void)
{
  score_user ();
  explain_user ();
}

static void
rank_again (void)
{
  const float weights[RF_MAX_MODALITIES] = { .5f, 1, 1.5f, 1, 1, 1 };
  RfRankOptions options = { .k = 20, .weights = weights };

  rf_model_reweight (model, weights, scores);
  rf_ranking_free (rf_rank_scores (model, scores, 0, rf_csr_row (history, 0), rf_csr_row_length (history, 0), &options));
}

static void
map_picture (void)
{
  const RfSaliencyOptions options = rf_saliency_options_default ();

  rf_saliency_free (rf_saliency_occlusion (&encoder, &target, picture, &options, NULL, NULL));
}

static gboolean
measure (const char *name, void (*func) (void), guint rounds, double bound)
{
  double best = G_MAXDOUBLE;

  func ();
  for (guint r = 0; r < rounds; r++)
    {
      double begin = processor_ms ();

      func ();
      best = MIN (best, processor_ms () - begin);
    }
  printf ("%-58s %8.2f ms   bound %6.0f ms   %s\n", name, best, bound, best <= bound ? "holds" : "FAILS");
  return best <= bound;
}

/* Noise, as PNG. */
static GBytes *
load_noise (guint32 item, void *data)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, RF_PICTURE_SIZE, RF_PICTURE_SIZE);
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);
  RfRng rng = rf_rng_new (5, item);
  char *bytes;
  gsize length;

  for (int y = 0; y < RF_PICTURE_SIZE; y++)
    for (int x = 0; x < RF_PICTURE_SIZE * 3; x++)
      pixels[y * gdk_pixbuf_get_rowstride (pixbuf) + x] = (guchar) rf_rng_below (&rng, 256);
  if (!gdk_pixbuf_save_to_buffer (pixbuf, &bytes, &length, "png", NULL, NULL))
    return NULL;
  return g_bytes_new_take (bytes, length);
}

static RfImageModel *
make_pictures (void)
{
  RfImageOptions options = rf_image_options_default ();
  RfMatrix *x;
  guint8 *available;
  RfImageModel *image = rf_image_model_fit (PICTURES, load_noise, NULL, &options, &x, &available, NULL, NULL);
  g_autoptr(GBytes) bytes = load_noise (0, NULL);

  picture = g_malloc (RF_PICTURE_AREA * 3);
  if (image == NULL || !rf_picture_decode (bytes, picture))
    g_error ("the pictures could not be made");
  encoder = rf_picture_encoder_descriptors (image);
  target = (RfPictureTarget) { x->x, 1 };
  g_free (available);
  return image;
}

int
main (int argc, char **argv)
{
  guint32 n = argc > 1 ? (guint32) g_ascii_strtoull (argv[1], NULL, 10) : 50000;
  guint32 row[HISTORY] = { 0 }, col[HISTORY];
  g_autoptr(RfImageModel) image = NULL;
  gboolean ok = TRUE;

  rf_linalg_choose_kernel (argv);
  rf_linalg_init ();
  rf_parallel_set_threads (1);
  n = MAX (n, HISTORY * 7);
  for (guint32 j = 0; j < HISTORY; j++)
    col[j] = j * 7;
  history = rf_csr_new_from_pairs (1, n, HISTORY, row, col, NULL);
  make_model (n, 3);
  printf ("%u items, kernel %s\n", n, rf_linalg_get_kernel ());
  ok &= measure ("one user: scores and all 8 coalitions of all items", score_and_explain, ROUNDS, 50);
  ok &= measure ("  of these, the coalitions", explain_user, ROUNDS, 50);
  ok &= measure ("what-if: other weights and the first 20 again", rank_again, ROUNDS, 5);
  make_model (n, 6);
  score_user ();
  ok &= measure ("one user: all 64 coalitions of all items, 6 modalities", explain_user, ROUNDS, 50);
  image = make_pictures ();
  ok &= measure ("occlusion map of one picture, 16 x 16", map_picture, 3, 1000);
  return ok ? 0 : 1;
}
