/* test-auxiliary.c: each auxiliary term learns what it is there for, on a small catalog whose truth is known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/model/rf-auxiliary.h"
#include "core/tensor/rf-optim.h"

#define N_ITEMS 60
#define D       16

static const char *const modalities[] = { "image", "text" };

/* Items with a title of two to four words of twelve, one or two of 15 categories, and ratings by 20 users. */
static RfCatalog *
make_catalog (void)
{
  static const char *const words[] = { "red", "blue", "green", "small", "large", "old", "lamp", "chair", "table", "mug", "vase", "clock" };
  RfCatalogBuilder *builder = rf_catalog_builder_new ("world", "nowhere");
  RfRng rng = rf_rng_new (5, 0);

  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_autoptr(GString) title = g_string_new (NULL);
      g_autofree char *id = g_strdup_printf ("i%u", i), *category = g_strdup_printf ("c%02u%s%02u", i % 15, i % 3 ? "|d" : "|c", i % 3 ? 0 : (i + 1) % 15);

      for (guint w = 0; w < 2 + i % 3; w++)
        g_string_append_printf (title, "%s%s", w ? " " : "", words[rf_rng_below (&rng, G_N_ELEMENTS (words))]);
      rf_catalog_builder_add_item (builder, id, title->str, "", category, "");
    }
  for (guint u = 0; u < 20; u++)
    for (guint i = u % 3; i < N_ITEMS; i += 3)
      {
        g_autofree char *id = g_strdup_printf ("u%u", u);
        guint32 user = rf_catalog_builder_ensure_user (builder, id);

        rf_catalog_builder_add_interaction (builder, user, i, (float) (1 + (u * i) % 5), RF_NO_TIMESTAMP);
      }
  return rf_catalog_builder_build (builder);
}

static RfConfig *
make_config (const char *const *settings)
{
  RfConfig *config = rf_config_new ();

  g_assert_true (rf_config_set (config, "aux.valid", "0", NULL)); /* sixty items are few: all are learned from, unless a test says otherwise */
  for (guint k = 0; settings[k]; k++)
    {
      g_autoptr(GError) error = NULL;

      rf_config_set_assignment (config, settings[k], &error);
      g_assert_no_error (error);
    }
  return config;
}

/* A network of nothing but vectors: two tables of item vectors, a table of users, and the terms. */
typedef struct
{
  RfCatalog *catalog;
  RfConfig *config;
  RfParams *params;
  RfAuxiliary *aux;
  RfTape *tape;
  RfOptim *optim;
  int h[2], user;
  guint32 items[N_ITEMS];
  guint8 mask[2 * N_ITEMS];
} World;

static World *
world_new (const char *const *settings)
{
  World *self = g_new0 (World, 1);
  RfOptimOptions options = { .kind = RF_OPTIM_ADAM, .rate = 0.02 };
  g_autoptr(GError) error = NULL;

  self->catalog = make_catalog ();
  self->config = make_config (settings);
  self->params = rf_params_new ();
  self->h[0] = rf_params_add_table (self->params, "image", N_ITEMS, D, RF_INIT_NORMAL, 0.3);
  self->h[1] = rf_params_add_table (self->params, "text", N_ITEMS, D, RF_INIT_NORMAL, 0.3);
  self->user = rf_params_add_table (self->params, "user", 20, D, RF_INIT_NORMAL, 0.3);
  self->aux = rf_auxiliary_new (self->catalog, self->config, 2, modalities, D, self->params, &error);
  g_assert_no_error (error);
  rf_params_seal (self->params, 7);
  self->tape = rf_tape_new ();
  self->optim = rf_optim_new (self->params, &options);
  for (guint32 i = 0; i < N_ITEMS; i++)
    self->items[i] = i;
  memset (self->mask, 1, sizeof self->mask);
  return self;
}

static void
world_free (World *self)
{
  rf_auxiliary_free (self->aux);
  rf_optim_free (self->optim);
  rf_tape_free (self->tape);
  rf_params_free (self->params);
  rf_config_free (self->config);
  rf_catalog_unref (self->catalog);
  g_free (self);
}

/* The batch of all items, on a fresh tape. */
static RfAuxBatch
world_batch (World *self, guint64 stream)
{
  RfAuxBatch batch = { .tape = self->tape, .items = self->items, .n = N_ITEMS, .n_modalities = 2, .mask = self->mask, .seed = 3, .stream = stream };

  rf_tape_reset (self->tape);
  rf_tape_bind (self->tape, self->params, NULL);
  for (guint m = 0; m < 2; m++)
    batch.h[m] = rf_rows (self->tape, rf_param (self->tape, self->h[m]), self->items, N_ITEMS);
  return batch;
}

