/* rf-interaction-reader.c: reading the pieces; joining and judging them: rf-interaction-checks.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-interaction-reader.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/catalog/rf-import-report-private.h"
#include "core/catalog/rf-import-values.h"
#include "core/catalog/rf-interaction-reader-private.h"

#define PIECE_BYTES (1 << 20) /* smaller texts are not cut */
#define LOOK_EVERY  65536
#define QUEUE       24
#define LOOK_ROWS   200
#define MAX_ID      512
#define DAY         86400

/* One piece of a file and what was read from it. */
typedef struct
{
  const char *text;
  gsize size;
  gboolean has_header;
  RfIdMap users, items, events; /* of this piece; items only when they are not known */
  RfInteractionArrays x;
  GArray *places;
  RfImportReport *report;
  guint64 n_lines, n_rows;
} Piece;

typedef struct
{
  const RfInteractionReader *reader;
  const RfInteractionFile *file;
  RfInteractionColumns columns;
  RfValueState usual_rating, usual_time; /* not told row by row */
  const RfIdMap *known_items;            /* NULL: not known */
  gint64 now;
  Piece *pieces;
  guint n_pieces;
  RfProgress *progress;
} Job;

/* A record waits in a short queue while the cache lines of its ids are fetched: the maps of 100,000 users do not fit into the
 * nearest cache, and one look-up after the other would wait for memory each time. */
enum
{
  USER,
  ITEM,
  RATING,
  TIMESTAMP,
  PART,
  EVENT,
  N_ROLES
};

typedef struct
{
  RfCsvField field[N_ROLES];
  guint64 line, row;
  guint n_fields;
  gboolean bad_quote;
} Record;

static inline RfCsvField
field (const RfCsvReader *r, int column)
{
  const RfCsvField nothing = { "", 0 };
  RfCsvField f = column >= 0 && (guint) column < r->n_fields ? r->fields[column] : nothing;

  while (f.length > 0 && g_ascii_isspace (f.text[0]))
    {
      f.text++;
      f.length--;
    }
  while (f.length > 0 && g_ascii_isspace (f.text[f.length - 1]))
    f.length--;
  return f;
}

/* Whole numbers and short decimals at once; everything else by the careful way. */
static inline RfValueState
parse_rating (RfCsvField f, float *value)
{
  static const double tenths[] = { 1, 0.1, 0.01, 0.001, 0.0001 };
  guint32 number = 0, digits = 0, decimals = 0;
  gboolean point = FALSE;

  if (G_LIKELY (f.length > 0 && f.length <= 6))
    for (gsize i = 0; i < f.length; i++)
      {
        if (f.text[i] == '.' && !point)
          point = TRUE;
        else if (g_ascii_isdigit (f.text[i]))
          {
            number = number * 10 + (guint32) (f.text[i] - '0');
            digits++;
            decimals += point;
          }
        else
          return rf_import_parse_rating (f.text, f.length, value);
      }
  if (digits == 0 || decimals >= G_N_ELEMENTS (tenths))
    return rf_import_parse_rating (f.text, f.length, value);
  *value = (float) (number * tenths[decimals]);
  return RF_VALUE_FINE;
}

static inline RfValueState
parse_time (RfCsvField f, gint64 now, gint64 *value)
{
  gint64 seconds = 0;

  if (G_LIKELY (f.length > 0 && f.length <= 10))
    {
      gsize i = 0;

      while (i < f.length && g_ascii_isdigit (f.text[i]))
        seconds = seconds * 10 + (f.text[i++] - '0');
      if (i == f.length && seconds <= now + DAY)
        {
          *value = seconds;
          return RF_VALUE_FINE;
        }
    }
  return rf_import_parse_timestamp (f.text, f.length, now, value);
}

#define TELL(p, r, kind, action, ...) \
  rf_import_report_add ((p)->report, "", (r)->line, (r)->row, kind, action, __VA_ARGS__)

static void
tell_rating (Piece *p, const Record *r, RfValueState state, RfCsvField f)
{
  int shown = (int) MIN (f.length, 40);

  if (state == RF_VALUE_EMPTY)
    TELL (p, r, "rating-missing", RF_IMPORT_KEPT, _("The row has no rating; it counts as an interaction without one."));
  else if (state == RF_VALUE_DECIMAL_COMMA)
    TELL (p, r, "rating-decimal-comma", RF_IMPORT_REPAIRED, _("The rating “%.*s” was read with a decimal comma."), shown, f.text);
  else if (state == RF_VALUE_NAN)
    TELL (p, r, "rating-nan", RF_IMPORT_REPAIRED, _("The rating is “%.*s”; it was taken out and the interaction kept."), shown, f.text);
  else
    TELL (p, r, "rating-not-a-number", RF_IMPORT_REPAIRED, _("The rating “%.*s” is not a number; it was taken out and the interaction kept."), shown, f.text);
}

