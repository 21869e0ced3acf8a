/* refract-share-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-share-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/plot/rf-plot-parallel.h"
#include "core/plot/rf-plot-ternary.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/charts/refract-plot-menu.h"
#include "ui/refract-thumbnails.h"

#define TOP         50 /* places of the ranking */
#define REACH       12
#define CARD        88
#define HIGH_PLOT   150
#define LOW_PLOT    112
#define LEAST_BRUSH 6  /* pixels: less is a click */

struct _RefractShareView
{
  AdwBin parent_instance;

  GtkDropDown *what_drop;
  GtkWidget *clear_button;
  GtkWidget *box, *bar;
  GtkLabel *message_label;
  RefractPlot *plot;
  GtkWidget *card;
  RefractThumbnail *picture;
  GtkLabel *card_label;

  RefractSession *session;
  RefractRanking *ranking;
  RefractOverview *overview;
  RefractSharesOf what;
  gboolean narrow, brushing;

  guint n_modalities, n; /* points, without the one of the mean */
  gboolean has_mean;
  float *shares; /* n x axes */
  int *drivers;
  float *sizes;
  guint32 *items; /* n: what each point is */
  guint32 *users; /* n, for REFRACT_SHARES_EVERY_USER, else NULL */
  RfPlotTernary ternary;
  RfPlotParallel parallel;
};

enum
{
  SELECTED,
  USER,
  ITEM,
  FILTERED,
  EVERY_ITEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractShareView, refract_share_view, ADW_TYPE_BIN)

GtkWidget *
refract_share_view_new (void)
{
  return g_object_new (REFRACT_TYPE_SHARE_VIEW, NULL);
}

static gboolean
is_ternary (RefractShareView *self)
{
  return self->n_modalities <= 3;
}

static const RfModel *
model_of (RefractShareView *self)
{
  if (self->what == REFRACT_SHARES_EVERY_USER)
    return self->overview ? self->overview->trained->model : NULL;
  return self->ranking ? self->ranking->trained->model : NULL;
}

/* Points. */

static void
clear_points (RefractShareView *self)
{
  refract_plot_set (self->plot, NULL, NULL);
  g_clear_pointer (&self->shares, g_free);
  g_clear_pointer (&self->drivers, g_free);
  g_clear_pointer (&self->sizes, g_free);
  g_clear_pointer (&self->items, g_free);
  g_clear_pointer (&self->users, g_free);
  self->n = 0;
  self->has_mean = FALSE;
}

static void
allocate_points (RefractShareView *self, guint n)
{
  guint axes = MAX (3, self->n_modalities);

  self->shares = g_new0 (float, ((gsize) n + 1) * axes);
  self->drivers = g_new (int, (gsize) n + 1);
  self->items = g_new (guint32, (gsize) n + 1);
}

/* What speaks for the item, as far as it does. */
static void
set_point (RefractShareView *self, guint i, guint32 item, const float *contribution)
{
  guint axes = MAX (3, self->n_modalities), best = 0;

  self->items[i] = item;
  for (guint m = 0; m < self->n_modalities; m++)
    {
      self->shares[(gsize) i * axes + m] = MAX (contribution[m], 0);
      if (contribution[m] > contribution[best])
        best = m;
    }
  self->drivers[i] = self->n_modalities > 0 && contribution[best] > 0 ? (int) best : -1;
}

static void
fill_top (RefractShareView *self)
{
  const RfRanking *ranking = self->ranking->ranking;
  guint n = MIN (ranking->n, TOP), axes = MAX (3, self->n_modalities);
  float *mean;

  allocate_points (self, n);
  self->sizes = g_new (float, (gsize) n + 1);
  mean = self->shares + (gsize) n * axes;
  for (guint p = 0; p < n; p++)
    {
      set_point (self, p, ranking->items[p].item, ranking->items[p].contribution);
      self->sizes[p] = 1;
      for (guint m = 0; m < self->n_modalities; m++)
        mean[m] += ranking->items[p].attention[m];
    }
  self->drivers[n] = -1;
  self->sizes[n] = 2;
  self->items[n] = RF_NO_INDEX;
  self->n = n;
  self->has_mean = n > 0 && is_ternary (self);
}

