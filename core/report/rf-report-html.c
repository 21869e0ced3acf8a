/* rf-report-html.c: the report as one self-contained HTML file.
 *
 * Nothing in it runs and nothing is loaded: the content security policy allows the pictures inside and the one style sheet,
 * named by its hash. All text from the catalog goes through report_escape().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/report/rf-report-private.h"
#include "core/report/rf-report-style.h"
#include "core/report/rf-report-svg.h"

#define MAX_PAST      18
#define TERNARY_WIDTH 340
#define TERNARY_HEIGHT 320
#define BAR_WIDTH     200
#define BAR_HEIGHT    20

typedef struct
{
  ReportWriter *writer;
  ReportSvg svg;
  gsize section;     /* bytes of the longest user's part without pictures, so far */
  gsize in_pictures; /* bytes of pictures in the user's part that is being written */
  guint left_out;    /* pictures, for the sake of the budget */
} Page;

#define TAIL (48u << 10) /* what comes after the users: explanation, facts, letters of the drawings */

static gsize
page_size (Page *page)
{
  return page->writer->written + page->writer->text->len;
}

static gboolean
fits (Page *page, gsize bytes)
{
  gsize budget = page->writer->report->budget;

  return budget == 0 || page_size (page) + bytes + page->section + TAIL <= budget;
}

static void
put_escaped (Page *page, const char *text)
{
  report_escape (page->writer->text, text);
}

static void
put_fact (Page *page, const char *name, const char *value)
{
  report_put (page->writer, "<dt>");
  put_escaped (page, name);
  report_put (page->writer, "</dt><dd>");
  put_escaped (page, value);
  report_put (page->writer, "</dd>\n");
}

static void
put_note (Page *page, const char *kind, const char *id)
{
  const char *note = report_note (page->writer->report, kind, id);

  if (note == NULL)
    return;
  report_put (page->writer, "<p class=\"note\">");
  put_escaped (page, note);
  report_put (page->writer, "</p>\n");
}

static void
put_number (Page *page, double value, int decimals)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE], format[8];

  g_snprintf (format, sizeof format, "%%.%df", decimals);
  if (isnan (value))
    report_put (page->writer, "–");
  else
    report_putf (page->writer, "%s%s", value < 0 ? "\u2212" : "", g_ascii_formatd (buffer, sizeof buffer, format, fabs (value)));
}

/* Only what is a JPEG or a PNG by its first bytes becomes a picture of the page. */
static gboolean
put_picture (Page *page, guint32 item, const char *alt)
{
  const RfReport *report = page->writer->report;
  g_autoptr(GBytes) bytes = report->picture != NULL ? report->picture (item, report->picture_data) : NULL;
  gsize size = 0;
  const guchar *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  const char *type = size > 3 && memcmp (data, "\xff\xd8\xff", 3) == 0 ? "jpeg" : size > 8 && memcmp (data, "\x89PNG\r\n\x1a\n", 8) == 0 ? "png" : NULL;
  g_autofree char *base64 = NULL;

  if (type != NULL && !fits (page, size * 4 / 3))
    {
      page->left_out++;
      type = NULL;
    }
  if (type == NULL)
    {
      report_put (page->writer, "<span class=\"none\"></span>");
      return FALSE;
    }
  page->in_pictures += size * 4 / 3;
  base64 = g_base64_encode (data, size);
  report_putf (page->writer, "<img src=\"data:image/%s;base64,", type);
  report_put (page->writer, base64);
  report_put (page->writer, "\" alt=\"");
  put_escaped (page, alt);
  report_put (page->writer, "\">");
  return TRUE;
}

static void
put_head (Page *page)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *hash = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) report_style, (gssize) strlen (report_style));
  g_checksum_get_digest (checksum, digest, &size);
  hash = g_base64_encode (digest, size);
  report_put (page->writer, "<!DOCTYPE html>\n<html lang=\"");
  put_escaped (page, _("en"));
  report_putf (page->writer, "\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
               "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"generator\" content=\"Refract %s\">\n<title>", hash, PACKAGE_VERSION);
  put_escaped (page, _("Why these recommendations"));
  report_put (page->writer, " – ");
  put_escaped (page, rf_catalog_get_name (page->writer->catalog));
  report_putf (page->writer, "</title>\n<style>%s</style>\n</head>\n<body>\n", report_style);
}