/* Returns the plain loss of the first term in the last step; *first: in the first one. */
static double
world_fit (World *self, guint n_steps, double *first)
{
  double parts[8] = { 0 };

  for (guint s = 0; s < n_steps; s++)
    {
      RfAuxBatch batch = world_batch (self, s);

      rf_tape_backward (self->tape, rf_auxiliary_loss (self->aux, &batch, parts));
      if (s == 0 && first)
        *first = parts[0];
      g_assert_true (isfinite (rf_optim_step (self->optim)));
    }
  return parts[0];
}

static double
world_measure_of (World *self, const char *name, const guint8 *keep)
{
  g_autofree guint8 *all = g_new (guint8, N_ITEMS);
  RfAuxVectors vectors = { { NULL }, { all, all }, NULL };
  GArray *measures;
  double value = NAN;

  memset (all, 1, N_ITEMS);
  for (guint m = 0; m < 2; m++)
    {
      RfMatrix *x = rf_matrix_new (N_ITEMS, D);

      memcpy (x->x, rf_params_values (self->params, self->h[m]), N_ITEMS * D * sizeof (float));
      vectors.h[m] = x;
    }
  measures = rf_auxiliary_measure (self->aux, &vectors, keep);
  for (guint k = 0; k < measures->len; k++)
    if (strcmp (g_array_index (measures, RfAuxMeasure, k).name, name) == 0)
      value = g_array_index (measures, RfAuxMeasure, k).value;
  g_array_unref (measures);
  rf_matrix_free ((RfMatrix *) vectors.h[0]);
  rf_matrix_free ((RfMatrix *) vectors.h[1]);
  return value;
}

static double
world_measure (World *self, const char *name)
{
  return world_measure_of (self, name, NULL);
}

static void
test_empty (void)
{
  World *world = world_new ((const char *const[]) { NULL });
  RfAuxBatch batch = world_batch (world, 0);

  g_assert_true (rf_auxiliary_is_empty (world->aux));
  g_assert_cmpuint (rf_auxiliary_get_n_terms (world->aux), ==, 0);
  g_assert_null (rf_auxiliary_loss (world->aux, &batch, NULL));
  g_assert_cmpint (rf_params_count (world->params), ==, 3);
  world_free (world);
}

static void
test_category (void)
{
  World *world = world_new ((const char *const[]) { "aux.category=1", NULL });
  double first, last = world_fit (world, 150, &first);

  g_assert_cmpstr (rf_auxiliary_get_name (world->aux, 0), ==, "category");
  g_assert_cmpfloat (first, >, 2); /* log 16 is 2.8 */
  g_assert_cmpfloat (last, <, 1);  /* two labels an item cost at least log 2 */
  g_assert_cmpfloat (world_measure (world, "category.image.hit@1"), >=, 0.95);
  g_assert_cmpfloat (world_measure (world, "category.text.hit@1"), >=, 0.95);
  world_free (world);
}

/* Every title of the catalog, word for word. */
static void
test_generate (void)
{
  World *world = world_new ((const char *const[]) { "aux.generate=1", "generate.width=32", NULL });
  const RfDecoder *decoder = rf_auxiliary_get_decoder (world->aux);
  double first, last;
  guint right = 0, different = 0;

  g_assert_cmpfloat (world_measure (world, "generate.perplexity"), >, 8); /* 13 words */
  last = world_fit (world, 300, &first);
  g_assert_cmpfloat (last, <, first / 10);
  g_assert_cmpfloat (world_measure (world, "generate.perplexity"), <, 1.2);
  for (guint32 i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *title = rf_decoder_get_title (decoder, i), *greedy = NULL, *drawn = NULL, *again = NULL, *many = NULL;
      float z[D];

      g_assert_cmpstr (title, ==, rf_catalog_get_item_title (world->catalog, i));
      for (gsize j = 0; j < D; j++)
        z[j] = (rf_params_values (world->params, world->h[0])[i * D + j] + rf_params_values (world->params, world->h[1])[i * D + j]) / 2;
      greedy = rf_decoder_write (decoder, z, 1, 1, i);
      right += strcmp (greedy, title) == 0;
      drawn = rf_decoder_write (decoder, z, 5, 1, i);
      again = rf_decoder_write (decoder, z, 5, 1, i);
      g_assert_cmpstr (drawn, ==, again);
      for (gsize j = 0; j < D; j++)
        z[j] *= 0.2f; /* an unsure decoder */
      many = rf_decoder_write (decoder, z, 5, 2, i);
      different += strcmp (many, title) != 0;
    }
  g_assert_cmpuint (right, >=, N_ITEMS - 1);
  g_assert_cmpuint (different, >, 0);
  world_free (world);
}

