/* rf-id-map.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-id-map.h"

#include <string.h>

#include "core/base/rf-types.h"

#define FREE      G_MAXUINT32
#define MAX_IDS   4000000000u
#define INLINE_ID 8

void
rf_string_pool_init (RfStringPool *self)
{
  self->room = 64;
  self->bytes = g_malloc (self->room);
  self->bytes[0] = '\0';
  self->size = 1;
}

void
rf_string_pool_clear (RfStringPool *self)
{
  g_clear_pointer (&self->bytes, g_free);
  self->size = self->room = 0;
}

gsize
rf_string_pool_add (RfStringPool *self, const char *text, gsize length)
{
  gsize offset = self->size;

  if (length == 0)
    return 0;
  if (self->room - self->size <= length)
    {
      self->room = MAX (self->room + self->room / 2, self->size + length + 1);
      self->bytes = g_realloc (self->bytes, self->room);
    }
  memcpy (self->bytes + offset, text, length);
  self->bytes[offset + length] = '\0';
  self->size += length + 1;
  return offset;
}

static inline guint64
load_tail (const char *text, gsize length)
{
  guint64 word = 0;

  memcpy (&word, text, length);
  return word;
}

static inline guint64
mix (guint64 a)
{
  a *= 0x9E3779B97F4A7C15u;
  a ^= a >> 32;
  a *= 0xD6E8FEB86659FD93u;
  return a ^ (a >> 29);
}

static inline guint64
key_of (const char *id, gsize length)
{
  guint64 hash = length;

  if (length <= INLINE_ID)
    return load_tail (id, length);
  for (; length >= 8; id += 8, length -= 8)
    hash = mix (hash ^ load_tail (id, 8));
  return mix (hash ^ load_tail (id, length));
}

void
rf_id_map_init (RfIdMap *self)
{
  memset (self, 0, sizeof *self);
  rf_string_pool_init (&self->pool);
  self->mask = 63;
  self->slots = g_new (RfIdSlot, self->mask + 1);
  for (guint32 s = 0; s <= self->mask; s++)
    self->slots[s].index = FREE;
}

void
rf_id_map_clear (RfIdMap *self)
{
  rf_string_pool_clear (&self->pool);
  g_clear_pointer (&self->offset, g_free);
  g_clear_pointer (&self->slots, g_free);
  self->n_ids = self->room = 0;
}

/* The slot that holds the id, or the free one where it belongs (linear probing). */
static inline RfIdSlot *
find_slot (const RfIdMap *self, guint64 key, const char *id, gsize length)
{
  guint32 at = (guint32) mix (key + length) & self->mask;

  for (;; at = (at + 1) & self->mask)
    {
      RfIdSlot *slot = &self->slots[at];

      if (slot->index == FREE)
        return slot;
      if (slot->key == key && slot->length == length
          && (length <= INLINE_ID || memcmp (rf_id_map_get (self, slot->index), id, length) == 0))
        return slot;
    }
}

static void
grow_slots (RfIdMap *self)
{
  g_autofree RfIdSlot *old = self->slots;
  guint32 n_old = self->mask + 1;

  self->mask = n_old * 2 - 1;
  self->slots = g_new (RfIdSlot, (gsize) self->mask + 1);
  for (gsize s = 0; s <= self->mask; s++)
    self->slots[s].index = FREE;
  for (guint32 s = 0; s < n_old; s++)
    if (old[s].index != FREE)
      {
        guint32 at = (guint32) mix (old[s].key + old[s].length) & self->mask;

        while (self->slots[at].index != FREE)
          at = (at + 1) & self->mask;
        self->slots[at] = old[s];
      }
}

guint32
rf_id_map_find (const RfIdMap *self, const char *id, gsize length)
{
  return find_slot (self, key_of (id, length), id, length)->index;
}

void
rf_id_map_prefetch (const RfIdMap *self, const char *id, gsize length)
{
  __builtin_prefetch (&self->slots[(guint32) mix (key_of (id, length) + length) & self->mask]);
}

guint32
rf_id_map_ensure (RfIdMap *self, const char *id, gsize length)
{
  guint64 key = key_of (id, length);
  RfIdSlot *slot = find_slot (self, key, id, length);

  if (slot->index != FREE)
    return slot->index;
  RF_CHECK (self->n_ids < MAX_IDS && length < G_MAXUINT32, "too many ids");
  if (self->n_ids == self->room)
    {
      self->room = self->room ? self->room * 2 : 64;
      self->offset = g_renew (gsize, self->offset, self->room);
    }
  self->offset[self->n_ids] = rf_string_pool_add (&self->pool, id, length);
  *slot = (RfIdSlot) { key, self->n_ids++, (guint32) length };
  if (self->n_ids > self->mask / 2)
    grow_slots (self);
  return self->n_ids - 1;
}
