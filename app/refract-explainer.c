/* refract-explainer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-explainer.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#include "core/explain/rf-attribution.h"
#include "core/explain/rf-words.h"
#include "core/features/rf-image-picture.h"
#include "core/train/rf-modality.h"

#define MOST_REMOVED 4 /* past items that a change of the history may take */
#define ENTER_TOP    10

RefractReasons *
refract_reasons_ref (RefractReasons *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
refract_reasons_unref (RefractReasons *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  refract_ranking_unref (self->ranking);
  g_free (self->words);
  g_free (self->past);
  g_free (self->text);
  rf_history_change_clear (&self->history);
  g_clear_pointer (&self->tokens, rf_tokens_free);
  g_clear_pointer (&self->saliency, rf_saliency_free);
  g_free (self);
}

/* What is kept of one run: how features become places in its model. Used by one thread at a time. */
typedef struct
{
  RfTrained *trained;
  gboolean asked_image, asked_text;
  RfImageModel *image_model;
  RfTextModel *text_model;
  RfFeatureMap *image_map, *text_map;
} Maps;

static void
maps_free (Maps *maps)
{
  if (maps == NULL)
    return;
  rf_trained_unref (maps->trained);
  g_clear_pointer (&maps->image_model, rf_image_model_free);
  g_clear_pointer (&maps->text_model, rf_text_model_free);
  g_clear_pointer (&maps->image_map, rf_feature_map_free);
  g_clear_pointer (&maps->text_map, rf_feature_map_free);
  g_free (maps);
}

typedef struct
{
  RefractReasons *reasons;
  char *document;
  Maps *maps;
  RfProgress *progress; /* shared with the explainer, which cancels it */
  guint ticket;
} Question;

/* The first helping. */

static RfScores *
score (const RefractRanking *ranking)
{
  const RfModel *model = ranking->trained->model;
  gsize ptr[2] = { 0, ranking->n_history };
  RfCsr row = { .rows = 1, .cols = rf_model_get_n_items (model), .ptr = ptr, .idx = ranking->history };
  RfScores *scores = rf_scores_new (model, 1);

  rf_model_score (model, &row, 0, 1, ranking->user, ranking->reweighted ? ranking->weights : NULL, scores);
  return scores;
}

static int
by_share (gconstpointer a, gconstpointer b)
{
  const RefractPast *x = a, *y = b;

  if (x->share != y->share)
    return x->share > y->share ? -1 : 1;
  return (x->item > y->item) - (x->item < y->item);
}

static void
find_past (RefractReasons *reasons, const RfScores *scores)
{
  const RefractRanking *r = reasons->ranking;
  const RfModel *model = r->trained->model;
  g_autofree double *shares = g_new (double, r->n_history + 1);

  if (!rf_model_is_additive (model) || !rf_model_is_linear_in_history (model, r->user))
    return;
  reasons->n_past = (guint) r->n_history;
  reasons->past = g_new0 (RefractPast, r->n_history + 1);
  for (gsize j = 0; j < r->n_history; j++)
    reasons->past[j].item = r->history[j];
  for (guint m = 0; m < rf_model_get_n_modalities (model); m++)
    {
      rf_history_shares (model, scores, 0, m, r->history, r->n_history, reasons->item, shares);
      for (gsize j = 0; j < r->n_history; j++)
        reasons->past[j].share += shares[j];
    }
  qsort (reasons->past, r->n_history, sizeof *reasons->past, by_share);
}

static void
find_shapley (RefractReasons *reasons, const RfScores *scores)
{
  const RfModel *model = reasons->ranking->trained->model;
  const RfRanked *ranked = &reasons->ranking->ranking->items[reasons->place];
  guint n = rf_model_get_n_modalities (model);
  double means[1 << RF_MAX_MODALITIES], values[1 << RF_MAX_MODALITIES], phi[RF_MAX_MODALITIES];

  rf_coalition_means (model, scores, 0, RF_REMOVAL_RENORMALISE, reasons->ranking->history, reasons->ranking->n_history, means);
  rf_coalition_advantages (model, scores, 0, reasons->item, RF_REMOVAL_RENORMALISE, means, values);
  rf_shapley_values (n, values, phi);
  reasons->most_attention = reasons->most_shapley = -1;
  for (guint m = 0; m < n; m++)
    {
      reasons->shapley[m] = (float) phi[m];
      if (ranked->attention[m] > 0 && (reasons->most_attention < 0 || ranked->attention[m] > ranked->attention[reasons->most_attention]))
        reasons->most_attention = (int) m;
      if (reasons->shapley[m] > 0 && (reasons->most_shapley < 0 || reasons->shapley[m] > reasons->shapley[reasons->most_shapley]))
        reasons->most_shapley = (int) m;
    }
}

static void
find_places_without (RefractReasons *reasons)
{
  const RefractRanking *r = reasons->ranking;
  guint n = rf_model_get_n_modalities (r->trained->model);

  for (guint m = 0; m < n && n > 1; m++)
    {
      float weights[RF_MAX_MODALITIES];

      memcpy (weights, r->weights, sizeof weights);
      weights[m] = 0;
      reasons->without[m] = rf_place_of_item (r->trained->model, r->history, r->n_history, r->user, weights, reasons->item);
    }
}

static void
work_out_first (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  RefractReasons *reasons = question->reasons;
  const RefractRanking *r = reasons->ranking;
  g_autoptr(RfScores) scores = score (r);

  reasons->words = rf_words_explain (r->trained->model, r->trained->catalog, scores, r->history, r->n_history, r->user, reasons->item, reasons->place + 1);
  find_past (reasons, scores);
  find_shapley (reasons, scores);
  find_places_without (reasons);
  g_task_return_boolean (task, TRUE);
}

/* The second helping. */

static void
find_changes (RefractReasons *reasons)
{
  static const guint tops[] = { 10, 20, 50, 100 };
  const RefractRanking *r = reasons->ranking;
  const RfModel *model = r->trained->model;

  for (gsize t = 0; t < G_N_ELEMENTS (tops) && reasons->top == 0; t++)
    if (reasons->place < tops[t])
      reasons->top = tops[t];
  if (reasons->top == 0)
    return;
  if (rf_model_is_linear_in_history (model, r->user))
    rf_smallest_history_change (model, r->history, r->n_history, reasons->item, reasons->top, MOST_REMOVED, &reasons->history);
  reasons->enters = reasons->place >= ENTER_TOP;
  rf_smallest_weight_change (model, r->history, r->n_history, r->user, reasons->item, reasons->enters ? ENTER_TOP : reasons->top, reasons->enters, &reasons->weight);
}

static int
find_modality (const RfModel *model, const char *name)
{
  for (guint m = 0; m < rf_model_get_n_modalities (model); m++)
    if (strcmp (rf_model_get_modality (model, m), name) == 0)
      return (int) m;
  return -1;
}

static RfFeatureMap *
make_map (const Maps *maps, RfWorkspace *workspace, const char *name, RfProgress *progress)
{
  const RfTrained *trained = maps->trained;
  int m = find_modality (trained->model, name);
  g_autoptr(RfFeatures) features = m >= 0 ? rf_modality_features_of (workspace, trained->catalog, trained->split->part[RF_PART_TRAIN], trained->config, name, progress, NULL) : NULL;

  return features ? rf_feature_map_new (features, trained->model, (guint) m, NULL) : NULL;
}

/* Features that came ready with the import, or from a network, have no map from words or pixels: there is nothing to show then. */
static void
prepare_maps (Maps *maps, RfWorkspace *workspace, RfProgress *progress)
{
  const RfTrained *trained = maps->trained;

  if (!maps->asked_text)
    {
      maps->text_model = find_modality (trained->model, "text") >= 0 ? rf_modality_text_model (workspace, trained->catalog, trained->config, progress, NULL) : NULL;
      maps->text_map = maps->text_model ? make_map (maps, workspace, "text", progress) : NULL;
      maps->asked_text = !rf_progress_is_cancelled (progress);
    }
  if (!maps->asked_image && !rf_progress_is_cancelled (progress))
    {
      maps->image_model = find_modality (trained->model, "image") >= 0 ? rf_modality_image_model (workspace, trained->catalog, trained->config, progress, NULL) : NULL;
      maps->image_map = maps->image_model ? make_map (maps, workspace, "image", progress) : NULL;
      maps->asked_image = !rf_progress_is_cancelled (progress);
    }
}

static void
find_tokens (const Maps *maps, RefractReasons *reasons, const RfScores *scores)
{
  const RefractRanking *r = reasons->ranking;
  const RfTrained *trained = r->trained;
  g_autofree char *text = NULL;
  RfTaste *taste;

  if (maps->text_map == NULL || !rf_catalog_item_has_text (trained->catalog, reasons->item))
    return;
  taste = rf_taste_new (maps->text_map, trained->model, scores, 0, (guint) find_modality (trained->model, "text"), r->history, r->n_history, r->user, reasons->item);
  text = rf_modality_item_text (trained->catalog, trained->config, reasons->item);
  if (text && *text)
    {
      reasons->tokens = rf_tokens_explain (maps->text_model, taste, text);
      reasons->text = g_steal_pointer (&text);
    }
  rf_taste_free (taste);
}

static double
find_aspect (GBytes *encoded)
{
  g_autoptr(GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  gboolean ok = gdk_pixbuf_loader_write_bytes (loader, encoded, NULL);
  GdkPixbuf *pixbuf;

  ok = gdk_pixbuf_loader_close (loader, NULL) && ok;
  pixbuf = ok ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  return pixbuf ? (double) gdk_pixbuf_get_width (pixbuf) / gdk_pixbuf_get_height (pixbuf) : 1;
}

static void
find_saliency (const Maps *maps, RefractReasons *reasons, const RfScores *scores, RfWorkspace *workspace, RfProgress *progress)
{
  const RefractRanking *r = reasons->ranking;
  const RfTrained *trained = r->trained;
  const RfSaliencyOptions options = rf_saliency_options_default ();
  g_autoptr(GBytes) encoded = NULL;
  RfPictureEncoder encoder;
  RfPictureTarget target;
  g_autofree guint8 *rgb = NULL;
  RfTaste *taste;

  if (maps->image_map == NULL || !rf_catalog_item_has_image (trained->catalog, reasons->item))
    return;
  encoded = rf_workspace_load_picture (workspace, reasons->item, NULL);
  encoder = rf_picture_encoder_descriptors (maps->image_model);
  rgb = g_malloc ((gsize) encoder.side * encoder.side * 3);
  if (encoded == NULL || !rf_picture_decode (encoded, rgb))
    return;
  reasons->aspect = find_aspect (encoded);
  taste = rf_taste_new (maps->image_map, trained->model, scores, 0, (guint) find_modality (trained->model, "image"), r->history, r->n_history, r->user, reasons->item);
  target = (RfPictureTarget) { taste->g, taste->scale };
  reasons->saliency = rf_saliency_occlusion (&encoder, &target, rgb, &options, progress, NULL);
  rf_taste_free (taste);
}

static void
work_out_second (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  RefractReasons *reasons = question->reasons;
  g_autoptr(RfScores) scores = score (reasons->ranking);
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (question->document, NULL);

  if (workspace && rf_model_is_additive (reasons->ranking->trained->model))
    {
      prepare_maps (question->maps, workspace, question->progress);
      find_tokens (question->maps, reasons, scores);
      if (!rf_progress_is_cancelled (question->progress))
        find_saliency (question->maps, reasons, scores, workspace, question->progress);
    }
  if (!rf_progress_is_cancelled (question->progress))
    find_changes (reasons);
  reasons->complete = TRUE;
  g_task_return_boolean (task, TRUE);
}

/* The explainer. */

struct _RefractExplainer
{
  GObject parent_instance;

  char *document;
  RefractRanking *ranking;
  guint place, ticket;
  gboolean wished;       /* and not yet begun */
  gboolean running;
  RfProgress *progress;  /* of the second helping that runs */
  Maps *maps;            /* while no thread has them */
  RefractReasons *first; /* whose second helping is due */
};

enum
{
  REASONS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractExplainer, refract_explainer, G_TYPE_OBJECT)

RefractExplainer *
refract_explainer_new (void)
{
  return g_object_new (REFRACT_TYPE_EXPLAINER, NULL);
}

static void
question_free (gpointer data)
{
  Question *question = data;

  refract_reasons_unref (question->reasons);
  g_free (question->document);
  maps_free (question->maps);
  g_free (question->progress);
  g_free (question);
}

static void start_if_needed (RefractExplainer *self);

static Question *
question_new (RefractExplainer *self, RefractReasons *reasons)
{
  Question *question = g_new0 (Question, 1);

  question->reasons = reasons;
  question->document = g_strdup (self->document);
  question->ticket = self->ticket;
  question->progress = g_new0 (RfProgress, 1);
  rf_progress_init (question->progress, NULL, NULL);
  return question;
}

static RefractReasons *
reasons_new (RefractExplainer *self)
{
  RefractReasons *reasons = g_new0 (RefractReasons, 1);

  g_atomic_ref_count_init (&reasons->ref_count);
  reasons->ranking = refract_ranking_ref (self->ranking);
  reasons->place = self->place;
  reasons->item = self->ranking->ranking->items[self->place].item;
  return reasons;
}

/* The second helping works on a copy, because the first one is on the screen. */
static RefractReasons *
reasons_copy (const RefractReasons *from)
{
  RefractReasons *reasons = g_memdup2 (from, sizeof *from);

  g_atomic_ref_count_init (&reasons->ref_count);
  reasons->ranking = refract_ranking_ref (from->ranking);
  reasons->words = g_strdup (from->words);
  reasons->past = g_memdup2 (from->past, from->n_past * sizeof *from->past);
  return reasons;
}

static void
second_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractExplainer) self = data;
  Question *question = g_task_get_task_data (G_TASK (result));

  self->running = FALSE;
  self->progress = NULL;
  self->maps = g_steal_pointer (&question->maps);
  if (question->ticket == self->ticket)
    g_signal_emit (self, signals[REASONS], 0, question->reasons);
  start_if_needed (self);
}

