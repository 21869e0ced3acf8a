/* rf-baselines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/train/rf-baselines.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/model/rf-content-knn.h"
#include "core/model/rf-item-knn.h"
#include "core/train/rf-channel-fit.h"
#include "core/train/rf-modality.h"

#define VERSION 1 /* of the way these are computed: older results are not taken */

typedef struct
{
  const RfBaselines *in;
  const RfEvaluation *cutoffs;
  RfBaselineFunc func;
  void *data;
  RfProgress *progress;
} Run;

static gboolean
judge (const Run *run, RfScoreFunc func, const void *scorer, RfEvaluation *evaluation, GError **error)
{
  *evaluation = *run->cutoffs;
  return rf_evaluate (evaluation, func, scorer, run->in->model->n_items, run->in->split->history, run->in->split->part[run->in->part], run->progress, error);
}

static gboolean
report (const Run *run, const char *name, RfScoreFunc func, const void *scorer, GError **error)
{
  RfEvaluation evaluation;

  if (!judge (run, func, scorer, &evaluation, error))
    return FALSE;
  run->func (name, &evaluation, run->data);
  return TRUE;
}

/* ---- what is kept ---- */

/* Everything that a baseline's numbers depend on. */
static char *
make_key (const Run *run, const char *name)
{
  static const char *const keys[] = { "knn.neighbours", "knn.shrinkage", "ease.lambda", "ease.max_items" };
  const RfBaselines *in = run->in;
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_printf (text, "%d %s %d %s %s", VERSION, name, in->part, in->split->hash, rf_catalog_get_hash (in->catalog));
  for (gsize k = 0; k < G_N_ELEMENTS (keys); k++)
    g_string_append_printf (text, " %s", rf_config_get (in->config, keys[k]));
  for (guint c = 0; c < run->cutoffs->n; c++)
    g_string_append_printf (text, " %u", run->cutoffs->k[c]);
  /* How texts and pictures become features. */
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (g_str_has_prefix (key->key, "text.") || g_str_has_prefix (key->key, "image.") || g_str_has_prefix (key->key, "features."))
      g_string_append_printf (text, " %s", rf_config_get (in->config, key->key));
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
}

static char *
blob_name (const char *key)
{
  return g_strdup_printf ("baseline/%.32s", key);
}

/* One line: users, then six numbers for each cut-off. */
static gboolean
store (const Run *run, const char *key, const RfEvaluation *e, GError **error)
{
  g_autofree char *name = blob_name (key);
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_printf (text, "%u", e->users);
  for (guint c = 0; c < e->n; c++)
    {
      const double values[] = { e->mean[c].recall, e->mean[c].precision, e->mean[c].hit_rate, e->mean[c].ndcg, e->mean[c].map, e->mean[c].mrr };

      for (gsize v = 0; v < G_N_ELEMENTS (values); v++)
        g_string_append_printf (text, " %s", g_ascii_dtostr (number, sizeof number, values[v]));
    }
  bytes = g_bytes_new (text->str, text->len);
  return rf_workspace_save_blob (run->in->workspace, name, key, bytes, error);
}

