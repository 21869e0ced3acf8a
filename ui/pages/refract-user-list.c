/* refract-user-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-user-list.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "app/refract-user-facts.h"
#include "ui/models/refract-index-model.h"
#include "ui/pages/refract-history-composer.h"
#include "ui/refract-names.h"
#include "ui/refract-narrow-drop.h"
#include "ui/refract-row-tooltip.h"
#include "ui/refract-tab-stop.h"

#define SCROLL_AFTER_MS 100
#define FIRST_ROWS      40
#define STEP_ROWS       40

struct _RefractUserList
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkToggleButton *users_button, *compose_button;
  GtkSearchEntry *search;
  GtkDropDown *order_drop, *segment_drop;
  GtkWidget *only_box;
  GtkLabel *only_label;
  RefractIndexModel *users;
  GPtrArray *bound; /* GtkListItem, borrowed: the rows that show somebody */
  GtkSingleSelection *selection;
  GtkListView *list;
  GtkStack *list_stack;
  RefractHistoryComposer *composer;

  RefractSession *session;
  RefractUserFacts *facts;
  GArray *segments; /* Segment, beside the entries of segment_drop from 1 */
  guint32 *order;   /* all users */
  guint8 *only;     /* per user: is it among those to be shown? NULL: all */
  guint n_working;
  gboolean updating;
  guint scroll_id;
};

typedef struct
{
  guint attribute, value;
} Segment;

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractUserList, refract_user_list, ADW_TYPE_BIN)

GtkWidget *
refract_user_list_new (void)
{
  return g_object_new (REFRACT_TYPE_USER_LIST, NULL);
}

static gboolean
in_segment (RefractUserList *self, guint32 user)
{
  guint selected = gtk_drop_down_get_selected (self->segment_drop);
  const Segment *segment;

  if (self->only && !self->only[user])
    return FALSE;
  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION || selected > self->segments->len || self->facts == NULL)
    return TRUE;
  segment = &g_array_index (self->segments, Segment, selected - 1);
  return ((const RfAttribute *) self->facts->attributes->pdata[segment->attribute])->of_user[user] == segment->value;
}

static guint32
get_activity (RefractUserList *self, guint32 user)
{
  return self->facts && user < self->facts->n_users ? self->facts->activity[user] : refract_session_get_user_counts (self->session)[user];
}

static gboolean
shows_surprise (RefractUserList *self)
{
  guint order = gtk_drop_down_get_selected (self->order_drop);

  return self->facts && (order == REFRACT_USERS_MOST_SURPRISING || order == REFRACT_USERS_LEAST_SURPRISING);
}

/* Beside the id stands what the list is sorted by. */
static void
fill_user (RefractUserList *self, GtkListItem *item)
{
  guint32 user = refract_index_row_get_index (gtk_list_item_get_item (item));
  GtkWidget *box = gtk_list_item_get_child (item), *id = gtk_widget_get_first_child (box), *count = gtk_widget_get_next_sibling (id);
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;
  text = shows_surprise (self) && !isnan (self->facts->surprise[user]) ? g_strdup_printf (_("%.1f bit"), (double) self->facts->surprise[user])
                                                                       : g_strdup_printf ("%u", get_activity (self, user));
  gtk_label_set_text (GTK_LABEL (id), rf_catalog_get_user_id (refract_session_get_catalog (self->session), user));
  gtk_label_set_text (GTK_LABEL (count), text);
}

/* Are these the rows that the list has already? Then they are filled again instead of made anew. */
static gboolean
shows_these (RefractUserList *self, const guint32 *users, guint n)
{
  if (n != refract_index_model_get_count (self->users))
    return FALSE;
  for (guint p = 0; p < n; p++)
    if (refract_index_model_get (self->users, p) != users[p])
      return FALSE;
  return TRUE;
}

