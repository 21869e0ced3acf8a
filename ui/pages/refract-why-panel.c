/* refract-why-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-why-panel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/explain/rf-attribution.h"
#include "core/explain/rf-words.h"
#include "core/plot/rf-plot-bars.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/charts/refract-plot.h"
#include "ui/refract-thumbnails.h"

#define PAST_ITEMS 4

struct _RefractWhyPanel
{
  AdwBin parent_instance;

  GtkStack *stack;
  RefractThumbnail *picture;
  GtkLabel *title_label, *words_label, *category_label, *text_label, *numbers_label, *past_heading;
  RefractPlot *attention_plot, *parts_plot;
  GtkBox *past_box;

  RefractRanking *ranking;
  RefractSession *session;
  guint n_working;
  guint ticket; /* of what was asked for last */
  RfRanked ranked;
  RfPlotShares shares;
  RfPlotSigned parts;
};

G_DEFINE_FINAL_TYPE (RefractWhyPanel, refract_why_panel, ADW_TYPE_BIN)

GtkWidget *
refract_why_panel_new (void)
{
  return g_object_new (REFRACT_TYPE_WHY_PANEL, NULL);
}

typedef struct
{
  guint32 item;
  double share;
} Past;

/* What a thread works out, from immutable snapshots. */
typedef struct
{
  RefractRanking *ranking;
  RfCatalog *catalog;
  guint32 item;
  guint place, ticket;
  char *words;
  Past *past; /* largest share first */
} Reasons;

static void
reasons_free (gpointer data)
{
  Reasons *reasons = data;

  refract_ranking_unref (reasons->ranking);
  rf_catalog_unref (reasons->catalog);
  g_free (reasons->words);
  g_free (reasons->past);
  g_free (reasons);
}

static RfScores *
score (const RefractRanking *ranking)
{
  const RfModel *model = ranking->trained->model;
  gsize ptr[2] = { 0, ranking->n_history };
  RfCsr row = { .rows = 1, .cols = model->n_items, .ptr = ptr, .idx = ranking->history };
  RfScores *scores = rf_scores_new (model, 1);

  rf_model_score (model, &row, 0, 1, ranking->user, ranking->reweighted ? ranking->weights : NULL, scores);
  return scores;
}

static int
by_share (gconstpointer a, gconstpointer b)
{
  const Past *x = a, *y = b;

  return x->share > y->share ? -1 : x->share < y->share;
}

/* What every past item adds over all modalities. */
static void
find_past (Reasons *reasons, const RfScores *scores)
{
  const RefractRanking *r = reasons->ranking;
  g_autofree double *shares = g_new (double, r->n_history + 1);

  reasons->past = g_new0 (Past, r->n_history + 1);
  for (gsize j = 0; j < r->n_history; j++)
    reasons->past[j].item = r->history[j];
  for (guint m = 0; m < r->trained->model->n_modalities; m++)
    {
      rf_history_shares (r->trained->model, scores, 0, m, r->history, r->n_history, reasons->item, shares);
      for (gsize j = 0; j < r->n_history; j++)
        reasons->past[j].share += shares[j];
    }
  qsort (reasons->past, r->n_history, sizeof *reasons->past, by_share);
}

static void
work_out (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reasons *reasons = data;
  const RefractRanking *r = reasons->ranking;
  g_autoptr(RfScores) scores = score (r);

  reasons->words = rf_words_explain (r->trained->model, reasons->catalog, scores, r->history, r->n_history, r->user, reasons->item, reasons->place + 1);
  find_past (reasons, scores);
  g_task_return_boolean (task, TRUE);
}

static GtkWidget *
make_past (RefractSession *session, const Past *past)
{
  RfCatalog *catalog = refract_session_get_catalog (session);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *picture = refract_thumbnail_new (36, 36), *title = gtk_label_new (rf_catalog_get_item_label (catalog, past->item));
  g_autofree char *number = g_strdup_printf ("%+.3f", past->share);
  GtkWidget *value = gtk_label_new (number);

  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (session), past->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, rf_catalog_get_item_label (catalog, past->item), -1);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_tooltip_text (title, rf_catalog_get_item_label (catalog, past->item));
  gtk_widget_add_css_class (value, "numeric");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), value);
  return box;
}

static void
clear_past (RefractWhyPanel *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->past_box))) != NULL)
    gtk_box_remove (self->past_box, child);
  gtk_widget_set_visible (GTK_WIDGET (self->past_heading), FALSE);
}

static void
worked_out_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractWhyPanel) self = data;
  const Reasons *reasons = g_task_get_task_data (G_TASK (result));

  self->n_working--;
  if (reasons->ticket != self->ticket || self->session == NULL)
    return;
  gtk_label_set_text (self->words_label, reasons->words);
  clear_past (self);
  for (gsize j = 0; j < MIN (reasons->ranking->n_history, PAST_ITEMS) && reasons->past[j].share > 0; j++)
    gtk_box_append (self->past_box, make_past (self->session, &reasons->past[j]));
  gtk_widget_set_visible (GTK_WIDGET (self->past_heading), gtk_widget_get_first_child (GTK_WIDGET (self->past_box)) != NULL);
}

