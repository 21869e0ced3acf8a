/* refract-ranking-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-ranking-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-place-order.h"
#include "app/refract-settings.h"
#include "core/plot/rf-plot.h"
#include "ui/cells/refract-bar-cell.h"
#include "ui/cells/refract-thumbnail.h"
#include "ui/charts/refract-plot.h"
#include "ui/models/refract-index-model.h"
#include "ui/pages/refract-ranking-cells.h"
#include "ui/pages/refract-ranking-text.h"
#include "ui/refract-row-tooltip.h"
#include "ui/refract-tab-stop.h"
#include "ui/refract-thumbnails.h"

#define SCALE_PLACES    100 /* the bars share the scale of the first ones */
#define REST_MS         400
#define FIRST_ROWS      25
#define STEP            15 /* rows */
#define STEP_MS         15
#define SETTING         "explore-columns"

typedef enum
{
  PLACE,
  PICTURE_COLUMN,
  TITLE,
  MARKS,
  SCORE,
  ATTENTION,
  DRIVER,
  CONTRIBUTION,
  N_COLUMNS
} ColumnId;

typedef struct
{
  const char *name; /* in the settings and in actions */
  const char *title;
  int width; /* 0: what is left */
  RefractPlaceKey key;
  gboolean wide_only; /* left out where there is little room */
} ColumnInfo;

static const ColumnInfo columns[N_COLUMNS] = {
  [PLACE] = { "place", N_("#"), 62, REFRACT_PLACES_BY_PLACE, FALSE },
  [PICTURE_COLUMN] = { "picture", N_("Picture"), 64, REFRACT_PLACES_BY_MOVE, FALSE },
  [TITLE] = { "title", N_("Item"), 0, REFRACT_PLACES_BY_TITLE, FALSE },
  [MARKS] = { "marks", N_("Marks"), 60, REFRACT_PLACES_BY_PLACE, TRUE },
  [SCORE] = { "score", N_("Score"), 66, REFRACT_PLACES_BY_SCORE, FALSE },
  [ATTENTION] = { "attention", N_("Attention"), 120, REFRACT_PLACES_BY_ATTENTION, FALSE },
  [DRIVER] = { "driver", N_("Driver"), 112, REFRACT_PLACES_BY_DRIVER, TRUE },
  [CONTRIBUTION] = { "contribution", N_("Contribution"), 140, REFRACT_PLACES_BY_CONTRIBUTION, TRUE },
};

struct _RefractRankingView
{
  AdwBin parent_instance;

  GtkColumnView *view;
  GtkColumnViewColumn *columns[N_COLUMNS];
  GtkSorter *sorters[N_COLUMNS];
  gboolean wanted[N_COLUMNS];
  int widths[N_COLUMNS]; /* of hidden columns, when they are shown again */
  GSimpleActionGroup *actions;
  GMenu *menu;
  gboolean narrow, loading;
  GObject *low, *high; /* two things that the sorters tell apart: style guide of lists without accessors of the sorter */
  int clicked;         /* column whose sorter was asked last, -1: none */

  RefractIndexModel *places;
  GtkSingleSelection *selection;
  GPtrArray *bound[N_COLUMNS]; /* GtkListItem, borrowed: the cells that show something */
  gboolean filling;

  RefractSession *session;
  RefractRanking *ranking;
  gboolean *keep;
  double scale_low, scale_high;
  GtkAdjustment *adjustment;
  gboolean stale; /* rows that are not seen show the ranking before */
  guint stale_id, stale_at;
};

enum
{
  SELECTED,
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractRankingView, refract_ranking_view, ADW_TYPE_BIN)

GtkWidget *
refract_ranking_view_new (void)
{
  return g_object_new (REFRACT_TYPE_RANKING_VIEW, NULL);
}

/* Cells. */

static guint32
place_of (GtkListItem *item)
{
  return refract_index_row_get_index (gtk_list_item_get_item (item));
}

static void
fill_title (RefractRankingView *self, GtkListItem *item, guint32 place, const RfRanked *ranked)
{
  const char *title = rf_catalog_get_item_label (self->ranking->trained->catalog, ranked->item);

  refract_ranking_cell_set_text (item, title, NULL);
  refract_ranking_cell_name_row (self->ranking, item, place);
}

