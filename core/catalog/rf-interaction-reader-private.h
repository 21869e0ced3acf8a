/* rf-interaction-reader-private.h: between the two files of the reader.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-interaction-reader.h"

G_BEGIN_DECLS

/* The records from `index` on stand in consecutive lines and rows, until the next place. */
typedef struct
{
  gsize index;
  guint64 line, row;
  guint32 file;
} RfPlace;

struct _RfInteractionReader
{
  RfCatalogBuilder *builder;
  gboolean items_known, has_ratings;
  RfImportReport *report;
  RfInteractionArrays x;
  GArray *places;   /* RfPlace */
  GPtrArray *files; /* char * */
};

/* What one piece of a file gave: indices of its own maps, lines and rows counted from its own start. */
typedef struct
{
  const RfIdMap *users, *items, *events;
  const RfInteractionArrays *x;
  const GArray *places;
  const RfImportReport *report;
  guint64 lines_before, rows_before;
} RfInteractionPiece;

void rf_interaction_reader_join (RfInteractionReader *self, const char *file, const RfInteractionPiece *piece);

G_END_DECLS
