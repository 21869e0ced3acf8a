/* refract-why-panel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-why-panel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "app/refract-explainer.h"
#include "core/plot/rf-plot-bars.h"
#include "core/plot/rf-plot-heat.h"
#include "core/plot/rf-plot-waterfall.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/charts/refract-plot-menu.h"
#include "ui/pages/refract-why-text.h"
#include "ui/refract-thumbnails.h"

#define PAST_ITEMS 5
#define PICTURE    180
#define BAR        24

struct _RefractWhyPanel
{
  AdwBin parent_instance;

  GtkStack *stack;
  RefractThumbnail *picture;
  RefractPlot *heat_plot;
  GtkToggleButton *heat_button;
  GtkLabel *title_label, *words_label, *category_label, *agreement_label, *text_label;
  RefractPlot *attention_plot, *shapley_plot, *parts_plot;
  GtkWidget *shapley_caption, *past_heading, *changes_heading, *text_heading;
  GtkLabel *parts_heading, *text_caption, *note_label;
  GtkBox *past_box, *changes_box;

  RefractExplainer *explainer;
  RefractReasons *reasons;
  RefractRanking *ranking;
  RefractSession *session;
  RfRanked ranked;
  RfPlotShares attention, shapley;
  RfPlotWaterfall parts;
  RfPlotHeat heat;
};

enum
{
  ITEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractWhyPanel, refract_why_panel, ADW_TYPE_BIN)

GtkWidget *
refract_why_panel_new (void)
{
  return g_object_new (REFRACT_TYPE_WHY_PANEL, NULL);
}

gboolean
refract_why_panel_is_settled (RefractWhyPanel *self)
{
  return refract_explainer_is_settled (self->explainer);
}

const RefractReasons *
refract_why_panel_get_reasons (RefractWhyPanel *self)
{
  return self->reasons;
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
clear_box (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

/* Past items. */

static void
past_clicked_cb (GtkButton *button, RefractWhyPanel *self)
{
  g_signal_emit (self, signals[ITEM], 0, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "item")));
}

static GtkWidget *
make_past (RefractWhyPanel *self, const RefractPast *past)
{
  RfCatalog *catalog = refract_session_get_catalog (self->session);
  const char *label = rf_catalog_get_item_label (catalog, past->item);
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *picture = refract_thumbnail_new (36, 36), *title = gtk_label_new (label);
  g_autofree char *number = g_strdup_printf ("%+.3f", past->share), *spoken = g_strdup_printf (_("%s adds %+.3f"), label, past->share);
  GtkWidget *value = gtk_label_new (number);

  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (self->session), past->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_add_css_class (value, "numeric");
  gtk_box_append (GTK_BOX (box), picture);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), value);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "past-item");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_object_set_data (G_OBJECT (button), "item", GUINT_TO_POINTER (past->item));
  g_signal_connect (button, "clicked", G_CALLBACK (past_clicked_cb), self);
  return button;
}

static void
show_past (RefractWhyPanel *self)
{
  guint n = 0;

  clear_box (self->past_box);
  for (guint j = 0; j < self->reasons->n_past && n < PAST_ITEMS && self->reasons->past[j].share > 0; j++, n++)
    gtk_box_append (self->past_box, make_past (self, &self->reasons->past[j]));
  gtk_widget_set_visible (self->past_heading, n > 0);
}

/* Changes. */

static void
show_changes (RefractWhyPanel *self)
{
  g_auto(GStrv) lines = refract_why_describe_changes (self->reasons);

  clear_box (self->changes_box);
  for (guint i = 0; lines[i]; i++)
    gtk_box_append (self->changes_box, GTK_WIDGET (make_label (lines[i], NULL)));
  gtk_widget_set_visible (self->changes_heading, lines[0] != NULL);
}

static void
show_shapley (RefractWhyPanel *self)
{
  const RfModel *model = self->ranking->trained->model;
  g_autofree char *agreement = refract_why_describe_agreement (self->reasons);
  gboolean several = rf_model_get_n_modalities (model) > 1;

  self->shapley = (RfPlotShares) { model->n_modalities, (const char *const *) model->names, self->reasons->shapley, _("Shapley values") };
  refract_plot_set (self->shapley_plot, several ? &rf_plot_shares_kind : NULL, &self->shapley);
  gtk_widget_set_visible (GTK_WIDGET (self->shapley_plot), several);
  gtk_widget_set_visible (self->shapley_caption, several);
  gtk_label_set_text (self->agreement_label, agreement);
  gtk_widget_set_visible (GTK_WIDGET (self->agreement_label), *agreement != '\0');
}

