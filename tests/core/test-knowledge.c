/* test-knowledge.c: items about which the same is said come close; and the modality "knowledge" through a training.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <cblas.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"
#include "core/model/rf-knowledge.h"
#include "core/train/rf-modality.h"
#include "core/train/rf-trainer.h"
#include "tests/support/folder.h"

#define N_ITEMS  240
#define N_MAKERS 24

/* Item i is by maker i % 24, who works in one of four towns (told of two items in three); some colours mean nothing. */
static RfCatalog *
make_catalog (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("world", "nowhere");
  guint maker = rf_catalog_builder_ensure_column (builder, "maker"), town = rf_catalog_builder_ensure_column (builder, "town");
  guint colour = rf_catalog_builder_ensure_column (builder, "colour");
  RfRng rng = rf_rng_new (3, 3);

  for (guint32 i = 0; i < N_ITEMS; i++)
    {
      g_autofree char *id = g_strdup_printf ("i%u", i), *m = g_strdup_printf ("maker %c", 'a' + i % N_MAKERS), *t = g_strdup_printf ("town %c", 'a' + i % 4);
      g_autofree char *c = g_strdup_printf ("colour %c", 'a' + rf_rng_below (&rng, 6));

      rf_catalog_builder_add_item (builder, id, id, "", "", "");
      if (i == 7)
        continue; /* nothing is known of it */
      rf_catalog_builder_set_item_value (builder, maker, i, m);
      if (i % 3)
        rf_catalog_builder_set_item_value (builder, town, i, t);
      rf_catalog_builder_set_item_value (builder, colour, i, c);
    }
  return rf_catalog_builder_build (builder);
}

static double
cosine (const RfMatrix *x, gsize a, gsize b)
{
  const float *p = rf_matrix_row (x, a), *q = rf_matrix_row (x, b);
  int n = (int) x->cols;

  return (double) cblas_sdot (n, p, 1, q, 1) / sqrt ((double) cblas_sdot (n, p, 1, p, 1) * (double) cblas_sdot (n, q, 1, q, 1));
}

static void
test_planted (void)
{
  g_autoptr(RfCatalog) catalog = make_catalog ();
  g_autoptr(RfFacts) facts = rf_facts_new (catalog, NULL, 2);
  RfKnowledgeOptions options = rf_knowledge_options_default ();
  g_autoptr(GError) error = NULL;
  g_autoptr(RfKnowledge) knowledge = rf_knowledge_fit (facts, &options, NULL, &error), again = rf_knowledge_fit (facts, &options, NULL, &error);
  g_autoptr(RfFeatures) features = rf_knowledge_features (knowledge, facts, "key");
  double same = 0, town = 0, other = 0;
  guint n_same = 0, n_town = 0, n_other = 0, n_near = 0;

  g_assert_no_error (error);
  g_assert_cmpfloat (knowledge->first_loss, >, 0.5);
  g_assert_cmpfloat (knowledge->last_loss, <, 0.5 * knowledge->first_loss);
  g_assert_cmpmem (knowledge->nodes->x, knowledge->nodes->rows * 64 * sizeof (float), again->nodes->x, again->nodes->rows * 64 * sizeof (float));
  g_assert_cmpuint (rf_features_count_available (features), ==, N_ITEMS - 1);
  g_assert_cmpuint (features->x->cols, ==, 2 * options.dim);
  for (gsize j = 0; j < features->x->cols; j++)
    g_assert_cmpfloat (rf_matrix_row (features->x, 7)[j], ==, 0);
  for (guint32 i = 0; i < facts->n_nodes; i++)
    if (i != 7)
      g_assert_cmpfloat_with_epsilon (cblas_snrm2 (64, rf_matrix_row (knowledge->nodes, i), 1), 1, 1e-4);
  for (guint32 a = 0; a < N_ITEMS; a++)
    {
      guint32 nearest = 7;
      double best = -2;

      for (guint32 b = 0; a != 7 && b < N_ITEMS; b++)
        {
          double c;

          if (b == a || b == 7)
            continue;
          c = cosine (features->x, a, b);
          if (a % N_MAKERS == b % N_MAKERS)
            same += (n_same++, c);
          else if (a % 4 == b % 4)
            town += (n_town++, c);
          else
            other += (n_other++, c);
          if (c > best)
            {
              best = c;
              nearest = b;
            }
        }
      n_near += a != 7 && nearest % N_MAKERS == a % N_MAKERS;
    }
  g_test_message ("cosine: same maker %.3f, same town %.3f, others %.3f; nearest of the same maker: %u of %u", same / n_same, town / n_town,
                  other / n_other, n_near, N_ITEMS - 1);
  g_assert_cmpfloat (same / n_same, >, town / n_town + 0.2);
  g_assert_cmpfloat (town / n_town, >, other / n_other + 0.05);
  g_assert_cmpuint (n_near, >, (N_ITEMS - 1) * 7 / 10); /* by chance 4 in 100; colours draw, too */
}

