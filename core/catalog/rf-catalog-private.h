/* rf-catalog-private.h: how the importers and the workspace fill and empty a catalog. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-matrix.h"
#include "core/catalog/rf-catalog.h"
#include "core/catalog/rf-id-map.h"

G_BEGIN_DECLS

/* The bits of RfCatalog.flags. */
enum
{
  RF_ITEM_HAS_IMAGE = 1 << 0,
  RF_ITEM_HAS_TEXT = 1 << 1,
};

/* A modality that came with the data as ready numbers ("trailer" from trailer_feat.npy). */
typedef struct
{
  char *name;
  RfMatrix *x;       /* rows: items */
  guint8 *available; /* one per item */
} RfImportedMatrix;

/* Where an item was read: its problems with pictures are told there. */
typedef struct
{
  guint32 file; /* index for rf_catalog_builder_get_file(), 0: unknown */
  guint64 line, row;
} RfOrigin;

typedef struct
{
  gsize title, description, category, image; /* offsets in texts */
} RfItemTexts;

/* Interactions as arrays that are owned; part and event may be NULL. */
typedef struct
{
  gsize n, room;
  guint32 *user, *item;
  float *rating;
  gint64 *timestamp;
  guint8 *part, *event;
} RfInteractionArrays;

void rf_interaction_arrays_clear (RfInteractionArrays *self);
/* Makes room for n more. */
void rf_interaction_arrays_reserve (RfInteractionArrays *self, gsize n);

/* A further column of the table of items or of users. */
typedef struct
{
  char *name;
  gsize *value; /* n offsets in texts; rows beyond have none */
  guint32 n;
} RfColumn;

/* A knowledge graph that came with the data. */
typedef struct
{
  RfIdMap entities;
  guint32 *item; /* entities.n_ids: which item it is, or RF_NO_INDEX */
  guint32 room;  /* of item */
  GPtrArray *relations;
  GArray *head, *relation, *tail; /* guint32 */
} RfGraphOfFacts;

struct _RfCatalog
{
  gatomicrefcount ref_count;
  char *name, *source;
  char *pictures_hash; /* SHA-256 of the stored pictures, "" when there are none */
  RfIdMap users, items;
  RfStringPool texts;
  RfItemTexts *item; /* n_items */
  guint8 *flags;     /* n_items */
  guint32 n_images, n_texts;
  RfInteractionArrays owned;
  RfInteractions interactions; /* views of owned */
  GPtrArray *events;           /* char * */
  GPtrArray *columns;          /* RfColumn */
  GPtrArray *user_columns;     /* RfColumn, by user */
  RfGraphOfFacts *facts;       /* NULL: none */
  GMutex hash_mutex;
  char *hash; /* computed when first asked for */
};

/* As the public ones, for UTF-8 of a known length without NUL; for loops over millions of records. */
guint32 rf_catalog_builder_ensure_user_n (RfCatalogBuilder *self, const char *id, gsize length);
const RfIdMap *rf_catalog_builder_get_items (const RfCatalogBuilder *self);
RfIdMap *rf_catalog_builder_get_users (RfCatalogBuilder *self);
/* An item with an id only; what it is may come later (add_item fills empty texts of such an item). */
guint32 rf_catalog_builder_ensure_item_n (RfCatalogBuilder *self, const char *id, gsize length);
guint32 rf_catalog_builder_get_n_items (const RfCatalogBuilder *self);
const char *rf_catalog_builder_get_item_id (const RfCatalogBuilder *self, guint32 item);
const char *rf_catalog_builder_get_item_image (const RfCatalogBuilder *self, guint32 item);
const char *rf_catalog_builder_get_item_title (const RfCatalogBuilder *self, guint32 item);
const char *rf_catalog_builder_get_item_description (const RfCatalogBuilder *self, guint32 item);
const char *rf_catalog_builder_get_item_category (const RfCatalogBuilder *self, guint32 item);
void rf_catalog_builder_set_item_text (RfCatalogBuilder *self, guint32 item, const char *title, const char *description, const char *category);
void rf_catalog_builder_set_item_image (RfCatalogBuilder *self, guint32 item, const char *image);
/* Gives users or items (the map of either) the ids that `names` has for their old ones (char * -> char *); returns how many could not be
 * renamed, because there is no new id or another one has it. Indices stay. */
guint32 rf_catalog_builder_rename (RfIdMap *ids, GHashTable *names);
RfIdMap *rf_catalog_builder_edit_items (RfCatalogBuilder *self);
/* Takes the arrays of a builder that has no interactions yet, or appends them. Leaves `arrays` empty. */
void rf_catalog_builder_take_interactions (RfCatalogBuilder *self, RfInteractionArrays *arrays);
/* -1: there is no event of that name. */
int rf_catalog_builder_find_event (const RfCatalogBuilder *self, const char *name);
/* The index of an event's name, added when new; 255 and more become "other". */
guint8 rf_catalog_builder_ensure_event (RfCatalogBuilder *self, const char *name);
const RfInteractionArrays *rf_catalog_builder_get_interactions (const RfCatalogBuilder *self);
/* Keeps the items (NULL: all) and the interactions with a 1, and the users that have one of these. Order stays, indices close up. */
void rf_catalog_builder_select (RfCatalogBuilder *self, const guint8 *keep_item, const guint8 *keep_interaction);
void rf_catalog_builder_set_pictures_hash (RfCatalogBuilder *self, const char *hash);

/* ---- columns (rf-catalog-columns.c) and facts (rf-catalog-facts.c) ---- */
GPtrArray *rf_columns_new (void) G_GNUC_WARN_UNUSED_RESULT; /* of RfColumn */
void rf_graph_of_facts_free (RfGraphOfFacts *self);
/* Items or users have new numbers (RF_NO_INDEX: gone). */
void rf_columns_renumber (GPtrArray *columns, const guint32 *new_index, guint32 n_old, guint32 n_new);
void rf_catalog_renumber_facts (RfCatalog *self, const guint32 *new_index);
/* Adds columns and facts, where there are any, to the sum. */
void rf_catalog_hash_facts (const RfCatalog *self, GChecksum *sum);
RfCatalog *rf_catalog_builder_peek (RfCatalogBuilder *self);

guint32 rf_catalog_builder_add_file (RfCatalogBuilder *self, const char *name); /* same name, same index */
const char *rf_catalog_builder_get_file (const RfCatalogBuilder *self, guint32 file);
void rf_catalog_builder_set_origin (RfCatalogBuilder *self, guint32 item, RfOrigin origin);
RfOrigin rf_catalog_builder_get_origin (const RfCatalogBuilder *self, guint32 item);

/* Takes over x and available. An earlier matrix of that name is replaced. */
void rf_catalog_builder_take_matrix (RfCatalogBuilder *self, const char *name, RfMatrix *x, guint8 *available);
guint rf_catalog_builder_get_n_matrices (const RfCatalogBuilder *self);
const RfImportedMatrix *rf_catalog_builder_get_matrix (const RfCatalogBuilder *self, guint index);

G_END_DECLS