/* The picture and the text. */

/* As it is saved: with the picture under it, of the size that is on the screen. */
static void
draw_pictured (gconstpointer panel, cairo_t *cr, double width, double height, const RfPlotTheme *theme)
{
  const RefractWhyPanel *self = panel;
  GdkTexture *texture = refract_thumbnail_get_texture (self->picture);
  RfPlotHeat heat = self->heat;

  if (texture)
    {
      heat.picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, gdk_texture_get_width (texture), gdk_texture_get_height (texture));
      gdk_texture_download (texture, cairo_image_surface_get_data (heat.picture), (gsize) cairo_image_surface_get_stride (heat.picture));
      cairo_surface_mark_dirty (heat.picture);
    }
  rf_plot_heat_draw (&heat, cr, width, height, theme);
  g_clear_pointer (&heat.picture, cairo_surface_destroy);
}

static char *
describe_pictured (gconstpointer panel)
{
  return rf_plot_heat_describe (&((const RefractWhyPanel *) panel)->heat);
}

static void
tabulate_pictured (gconstpointer panel, GString *csv)
{
  rf_plot_heat_kind.table (&((const RefractWhyPanel *) panel)->heat, csv);
}

static const RfPlotKind pictured_kind = { .draw = draw_pictured, .describe = describe_pictured, .table = tabulate_pictured };

static void
show_heat (RefractWhyPanel *self)
{
  const RfSaliency *saliency = self->reasons ? self->reasons->saliency : NULL;
  gboolean shown = saliency && gtk_toggle_button_get_active (self->heat_button);

  gtk_widget_set_visible (GTK_WIDGET (self->heat_button), saliency != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->heat_plot), shown);
  if (saliency)
    self->heat = (RfPlotHeat) { saliency->cells, saliency->loss, self->reasons->aspect, NULL };
  refract_plot_set (self->heat_plot, shown ? &rf_plot_heat_kind : NULL, &self->heat);
  if (shown)
    refract_plot_set_saved (self->heat_plot, &pictured_kind, self);
}

static void
show_text (RefractWhyPanel *self)
{
  const char *plain = rf_catalog_get_item_description (refract_session_get_catalog (self->session), self->ranked.item);
  gboolean marked = self->reasons && self->reasons->tokens;
  RfPlotTheme theme;

  if (marked)
    {
      refract_plot_get_theme (self->parts_plot, &theme);
      refract_why_mark_text (self->text_label, self->reasons, &theme);
    }
  else
    {
      gtk_label_set_attributes (self->text_label, NULL);
      gtk_label_set_text (self->text_label, plain);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->text_caption), marked);
  gtk_widget_set_visible (self->text_heading, marked || *plain != '\0');
}

static void
show_note (RefractWhyPanel *self)
{
  const char *note = NULL;

  if (self->session && self->ranking)
    note = refract_session_get_note (self->session, "item", rf_catalog_get_item_id (refract_session_get_catalog (self->session), self->ranked.item));
  gtk_label_set_text (self->note_label, note ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), note != NULL);
}

static void
note_clicked_cb (RefractWhyPanel *self)
{
  if (self->session && self->ranking)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.note-item", "s", rf_catalog_get_item_id (refract_session_get_catalog (self->session), self->ranked.item));
}

static void
reasons_cb (RefractWhyPanel *self, RefractReasons *reasons)
{
  refract_plot_set (self->shapley_plot, NULL, NULL);
  refract_plot_set (self->heat_plot, NULL, NULL);
  refract_reasons_ref (reasons);
  g_clear_pointer (&self->reasons, refract_reasons_unref);
  self->reasons = reasons;
  if (self->session == NULL || self->ranking == NULL)
    return;
  gtk_label_set_text (self->words_label, reasons->words);
  if (!reasons->complete)
    {
      show_past (self);
      show_shapley (self);
    }
  else
    {
      show_shapley (self); /* the same numbers, of the other object */
      show_text (self);
    }
  show_changes (self);
  show_heat (self);
}

