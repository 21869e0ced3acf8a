/* rf-report-pdf.c: the report on A4 pages, drawn by Cairo with the plots of core/plot.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <cairo-pdf.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/plot/rf-plot-private.h"
#include "core/report/rf-report-private.h"

#define PAGE_WIDTH    RF_REPORT_PAGE_WIDTH /* points: A4 */
#define PAGE_HEIGHT   RF_REPORT_PAGE_HEIGHT
#define MARGIN        44.0
#define RIGHT         (PAGE_WIDTH - MARGIN)
#define BOTTOM        (PAGE_HEIGHT - MARGIN)
#define ROW_HEIGHT    36.0
#define PICTURE       30.0
#define PAST_PICTURE  40.0
#define MAX_PAST      15
#define TERNARY       200.0

/* Left edges of the columns of the table. */
#define X_PICTURE     (MARGIN + 20)
#define X_TITLE       (X_PICTURE + PICTURE + 8)
#define X_ATTENTION   (X_TITLE + 150)
#define X_BARS        (X_ATTENTION + 108)
#define X_DRIVER      (X_BARS + 108)
#define BAR_WIDTH     100.0
#define BAR_HEIGHT    13.0

typedef struct
{
  ReportWriter *writer;
  GPtrArray *pages; /* recordings; NULL: a document is written */
  cairo_surface_t *surface;
  cairo_t *cr;
  RfPlotTheme theme;
  double y; /* where the next thing goes */
  guint number; /* of the page */
} Pdf;

static cairo_status_t
write_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  ReportWriter *writer = closure;

  report_put_bytes (writer, data, length);
  return writer->error == NULL ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void
draw_text (Pdf *self, double x, double y, double max_width, double scale, gboolean bold, gboolean dim, const char *text)
{
  PlotText style = { .scale = scale, .bold = bold, .max_width = max_width, .color = dim ? &self->theme.dim : NULL };
  g_autoptr(GString) clean = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++) /* a title with a line break stays on its line */
    g_string_append_c (clean, (guchar) *at < 0x20 || *at == 0x7f ? ' ' : *at);
  plot_text (self->cr, &self->theme, &style, x, y, clean->str);
}

static void
draw_right (Pdf *self, double x, double y, double scale, const char *text)
{
  PlotText style = { .scale = scale, .align_x = 1 };

  plot_text (self->cr, &self->theme, &style, x, y, text);
}

static void
draw_rule (Pdf *self, double y)
{
  plot_set_color (self->cr, &self->theme.grid);
  cairo_set_line_width (self->cr, 0.6);
  cairo_move_to (self->cr, MARGIN, y);
  cairo_line_to (self->cr, RIGHT, y);
  cairo_stroke (self->cr);
}

static void
begin_recording (Pdf *self)
{
  self->surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, &(cairo_rectangle_t) { 0, 0, PAGE_WIDTH, PAGE_HEIGHT });
  self->cr = cairo_create (self->surface);
}

static void
next_recording (Pdf *self)
{
  cairo_destroy (self->cr);
  g_ptr_array_add (self->pages, self->surface);
  begin_recording (self);
}

static void
end_page (Pdf *self)
{
  g_autofree char *number = g_strdup_printf ("%u", self->number++);
  g_autofree char *foot = g_strdup_printf ("%s · %s", rf_catalog_get_name (self->writer->catalog), self->writer->report->trained->run->id);

  draw_text (self, MARGIN, BOTTOM + 12, 400, 0.8, FALSE, TRUE, foot);
  draw_right (self, RIGHT, BOTTOM + 12, 0.8, number);
  if (self->pages)
    next_recording (self);
  else
    cairo_show_page (self->cr);
  self->y = MARGIN;
}

static void
need (Pdf *self, double height)
{
  if (self->y + height > BOTTOM)
    end_page (self);
}

/* A plot at a place, in its own coordinates. */
static void
draw_plot (Pdf *self, const RfPlotKind *kind, gconstpointer plot, double x, double y, double width, double height)
{
  cairo_save (self->cr);
  cairo_translate (self->cr, x, y);
  kind->draw (plot, self->cr, width, height, &self->theme);
  cairo_restore (self->cr);
}

