/* refract-export-window.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-export-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/report/rf-report.h"
#include "ui/refract-compat.h"
#include "ui/refract-report-error.h"

#define MOST_PRINTED 50 /* users: a page or two each */

static const struct
{
  const char *ending, *title;
} formats[] = {
  { "html", N_("Page to read (.html)") },
  { "pdf", N_("Pages to print (.pdf)") },
  { "csv", N_("Table (.csv)") },
  { "json", N_("Data (.json)") },
};

static const struct
{
  RfReportColumn column;
  const char *title;
} column_names[] = {
  { RF_REPORT_PICTURE, N_("Picture") },           { RF_REPORT_SCORE, N_("Score") },   { RF_REPORT_ATTENTION, N_("Attention") },
  { RF_REPORT_CONTRIBUTION, N_("Contribution") }, { RF_REPORT_DRIVER, N_("Driver") },
};

struct _RefractExportWindow
{
  AdwWindow parent_instance;

  AdwComboRow *who_row, *format_row;
  GtkSpinButton *places, *budget;
  GtkWidget *budget_row;
  GtkSwitch *columns[G_N_ELEMENTS (column_names)];

  RefractSession *session;
  guint32 user;
  guint32 *shown;
  guint n_shown;
};

enum
{
  EXPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractExportWindow, refract_export_window, ADW_TYPE_WINDOW)

/* The rows of who_row: the chosen user only where there is one. */
static guint32 *
dup_users (RefractExportWindow *self, guint *n)
{
  guint choice = adw_combo_row_get_selected (self->who_row) + (self->user == RF_NO_INDEX ? 1 : 0);
  guint32 n_users = rf_catalog_get_n_users (refract_session_get_catalog (self->session)), *all;

  if (choice == 0)
    {
      *n = 1;
      return g_memdup2 (&self->user, sizeof self->user);
    }
  if (choice == 1)
    {
      *n = self->n_shown;
      return g_memdup2 (self->shown, self->n_shown * sizeof *self->shown);
    }
  all = g_new (guint32, (gsize) n_users + 1);
  for (guint32 u = 0; u < n_users; u++)
    all[u] = u;
  *n = n_users;
  return all;
}

static guint
get_columns (RefractExportWindow *self)
{
  guint bits = 0, all = 0;

  for (gsize c = 0; c < G_N_ELEMENTS (column_names); c++)
    {
      all |= column_names[c].column;
      if (gtk_switch_get_active (self->columns[c]))
        bits |= column_names[c].column;
    }
  /* All of them is the report's own default; none of them is not zero, which would mean all. */
  return bits == all ? 0 : bits == 0 ? 1u << 31 : bits;
}

RefractReportJob *
refract_export_window_make_job (RefractExportWindow *self, const char *path)
{
  guint n;
  g_autofree guint32 *users = dup_users (self, &n);
  RefractReportJob *job = refract_report_job_new (refract_session_get_path (self->session), refract_session_get_trained (self->session), users, path ? n : MIN (n, MOST_PRINTED),
                                                  (guint) gtk_spin_button_get_value_as_int (self->places), path);

  refract_report_job_set_columns (job, get_columns (self));
  refract_report_job_set_budget (job, (gsize) (gtk_spin_button_get_value (self->budget) * 1e6));
  return job;
}

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractExportWindow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = refract_compat_choose_file_finish (result, &error);
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_autoptr(RefractReportJob) job = NULL;

  if (path == NULL)
    return;
  if (!rf_report_is_supported (path))
    {
      refract_report_message (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))), _("A report's name ends in .html, .pdf, .csv or .json."));
      return;
    }
  job = refract_export_window_make_job (self, path);
  g_signal_emit (self, signals[EXPORT], 0, job);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
export_cb (RefractExportWindow *self)
{
  guint n;
  g_autofree guint32 *users = dup_users (self, &n);
  const char *name = n == 1 ? rf_catalog_get_user_id (refract_session_get_catalog (self->session), users[0]) : refract_session_get_title (self->session);
  g_autofree char *proposal = g_strdup_printf ("%s.%s", name, formats[adw_combo_row_get_selected (self->format_row)].ending);

  g_strdelimit (proposal, "/", '-');
  refract_compat_choose_file_async (GTK_WINDOW (self), REFRACT_COMPAT_SAVE_FILE, _("Export the Report"), NULL, proposal, NULL, chosen_cb, g_object_ref (self));
}

/* The pages are drawn by the job; whoever ran it asks for the printer. */
static void
print_cb (RefractExportWindow *self)
{
  g_autoptr(RefractReportJob) job = refract_export_window_make_job (self, NULL);

  g_signal_emit (self, signals[EXPORT], 0, job);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* The window. */

static void
format_cb (RefractExportWindow *self)
{
  const char *ending = formats[adw_combo_row_get_selected (self->format_row)].ending;

  gtk_widget_set_visible (self->budget_row, strcmp (ending, "html") == 0);
}

static GtkWidget *
make_row (const char *title, const char *subtitle, GtkWidget *suffix)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, NULL);
  gtk_widget_set_valign (suffix, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (suffix), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), suffix);
  return row;
}

