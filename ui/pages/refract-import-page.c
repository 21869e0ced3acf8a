/* refract-import-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-import-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/refract-import-job.h"
#include "core/catalog/rf-import-values.h"
#include "ui/pages/refract-import-table-view.h"
#include "ui/pages/refract-problem-list.h"
#include "ui/refract-compat.h"

#define PATIENCE_MS 250 /* from the last change to the next look */

enum
{
  COUNT_ITEMS,
  COUNT_USERS,
  COUNT_INTERACTIONS,
  COUNT_PICTURES,
  COUNT_TEXTS,
  N_COUNTS
};

struct _RefractImportPage
{
  AdwBin parent_instance;

  AdwPreferencesGroup *source_group;
  AdwComboRow *format_row;
  AdwActionRow *path_row;
  AdwActionRow *error_row, *warning_row;
  GtkLabel *counts[N_COUNTS];
  GtkWidget *tables_group;
  GtkStack *tables;
  GtkStackSwitcher *switcher;
  GtkSwitch *rating_switch;
  GtkSpinButton *rating_spin, *core_spin;
  AdwEntryRow *since_row, *until_row;
  AdwComboRow *abnormal_row;
  AdwPreferencesGroup *event_group;
  GPtrArray *event_rows; /* borrowed */
  RefractProblemList *problems;
  GtkSpinner *spinner;
  GtkLabel *status;

  char *source, *path;
  RefractImportPlan *plan;
  RefractPreviewJob *job;    /* the look that is under way */
  RefractPreviewJob *result; /* the one that is shown */
  RefractPreviewJob *tables_of;
  guint look_id;
  gboolean updating;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractImportPage, refract_import_page, ADW_TYPE_BIN)

GtkWidget *
refract_import_page_new (void)
{
  return g_object_new (REFRACT_TYPE_IMPORT_PAGE, NULL);
}

const char *
refract_import_page_get_source (RefractImportPage *self)
{
  return self->source;
}

const char *
refract_import_page_get_path (RefractImportPage *self)
{
  return self->path;
}

RefractImportPlan *
refract_import_page_get_plan (RefractImportPage *self)
{
  return self->plan;
}

RefractPreviewJob *
refract_import_page_get_result (RefractImportPage *self)
{
  return self->result;
}

gboolean
refract_import_page_is_settled (RefractImportPage *self)
{
  return self->job == NULL && self->look_id == 0;
}

gboolean
refract_import_page_can_import (RefractImportPage *self)
{
  return self->source != NULL && refract_import_page_is_settled (self) && self->result != NULL;
}

void
refract_import_page_set_path (RefractImportPage *self, const char *path)
{
  g_autofree char *copy = g_strdup (path), *home = g_strconcat (g_get_home_dir (), "/", NULL), *shown = NULL;

  g_free (self->path);
  self->path = g_steal_pointer (&copy);
  shown = self->path && g_str_has_prefix (self->path, home) ? g_strconcat ("~/", self->path + strlen (home), NULL) : g_strdup (self->path);
  adw_action_row_set_subtitle (self->path_row, shown ? shown : "");
}