static void
update_users (RefractUserList *self)
{
  RfCatalog *catalog = self->session ? refract_session_get_catalog (self->session) : NULL;
  guint32 n = catalog ? rf_catalog_get_n_users (catalog) : 0, *found = g_new (guint32, n + 1);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  guint32 user = refract_user_list_get_user (self);
  guint n_found = 0, position;

  for (guint32 u = 0; u < n; u++)
    if ((*text == '\0' || strstr (rf_catalog_get_user_id (catalog, self->order[u]), text) != NULL) && in_segment (self, self->order[u]))
      found[n_found++] = self->order[u];
  gtk_stack_set_visible_child_name (self->list_stack, n_found > 0 || n == 0 ? "list" : "nobody");
  if (shows_these (self, found, n_found))
    {
      g_free (found);
      for (guint i = 0; i < self->bound->len; i++)
        fill_user (self, self->bound->pdata[i]);
      return;
    }
  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION); /* else it makes an object of everybody, to find its own */
  refract_index_model_take_slowly (self->users, found, n_found, FIRST_ROWS, STEP_ROWS);
  position = user == RF_NO_INDEX ? G_MAXUINT : refract_index_model_find (self->users, user);
  gtk_single_selection_set_selected (self->selection, position == G_MAXUINT ? GTK_INVALID_LIST_POSITION : position);
  self->updating = FALSE;
  if (refract_user_list_get_user (self) != user)
    g_signal_emit (self, signals[CHOSEN], 0);
}

static void
sort_users (RefractUserList *self)
{
  RfCatalog *catalog = self->session ? refract_session_get_catalog (self->session) : NULL;
  guint32 n = catalog ? rf_catalog_get_n_users (catalog) : 0;

  if (self->facts && self->facts->n_users == n)
    memcpy (self->order, refract_user_facts_get_order (self->facts, (RefractUserOrder) gtk_drop_down_get_selected (self->order_drop)), n * sizeof *self->order);
  update_users (self);
}

static char *
dup_tooltip (GtkWidget *box, gpointer data)
{
  GtkListItem *item = g_object_get_data (G_OBJECT (box), "list-item");
  RefractUserList *self = data;
  RefractIndexRow *row = gtk_list_item_get_item (item);
  guint32 activity;

  if (row == NULL || self->session == NULL)
    return NULL;
  activity = get_activity (self, refract_index_row_get_index (row));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u past item", "%u past items", activity), activity);
}

static void
setup_user (GtkSignalListItemFactory *factory, GtkListItem *item, RefractUserList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6), *id = gtk_label_new (NULL), *count = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (id), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (id), 0);
  gtk_widget_set_hexpand (id, TRUE);
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_box_append (GTK_BOX (box), id);
  gtk_box_append (GTK_BOX (box), count);
  g_object_set_data (G_OBJECT (box), "list-item", item);
  refract_row_tooltip_set (box, dup_tooltip, self);
  gtk_list_item_set_child (item, box);
}

static void
bind_user (GtkSignalListItemFactory *factory, GtkListItem *item, RefractUserList *self)
{
  g_ptr_array_add (self->bound, item);
  fill_user (self, item);
}

static void
unbind_user (GtkSignalListItemFactory *factory, GtkListItem *item, RefractUserList *self)
{
  g_ptr_array_remove_fast (self->bound, item);
}

static void
selected_cb (RefractUserList *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[CHOSEN], 0);
}

guint32
refract_user_list_get_user (RefractUserList *self)
{
  RefractIndexRow *row = gtk_single_selection_get_selected_item (self->selection);

  return row && !refract_user_list_get_composing (self) ? refract_index_row_get_index (row) : RF_NO_INDEX;
}

/* A list that has not been laid out yet cannot scroll. */
static gboolean
scroll_cb (gpointer data)
{
  RefractUserList *self = data;
  guint position = gtk_single_selection_get_selected (self->selection);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->list)) || gtk_widget_get_height (GTK_WIDGET (self->list)) == 0)
    return G_SOURCE_CONTINUE;
  self->scroll_id = 0;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  return G_SOURCE_REMOVE;
}

static void
show_everybody (RefractUserList *self)
{
  g_clear_pointer (&self->only, g_free);
  gtk_widget_set_visible (self->only_box, FALSE);
}

void
refract_user_list_choose (RefractUserList *self, guint32 user)
{
  guint position = refract_index_model_find (self->users, user);

  refract_user_list_set_composing (self, FALSE);
  if (position == G_MAXUINT)
    {
      show_everybody (self);
      self->updating = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->search), "");
      gtk_drop_down_set_selected (self->segment_drop, 0);
      self->updating = FALSE;
      update_users (self);
      position = refract_index_model_find (self->users, user);
    }
  if (position == G_MAXUINT)
    return;
  gtk_single_selection_set_selected (self->selection, position);
  if (self->scroll_id == 0)
    self->scroll_id = g_timeout_add (SCROLL_AFTER_MS, scroll_cb, self);
}