static void
first_ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractExplainer) self = data;
  Question *question = g_task_get_task_data (G_TASK (result));

  self->running = FALSE;
  if (question->ticket == self->ticket)
    {
      self->first = refract_reasons_ref (question->reasons);
      g_signal_emit (self, signals[REASONS], 0, question->reasons);
    }
  start_if_needed (self);
}

static void
run (RefractExplainer *self, Question *question, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, g_object_ref (self));

  self->running = TRUE;
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, func);
}

static void
start_second (RefractExplainer *self)
{
  Question *question = question_new (self, reasons_copy (self->first));
  RfTrained *trained = self->first->ranking->trained;

  g_clear_pointer (&self->first, refract_reasons_unref);
  if (self->maps && self->maps->trained != trained)
    g_clear_pointer (&self->maps, maps_free);
  question->maps = g_steal_pointer (&self->maps);
  if (question->maps == NULL)
    {
      question->maps = g_new0 (Maps, 1);
      question->maps->trained = rf_trained_ref (trained);
    }
  self->progress = question->progress;
  run (self, question, work_out_second, second_ended_cb);
}

static void
start_if_needed (RefractExplainer *self)
{
  if (self->running)
    return;
  if (self->wished && self->ranking)
    {
      self->wished = FALSE;
      run (self, question_new (self, reasons_new (self)), work_out_first, first_ended_cb);
    }
  else if (self->first)
    start_second (self);
}