static void
put_top (Page *page)
{
  const RfReport *report = page->writer->report;
  const RfRun *run = report->trained->run;
  g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc (run->created);
  g_autofree char *date = created != NULL ? g_date_time_format (created, "%Y-%m-%d %H:%M UTC") : g_strdup ("–");

  report_put (page->writer, "<header class=\"top\">\n<h1>");
  put_escaped (page, _("Why these recommendations"));
  report_put (page->writer, "</h1>\n<p class=\"dim lead\">");
  put_escaped (page, rf_catalog_get_name (page->writer->catalog));
  report_put (page->writer, " · ");
  put_escaped (page, run->id);
  report_put (page->writer, " · ");
  put_escaped (page, date);
  report_put (page->writer, "</p>\n");
  if (report->n_users > 1)
    {
      report_put (page->writer, "<nav><ol>\n");
      for (guint u = 0; u < report->n_users; u++)
        {
          report_putf (page->writer, "<li><a href=\"#user-%u\">", u + 1);
          put_escaped (page, rf_catalog_get_user_id (page->writer->catalog, report->users[u]));
          report_put (page->writer, "</a></li>\n");
        }
      report_put (page->writer, "</ol></nav>\n");
    }
  report_put (page->writer, "</header>\n<main>\n");
}

/* A swatch with the colour, pattern and letter that stand for the modality everywhere. */
static void
put_legend (Page *page)
{
  const RfModel *model = page->writer->model;

  report_put (page->writer, "<ul class=\"legend\">\n");
  for (guint m = 0; m < model->n_modalities; m++)
    {
      float alone[RF_MAX_MODALITIES] = { 0 };
      RfPlotShares swatch = { model->n_modalities, (const char *const *) model->names, alone, NULL };

      alone[m] = 1;
      report_put (page->writer, "<li>");
      report_svg_append (&page->svg, page->writer->text, &rf_plot_shares_kind, &swatch, 22, 18);
      put_escaped (page, rf_plot_modality_label (model->names[m]));
      report_put (page->writer, "</li>\n");
    }
  report_put (page->writer, "</ul>\n");
}

static void
put_formula (Page *page, const char *formula, const char *meaning)
{
  report_put (page->writer, "<dt><code>");
  put_escaped (page, formula);
  report_put (page->writer, "</code></dt><dd>");
  put_escaped (page, meaning);
  report_put (page->writer, "</dd>\n");
}

static void
put_explanation (Page *page)
{
  report_put (page->writer, "<section>\n<h2>");
  put_escaped (page, _("How to read this"));
  report_put (page->writer, "</h2>\n");
  put_legend (page);
  report_put (page->writer, "<p>");
  put_escaped (page, _("Attention says how much each modality counts for this user and this item; it sums to 1. A contribution is the attention times how well the "
                       "modality speaks for the item; the contributions and the popularity term sum to the score. The driver is the modality with the largest "
                       "contribution. In the triangle a recommendation lies the nearer to a corner, the more attention that modality has."));
  report_put (page->writer, "</p>\n<dl class=\"formulas\">\n");
  put_formula (page, "z_m(u,i) = (s_m(u,i) − mean over items) / deviation", _("s_m: similarity of item i to the user's past items in modality m; on one scale for all modalities"));
  put_formula (page, "e_m(u) = mean of z_m(u,j) over the past items j", _("the evidence: how well m alone foresees the user's past, each item judged without itself"));
  put_formula (page, "attention_m(u,i) = softmax over m of (θ_m + κ_m e_m(u) + ψ_m l_i)", _("l_i: popularity of item i, standardised; θ, κ, ψ are fitted on held-out items"));
  put_formula (page, "score(u,i) = Σ_m attention_m(u,i) z_m(u,i) + π l_i", _("each term of the sum is the contribution of a modality; the last one is popularity"));
  report_put (page->writer, "</dl>\n</section>\n");
}

static void
put_metric_row (Page *page, const char *name, const char *baseline, const char *class)
{
  static const char *const metrics[] = { "ndcg@20", "recall@20", "precision@20", "map@20" };

  report_putf (page->writer, "<tr%s><td class=\"name\">", class);
  put_escaped (page, name);
  report_put (page->writer, "</td>");
  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    {
      report_put (page->writer, "<td class=\"n\">");
      put_number (page, report_get_metric (page->writer->result, baseline, metrics[i]), 4);
      report_put (page->writer, "</td>");
    }
  report_put (page->writer, "</tr>\n");
}

