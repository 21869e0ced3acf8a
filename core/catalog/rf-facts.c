/* rf-facts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-facts.h"

#include <stdlib.h>
#include <string.h>

#include "core/catalog/rf-id-map.h"

typedef struct
{
  guint32 head, relation, tail;
} Fact;

typedef struct
{
  const RfCatalog *catalog;
  RfIdMap entities;
  GPtrArray *relations;
  GArray *facts; /* Fact; tails are entities: n_items + index */
} Builder;

static gboolean
is_number (const char *text)
{
  char *end;

  g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static guint32
ensure_relation (Builder *self, const char *name)
{
  for (guint r = 0; r < self->relations->len; r++)
    if (strcmp (g_ptr_array_index (self->relations, r), name) == 0)
      return r;
  g_ptr_array_add (self->relations, g_strdup (name));
  return self->relations->len - 1;
}

/* The entity of a value; a number means something in its own column only. */
static guint32
ensure_value (Builder *self, const char *column, const char *value)
{
  g_autofree char *own = is_number (value) ? g_strdup_printf ("%s %s", column, value) : NULL;
  const char *name = own ? own : value;

  return rf_catalog_get_n_items (self->catalog) + rf_id_map_ensure (&self->entities, name, strlen (name));
}

static void
add_values (Builder *self, guint32 item, const char *column, const char *values)
{
  g_auto(GStrv) parts = *values ? g_strsplit (values, "|", -1) : NULL;

  for (guint p = 0; parts && parts[p]; p++)
    if (*g_strstrip (parts[p]))
      {
        Fact fact = { item, ensure_relation (self, column), ensure_value (self, column, parts[p]) };

        g_array_append_val (self->facts, fact);
      }
}

/* The knowledge graph that came with the data. Where it speaks of an item as the tail, the fact is turned round. */
static void
add_triples (Builder *self)
{
  RfTriples t = rf_catalog_get_triples (self->catalog);
  guint32 n_items = rf_catalog_get_n_items (self->catalog);
  g_autofree guint32 *node = g_new (guint32, (gsize) t.n_entities + 1), *straight = g_new (guint32, (gsize) t.n_relations + 1);

  for (guint32 e = 0; e < t.n_entities; e++)
    {
      const char *name = rf_catalog_get_entity (self->catalog, e);

      node[e] = t.item[e] != RF_NO_INDEX ? t.item[e] : n_items + rf_id_map_ensure (&self->entities, name, strlen (name));
    }
  for (guint32 r = 0; r < t.n_relations; r++)
    straight[r] = ensure_relation (self, rf_catalog_get_relation (self->catalog, r));
  for (gsize k = 0; k < t.n; k++)
    {
      Fact fact = { node[t.head[k]], straight[t.relation[k]], node[t.tail[k]] };

      if (fact.head >= n_items && fact.tail < n_items)
        {
          g_autofree char *turned = g_strdup_printf ("~%s", rf_catalog_get_relation (self->catalog, t.relation[k]));

          fact = (Fact) { fact.tail, ensure_relation (self, turned), fact.head };
        }
      g_array_append_val (self->facts, fact);
    }
}

static gboolean
is_wanted (const char *columns, const char *name)
{
  g_auto(GStrv) list = NULL;

  if (columns == NULL || *columns == '\0')
    return TRUE;
  list = g_strsplit (columns, ",", -1);
  for (guint c = 0; list[c]; c++)
    if (strcmp (g_strstrip (list[c]), name) == 0)
      return TRUE;
  return FALSE;
}

static int
compare_facts (const void *a, const void *b)
{
  const Fact *x = a, *y = b;

  if (x->head != y->head)
    return x->head < y->head ? -1 : 1;
  if (x->relation != y->relation)
    return x->relation < y->relation ? -1 : 1;
  return x->tail < y->tail ? -1 : x->tail > y->tail;
}

static void
sort_and_unite (GArray *facts)
{
  guint kept = 0;

  if (facts->len == 0)
    return;
  qsort (facts->data, facts->len, sizeof (Fact), compare_facts);
  for (guint f = 1; f < facts->len; f++)
    if (compare_facts (&g_array_index (facts, Fact, f), &g_array_index (facts, Fact, kept)) != 0)
      g_array_index (facts, Fact, ++kept) = g_array_index (facts, Fact, f);
  g_array_set_size (facts, kept + 1);
}

/* Drops rare entities and their facts, and numbers what stays in the old order. */
static void
drop_rare (Builder *self, RfFacts *out, guint min_count)
{
  guint32 n_items = out->n_items;
  g_autofree guint32 *count = g_new0 (guint32, (gsize) self->entities.n_ids + 1), *number = g_new (guint32, (gsize) self->entities.n_ids + 1);
  guint kept = 0;

  for (guint f = 0; f < self->facts->len; f++)
    {
      const Fact *fact = &g_array_index (self->facts, Fact, f);

      if (fact->head >= n_items)
        count[fact->head - n_items]++;
      if (fact->tail >= n_items)
        count[fact->tail - n_items]++;
    }
  for (guint32 e = 0; e < self->entities.n_ids; e++)
    {
      number[e] = count[e] >= MAX (min_count, 1) ? n_items + out->entities->len : RF_NO_INDEX;
      if (number[e] != RF_NO_INDEX)
        g_ptr_array_add (out->entities, g_strdup (rf_id_map_get (&self->entities, e)));
    }
  for (guint f = 0; f < self->facts->len; f++)
    {
      Fact fact = g_array_index (self->facts, Fact, f);

      fact.head = fact.head < n_items ? fact.head : number[fact.head - n_items];
      fact.tail = fact.tail < n_items ? fact.tail : number[fact.tail - n_items];
      if (fact.head != RF_NO_INDEX && fact.tail != RF_NO_INDEX)
        g_array_index (self->facts, Fact, kept++) = fact;
    }
  g_array_set_size (self->facts, kept);
}

static RfFacts *
finish (Builder *self, guint min_count)
{
  RfFacts *out = g_new0 (RfFacts, 1);

  out->n_items = rf_catalog_get_n_items (self->catalog);
  out->entities = g_ptr_array_new_with_free_func (g_free);
  out->relations = g_ptr_array_ref (self->relations);
  sort_and_unite (self->facts);
  drop_rare (self, out, min_count);
  out->n = self->facts->len;
  out->n_nodes = out->n_items + out->entities->len;
  out->head = g_new (guint32, out->n + 1);
  out->relation = g_new (guint32, out->n + 1);
  out->tail = g_new (guint32, out->n + 1);
  out->ptr = g_new0 (gsize, (gsize) out->n_nodes + 1);
  for (gsize f = 0; f < out->n; f++)
    {
      const Fact *fact = &g_array_index (self->facts, Fact, f);

      out->head[f] = fact->head;
      out->relation[f] = fact->relation;
      out->tail[f] = fact->tail;
      out->ptr[fact->head + 1]++;
    }
  for (guint32 h = 0; h < out->n_nodes; h++)
    out->ptr[h + 1] += out->ptr[h];
  return out;
}

RfFacts *
rf_facts_new (const RfCatalog *catalog, const char *columns, guint min_count)
{
  Builder builder = { .catalog = catalog, .relations = g_ptr_array_new_with_free_func (g_free), .facts = g_array_new (FALSE, FALSE, sizeof (Fact)) };
  RfFacts *facts;

  rf_id_map_init (&builder.entities);
  if (is_wanted (columns, "category"))
    for (guint32 i = 0; i < rf_catalog_get_n_items (catalog); i++)
      add_values (&builder, i, "category", rf_catalog_get_item_category (catalog, i));
  for (guint c = 0; c < rf_catalog_get_n_columns (catalog); c++)
    if (is_wanted (columns, rf_catalog_get_column (catalog, c)))
      for (guint32 i = 0; i < rf_catalog_get_n_items (catalog); i++)
        add_values (&builder, i, rf_catalog_get_column (catalog, c), rf_catalog_get_item_value (catalog, c, i));
  add_triples (&builder);
  facts = finish (&builder, min_count);
  rf_id_map_clear (&builder.entities);
  g_ptr_array_unref (builder.relations);
  g_array_unref (builder.facts);
  return facts;
}

void
rf_facts_free (RfFacts *self)
{
  if (self == NULL)
    return;
  g_free (self->head);
  g_free (self->relation);
  g_free (self->tail);
  g_free (self->ptr);
  g_ptr_array_unref (self->relations);
  g_ptr_array_unref (self->entities);
  g_free (self);
}

guint32
rf_facts_count_entities (const RfFacts *self)
{
  return self->entities->len;
}