static void
fill_cell (RefractRankingView *self, ColumnId column, GtkListItem *item)
{
  guint32 place = place_of (item);
  const RfRanked *ranked;
  g_autofree char *number = NULL;

  if (self->ranking == NULL || place >= self->ranking->ranking->n)
    return;
  ranked = &self->ranking->ranking->items[place];
  switch (column)
    {
    case PLACE:
      refract_ranking_cell_fill_place (self->ranking, item, place);
      break;
    case PICTURE_COLUMN:
      refract_ranking_cell_fill_picture (self->session, self->ranking, item, ranked);
      break;
    case TITLE:
      fill_title (self, item, place, ranked);
      break;
    case MARKS:
      refract_ranking_cell_fill_marks (item, ranked);
      break;
    case SCORE:
      number = g_strdup_printf ("%.3f", (double) ranked->score);
      refract_ranking_cell_set_text (item, number, NULL);
      break;
    case ATTENTION:
    case DRIVER:
    case CONTRIBUTION:
      refract_bar_cell_set (REFRACT_BAR_CELL (gtk_list_item_get_child (item)), self->ranking->trained->model, ranked, self->scale_low, self->scale_high);
      break;
    case N_COLUMNS:
    default:
      break;
    }
}

static int
column_of (GtkListItemFactory *factory)
{
  return GPOINTER_TO_INT (g_object_get_data (G_OBJECT (factory), "column"));
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, RefractRankingView *self)
{
  switch ((ColumnId) column_of (factory))
    {
    case PLACE:
    case SCORE:
      refract_ranking_cell_setup_text (item, TRUE);
      break;
    case TITLE:
      refract_ranking_cell_setup_text (item, FALSE);
      refract_row_tooltip_set_from (gtk_list_item_get_child (item), gtk_list_item_get_child (item));
      break;
    case MARKS:
      refract_ranking_cell_setup_text (item, TRUE);
      gtk_inscription_set_xalign (GTK_INSCRIPTION (gtk_list_item_get_child (item)), 0.5);
      refract_row_tooltip_set (gtk_list_item_get_child (item), refract_ranking_cell_dup_mark_tooltip, NULL);
      break;
    case PICTURE_COLUMN:
      refract_ranking_cell_setup_picture (item);
      break;
    case ATTENTION:
      gtk_list_item_set_child (item, refract_bar_cell_new (REFRACT_BAR_ATTENTION));
      break;
    case DRIVER:
      gtk_list_item_set_child (item, refract_bar_cell_new (REFRACT_BAR_DRIVER));
      break;
    case CONTRIBUTION:
      gtk_list_item_set_child (item, refract_bar_cell_new (REFRACT_BAR_CONTRIBUTION));
      break;
    case N_COLUMNS:
    default:
      break;
    }
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, RefractRankingView *self)
{
  int column = column_of (factory);

  g_ptr_array_add (self->bound[column], item);
  fill_cell (self, (ColumnId) column, item);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *item, RefractRankingView *self)
{
  int column = column_of (factory);

  g_ptr_array_remove_fast (self->bound[column], item);
  if (column == ATTENTION || column == DRIVER || column == CONTRIBUTION)
    refract_bar_cell_set (REFRACT_BAR_CELL (gtk_list_item_get_child (item)), NULL, NULL, 0, 0);
}

/* Rows. */

static RefractPlaceKey
sort_key (RefractRankingView *self, gboolean *descending)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  GtkOrdering ordering;

  self->clicked = -1;
  ordering = sorter ? gtk_sorter_compare (sorter, self->low, self->high) : GTK_ORDERING_EQUAL;
  *descending = self->clicked >= 0 && ordering == GTK_ORDERING_LARGER;
  return self->clicked >= 0 ? columns[self->clicked].key : REFRACT_PLACES_BY_PLACE;
}