static void
put_metrics (Page *page)
{
  g_autoptr(GList) baselines = report_list_baselines (page->writer->result);
  g_autofree char *losses = report_say_losses (page->writer->result);

  report_put (page->writer, "<div>\n<h3>");
  put_escaped (page, _("How well it ranks (validation items)"));
  report_put (page->writer, "</h3>\n<table><tr><th></th><th class=\"n\">NDCG@20</th><th class=\"n\">Recall@20</th><th class=\"n\">Precision@20</th><th class=\"n\">MAP@20</th></tr>\n");
  put_metric_row (page, _("This model"), NULL, " class=\"best\"");
  for (GList *l = baselines; l != NULL; l = l->next)
    put_metric_row (page, l->data, l->data, "");
  report_put (page->writer, "</table>\n");
  if (losses != NULL)
    {
      report_put (page->writer, "<p class=\"warn\">");
      put_escaped (page, losses);
      report_put (page->writer, "</p>\n");
    }
  else if (baselines != NULL)
    {
      report_put (page->writer, "<p class=\"dim\">");
      put_escaped (page, _("No baseline beats this model in NDCG@20 or Recall@20."));
      report_put (page->writer, "</p>\n");
    }
  report_put (page->writer, "</div>\n");
}

static void
put_count (Page *page, const char *name, guint64 count)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, count);

  put_fact (page, name, text);
}

static void
put_facts (Page *page)
{
  const RfTrained *trained = page->writer->report->trained;
  const RfCatalog *catalog = page->writer->catalog;
  g_autofree char *seed = g_strdup_printf ("%" G_GINT64_FORMAT, rf_config_get_int (trained->config, "seed"));
  g_autofree char *config = rf_config_to_text (trained->config);

  report_put (page->writer, "<section>\n<h2>");
  put_escaped (page, _("The run"));
  report_put (page->writer, "</h2>\n<div class=\"cols facts\"><div>\n<dl>\n");
  put_fact (page, _("Run"), trained->run->id);
  if (report_note (page->writer->report, "run", trained->run->id))
    put_fact (page, _("Note"), report_note (page->writer->report, "run", trained->run->id));
  put_fact (page, _("Seed"), seed);
  put_count (page, _("Users"), rf_catalog_get_n_users (catalog));
  put_count (page, _("Items"), rf_catalog_get_n_items (catalog));
  put_count (page, _("Interactions"), rf_catalog_get_n_interactions (catalog));
  put_count (page, _("Items with a picture"), rf_catalog_count_images (catalog));
  put_count (page, _("Items with a text"), rf_catalog_count_texts (catalog));
  put_fact (page, _("Data"), trained->run->data_hash);
  put_fact (page, _("Split"), trained->run->split_hash);
  report_put (page->writer, "</dl>\n<details><summary>");
  put_escaped (page, _("All settings"));
  report_put (page->writer, "</summary><pre>");
  put_escaped (page, config);
  report_put (page->writer, "</pre></details>\n</div>\n");
  put_metrics (page);
  report_put (page->writer, "</div>\n</section>\n");
}

