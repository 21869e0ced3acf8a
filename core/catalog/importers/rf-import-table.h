/* rf-import-table.h: a table of separated values whose columns play roles; items and interactions out of it. What the importers of
 * tabular formats share. Private to core/catalog.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/catalog/rf-catalog-private.h"
#include "core/catalog/rf-csv.h"
#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-interaction-reader.h"
#include "core/catalog/rf-text-file.h"

G_BEGIN_DECLS

/* A role with the column names that play it, all lower case and without separators, '|' between them, the usual one first. */
typedef struct
{
  const char *role;
  const char *names;
} RfImportRole;

enum
{
  RF_ITEM_ID,
  RF_ITEM_TITLE,
  RF_ITEM_DESCRIPTION,
  RF_ITEM_CATEGORY,
  RF_ITEM_IMAGE,
  RF_N_ITEM_ROLES
};

enum
{
  RF_INTERACTION_USER,
  RF_INTERACTION_ITEM,
  RF_INTERACTION_RATING,
  RF_INTERACTION_TIMESTAMP,
  RF_INTERACTION_PART,
  RF_INTERACTION_EVENT,
  RF_N_INTERACTION_ROLES
};

extern const RfImportRole rf_item_roles[RF_N_ITEM_ROLES];
extern const RfImportRole rf_interaction_roles[RF_N_INTERACTION_ROLES];

typedef struct
{
  const RfImportContext *context;
  char *file; /* name relative to the source */
  RfTextFile text;
  RfCsvDialect dialect;
  RfCsvReader reader;
  gboolean has_header;
  int column[8]; /* of each role, -1: none */
  guint n_columns;
  GPtrArray *names; /* char *: the header's cells; NULL without one */
} RfImportTable;

/* Opens file (relative to the source). dialect NULL: guessed. With a header the columns are found by name (or by --map) and the
 * first n_required roles must be there; without one the caller sets column[]. */
gboolean rf_import_table_open (RfImportTable *self, const RfImportContext *context, const char *file, const RfCsvDialect *dialect, gboolean has_header, GError **error);
gboolean rf_import_table_find_roles (RfImportTable *self, const RfImportRole *roles, guint n_roles, guint n_required, GError **error);
/* How well a name plays a role: 0 it was mapped, 1 the usual name, 2, ... other names; G_MAXUINT: not at all. */
guint rf_import_rank_name (const char *name, gsize length, const RfImportRole *role, const RfImportOptions *options);
void rf_import_table_clear (RfImportTable *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RfImportTable, rf_import_table_clear)

/* FALSE: the end, or cancelled (error is set). */
gboolean rf_import_table_next (RfImportTable *self, GError **error);
/* The field that plays a role, without blanks around it; empty when there is none. */
RfCsvField rf_import_table_field (const RfImportTable *self, guint role);
guint64 rf_import_table_row (const RfImportTable *self);

/* All records, as items. Named columns without a role are kept as further columns of the items, at most 32; cells "name:float" of a
 * header are none, "name:token_seq" has values with blanks between. pictures: plain name -> path of a picture in the source (rf_import_list_pictures), or NULL. */
gboolean rf_import_table_read_items (RfImportTable *self, GHashTable *pictures, GError **error);
/* All records, as interactions of a part (-1: by column, or none). */
gboolean rf_import_table_read_interactions (RfImportTable *self, RfInteractionReader *reader, int part, GError **error);

/* Records of a user and a list of items (in one field or in many) as interactions. */
gboolean rf_import_read_item_lists (RfImportTable *self, RfInteractionReader *reader, GError **error);

/* An item from texts that may still be raw; what is wrong with it is told at file, line and row. images: see above. */
typedef struct
{
  RfCsvField id, text[RF_N_ITEM_ROLES]; /* by role; [RF_ITEM_ID] is not used */
  gboolean bare_id;                     /* the id had blanks around it */
  const char *file;
  guint64 line, row;
} RfImportItem;

/* Returns its index, or RF_NO_INDEX when it was dropped. */
guint32 rf_import_add_item (const RfImportContext *context, const RfImportItem *item, GHashTable *pictures);

/* A value of a further column of an item ("director"); several with '|' between. At most 32 columns are kept, and 1000 bytes. */
void rf_import_add_value (const RfImportContext *context, guint32 item, const char *column, const char *text, gsize length);

/* Name without ending -> path relative to the source, of the pictures in a folder of it. */
GHashTable *rf_import_list_pictures (const char *source, const char *folder) G_GNUC_WARN_UNUSED_RESULT;

/* The first file right in the source that matches a glob pattern ("*.inter"), by name; NULL if there is none. */
char *rf_import_find_file (const char *source, const char *pattern) G_GNUC_WARN_UNUSED_RESULT;
/* All of them, sorted. */
GPtrArray *rf_import_find_files (const char *source, const char *pattern) G_GNUC_WARN_UNUSED_RESULT;
/* An error: the source has no such file. Returns FALSE. */
gboolean rf_import_missing (const RfImportContext *context, const char *what, GError **error);
/* The first line of a file of the source, NULL if it cannot be read. */
char *rf_import_first_line (const char *source, const char *file) G_GNUC_WARN_UNUSED_RESULT;

/* Beside a matrix may stand a list of ids, STEM_ids.txt or STEM.ids, one a line: then its rows are these, in that order. Else:
 * every *_feat.npy and *.npy of the source whose rows are the items 0 .. n-1 (row_of_item gives an item's row, or is NULL: its index)
 * becomes a matrix: "trailer" from trailer_feat.npy. Rows of zeros are missing. Others are told and left out. */
void rf_import_read_matrices (const RfImportContext *context, const guint32 *row_of_item, gsize n_rows);

G_END_DECLS