static void
tell_time (Piece *p, const Record *r, RfValueState state, RfCsvField f)
{
  int shown = (int) MIN (f.length, 40);

  if (state == RF_VALUE_EMPTY)
    TELL (p, r, "timestamp-missing", RF_IMPORT_KEPT, _("The row has no time."));
  else if (state == RF_VALUE_MILLISECONDS)
    TELL (p, r, "timestamp-milliseconds", RF_IMPORT_REPAIRED, _("The time “%.*s” is in milliseconds; it was converted."), shown, f.text);
  else if (state == RF_VALUE_ISO)
    TELL (p, r, "timestamp-iso", RF_IMPORT_REPAIRED, _("The time “%.*s” was converted to seconds."), shown, f.text);
  else if (state == RF_VALUE_NEGATIVE)
    TELL (p, r, "timestamp-negative", RF_IMPORT_REPAIRED, _("The time “%.*s” is negative; it was taken out and the interaction kept."), shown, f.text);
  else if (state == RF_VALUE_FUTURE)
    TELL (p, r, "timestamp-future", RF_IMPORT_REPAIRED, _("The time “%.*s” lies in the future; it was taken out and the interaction kept."), shown, f.text);
  else
    TELL (p, r, "timestamp-not-a-time", RF_IMPORT_REPAIRED, _("“%.*s” is no time; it was taken out and the interaction kept."), shown, f.text);
}

static guint8
read_part (Piece *p, const Record *r, const Job *job)
{
  static const char *const names[] = { "0", "train", "1", "valid", "validation", "val", "2", "test" };
  static const guint8 parts[] = { 0, 0, 1, 1, 1, 1, 2, 2 };
  RfCsvField f = r->field[PART];

  if (job->columns.part < 0)
    return (guint8) MAX (job->file->part, 0);
  for (gsize k = 0; k < G_N_ELEMENTS (names); k++)
    if (strlen (names[k]) == f.length && g_ascii_strncasecmp (names[k], f.text, f.length) == 0)
      return parts[k];
  TELL (p, r, "unknown-part", RF_IMPORT_REPAIRED, _("“%.*s” is no part of a split (0, 1, 2 or train, valid, test); the interaction is for training."), (int) MIN (f.length, 40), f.text);
  return 0;
}

/* FALSE: the record is told and dropped. */
static gboolean
find_pair (Piece *p, const Record *r, const Job *job, guint32 *user, guint32 *item)
{
  RfCsvField u = r->field[USER], i = r->field[ITEM];

  if (u.length == 0 || i.length == 0)
    {
      TELL (p, r, u.length == 0 ? "empty-user" : "empty-id", RF_IMPORT_DROPPED, u.length == 0 ? _("The row has no user id.") : _("The row has no item id."));
      return FALSE;
    }
  if (u.length > MAX_ID || i.length > MAX_ID)
    {
      TELL (p, r, "long-id", RF_IMPORT_DROPPED, _("An id of the row is longer than %d bytes."), MAX_ID);
      return FALSE;
    }
  *item = job->known_items ? rf_id_map_find (job->known_items, i.text, i.length) : rf_id_map_ensure (&p->items, i.text, i.length);
  if (*item == RF_NO_INDEX)
    {
      TELL (p, r, "unknown-item", RF_IMPORT_DROPPED, _("The item “%.*s” is not among the items."), (int) i.length, i.text);
      return FALSE;
    }
  *user = rf_id_map_ensure (&p->users, u.text, u.length);
  return TRUE;
}

static void
check_row (Piece *p, const Record *r, const Job *job)
{
  guint wanted = job->file->n_columns;

  if (wanted > 0 && r->n_fields < wanted)
    TELL (p, r, "short-row", RF_IMPORT_KEPT, _("The row has %u fields instead of %u; the missing ones count as empty."), r->n_fields, wanted);
  else if (wanted > 0 && r->n_fields > wanted)
    TELL (p, r, "long-row", RF_IMPORT_REPAIRED, _("The row has %u fields instead of %u; those beyond were left out."), r->n_fields, wanted);
  if (r->bad_quote)
    TELL (p, r, "bad-quote", RF_IMPORT_REPAIRED, _("A quotation mark is never closed; it was read as a letter."));
}

