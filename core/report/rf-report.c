/* rf-report.c: ranks the users of a report and hands them to a format.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/report/rf-report.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-json.h"
#include "core/eval/rf-beaten.h"
#include "core/report/rf-report-private.h"

#define DEFAULT_K     20
#define FLUSH_AT      (1 << 16)

static const struct
{
  const char *ending;
  void (*write) (ReportWriter *self);
} formats[] = {
  { ".html", report_write_html },
  { ".csv", report_write_csv },
  { ".json", report_write_json },
  { ".pdf", report_write_pdf },
};

static int
find_format (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_suffix (lower, formats[i].ending))
      return (int) i;
  return -1;
}

gboolean
rf_report_is_supported (const char *path)
{
  return find_format (path) >= 0;
}

static const struct
{
  const char *name;
  RfReportColumn column;
} columns[] = {
  { "picture", RF_REPORT_PICTURE },           { "score", RF_REPORT_SCORE },   { "attention", RF_REPORT_ATTENTION },
  { "contribution", RF_REPORT_CONTRIBUTION }, { "driver", RF_REPORT_DRIVER },
};

gboolean
rf_report_parse_columns (const char *text, guint *bits, GError **error)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  *bits = 0;
  for (guint p = 0; parts[p]; p++)
    {
      gsize c = 0;

      while (c < G_N_ELEMENTS (columns) && strcmp (columns[c].name, g_strstrip (parts[p])) != 0)
        c++;
      if (c == G_N_ELEMENTS (columns))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("There is no column “%s”; there are picture, score, attention, contribution and driver."), parts[p]);
          return FALSE;
        }
      *bits |= columns[c].column;
    }
  return TRUE;
}

gboolean
report_has_column (const RfReport *report, RfReportColumn column)
{
  return report->columns == 0 || (report->columns & column) != 0;
}

const char *
report_note (const RfReport *report, const char *kind, const char *id)
{
  return rf_notes_find (report->notes, kind, id);
}

void
report_user_free (ReportUser *self)
{
  g_clear_pointer (&self->ranking, rf_ranking_free);
  g_free (self->held_out);
  g_free (self);
}

ReportUser *
report_rank (const RfReport *report, guint index)
{
  const RfCsr *train = report->trained->split->history; /* as everywhere a user is ranked */
  ReportUser *self = g_new0 (ReportUser, 1);
  RfRankOptions options = { .k = report->k > 0 ? report->k : DEFAULT_K };

  self->user = report->users[index];
  self->id = rf_catalog_get_user_id (report->trained->catalog, self->user);
  self->history = rf_csr_row (train, self->user);
  self->n_history = rf_csr_row_length (train, self->user);
  self->held_out = rf_trained_dup_held_out (report->trained, self->user, &self->n_held_out);
  options.relevant = self->held_out;
  options.n_relevant = self->n_held_out;
  self->ranking = rf_rank_history (report->trained->model, self->history, self->n_history, self->user, &options);
  for (guint i = 0; i < self->ranking->n; i++)
    self->n_hits += self->ranking->items[i].held_out_hit ? 1 : 0;
  return self;
}

static void
flush_text (ReportWriter *self)
{
  self->written += self->text->len;
  if (self->error == NULL && self->text->len > 0)
    g_output_stream_write_all (self->stream, self->text->str, self->text->len, NULL, NULL, &self->error);
  g_string_truncate (self->text, 0);
}

void
report_put (ReportWriter *self, const char *text)
{
  g_string_append (self->text, text);
  if (self->text->len >= FLUSH_AT)
    flush_text (self);
}

void
report_putf (ReportWriter *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (self->text, format, args);
  va_end (args);
  if (self->text->len >= FLUSH_AT)
    flush_text (self);
}

void
report_put_bytes (ReportWriter *self, gconstpointer data, gsize size)
{
  flush_text (self);
  self->written += size;
  if (self->error == NULL)
    g_output_stream_write_all (self->stream, data, size, NULL, NULL, &self->error);
}

gboolean
report_step (ReportWriter *self, guint user_index)
{
  return self->error == NULL &&
         rf_progress_step (self->progress, _("Writing the report"), user_index / (double) MAX (1, self->report->n_users), &self->error);
}