void
refract_explainer_ask (RefractExplainer *self, const char *document, RefractRanking *ranking, guint place)
{
  self->ticket++;
  if (self->progress)
    rf_progress_cancel (self->progress);
  g_clear_pointer (&self->first, refract_reasons_unref);
  if (ranking)
    refract_ranking_ref (ranking);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking && place < ranking->ranking->n ? ranking : NULL;
  if (ranking && self->ranking == NULL)
    refract_ranking_unref (ranking);
  self->place = place;
  g_free (self->document);
  self->document = g_strdup (document);
  self->wished = self->ranking != NULL;
  start_if_needed (self);
}

gboolean
refract_explainer_is_settled (RefractExplainer *self)
{
  return !self->running && !self->wished && self->first == NULL;
}

static void
refract_explainer_finalize (GObject *object)
{
  RefractExplainer *self = REFRACT_EXPLAINER (object);

  g_free (self->document);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  g_clear_pointer (&self->first, refract_reasons_unref);
  g_clear_pointer (&self->maps, maps_free);
  G_OBJECT_CLASS (refract_explainer_parent_class)->finalize (object);
}

static void
refract_explainer_class_init (RefractExplainerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_explainer_finalize;
  signals[REASONS] = g_signal_new ("reasons", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
refract_explainer_init (RefractExplainer *self)
{
}