static void
test_nothing (void)
{
  RfCatalogBuilder *builder = rf_catalog_builder_new ("bare", "nowhere");
  RfKnowledgeOptions options = rf_knowledge_options_default ();
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(RfFacts) facts = NULL;
  g_autoptr(RfKnowledge) knowledge = NULL, stopped = NULL;
  g_autoptr(RfFeatures) features = NULL;
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  rf_catalog_builder_add_item (builder, "a", "A", "", "", "");
  catalog = rf_catalog_builder_build (builder);
  facts = rf_facts_new (catalog, NULL, 1);
  knowledge = rf_knowledge_fit (facts, &options, NULL, &error);
  g_assert_no_error (error);
  features = rf_knowledge_features (knowledge, facts, "key");
  g_assert_cmpuint (rf_features_count_available (features), ==, 0);
  g_clear_pointer (&catalog, rf_catalog_unref);
  g_clear_pointer (&facts, rf_facts_free);
  catalog = make_catalog ();
  facts = rf_facts_new (catalog, NULL, 1);
  rf_progress_init (&progress, NULL, NULL);
  rf_progress_cancel (&progress);
  stopped = rf_knowledge_fit (facts, &options, &progress, &error);
  g_assert_null (stopped);
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
}

/* A folder whose users follow makers; the catalog has no picture and no text. */
static void
test_training (void)
{
  char *folder = test_folder_new ();
  g_autofree char *source = g_build_filename (folder, "source", NULL), *path = g_build_filename (folder, "a.refract", NULL);
  g_autoptr(GString) items = g_string_new ("item_id,title,maker\n"), interactions = g_string_new ("user_id,item_id\n");
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfCatalog) catalog = NULL;
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfFeatures) made = NULL, kept = NULL, other = NULL;
  g_autoptr(RfMatrix) cached = NULL;
  g_autofree guint8 *available = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(GError) error = NULL;
  RfRun *run;

  for (guint i = 0; i < N_ITEMS; i++)
    g_string_append_printf (items, "i%u,thing,maker %u\n", i, i % N_MAKERS);
  for (guint u = 0; u < 120; u++)
    for (guint k = 0; k < 12; k++)
      g_string_append_printf (interactions, "u%u,i%u\n", u, (u % N_MAKERS + N_MAKERS * ((u / N_MAKERS + k * 7) % 10) + (k > 8 ? k : 0)) % N_ITEMS);
  test_folder_write (folder, "source/items.csv", items->str, -1);
  test_folder_write (folder, "source/interactions.csv", interactions->str, -1);
  rf_import_to_workspace (source, path, NULL, report, NULL, &error);
  g_assert_no_error (error);
  workspace = rf_workspace_open (path, &error);
  g_assert_no_error (error);
  catalog = rf_workspace_load_catalog (workspace, &error);
  g_assert_no_error (error);
  rf_config_set (config, "model.modalities", "knowledge,behaviour", &error);
  g_assert_no_error (error);
  made = rf_modality_features (workspace, catalog, config, "knowledge", NULL, &error);
  g_assert_no_error (error);
  cached = rf_workspace_load_matrix (workspace, "knowledge", made->key, &available, &error);
  g_assert_nonnull (cached);
  kept = rf_modality_features (workspace, catalog, config, "knowledge", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (made->x->x, N_ITEMS * made->x->cols * sizeof (float), kept->x->x, N_ITEMS * kept->x->cols * sizeof (float));
  rf_config_set (config, "kg.dim", "16", &error);
  g_assert_no_error (error);
  other = rf_modality_features (workspace, catalog, config, "knowledge", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (other->x->cols, ==, 32);
  run = rf_train (workspace, config, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  trained = rf_trained_load (workspace, run->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rf_model_get_modality (trained->model, 0), ==, "knowledge");
  rf_run_free (run);
  test_folder_remove (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/knowledge/planted", test_planted);
  g_test_add_func ("/knowledge/nothing", test_nothing);
  g_test_add_func ("/knowledge/training", test_training);
  return g_test_run ();
}
