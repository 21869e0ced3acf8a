/* refract-problem-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-problem-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/pages/refract-problem-window.h"

#define MAX_SHOWN 200 /* of a kind */

struct _RefractProblemList
{
  AdwBin parent_instance;

  GtkBox *box;
  const RfImportReport *report; /* borrowed */
  RfCatalog *catalog;
  char *source;
};

G_DEFINE_FINAL_TYPE (RefractProblemList, refract_problem_list, ADW_TYPE_BIN)

static const struct
{
  const char *kind, *title;
} titles[] = {
  { "empty-id", N_("Records without id") },
  { "empty-user", N_("Records without user") },
  { "long-id", N_("Ids that are too long") },
  { "id-blanks", N_("Blanks around ids") },
  { "duplicate-item", N_("Items that stand twice") },
  { "duplicate-item-different", N_("Items that stand twice, with other content") },
  { "empty-item", N_("Items with nothing but an id") },
  { "control-characters", N_("Control characters in texts") },
  { "bidi-characters", N_("Characters that turn the direction of writing") },
  { "carriage-return", N_("Carriage returns in texts") },
  { "long-text", N_("Texts that were cut") },
  { "short-row", N_("Rows with too few fields") },
  { "long-row", N_("Rows with too many fields") },
  { "bad-quote", N_("Quotation marks that are never closed") },
  { "unknown-item", N_("Interactions with unknown items") },
  { "no-match", N_("No interaction fits an item") },
  { "few-match", N_("Most interactions fit no item") },
  { "no-interactions", N_("No interactions") },
  { "duplicate-interaction", N_("Interactions that stand twice") },
  { "repeated-interaction", N_("Items that a user chose again") },
  { "rating-missing", N_("Missing ratings") },
  { "rating-nan", N_("Ratings that are no numbers") },
  { "rating-not-a-number", N_("Ratings that are no numbers") },
  { "rating-out-of-range", N_("Ratings off the scale") },
  { "rating-decimal-comma", N_("Ratings with a comma") },
  { "rating-column", N_("A column of ratings that are all so") },
  { "timestamp-missing", N_("Missing times") },
  { "timestamp-negative", N_("Times before 1970") },
  { "timestamp-future", N_("Times in the future") },
  { "timestamp-not-a-time", N_("Times that are none") },
  { "timestamp-milliseconds", N_("Times in milliseconds") },
  { "timestamp-iso", N_("Times written as dates") },
  { "timestamp-column", N_("A column of times that are all so") },
  { "unknown-part", N_("Unknown parts of a split") },
  { "missing-image", N_("Pictures that are not there") },
  { "empty-image", N_("Pictures that are empty files") },
  { "not-an-image", N_("Files that are no pictures") },
  { "broken-image", N_("Broken pictures") },
  { "image-too-large", N_("Pictures that are too large") },
  { "path-outside", N_("Pictures outside the catalog's folder") },
  { "image-url", N_("Pictures on a network") },
  { "backslash-path", N_("Paths with backslashes") },
  { "encoding", N_("Files in another encoding") },
  { "invalid-utf8", N_("Bytes that are no letters") },
  { "nul-bytes", N_("Zero bytes in a file") },
  { "bad-json", N_("Lines that are no objects") },
  { "features-shape", N_("Ready features that fit no item") },
  { "features-unreadable", N_("Ready features that cannot be read") },
  { "features-not-finite", N_("Ready features that are no numbers") },
  { "map-not-read", N_("Maps of ids that were not read") },
  { "unmapped-id", N_("Ids without a name in the map") },
  { "file-not-read", N_("Files that were not read") },
  { "abnormal-user", N_("Users that look like machines") },
  { "filter-events", N_("Left out: kinds of event") },
  { "filter-event", N_("Left out: kinds of event") },
  { "filter-rating", N_("Left out: low ratings") },
  { "filter-date", N_("Left out: other times") },
  { "filter-k-core", N_("Left out: too few interactions") },
};

const char *
refract_problem_kind_title (const char *kind)
{
  for (gsize t = 0; t < G_N_ELEMENTS (titles); t++)
    if (strcmp (titles[t].kind, kind) == 0)
      return _(titles[t].title);
  return kind;
}

GtkWidget *
refract_problem_list_new (void)
{
  return g_object_new (REFRACT_TYPE_PROBLEM_LIST, NULL);
}

