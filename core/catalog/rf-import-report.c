/* rf-import-report.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalog/rf-import-report.h"

#include <string.h>

#include "core/catalog/rf-import-report-private.h"

struct _RfImportReport
{
  GMutex mutex;
  GStringChunk *strings;
  GArray *problems; /* RfProblem */
  GArray *kinds;    /* RfProblemKind, in order of first appearance */
  gsize count;
};

RfImportReport *
rf_import_report_new (void)
{
  RfImportReport *self = g_new0 (RfImportReport, 1);

  g_mutex_init (&self->mutex);
  self->strings = g_string_chunk_new (4096);
  self->problems = g_array_new (FALSE, FALSE, sizeof (RfProblem));
  self->kinds = g_array_new (FALSE, FALSE, sizeof (RfProblemKind));
  return self;
}

void
rf_import_report_free (RfImportReport *self)
{
  if (self == NULL)
    return;
  g_mutex_clear (&self->mutex);
  g_string_chunk_free (self->strings);
  g_array_unref (self->problems);
  g_array_unref (self->kinds);
  g_free (self);
}

static RfProblemKind *
find_kind (const RfImportReport *self, const char *kind)
{
  for (guint k = 0; k < self->kinds->len; k++)
    {
      RfProblemKind *entry = &g_array_index (self->kinds, RfProblemKind, k);

      if (strcmp (entry->kind, kind) == 0)
        return entry;
    }
  return NULL;
}

static RfProblemKind *
ensure_kind (RfImportReport *self, const char *kind)
{
  RfProblemKind *entry = find_kind (self, kind);
  RfProblemKind fresh = { g_string_chunk_insert_const (self->strings, kind), 0 };

  if (entry != NULL)
    return entry;
  g_array_append_val (self->kinds, fresh);
  return &g_array_index (self->kinds, RfProblemKind, self->kinds->len - 1);
}

static void
keep (RfImportReport *self, const char *file, guint64 line, guint64 row, const char *kind, RfImportAction action, const char *message)
{
  g_autofree char *mended_file = g_utf8_make_valid (file, -1);
  g_autofree char *mended = g_utf8_make_valid (message, -1);
  RfProblem problem = {
    .file = g_string_chunk_insert_const (self->strings, mended_file),
    .line = line,
    .row = row,
    .kind = kind,
    .message = g_string_chunk_insert (self->strings, mended),
    .action = action,
  };

  g_array_append_val (self->problems, problem);
}

void
rf_import_report_add (RfImportReport *self, const char *file, guint64 line, guint64 row, const char *kind,
                      RfImportAction action, const char *format, ...)
{
  RfProblemKind *entry;

  g_mutex_lock (&self->mutex);
  entry = ensure_kind (self, kind);
  self->count++;
  if (entry->count++ < RF_PROBLEMS_KEPT)
    {
      g_autofree char *message = NULL;
      va_list args;

      va_start (args, format);
      message = g_strdup_vprintf (format, args);
      va_end (args);
      keep (self, file, line, row, entry->kind, action, message);
    }
  g_mutex_unlock (&self->mutex);
}

void
rf_import_report_add_count (RfImportReport *self, const char *kind, gsize count)
{
  g_mutex_lock (&self->mutex);
  ensure_kind (self, kind)->count += count;
  self->count += count;
  g_mutex_unlock (&self->mutex);
}

gsize
rf_import_report_get_n (const RfImportReport *self)
{
  return self->problems->len;
}

gsize
rf_import_report_get_count (const RfImportReport *self)
{
  return self->count;
}

const RfProblem *
rf_import_report_get (const RfImportReport *self, gsize index)
{
  return &g_array_index (self->problems, RfProblem, index);
}

gsize
rf_import_report_count_kind (const RfImportReport *self, const char *kind)
{
  RfProblemKind *entry = find_kind (self, kind);

  return entry ? entry->count : 0;
}

guint
rf_import_report_get_n_kinds (const RfImportReport *self)
{
  return self->kinds->len;
}

const char *
rf_import_report_get_kind (const RfImportReport *self, guint index, gsize *count)
{
  const RfProblemKind *entry = &g_array_index (self->kinds, RfProblemKind, index);

  *count = entry->count;
  return entry->kind;
}

const char *
rf_import_action_to_string (RfImportAction action)
{
  return action == RF_IMPORT_DROPPED ? "dropped" : action == RF_IMPORT_REPAIRED ? "repaired" : "kept";
}

/* A field of CSV as RFC 4180 has it. Names of files and pictures stand in front of messages: one that begins like a formula would be computed
 * by a spreadsheet, so it gets an apostrophe. */
static void
append_field (GString *line, const char *text)
{
  const char *guard = text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL ? "'" : "";

  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append_printf (line, "%s%s", guard, text);
      return;
    }
  g_string_append_printf (line, "\"%s", guard);
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (line, '"');
      g_string_append_c (line, *at);
    }
  g_string_append_c (line, '"');
}

const char *
rf_import_report_get_warning (const RfImportReport *self)
{
  static const char *const kinds[] = { "no-match", "few-match", "no-interactions" };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (gsize p = 0; find_kind (self, kinds[k]) && p < self->problems->len; p++)
      if (strcmp (g_array_index (self->problems, RfProblem, p).kind, kinds[k]) == 0)
        return g_array_index (self->problems, RfProblem, p).message;
  return NULL;
}

char *
rf_import_report_to_csv (const RfImportReport *self)
{
  GString *text = g_string_new ("file,line,row,kind,message,action\r\n");

  for (gsize i = 0; i < rf_import_report_get_n (self); i++)
    {
      const RfProblem *problem = rf_import_report_get (self, i);

      append_field (text, problem->file);
      g_string_append_printf (text, ",%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT ",%s,", problem->line, problem->row, problem->kind);
      append_field (text, problem->message);
      g_string_append_printf (text, ",%s\r\n", rf_import_action_to_string (problem->action));
    }
  return g_string_free (text, FALSE);
}
