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
/* 0 .. n-1 in order. */
void refract_index_model_set_count (RefractIndexModel *self, guint n);
guint32 refract_index_model_get (RefractIndexModel *self, guint position);
/* The position of an index, or G_MAXUINT. O(n). */
guint refract_index_model_find (RefractIndexModel *self, guint32 index);

G_END_DECLS