static cairo_surface_t *
to_surface (const GdkPixbuf *pixbuf)
{
  int width = gdk_pixbuf_get_width (pixbuf), height = gdk_pixbuf_get_height (pixbuf), n = gdk_pixbuf_get_n_channels (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  guchar *data = cairo_image_surface_get_data (surface);

  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    {
      cairo_surface_destroy (surface);
      return NULL;
    }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        const guchar *p = gdk_pixbuf_read_pixels (pixbuf) + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (pixbuf) + x * n;
        guint32 a = n == 4 ? p[3] : 255;

        ((guint32 *) (gpointer) (data + (gsize) y * (gsize) cairo_image_surface_get_stride (surface)))[x] =
          a << 24 | (p[0] * a / 255) << 16 | (p[1] * a / 255) << 8 | (p[2] * a / 255);
      }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* A JPEG goes into the file as it is, which is smaller by far than its pixels. */
static void
attach_jpeg (cairo_surface_t *surface, GBytes *bytes)
{
  gsize size;
  const guchar *data = g_bytes_get_data (bytes, &size);

  if (size > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0 &&
      cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_JPEG, data, size, (cairo_destroy_func_t) g_bytes_unref, bytes) == CAIRO_STATUS_SUCCESS)
    g_bytes_ref (bytes);
}

static cairo_surface_t *
load_picture (Pdf *self, guint32 item)
{
  const RfReport *report = self->writer->report;
  g_autoptr(GBytes) bytes = report->picture != NULL ? report->picture (item, report->picture_data) : NULL;
  g_autoptr(GdkPixbufLoader) loader = NULL;
  cairo_surface_t *surface;
  GdkPixbuf *pixbuf;
  gboolean ok;

  if (bytes == NULL)
    return NULL;
  loader = gdk_pixbuf_loader_new ();
  ok = gdk_pixbuf_loader_write_bytes (loader, bytes, NULL);
  ok = gdk_pixbuf_loader_close (loader, NULL) && ok;
  pixbuf = ok ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  surface = pixbuf != NULL ? to_surface (pixbuf) : NULL;
  if (surface != NULL)
    attach_jpeg (surface, bytes);
  return surface;
}

/* The middle of the picture in a square with round corners; a grey one where there is no picture. */
static void
draw_picture (Pdf *self, guint32 item, double x, double y, double size)
{
  cairo_surface_t *picture = load_picture (self, item);
  double width, height, scale;

  cairo_save (self->cr);
  plot_round_rectangle (self->cr, x, y, size, size, 3);
  cairo_clip (self->cr);
  plot_set_color (self->cr, &self->theme.grid);
  cairo_paint (self->cr);
  if (picture != NULL)
    {
      width = cairo_image_surface_get_width (picture);
      height = cairo_image_surface_get_height (picture);
      scale = size / fmin (width, height);
      cairo_translate (self->cr, x + (size - width * scale) / 2, y + (size - height * scale) / 2);
      cairo_scale (self->cr, scale, scale);
      cairo_set_source_surface (self->cr, picture, 0, 0);
      cairo_paint (self->cr);
      cairo_surface_destroy (picture);
    }
  cairo_restore (self->cr);
}

static void
draw_fact (Pdf *self, const char *name, const char *value)
{
  draw_text (self, MARGIN, self->y, 120, 0, FALSE, TRUE, name);
  draw_text (self, MARGIN + 130, self->y, RIGHT - MARGIN - 130, 0, FALSE, FALSE, value);
  self->y += 16;
}

static void
draw_metric_row (Pdf *self, const char *name, const char *baseline)
{
  static const char *const metrics[] = { "ndcg@20", "recall@20", "precision@20", "map@20" };

  need (self, 16);
  draw_text (self, MARGIN, self->y, 150, 0, baseline == NULL, FALSE, name);
  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    {
      g_autofree char *text = plot_format (report_get_metric (self->writer->result, baseline, metrics[i]), 4);

      draw_right (self, MARGIN + 230 + 80 * i, self->y, 0, text);
    }
  self->y += 16;
}

static void
draw_metrics (Pdf *self)
{
  static const char *const names[] = { "NDCG@20", "Recall@20", "Precision@20", "MAP@20" };
  g_autoptr(GList) baselines = report_list_baselines (self->writer->result);
  g_autofree char *losses = report_say_losses (self->writer->result);

  self->y += 14;
  draw_text (self, MARGIN, self->y, 0, 1.2, TRUE, FALSE, _("How well it ranks (validation items)"));
  self->y += 22;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    draw_right (self, MARGIN + 230 + 80 * i, self->y, 0, names[i]);
  self->y += 16;
  draw_metric_row (self, _("This model"), NULL);
  for (GList *l = baselines; l != NULL; l = l->next)
    draw_metric_row (self, l->data, l->data);
  self->y += 6;
  draw_text (self, MARGIN, self->y, RIGHT - MARGIN, 0, losses != NULL, FALSE,
             losses != NULL ? losses : _("No baseline beats this model in NDCG@20 or Recall@20."));
  self->y += 20;
}

