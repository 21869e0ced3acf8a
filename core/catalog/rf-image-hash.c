/* rf-image-hash.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-image-hash.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/rf-types.h"

#define COLS 9
#define ROWS 8

/* Smaller differences of cells (of 255) are noise and compression: no bit of an even ground may hang on them. */
#define STEP_LEAST 2.0

typedef struct
{
  const guint8 *rgb;
  guint width, height;
  gsize stride;
} Pixels;

static double
cell_mean (const Pixels *p, guint col, guint row)
{
  guint x0 = col * p->width / COLS, x1 = (col + 1) * p->width / COLS;
  guint y0 = row * p->height / ROWS, y1 = (row + 1) * p->height / ROWS;
  guint64 sum = 0;

  for (guint y = y0; y < y1; y++)
    for (guint x = x0; x < x1; x++)
      {
        const guint8 *c = p->rgb + y * p->stride + (gsize) x * 3;

        sum += 299u * c[0] + 587u * c[1] + 114u * c[2];
      }
  return (double) sum / 1000.0 / ((double) (x1 - x0) * (y1 - y0));
}

gboolean
rf_dhash (const guint8 *rgb, guint width, guint height, gsize stride, guint64 *hash)
{
  const Pixels pixels = { rgb, width, height, stride };
  double least = 255, most = 0;

  *hash = 0;
  if (width < COLS || height < ROWS)
    return FALSE;
  for (guint row = 0; row < ROWS; row++)
    {
      double before = 0;

      for (guint col = 0; col < COLS; col++)
        {
          double here = cell_mean (&pixels, col, row);

          least = MIN (least, here);
          most = MAX (most, here);
          if (col > 0)
            *hash = *hash << 1 | (before > here + STEP_LEAST);
          before = here;
        }
    }
  return most - least > STEP_LEAST;
}

static guint32
find_root (guint32 *parent, guint32 i)
{
  while (parent[i] != i)
    {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
  return i;
}

static void
join (guint32 *parent, guint32 a, guint32 b)
{
  guint32 root_a = find_root (parent, a), root_b = find_root (parent, b);

  parent[MAX (root_a, root_b)] = MIN (root_a, root_b);
}

typedef struct
{
  guint64 key;  /* the stretch of bits looked at */
  guint64 hash;
  guint32 item;
} Entry;

static int
compare_entries (const void *a, const void *b)
{
  const Entry *left = a, *right = b;

  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  if (left->hash != right->hash)
    return left->hash < right->hash ? -1 : 1;
  return left->item < right->item ? -1 : left->item > right->item;
}

/* Joins within each run of equal keys. Equal hashes stand beside each other, so only the first of each is compared with
 * others. */
static void
join_runs (const Entry *entries, guint32 n, guint max_distance, guint32 *parent)
{
  for (guint32 begin = 0, end; begin < n; begin = end)
    {
      for (end = begin + 1; end < n && entries[end].key == entries[begin].key; end++)
        if (entries[end].hash == entries[end - 1].hash)
          join (parent, entries[end].item, entries[end - 1].item);
      for (guint32 i = begin; i < end; i++)
        {
          if (i > begin && entries[i].hash == entries[i - 1].hash)
            continue;
          for (guint32 j = i + 1; j < end; j++)
            if (entries[j].hash != entries[j - 1].hash && rf_hash_distance (entries[i].hash, entries[j].hash) <= max_distance)
              join (parent, entries[i].item, entries[j].item);
        }
    }
}

guint32 *
rf_hash_find_groups (const guint64 *hash, const guint8 *valid, guint32 n, guint max_distance, guint32 *n_duplicates)
{
  guint32 *parent = g_new (guint32, (gsize) n + 1), count = 0, duplicates = 0;
  g_autofree Entry *entries = g_new (Entry, (gsize) n + 1);
  guint n_stretches = max_distance + 1;

  RF_CHECK (max_distance <= 7, "a distance of %u bits", max_distance);
  for (guint32 i = 0; i < n; i++)
    {
      parent[i] = i;
      if (valid == NULL || valid[i])
        entries[count++] = (Entry) { 0, hash[i], i };
    }
  for (guint s = 0; s < n_stretches; s++)
    {
      guint from = 64 * s / n_stretches, width = 64 * (s + 1) / n_stretches - from;

      for (guint32 e = 0; e < count; e++)
        entries[e].key = width == 64 ? entries[e].hash : entries[e].hash >> from & ((G_GUINT64_CONSTANT (1) << width) - 1);
      qsort (entries, count, sizeof *entries, compare_entries);
      join_runs (entries, count, max_distance, parent);
    }
  for (guint32 i = 0; i < n; i++)
    {
      parent[i] = find_root (parent, i);
      duplicates += parent[i] != i;
    }
  if (n_duplicates != NULL)
    *n_duplicates = duplicates;
  return parent;
}
