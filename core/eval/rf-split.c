/* rf-split.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/eval/rf-split.h"

#include "core/base/rf-rng.h"

typedef struct
{
  GArray *user, *item;
} Pairs;

static void
add_pair (Pairs *pairs, guint32 user, guint32 item)
{
  g_array_append_val (pairs->user, user);
  g_array_append_val (pairs->item, item);
}

static void
hash_csr (GChecksum *checksum, const RfCsr *csr)
{
  for (guint32 r = 0; r <= csr->rows; r++)
    {
      guint64 at = GUINT64_TO_LE ((guint64) csr->ptr[r]);

      g_checksum_update (checksum, (const guchar *) &at, sizeof at);
    }
  g_checksum_update (checksum, (const guchar *) csr->idx, (gssize) (csr->ptr[csr->rows] * sizeof *csr->idx));
}

static RfSplit *
split_new (guint32 n_users, guint32 n_items, Pairs *pairs)
{
  RfSplit *self = g_new0 (RfSplit, 1);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_atomic_ref_count_init (&self->ref_count);
  for (int p = 0; p < 3; p++)
    {
      self->part[p] = rf_csr_new_from_pairs (n_users, n_items, pairs[p].user->len, (const guint32 *) (void *) pairs[p].user->data,
                                             (const guint32 *) (void *) pairs[p].item->data, NULL);
      hash_csr (checksum, self->part[p]);
      g_array_unref (pairs[p].user);
      g_array_unref (pairs[p].item);
    }
  self->hash = g_strdup (g_checksum_get_string (checksum));
  return self;
}

/* How many of n items are held out for validation and for test. */
static void
held_out_counts (gsize n, gsize *valid, gsize *test)
{
  gsize held = n / 5;

  if (n < 3)
    *valid = *test = 0;
  else if (n < 10)
    *valid = *test = 1;
  else
    {
      *valid = held / 2;
      *test = held - *valid;
    }
}

RfSplit *
rf_split_new_random (const RfCatalog *catalog, guint64 seed, guint max_train)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  guint32 n_users = rf_catalog_get_n_users (catalog), n_items = rf_catalog_get_n_items (catalog);
  g_autoptr(RfCsr) all = rf_csr_new_from_pairs (n_users, n_items, x->n, x->user, x->item, NULL);
  Pairs pairs[3];

  for (int p = 0; p < 3; p++)
    pairs[p] = (Pairs) { g_array_new (FALSE, FALSE, sizeof (guint32)), g_array_new (FALSE, FALSE, sizeof (guint32)) };
  for (guint32 u = 0; u < n_users; u++)
    {
      gsize n = rf_csr_row_length (all, u), valid, test, train;
      g_autofree guint32 *items = g_memdup2 (rf_csr_row (all, u), n * sizeof (guint32));
      RfRng rng = rf_rng_new (seed, u);

      rf_rng_shuffle_u32 (&rng, items, n);
      held_out_counts (n, &valid, &test);
      train = n - valid - test;
      for (gsize j = 0; j < n; j++)
        if (j >= train)
          add_pair (&pairs[j < train + valid ? RF_PART_VALID : RF_PART_TEST], u, items[j]);
        else if (max_train == 0 || j < max_train)
          add_pair (&pairs[RF_PART_TRAIN], u, items[j]);
    }
  return split_new (n_users, n_items, pairs);
}

RfSplit *
rf_split_ref (RfSplit *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
rf_split_unref (RfSplit *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (int p = 0; p < 3; p++)
    rf_csr_free (self->part[p]);
  g_free (self->hash);
  g_free (self);
}
