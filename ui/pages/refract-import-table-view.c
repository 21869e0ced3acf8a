/* refract-import-table-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-import-table-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_COLUMNS 24
#define FIRST_ROWS  12
#define ROWS_A_TURN 6
#define HEIGHT      260

struct _RefractImportTableView
{
  AdwBin parent_instance;

  GtkLabel *hint;
  GtkGrid *grid;
  char *file;
  RfPreviewKind kind;
  GPtrArray *columns; /* char * */
  GPtrArray *roles;   /* static role names or NULL */
  GPtrArray *drops;   /* GtkDropDown, borrowed */
  GPtrArray *rows;    /* char **; of the table that is shown */
  guint n_filled;     /* rows that have cells */
  guint filling_id;
  gboolean updating;
};

enum
{
  ROLE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractImportTableView, refract_import_table_view, ADW_TYPE_BIN)

static const struct
{
  const char *role, *title;
} titles[] = {
  { "item_id", N_("Item id") },
  { "title", N_("Title") },
  { "description", N_("Text") },
  { "category", N_("Category") },
  { "image", N_("Picture") },
  { "user_id", N_("User id") },
  { "rating", N_("Rating") },
  { "timestamp", N_("Time") },
  { "part", N_("Part of a split") },
  { "event", N_("Kind of event") },
};

const char *
refract_import_role_title (const char *role)
{
  for (gsize r = 0; r < G_N_ELEMENTS (titles); r++)
    if (strcmp (titles[r].role, role) == 0)
      return _(titles[r].title);
  return role;
}

GtkWidget *
refract_import_table_view_new (void)
{
  return g_object_new (REFRACT_TYPE_IMPORT_TABLE_VIEW, NULL);
}

static void
drop_cb (GtkDropDown *drop, GParamSpec *pspec, RefractImportTableView *self)
{
  const char *const *roles = rf_import_preview_get_roles (self->kind);
  guint column, selected = gtk_drop_down_get_selected (drop);
  const char *before;

  if (self->updating || !g_ptr_array_find (self->drops, drop, &column))
    return;
  before = self->roles->pdata[column];
  g_signal_emit (self, signals[ROLE_CHANGED], 0, self->columns->pdata[column], selected == 0 ? "" : roles[selected - 1], before ? before : "");
}

static guint
position_of (RfPreviewKind kind, const char *role)
{
  const char *const *roles = rf_import_preview_get_roles (kind);

  for (guint r = 0; role != NULL && roles[r] != NULL; r++)
    if (strcmp (roles[r], role) == 0)
      return r + 1;
  return 0;
}

static GtkWidget *
make_drop (RefractImportTableView *self, const char *column)
{
  const char *const *roles = rf_import_preview_get_roles (self->kind);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *label = g_strdup_printf (_("Role of the column “%s”"), column);
  GtkWidget *drop;

  gtk_string_list_append (names, _("Not used"));
  for (guint r = 0; roles[r] != NULL; r++)
    gtk_string_list_append (names, refract_import_role_title (roles[r]));
  drop = gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&names)), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect (drop, "notify::selected", G_CALLBACK (drop_cb), self);
  return drop;
}