void
refract_user_list_choose_first (RefractUserList *self)
{
  if (refract_index_model_get_count (self->users) > 0)
    gtk_single_selection_set_selected (self->selection, 0);
}

guint32 *
refract_user_list_dup_shown (RefractUserList *self, guint *n)
{
  guint32 *users;

  *n = refract_index_model_get_count (self->users);
  users = g_new (guint32, *n + 1);
  for (guint p = 0; p < *n; p++)
    users[p] = refract_index_model_get (self->users, p);
  return users;
}

char *
refract_user_list_dup_segment (RefractUserList *self)
{
  guint selected = gtk_drop_down_get_selected (self->segment_drop);

  if (self->only)
    return g_strdup (gtk_label_get_text (self->only_label));
  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return *gtk_editable_get_text (GTK_EDITABLE (self->search)) ? g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->search))) : NULL;
  return g_strdup (gtk_string_object_get_string (gtk_drop_down_get_selected_item (self->segment_drop)));
}

void
refract_user_list_show_only (RefractUserList *self, const guint32 *users, guint n, const char *name)
{
  guint32 n_users = self->session ? rf_catalog_get_n_users (refract_session_get_catalog (self->session)) : 0;

  g_clear_pointer (&self->only, g_free);
  self->only = g_new0 (guint8, (gsize) n_users + 1);
  for (guint i = 0; i < n; i++)
    if (users[i] < n_users)
      self->only[users[i]] = 1;
  gtk_label_set_text (self->only_label, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->only_label), name);
  gtk_widget_set_visible (self->only_box, TRUE);
  refract_user_list_set_composing (self, FALSE);
  self->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_drop_down_set_selected (self->segment_drop, 0);
  self->updating = FALSE;
  update_users (self);
  refract_user_list_choose_first (self);
}

static void
only_closed_cb (RefractUserList *self)
{
  show_everybody (self);
  update_users (self);
}

static void
narrowed_cb (RefractUserList *self)
{
  if (!self->updating)
    update_users (self);
}

static void
ordered_cb (RefractUserList *self)
{
  if (!self->updating)
    sort_users (self);
}

gboolean
refract_user_list_get_composing (RefractUserList *self)
{
  return self->compose_button && gtk_toggle_button_get_active (self->compose_button);
}

void
refract_user_list_set_composing (RefractUserList *self, gboolean composing)
{
  gtk_toggle_button_set_active (composing ? self->compose_button : self->users_button, TRUE);
}

const guint32 *
refract_user_list_get_composed (RefractUserList *self, gsize *n)
{
  return refract_history_composer_get_items (self->composer, n);
}

void
refract_user_list_compose (RefractUserList *self, const guint32 *items, gsize n)
{
  refract_history_composer_set_items (self->composer, items, n);
  refract_user_list_set_composing (self, TRUE);
}

void
refract_user_list_toggle_item (RefractUserList *self, guint32 item)
{
  refract_history_composer_toggle_item (self->composer, item);
}

