/* test-golden.c: a CNN and a GRU, forward and gradients, against the numbers of PyTorch (tests/golden/make_encoders.py), and the
 * losses of a small training against those kept here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "core/base/rf-linalg.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-safetensors.h"
#include "core/tensor/rf-batch.h"
#include "core/tensor/rf-ops.h"
#include "core/tensor/rf-optim.h"

#define TOLERANCE 1e-5 /* of the largest number of a tensor */

typedef struct
{
  RfSafetensors *file;
  RfTape *tape;
  GPtrArray *held; /* RfMatrix */
  const char *model;
} Golden;

static RfMatrix *
read_tensor (Golden *golden, const char *kind, const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *full = g_strdup_printf ("%s.%s%s", golden->model, kind, name);
  const RfTensorView *view = rf_safetensors_find (golden->file, full);
  RfMatrix *matrix;

  g_assert_nonnull (view);
  matrix = rf_matrix_new (1, view->n_bytes / sizeof (float));
  memcpy (matrix->x, view->data, view->n_bytes);
  g_ptr_array_add (golden->held, matrix);
  return matrix;
}

static RfTensor *
leaf (Golden *golden, const char *name)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", golden->model, name);
  const RfTensorView *view = rf_safetensors_find (golden->file, full);
  RfMatrix *x = read_tensor (golden, "", name), *g = rf_matrix_new (1, x->cols);
  size_t dim[4];

  for (guint d = 0; d < view->ndim; d++)
    dim[d] = view->shape[d];
  g_ptr_array_add (golden->held, g);
  return rf_leaf (golden->tape, (int) view->ndim, dim, x->x, g->x);
}

static void
assert_close (const char *name, const float *found, const RfMatrix *expected)
{
  double largest = 0, worst = 0;

  for (gsize i = 0; i < expected->cols; i++)
    {
      largest = MAX (largest, fabs ((double) expected->x[i]));
      worst = MAX (worst, fabs ((double) found[i] - (double) expected->x[i]));
    }
  g_test_message ("%s: %.2g of %.3g", name, worst, largest);
  if (!(worst <= TOLERANCE * MAX (largest, 0.1)))
    g_error ("%s differs from PyTorch by %g (largest number %g)", name, worst, largest);
}

static Golden *
golden_open (const char *model)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (g_getenv ("RF_TEST_SRCDIR"), "tests", "golden", "encoders.safetensors", NULL);
  g_autoptr(GMappedFile) file = g_mapped_file_new (path, FALSE, &error);
  g_autoptr(GBytes) bytes = NULL;
  Golden *golden = g_new0 (Golden, 1);

  g_assert_no_error (error);
  bytes = g_mapped_file_get_bytes (file);
  golden->file = rf_safetensors_parse (bytes, &error);
  g_assert_no_error (error);
  golden->tape = rf_tape_new ();
  golden->held = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_matrix_free);
  golden->model = model;
  return golden;
}

static void
golden_close (Golden *golden)
{
  rf_safetensors_free (golden->file);
  rf_tape_free (golden->tape);
  g_ptr_array_unref (golden->held);
  g_free (golden);
}

/* Forward, the weighted sum as loss, and all gradients. */
static void
compare (Golden *golden, RfTensor *out, const char *const *names, RfTensor *const *leaves)
{
  RfMatrix *weights = read_tensor (golden, "", "loss_weights");
  RfTensor *loss = rf_sum (golden->tape, rf_mul (golden->tape, out, rf_leaf (golden->tape, out->ndim, out->dim, weights->x, NULL)));

  assert_close ("out", out->x, read_tensor (golden, "", "out"));
  rf_tape_backward (golden->tape, loss);
  for (gsize k = 0; names[k] != NULL; k++)
    assert_close (names[k], leaves[k]->g, read_tensor (golden, "grad.", names[k]));
}

static void
test_cnn (void)
{
  Golden *golden = golden_open ("cnn");
  RfTape *tape = golden->tape;
  const char *names[] = { "pictures", "w1", "b1", "w2", "b2", "w3", "b3", NULL };
  RfTensor *t[7], *x;

  for (int k = 0; k < 7; k++)
    t[k] = leaf (golden, names[k]);
  x = rf_max_pool2d (tape, rf_conv2d (tape, t[0], t[1], t[2], (RfConv) { 1, 1, 1 }), 2, true);
  x = rf_conv2d_pool (tape, x, t[3], t[4], (RfConv) { 1, 1, 1 }, 2, true);
  x = rf_reshape (tape, x, 2, (size_t[]) { 4, 3 * 3 * 32 });
  compare (golden, rf_linear (tape, x, t[5], t[6]), names, t);
  golden_close (golden);
}