static GtkWidget *
make_cell (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *line = g_strdup (text);

  g_strdelimit (line, "\n\r\t", ' ');
  gtk_label_set_text (GTK_LABEL (label), line);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (strlen (text) > 24)
    gtk_widget_set_tooltip_text (label, text);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static gboolean
is_same (RefractImportTableView *self, const RfPreviewTable *table)
{
  guint n = MIN (table->n_columns, MAX_COLUMNS);

  if (g_strcmp0 (self->file, table->file) != 0 || self->columns->len != n || self->kind != table->kind)
    return FALSE;
  for (guint c = 0; c < n; c++)
    if (strcmp (self->columns->pdata[c], table->columns[c]) != 0)
      return FALSE;
  return TRUE;
}

static void
fill_rows (RefractImportTableView *self, guint n)
{
  for (guint end = MIN (self->rows->len, self->n_filled + n); self->n_filled < end; self->n_filled++)
    for (guint c = 0; c < self->columns->len; c++)
      gtk_grid_attach (self->grid, make_cell (((char **) self->rows->pdata[self->n_filled])[c], NULL), (int) c, (int) self->n_filled + 2, 1, 1);
}

/* Fifty rows of cells in one turn of the main loop would be felt; a dozen is seen. */
static gboolean
fill_cb (gpointer data)
{
  RefractImportTableView *self = data;

  fill_rows (self, ROWS_A_TURN);
  if (self->n_filled < self->rows->len)
    return G_SOURCE_CONTINUE;
  self->filling_id = 0;
  return G_SOURCE_REMOVE;
}

static void
build (RefractImportTableView *self, const RfPreviewTable *table)
{
  GtkWidget *child;

  g_clear_handle_id (&self->filling_id, g_source_remove);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = g_ptr_array_ref (table->rows);
  self->n_filled = 0;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);
  g_ptr_array_set_size (self->columns, 0);
  g_ptr_array_set_size (self->drops, 0);
  g_free (self->file);
  self->file = g_strdup (table->file);
  self->kind = table->kind;
  for (guint c = 0; c < MIN (table->n_columns, MAX_COLUMNS); c++)
    {
      GtkWidget *name = make_cell (table->columns[c], "heading");

      g_ptr_array_add (self->columns, g_strdup (table->columns[c]));
      gtk_grid_attach (self->grid, name, (int) c, 0, 1, 1);
      if (table->has_names && table->kind != RF_PREVIEW_OTHER)
        {
          g_ptr_array_add (self->drops, make_drop (self, table->columns[c]));
          gtk_grid_attach (self->grid, self->drops->pdata[c], (int) c, 1, 1, 1);
        }
      else
        {
          gtk_grid_attach (self->grid, make_cell (table->roles[c] ? refract_import_role_title (table->roles[c]) : "–", "dim-label"), (int) c, 1, 1, 1);
        }
    }
  fill_rows (self, FIRST_ROWS);
  if (self->n_filled < self->rows->len)
    self->filling_id = g_idle_add (fill_cb, self);
}

void
refract_import_table_view_set_table (RefractImportTableView *self, const RfPreviewTable *table)
{
  g_autofree char *hint = NULL;

  self->updating = TRUE;
  if (!is_same (self, table))
    build (self, table);
  g_ptr_array_set_size (self->roles, 0);
  for (guint c = 0; c < self->columns->len; c++)
    {
      g_ptr_array_add (self->roles, (gpointer) table->roles[c]);
      if (c < self->drops->len)
        gtk_drop_down_set_selected (self->drops->pdata[c], position_of (self->kind, table->roles[c]));
    }
  self->updating = FALSE;
  if (table->missing != NULL)
    hint = g_strdup_printf (_("Choose the column that is the role “%s”; without it the table cannot be read."), refract_import_role_title (table->missing));
  else if (table->n_columns > MAX_COLUMNS)
    hint = g_strdup_printf (_("The first %d of %u columns."), MAX_COLUMNS, table->n_columns);
  gtk_label_set_text (self->hint, hint ? hint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint), hint != NULL);
  if (table->missing != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->hint), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->hint), "error");
}

static void
refract_import_table_view_finalize (GObject *object)
{
  RefractImportTableView *self = REFRACT_IMPORT_TABLE_VIEW (object);

  g_clear_handle_id (&self->filling_id, g_source_remove);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self->file);
  g_ptr_array_unref (self->columns);
  g_ptr_array_unref (self->roles);
  g_ptr_array_unref (self->drops);
  G_OBJECT_CLASS (refract_import_table_view_parent_class)->finalize (object);
}

static void
refract_import_table_view_class_init (RefractImportTableViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_import_table_view_finalize;
  signals[ROLE_CHANGED] = g_signal_new ("role-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
refract_import_table_view_init (RefractImportTableView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6), *scrolled = gtk_scrolled_window_new (), *frame = gtk_frame_new (NULL);

  self->columns = g_ptr_array_new_with_free_func (g_free);
  self->roles = g_ptr_array_new ();
  self->drops = g_ptr_array_new ();
  self->hint = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->hint, 0);
  gtk_label_set_wrap (self->hint, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), FALSE);
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 18);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_widget_add_css_class (GTK_WIDGET (self->grid), "preview");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->grid));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), HEIGHT);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scrolled), GTK_ACCESSIBLE_PROPERTY_LABEL, _("First records"), -1);
  gtk_frame_set_child (GTK_FRAME (frame), scrolled);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->hint));
  gtk_box_append (GTK_BOX (box), frame);
  adw_bin_set_child (ADW_BIN (self), box);
}