static void
update_status (RefractImportPage *self)
{
  gboolean busy = !refract_import_page_is_settled (self);

  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_label_set_text (self->status, busy ? _("Looking…") : self->result ? _("Nothing is written before you press Import.") : "");
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_count (RefractImportPage *self, guint count, guint64 before, guint64 after)
{
  g_autofree char *text = before == after ? g_strdup_printf ("%" G_GUINT64_FORMAT, after) : g_strdup_printf ("%" G_GUINT64_FORMAT " → %" G_GUINT64_FORMAT, before, after);

  gtk_label_set_text (self->counts[count], text);
}

static void
clear_counts (RefractImportPage *self)
{
  for (guint c = 0; c < N_COUNTS; c++)
    gtk_label_set_text (self->counts[c], "–");
}

static void
show_counts (RefractImportPage *self)
{
  RfCatalog *catalog = refract_preview_job_get_catalog (self->result);
  const RfImportCounts *before = refract_preview_job_get_unfiltered (self->result);
  guint32 pictures = rf_catalog_count_images (catalog), texts = rf_catalog_count_texts (catalog);

  set_count (self, COUNT_ITEMS, before->n_items, rf_catalog_get_n_items (catalog));
  set_count (self, COUNT_USERS, before->n_users, rf_catalog_get_n_users (catalog));
  set_count (self, COUNT_INTERACTIONS, before->n_interactions, rf_catalog_get_n_interactions (catalog));
  set_count (self, COUNT_PICTURES, pictures, pictures);
  set_count (self, COUNT_TEXTS, texts, texts);
}

static void
event_switched_cb (GtkSwitch *button, GParamSpec *pspec, RefractImportPage *self)
{
  g_autofree char *entry = g_strdup_printf ("%s=0", (const char *) g_object_get_data (G_OBJECT (button), "event"));
  guint index;

  if (self->updating)
    return;
  if (g_ptr_array_find_with_equal_func (self->plan->events, entry, g_str_equal, &index))
    g_ptr_array_remove_index (self->plan->events, index);
  if (!gtk_switch_get_active (button))
    g_ptr_array_add (self->plan->events, g_steal_pointer (&entry));
  refract_import_page_look_again (self);
}

/* The kinds of event are known from the first look on: one that is left out later would not be in the catalog any more. */
static void
show_events (RefractImportPage *self)
{
  RfCatalog *catalog = refract_preview_job_get_catalog (self->result);

  if (self->event_rows->len > 0 || rf_catalog_get_n_events (catalog) < 2)
    return;
  for (guint e = 0; e < MIN (rf_catalog_get_n_events (catalog), 20); e++)
    {
      GtkWidget *row = adw_action_row_new (), *button = gtk_switch_new ();

      g_object_set (row, "use-markup", FALSE, "title", rf_catalog_get_event (catalog, e), NULL);
      g_object_set_data_full (G_OBJECT (button), "event", g_strdup (rf_catalog_get_event (catalog, e)), g_free);
      gtk_switch_set_active (GTK_SWITCH (button), TRUE);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      g_signal_connect (button, "notify::active", G_CALLBACK (event_switched_cb), self);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
      adw_preferences_group_add (self->event_group, row);
      g_ptr_array_add (self->event_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->event_group), TRUE);
}

static void
clear_events (RefractImportPage *self)
{
  for (guint r = 0; r < self->event_rows->len; r++)
    adw_preferences_group_remove (self->event_group, self->event_rows->pdata[r]);
  g_ptr_array_set_size (self->event_rows, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->event_group), FALSE);
}

static void
role_changed_cb (RefractImportTableView *view, const char *column, const char *role, const char *before, RefractImportPage *self)
{
  refract_import_plan_set_role (self->plan, column, role, before);
  refract_import_page_look_again (self);
}

static void
clear_tables (RefractImportPage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tables))) != NULL)
    gtk_stack_remove (self->tables, child);
  g_clear_object (&self->tables_of);
}

static void
show_tables (RefractImportPage *self, RefractPreviewJob *job)
{
  RfImportPreview *preview = refract_preview_job_get_preview (job);
  gboolean same = TRUE;

  if (self->tables_of == job)
    return;
  for (guint t = 0; t < preview->tables->len; t++)
    same = same && gtk_stack_get_child_by_name (self->tables, ((RfPreviewTable *) preview->tables->pdata[t])->file) != NULL;
  if (!same)
    clear_tables (self);
  for (guint t = 0; t < preview->tables->len; t++)
    {
      const RfPreviewTable *table = preview->tables->pdata[t];
      GtkWidget *view = gtk_stack_get_child_by_name (self->tables, table->file);

      if (view == NULL)
        {
          view = refract_import_table_view_new ();
          g_signal_connect (view, "role-changed", G_CALLBACK (role_changed_cb), self);
          gtk_stack_add_titled (self->tables, view, table->file, table->file);
        }
      refract_import_table_view_set_table (REFRACT_IMPORT_TABLE_VIEW (view), table);
    }
  g_set_object (&self->tables_of, job);
  gtk_widget_set_visible (self->tables_group, preview->tables->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->switcher), preview->tables->len > 1);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->format_row), preview->reason);
}

