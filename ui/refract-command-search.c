/* refract-command-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-command-search.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/refract-names.h"

#define MOST 12 /* of each kind */

/* One result. */
#define REFRACT_TYPE_COMMAND (refract_command_get_type ())
G_DECLARE_FINAL_TYPE (RefractCommand, refract_command, REFRACT, COMMAND, GObject)

struct _RefractCommand
{
  GObject parent_instance;

  char *title, *subtitle;
  const char *action;
  GVariant *target;
};

enum
{
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RefractCommand, refract_command, G_TYPE_OBJECT)

static void
refract_command_finalize (GObject *object)
{
  RefractCommand *self = REFRACT_COMMAND (object);

  g_free (self->title);
  g_free (self->subtitle);
  g_clear_pointer (&self->target, g_variant_unref);
  G_OBJECT_CLASS (refract_command_parent_class)->finalize (object);
}

static void
refract_command_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TITLE)
    g_value_set_string (value, REFRACT_COMMAND (object)->title);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
refract_command_class_init (RefractCommandClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = refract_command_finalize;
  object_class->get_property = refract_command_get_property;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
refract_command_init (RefractCommand *self)
{
}

static const struct
{
  const char *title, *action, *target;
  gboolean document; /* only with a document */
} actions[] = {
  { N_("Open a document"), "win.open", NULL, FALSE },
  { N_("Import a catalog"), "win.import", NULL, FALSE },
  { N_("Try the sample"), "win.sample", NULL, FALSE },
  { N_("Go to the catalog"), "win.page", "catalog", TRUE },
  { N_("Go to training"), "win.page", "train", TRUE },
  { N_("Go to Explore"), "win.page", "explore", TRUE },
  { N_("Go to Compare"), "win.page", "compare", TRUE },
  { N_("Train"), "win.train", NULL, TRUE },
  { N_("Export or print a report"), "win.export", NULL, TRUE },
  { N_("Copy the ranking"), "win.copy-ranking", NULL, TRUE },
  { N_("Overview of all users"), "win.overview", NULL, TRUE },
  { N_("Plan an A/B test"), "win.tab", "plan", TRUE },
  { N_("New window"), "app.new-window", NULL, FALSE },
  { N_("Keyboard shortcuts"), "win.show-help-overlay", NULL, FALSE },
  { N_("About Refract"), "win.about", NULL, FALSE },
};

struct _RefractCommandSearch
{
  AdwWindow parent_instance;

  GtkSearchEntry *entry;
  GtkListView *list;
  GtkStack *stack;
  GListStore *results;
  GtkSingleSelection *selection;
  RefractSession *session;
};

G_DEFINE_FINAL_TYPE (RefractCommandSearch, refract_command_search, ADW_TYPE_WINDOW)

static void
add (RefractCommandSearch *self, const char *title, const char *subtitle, const char *action, const char *target)
{
  g_autoptr(RefractCommand) command = g_object_new (REFRACT_TYPE_COMMAND, NULL);

  command->title = g_strdup (title);
  command->subtitle = g_strdup (subtitle);
  command->action = action;
  command->target = target ? g_variant_ref_sink (g_variant_new_string (target)) : NULL;
  g_list_store_append (self->results, command);
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *copy = g_utf8_casefold (text, -1);

  return strstr (copy, folded) != NULL;
}

static void
find_actions (RefractCommandSearch *self, const char *folded)
{
  for (gsize a = 0; a < G_N_ELEMENTS (actions); a++)
    if ((self->session || !actions[a].document) && contains (_(actions[a].title), folded))
      add (self, _(actions[a].title), _("Action"), actions[a].action, actions[a].target);
}

static void
find_runs (RefractCommandSearch *self, const char *folded)
{
  GListModel *runs = refract_session_get_runs (self->session);
  guint found = 0;

  for (guint r = 0; r < g_list_model_get_n_items (runs) && found < MOST; r++)
    {
      g_autoptr(RefractRun) run = g_list_model_get_item (runs, r);
      const char *id = refract_run_get_id (run);
      g_autofree char *summary = refract_summary_title (refract_run_get_summary (run));

      if (!contains (id, folded) && !contains (summary, folded) && !contains (refract_run_get_summary (run), folded))
        continue;
      found++;
      add (self, id, *summary ? summary : _("Run"), "win.show-run", id);
      if (*folded)
        {
          g_autofree char *note = g_strdup_printf (_("Note on %s"), id), *delete = g_strdup_printf (_("Delete %s"), id);

          add (self, note, _("Run"), "win.note-run", id);
          add (self, delete, _("Run"), "win.delete-run", id);
        }
    }
}

static void
find_users (RefractCommandSearch *self, const char *folded)
{
  RfCatalog *catalog = refract_session_get_catalog (self->session);
  guint found = 0;

  for (guint32 u = 0; u < rf_catalog_get_n_users (catalog) && found < MOST; u++)
    if (contains (rf_catalog_get_user_id (catalog, u), folded))
      {
        add (self, rf_catalog_get_user_id (catalog, u), _("User"), "win.show-user", rf_catalog_get_user_id (catalog, u));
        found++;
      }
}

static void
find_items (RefractCommandSearch *self, const char *folded)
{
  RfCatalog *catalog = refract_session_get_catalog (self->session);
  guint found = 0;

  for (guint32 i = 0; i < rf_catalog_get_n_items (catalog) && found < MOST; i++)
    if (contains (rf_catalog_get_item_label (catalog, i), folded) || contains (rf_catalog_get_item_id (catalog, i), folded))
      {
        add (self, rf_catalog_get_item_label (catalog, i), _("Item"), "win.show-item", rf_catalog_get_item_id (catalog, i));
        found++;
      }
}

static void
search_cb (RefractCommandSearch *self)
{
  g_autofree char *folded = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1);

  g_list_store_remove_all (self->results);
  find_actions (self, folded);
  if (self->session)
    find_runs (self, folded);
  if (self->session && *folded)
    {
      find_users (self, folded);
      find_items (self, folded);
    }
  gtk_single_selection_set_selected (self->selection, 0);
  gtk_stack_set_visible_child_name (self->stack, g_list_model_get_n_items (G_LIST_MODEL (self->results)) > 0 ? "list" : "nothing");
}

