/* rf-split.h: which interactions train the model, choose it and judge it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/catalog/rf-catalog.h"

G_BEGIN_DECLS

typedef enum
{
  RF_PART_TRAIN,
  RF_PART_VALID,
  RF_PART_TEST,
} RfPart;

typedef struct
{
  gatomicrefcount ref_count;
  RfCsr *part[3]; /* users x items, by RfPart; disjoint */
  char *hash;     /* SHA-256 of the three parts, as hex */
} RfSplit;

/* MMRec's rule (conventions.md of the field: "RS [.8,.1,.1] by user"): inside each user a shuffle; with n distinct items:
 * n < 3 all train; n < 10: 1 valid + 1 test; else floor (.2 n) held out, half of it (rounded down) valid, the rest test.
 * max_train > 0 keeps only that many training items of each user (chosen by the same shuffle; the rest is left out). */
RfSplit *rf_split_new_random (const RfCatalog *catalog, guint64 seed, guint max_train) G_GNUC_WARN_UNUSED_RESULT;
RfSplit *rf_split_ref (RfSplit *self);
void rf_split_unref (RfSplit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSplit, rf_split_unref)

G_END_DECLS
