/* rf-report-csv.c: the report as a table (RFC 4180), one row per recommendation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/eval/rf-beaten.h"
#include "core/report/rf-report-private.h"

/* A text that starts like a formula would be computed by a spreadsheet ("=HYPERLINK(...)"): an apostrophe makes it a text. */
static void
put_cell (ReportWriter *self, const char *text)
{
  gboolean guarded = text[0] != '\0' && strchr ("=+-@\t\r", text[0]) != NULL;

  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      report_putf (self, "%s%s", guarded ? "'" : "", text);
      return;
    }
  report_putf (self, "\"%s", guarded ? "'" : "");
  for (; *text != '\0'; text++)
    report_putf (self, *text == '"' ? "\"\"" : "%c", *text);
  report_put (self, "\"");
}

/* Nine digits bring back the same float. */
static void
put_number (ReportWriter *self, float value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  report_putf (self, ",%s", g_ascii_formatd (buffer, sizeof buffer, "%.9g", (double) value));
}

static void
put_header (ReportWriter *self)
{
  report_put (self, "user_id,item_id,rank");
  if (report_has_column (self->report, RF_REPORT_SCORE))
    report_put (self, ",score");
  report_put (self, ",model");
  for (const char *prefix = "wc"; *prefix != '\0'; prefix++)
    for (guint m = 0; m < self->model->n_modalities; m++)
      {
        g_autofree char *name = g_strdup_printf ("%c_%s", *prefix, self->model->names[m]);

        if (!report_has_column (self->report, *prefix == 'w' ? RF_REPORT_ATTENTION : RF_REPORT_CONTRIBUTION))
          continue;
        report_put (self, ",");
        put_cell (self, name);
      }
  if (report_has_column (self->report, RF_REPORT_CONTRIBUTION))
    report_put (self, ",c_popularity");
  report_put (self, self->report->columns & RF_REPORT_DRIVER ? ",beaten_by,driver\r\n" : ",beaten_by\r\n");
}

static void
put_row (ReportWriter *self, const ReportUser *user, guint place, const char *beaten_by)
{
  const RfRanked *ranked = &user->ranking->items[place];

  put_cell (self, user->id);
  report_put (self, ",");
  put_cell (self, rf_catalog_get_item_id (self->catalog, ranked->item));
  report_putf (self, ",%u", place + 1);
  if (report_has_column (self->report, RF_REPORT_SCORE))
    put_number (self, ranked->score);
  report_put (self, ",");
  put_cell (self, self->report->trained->run->id);
  for (guint m = 0; m < self->model->n_modalities && report_has_column (self->report, RF_REPORT_ATTENTION); m++)
    put_number (self, ranked->attention[m]);
  for (guint m = 0; m < self->model->n_modalities && report_has_column (self->report, RF_REPORT_CONTRIBUTION); m++)
    put_number (self, ranked->contribution[m]);
  if (report_has_column (self->report, RF_REPORT_CONTRIBUTION))
    put_number (self, ranked->popularity);
  report_put (self, ",");
  put_cell (self, beaten_by);
  if (self->report->columns & RF_REPORT_DRIVER)
    {
      report_put (self, ",");
      put_cell (self, ranked->driver >= 0 ? self->model->names[ranked->driver] : "");
    }
  report_put (self, "\r\n");
}

void
report_write_csv (ReportWriter *self)
{
  g_autoptr(GPtrArray) losses = rf_beaten_of_result (self->result);
  g_autofree char *beaten_by = rf_beaten_names (losses, ";");

  put_header (self);
  for (guint u = 0; u < self->report->n_users && report_step (self, u); u++)
    {
      g_autoptr(ReportUser) user = report_rank (self->report, u);

      for (guint place = 0; place < user->ranking->n; place++)
        put_row (self, user, place, beaten_by);
    }
}