/* FALSE: not there, or not what we wrote. */
static gboolean
recall (const Run *run, const char *key, RfEvaluation *e)
{
  g_autofree char *name = blob_name (key), *text = NULL;
  g_autoptr(GBytes) bytes = run->in->workspace ? rf_workspace_load_blob (run->in->workspace, name, key, NULL) : NULL;
  g_auto(GStrv) cells = NULL;

  if (bytes == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  cells = g_strsplit (text, " ", -1);
  *e = *run->cutoffs;
  if (g_strv_length (cells) != 1 + 6 * e->n)
    return FALSE;
  e->users = (guint32) g_ascii_strtoull (cells[0], NULL, 10);
  for (guint c = 0; c < e->n; c++)
    {
      double values[6];

      for (guint v = 0; v < 6; v++)
        values[v] = g_ascii_strtod (cells[1 + 6 * c + v], NULL);
      e->mean[c] = (RfMetrics) { .recall = values[0], .precision = values[1], .hit_rate = values[2], .ndcg = values[3], .map = values[4], .mrr = values[5] };
    }
  return TRUE;
}

/* ---- the ones that do not depend on the model ---- */

/* Makes a channel to judge; NULL without error: there is none for this catalog. */
typedef RfChannel *(*MakeFunc) (const Run *run, const char *modality, GError **error);

static RfChannel *
make_item_knn (const Run *run, const char *modality, GError **error)
{
  return rf_item_knn_fit (run->in->split->part[RF_PART_TRAIN], (guint) rf_config_get_int (run->in->config, "knn.neighbours"),
                          rf_config_get_real (run->in->config, "knn.shrinkage"));
}

static RfChannel *
make_ease (const Run *run, const char *modality, GError **error)
{
  const RfCsr *const *part = (const RfCsr *const *) run->in->split->part;
  g_autoptr(GError) failure = NULL;
  RfChannelChoice choice;
  RfChannel *channel;

  /* The default model has it already. */
  for (guint m = 0; m < run->in->model->n_modalities; m++)
    if (g_strcmp0 (run->in->model->channels[m]->method, "ease") == 0)
      return rf_channel_ref (run->in->model->channels[m]);
  if (part[RF_PART_TRAIN]->cols > rf_config_get_int (run->in->config, "ease.max_items"))
    return NULL;
  channel = rf_fit_ease (part[RF_PART_TRAIN], part[RF_PART_VALID], run->in->config, &choice, run->progress, &failure);
  /* Too large for this computer: then there is no such baseline, and the model is not to blame. */
  if (failure && !g_error_matches (failure, RF_ERROR, RF_ERROR_LIMIT))
    g_propagate_error (error, g_steal_pointer (&failure));
  return channel;
}

static RfChannel *
make_content_knn (const Run *run, const char *modality, GError **error)
{
  g_autoptr(RfFeatures) features = rf_modality_features_of (run->in->workspace, run->in->catalog, run->in->split->part[RF_PART_TRAIN], run->in->config, modality, run->progress, error);

  if (features == NULL || rf_features_count_available (features) == 0)
    return NULL;
  return rf_content_knn_fit (features, (guint) rf_config_get_int (run->in->config, "knn.neighbours"), run->progress, error);
}

static gboolean
report_kept (const Run *run, const char *name, MakeFunc make, const char *modality, GError **error)
{
  g_autofree char *key = make_key (run, name);
  g_autoptr(RfChannel) channel = NULL;
  g_autoptr(GError) failure = NULL;
  RfEvaluation evaluation;

  if (!recall (run, key, &evaluation))
    {
      channel = make (run, modality, &failure);
      if (failure)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (channel == NULL)
        return TRUE;
      if (!judge (run, rf_score_with_channel, channel, &evaluation, error) ||
          (run->in->workspace && !store (run, key, &evaluation, error)))
        return FALSE;
    }
  run->func (name, &evaluation, run->data);
  return TRUE;
}

static gboolean
report_content (const Run *run, GError **error)
{
  g_auto(GStrv) wanted = g_strsplit (rf_config_get (run->in->config, "model.modalities"), ",", -1);
  gboolean ok = TRUE;

  for (guint w = 0; wanted[w] && ok; w++)
    {
      const char *modality = g_strstrip (wanted[w]);
      g_autofree char *name = g_strdup_printf ("%s-knn", modality);

      if (strcmp (modality, "behaviour") != 0)
        ok = report_kept (run, name, make_content_knn, modality, error);
    }
  return ok;
}

/* ---- the parts of the default model ---- */

static gboolean
report_parts (const Run *run, GError **error)
{
  const RfModel *model = run->in->model;
  RfAttention neutral = { .temperature = 1 };
  g_autoptr(RfModel) equal = NULL;

  if (strcmp (model->fusion, "evidence") != 0)
    return TRUE;
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *name = g_strdup_printf ("%s-only", model->names[m]);

      if (strcmp (model->names[m], "behaviour") != 0 && !report (run, name, rf_score_with_channel, model->channels[m], error))
        return FALSE;
    }
  equal = rf_model_new (model->n_modalities, (const char *const *) model->names, model->channels, &neutral, model->popularity);
  return model->n_modalities < 2 || report (run, "equal-weights", rf_score_with_model, equal, error);
}

gboolean
rf_baselines_evaluate (const RfBaselines *self, const RfEvaluation *cutoffs, RfBaselineFunc func, void *data, RfProgress *progress, GError **error)
{
  const Run run = { self, cutoffs, func, data, progress };

  return report (&run, "popular", rf_score_with_vector, self->model->popularity, error) && report_kept (&run, "item-knn", make_item_knn, NULL, error) &&
         report_kept (&run, "ease", make_ease, NULL, error) && (self->workspace == NULL || report_content (&run, error)) && report_parts (&run, error);
}

gboolean
rf_baselines_is_kept (const RfBaselines *self, const RfEvaluation *cutoffs, const char *name)
{
  const Run run = { self, cutoffs, NULL, NULL, NULL };
  g_autofree char *key = make_key (&run, name);
  RfEvaluation evaluation;

  return recall (&run, key, &evaluation);
}