/* Users and items in pairs: ratings from 1 to 5 in the catalog, mean and deviation taken off. */
static void
test_rating (void)
{
  World *world = world_new ((const char *const[]) { "aux.rating=1", NULL });
  const RfInteractions *x = rf_catalog_get_interactions (world->catalog);
  double first = 0, part = 0;

  for (guint s = 0; s < 200; s++)
    {
      RfAuxBatch batch = world_batch (world, s);
      float *ratings = rf_tape_scratch (world->tape, x->n * sizeof *ratings);

      memcpy (ratings, x->rating, x->n * sizeof *ratings);
      ratings[3] = NAN; /* unknown: not counted */
      batch.n_pairs = x->n;
      batch.pair_user = rf_rows (world->tape, rf_param (world->tape, world->user), x->user, x->n);
      batch.pair_item = rf_rows (world->tape, batch.h[0], x->item, x->n);
      batch.pair_rating = ratings;
      rf_tape_backward (world->tape, rf_auxiliary_loss (world->aux, &batch, &part));
      first = s ? first : part;
      g_assert_true (isfinite (rf_optim_step (world->optim)));
    }
  g_assert_cmpfloat (first, >, 0.8); /* standardised: 1 when nothing is known */
  g_assert_cmpfloat (first, <, 1.5);
  g_assert_cmpfloat (part, <, 0.1);
  world_free (world);
}

static void
test_contrastive (void)
{
  World *world = world_new ((const char *const[]) { "aux.contrastive=1", NULL });
  double first, last = world_fit (world, 150, &first);

  g_assert_cmpfloat (first, >, 3.5); /* log 60 is 4.1 */
  g_assert_cmpfloat (last, <, 0.8);
  world_free (world);
}

/* Text vectors are a rotation of the image vectors: the maps must learn it from the items that have both, find the partner of items
 * they have not seen. */
static void
test_translation (void)
{
  World *world = world_new ((const char *const[]) { "aux.translation=1", "aux.hidden=0", NULL });
  float *image = rf_params_values (world->params, world->h[0]), *text = rf_params_values (world->params, world->h[1]);
  g_autoptr(RfMatrix) turn = rf_matrix_new (D, D);
  RfRng rng = rf_rng_new (9, 9);
  double first, last;

  for (gsize e = 0; e < D * D; e++)
    turn->x[e] = (float) rf_rng_normal (&rng);
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, N_ITEMS, D, D, 1, image, D, turn->x, D, 0, text, D);
  rf_params_get (world->params, world->h[0])->frozen = rf_params_get (world->params, world->h[1])->frozen = true;
  for (guint32 i = 0; i < N_ITEMS; i++)
    world->mask[2 * i + 1] = i % 4 != 0;
  last = world_fit (world, 400, &first);
  g_assert_cmpfloat (first, >, 0.7);
  g_assert_cmpfloat (last, <, 0.05);
  g_assert_cmpfloat (world_measure (world, "translation.image-text.recall@10"), >=, 0.95);
  g_assert_cmpfloat (world_measure (world, "translation.text-image.recall@10"), >=, 0.95);
  world_free (world);
}

/* What the maps learned of image vectors and their text vectors: on the items that they saw, and on those that were held out. */
static void
fit_maps (gboolean related, double recall[2])
{
  World *world = world_new ((const char *const[]) { "aux.translation=1", "aux.hidden=64", "aux.valid=0.25", NULL });
  float *image = rf_params_values (world->params, world->h[0]), *text = rf_params_values (world->params, world->h[1]);
  const guint8 *held_out = rf_auxiliary_get_held_out (world->aux);
  guint8 seen[N_ITEMS];

  if (related)
    for (gsize e = 0; e < N_ITEMS * D; e++)
      text[e] = image[e / D * D + (e + 1) % D] * (e % 2 ? 1 : -1);
  rf_params_get (world->params, world->h[0])->frozen = rf_params_get (world->params, world->h[1])->frozen = true;
  for (guint i = 0; i < N_ITEMS; i++)
    seen[i] = !held_out[i];
  world_fit (world, 600, NULL);
  recall[0] = world_measure_of (world, "translation.image-text.recall@10", seen);
  recall[1] = world_measure_of (world, "translation.image-text.recall@10", held_out);
  g_test_message ("related %d: recall@10 %.3f of items seen, %.3f of items held out", related, recall[0], recall[1]);
  world_free (world);
}