static void
fill_every_item (RefractShareView *self)
{
  guint32 n = rf_model_get_n_items (self->ranking->trained->model);

  if (self->ranking->parts == NULL)
    return;
  allocate_points (self, n);
  for (guint32 i = 0; i < n; i++)
    set_point (self, i, i, self->ranking->parts + (gsize) i * self->n_modalities);
  self->n = n;
}

static void
fill_every_user (RefractShareView *self)
{
  guint32 n = self->overview->n_users;

  allocate_points (self, n);
  self->users = g_memdup2 (self->overview->users, n * sizeof *self->users);
  for (guint32 u = 0; u < n; u++)
    set_point (self, u, self->overview->first[u].item, self->overview->first[u].contribution);
  self->n = n;
}

static void
show_plot (RefractShareView *self, const RfModel *model)
{
  const guint corners[3] = { 0, 1, 2 };

  if (model == NULL || self->n == 0)
    return;
  if (!is_ternary (self))
    {
      self->parallel = (RfPlotParallel) { .n_axes = self->n_modalities, .names = (const char *const *) model->names, .n = self->n, .shares = self->shares, .drivers = self->drivers, .selected = -1, .hovered = -1 };
      refract_plot_set (self->plot, &rf_plot_parallel_kind, &self->parallel);
      return;
    }
  self->ternary = (RfPlotTernary) { .n = self->n + self->has_mean, .shares = self->shares, .drivers = self->drivers, .sizes = self->sizes, .selected = -1, .hovered = -1 };
  rf_plot_ternary_set_corners (&self->ternary, (const char *const *) model->names, model->n_modalities, corners);
  refract_plot_set (self->plot, &rf_plot_ternary_kind, &self->ternary);
}

static void
say (RefractShareView *self)
{
  const char *text = NULL;

  if (self->n == 0 && self->what == REFRACT_SHARES_EVERY_USER)
    text = _("Open the overview first: it ranks for every user.");
  else if (self->n == 0)
    text = "";
  else if (self->what == REFRACT_SHARES_TOP)
    text = self->has_mean ? _("What each modality adds to the first 50; the large point is their mean attention.") : _("What each modality adds to the first 50.");
  else if (self->what == REFRACT_SHARES_EVERY_ITEM)
    text = _("What each modality would add, for every item of the catalog.");
  else
    text = _("The first recommendation of every user.");
  gtk_label_set_text (self->message_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->message_label), text);
}

static void
update (RefractShareView *self)
{
  const RfModel *model = model_of (self);

  clear_points (self);
  self->n_modalities = model ? rf_model_get_n_modalities (model) : 0;
  if (model && self->what == REFRACT_SHARES_TOP)
    fill_top (self);
  else if (model && self->what == REFRACT_SHARES_EVERY_ITEM)
    fill_every_item (self);
  else if (model)
    fill_every_user (self);
  show_plot (self, model);
  say (self);
}

/* The card. */

