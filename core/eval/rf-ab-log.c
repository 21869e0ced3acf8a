/* rf-ab-log.c: what users did under each arm. Declared in rf-ab.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/catalog/rf-csv.h"
#include "core/eval/rf-ab.h"

enum
{
  USER,
  ARM,
  FIRST_NUMBER, /* impressions, clicks, conversions, value, pre */
  BEFORE = FIRST_NUMBER + 4,
  N_COLUMNS,
};

static const char *const columns[N_COLUMNS] = { "user_id", "arm", "impressions", "clicks", "conversions", "value", "pre" };

static RfAbLog *
log_new (void)
{
  RfAbLog *self = g_new0 (RfAbLog, 1);

  self->arms = g_ptr_array_new_with_free_func (g_free);
  self->users = g_array_new (FALSE, TRUE, sizeof (RfAbUser));
  return self;
}

RfAbLog *
rf_ab_log_new (guint n_arms)
{
  RfAbLog *self = log_new ();

  for (guint i = 0; i < n_arms; i++)
    g_ptr_array_add (self->arms, g_strdup_printf ("%c", 'A' + (int) i));
  return self;
}

void
rf_ab_log_free (RfAbLog *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->arms);
  g_array_unref (self->users);
  g_free (self);
}

gboolean
rf_ab_log_set_control (RfAbLog *self, const char *name, GError **error)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (self->arms, name, g_str_equal, &at))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no arm “%s” in this log."), name);
      return FALSE;
    }
  for (guint u = 0; u < self->users->len; u++)
    {
      RfAbUser *user = &g_array_index (self->users, RfAbUser, u);

      user->arm = user->arm == at ? 0 : user->arm == 0 ? at : user->arm;
    }
  {
    gpointer held = self->arms->pdata[0];

    self->arms->pdata[0] = self->arms->pdata[at];
    self->arms->pdata[at] = held;
  }
  return TRUE;
}

typedef struct
{
  const char *path;
  RfCsvReader reader;
  int column[N_COLUMNS]; /* which field, -1: none */
  RfAbLog *log;
  GHashTable *index_of; /* user id -> index + 1 */
} Reading;

static char *
dup_field (const Reading *r, int column)
{
  const RfCsvField *field;

  if (r->column[column] < 0 || (guint) r->column[column] >= r->reader.n_fields)
    return g_strdup ("");
  field = &r->reader.fields[r->column[column]];
  return g_strstrip (g_strndup (field->text, field->length));
}

static gboolean
read_header (Reading *r, GError **error)
{
  const char *missing = NULL;

  for (int c = 0; c < N_COLUMNS; c++)
    r->column[c] = -1;
  if (!rf_csv_reader_next (&r->reader))
    missing = columns[USER];
  else
    for (guint f = 0; f < r->reader.n_fields; f++)
      {
        const char *text = r->reader.fields[f].text;
        gsize length = r->reader.fields[f].length;

        if (f == 0 && length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
          {
            text += 3;
            length -= 3;
          }
        for (int c = 0; c < N_COLUMNS; c++)
          if (strlen (columns[c]) == length && g_ascii_strncasecmp (text, columns[c], length) == 0)
            r->column[c] = (int) f;
      }
  for (int c = 0; c < BEFORE && missing == NULL; c++)
    if (r->column[c] < 0)
      missing = columns[c];
  if (missing)
    g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s: the first line names no column “%s”; an A/B log has user_id,arm,impressions,clicks,conversions,value and perhaps pre."), r->path, missing);
  return missing == NULL;
}

static gboolean
read_numbers (const Reading *r, double *out, GError **error)
{
  for (int c = FIRST_NUMBER; c < N_COLUMNS; c++)
    {
      g_autofree char *text = dup_field (r, c);
      char *end;

      out[c] = g_ascii_strtod (text, &end);
      if (c == BEFORE && text[0] == '\0')
        out[c] = NAN;
      else if (text[0] == '\0' || *end != '\0' || !isfinite (out[c]) || (c < FIRST_NUMBER + 3 && out[c] < 0))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s, line %" PRIu64 ": “%s” is no %s; write a number."), r->path, r->reader.line, text, columns[c]);
          return FALSE;
        }
    }
  return TRUE;
}

static guint
find_arm (RfAbLog *log, const char *name)
{
  guint at;

  if (g_ptr_array_find_with_equal_func (log->arms, name, g_str_equal, &at))
    return at;
  g_ptr_array_add (log->arms, g_strdup (name));
  return log->arms->len - 1;
}

static gboolean
read_record (Reading *r, GError **error)
{
  g_autofree char *id = dup_field (r, USER), *arm = dup_field (r, ARM);
  double number[N_COLUMNS];
  RfAbUser *user;
  guint at, which;

  if (id[0] == '\0' || arm[0] == '\0' || !g_utf8_validate (arm, -1, NULL))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("%s, line %" PRIu64 ": user_id or arm is empty or not text."), r->path, r->reader.line);
      return FALSE;
    }
  if (!read_numbers (r, number, error))
    return FALSE;
  which = find_arm (r->log, arm);
  r->log->records++;
  at = GPOINTER_TO_UINT (g_hash_table_lookup (r->index_of, id));
  if (at == 0)
    {
      RfAbUser fresh = { .arm = which, .before = NAN };

      g_array_append_val (r->log->users, fresh);
      at = r->log->users->len;
      g_hash_table_insert (r->index_of, g_steal_pointer (&id), GUINT_TO_POINTER (at));
    }
  user = &g_array_index (r->log->users, RfAbUser, at - 1);
  if (user->arm != which)
    user->arm = G_MAXUINT; /* in two arms */
  user->impressions += number[FIRST_NUMBER];
  user->clicks += number[FIRST_NUMBER + 1];
  user->conversions += number[FIRST_NUMBER + 2];
  user->value += number[FIRST_NUMBER + 3];
  if (!isnan (number[BEFORE]))
    user->before = number[BEFORE]; /* about the time before: the same in every record of a user */
  return TRUE;
}

static void
drop_crossed (RfAbLog *log)
{
  guint kept = 0;

  for (guint u = 0; u < log->users->len; u++)
    {
      RfAbUser user = g_array_index (log->users, RfAbUser, u);

      if (user.arm != G_MAXUINT)
        g_array_index (log->users, RfAbUser, kept++) = user;
    }
  log->crossed = log->users->len - kept;
  g_array_set_size (log->users, kept);
}

RfAbLog *
rf_ab_log_read (const char *path, GError **error)
{
  static const RfCsvDialect comma = { ',', '"', '\n', NULL };
  g_autofree char *data = NULL;
  g_autoptr(RfAbLog) log = log_new ();
  Reading r = { .path = path, .log = log };
  RfCsvDialect dialect = comma;
  gboolean ok;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, error))
    return NULL;
  dialect.record_end = rf_csv_find_record_end (data, size);
  rf_csv_reader_init (&r.reader, data, size, &dialect);
  r.index_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ok = read_header (&r, error);
  while (ok && rf_csv_reader_next (&r.reader))
    ok = read_record (&r, error);
  g_hash_table_unref (r.index_of);
  rf_csv_reader_clear (&r.reader);
  if (!ok)
    return NULL;
  drop_crossed (log);
  if (log->arms->len < 2)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("%s: a test needs at least two arms, and this log has %u."), path, log->arms->len);
      return NULL;
    }
  return g_steal_pointer (&log);
}
