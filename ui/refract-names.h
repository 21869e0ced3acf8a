/* refract-names.h: how settings, baselines and attributes, which have machine names, are called on the screen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "split.max_train" -> "Training items per user"; a key that has no title yet is shown as it is. */
const char *refract_setting_title (const char *key);

/* "item-knn" -> "Item kNN"; an unknown one as it is. */
const char *refract_fusion_title (const char *name);
const char *refract_baseline_title (const char *name);

/* "ndcg" -> "NDCG"; an unknown one as it is. */
const char *refract_metric_title (const char *name);

/* One sentence on what it measures, or on what the baseline recommends; an unknown one as it is. */
const char *refract_metric_help (const char *name);
const char *refract_baseline_help (const char *name);

/* Attributes of users (core/eval/rf-attributes.h): "activity" -> "Activity"; an unknown one as it is. */
const char *refract_attribute_title (const char *name);

/* "all" -> "all", translated; numbers and categories as they are. */
const char *refract_value_title (const char *value);

/* "activity = 3–9, category = Drama" -> "Activity 3–9, Category Drama". */
char *refract_slice_title (const char *slice) G_GNUC_WARN_UNUSED_RESULT;

/* refract_run_get_summary(): "model.modalities=image,text, epochs=40" -> "Modalities: Image, Text; Epochs: 40". */
char *refract_summary_title (const char *summary) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