/* The column that is clicked compares two sentinels; which one it was is all that is wanted to know (one comparison a click). */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer data)
{
  GtkSorter *sorter = data;
  RefractRankingView *self = g_object_get_data (G_OBJECT (sorter), "view");

  self->clicked = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (sorter), "column"));
  return a == (gconstpointer) self->low ? -1 : 1;
}

static guint
row_of_place (RefractRankingView *self, guint place)
{
  return place == G_MAXUINT ? G_MAXUINT : refract_index_model_find (self->places, place);
}

guint
refract_ranking_view_get_selected (RefractRankingView *self)
{
  RefractIndexRow *row = gtk_single_selection_get_selected_item (self->selection);

  return row ? refract_index_row_get_index (row) : G_MAXUINT;
}

static void
refill (RefractRankingView *self, guint first, guint last)
{
  for (guint c = 0; c < N_COLUMNS; c++)
    for (guint i = 0; i < self->bound[c]->len; i++)
      {
        GtkListItem *item = self->bound[c]->pdata[i];
        guint row = gtk_list_item_get_position (item);

        if (row >= first && row <= last)
          fill_cell (self, (ColumnId) c, item);
      }
}

static void
refill_stale (RefractRankingView *self)
{
  g_clear_handle_id (&self->stale_id, g_source_remove);
  if (self->stale)
    refill (self, 0, G_MAXUINT);
  self->stale = FALSE;
}

/* A few rows at a time: two hundred at once would be felt. */
static gboolean
stale_cb (gpointer data)
{
  RefractRankingView *self = data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->places));

  refill (self, self->stale_at, self->stale_at + STEP - 1);
  self->stale_at += STEP;
  self->stale = self->stale_at < n;
  self->stale_id = self->stale ? g_timeout_add (STEP_MS, stale_cb, self) : 0;
  return G_SOURCE_REMOVE;
}

/* A list makes some two hundred rows, of which ten are seen: those are filled at once, the others when the hand rests or they are
 * scrolled to, so that a slider stays smooth. */
static void
refill_seen (RefractRankingView *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->places));
  double upper = gtk_adjustment_get_upper (self->adjustment), page = gtk_adjustment_get_page_size (self->adjustment), height = n > 0 ? upper / n : 0;

  g_clear_handle_id (&self->stale_id, g_source_remove);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || height <= 0 || page <= 0)
    {
      self->stale = TRUE;
      refill_stale (self);
      return;
    }
  refill (self, (guint) MAX (0, gtk_adjustment_get_value (self->adjustment) / height - 1), (guint) ((gtk_adjustment_get_value (self->adjustment) + page) / height + 1));
  self->stale = TRUE;
  self->stale_at = 0;
  self->stale_id = g_timeout_add (REST_MS, stale_cb, self);
}

/* Are these the rows that the list has already? Then its cells are filled again instead of made anew. */
static gboolean
same_rows (RefractRankingView *self, const guint32 *order, guint n)
{
  if (n != refract_index_model_get_count (self->places))
    return FALSE;
  for (guint r = 0; r < n; r++)
    if (refract_index_model_get (self->places, r) != order[r])
      return FALSE;
  return TRUE;
}

static void
update_rows (RefractRankingView *self)
{
  guint before = refract_ranking_view_get_selected (self), n = 0, row;
  gboolean descending = FALSE;
  RefractPlaceKey key = sort_key (self, &descending);
  g_autofree guint32 *order = self->ranking ? refract_place_order (self->ranking, key, descending, self->keep, &n) : g_new0 (guint32, 1);

  if (same_rows (self, order, n))
    {
      refill_seen (self);
      return;
    }
  g_clear_handle_id (&self->stale_id, g_source_remove);
  self->stale = FALSE;
  self->filling = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION); /* else it looks for its place in a list of which not all is there */
  refract_index_model_take_slowly (self->places, g_steal_pointer (&order), n, FIRST_ROWS, STEP);
  row = row_of_place (self, before);
  if (row == G_MAXUINT && n > 0)
    row = 0;
  gtk_single_selection_set_selected (self->selection, row == G_MAXUINT ? GTK_INVALID_LIST_POSITION : row);
  self->filling = FALSE;
  if (refract_ranking_view_get_selected (self) != before)
    g_signal_emit (self, signals[SELECTED], 0, refract_ranking_view_get_selected (self));
}