/* A new entry only where lines or rows do not just go up by one. */
static inline void
add_place (Piece *p, const Record *r)
{
  guint64 row = r->row;
  RfPlace *last = p->places->len > 0 ? &g_array_index (p->places, RfPlace, p->places->len - 1) : NULL;
  RfPlace place = { p->x.n, r->line, row, 0 };

  if (last == NULL || last->line + (p->x.n - last->index) != r->line || last->row + (p->x.n - last->index) != row)
    g_array_append_val (p->places, place);
}

static void
read_record (Piece *p, const Record *r, const Job *job)
{
  RfInteractionArrays *x = &p->x;
  float rating = NAN;
  gint64 time = RF_NO_TIMESTAMP;
  guint32 user, item;

  if (G_UNLIKELY (r->n_fields != job->file->n_columns || r->bad_quote))
    check_row (p, r, job);
  if (!find_pair (p, r, job, &user, &item))
    return;
  if (job->columns.rating >= 0)
    {
      RfCsvField f = r->field[RATING];
      RfValueState state = parse_rating (f, &rating);

      if (G_UNLIKELY (state != RF_VALUE_FINE) && state != job->usual_rating)
        tell_rating (p, r, state, f);
    }
  if (job->columns.timestamp >= 0)
    {
      RfCsvField f = r->field[TIMESTAMP];
      RfValueState state = parse_time (f, job->now, &time);

      if (G_UNLIKELY (state != RF_VALUE_FINE) && state != job->usual_time)
        tell_time (p, r, state, f);
    }
  rf_interaction_arrays_reserve (x, 1);
  add_place (p, r);
  x->user[x->n] = user;
  x->item[x->n] = item;
  x->rating[x->n] = rating;
  x->timestamp[x->n] = time;
  if (x->part != NULL)
    x->part[x->n] = read_part (p, r, job);
  if (x->event != NULL)
    {
      RfCsvField f = r->field[EVENT];

      x->event[x->n] = (guint8) MIN (rf_id_map_ensure (&p->events, f.text, f.length), 254);
    }
  x->n++;
}

static inline void
take_record (const RfCsvReader *r, const Piece *p, const Job *job, Record *record)
{
  const RfInteractionColumns *c = &job->columns;

  record->field[USER] = field (r, c->user);
  record->field[ITEM] = field (r, c->item);
  record->field[RATING] = field (r, c->rating);
  record->field[TIMESTAMP] = field (r, c->timestamp);
  record->field[PART] = field (r, c->part);
  record->field[EVENT] = field (r, c->event);
  record->line = r->line;
  record->row = r->row - p->has_header;
  record->n_fields = r->n_fields;
  record->bad_quote = r->bad_quote;
  rf_id_map_prefetch (&p->users, record->field[USER].text, record->field[USER].length);
  rf_id_map_prefetch (job->known_items ? job->known_items : &p->items, record->field[ITEM].text, record->field[ITEM].length);
}

static void
read_piece (Job *job, Piece *p, gboolean first)
{
  Record queue[QUEUE];
  guint n = 0;
  RfCsvReader r;
  gboolean more = TRUE;

  rf_csv_reader_init (&r, p->text, p->size, &job->file->dialect);
  if (p->has_header)
    rf_csv_reader_next (&r);
  while (more)
    {
      more = rf_csv_reader_next (&r);
      if (more)
        take_record (&r, p, job, &queue[n++]);
      /* A copied field lives until the next record is read. */
      if (n == QUEUE || !more || r.has_copies)
        {
          for (guint k = 0; k < n; k++)
            read_record (p, &queue[k], job);
          n = 0;
        }
      if (r.row % LOOK_EVERY != 0)
        continue;
      if (rf_progress_is_cancelled (job->progress))
        break;
      if (first)
        rf_progress_step (job->progress, _("Reading interactions"), (double) (r.at - p->text) / (double) p->size, NULL);
    }
  p->n_lines = r.next_line - 1;
  p->n_rows = r.row;
  rf_csv_reader_clear (&r);
}

static void
read_pieces (size_t begin, size_t end, int worker, void *data)
{
  Job *job = data;

  for (size_t k = begin; k < end; k++)
    read_piece (job, &job->pieces[k], k == 0);
}

static void
piece_init (Piece *p, const char *text, gsize size, const Job *job)
{
  memset (p, 0, sizeof *p);
  p->text = text;
  p->size = size;
  rf_id_map_init (&p->users);
  rf_id_map_init (&p->items);
  rf_id_map_init (&p->events);
  p->places = g_array_new (FALSE, FALSE, sizeof (RfPlace));
  p->report = rf_import_report_new ();
  if (job->columns.part >= 0 || job->file->part >= 0)
    p->x.part = g_new (guint8, 1);
  if (job->columns.event >= 0)
    p->x.event = g_new (guint8, 1);
}