static void
activated_cb (GtkWidget *row, RefractProblemList *self)
{
  gsize index = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (row), "problem"));
  GtkRoot *root = gtk_widget_get_root (row);

  if (self->report == NULL || index >= rf_import_report_get_n (self->report))
    return;
  gtk_window_present (GTK_WINDOW (refract_problem_window_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, rf_import_report_get (self->report, index), self->catalog, self->source)));
}

static GtkWidget *
make_row (RefractProblemList *self, gsize index)
{
  const RfProblem *problem = rf_import_report_get (self->report, index);
  const char *action = rf_import_action_to_string (problem->action);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *line = g_strdup_printf ("%" G_GUINT64_FORMAT, problem->line);
  /* Translators: file, line, and what was done with the record: kept, repaired or dropped */
  g_autofree char *place = problem->line ? g_strdup_printf (_("%s, line %s · %s"), problem->file, line, action)
                           : *problem->file ? g_strdup_printf ("%s · %s", problem->file, action) : g_strdup (action);

  g_object_set (row, "use-markup", FALSE, "title", problem->message, "subtitle", place, "title-lines", 3, "subtitle-lines", 1, NULL);
  if (problem->line > 0)
    {
      g_object_set_data (G_OBJECT (row), "problem", GSIZE_TO_POINTER (index));
      g_object_set (row, "activatable", TRUE, NULL);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
      g_signal_connect (row, "activated", G_CALLBACK (activated_cb), self);
    }
  return row;
}

static void
expanded_cb (AdwExpanderRow *expander, GParamSpec *pspec, RefractProblemList *self)
{
  const char *kind = g_object_get_data (G_OBJECT (expander), "kind");
  guint shown = 0;

  if (kind == NULL || self->report == NULL || !adw_expander_row_get_expanded (expander))
    return;
  for (gsize p = 0; p < rf_import_report_get_n (self->report) && shown < MAX_SHOWN; p++)
    if (strcmp (rf_import_report_get (self->report, p)->kind, kind) == 0)
      {
        adw_expander_row_add_row (expander, make_row (self, p));
        shown++;
      }
  g_object_set_data (G_OBJECT (expander), "kind", NULL);
}

static void
add_kind (RefractProblemList *self, const char *kind, gsize count, AdwPreferencesGroup *group)
{
  GtkWidget *expander = adw_expander_row_new ();
  g_autofree char *subtitle = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu record", "%zu records", count), count);

  g_object_set (expander, "use-markup", FALSE, "title", refract_problem_kind_title (kind), "subtitle", subtitle, NULL);
  g_object_set_data_full (G_OBJECT (expander), "kind", g_strdup (kind), g_free);
  g_signal_connect (expander, "notify::expanded", G_CALLBACK (expanded_cb), self);
  adw_preferences_group_add (group, expander);
}

void
refract_problem_list_set_report (RefractProblemList *self, const RfImportReport *report, RfCatalog *catalog, const char *source)
{
  GtkWidget *child, *group;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  self->report = report;
  g_clear_pointer (&self->catalog, rf_catalog_unref);
  self->catalog = catalog ? rf_catalog_ref (catalog) : NULL;
  g_free (self->source);
  self->source = g_strdup (source);
  if (report == NULL)
    return;
  group = adw_preferences_group_new ();
  for (guint k = 0; k < rf_import_report_get_n_kinds (report); k++)
    {
      gsize count;
      const char *kind = rf_import_report_get_kind (report, k, &count);

      add_kind (self, kind, count, ADW_PREFERENCES_GROUP (group));
    }
  if (rf_import_report_get_n_kinds (report) == 0)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("Nothing was wrong."));
  gtk_box_append (self->box, group);
}

static void
refract_problem_list_dispose (GObject *object)
{
  RefractProblemList *self = REFRACT_PROBLEM_LIST (object);

  self->report = NULL;
  g_clear_pointer (&self->catalog, rf_catalog_unref);
  g_clear_pointer (&self->source, g_free);
  G_OBJECT_CLASS (refract_problem_list_parent_class)->dispose (object);
}

static void
refract_problem_list_class_init (RefractProblemListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_problem_list_dispose;
}

static void
refract_problem_list_init (RefractProblemList *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}