static void
update_scale (RefractRankingView *self)
{
  self->scale_low = self->scale_high = 0;
  for (guint p = 0; self->ranking && p < self->ranking->ranking->n && p < SCALE_PLACES; p++)
    refract_bar_cell_fit (self->ranking->trained->model, &self->ranking->ranking->items[p], &self->scale_low, &self->scale_high);
}

void
refract_ranking_view_set (RefractRankingView *self, RefractSession *session, RefractRanking *ranking)
{
  if (ranking)
    refract_ranking_ref (ranking);
  g_set_object (&self->session, session);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  g_clear_pointer (&self->keep, g_free);
  self->ranking = ranking;
  update_scale (self);
  update_rows (self);
}

void
refract_ranking_view_filter (RefractRankingView *self, const gboolean *keep)
{
  g_clear_pointer (&self->keep, g_free);
  if (keep && self->ranking)
    self->keep = g_memdup2 (keep, self->ranking->ranking->n * sizeof *keep);
  update_rows (self);
}

guint
refract_ranking_view_get_n_shown (RefractRankingView *self)
{
  return refract_index_model_get_count (self->places);
}

guint
refract_ranking_view_get_place (RefractRankingView *self, guint row)
{
  return refract_index_model_get (self->places, row);
}

void
refract_ranking_view_select (RefractRankingView *self, guint place)
{
  guint row = row_of_place (self, place);

  if (row == G_MAXUINT)
    return;
  gtk_single_selection_set_selected (self->selection, row);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->view)) && gtk_widget_get_height (GTK_WIDGET (self->view)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", row);
}

static void
selected_cb (RefractRankingView *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[SELECTED], 0, refract_ranking_view_get_selected (self));
}

static void
activated_cb (RefractRankingView *self, guint row)
{
  g_autoptr(RefractIndexRow) activated = g_list_model_get_item (G_LIST_MODEL (self->places), row);
  guint place = activated ? refract_index_row_get_index (activated) : G_MAXUINT;

  if (self->ranking && place < self->ranking->ranking->n)
    g_signal_emit (self, signals[ACTIVATED], 0, self->ranking->ranking->items[place].item);
}

/* Columns. */

/* GTK 4.8 keeps the fixed width of a hidden column free, so that the titles do not get it: hidden ones have none. */
static void
show_columns (RefractRankingView *self)
{
  gboolean loading = self->loading;

  self->loading = TRUE; /* no width is remembered that nobody chose */
  for (guint c = 0; c < N_COLUMNS; c++)
    {
      gboolean visible = self->wanted[c] && !(self->narrow && columns[c].wide_only);

      if (visible == gtk_column_view_column_get_visible (self->columns[c]))
        continue;
      if (!visible)
        self->widths[c] = gtk_column_view_column_get_fixed_width (self->columns[c]);
      gtk_column_view_column_set_fixed_width (self->columns[c], visible ? self->widths[c] : 0);
      gtk_column_view_column_set_visible (self->columns[c], visible);
    }
  self->loading = loading;
}

static int
width_of (RefractRankingView *self, guint c)
{
  return gtk_column_view_column_get_visible (self->columns[c]) ? gtk_column_view_column_get_fixed_width (self->columns[c]) : self->widths[c];
}

void
refract_ranking_view_set_narrow (RefractRankingView *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  show_columns (self);
}

static void
save_columns (RefractRankingView *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  if (self->loading)
    return;
  for (guint c = 0; c < N_COLUMNS; c++)
    g_string_append_printf (text, "%s%s=%d:%d", c ? ";" : "", columns[c].name, self->wanted[c], width_of (self, c));
  refract_settings_set_string (SETTING, text->str);
}