static void
show_card (RefractShareView *self, int point)
{
  RfCatalog *catalog = self->session ? refract_session_get_catalog (self->session) : NULL;
  guint32 item = point >= 0 && (guint) point < self->n ? self->items[point] : RF_NO_INDEX;
  g_autofree char *text = NULL;

  gtk_widget_set_opacity (self->card, catalog && item != RF_NO_INDEX && item < rf_catalog_get_n_items (catalog) ? 1 : 0);
  if (catalog == NULL || item == RF_NO_INDEX || item >= rf_catalog_get_n_items (catalog))
    return;
  refract_thumbnail_set_item (self->picture, refract_thumbnails_get_for_session (self->session), item);
  if (self->users)
    text = g_strdup_printf ("%s\n%s", rf_catalog_get_user_id (catalog, self->users[point]), rf_catalog_get_item_label (catalog, item));
  else if (self->what == REFRACT_SHARES_TOP)
    text = g_strdup_printf ("%d\n%s", point + 1, rf_catalog_get_item_label (catalog, item));
  else
    text = g_strdup (rf_catalog_get_item_label (catalog, item));
  gtk_label_set_text (self->card_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->picture), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* Pointer and keys. */

static int
find_point (RefractShareView *self, double x, double y)
{
  GtkWidget *plot = GTK_WIDGET (self->plot);
  RfPlotTheme theme;
  int found = -1;

  if (x < 0 || self->n == 0)
    return -1;
  refract_plot_get_theme (self->plot, &theme);
  if (is_ternary (self))
    found = rf_plot_ternary_find (&self->ternary, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme, x, y, REACH);
  else
    found = rf_plot_parallel_find (&self->parallel, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme, x, y, REACH);
  return found;
}

static int
selected_point (RefractShareView *self)
{
  return is_ternary (self) ? self->ternary.selected : self->parallel.selected;
}

static void
hovered_cb (RefractShareView *self, double x, double y)
{
  int found = find_point (self, x, y), *hovered = is_ternary (self) ? &self->ternary.hovered : &self->parallel.hovered;

  if (self->n == 0 || found == *hovered)
    return;
  *hovered = found;
  show_card (self, found >= 0 && found < (int) self->n ? found : selected_point (self));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->plot), found >= 0 && found == (int) self->n ? _("Mean attention of the first 50") : NULL);
  refract_plot_marks_changed (self->plot);
}

/* The place of an item in the ranking, or G_MAXUINT. */
static guint
find_place (RefractShareView *self, guint32 item)
{
  for (guint p = 0; self->ranking && p < self->ranking->ranking->n; p++)
    if (self->ranking->ranking->items[p].item == item)
      return p;
  return G_MAXUINT;
}

static void
choose_point (RefractShareView *self, int point)
{
  guint place;

  if (point < 0 || point >= (int) self->n)
    return;
  if (self->users)
    {
      g_signal_emit (self, signals[USER], 0, self->users[point]);
      return;
    }
  place = self->what == REFRACT_SHARES_TOP ? (guint) point : find_place (self, self->items[point]);
  if (place != G_MAXUINT)
    g_signal_emit (self, signals[SELECTED], 0, place);
  else
    g_signal_emit (self, signals[ITEM], 0, self->items[point]);
}

static gboolean
has_brush (RefractShareView *self)
{
  return is_ternary (self) ? self->ternary.brush_width > 0 && self->ternary.brush_height > 0 : self->parallel.brush_low < self->parallel.brush_high;
}

void
refract_share_view_clear_brush (RefractShareView *self)
{
  gboolean had = self->n > 0 && has_brush (self);

  self->ternary.brush_width = self->ternary.brush_height = 0;
  self->parallel.brush_low = self->parallel.brush_high = 0;
  gtk_widget_set_visible (self->clear_button, FALSE);
  if (!had)
    return;
  refract_plot_marks_changed (self->plot);
  g_signal_emit (self, signals[FILTERED], 0);
}

static void
pressed_cb (RefractShareView *self, double x, double y)
{
  refract_share_view_clear_brush (self);
  hovered_cb (self, x, y);
  choose_point (self, find_point (self, x, y));
}

static void
brush_axis (RefractShareView *self, double x, double y, double height)
{
  GtkWidget *plot = GTK_WIDGET (self->plot);
  RfPlotTheme theme;
  guint axis;
  double high, low;

  refract_plot_get_theme (self->plot, &theme);
  if (!rf_plot_parallel_unmap (&self->parallel, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme, x, y, &axis, &high))
    return;
  rf_plot_parallel_unmap (&self->parallel, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme, x, y + height, &axis, &low);
  self->parallel.brush_axis = axis;
  self->parallel.brush_low = low;
  self->parallel.brush_high = high;
}

static void
brushed_cb (RefractShareView *self, double x, double y, double width, double height)
{
  if (self->n == 0 || self->users || (width < LEAST_BRUSH && height < LEAST_BRUSH))
    return;
  if (is_ternary (self))
    {
      self->ternary.brush_x = x;
      self->ternary.brush_y = y;
      self->ternary.brush_width = width;
      self->ternary.brush_height = height;
    }
  else
    brush_axis (self, x, y, height);
  gtk_widget_set_visible (self->clear_button, has_brush (self));
  refract_plot_marks_changed (self->plot);
  g_signal_emit (self, signals[FILTERED], 0);
}