static void
show_numbers (RefractWhyPanel *self)
{
  const RfModel *model = self->ranking->trained->model;
  RfPlotTheme theme;

  self->attention = (RfPlotShares) { model->n_modalities, (const char *const *) model->names, self->ranked.attention, NULL };
  refract_plot_set (self->attention_plot, &rf_plot_shares_kind, &self->attention);
  self->parts = (RfPlotWaterfall) { model->n_modalities, (const char *const *) model->names, self->ranked.contribution, (double) self->ranked.popularity };
  refract_plot_get_theme (self->parts_plot, &theme);
  refract_plot_set_natural_height (self->parts_plot, (int) ceil (rf_plot_waterfall_get_height (model->n_modalities, &theme)));
  refract_plot_set (self->parts_plot, &rf_plot_waterfall_kind, &self->parts);
  gtk_label_set_text (self->parts_heading, rf_model_is_additive (model) ? _("How the score comes about") : _("How the score comes about (Shapley values)"));
}

static void
forget (RefractWhyPanel *self)
{
  refract_plot_set (self->attention_plot, NULL, NULL);
  refract_plot_set (self->shapley_plot, NULL, NULL);
  refract_plot_set (self->parts_plot, NULL, NULL);
  refract_plot_set (self->heat_plot, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->heat_plot), FALSE);
  g_clear_pointer (&self->reasons, refract_reasons_unref);
}

void
refract_why_panel_set (RefractWhyPanel *self, RefractSession *session, RefractRanking *ranking, guint place)
{
  gboolean some = ranking && place < ranking->ranking->n;
  gboolean same_item = some && self->ranking && self->ranked.item == ranking->ranking->items[place].item;
  g_auto(GStrv) parts = NULL;
  g_autofree char *categories = NULL;
  RfCatalog *catalog;

  if (self->session != session)
    {
      if (self->session)
        g_signal_handlers_disconnect_by_data (self->session, self);
      g_set_object (&self->session, session);
      if (session)
        g_signal_connect_object (session, "notes-changed", G_CALLBACK (show_note), self, G_CONNECT_SWAPPED);
    }
  forget (self);
  if (ranking)
    refract_ranking_ref (ranking);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking;
  gtk_stack_set_visible_child_name (self->stack, some ? "why" : "empty");
  refract_explainer_ask (self->explainer, session ? refract_session_get_path (session) : NULL, some ? ranking : NULL, place);
  if (!some)
    return;
  catalog = refract_session_get_catalog (session);
  self->ranked = ranking->ranking->items[place];
  refract_thumbnail_set_item (self->picture, refract_thumbnails_get_for_session (session), self->ranked.item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, rf_catalog_get_item_label (catalog, self->ranked.item), -1);
  gtk_label_set_text (self->title_label, rf_catalog_get_item_label (catalog, self->ranked.item));
  parts = g_strsplit (rf_catalog_get_item_category (catalog, self->ranked.item), "|", -1);
  categories = g_strjoinv (", ", parts);
  gtk_label_set_text (self->category_label, categories);
  gtk_widget_set_visible (GTK_WIDGET (self->category_label), *categories != '\0');
  show_numbers (self);
  show_note (self);
  /* While a slider moves the same item is shown again and again: what is there stays until it is worked out anew. */
  if (!same_item)
    show_text (self);
}

static GtkWidget *
make_picture (RefractWhyPanel *self)
{
  GtkWidget *overlay = gtk_overlay_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  self->picture = REFRACT_THUMBNAIL (refract_thumbnail_new (PICTURE, PICTURE));
  self->heat_plot = REFRACT_PLOT (refract_plot_new (_("Where the picture speaks for the item"), PICTURE, PICTURE));
  refract_plot_add_menu (self->heat_plot, "where-it-counts");
  gtk_widget_set_visible (GTK_WIDGET (self->heat_plot), FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->picture));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->heat_plot));
  gtk_widget_set_halign (overlay, GTK_ALIGN_CENTER);
  self->heat_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_("Where It Counts")));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->heat_button), _("Covered in turn, the coloured parts lower the score most"));
  gtk_widget_add_css_class (GTK_WIDGET (self->heat_button), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self->heat_button), "caption");
  gtk_widget_set_halign (GTK_WIDGET (self->heat_button), GTK_ALIGN_CENTER);
  gtk_widget_set_visible (GTK_WIDGET (self->heat_button), FALSE);
  gtk_toggle_button_set_active (self->heat_button, TRUE);
  g_signal_connect_swapped (self->heat_button, "notify::active", G_CALLBACK (show_heat), self);
  gtk_box_append (GTK_BOX (box), overlay);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->heat_button));
  return box;
}