static void
load_columns (RefractRankingView *self)
{
  g_autofree char *text = refract_settings_dup_string (SETTING, "");
  g_auto(GStrv) parts = g_strsplit (text, ";", -1);

  for (guint p = 0; parts[p]; p++)
    for (guint c = 0; c < N_COLUMNS; c++)
      {
        gsize length = strlen (columns[c].name);
        int wanted, width;

        if (strncmp (parts[p], columns[c].name, length) != 0 || sscanf (parts[p] + length, "=%d:%d", &wanted, &width) != 2)
          continue;
        self->wanted[c] = wanted != 0 || c == TITLE;
        if (width >= 30 && width <= 2000)
          gtk_column_view_column_set_fixed_width (self->columns[c], width);
      }
}

static void
toggle_column_cb (GSimpleAction *action, GVariant *value, gpointer data)
{
  RefractRankingView *self = data;

  for (guint c = 0; c < N_COLUMNS; c++)
    if (strcmp (g_action_get_name (G_ACTION (action)), columns[c].name) == 0)
      self->wanted[c] = g_variant_get_boolean (value);
  g_simple_action_set_state (action, value);
  show_columns (self);
  save_columns (self);
}

static void
make_menu (RefractRankingView *self)
{
  self->actions = g_simple_action_group_new ();
  self->menu = g_menu_new ();
  for (guint c = 0; c < N_COLUMNS; c++)
    {
      g_autoptr(GSimpleAction) action = g_simple_action_new_stateful (columns[c].name, NULL, g_variant_new_boolean (self->wanted[c]));
      g_autofree char *name = g_strdup_printf ("ranking.%s", columns[c].name);

      if (c == TITLE)
        continue;
      g_signal_connect (action, "change-state", G_CALLBACK (toggle_column_cb), self);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
      g_menu_append (self->menu, c == PLACE ? _("Place") : _(columns[c].title), name);
    }
  gtk_widget_insert_action_group (GTK_WIDGET (self), "ranking", G_ACTION_GROUP (self->actions));
  for (guint c = 0; c < N_COLUMNS; c++)
    gtk_column_view_column_set_header_menu (self->columns[c], G_MENU_MODEL (self->menu));
}

GMenuModel *
refract_ranking_view_get_menu (RefractRankingView *self)
{
  return G_MENU_MODEL (self->menu);
}

GActionGroup *
refract_ranking_view_get_actions (RefractRankingView *self)
{
  return G_ACTION_GROUP (self->actions);
}

/* Columns grow with the text. */
static int
scale_width (ColumnId c)
{
  return (int) (columns[c].width * refract_text_scale ());
}

static void
add_column (RefractRankingView *self, ColumnId c)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkCustomSorter *sorter = gtk_custom_sorter_new (NULL, NULL, NULL);
  GtkColumnViewColumn *column;

  g_object_set_data (G_OBJECT (factory), "column", GINT_TO_POINTER (c));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  column = gtk_column_view_column_new (_(columns[c].title), factory);
  g_object_set_data (G_OBJECT (sorter), "column", GINT_TO_POINTER (c));
  g_object_set_data (G_OBJECT (sorter), "view", self);
  gtk_custom_sorter_set_sort_func (sorter, compare_cb, sorter, NULL);
  if (c != PICTURE_COLUMN && c != MARKS)
    gtk_column_view_column_set_sorter (column, GTK_SORTER (sorter));
  g_object_unref (sorter);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_expand (column, columns[c].width == 0);
  if (columns[c].width > 0)
    gtk_column_view_column_set_fixed_width (column, scale_width (c));
  gtk_column_view_append_column (self->view, column);
  self->columns[c] = column;
  self->wanted[c] = TRUE;
  self->bound[c] = g_ptr_array_new ();
  g_object_unref (column); /* the view holds it */
}

/* Copies. */

char *
refract_ranking_view_to_tsv (RefractRankingView *self)
{
  g_autofree guint32 *shown = g_new (guint32, refract_ranking_view_get_n_shown (self) + 1);
  guint n = refract_ranking_view_get_n_shown (self);

  for (guint r = 0; r < n; r++)
    shown[r] = refract_index_model_get (self->places, r);
  return refract_ranking_to_tsv (self->ranking, shown, n);
}