static AdwComboRow *
make_combo (const char *title)
{
  GtkWidget *row = adw_combo_row_new ();

  g_object_set (row, "use-markup", FALSE, "title", title, NULL);
  return ADW_COMBO_ROW (row);
}

static void
fill_who (RefractExportWindow *self, const char *segment)
{
  RfCatalog *catalog = refract_session_get_catalog (self->session);
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
  g_autofree char *shown = segment ? g_strdup_printf (_("%s (%u)"), segment, self->n_shown) : g_strdup_printf (_("The users of the list (%u)"), self->n_shown);
  g_autofree char *all = g_strdup_printf (_("All users (%u)"), rf_catalog_get_n_users (catalog));

  if (self->user != RF_NO_INDEX)
    gtk_string_list_append (list, rf_catalog_get_user_id (catalog, self->user));
  gtk_string_list_append (list, shown);
  gtk_string_list_append (list, all);
  adw_combo_row_set_model (self->who_row, G_LIST_MODEL (list));
}

GtkWidget *
refract_export_window_new (GtkWindow *parent, RefractSession *session, guint32 user, const guint32 *shown, guint n_shown, const char *segment)
{
  RefractExportWindow *self = g_object_new (REFRACT_TYPE_EXPORT_WINDOW, "transient-for", parent, "modal", TRUE, NULL);

  self->session = g_object_ref (session);
  self->user = user;
  self->shown = g_memdup2 (shown, n_shown * sizeof *shown);
  self->n_shown = n_shown;
  fill_who (self, segment);
  return GTK_WIDGET (self);
}

static void
refract_export_window_finalize (GObject *object)
{
  RefractExportWindow *self = REFRACT_EXPORT_WINDOW (object);

  g_clear_object (&self->session);
  g_free (self->shown);
  G_OBJECT_CLASS (refract_export_window_parent_class)->finalize (object);
}

static void
refract_export_window_class_init (RefractExportWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_export_window_finalize;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
  signals[EXPORT] = g_signal_new ("export", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, REFRACT_TYPE_REPORT_JOB);
}

static void
cancel_cb (RefractExportWindow *self)
{
  gtk_window_destroy (GTK_WINDOW (self));
}

static GtkWidget *
make_header (RefractExportWindow *self)
{
  GtkWidget *header = adw_header_bar_new (), *cancel = gtk_button_new_with_mnemonic (_("_Cancel")), *export = gtk_button_new_with_mnemonic (_("_Export…")), *print = gtk_button_new_with_mnemonic (_("_Print…"));

  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  gtk_widget_add_css_class (export, "suggested-action");
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), export);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), print);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (cancel_cb), self);
  g_signal_connect_swapped (export, "clicked", G_CALLBACK (export_cb), self);
  g_signal_connect_swapped (print, "clicked", G_CALLBACK (print_cb), self);
  return header;
}

static GtkWidget *
make_report_group (RefractExportWindow *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);

  for (gsize f = 0; f < G_N_ELEMENTS (formats); f++)
    gtk_string_list_append (list, _(formats[f].title));
  self->who_row = make_combo (_("Users"));
  self->format_row = make_combo (_("Format"));
  adw_combo_row_set_model (self->format_row, G_LIST_MODEL (list));
  g_signal_connect_swapped (self->format_row, "notify::selected", G_CALLBACK (format_cb), self);
  self->places = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (1, 10000, 1));
  gtk_spin_button_set_value (self->places, 20);
  self->budget = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (0, 10000, 1));
  gtk_spin_button_set_digits (self->budget, 1);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->who_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->format_row));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), make_row (_("Length of each list"), NULL, GTK_WIDGET (self->places)));
  self->budget_row = make_row (_("Largest size in MB"), _("Beyond, pictures and then users are left out; 0: no limit"), GTK_WIDGET (self->budget));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), self->budget_row);
  return group;
}

static void
refract_export_window_init (RefractExportWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *page = adw_preferences_page_new (), *columns = adw_preferences_group_new ();

  gtk_window_set_title (GTK_WINDOW (self), _("Report"));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (make_report_group (self)));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (columns), _("Columns"));
  for (gsize c = 0; c < G_N_ELEMENTS (column_names); c++)
    {
      self->columns[c] = GTK_SWITCH (gtk_switch_new ());
      gtk_switch_set_active (self->columns[c], TRUE);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (columns), make_row (_(column_names[c].title), NULL, GTK_WIDGET (self->columns[c])));
    }
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (columns));
  gtk_widget_set_vexpand (page, TRUE);
  gtk_box_append (GTK_BOX (box), make_header (self));
  gtk_box_append (GTK_BOX (box), page);
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 480, 560);
}