static void
composing_cb (RefractUserList *self)
{
  gtk_stack_set_visible_child_name (self->stack, refract_user_list_get_composing (self) ? "composer" : "users");
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
composed_cb (RefractUserList *self)
{
  if (refract_user_list_get_composing (self))
    g_signal_emit (self, signals[CHOSEN], 0);
}

void
refract_user_list_focus_search (RefractUserList *self)
{
  if (refract_user_list_get_composing (self))
    refract_history_composer_focus_search (self->composer);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

gboolean
refract_user_list_is_settled (RefractUserList *self)
{
  return self->n_working == 0 && refract_index_model_is_complete (self->users) && !(self->scroll_id != 0 && gtk_widget_get_mapped (GTK_WIDGET (self->list)));
}

static char *
name_segment (const RfAttribute *attribute, const char *value)
{
  g_autofree char *slice = g_strdup_printf ("%s = %s", attribute->name, value);

  return refract_slice_title (slice);
}

static void
fill_segments (RefractUserList *self)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  g_array_set_size (self->segments, 0);
  gtk_string_list_append (list, _("All users"));
  for (guint a = 0; self->facts && a < self->facts->attributes->len; a++)
    {
      const RfAttribute *attribute = self->facts->attributes->pdata[a];

      for (guint v = 0; v < attribute->values->len; v++)
        {
          Segment segment = { a, v };
          g_autofree char *text = name_segment (attribute, attribute->values->pdata[v]);

          g_array_append_val (self->segments, segment);
          gtk_string_list_append (list, text);
        }
    }
  self->updating = TRUE;
  gtk_drop_down_set_model (self->segment_drop, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (self->segment_drop, 0);
  self->updating = FALSE;
  g_object_unref (list);
}

static void
work_out (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, refract_user_facts_new (data), (GDestroyNotify) refract_user_facts_free);
}

static void
worked_out_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr(RefractUserList) self = data;
  g_autoptr(RefractUserFacts) facts = g_task_propagate_pointer (G_TASK (result), NULL);
  const RfTrained *trained = g_task_get_task_data (G_TASK (result));

  self->n_working--;
  if (self->session == NULL || refract_session_get_trained (self->session) != trained)
    return;
  g_clear_pointer (&self->facts, refract_user_facts_free);
  self->facts = g_steal_pointer (&facts);
  fill_segments (self);
  sort_users (self);
}

void
refract_user_list_set_trained (RefractUserList *self, RfTrained *trained)
{
  g_autoptr(GTask) task = NULL;

  if (trained == NULL)
    {
      g_clear_pointer (&self->facts, refract_user_facts_free);
      fill_segments (self);
      return;
    }
  task = g_task_new (NULL, NULL, worked_out_cb, g_object_ref (self));
  g_task_set_task_data (task, rf_trained_ref (trained), (GDestroyNotify) rf_trained_unref);
  self->n_working++;
  g_task_run_in_thread (task, work_out);
}

void
refract_user_list_set_session (RefractUserList *self, RefractSession *session)
{
  guint32 n;

  if (!g_set_object (&self->session, session))
    return;
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->facts, refract_user_facts_free);
  show_everybody (self);
  if (session)
    {
      n = rf_catalog_get_n_users (refract_session_get_catalog (session));
      self->order = g_memdup2 (refract_session_get_most_active (session), ((gsize) n + 1) * sizeof *self->order);
    }
  refract_history_composer_set_session (self->composer, session);
  refract_user_list_set_composing (self, FALSE);
  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  self->updating = FALSE;
  fill_segments (self);
  update_users (self);
}

static GtkWidget *
make_drop (const char *label)
{
  GtkWidget *drop = gtk_drop_down_new (NULL, NULL);

  refract_drop_down_make_narrow (GTK_DROP_DOWN (drop));
  gtk_widget_set_tooltip_text (drop, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return drop;
}

static GtkWidget *
make_only (RefractUserList *self)
{
  GtkWidget *close = gtk_button_new_from_icon_name ("window-close-symbolic");

  self->only_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  self->only_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->only_label, PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (self->only_label, 0);
  gtk_widget_set_hexpand (GTK_WIDGET (self->only_label), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->only_label), "heading");
  gtk_widget_set_tooltip_text (close, _("Show All Users"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (close), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Show all users"), -1);
  gtk_widget_add_css_class (close, "flat");
  g_signal_connect_swapped (close, "clicked", G_CALLBACK (only_closed_cb), self);
  gtk_box_append (GTK_BOX (self->only_box), GTK_WIDGET (self->only_label));
  gtk_box_append (GTK_BOX (self->only_box), close);
  gtk_widget_set_visible (self->only_box, FALSE);
  return self->only_box;
}

static void
make_list (RefractUserList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_user), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_user), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_user), self);
  self->users = refract_index_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->users)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->list = GTK_LIST_VIEW (gtk_list_view_new (GTK_SELECTION_MODEL (self->selection), factory));
  refract_tab_stop_add (GTK_WIDGET (self->list));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Users"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
}