char *
refract_ranking_view_to_html (RefractRankingView *self)
{
  g_autofree guint32 *shown = g_new (guint32, refract_ranking_view_get_n_shown (self) + 1);
  guint n = refract_ranking_view_get_n_shown (self);

  for (guint r = 0; r < n; r++)
    shown[r] = refract_index_model_get (self->places, r);
  return refract_ranking_to_html (self->ranking, shown, n);
}

void
refract_ranking_view_copy (RefractRankingView *self)
{
  g_autofree char *tsv = NULL, *html = NULL;
  g_autoptr(GBytes) html_bytes = NULL, tsv_bytes = NULL;
  g_autoptr(GdkContentProvider) all = NULL;
  GdkContentProvider *both[3];

  if (self->ranking == NULL)
    return;
  tsv = refract_ranking_view_to_tsv (self);
  html = refract_ranking_view_to_html (self);
  html_bytes = g_bytes_new (html, strlen (html));
  tsv_bytes = g_bytes_new (tsv, strlen (tsv));
  both[0] = gdk_content_provider_new_for_bytes ("text/html", html_bytes);
  both[1] = gdk_content_provider_new_for_bytes ("text/tab-separated-values", tsv_bytes);
  both[2] = gdk_content_provider_new_typed (G_TYPE_STRING, tsv);
  all = gdk_content_provider_new_union (both, G_N_ELEMENTS (both));
  gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), all);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  refract_ranking_view_copy (REFRACT_RANKING_VIEW (widget));
}

static void
refract_ranking_view_dispose (GObject *object)
{
  RefractRankingView *self = REFRACT_RANKING_VIEW (object);

  g_clear_handle_id (&self->stale_id, g_source_remove);
  if (self->selection)
    {
      g_signal_handlers_disconnect_by_data (self->adjustment, self);
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
      for (guint c = 0; c < N_COLUMNS; c++)
        g_signal_handlers_disconnect_by_data (self->columns[c], self);
      self->filling = TRUE;
      refract_index_model_take (self->places, NULL, 0);
    }
  self->selection = NULL;
  g_clear_object (&self->session);
  g_clear_pointer (&self->ranking, refract_ranking_unref);
  G_OBJECT_CLASS (refract_ranking_view_parent_class)->dispose (object);
}

static void
refract_ranking_view_finalize (GObject *object)
{
  RefractRankingView *self = REFRACT_RANKING_VIEW (object);

  for (guint c = 0; c < N_COLUMNS; c++)
    g_ptr_array_unref (self->bound[c]);
  g_clear_object (&self->places);
  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_clear_object (&self->low);
  g_clear_object (&self->high);
  g_free (self->keep);
  G_OBJECT_CLASS (refract_ranking_view_parent_class)->finalize (object);
}

static void
refract_ranking_view_class_init (RefractRankingViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = refract_ranking_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_ranking_view_finalize;
  gtk_widget_class_install_action (widget_class, "ranking-view.copy", NULL, copy_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "ranking-view.copy", NULL);
  signals[SELECTED] = g_signal_new ("selected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
refract_ranking_view_init (RefractRankingView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  self->low = g_object_new (G_TYPE_OBJECT, NULL);
  self->high = g_object_new (G_TYPE_OBJECT, NULL);
  self->places = refract_index_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->places)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (GTK_SELECTION_MODEL (self->selection)));
  refract_tab_stop_add (GTK_WIDGET (self->view));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Ranking"), -1);
  self->loading = TRUE;
  for (guint c = 0; c < N_COLUMNS; c++)
    add_column (self, (ColumnId) c);
  load_columns (self);
  self->loading = FALSE;
  make_menu (self);
  show_columns (self);
  for (guint c = 0; c < N_COLUMNS; c++)
    g_signal_connect_swapped (self->columns[c], "notify::fixed-width", G_CALLBACK (save_columns), self);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (activated_cb), self);
  g_signal_connect_swapped (gtk_column_view_get_sorter (self->view), "changed", G_CALLBACK (update_rows), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->view));
  self->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  g_signal_connect_swapped (self->adjustment, "value-changed", G_CALLBACK (refill_stale), self);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_set_size_request (scrolled, 300, 160);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}