static void
put_past (Page *page, const ReportUser *user)
{
  gsize shown = MIN (user->n_history, MAX_PAST);

  report_put (page->writer, "<h3>");
  put_escaped (page, _("What the user chose before"));
  report_put (page->writer, "</h3>\n<ul class=\"past\">\n");
  for (gsize i = 0; i < shown; i++)
    {
      report_put (page->writer, "<li>");
      put_picture (page, user->history[i], "");
      put_escaped (page, rf_catalog_get_item_label (page->writer->catalog, user->history[i]));
      report_put (page->writer, "</li>\n");
    }
  report_put (page->writer, "</ul>\n");
  if (shown < user->n_history)
    {
      report_put (page->writer, "<p class=\"dim\">");
      report_putf (page->writer, g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", (guint) (user->n_history - shown)), (guint) (user->n_history - shown));
      report_put (page->writer, "</p>\n");
    }
}

static void
put_title (Page *page, const RfRanked *ranked)
{
  const RfCatalog *catalog = page->writer->catalog;
  g_auto(GStrv) categories = g_strsplit (rf_catalog_get_item_category (catalog, ranked->item), "|", -1);
  g_autofree char *category = g_strjoinv (", ", categories);

  report_put (page->writer, "<td class=\"title\"><b>");
  put_escaped (page, rf_catalog_get_item_label (catalog, ranked->item));
  report_put (page->writer, "</b><span>");
  put_escaped (page, rf_catalog_get_item_id (catalog, ranked->item));
  if (*category != '\0')
    {
      report_put (page->writer, " · ");
      put_escaped (page, category);
    }
  report_put (page->writer, "</span>");
  if (ranked->held_out_hit)
    {
      report_put (page->writer, " <span class=\"badge\">");
      put_escaped (page, _("✓ chosen later"));
      report_put (page->writer, "</span>");
    }
  put_note (page, "item", rf_catalog_get_item_id (catalog, ranked->item));
  report_put (page->writer, "</td>");
}

static void
put_place (Page *page, const RfRanked *ranked, guint rank, double low, double high)
{
  const RfReport *report = page->writer->report;
  RfPlotShares shares = report_shares (page->writer->model, ranked);
  RfPlotSigned bars = report_signed (page->writer->model, ranked, low, high);

  report_putf (page->writer, "<tr><td class=\"n rank\">%u</td>", rank);
  if (report_has_column (report, RF_REPORT_PICTURE))
    {
      report_put (page->writer, "<td class=\"pic\">");
      put_picture (page, ranked->item, "");
      report_put (page->writer, "</td>");
    }
  put_title (page, ranked);
  if (report_has_column (report, RF_REPORT_ATTENTION))
    {
      report_put (page->writer, "<td>");
      report_svg_append (&page->svg, page->writer->text, &rf_plot_shares_kind, &shares, BAR_WIDTH, BAR_HEIGHT);
      report_put (page->writer, "</td>");
    }
  if (report_has_column (report, RF_REPORT_CONTRIBUTION))
    {
      report_put (page->writer, "<td>");
      report_svg_append (&page->svg, page->writer->text, &rf_plot_signed_kind, &bars, BAR_WIDTH, BAR_HEIGHT);
      report_put (page->writer, "</td>");
    }
  if (report_has_column (report, RF_REPORT_SCORE))
    {
      report_put (page->writer, "<td class=\"n\">");
      put_number (page, (double) ranked->score, 3);
      report_put (page->writer, "</td>");
    }
  if (report_has_column (report, RF_REPORT_DRIVER))
    {
      report_put (page->writer, "<td>");
      put_escaped (page, report_driver_label (page->writer->model, ranked));
      report_put (page->writer, "</td>");
    }
  report_put (page->writer, "</tr>\n");
}

static void
put_heading (Page *page, const char *class, const char *text)
{
  report_putf (page->writer, "<th%s>", class);
  put_escaped (page, text);
  report_put (page->writer, "</th>");
}

static void
put_ranking (Page *page, const ReportUser *user)
{
  const RfReport *report = page->writer->report;
  double low, high;

  if (user->ranking->n == 0)
    return;
  report_fit_scale (page->writer->model, user->ranking, &low, &high);
  report_put (page->writer, "<h3>");
  put_escaped (page, _("Recommendations"));
  report_put (page->writer, "</h3>\n<div class=\"scroll\"><table>\n<thead><tr><th class=\"n\">#</th>");
  if (report_has_column (report, RF_REPORT_PICTURE))
    report_put (page->writer, "<th></th>");
  put_heading (page, "", _("Item"));
  if (report_has_column (report, RF_REPORT_ATTENTION))
    put_heading (page, "", _("Attention"));
  if (report_has_column (report, RF_REPORT_CONTRIBUTION))
    put_heading (page, "", _("Contributions to the score"));
  if (report_has_column (report, RF_REPORT_SCORE))
    put_heading (page, " class=\"n\"", _("Score"));
  if (report_has_column (report, RF_REPORT_DRIVER))
    put_heading (page, "", _("Driver"));
  report_put (page->writer, "</tr></thead>\n<tbody>\n");
  for (guint place = 0; place < user->ranking->n; place++)
    put_place (page, &user->ranking->items[place], place + 1, low, high);
  report_put (page->writer, "</tbody></table></div>\n");
}

static void
put_evidence (Page *page, const ReportUser *user)
{
  const RfModel *model = page->writer->model;

  report_put (page->writer, "<h3>");
  put_escaped (page, _("Evidence: how well each modality alone foresees the user's own past"));
  report_put (page->writer, "</h3>\n<dl>\n");
  for (guint m = 0; m < model->n_modalities; m++)
    {
      report_put (page->writer, "<dt>");
      put_escaped (page, rf_plot_modality_label (model->names[m]));
      report_put (page->writer, "</dt><dd>");
      put_number (page, (double) user->ranking->evidence[m], 2);
      report_put (page->writer, "</dd>\n");
    }
  report_put (page->writer, "</dl>\n");
}

static void
put_hits (Page *page, const ReportUser *user)
{
  if (user->n_held_out == 0)
    return;
  report_put (page->writer, "<p class=\"dim\">");
  report_putf (page->writer, _("%u of the %u items that the model was not shown are among these %u."), user->n_hits, (guint) user->n_held_out, user->ranking->n);
  report_put (page->writer, "</p>\n");
}

static void
put_user (Page *page, const ReportUser *user, guint number)
{
  g_autofree char *sentence = report_say_drivers (page->writer->model, user->ranking);
  g_autofree float *shares = NULL;
  g_autofree int *drivers = NULL;
  RfPlotTernary ternary;

  report_putf (page->writer, "<section class=\"user\" id=\"user-%u\">\n<h2>", number);
  put_escaped (page, _("User"));
  report_put (page->writer, " ");
  put_escaped (page, user->id);
  report_put (page->writer, "</h2>\n");
  put_note (page, "user", user->id);
  if (*sentence != '\0')
    {
      report_put (page->writer, "<p class=\"lead\">");
      put_escaped (page, sentence);
      report_put (page->writer, "</p>\n");
    }
  put_hits (page, user);
  report_put (page->writer, "<div class=\"cols\"><div>\n");
  put_past (page, user);
  put_evidence (page, user);
  report_put (page->writer, "</div>\n");
  if (report_ternary (page->writer->model, user->ranking, &ternary, &shares, &drivers))
    {
      report_put (page->writer, "<figure>");
      report_svg_append (&page->svg, page->writer->text, &rf_plot_ternary_kind, &ternary, TERNARY_WIDTH, TERNARY_HEIGHT);
      report_put (page->writer, "<figcaption>");
      put_escaped (page, _("Attention of the recommendations. Colour and shape: the driver."));
      report_put (page->writer, "</figcaption></figure>\n");
    }
  report_put (page->writer, "</div>\n");
  put_ranking (page, user);
  report_put (page->writer, "</section>\n");
}

static void
put_warning (Page *page, const char *text)
{
  report_put (page->writer, "<p class=\"warn\">");
  put_escaped (page, text);
  report_put (page->writer, "</p>\n");
}

static void
put_missing (Page *page, guint n)
{
  g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more user is left out to keep the file within %.1f MB.", "%u more users are left out to keep the file within %.1f MB.", n), n,
                                           (double) page->writer->report->budget / 1e6);

  put_warning (page, text);
}