static GtkWidget *
make_users (RefractUserList *self)
{
  const char *const orders[] = { _("Most active first"), _("Least active first"), _("Most surprising first"), _("Least surprising first"), _("By id"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new (), *bar = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *nobody = gtk_label_new (_("Nobody here"));
  GtkExpression *text = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  g_autoptr(GtkStringList) list = gtk_string_list_new (orders);

  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  g_object_set (self->search, "placeholder-text", _("Search"), NULL);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->search), 5);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search users"), -1);
  self->order_drop = GTK_DROP_DOWN (make_drop (_("Order of the users. Surprise: how rare the items of the history are, in bits")));
  gtk_drop_down_set_model (self->order_drop, G_LIST_MODEL (list));
  self->segment_drop = GTK_DROP_DOWN (make_drop (_("Segment of users")));
  gtk_drop_down_set_enable_search (self->segment_drop, TRUE);
  gtk_drop_down_set_expression (self->segment_drop, text);
  gtk_expression_unref (text);
  make_list (self);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->order_drop));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->segment_drop));
  gtk_box_append (GTK_BOX (bar), make_only (self));
  gtk_widget_add_css_class (bar, "toolbar");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->list));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_widget_add_css_class (nobody, "dim-label");
  self->list_stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->list_stack, scrolled, "list");
  gtk_stack_add_named (self->list_stack, nobody, "nobody");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list_stack));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (narrowed_cb), self);
  g_signal_connect_swapped (self->segment_drop, "notify::selected", G_CALLBACK (narrowed_cb), self);
  g_signal_connect_swapped (self->order_drop, "notify::selected", G_CALLBACK (ordered_cb), self);
  return box;
}

static void
refract_user_list_dispose (GObject *object)
{
  RefractUserList *self = REFRACT_USER_LIST (object);

  g_clear_handle_id (&self->scroll_id, g_source_remove);
  if (self->selection)
    {
      g_signal_handlers_disconnect_by_data (self->selection, self);
      g_signal_handlers_disconnect_by_data (self->segment_drop, self);
      g_signal_handlers_disconnect_by_data (self->order_drop, self);
      g_signal_handlers_disconnect_by_data (self->compose_button, self);
      g_signal_handlers_disconnect_by_data (self->composer, self);
    }
  self->selection = NULL;
  self->compose_button = NULL;
  g_clear_object (&self->session);
  g_clear_object (&self->users);
  g_clear_pointer (&self->facts, refract_user_facts_free);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->only, g_free);
  G_OBJECT_CLASS (refract_user_list_parent_class)->dispose (object);
}

static void
refract_user_list_finalize (GObject *object)
{
  g_array_unref (REFRACT_USER_LIST (object)->segments);
  g_ptr_array_unref (REFRACT_USER_LIST (object)->bound);
  G_OBJECT_CLASS (refract_user_list_parent_class)->finalize (object);
}

static void
refract_user_list_class_init (RefractUserListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_user_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = refract_user_list_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_user_list_init (RefractUserList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  self->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  self->bound = g_ptr_array_new ();
  self->users_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_("Users")));
  self->compose_button = GTK_TOGGLE_BUTTON (gtk_toggle_button_new_with_label (_("Compose")));
  gtk_toggle_button_set_group (self->compose_button, self->users_button);
  gtk_toggle_button_set_active (self->users_button, TRUE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->compose_button), _("What would somebody get who chose these items?"));
  gtk_widget_set_hexpand (GTK_WIDGET (self->users_button), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->compose_button), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->users_button), "slim");
  gtk_widget_add_css_class (GTK_WIDGET (self->compose_button), "slim");
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->users_button));
  gtk_box_append (GTK_BOX (buttons), GTK_WIDGET (self->compose_button));
  gtk_widget_add_css_class (buttons, "linked");
  gtk_widget_set_hexpand (buttons, TRUE);
  gtk_box_append (GTK_BOX (bar), buttons);
  gtk_widget_add_css_class (bar, "toolbar");
  self->composer = REFRACT_HISTORY_COMPOSER (refract_history_composer_new ());
  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, make_users (self), "users");
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->composer), "composer");
  g_signal_connect_swapped (self->compose_button, "notify::active", G_CALLBACK (composing_cb), self);
  g_signal_connect_swapped (self->composer, "changed", G_CALLBACK (composed_cb), self);
  fill_segments (self);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  gtk_widget_set_vexpand (GTK_WIDGET (self->stack), TRUE);
  gtk_widget_set_size_request (box, 150, -1);
  adw_bin_set_child (ADW_BIN (self), box);
}