gboolean *
refract_share_view_dup_keep (RefractShareView *self)
{
  GtkWidget *plot = GTK_WIDGET (self->plot);
  g_autoptr(GHashTable) kept = NULL;
  RfPlotTheme theme;
  gboolean *keep;

  if (self->ranking == NULL || self->n == 0 || self->users || !has_brush (self))
    return NULL;
  refract_plot_get_theme (self->plot, &theme);
  kept = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->n; i++)
    if (is_ternary (self) ? rf_plot_ternary_is_brushed (&self->ternary, i, gtk_widget_get_width (plot), gtk_widget_get_height (plot), &theme)
                          : rf_plot_parallel_is_brushed (&self->parallel, i))
      g_hash_table_add (kept, GUINT_TO_POINTER (self->items[i]));
  keep = g_new0 (gboolean, (gsize) self->ranking->ranking->n + 1);
  for (guint p = 0; p < self->ranking->ranking->n; p++)
    keep[p] = g_hash_table_contains (kept, GUINT_TO_POINTER (self->ranking->ranking->items[p].item));
  return keep;
}

static void
moved_cb (RefractShareView *self, int direction)
{
  int point = selected_point (self) + direction;

  if (point >= 0 && point < (int) self->n)
    {
      if (self->users || self->what == REFRACT_SHARES_EVERY_ITEM)
        {
          *(is_ternary (self) ? &self->ternary.selected : &self->parallel.selected) = point;
          show_card (self, point);
          refract_plot_marks_changed (self->plot);
        }
      choose_point (self, point);
    }
}

/* Whoever sets it. */

void
refract_share_view_select (RefractShareView *self, guint place)
{
  int point = -1;

  if (self->what == REFRACT_SHARES_TOP && place < self->n)
    point = (int) place;
  else if (self->what == REFRACT_SHARES_EVERY_ITEM && self->ranking && place < self->ranking->ranking->n && self->n > 0)
    point = (int) self->ranking->ranking->items[place].item;
  if (self->n == 0 || self->users)
    return;
  *(is_ternary (self) ? &self->ternary.selected : &self->parallel.selected) = point;
  show_card (self, point);
  refract_plot_marks_changed (self->plot);
}

void
refract_share_view_set (RefractShareView *self, RefractSession *session, RefractRanking *ranking)
{
  if (ranking)
    refract_ranking_ref (ranking);
  refract_share_view_clear_brush (self);
  g_set_object (&self->session, session);
  if (self->what != REFRACT_SHARES_EVERY_USER || session == NULL)
    clear_points (self);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  self->ranking = ranking;
  if (session == NULL)
    refract_share_view_set_overview (self, NULL);
  else if (self->what != REFRACT_SHARES_EVERY_USER)
    update (self);
}

void
refract_share_view_set_overview (RefractShareView *self, RefractOverview *overview)
{
  if (self->what == REFRACT_SHARES_EVERY_USER)
    clear_points (self);
  if (overview)
    refract_overview_ref (overview);
  g_clear_pointer (&self->overview, refract_overview_unref);
  self->overview = overview;
  if (self->what == REFRACT_SHARES_EVERY_USER)
    update (self);
}

void
refract_share_view_set_narrow (RefractShareView *self, gboolean narrow)
{
  self->narrow = narrow;
  gtk_widget_set_visible (self->card, !narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), !narrow);
  /* Beside the drawing, which is not high then. */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), narrow ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->bar), narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

void
refract_share_view_set_low (RefractShareView *self, gboolean low)
{
  refract_plot_set_natural_height (self->plot, low ? LOW_PLOT : HIGH_PLOT);
}

void
refract_share_view_show (RefractShareView *self, RefractSharesOf what)
{
  gtk_drop_down_set_selected (self->what_drop, what);
}