static void
progress_cb (RefractImportPage *self)
{
  if (self->job != NULL && refract_preview_job_get_preview (self->job) != NULL)
    show_tables (self, self->job);
}

/* Tables that do not fit together can be imported, but that is hardly meant. */
static void
show_warning (RefractImportPage *self, const char *warning)
{
  adw_action_row_set_subtitle (self->warning_row, warning ? warning : "");
  gtk_widget_set_visible (GTK_WIDGET (self->warning_row), warning != NULL);
}

static void
looked_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractImportPage) self = data;
  RefractPreviewJob *job = REFRACT_PREVIEW_JOB (object);
  g_autoptr(GError) error = NULL;
  gboolean ok = refract_job_run_finish (REFRACT_JOB (job), result, &error);

  g_signal_handlers_disconnect_by_data (job, self);
  if (job != self->job) /* overtaken, or the page was left */
    return;
  self->job = NULL; /* its reference goes on to result, or ends here */
  if (refract_preview_job_get_preview (job) != NULL)
    show_tables (self, job);
  refract_problem_list_set_report (self->problems, ok ? refract_preview_job_get_report (job) : NULL, refract_preview_job_get_catalog (job), self->source);
  g_clear_object (&self->result);
  gtk_widget_set_visible (GTK_WIDGET (self->error_row), !ok);
  show_warning (self, ok ? rf_import_report_get_warning (refract_preview_job_get_report (job)) : NULL);
  if (ok)
    {
      self->result = job;
      show_counts (self);
      show_events (self);
    }
  else
    {
      clear_counts (self);
      adw_action_row_set_subtitle (self->error_row, error->message);
      g_object_unref (job);
    }
  update_status (self);
}

static void
stop (RefractImportPage *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  if (self->job != NULL)
    {
      refract_job_cancel (REFRACT_JOB (self->job));
      g_clear_object (&self->job);
    }
}

