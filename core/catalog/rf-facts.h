/* rf-facts.h: what is known of items in words, as a graph: facts (head, relation, tail), "this film - director - that person".
 *
 * Nodes are numbered: the items of the catalog first, then the entities. A fact about an item always has the item as its head; the
 * knowledge graphs of others also state it the other way round ("that person - directed - this film"), then its relation is
 * written with a "~" and turned round. Immutable once made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-catalog.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 n_items, n_nodes;
  gsize n;                    /* facts, sorted by head, relation, tail; each once */
  guint32 *head, *relation, *tail;
  gsize *ptr;                 /* n_nodes + 1: the facts of head h are ptr[h] .. ptr[h + 1] - 1 */
  GPtrArray *relations;       /* char *: names */
  GPtrArray *entities;        /* char *: names of nodes n_items, n_items + 1, ... */
} RfFacts;

/* From the items' categories and further columns, whose values are separated by '|', and all of a knowledge graph that came with the
 * data. columns: names with commas between ("category" is the categories); NULL or "": all of them. The same value in two columns is the same entity (a person who directs and plays), numbers excepted. Entities with
 * fewer than min_count facts are left out, with these facts: they say nothing about another item. May be empty. */
RfFacts *rf_facts_new (const RfCatalog *catalog, const char *columns, guint min_count) G_GNUC_WARN_UNUSED_RESULT;
void rf_facts_free (RfFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfFacts, rf_facts_free)

guint32 rf_facts_count_entities (const RfFacts *self);

G_END_DECLS
