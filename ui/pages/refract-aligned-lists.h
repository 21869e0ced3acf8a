/* refract-aligned-lists.h: what two runs recommend to one user, side by side, with the moves drawn.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_ALIGNED_LISTS (refract_aligned_lists_get_type ())
G_DECLARE_FINAL_TYPE (RefractAlignedLists, refract_aligned_lists, REFRACT, ALIGNED_LISTS, AdwBin)

GtkWidget *refract_aligned_lists_new (void);

/* deltas: per user of the catalog, second less first, NAN: not known; copied. The user with the largest change is shown first.
 * NULL: nothing. */
void refract_aligned_lists_set (RefractAlignedLists *self, RfTrained *first, RfTrained *second, const double *deltas);
gboolean refract_aligned_lists_choose_user (RefractAlignedLists *self, const char *id); /* FALSE: there is none */
gboolean refract_aligned_lists_is_settled (RefractAlignedLists *self);

G_END_DECLS