static gboolean
look_cb (gpointer data)
{
  RefractImportPage *self = data;

  self->look_id = 0;
  self->job = refract_preview_job_new (self->source, self->plan);
  g_signal_connect_object (self->job, "notify::fraction", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  refract_job_run_async (REFRACT_JOB (self->job), looked_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

void
refract_import_page_look_again (RefractImportPage *self)
{
  stop (self);
  self->look_id = g_timeout_add (self->result ? PATIENCE_MS : 0, look_cb, self);
  update_status (self);
}

void
refract_import_page_set_source (RefractImportPage *self, const char *source)
{
  g_autofree char *name = source ? g_path_get_basename (source) : NULL, *title = NULL, *copy = g_strdup (source), *path = NULL;

  stop (self);
  refract_problem_list_set_report (self->problems, NULL, NULL, NULL);
  g_clear_object (&self->result);
  clear_tables (self);
  clear_events (self);
  clear_counts (self);
  gtk_widget_set_visible (self->tables_group, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->error_row), FALSE);
  show_warning (self, NULL);
  refract_import_plan_free (self->plan);
  self->plan = refract_import_plan_new ();
  self->updating = TRUE;
  adw_combo_row_set_selected (self->format_row, 0);
  adw_combo_row_set_selected (self->abnormal_row, 0);
  gtk_switch_set_active (self->rating_switch, FALSE);
  gtk_spin_button_set_value (self->core_spin, 0);
  gtk_editable_set_text (GTK_EDITABLE (self->since_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->until_row), "");
  self->updating = FALSE;
  g_free (self->source);
  self->source = g_steal_pointer (&copy);
  if (self->source == NULL)
    return;
  path = refract_import_job_suggest_path (self->source, g_get_user_data_dir ());
  refract_import_page_set_path (self, path);
  /* Translators: %s is the name of a folder or file */
  title = g_strdup_printf (_("Import “%s”"), name);
  adw_preferences_group_set_title (self->source_group, title);
  refract_import_page_look_again (self);
}

static gboolean
read_day (AdwEntryRow *row, gint64 *value)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  RfValueState state;

  *value = RF_NO_TIMESTAMP;
  if (*text == '\0')
    return TRUE;
  state = rf_import_parse_timestamp (text, strlen (text), G_MAXINT32, value);
  return state == RF_VALUE_FINE || state == RF_VALUE_ISO;
}

static void
filter_changed_cb (RefractImportPage *self)
{
  RfFilterOptions *filter = &self->plan->filter;
  gboolean since_ok, until_ok;

  if (self->updating || self->source == NULL)
    return;
  filter->has_min_rating = gtk_switch_get_active (self->rating_switch);
  filter->min_rating = gtk_spin_button_get_value (self->rating_spin);
  filter->k_core = (guint) gtk_spin_button_get_value_as_int (self->core_spin);
  filter->abnormal = (RfAbnormal) adw_combo_row_get_selected (self->abnormal_row);
  since_ok = read_day (self->since_row, &filter->since);
  until_ok = read_day (self->until_row, &filter->until);
  (since_ok ? gtk_widget_remove_css_class : gtk_widget_add_css_class) (GTK_WIDGET (self->since_row), "error");
  (until_ok ? gtk_widget_remove_css_class : gtk_widget_add_css_class) (GTK_WIDGET (self->until_row), "error");
  gtk_widget_set_sensitive (GTK_WIDGET (self->rating_spin), filter->has_min_rating);
  refract_import_page_look_again (self);
}

static void
format_changed_cb (RefractImportPage *self)
{
  guint selected = adw_combo_row_get_selected (self->format_row);

  if (self->updating || self->source == NULL)
    return;
  g_free (self->plan->format);
  self->plan->format = selected > 0 ? g_strdup (rf_importers_get_all ()[selected - 1]->name) : NULL;
  g_ptr_array_set_size (self->plan->map, 0);
  refract_import_page_look_again (self);
}

static void
path_chosen_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractImportPage) self = data;
  g_autoptr(GFile) file = refract_compat_choose_file_finish (result, NULL);
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (path != NULL)
    refract_import_page_set_path (self, path);
}

static void
choose_path_cb (RefractImportPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autofree char *folder_path = g_path_get_dirname (self->path), *name = g_path_get_basename (self->path);
  g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

  refract_compat_choose_file_async (GTK_WINDOW (root), REFRACT_COMPAT_SAVE_FILE, _("The Document to Write"), NULL, name, folder, path_chosen_cb, g_object_ref (self));
}