/* Held-out items tell what was understood from what was learned by heart: pairs that have nothing to do with each other can be learned (chance
 * is 10 of 60), and only the held-out ones show that there was nothing to learn. */
static void
test_held_out (void)
{
  static const char *const settings[] = { "aux.category=1", "aux.generate=1", "aux.translation=1", "aux.valid=0.25", NULL };
  World *world = world_new (settings), *again = world_new (settings), *none = world_new ((const char *const[]) { "aux.kg=1", "aux.valid=0.25", NULL });
  const guint8 *held_out = rf_auxiliary_get_held_out (world->aux);
  double parts[3], recall[2];
  RfAuxBatch batch;
  guint n = 0;

  for (guint32 i = 0; i < N_ITEMS; i++)
    if (held_out[i])
      world->items[n++] = i;
  g_assert_cmpuint (n, >=, 5);
  g_assert_cmpuint (n, <=, 25);
  g_assert_cmpmem (held_out, N_ITEMS, rf_auxiliary_get_held_out (again->aux), N_ITEMS);
  g_assert_null (rf_auxiliary_get_held_out (none->aux));
  batch = world_batch (world, 0);
  batch.n = n;
  batch.z = batch.h[1];
  g_assert_null (rf_auxiliary_loss (world->aux, &batch, parts));
  g_assert_true (parts[0] == 0 && parts[1] == 0 && parts[2] == 0);
  fit_maps (TRUE, recall);
  g_assert_cmpfloat (recall[0], >=, 0.95);
  g_assert_cmpfloat (recall[1], >=, 0.9);
  fit_maps (FALSE, recall);
  g_assert_cmpfloat (recall[0], >=, 0.95);
  g_assert_cmpfloat (recall[1], <, 0.5);
  world_free (world);
  world_free (again);
  world_free (none);
}

/* TransE on the categories: before, a fact's entity is anywhere among 16. */
static void
test_facts_term (void)
{
  World *world = world_new ((const char *const[]) { "aux.kg=1", NULL });
  double first, last = world_fit (world, 200, &first);
  RfAuxBatch batch = world_batch (world, 1);
  RfRowGrads *touched;

  g_assert_cmpfloat (first, >, 0.6);
  g_assert_cmpfloat (last, <, first / 2);
  g_assert_cmpfloat (world_measure (world, "kg.hits@10"), >, 0.95);

  batch.z = batch.h[0];
  batch.n = 4; /* rows of entities that no fact of the batch names get no gradient */
  rf_tape_backward (world->tape, rf_auxiliary_loss (world->aux, &batch, NULL));
  touched = rf_grads_rows (rf_params_get_grads (world->params), rf_params_find (world->params, "aux.kg.entities"));
  g_assert_cmpuint (touched->n, >, 0);
  g_assert_cmpuint (touched->n, <=, 8);
  world_free (world);
}

/* Vectors of modalities that are not there are never looked at. */
static void
test_mask (void)
{
  World *world = world_new ((const char *const[]) { "aux.category=1", "aux.generate=1", "aux.contrastive=1", "aux.translation=1", NULL });
  double parts[4] = { 0 };
  RfAuxBatch batch;
  RfTensor *loss;

  for (guint32 i = 0; i < N_ITEMS; i += 2)
    {
      world->mask[2 * i] = 0;
      for (gsize j = 0; j < D; j++)
        rf_params_values (world->params, world->h[0])[i * D + j] = NAN;
    }
  batch = world_batch (world, 0);
  batch.z = batch.h[1];
  loss = rf_auxiliary_loss (world->aux, &batch, parts);
  for (guint k = 0; k < 4; k++)
    g_assert_true (isfinite (parts[k]) && parts[k] > 0);
  g_assert_true (isfinite (loss->x[0]));
  memset (world->mask, 0, sizeof world->mask); /* nothing is there at all: generate still has its z */
  batch = world_batch (world, 0);
  batch.z = batch.h[1];
  rf_auxiliary_loss (world->aux, &batch, parts);
  g_assert_true (parts[0] == 0 && parts[1] > 0 && parts[2] == 0 && parts[3] == 0);
  world_free (world);
}