static void
ask (RefractWhyPanel *self, guint place)
{
  Reasons *reasons = g_new0 (Reasons, 1);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, worked_out_cb, g_object_ref (self));

  reasons->ranking = refract_ranking_ref (self->ranking);
  reasons->catalog = rf_catalog_ref (refract_session_get_catalog (self->session));
  reasons->item = self->ranked.item;
  reasons->place = place;
  reasons->ticket = self->ticket;
  g_task_set_task_data (task, reasons, reasons_free);
  self->n_working++;
  g_task_run_in_thread (task, work_out);
}

gboolean
refract_why_panel_is_settled (RefractWhyPanel *self)
{
  return self->n_working == 0;
}

static void
show_numbers (RefractWhyPanel *self)
{
  const RfModel *model = self->ranking->trained->model;
  GString *text = g_string_new (NULL);

  for (guint m = 0; m < model->n_modalities; m++)
    g_string_append_printf (text, "%s%s %+.3f", m ? "  " : "", rf_plot_modality_label (model->names[m]), (double) self->ranked.contribution[m]);
  g_string_append_printf (text, _("  popularity %+.3f  =  score %.3f"), (double) self->ranked.popularity, (double) self->ranked.score);
  gtk_label_set_text (self->numbers_label, text->str);
  g_string_free (text, TRUE);
}

void
refract_why_panel_set (RefractWhyPanel *self, RefractSession *session, RefractRanking *ranking, guint place)
{
  const RfModel *model;
  RfCatalog *catalog;

  self->ticket++;
  g_set_object (&self->session, session);
  refract_plot_set (self->attention_plot, NULL, NULL);
  refract_plot_set (self->parts_plot, NULL, NULL);
  if (ranking)
    refract_ranking_ref (ranking);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking;
  gtk_stack_set_visible_child_name (self->stack, ranking && place < ranking->ranking->n ? "why" : "empty");
  if (ranking == NULL || place >= ranking->ranking->n)
    return;
  model = ranking->trained->model;
  catalog = refract_session_get_catalog (session);
  self->ranked = ranking->ranking->items[place];
  refract_thumbnail_set_item (self->picture, refract_thumbnails_get_for_session (session), self->ranked.item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, rf_catalog_get_item_label (catalog, self->ranked.item), -1);
  gtk_label_set_text (self->title_label, rf_catalog_get_item_label (catalog, self->ranked.item));
  gtk_label_set_text (self->category_label, rf_catalog_get_item_category (catalog, self->ranked.item));
  gtk_widget_set_visible (GTK_WIDGET (self->category_label), *rf_catalog_get_item_category (catalog, self->ranked.item) != '\0');
  gtk_label_set_text (self->text_label, rf_catalog_get_item_description (catalog, self->ranked.item));
  self->shares = (RfPlotShares) { model->n_modalities, (const char *const *) model->names, self->ranked.attention, NULL };
  refract_plot_set (self->attention_plot, &rf_plot_shares_kind, &self->shares);
  self->parts = (RfPlotSigned) { model->n_modalities, (const char *const *) model->names, self->ranked.contribution, (double) self->ranked.popularity, 0, 0, TRUE };
  refract_plot_set (self->parts_plot, &rf_plot_signed_kind, &self->parts);
  show_numbers (self);
  ask (self, place);
}

static GtkLabel *
make_label (const char *text, const char *css)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css)
    gtk_widget_add_css_class (label, css);
  return GTK_LABEL (label);
}

static void
refract_why_panel_dispose (GObject *object)
{
  RefractWhyPanel *self = REFRACT_WHY_PANEL (object);

  if (self->parts_plot)
    {
      refract_plot_set (self->attention_plot, NULL, NULL);
      refract_plot_set (self->parts_plot, NULL, NULL);
      self->attention_plot = self->parts_plot = NULL;
    }
  self->ticket++;
  g_clear_object (&self->session);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  G_OBJECT_CLASS (refract_why_panel_parent_class)->dispose (object);
}

static void
refract_why_panel_class_init (RefractWhyPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_why_panel_dispose;
}

static void
refract_why_panel_init (RefractWhyPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *scrolled = gtk_scrolled_window_new (), *empty = adw_status_page_new ();
  RfPlotTheme theme;
  RfPlotSigned three = { .n = 3, .detailed = TRUE };

  rf_plot_theme_init (&theme, FALSE);
  self->picture = REFRACT_THUMBNAIL (refract_thumbnail_new (180, 180));
  self->title_label = make_label (NULL, "title-3");
  self->category_label = make_label (NULL, "dim-label");
  self->words_label = make_label (NULL, NULL);
  gtk_label_set_selectable (self->words_label, FALSE);
  self->attention_plot = REFRACT_PLOT (refract_plot_new (_("Attention"), 220, 24));
  self->parts_plot = REFRACT_PLOT (refract_plot_new (_("Contributions"), 220, (int) ceil (rf_plot_signed_get_height (&three, &theme))));
  self->numbers_label = make_label (NULL, "caption");
  self->past_heading = make_label (_("Past items that count"), "heading");
  self->past_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  self->text_label = make_label (NULL, "dim-label");
  gtk_widget_set_halign (GTK_WIDGET (self->picture), GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->title_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->category_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (make_label (_("Attention: how much each may say"), "heading")));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->attention_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (make_label (_("Contribution: what each adds to the score"), "heading")));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->parts_plot));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->numbers_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->past_heading));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->past_box));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text_label));
  gtk_widget_add_css_class (box, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "refract-explore-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("Why This Item?"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _("Choose an item of the ranking."));
  gtk_widget_add_css_class (empty, "compact");
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_stack_add_named (self->stack, scrolled, "why");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
