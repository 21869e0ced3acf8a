/* rf-catalog.h: users, items and interactions in columns, in memory.
 *
 * Immutable once built and reference counted: any thread may read it. Users and items have dense indices 0 .. n-1 in order of
 * first appearance; their ids are strings and are always kept. All strings are valid UTF-8, owned by the catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"

G_BEGIN_DECLS

typedef struct _RfCatalog RfCatalog;

#define RF_NO_TIMESTAMP G_MININT64
#define RF_NO_INDEX     G_MAXUINT32

/* The interactions, one entry per kept record, in file order. rating is NAN and timestamp RF_NO_TIMESTAMP where absent. */
typedef struct
{
  gsize n;
  const guint32 *user;
  const guint32 *item;
  const float *rating;
  const gint64 *timestamp; /* Unix seconds, UTC */
  const guint8 *part;      /* a split that came with the data (0 train, 1 validation, 2 test), or NULL */
  const guint8 *event;     /* what the user did, see rf_catalog_get_event(), or NULL when there is one kind only */
} RfInteractions;

RfCatalog *rf_catalog_ref (RfCatalog *self);
void rf_catalog_unref (RfCatalog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCatalog, rf_catalog_unref)

guint32 rf_catalog_get_n_users (const RfCatalog *self);
guint32 rf_catalog_get_n_items (const RfCatalog *self);
gsize rf_catalog_get_n_interactions (const RfCatalog *self);
const RfInteractions *rf_catalog_get_interactions (const RfCatalog *self);

/* Kinds of interaction by RfInteractions.event: "view", "purchase", ... */
guint rf_catalog_get_n_events (const RfCatalog *self);
const char *rf_catalog_get_event (const RfCatalog *self, guint event);

const char *rf_catalog_get_name (const RfCatalog *self);   /* the folder's base name */
const char *rf_catalog_get_source (const RfCatalog *self); /* where it was imported from; may be gone by now */
const char *rf_catalog_get_hash (const RfCatalog *self);   /* SHA-256 of everything that training reads, as hex */

const char *rf_catalog_get_user_id (const RfCatalog *self, guint32 user);
const char *rf_catalog_get_item_id (const RfCatalog *self, guint32 item);
const char *rf_catalog_get_item_title (const RfCatalog *self, guint32 item);       /* "" if none */
const char *rf_catalog_get_item_description (const RfCatalog *self, guint32 item); /* "" if none; raw, as imported */
const char *rf_catalog_get_item_category (const RfCatalog *self, guint32 item);    /* "" if none; several are joined by '|' */
const char *rf_catalog_get_item_image (const RfCatalog *self, guint32 item);       /* path relative to the source, "" if none */

/* The title, or the id when there is no title: what a person should read. */
const char *rf_catalog_get_item_label (const RfCatalog *self, guint32 item);

/* Does the item have a picture that could be decoded / a text? The text of an item is its description; in a catalog without
 * any description it is the title. */
gboolean rf_catalog_item_has_image (const RfCatalog *self, guint32 item);
gboolean rf_catalog_item_has_text (const RfCatalog *self, guint32 item);
guint32 rf_catalog_count_images (const RfCatalog *self);
guint32 rf_catalog_count_texts (const RfCatalog *self);

/* Further columns of the items' table ("director", "brand"); several values of an item are separated by '|'. "" if it has none. */
guint rf_catalog_get_n_columns (const RfCatalog *self);
const char *rf_catalog_get_column (const RfCatalog *self, guint column);
const char *rf_catalog_get_item_value (const RfCatalog *self, guint column, guint32 item);

/* What is known of users ("age", "country"), from a table of users. "" if nothing. Shown and kept; nothing is trained on it. */
guint rf_catalog_get_n_user_columns (const RfCatalog *self);
const char *rf_catalog_get_user_column (const RfCatalog *self, guint column);
const char *rf_catalog_get_user_value (const RfCatalog *self, guint column, guint32 user);

/* A knowledge graph that came with the data (.kg and .link of RecBole): facts between entities, some of which are items. All zeros
 * when there is none. */
typedef struct
{
  gsize n;
  const guint32 *head, *relation, *tail; /* n each: entities, relations */
  guint32 n_entities, n_relations;
  const guint32 *item; /* n_entities: the item that the entity is, or RF_NO_INDEX */
} RfTriples;

RfTriples rf_catalog_get_triples (const RfCatalog *self);
const char *rf_catalog_get_entity (const RfCatalog *self, guint32 entity);
const char *rf_catalog_get_relation (const RfCatalog *self, guint32 relation);

/* RF_NO_INDEX if there is none. O(1). */
guint32 rf_catalog_find_user (const RfCatalog *self, const char *id);
guint32 rf_catalog_find_item (const RfCatalog *self, const char *id);

/* Building. The builder copies every string; ids may be added in any order. build() consumes the builder. Strings that are not
 * UTF-8 are mended, an id that is there already returns its index. */
typedef struct _RfCatalogBuilder RfCatalogBuilder;

RfCatalogBuilder *rf_catalog_builder_new (const char *name, const char *source) G_GNUC_WARN_UNUSED_RESULT;
void rf_catalog_builder_free (RfCatalogBuilder *self);
guint32 rf_catalog_builder_find_item (const RfCatalogBuilder *self, const char *id);
guint32 rf_catalog_builder_add_item (RfCatalogBuilder *self, const char *id, const char *title, const char *description, const char *category, const char *image);
void rf_catalog_builder_set_has_image (RfCatalogBuilder *self, guint32 item, gboolean has_image); /* default FALSE */
guint32 rf_catalog_builder_ensure_user (RfCatalogBuilder *self, const char *id);
void rf_catalog_builder_add_interaction (RfCatalogBuilder *self, guint32 user, guint32 item, float rating, gint64 timestamp);
/* The part / event of the interaction added last; those never told are 0. At most 255 events. */
void rf_catalog_builder_set_part (RfCatalogBuilder *self, guint8 part);
void rf_catalog_builder_set_event (RfCatalogBuilder *self, const char *event);
/* A column by its name, made when new. */
guint rf_catalog_builder_ensure_column (RfCatalogBuilder *self, const char *name);
void rf_catalog_builder_set_item_value (RfCatalogBuilder *self, guint column, guint32 item, const char *value);
guint rf_catalog_builder_ensure_user_column (RfCatalogBuilder *self, const char *name);
void rf_catalog_builder_set_user_value (RfCatalogBuilder *self, guint column, guint32 user, const char *value);
/* Entities of a knowledge graph by id; a fact between two of them; an entity that is an item. */
guint32 rf_catalog_builder_ensure_entity (RfCatalogBuilder *self, const char *id);
void rf_catalog_builder_link_entity (RfCatalogBuilder *self, guint32 entity, guint32 item);
void rf_catalog_builder_add_triple (RfCatalogBuilder *self, guint32 head, const char *relation, guint32 tail);
RfCatalog *rf_catalog_builder_build (RfCatalogBuilder *self) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCatalogBuilder, rf_catalog_builder_free)

G_END_DECLS