/* lambda_k L_k, added up; with uncertainty the same at s = 0, and s gets the gradient 1 - lambda L. The same stream gives the same. */
static void
test_weighting (void)
{
  static const char *const lambdas[] = { "aux.category=0.5", "aux.generate=0.25", "aux.kg=2", NULL };
  static const char *const learned[] = { "aux.category=0.5", "aux.generate=0.25", "aux.kg=2", "aux.weighting=uncertainty", NULL };
  const double lambda[] = { 0.5, 0.25, 2 };
  World *fixed = world_new (lambdas), *uncertain = world_new (learned);
  double parts[2][3], expected = 0;
  rf_real first;
  RfAuxBatch batch = world_batch (fixed, 11);
  RfTensor *loss = rf_auxiliary_loss (fixed->aux, &batch, parts[0]);

  g_assert_cmpuint (rf_auxiliary_get_n_terms (fixed->aux), ==, 3);
  for (guint k = 0; k < 3; k++)
    expected += lambda[k] * parts[0][k];
  first = loss->x[0];
  g_assert_cmpfloat_with_epsilon (first, expected, 1e-5);
  batch = world_batch (fixed, 11);
  g_assert_cmpfloat (rf_auxiliary_loss (fixed->aux, &batch, parts[1])->x[0], ==, first);
  g_assert_cmpmem (parts[0], sizeof parts[0], parts[1], sizeof parts[1]);

  batch = world_batch (uncertain, 11);
  loss = rf_auxiliary_loss (uncertain->aux, &batch, parts[1]);
  expected = 0;
  for (guint k = 0; k < 3; k++)
    expected += lambda[k] * parts[1][k];
  g_assert_cmpfloat_with_epsilon (loss->x[0], expected, 1e-5);
  rf_tape_backward (uncertain->tape, loss);
  for (guint k = 0; k < 3; k++)
    {
      g_autofree char *name = g_strdup_printf ("aux.%s.uncertainty", rf_auxiliary_get_name (uncertain->aux, k));
      int s = rf_params_find (uncertain->params, name);

      g_assert_cmpint (s, >=, 0);
      g_assert_cmpfloat_with_epsilon (rf_grads_dense (rf_params_get_grads (uncertain->params), s)[0], 1 - lambda[k] * parts[1][k], 1e-5);
    }
  world_free (fixed);
  world_free (uncertain);
}

/* After the first batches the tape asks for no more memory, whatever is sampled. */
static void
test_memory (void)
{
  World *world = world_new ((const char *const[]) { "aux.category=1", "aux.generate=1", "aux.contrastive=1", "aux.translation=1", "aux.kg=1", "aux.items=20", NULL });
  gsize before;

  world_fit (world, 10, NULL);
  before = rf_tape_get_n_allocations (world->tape);
  world_fit (world, 40, NULL);
  g_assert_cmpuint (rf_tape_get_n_allocations (world->tape), <=, before + 1);
  world_free (world);
}

/* A term that has nothing to work with says so, and names its setting. */
static void
test_refusals (void)
{
  static const struct
  {
    const char *setting, *modality, *says;
  } cases[] = {
    { "aux.category=1", "image", "aux.category" }, { "aux.category=1", "behaviour", "model.modalities" }, { "aux.generate=1", "image", "title" },
    { "aux.rating=1", "image", "ratings" },        { "aux.contrastive=1", "image", "aux.contrastive" },    { "aux.translation=1", "image", "image and text" },
    { "aux.kg=1", "image", "facts" },
  };

  for (gsize c = 0; c < G_N_ELEMENTS (cases); c++)
    {
      RfCatalogBuilder *builder = rf_catalog_builder_new ("bare", "nowhere");
      g_autoptr(RfCatalog) catalog = NULL;
      g_autoptr(RfConfig) config = make_config ((const char *const[]) { cases[c].setting, NULL });
      g_autoptr(GError) error = NULL;
      RfParams *params = rf_params_new ();

      rf_catalog_builder_add_item (builder, "a", "", "", "one", "");
      rf_catalog_builder_add_interaction (builder, rf_catalog_builder_ensure_user (builder, "u"), 0, 3, RF_NO_TIMESTAMP);
      catalog = rf_catalog_builder_build (builder);
      g_assert_null (rf_auxiliary_new (catalog, config, 1, &cases[c].modality, D, params, &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, cases[c].says));
      rf_params_free (params);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/auxiliary/empty", test_empty);
  g_test_add_func ("/auxiliary/category", test_category);
  g_test_add_func ("/auxiliary/generate", test_generate);
  g_test_add_func ("/auxiliary/rating", test_rating);
  g_test_add_func ("/auxiliary/contrastive", test_contrastive);
  g_test_add_func ("/auxiliary/translation", test_translation);
  g_test_add_func ("/auxiliary/held-out", test_held_out);
  g_test_add_func ("/auxiliary/kg", test_facts_term);
  g_test_add_func ("/auxiliary/mask", test_mask);
  g_test_add_func ("/auxiliary/weighting", test_weighting);
  g_test_add_func ("/auxiliary/memory", test_memory);
  g_test_add_func ("/auxiliary/refusals", test_refusals);
  return g_test_run ();
}
