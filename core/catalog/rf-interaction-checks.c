/* rf-interaction-checks.c: joins the pieces of the interactions; then looks for ratings off the scale and for duplicates.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/catalog/rf-import-report-private.h"
#include "core/catalog/rf-import-values.h"
#include "core/catalog/rf-interaction-reader-private.h"

#define AHEAD         32 /* records whose memory is asked for in advance */
#define MAX_LOOK_BACK 64 /* earlier records of the same pair that are compared */

enum
{
  NEW,
  DUPLICATE,
  REPEATED,
};

RfInteractionReader *
rf_interaction_reader_new (RfCatalogBuilder *builder, gboolean items_known, RfImportReport *report)
{
  RfInteractionReader *self = g_new0 (RfInteractionReader, 1);

  self->builder = builder;
  self->items_known = items_known;
  self->report = report;
  self->places = g_array_new (FALSE, FALSE, sizeof (RfPlace));
  self->files = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
rf_interaction_reader_free (RfInteractionReader *self)
{
  if (self == NULL)
    return;
  rf_interaction_arrays_clear (&self->x);
  g_array_unref (self->places);
  g_ptr_array_unref (self->files);
  g_free (self);
}

static void
join_report (RfInteractionReader *self, const char *file, const RfInteractionPiece *piece)
{
  for (gsize k = 0; k < rf_import_report_get_n (piece->report); k++)
    {
      const RfProblem *problem = rf_import_report_get (piece->report, k);

      rf_import_report_add (self->report, file, problem->line + piece->lines_before, problem->row + piece->rows_before, problem->kind, problem->action, "%s", problem->message);
    }
  for (guint k = 0; k < rf_import_report_get_n_kinds (piece->report); k++)
    {
      gsize count, kept = 0;
      const char *kind = rf_import_report_get_kind (piece->report, k, &count);

      if (count <= RF_PROBLEMS_KEPT)
        continue;
      kept = RF_PROBLEMS_KEPT;
      rf_import_report_add_count (self->report, kind, count - kept);
    }
}

static void
join_bytes (guint8 **all, gsize room, gsize n_before, const guint8 *more, gsize n, const guint8 *names)
{
  if (*all == NULL && more == NULL)
    return;
  if (*all == NULL)
    *all = g_new0 (guint8, room);
  for (gsize k = 0; k < n; k++)
    (*all)[n_before + k] = more == NULL ? 0 : names != NULL ? names[more[k]] : more[k];
}

void
rf_interaction_reader_join (RfInteractionReader *self, const char *file, const RfInteractionPiece *piece)
{
  g_autofree guint32 *users = g_new (guint32, piece->users->n_ids + 1), *items = NULL;
  RfInteractionArrays *x = &self->x;
  const RfInteractionArrays *more = piece->x;
  guint8 events[256] = { 0 };

  join_report (self, file, piece);
  for (guint32 u = 0; u < piece->users->n_ids; u++)
    {
      const char *id = rf_id_map_get (piece->users, u);

      users[u] = rf_catalog_builder_ensure_user_n (self->builder, id, strlen (id));
    }
  if (!self->items_known)
    items = g_new (guint32, piece->items->n_ids + 1);
  for (guint32 i = 0; items != NULL && i < piece->items->n_ids; i++)
    {
      const char *id = rf_id_map_get (piece->items, i);

      items[i] = rf_catalog_builder_ensure_item_n (self->builder, id, strlen (id));
    }
  for (guint32 e = 0; e < MIN (piece->events->n_ids, 255); e++)
    events[e] = rf_catalog_builder_ensure_event (self->builder, rf_id_map_get (piece->events, e));
  if (self->files->len == 0 || strcmp (g_ptr_array_index (self->files, self->files->len - 1), file) != 0)
    g_ptr_array_add (self->files, g_strdup (file));
  for (guint k = 0; k < piece->places->len; k++)
    {
      RfPlace place = g_array_index (piece->places, RfPlace, k);

      place.index += x->n;
      place.line += piece->lines_before;
      place.row += piece->rows_before;
      place.file = self->files->len - 1;
      g_array_append_val (self->places, place);
    }
  rf_interaction_arrays_reserve (x, more->n);
  for (gsize k = 0; k < more->n; k++)
    {
      x->user[x->n + k] = users[more->user[k]];
      x->item[x->n + k] = items != NULL ? items[more->item[k]] : more->item[k];
    }
  if (more->n > 0)
    {
      memcpy (x->rating + x->n, more->rating, more->n * sizeof *x->rating);
      memcpy (x->timestamp + x->n, more->timestamp, more->n * sizeof *x->timestamp);
    }
  join_bytes (&x->part, x->room, x->n, more->part, more->n, NULL);
  join_bytes (&x->event, x->room, x->n, more->event, more->n, events);
  x->n += more->n;
}

/* The place of record k; *cursor walks along, for calls with growing k. */
static RfPlace
place_of (const RfInteractionReader *self, gsize k, guint *cursor)
{
  RfPlace place;

  while (*cursor + 1 < self->places->len && g_array_index (self->places, RfPlace, *cursor + 1).index <= k)
    ++*cursor;
  place = g_array_index (self->places, RfPlace, *cursor);
  place.line += k - place.index;
  place.row += k - place.index;
  return place;
}

/* 99 stars of 5: taken out. */
static void
check_scale (RfInteractionReader *self)
{
  RfInteractionArrays *x = &self->x;
  double scale = rf_import_guess_scale (x->rating, x->n);
  guint cursor = 0;

  for (gsize k = 0; k < x->n; k++)
    if ((double) x->rating[k] > scale || (isfinite (scale) && x->rating[k] < 0))
      {
        RfPlace place = place_of (self, k, &cursor);
        char value[G_ASCII_DTOSTR_BUF_SIZE];

        rf_import_report_add (self->report, g_ptr_array_index (self->files, place.file), place.line, place.row, "rating-out-of-range", RF_IMPORT_REPAIRED,
                              _("The rating %s is outside 0 … %g; it was taken out and the interaction kept."),
                              g_ascii_formatd (value, sizeof value, "%g", (double) x->rating[k]), scale);
        x->rating[k] = NAN;
      }
}

/* order: the records by user, each user's in their old order. */
static void
sort_by_user (const RfInteractionArrays *x, guint32 n_users, guint32 *order)
{
  g_autofree gsize *next = g_new0 (gsize, (gsize) n_users + 1);

  for (gsize k = 0; k < x->n; k++)
    next[x->user[k] + 1]++;
  for (guint32 u = 0; u < n_users; u++)
    next[u + 1] += next[u];
  for (gsize k = 0; k < x->n; k++)
    {
      if (k + AHEAD < x->n)
        __builtin_prefetch (&next[x->user[k + AHEAD]], 1);
      order[next[x->user[k]]++] = (guint32) k;
    }
}

static gboolean
same_record (const RfInteractionArrays *x, gsize a, gsize b)
{
  return x->timestamp[a] == x->timestamp[b] && (x->rating[a] == x->rating[b] || (isnan (x->rating[a]) && isnan (x->rating[b]))) &&
         (x->event == NULL || x->event[a] == x->event[b]);
}

/* Is record k like one of the earlier ones of its pair? before[k]: the one before it, plus 1. */
static guint8
judge (const RfInteractionArrays *x, const guint32 *before, gsize k)
{
  gsize other = before[k];

  for (int n = 0; other != 0 && n < MAX_LOOK_BACK; n++, other = before[other - 1])
    if (same_record (x, k, other - 1))
      return DUPLICATE;
  return REPEATED;
}

/* By user, so that one stamp per item tells whether this user had it: two passes over memory in place of a hash table of pairs. */
static guint8 *
find_repeats (RfInteractionReader *self)
{
  const RfInteractionArrays *x = &self->x;
  guint32 n_users = rf_catalog_builder_get_users (self->builder)->n_ids, n_items = rf_catalog_builder_get_n_items (self->builder);
  g_autofree guint32 *order = g_new (guint32, x->n + 1), *last = g_new0 (guint32, (gsize) n_items + 1), *before = NULL;
  guint8 *state = NULL;

  sort_by_user (x, n_users, order);
  for (gsize t = 0; t < x->n; t++)
    {
      gsize k = order[t];
      guint32 seen = last[x->item[k]];

      if (t + AHEAD < x->n)
        __builtin_prefetch (&x->item[order[t + AHEAD]]);
      last[x->item[k]] = (guint32) k + 1;
      if (seen == 0 || x->user[seen - 1] != x->user[k])
        continue;
      if (state == NULL)
        {
          state = g_new0 (guint8, x->n);
          before = g_new0 (guint32, x->n);
        }
      before[k] = seen;
      state[k] = judge (x, before, k);
    }
  return state;
}

static void
copy_record (RfInteractionArrays *x, gsize to, gsize from)
{
  x->user[to] = x->user[from];
  x->item[to] = x->item[from];
  x->rating[to] = x->rating[from];
  x->timestamp[to] = x->timestamp[from];
  if (x->part != NULL)
    x->part[to] = x->part[from];
  if (x->event != NULL)
    x->event[to] = x->event[from];
}

/* Drops duplicates. A pair with another rating is told: in a table of events it is none, it happens again. */
static void
drop_duplicates (RfInteractionReader *self)
{
  g_autofree guint8 *state = find_repeats (self);
  RfInteractionArrays *x = &self->x;
  gsize kept = 0;
  guint cursor = 0;

  if (state == NULL)
    return;
  for (gsize k = 0; k < x->n; k++)
    {
      RfPlace place;

      if (state[k] == DUPLICATE || (state[k] == REPEATED && self->has_ratings))
        {
          place = place_of (self, k, &cursor);
          if (state[k] == DUPLICATE)
            rf_import_report_add (self->report, g_ptr_array_index (self->files, place.file), place.line, place.row, "duplicate-interaction", RF_IMPORT_DROPPED,
                                  _("The same interaction stands above already."));
          else
            rf_import_report_add (self->report, g_ptr_array_index (self->files, place.file), place.line, place.row, "repeated-interaction", RF_IMPORT_KEPT,
                                  _("The user has this item above already, with another rating or time; for training it counts once."));
        }
      if (state[k] != DUPLICATE)
        copy_record (x, kept++, k);
    }
  x->n = kept;
}

void
rf_interaction_reader_finish (RfInteractionReader *self)
{
  check_scale (self);
  drop_duplicates (self);
  rf_catalog_builder_take_interactions (self->builder, &self->x);
}