static void
draw_front (Pdf *self)
{
  const RfTrained *trained = self->writer->report->trained;
  const RfCatalog *catalog = self->writer->catalog;
  g_autofree char *seed = g_strdup_printf ("%" G_GINT64_FORMAT, rf_config_get_int (trained->config, "seed"));
  g_autofree char *counts = g_strdup_printf (_("%u users, %u items, %u interactions"), rf_catalog_get_n_users (catalog), rf_catalog_get_n_items (catalog),
                                             (guint) rf_catalog_get_n_interactions (catalog));

  draw_text (self, MARGIN, self->y, 0, 2.2, TRUE, FALSE, _("Why these recommendations"));
  self->y += 40;
  draw_fact (self, _("Catalog"), rf_catalog_get_name (catalog));
  draw_fact (self, "", counts);
  draw_fact (self, _("Run"), trained->run->id);
  if (report_note (self->writer->report, "run", trained->run->id))
    draw_fact (self, _("Note"), report_note (self->writer->report, "run", trained->run->id));
  draw_fact (self, _("Seed"), seed);
  draw_fact (self, _("Data"), trained->run->data_hash);
  draw_fact (self, _("Split"), trained->run->split_hash);
  draw_metrics (self);
  draw_text (self, MARGIN, self->y += 14, 0, 1.2, TRUE, FALSE, _("How to read this"));
  draw_text (self, MARGIN, self->y += 22, RIGHT - MARGIN, 0, FALSE, FALSE, _("Attention says how much each modality counts for this user and this item; it sums to 1."));
  draw_text (self, MARGIN, self->y += 16, RIGHT - MARGIN, 0, FALSE, FALSE, _("The contributions and the popularity term sum to the score; the driver contributes most."));
  draw_text (self, MARGIN, self->y += 20, RIGHT - MARGIN, 0, FALSE, TRUE, "score(u,i) = Σ_m attention_m z_m(u,i) + π l_i,   attention = softmax_m (θ_m + κ_m e_m(u) + ψ_m l_i)");
  end_page (self);
}

static void
draw_past (Pdf *self, const ReportUser *user, double top)
{
  gsize shown = MIN (user->n_history, MAX_PAST);

  draw_text (self, MARGIN, top, 0, 0, TRUE, FALSE, _("What the user chose before"));
  for (gsize i = 0; i < shown; i++)
    draw_picture (self, user->history[i], MARGIN + (i % 5) * (PAST_PICTURE + 8), top + 20 + floor (i / 5.0) * (PAST_PICTURE + 8), PAST_PICTURE);
  if (shown < user->n_history)
    {
      guint more = (guint) (user->n_history - shown);
      g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", more), more);

      draw_text (self, MARGIN, top + 20 + 3 * (PAST_PICTURE + 8), 0, 0, FALSE, TRUE, text);
    }
}

static void
draw_headings (Pdf *self)
{
  draw_text (self, X_TITLE, self->y, 140, 0.9, FALSE, TRUE, _("Item"));
  if (report_has_column (self->writer->report, RF_REPORT_ATTENTION))
    draw_text (self, X_ATTENTION, self->y, BAR_WIDTH, 0.9, FALSE, TRUE, _("Attention"));
  if (report_has_column (self->writer->report, RF_REPORT_CONTRIBUTION))
    draw_text (self, X_BARS, self->y, BAR_WIDTH, 0.9, FALSE, TRUE, _("Contributions"));
  draw_text (self, X_DRIVER, self->y, RIGHT - X_DRIVER, 0.9, FALSE, TRUE, _("Score, driver"));
  self->y += 16;
  draw_rule (self, self->y);
  self->y += 3;
}

