/* rf-id-map.h: strings in one block, and ids with dense indices 0 .. n-1 in order of first appearance.
 *
 * Both are made for millions of short strings: no allocation per string, and a look-up of an id of up to eight bytes touches
 * one cache line. Not thread-safe while something is added; any number of threads may read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* NUL-terminated strings, addressed by offset (pointers move when the pool grows). Offset 0 is always "". */
typedef struct
{
  char *bytes;
  gsize size, room;
} RfStringPool;

void rf_string_pool_init (RfStringPool *self);
void rf_string_pool_clear (RfStringPool *self);
/* Copies `length` bytes, which must hold no NUL, and returns their offset. */
gsize rf_string_pool_add (RfStringPool *self, const char *text, gsize length);

static inline const char *
rf_string_pool_get (const RfStringPool *self, gsize offset)
{
  return self->bytes + offset;
}

typedef struct
{
  guint64 key;   /* the id's bytes when there are at most 8, else a hash of them */
  guint32 index; /* G_MAXUINT32: free */
  guint32 length;
} RfIdSlot;

typedef struct
{
  RfStringPool pool;
  gsize *offset; /* n_ids offsets into pool */
  guint32 n_ids, room;
  RfIdSlot *slots;
  guint32 mask; /* number of slots - 1 */
} RfIdMap;

void rf_id_map_init (RfIdMap *self);
void rf_id_map_clear (RfIdMap *self);
/* G_MAXUINT32 if there is none. */
guint32 rf_id_map_find (const RfIdMap *self, const char *id, gsize length);
/* Asks for the memory that a look-up of the id is going to read. */
void rf_id_map_prefetch (const RfIdMap *self, const char *id, gsize length);
/* Adds what is not there yet. Aborts beyond 4,000,000,000 ids. */
guint32 rf_id_map_ensure (RfIdMap *self, const char *id, gsize length);

static inline const char *
rf_id_map_get (const RfIdMap *self, guint32 index)
{
  return self->pool.bytes + self->offset[index];
}

G_END_DECLS