static void
put_left_out (Page *page)
{
  guint n = page->left_out;
  g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u picture is left out to keep the file within %.1f MB.", "%u pictures are left out to keep the file within %.1f MB.", n), n,
                                           (double) page->writer->report->budget / 1e6);

  put_warning (page, text);
}

void
report_write_html (ReportWriter *self)
{
  Page page = { .writer = self };

  report_svg_init (&page.svg);
  put_head (&page);
  put_top (&page);
  for (guint u = 0; u < self->report->n_users && report_step (self, u); u++)
    {
      g_autoptr(ReportUser) user = NULL;
      gsize before = page_size (&page);

      /* The first one is always there; a page without anybody would be of no use. */
      if (u > 0 && !fits (&page, 0))
        {
          put_missing (&page, self->report->n_users - u);
          break;
        }
      user = report_rank (self->report, u);
      page.in_pictures = 0;
      put_user (&page, user, u + 1);
      page.section = MAX (page.section, page_size (&page) - before - page.in_pictures);
    }
  if (page.left_out > 0)
    put_left_out (&page);
  put_explanation (&page);
  put_facts (&page);
  report_put (self, "</main>\n<footer>");
  put_escaped (&page, _("Made by Refract. Every number is that of the program and of refract-cli rank."));
  report_put (self, "</footer>\n");
  report_svg_append_symbols (&page.svg, self->text);
  report_put (self, "</body>\n</html>\n");
  report_svg_clear (&page.svg);
}