static JsonObject *
parse_result (const char *text)
{
  g_autoptr(JsonParser) parser = json_parser_new ();

  if (text != NULL && rf_json_load (parser, text, -1, NULL) && json_parser_get_root (parser) != NULL &&
      JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
  return json_object_new ();
}

static JsonObject *
get_object (JsonObject *from, const char *member)
{
  JsonNode *node = from != NULL ? json_object_get_member (from, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

double
report_get_metric (JsonObject *result, const char *baseline, const char *metric)
{
  JsonObject *from = baseline != NULL ? get_object (get_object (result, "baselines"), baseline) : get_object (get_object (result, "metrics"), "valid");
  JsonNode *node = from != NULL ? json_object_get_member (from, metric) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

GList *
report_list_baselines (JsonObject *result)
{
  JsonObject *baselines = get_object (result, "baselines");

  return baselines != NULL ? json_object_get_members (baselines) : NULL;
}

char *
report_say_losses (JsonObject *result)
{
  g_autoptr(GPtrArray) losses = rf_beaten_of_result (result);

  return rf_beaten_say (losses);
}

RfPlotShares
report_shares (const RfModel *model, const RfRanked *ranked)
{
  return (RfPlotShares) { model->n_modalities, (const char *const *) model->names, ranked->attention, NULL };
}

RfPlotSigned
report_signed (const RfModel *model, const RfRanked *ranked, double low, double high)
{
  return (RfPlotSigned) { model->n_modalities, (const char *const *) model->names, ranked->contribution, (double) ranked->popularity, low, high, FALSE };
}

void
report_fit_scale (const RfModel *model, const RfRanking *ranking, double *low, double *high)
{
  *low = *high = 0;
  for (guint i = 0; i < ranking->n; i++)
    {
      RfPlotSigned plot = report_signed (model, &ranking->items[i], 0, 0);

      rf_plot_signed_fit (&plot, low, high);
    }
}

/* The three modalities with the most attention in this ranking, in the order of the model. */
static void
pick_corners (const RfModel *model, const RfRanking *ranking, guint corners[3])
{
  double total[RF_MAX_MODALITIES] = { 0 };
  guint n = 0;

  for (guint i = 0; i < ranking->n; i++)
    for (guint m = 0; m < model->n_modalities; m++)
      total[m] += (double) ranking->items[i].attention[m];
  for (guint m = 0; m < model->n_modalities; m++)
    {
      guint ahead = 0;

      for (guint o = 0; o < model->n_modalities; o++)
        ahead += total[o] > total[m] || (total[o] == total[m] && o < m) ? 1 : 0;
      if (ahead < 3)
        corners[n++] = m;
    }
  while (n < 3)
    corners[n++] = G_MAXUINT;
}

gboolean
report_ternary (const RfModel *model, const RfRanking *ranking, RfPlotTernary *plot, float **shares, int **drivers)
{
  guint corners[3] = { 0 };

  if (model->n_modalities < 2 || ranking->n == 0)
    return FALSE;
  pick_corners (model, ranking, corners);
  *plot = (RfPlotTernary) { .n = ranking->n, .selected = -1, .hovered = -1 };
  rf_plot_ternary_set_corners (plot, (const char *const *) model->names, model->n_modalities, corners);
  plot->shares = *shares = g_new0 (float, 3 * ranking->n);
  plot->drivers = *drivers = g_new (int, ranking->n);
  for (guint i = 0; i < ranking->n; i++)
    {
      (*drivers)[i] = -1;
      for (guint c = 0; c < 3; c++)
        if (corners[c] < model->n_modalities)
          {
            (*shares)[3 * i + c] = ranking->items[i].attention[corners[c]];
            if (ranking->items[i].driver == (int) corners[c])
              (*drivers)[i] = (int) c;
          }
    }
  return TRUE;
}

char *
report_say_drivers (const RfModel *model, const RfRanking *ranking)
{
  g_autofree float *shares = NULL;
  g_autofree int *drivers = NULL;
  RfPlotTernary plot;

  if (report_ternary (model, ranking, &plot, &shares, &drivers))
    return rf_plot_ternary_describe (&plot);
  return g_strdup (ranking->n == 0 ? _("There is nothing left to recommend.") : "");
}

const char *
report_driver_label (const RfModel *model, const RfRanked *ranked)
{
  return ranked->driver >= 0 ? rf_plot_modality_label (model->names[ranked->driver]) : "–";
}

/* Writes into a temporary file beside the target, which close() moves into place, or, cancelled, throws away. */
static gboolean
write_stream (ReportWriter *self, int format, GFile *file, GError **error)
{
  g_autoptr(GCancellable) throw_away = g_cancellable_new ();

  self->stream = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error));
  if (self->stream == NULL)
    return FALSE;
  self->text = g_string_new (NULL);
  formats[format].write (self);
  flush_text (self);
  if (self->error == NULL)
    g_output_stream_close (self->stream, NULL, &self->error);
  else
    {
      g_cancellable_cancel (throw_away);
      g_output_stream_close (self->stream, throw_away, NULL);
    }
  g_clear_object (&self->stream);
  g_string_free (self->text, TRUE);
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

gboolean
rf_report_write (const RfReport *report, const char *path, RfProgress *progress, GError **error)
{
  int format = find_format (path);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) raw = NULL;
  ReportWriter writer = { .report = report, .model = report->trained->model, .catalog = report->trained->catalog, .progress = progress };
  gboolean done;

  if (format < 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("“%s” ends in none of .html, .csv, .json and .pdf; give the report such a name."), path);
      return FALSE;
    }
  writer.result = parse_result (report->trained->run->result_json);
  done = write_stream (&writer, format, file, &raw);
  json_object_unref (writer.result);
  if (done)
    return TRUE;
  if (raw->domain == RF_ERROR)
    g_propagate_error (error, g_steal_pointer (&raw));
  else
    g_set_error (error, RF_ERROR, RF_ERROR_IO, _("The report could not be written to “%s”: %s"), path, raw->message);
  return FALSE;
}

GPtrArray *
rf_report_record (const RfReport *report, RfProgress *progress, GError **error)
{
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) cairo_surface_destroy);
  ReportWriter writer = { .report = report, .model = report->trained->model, .catalog = report->trained->catalog, .progress = progress };

  writer.result = parse_result (report->trained->run->result_json);
  report_record_pages (&writer, pages);
  json_object_unref (writer.result);
  if (writer.error == NULL)
    return g_steal_pointer (&pages);
  g_propagate_error (error, writer.error);
  return NULL;
}