static void
test_gru (void)
{
  Golden *golden = golden_open ("gru");
  const char *names[] = { "x", "w", "u", "bw", "bu", NULL };
  RfTensor *t[5];
  RfMatrix *lengths = read_tensor (golden, "", "lengths");
  uint32_t length[6];

  for (int k = 0; k < 5; k++)
    t[k] = leaf (golden, names[k]);
  for (gsize i = 0; i < 6; i++)
    length[i] = (uint32_t) lengths->x[i];
  compare (golden, rf_gru (golden->tape, t[0], &(RfGruWeights) { t[1], t[2], t[3], t[4] }, NULL, length), names, t);
  golden_close (golden);
}

/* ---- a training, from the seed to ten losses ---- */

#define N_USERS 40
#define N_ITEMS 30
#define N_PAIRS 200
#define WIDTH   8

typedef struct
{
  uint32_t user[N_PAIRS], pos[N_PAIRS], neg[N_PAIRS];
  int users, items, weight;
} Toy;

/* Matrix factorisation with dropout and a linear map, BPR. */
static RfTensor *
toy_loss (RfTape *tape, size_t begin, size_t end, int part, void *data)
{
  const Toy *toy = data;
  size_t n = end - begin;
  RfTensor *user = rf_rows (tape, rf_param (tape, toy->users), toy->user + begin, n), *items = rf_param (tape, toy->items);
  RfTensor *seen = rf_dropout (tape, rf_linear (tape, user, rf_param (tape, toy->weight), NULL), 0.2);
  RfTensor *pos = rf_row_dot (tape, seen, rf_rows (tape, items, toy->pos + begin, n));
  RfTensor *neg = rf_row_dot (tape, seen, rf_rows (tape, items, toy->neg + begin, n));

  return rf_scale (tape, rf_bpr (tape, pos, neg), (double) n / N_PAIRS);
}

static void
train_toy (int n_parts, double losses[10])
{
  g_autofree Toy *toy = g_new0 (Toy, 1);
  RfRng rng = rf_rng_new (5, 0);
  RfParams *params = rf_params_new ();
  RfOptim *optim;
  RfBatch *batch;

  for (int i = 0; i < N_PAIRS; i++)
    {
      toy->user[i] = rf_rng_below (&rng, N_USERS);
      toy->pos[i] = rf_rng_below (&rng, N_ITEMS / 2);
      toy->neg[i] = rf_rng_below (&rng, N_ITEMS);
    }
  toy->users = rf_params_add_table (params, "users", N_USERS, WIDTH, RF_INIT_NORMAL, 0.1);
  toy->items = rf_params_add_table (params, "items", N_ITEMS, WIDTH, RF_INIT_NORMAL, 0.1);
  toy->weight = rf_params_add (params, "weight", 2, (size_t[]) { WIDTH, WIDTH }, RF_INIT_XAVIER, 1);
  rf_params_seal (params, 7);
  optim = rf_optim_new (params, &(RfOptimOptions) { .kind = RF_OPTIM_ADAMW, .rate = 0.02, .decay = 0.01, .clip = 1 });
  batch = rf_batch_new (params, n_parts);
  for (int step = 0; step < 10; step++)
    {
      losses[step] = rf_batch_run (batch, N_PAIRS, 7, (uint64_t) step, toy_loss, toy);
      rf_optim_step (optim);
    }
  rf_batch_free (batch);
  rf_optim_free (optim);
  rf_params_free (params);
}

static void
test_ten_losses (void)
{
  static const double expected[10] = { 0.692858, 0.687525, 0.682163, 0.674477, 0.667189, 0.659045, 0.645852, 0.626186, 0.612766, 0.591706 };
  double losses[10], again[10];

  train_toy (1, losses);
  for (int i = 0; i < 10; i++)
    g_test_message ("%.6f", losses[i]);
  for (int i = 0; i < 10; i++)
    g_assert_cmpfloat_with_epsilon (losses[i], expected[i], 2e-5);
  train_toy (1, again);
  g_assert_cmpmem (losses, sizeof losses, again, sizeof again);
}

static void
test_parts_and_threads (void)
{
  double two[10], again[10];

  rf_parallel_set_threads (1);
  train_toy (2, two);
  rf_parallel_set_threads (2);
  train_toy (2, again);
  rf_parallel_set_threads (0);
  g_assert_cmpmem (two, sizeof two, again, sizeof again); /* the parts count, not the threads that run them */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/golden/cnn", test_cnn);
  g_test_add_func ("/golden/gru", test_gru);
  g_test_add_func ("/golden/ten-losses", test_ten_losses);
  g_test_add_func ("/golden/parts-and-threads", test_parts_and_threads);
  return g_test_run ();
}
