/* refract-names.h: how settings and baselines, which have machine names, are called on the screen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "split.max_train" -> "Training items per user"; a key that has no title yet is shown as it is. */
const char *refract_setting_title (const char *key);

/* "item-knn" -> "Item kNN"; an unknown one as it is. */
const char *refract_baseline_title (const char *name);

G_END_DECLS
