/* rf-catalog-facts.c: a knowledge graph that came with the data.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/rf-types.h"
#include "core/catalog/rf-catalog-private.h"

void
rf_graph_of_facts_free (RfGraphOfFacts *self)
{
  if (self == NULL)
    return;
  rf_id_map_clear (&self->entities);
  g_free (self->item);
  g_ptr_array_unref (self->relations);
  g_array_unref (self->head);
  g_array_unref (self->relation);
  g_array_unref (self->tail);
  g_free (self);
}

/* ---- reading ---- */

RfTriples
rf_catalog_get_triples (const RfCatalog *self)
{
  const RfGraphOfFacts *f = self->facts;

  if (f == NULL)
    return (RfTriples) { 0 };
  return (RfTriples) { f->head->len, (const guint32 *) (void *) f->head->data, (const guint32 *) (void *) f->relation->data,
                       (const guint32 *) (void *) f->tail->data, f->entities.n_ids, f->relations->len, f->item };
}

const char *
rf_catalog_get_entity (const RfCatalog *self, guint32 entity)
{
  RF_CHECK (self->facts != NULL && entity < self->facts->entities.n_ids, "entity %u", entity);
  return rf_id_map_get (&self->facts->entities, entity);
}

const char *
rf_catalog_get_relation (const RfCatalog *self, guint32 relation)
{
  RF_CHECK (self->facts != NULL && relation < self->facts->relations->len, "relation %u", relation);
  return g_ptr_array_index (self->facts->relations, relation);
}

static void
hash_text (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *) text, (gssize) strlen (text) + 1);
}

static void
hash_numbers (GChecksum *sum, const guint32 *numbers, gsize n)
{
  g_checksum_update (sum, (const guchar *) &n, sizeof n);
  if (n > 0)
    g_checksum_update (sum, (const guchar *) numbers, (gssize) (n * sizeof *numbers));
}

void
rf_catalog_hash_facts (const RfCatalog *self, GChecksum *sum)
{
  RfTriples t = rf_catalog_get_triples (self);

  for (guint c = 0; c < self->columns->len; c++)
    {
      hash_text (sum, rf_catalog_get_column (self, c));
      for (guint32 i = 0; i < self->items.n_ids; i++)
        hash_text (sum, rf_catalog_get_item_value (self, c, i));
    }
  if (self->facts == NULL)
    return;
  hash_numbers (sum, t.head, t.n);
  hash_numbers (sum, t.relation, t.n);
  hash_numbers (sum, t.tail, t.n);
  hash_numbers (sum, t.item, t.n_entities);
  for (guint32 e = 0; e < t.n_entities; e++)
    hash_text (sum, rf_catalog_get_entity (self, e));
  for (guint32 r = 0; r < t.n_relations; r++)
    hash_text (sum, rf_catalog_get_relation (self, r));
}

/* ---- building ---- */

static RfGraphOfFacts *
ensure_facts (RfCatalogBuilder *self)
{
  RfCatalog *catalog = rf_catalog_builder_peek (self);
  RfGraphOfFacts *facts = catalog->facts;

  if (facts != NULL)
    return facts;
  facts = catalog->facts = g_new0 (RfGraphOfFacts, 1);
  rf_id_map_init (&facts->entities);
  facts->relations = g_ptr_array_new_with_free_func (g_free);
  facts->head = g_array_new (FALSE, FALSE, sizeof (guint32));
  facts->relation = g_array_new (FALSE, FALSE, sizeof (guint32));
  facts->tail = g_array_new (FALSE, FALSE, sizeof (guint32));
  return facts;
}

guint32
rf_catalog_builder_ensure_entity (RfCatalogBuilder *self, const char *id)
{
  RfGraphOfFacts *facts = ensure_facts (self);
  g_autofree char *valid = g_utf8_make_valid (id, -1);
  guint32 n_before = facts->entities.n_ids, entity = rf_id_map_ensure (&facts->entities, valid, strlen (valid));

  if (entity < n_before)
    return entity;
  if (entity >= facts->room)
    {
      facts->room = MAX (64, facts->room * 2);
      facts->item = g_renew (guint32, facts->item, facts->room);
    }
  facts->item[entity] = RF_NO_INDEX;
  return entity;
}

void
rf_catalog_builder_link_entity (RfCatalogBuilder *self, guint32 entity, guint32 item)
{
  RfCatalog *catalog = rf_catalog_builder_peek (self);

  RF_CHECK (catalog->facts != NULL && entity < catalog->facts->entities.n_ids && item < catalog->items.n_ids, "entity %u, item %u", entity, item);
  catalog->facts->item[entity] = item;
}

void
rf_catalog_builder_add_triple (RfCatalogBuilder *self, guint32 head, const char *relation, guint32 tail)
{
  RfGraphOfFacts *facts = ensure_facts (self);
  g_autofree char *name = g_utf8_make_valid (relation, -1);
  guint32 r = 0;

  RF_CHECK (head < facts->entities.n_ids && tail < facts->entities.n_ids, "a fact of entities %u and %u", head, tail);
  while (r < facts->relations->len && strcmp (g_ptr_array_index (facts->relations, r), name) != 0)
    r++;
  if (r == facts->relations->len)
    g_ptr_array_add (facts->relations, g_steal_pointer (&name));
  g_array_append_val (facts->head, head);
  g_array_append_val (facts->relation, r);
  g_array_append_val (facts->tail, tail);
}

void
rf_catalog_renumber_facts (RfCatalog *self, const guint32 *new_index)
{
  for (guint32 e = 0; self->facts && e < self->facts->entities.n_ids; e++)
    if (self->facts->item[e] != RF_NO_INDEX)
      self->facts->item[e] = new_index[self->facts->item[e]];
}