static GtkWidget *
make_source (RefractImportPage *self)
{
  const RfImporter *const *importers = rf_importers_get_all ();
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("C_hange…"));

  self->source_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  gtk_string_list_append (names, _("Recognised by itself"));
  for (guint i = 0; importers[i] != NULL; i++)
    gtk_string_list_append (names, _(importers[i]->title));
  self->format_row = ADW_COMBO_ROW (adw_combo_row_new ());
  g_object_set (self->format_row, "title", _("Format"), "subtitle-lines", 2, "use-markup", FALSE, "model", names, NULL);
  self->path_row = ADW_ACTION_ROW (adw_action_row_new ());
  g_object_set (self->path_row, "title", _("Document"), "use-markup", FALSE, "subtitle-lines", 2, NULL);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (self->path_row, button);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (choose_path_cb), self);
  self->error_row = ADW_ACTION_ROW (adw_action_row_new ());
  g_object_set (self->error_row, "title", _("This cannot be imported as it is"), "use-markup", FALSE, "subtitle-lines", 0, NULL);
  adw_action_row_add_prefix (self->error_row, gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  gtk_widget_add_css_class (GTK_WIDGET (self->error_row), "error");
  self->warning_row = ADW_ACTION_ROW (adw_action_row_new ());
  g_object_set (self->warning_row, "title", _("This can be imported, but little can be learned from it"), "use-markup", FALSE, "subtitle-lines", 0, NULL);
  adw_action_row_add_prefix (self->warning_row, gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  gtk_widget_add_css_class (GTK_WIDGET (self->warning_row), "warning");
  adw_preferences_group_add (self->source_group, GTK_WIDGET (self->format_row));
  adw_preferences_group_add (self->source_group, GTK_WIDGET (self->path_row));
  adw_preferences_group_add (self->source_group, GTK_WIDGET (self->error_row));
  adw_preferences_group_add (self->source_group, GTK_WIDGET (self->warning_row));
  g_signal_connect_swapped (self->format_row, "notify::selected", G_CALLBACK (format_changed_cb), self);
  return GTK_WIDGET (self->source_group);
}

static GtkWidget *
make_counts (RefractImportPage *self)
{
  const char *names[N_COUNTS] = { _("Items"), _("Users"), _("Interactions"), _("With picture"), _("With text") };
  GtkWidget *flow = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), N_COUNTS);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  for (guint c = 0; c < N_COUNTS; c++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *name = gtk_label_new (names[c]);

      self->counts[c] = GTK_LABEL (gtk_label_new ("–"));
      gtk_widget_add_css_class (GTK_WIDGET (self->counts[c]), "title-3");
      gtk_widget_add_css_class (GTK_WIDGET (self->counts[c]), "numeric");
      gtk_widget_add_css_class (name, "dim-label");
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->counts[c]));
      gtk_box_append (GTK_BOX (box), name);
      gtk_accessible_update_relation (GTK_ACCESSIBLE (self->counts[c]), GTK_ACCESSIBLE_RELATION_LABELLED_BY, name, NULL, -1);
      gtk_widget_add_css_class (box, "count");
      gtk_flow_box_append (GTK_FLOW_BOX (flow), box);
    }
  gtk_widget_add_css_class (flow, "card");
  return flow;
}

static GtkWidget *
make_tables (RefractImportPage *self)
{
  GtkWidget *group = adw_preferences_group_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Tables"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("The first 50 records. Below the name of a column is the role it plays; choose another one if it was guessed wrong."));
  self->tables = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_vhomogeneous (self->tables, FALSE);
  gtk_stack_set_hhomogeneous (self->tables, FALSE);
  self->switcher = GTK_STACK_SWITCHER (gtk_stack_switcher_new ());
  gtk_stack_switcher_set_stack (self->switcher, self->tables);
  gtk_widget_set_halign (GTK_WIDGET (self->switcher), GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->switcher));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->tables));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), box);
  self->tables_group = group;
  return group;
}

static void
add_suffix_row (AdwPreferencesGroup *group, const char *title, const char *subtitle, GtkWidget *first, GtkWidget *second)
{
  GtkWidget *row = adw_action_row_new ();

  g_object_set (row, "title", title, "subtitle", subtitle, NULL);
  gtk_widget_set_valign (first, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), first);
  if (second != NULL)
    {
      gtk_widget_set_valign (second, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (second), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), second);
    }
  adw_preferences_group_add (group, row);
}