static void
piece_clear (Piece *p)
{
  rf_id_map_clear (&p->users);
  rf_id_map_clear (&p->items);
  rf_id_map_clear (&p->events);
  rf_interaction_arrays_clear (&p->x);
  g_array_unref (p->places);
  rf_import_report_free (p->report);
}

/* Records may be found by their ends alone when no quotation mark can hide one. */
static void
cut (Job *job)
{
  const RfInteractionFile *file = job->file;
  gboolean whole = file->size < PIECE_BYTES || (file->dialect.quote != 0 && file->dialect.long_separator == NULL && memchr (file->text, file->dialect.quote, file->size) != NULL);
  guint n = whole ? 1 : (guint) rf_parallel_get_threads ();
  gsize from = 0;

  job->pieces = g_new (Piece, n);
  for (guint k = 0; k < n && from < file->size; k++)
    {
      gsize to = k + 1 == n ? file->size : MAX (from, file->size / n * (k + 1));
      const char *end = to < file->size ? memchr (file->text + to, file->dialect.record_end, file->size - to) : NULL;

      to = end != NULL ? (gsize) (end - file->text) + 1 : file->size;
      piece_init (&job->pieces[job->n_pieces++], file->text + from, to - from, job);
      from = to;
    }
  if (job->n_pieces > 0)
    job->pieces[0].has_header = file->has_header;
}

/* The state that more than half of the first records of a column have. */
static void
find_usual (Job *job, RfImportReport *report)
{
  guint rating[RF_VALUE_N_STATES] = { 0 }, time[RF_VALUE_N_STATES] = { 0 }, n = 0;
  RfCsvReader r;

  rf_csv_reader_init (&r, job->file->text, job->file->size, &job->file->dialect);
  if (job->file->has_header)
    rf_csv_reader_next (&r);
  for (; n < LOOK_ROWS && rf_csv_reader_next (&r); n++)
    {
      float value;
      gint64 seconds;

      rating[parse_rating (field (&r, job->columns.rating), &value)]++;
      time[parse_time (field (&r, job->columns.timestamp), job->now, &seconds)]++;
    }
  rf_csv_reader_clear (&r);
  for (guint s = 0; n >= 20 && s < RF_VALUE_N_STATES; s++)
    {
      if (rating[s] * 2 > n)
        job->usual_rating = s;
      if (time[s] * 2 > n)
        job->usual_time = s;
    }
  if (job->columns.rating >= 0 && job->usual_rating != RF_VALUE_FINE)
    rf_import_report_add (report, job->file->name, 0, 0, "rating-column", RF_IMPORT_REPAIRED,
                          job->usual_rating == RF_VALUE_DECIMAL_COMMA ? _("The ratings have decimal commas; they were read so.")
                                                                      : _("Most rows have no rating that is a number; their interactions count without one."));
  if (job->columns.timestamp >= 0 && job->usual_time != RF_VALUE_FINE)
    rf_import_report_add (report, job->file->name, 0, 0, "timestamp-column", RF_IMPORT_REPAIRED,
                          job->usual_time == RF_VALUE_MILLISECONDS ? _("The times are in milliseconds; they were converted.")
                          : job->usual_time == RF_VALUE_ISO        ? _("The times are dates; they were converted to seconds.")
                                                                   : _("Most rows have no usable time; their interactions count without one."));
}

gboolean
rf_interaction_reader_add (RfInteractionReader *self, const RfInteractionFile *file, const RfInteractionColumns *columns,
                           RfProgress *progress, GError **error)
{
  Job job = { .reader = self, .file = file, .columns = *columns, .progress = progress };
  guint64 lines = 0, rows = 0;
  gboolean ok;

  job.now = g_get_real_time () / G_USEC_PER_SEC;
  job.known_items = self->items_known ? rf_catalog_builder_get_items (self->builder) : NULL;
  find_usual (&job, self->report);
  cut (&job);
  rf_parallel_for (job.n_pieces, 1, read_pieces, &job);
  ok = rf_progress_step (progress, _("Reading interactions"), 1, error);
  for (guint k = 0; k < job.n_pieces; k++)
    {
      Piece *p = &job.pieces[k];
      RfInteractionPiece joined = { &p->users, &p->items, &p->events, &p->x, p->places, p->report, lines, rows };

      if (ok)
        rf_interaction_reader_join (self, file->name, &joined);
      lines += p->n_lines;
      rows += p->n_rows - p->has_header;
      piece_clear (p);
    }
  g_free (job.pieces);
  self->has_ratings |= columns->rating >= 0;
  return ok;
}