static void
what_cb (RefractShareView *self)
{
  guint what = gtk_drop_down_get_selected (self->what_drop);

  if (what == GTK_INVALID_LIST_POSITION || what == (guint) self->what)
    return;
  refract_share_view_clear_brush (self);
  clear_points (self);
  self->what = (RefractSharesOf) what;
  g_signal_emit (self, signals[EVERY_ITEM], 0, what == REFRACT_SHARES_EVERY_ITEM);
  update (self);
  show_card (self, -1);
}

static GtkWidget *
make_bar (RefractShareView *self)
{
  const char *const choices[] = { _("The first 50"), _("Every item"), _("Every user's first"), NULL };
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  self->bar = bar;
  self->what_drop = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (choices));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->what_drop), GTK_ACCESSIBLE_PROPERTY_LABEL, _("What the points are"), -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->what_drop), _("What the points are"));
  g_signal_connect_swapped (self->what_drop, "notify::selected", G_CALLBACK (what_cb), self);
  self->message_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->message_label, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->message_label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->message_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->message_label), "dim-label");
  self->clear_button = gtk_button_new_with_label (_("Show All"));
  gtk_widget_set_tooltip_text (self->clear_button, _("Undo the selection in the chart: the table shows all again"));
  gtk_widget_set_visible (self->clear_button, FALSE);
  g_signal_connect_swapped (self->clear_button, "clicked", G_CALLBACK (refract_share_view_clear_brush), self);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->what_drop));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->message_label));
  gtk_box_append (GTK_BOX (bar), self->clear_button);
  gtk_widget_add_css_class (bar, "toolbar");
  return bar;
}

static void
make_card (RefractShareView *self)
{
  self->card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  self->picture = REFRACT_THUMBNAIL (refract_thumbnail_new (CARD, CARD));
  self->card_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->card_label, TRUE);
  gtk_label_set_lines (self->card_label, 3);
  gtk_label_set_ellipsize (self->card_label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->card_label, 16);
  gtk_label_set_justify (self->card_label, GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->card_label), "caption");
  gtk_widget_set_valign (self->card, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (self->card, 130, -1);
  gtk_widget_set_margin_end (self->card, 8);
  gtk_widget_set_opacity (self->card, 0);
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->picture));
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->card_label));
}

static void
refract_share_view_dispose (GObject *object)
{
  RefractShareView *self = REFRACT_SHARE_VIEW (object);

  if (self->plot)
    clear_points (self);
  self->plot = NULL;
  if (self->what_drop)
    g_signal_handlers_disconnect_by_data (self->what_drop, self);
  self->what_drop = NULL;
  g_clear_object (&self->session);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  g_clear_pointer (&self->overview, refract_overview_unref);
  G_OBJECT_CLASS (refract_share_view_parent_class)->dispose (object);
}

static void
refract_share_view_class_init (RefractShareViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_share_view_dispose;
  signals[SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[USER] = g_signal_new ("user", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ITEM] = g_signal_new ("item", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[FILTERED] = g_signal_new ("filtered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EVERY_ITEM] = g_signal_new ("every-item", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
refract_share_view_init (RefractShareView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->box = box;
  self->plot = REFRACT_PLOT (refract_plot_new (_("What each modality adds"), 240, HIGH_PLOT));
  refract_plot_add_menu (self->plot, "modalities");
  gtk_widget_add_css_class (GTK_WIDGET (self->plot), "ternary");
  gtk_widget_set_hexpand (GTK_WIDGET (self->plot), TRUE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->plot), TRUE);
  g_signal_connect_swapped (self->plot, "hovered", G_CALLBACK (hovered_cb), self);
  g_signal_connect_swapped (self->plot, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (self->plot, "moved", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (self->plot, "brushed", G_CALLBACK (brushed_cb), self);
  make_card (self);
  gtk_box_append (GTK_BOX (row), GTK_WIDGET (self->plot));
  gtk_box_append (GTK_BOX (row), self->card);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  gtk_box_append (GTK_BOX (box), row);
  adw_bin_set_child (ADW_BIN (self), box);
}
