/* refract-explainer.h: why an item stands where it stands, worked out in a thread, in two helpings.
 *
 * First what takes a ranking or two: the sentence, the past items, the Shapley values, the places without each modality. Then, when
 * nobody has asked for something else meanwhile, what takes longer: which change of the history or of a weight would matter, which
 * words of the text count and which parts of the picture. The maps from features to the model are kept between questions about
 * one run.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/refract-ranker.h"
#include "core/explain/rf-counterfactual.h"
#include "core/explain/rf-saliency.h"
#include "core/explain/rf-tokens.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 item;
  double share; /* what it adds to the score, over all modalities */
} RefractPast;

typedef struct
{
  gatomicrefcount ref_count;
  RefractRanking *ranking;
  guint place; /* from 0 */
  guint32 item;

  char *words;
  guint n_past;
  RefractPast *past;                /* largest share first; none where the model does not say it */
  float shapley[RF_MAX_MODALITIES]; /* exact, removal rule `renormalise` */
  int most_attention, most_shapley; /* modality, -1: none */
  guint without[RF_MAX_MODALITIES]; /* the place (from 1) with the modality muted; 0: not asked (there is one modality only) */

  /* The second helping. */
  gboolean complete;
  guint top;                 /* the list that the two changes are about: top 10, 20, 50, 100 */
  RfHistoryChange history;   /* what must go for the item to fall out of it */
  RfWeightChange weight;     /* the weight that takes it out of the list, or (enters) into the top 10 */
  gboolean enters;
  char *text;                /* as the text features read it; NULL: no tokens */
  RfTokens *tokens;
  double aspect;             /* width / height of the picture */
  RfSaliency *saliency;      /* over the whole picture, stretched to a square; NULL: none */
} RefractReasons;

void refract_reasons_unref (RefractReasons *self);
RefractReasons *refract_reasons_ref (RefractReasons *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractReasons, refract_reasons_unref)

#define REFRACT_TYPE_EXPLAINER (refract_explainer_get_type ())
G_DECLARE_FINAL_TYPE (RefractExplainer, refract_explainer, REFRACT, EXPLAINER, GObject)

RefractExplainer *refract_explainer_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* The wish. document: path of the workspace. ranking NULL: nothing. Signal "reasons" (gpointer RefractReasons) comes once or twice for it,
 * unless another wish came first. */
void refract_explainer_ask (RefractExplainer *self, const char *document, RefractRanking *ranking, guint place);
gboolean refract_explainer_is_settled (RefractExplainer *self);

G_END_DECLS