static GtkWidget *
make_filters (RefractImportPage *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  const char *const choices[] = { _("Keep"), _("Keep and tell"), _("Leave out"), NULL };
  g_autoptr(GtkStringList) abnormal = gtk_string_list_new (choices);

  adw_preferences_group_set_title (group, _("Which Interactions to Keep"));
  self->rating_spin = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (-100, 100, 0.5));
  gtk_spin_button_set_value (self->rating_spin, 4);
  gtk_widget_set_sensitive (GTK_WIDGET (self->rating_spin), FALSE);
  self->rating_switch = GTK_SWITCH (gtk_switch_new ());
  add_suffix_row (group, _("Lowest rating"), _("Interactions rated lower are left out; those without a rating stay"), GTK_WIDGET (self->rating_spin), GTK_WIDGET (self->rating_switch));
  self->since_row = ADW_ENTRY_ROW (adw_entry_row_new ());
  g_object_set (self->since_row, "title", _("From this day (2015-01-31)"), NULL);
  self->until_row = ADW_ENTRY_ROW (adw_entry_row_new ());
  g_object_set (self->until_row, "title", _("Before this day (2016-01-31)"), NULL);
  adw_preferences_group_add (group, GTK_WIDGET (self->since_row));
  adw_preferences_group_add (group, GTK_WIDGET (self->until_row));
  self->abnormal_row = ADW_COMBO_ROW (adw_combo_row_new ());
  g_object_set (self->abnormal_row, "title", _("Users that look like machines"), "subtitle", _("Far more interactions than others, too many in a minute, or nearly all with one item"),
                "model", abnormal, "subtitle-lines", 2, NULL);
  adw_preferences_group_add (group, GTK_WIDGET (self->abnormal_row));
  self->core_spin = GTK_SPIN_BUTTON (gtk_spin_button_new_with_range (0, 1000, 1));
  add_suffix_row (group, _("Least interactions (k-core)"), _("Users and items with fewer are left out, again and again until none is; 0: all stay"), GTK_WIDGET (self->core_spin), NULL);
  g_signal_connect_swapped (self->rating_spin, "value-changed", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->rating_switch, "notify::active", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->since_row, "changed", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->until_row, "changed", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->abnormal_row, "notify::selected", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->core_spin, "value-changed", G_CALLBACK (filter_changed_cb), self);
  return GTK_WIDGET (group);
}

static GtkWidget *
make_problems (RefractImportPage *self)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Problems"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("What is wrong in the tables and what the import will do about it. Pictures are opened only by the import itself."));
  self->problems = REFRACT_PROBLEM_LIST (refract_problem_list_new ());
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->problems));
  return group;
}

static GtkWidget *
make_bar (RefractImportPage *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *cancel = gtk_button_new_with_mnemonic (_("_Cancel")), *import = gtk_button_new_with_mnemonic (_("_Import"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (cancel), "win.import-leave");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (import), "win.import-start");
  gtk_widget_add_css_class (import, "suggested-action");
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  self->status = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->status, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->status, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->status), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->status), "dim-label");
  gtk_box_append (GTK_BOX (bar), cancel);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->spinner));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->status));
  gtk_box_append (GTK_BOX (bar), import);
  gtk_widget_add_css_class (bar, "job-bar");
  return bar;
}

static void
refract_import_page_dispose (GObject *object)
{
  RefractImportPage *self = REFRACT_IMPORT_PAGE (object);

  stop (self);
  if (self->problems != NULL)
    refract_problem_list_set_report (self->problems, NULL, NULL, NULL);
  self->problems = NULL;
  g_clear_object (&self->result);
  g_clear_object (&self->tables_of);
  g_clear_pointer (&self->event_rows, g_ptr_array_unref);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->plan, refract_import_plan_free);
  G_OBJECT_CLASS (refract_import_page_parent_class)->dispose (object);
}

static void
refract_import_page_class_init (RefractImportPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_import_page_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_import_page_init (RefractImportPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new (), *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);

  self->event_rows = g_ptr_array_new ();
  self->plan = refract_import_plan_new ();
  self->event_group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_set_title (self->event_group, _("Kinds of Event"));
  gtk_widget_set_visible (GTK_WIDGET (self->event_group), FALSE);
  gtk_box_append (GTK_BOX (content), make_source (self));
  gtk_box_append (GTK_BOX (content), make_counts (self));
  gtk_box_append (GTK_BOX (content), make_tables (self));
  gtk_box_append (GTK_BOX (content), make_filters (self));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->event_group));
  gtk_box_append (GTK_BOX (content), make_problems (self));
  gtk_widget_add_css_class (content, "content");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), 1000);
  adw_clamp_set_child (ADW_CLAMP (clamp), content);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), make_bar (self));
  adw_bin_set_child (ADW_BIN (self), box);
  refract_import_page_set_source (self, NULL);
}
