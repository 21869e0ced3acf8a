/* refract-index-model.h: a lazy GListModel over an array of indices (users, items, places of a ranking).
 *
 * Rows are made when a view asks for them; 1,000,000 of them cost an array of 4 bytes each. Sorting and filtering happen on the
 * array, in plain C; the model then emits one items-changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One row: its index. Immutable. */
#define REFRACT_TYPE_INDEX_ROW (refract_index_row_get_type ())
G_DECLARE_FINAL_TYPE (RefractIndexRow, refract_index_row, REFRACT, INDEX_ROW, GObject)

guint32 refract_index_row_get_index (RefractIndexRow *self);

#define REFRACT_TYPE_INDEX_MODEL (refract_index_model_get_type ())
G_DECLARE_FINAL_TYPE (RefractIndexModel, refract_index_model, REFRACT, INDEX_MODEL, GObject)

RefractIndexModel *refract_index_model_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Takes over `indices` (n of them, g_malloc). */
void refract_index_model_take (RefractIndexModel *self, guint32 *indices, guint n);
/* The same; views hear of the first ones now and of `step` more in each turn of the main loop, until then they keep the old ones there. A view
 * makes some hundreds of rows, most of which nobody sees: all in one turn would be felt. indices NULL: 0 .. n-1. The positions of a view
 * are those of get() and find() when it is_complete() only; a row knows its own index. */
void refract_index_model_take_slowly (RefractIndexModel *self, guint32 *indices, guint n, guint first, guint step);
gboolean refract_index_model_is_complete (RefractIndexModel *self);
guint refract_index_model_get_count (RefractIndexModel *self); /* with those that views have not heard of yet */
guint32 refract_index_model_get (RefractIndexModel *self, guint position);
/* The position of an index, or G_MAXUINT; views know of it from now on, so that it can be selected. O(n). */
guint refract_index_model_find (RefractIndexModel *self, guint32 index);

G_END_DECLS