void
refract_command_search_set_text (RefractCommandSearch *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  search_cb (self);
}

GListModel *
refract_command_search_get_results (RefractCommandSearch *self)
{
  return G_LIST_MODEL (self->results);
}

void
refract_command_search_activate (RefractCommandSearch *self, guint position)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autoptr(RefractCommand) command = g_list_model_get_item (G_LIST_MODEL (self->results), position);

  if (command == NULL)
    return;
  gtk_window_destroy (GTK_WINDOW (self));
  if (parent)
    gtk_widget_activate_action_variant (GTK_WIDGET (parent), command->action, command->target);
}

static void
entry_activated_cb (RefractCommandSearch *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position != GTK_INVALID_LIST_POSITION)
    refract_command_search_activate (self, position);
}

/* Up and Down move the choice while one goes on typing. */
static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, RefractCommandSearch *self)
{
  guint position = gtk_single_selection_get_selected (self->selection), n = g_list_model_get_n_items (G_LIST_MODEL (self->results));

  if (n == 0 || (key != GDK_KEY_Down && key != GDK_KEY_Up))
    return FALSE;
  position = key == GDK_KEY_Down ? MIN (position + 1, n - 1) : position > 0 ? position - 1 : 0;
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  return TRUE;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12), *title = gtk_label_new (NULL), *subtitle = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (subtitle), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (subtitle), 26);
  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), subtitle);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  RefractCommand *command = gtk_list_item_get_item (item);
  GtkWidget *title = gtk_widget_get_first_child (gtk_list_item_get_child (item));

  gtk_label_set_text (GTK_LABEL (title), command->title);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_next_sibling (title)), command->subtitle);
}

GtkWidget *
refract_command_search_new (GtkWindow *parent, RefractSession *session)
{
  RefractCommandSearch *self = g_object_new (REFRACT_TYPE_COMMAND_SEARCH, "transient-for", parent, "modal", TRUE, NULL);

  g_set_object (&self->session, session);
  search_cb (self);
  return GTK_WIDGET (self);
}

static void
refract_command_search_dispose (GObject *object)
{
  RefractCommandSearch *self = REFRACT_COMMAND_SEARCH (object);

  g_clear_object (&self->session);
  g_clear_object (&self->results);
  G_OBJECT_CLASS (refract_command_search_parent_class)->dispose (object);
}

static void
refract_command_search_class_init (RefractCommandSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_command_search_dispose;
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
stop_cb (RefractCommandSearch *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
refract_command_search_init (RefractCommandSearch *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *scrolled = gtk_scrolled_window_new (), *nothing = gtk_label_new (_("Nothing has this name"));
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_window_set_title (GTK_WINDOW (self), _("Search for Anything"));
  self->entry = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->entry, "placeholder-text", _("Action, user, item or run"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search for an action, a user, an item or a run"), -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self->entry), TRUE);
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (search_cb), self);
  g_signal_connect_swapped (self->entry, "activate", G_CALLBACK (entry_activated_cb), self);
  g_signal_connect_swapped (self->entry, "stop-search", G_CALLBACK (stop_cb), self);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  self->results = g_list_store_new (REFRACT_TYPE_COMMAND);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->results)));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (self->selection), factory));
  gtk_list_view_set_single_click_activate (self->list, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Results"), -1);
  g_signal_connect_swapped (self->list, "activate", G_CALLBACK (refract_command_search_activate), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (nothing, "dim-label");
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, scrolled, "list");
  gtk_stack_add_named (self->stack, nothing, "nothing");
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->entry));
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_window_set_content (ADW_WINDOW (self), box);
  gtk_window_set_default_size (GTK_WINDOW (self), 520, 420);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->entry));
}