static void
draw_place (Pdf *self, const RfRanked *ranked, guint rank, double low, double high)
{
  RfPlotShares shares = report_shares (self->writer->model, ranked);
  RfPlotSigned bars = report_signed (self->writer->model, ranked, low, high);
  const RfReport *report = self->writer->report;
  const char *note = report_note (report, "item", rf_catalog_get_item_id (self->writer->catalog, ranked->item));
  g_autofree char *number = g_strdup_printf ("%u", rank), *score = plot_format ((double) ranked->score, 3);
  g_autofree char *id = g_strconcat (rf_catalog_get_item_id (self->writer->catalog, ranked->item), ranked->held_out_hit ? _(" · ✓ chosen later") : "", NULL);
  double middle = self->y + (ROW_HEIGHT - BAR_HEIGHT) / 2, top = self->y + (ROW_HEIGHT - PICTURE) / 2;

  draw_right (self, MARGIN + 12, top + 7, 0, number);
  if (report_has_column (report, RF_REPORT_PICTURE))
    draw_picture (self, ranked->item, X_PICTURE, top, PICTURE);
  draw_text (self, X_TITLE, top + 1, 142, 0, TRUE, FALSE, rf_catalog_get_item_label (self->writer->catalog, ranked->item));
  draw_text (self, X_TITLE, top + 16, 142, 0.85, FALSE, TRUE, note ? note : id);
  if (report_has_column (report, RF_REPORT_ATTENTION))
    draw_plot (self, &rf_plot_shares_kind, &shares, X_ATTENTION, middle, BAR_WIDTH, BAR_HEIGHT);
  if (report_has_column (report, RF_REPORT_CONTRIBUTION))
    draw_plot (self, &rf_plot_signed_kind, &bars, X_BARS, middle, BAR_WIDTH, BAR_HEIGHT);
  if (report_has_column (report, RF_REPORT_SCORE))
    draw_text (self, X_DRIVER, top + 1, RIGHT - X_DRIVER, 0, FALSE, FALSE, score);
  if (report_has_column (report, RF_REPORT_DRIVER))
    draw_text (self, X_DRIVER, top + 16, RIGHT - X_DRIVER, 0.85, FALSE, TRUE, report_driver_label (self->writer->model, ranked));
  self->y += ROW_HEIGHT;
}

static void
draw_user (Pdf *self, const ReportUser *user)
{
  g_autofree char *title = g_strdup_printf (_("User %s"), user->id), *sentence = report_say_drivers (self->writer->model, user->ranking);
  g_autofree float *shares = NULL;
  g_autofree int *drivers = NULL;
  const char *note = report_note (self->writer->report, "user", user->id);
  RfPlotTernary ternary;
  double low, high;

  draw_text (self, MARGIN, self->y, RIGHT - MARGIN, 1.6, TRUE, FALSE, title);
  draw_text (self, MARGIN, self->y + 26, RIGHT - MARGIN, 1.1, FALSE, FALSE, sentence);
  if (note)
    draw_text (self, MARGIN, self->y + 42, RIGHT - MARGIN, 0, FALSE, TRUE, note);
  self->y += note ? 14 : 0;
  draw_past (self, user, self->y + 52);
  if (report_ternary (self->writer->model, user->ranking, &ternary, &shares, &drivers))
    draw_plot (self, &rf_plot_ternary_kind, &ternary, RIGHT - TERNARY - 20, self->y + 44, TERNARY + 20, TERNARY);
  self->y += 44 + TERNARY + 12;
  report_fit_scale (self->writer->model, user->ranking, &low, &high);
  for (guint place = 0; place < user->ranking->n; place++)
    {
      need (self, ROW_HEIGHT);
      if (place == 0 || self->y == MARGIN)
        draw_headings (self);
      draw_place (self, &user->ranking->items[place], place + 1, low, high);
    }
  end_page (self);
}

static void
set_metadata (Pdf *self)
{
  const RfRun *run = self->writer->report->trained->run;
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc (run->created);
  g_autofree char *date = created != NULL ? g_date_time_format_iso8601 (created) : NULL;

  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_TITLE, _("Why these recommendations"));
  cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_CREATOR, "Refract " PACKAGE_VERSION);
  if (date != NULL) /* the run's, not today's: equal runs give equal bytes */
    cairo_pdf_surface_set_metadata (self->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

static void
draw_all (Pdf *self)
{
  ReportWriter *writer = self->writer;

  rf_plot_theme_init (&self->theme, FALSE);
  self->theme.font_size = 10;
  self->theme.paint_background = FALSE;
  draw_front (self);
  for (guint u = 0; u < writer->report->n_users && report_step (writer, u); u++)
    {
      g_autoptr(ReportUser) user = report_rank (writer->report, u);

      draw_user (self, user);
    }
}

void
report_write_pdf (ReportWriter *self)
{
  Pdf pdf = { .writer = self, .y = MARGIN, .number = 1 };

  pdf.surface = cairo_pdf_surface_create_for_stream (write_bytes, self, PAGE_WIDTH, PAGE_HEIGHT);
  set_metadata (&pdf);
  pdf.cr = cairo_create (pdf.surface);
  draw_all (&pdf);
  cairo_destroy (pdf.cr);
  cairo_surface_finish (pdf.surface);
  cairo_surface_destroy (pdf.surface);
}

/* Every page ends with end_page(), so the recording that is begun last stays empty. */
void
report_record_pages (ReportWriter *self, GPtrArray *pages)
{
  Pdf pdf = { .writer = self, .pages = pages, .y = MARGIN, .number = 1 };

  begin_recording (&pdf);
  draw_all (&pdf);
  cairo_destroy (pdf.cr);
  cairo_surface_destroy (pdf.surface);
}