static GtkWidget *
make_why (RefractWhyPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10), *scrolled = gtk_scrolled_window_new (), *shares = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *row, *note;

  self->title_label = make_label (NULL, "title-3");
  self->category_label = make_label (NULL, "dim-label");
  self->words_label = make_label (NULL, NULL);
  self->parts_heading = make_label (NULL, "heading");
  self->parts_plot = REFRACT_PLOT (refract_plot_new (_("How the score comes about"), 220, 110));
  refract_plot_add_menu (self->parts_plot, "contributions");
  self->attention_plot = REFRACT_PLOT (refract_plot_new (_("Attention"), 220, BAR));
  refract_plot_add_menu (self->attention_plot, "attention");
  self->shapley_plot = REFRACT_PLOT (refract_plot_new (_("Shapley values"), 220, BAR));
  refract_plot_add_menu (self->shapley_plot, "shapley");
  self->shapley_caption = GTK_WIDGET (make_label (_("Shapley value: what each really moves"), "caption"));
  self->agreement_label = make_label (NULL, NULL);
  self->changes_heading = GTK_WIDGET (make_label (_("What if"), "heading"));
  self->changes_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 4));
  self->past_heading = GTK_WIDGET (make_label (_("Past items that count"), "heading"));
  self->past_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 2));
  self->text_heading = GTK_WIDGET (make_label (_("Its text"), "heading"));
  self->text_caption = make_label (_("Shaded words speak for it, underlined ones against it."), "caption");
  self->text_label = make_label (NULL, NULL);
  gtk_box_append (GTK_BOX (shares), GTK_WIDGET (make_label (_("Attention: how much each may say"), "caption")));
  gtk_box_append (GTK_BOX (shares), GTK_WIDGET (self->attention_plot));
  gtk_box_append (GTK_BOX (shares), self->shapley_caption);
  gtk_box_append (GTK_BOX (shares), GTK_WIDGET (self->shapley_plot));
  gtk_box_append (GTK_BOX (shares), GTK_WIDGET (self->agreement_label));
  gtk_box_append (GTK_BOX (box), make_picture (self));
  row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  note = gtk_button_new_from_icon_name ("document-edit-symbolic");
  gtk_widget_set_tooltip_text (note, _("Write a Note on This Item"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (note), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Write a note on this item"), -1);
  gtk_widget_add_css_class (note, "flat");
  gtk_widget_set_valign (note, GTK_ALIGN_START);
  g_signal_connect_swapped (note, "clicked", G_CALLBACK (note_clicked_cb), self);
  gtk_widget_set_hexpand (GTK_WIDGET (self->title_label), TRUE);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->title_label));
  gtk_box_append (GTK_BOX (row), note);
  self->note_label = make_label (NULL, "note");
  gtk_box_append (GTK_BOX (box), row);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->category_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->note_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words_label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->parts_heading));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->parts_plot));
  gtk_box_append (GTK_BOX (box), shares);
  gtk_box_append (GTK_BOX (box), self->changes_heading);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->changes_box));
  gtk_box_append (GTK_BOX (box), self->past_heading);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->past_box));
  gtk_box_append (GTK_BOX (box), self->text_heading);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text_caption));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->text_label));
  gtk_widget_add_css_class (box, "side-pane");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  return scrolled;
}

static void
refract_why_panel_dispose (GObject *object)
{
  RefractWhyPanel *self = REFRACT_WHY_PANEL (object);

  if (self->parts_plot)
    {
      forget (self);
      g_signal_handlers_disconnect_by_data (self->explainer, self);
      g_signal_handlers_disconnect_by_data (self->heat_button, self);
      refract_explainer_ask (self->explainer, NULL, NULL, 0);
    }
  self->parts_plot = NULL;
  g_clear_object (&self->explainer);
  g_clear_object (&self->session);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  G_OBJECT_CLASS (refract_why_panel_parent_class)->dispose (object);
}

static void
refract_why_panel_class_init (RefractWhyPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_why_panel_dispose;
  signals[ITEM] = g_signal_new ("item", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
refract_why_panel_init (RefractWhyPanel *self)
{
  GtkWidget *empty = adw_status_page_new ();

  self->explainer = refract_explainer_new ();
  g_signal_connect_swapped (self->explainer, "reasons", G_CALLBACK (reasons_cb), self);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (empty), "refract-explore-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (empty), _("Why This Item?"));
  adw_status_page_set_description (ADW_STATUS_PAGE (empty), _("Choose an item of the ranking."));
  gtk_widget_add_css_class (empty, "compact");
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, empty, "empty");
  gtk_stack_add_named (self->stack, make_why (self), "why");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}
