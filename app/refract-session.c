/* refract-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-session.h"

#include <string.h>

#include "core/base/rf-sort.h"
#include "core/catalog/rf-workspace.h"

struct _RefractSession
{
  GObject parent_instance;

  char *path;
  char *title;
  RfCatalog *catalog;
  RfImportReport *report;
  guint32 *item_counts, *user_counts, *most_active;
  GListStore *runs;
  GPtrArray *notes;      /* RfNote */
  GPtrArray *unfinished; /* RfUnfinished, newest first */
  RfTrained *trained;
};

enum
{
  NOTES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum
{
  PROP_0,
  PROP_TRAINED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (RefractSession, refract_session, G_TYPE_OBJECT)

static char *
make_title (const char *path)
{
  char *name = g_path_get_basename (path);

  if (g_str_has_suffix (name, ".refract") && strlen (name) > strlen (".refract"))
    name[strlen (name) - strlen (".refract")] = '\0';
  return name;
}

static void
count_interactions (RefractSession *self)
{
  const RfInteractions *interactions = rf_catalog_get_interactions (self->catalog);

  self->item_counts = g_new0 (guint32, (gsize) rf_catalog_get_n_items (self->catalog) + 1);
  self->user_counts = g_new0 (guint32, (gsize) rf_catalog_get_n_users (self->catalog) + 1);
  for (gsize i = 0; i < interactions->n; i++)
    {
      self->item_counts[interactions->item[i]]++;
      self->user_counts[interactions->user[i]]++;
    }
}

static int
by_count (gconstpointer a, gconstpointer b, gpointer data)
{
  const guint32 *counts = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  if (counts[x] != counts[y])
    return counts[x] > counts[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Here, where a thread opens the document: a list of very many users is not sorted when it is shown. */
static void
sort_users (RefractSession *self)
{
  guint32 n = rf_catalog_get_n_users (self->catalog);

  self->most_active = g_new0 (guint32, (gsize) n + 1);
  for (guint32 u = 0; u < n; u++)
    self->most_active[u] = u;
  rf_sort (self->most_active, n, sizeof *self->most_active, by_count, self->user_counts);
}

static void
show_runs (RefractSession *self, GPtrArray *runs)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < runs->len; i++)
    g_ptr_array_add (items, refract_run_new (g_ptr_array_index (runs, i)));
  g_list_store_splice (self->runs, 0, g_list_model_get_n_items (G_LIST_MODEL (self->runs)), items->pdata, items->len);
}

static gboolean
read_runs (RefractSession *self, RfWorkspace *workspace, GError **error)
{
  g_autoptr (GPtrArray) runs = rf_workspace_list_runs (workspace, error);

  if (runs == NULL)
    return FALSE;
  show_runs (self, runs);
  return TRUE;
}

/* What a thread has read of the document. */
typedef struct
{
  char *path;
  gboolean with_runs;
  GPtrArray *runs;       /* RfRun; NULL: not asked for */
  GPtrArray *unfinished; /* RfUnfinished */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_clear_pointer (&reading->runs, g_ptr_array_unref);
  g_clear_pointer (&reading->unfinished, g_ptr_array_unref);
  g_free (reading);
}

/* Opening a document checks it as a whole: nothing for the main loop. */
static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;
  g_autoptr (RfWorkspace) workspace = rf_workspace_open (reading->path, &error);

  if (workspace && reading->with_runs)
    reading->runs = rf_workspace_list_runs (workspace, &error);
  if (workspace && error == NULL)
    reading->unfinished = rf_unfinished_list (workspace, &error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
refract_session_read_async (RefractSession *self, gboolean with_runs, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  reading->path = g_strdup (self->path);
  reading->with_runs = with_runs;
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
}

gboolean
refract_session_read_finish (RefractSession *self, GAsyncResult *result, GError **error)
{
  Reading *reading = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (reading->runs)
    show_runs (self, reading->runs);
  g_clear_pointer (&self->unfinished, g_ptr_array_unref);
  self->unfinished = g_steal_pointer (&reading->unfinished);
  return TRUE;
}

const RfUnfinished *
refract_session_get_unfinished (RefractSession *self)
{
  return self->unfinished && self->unfinished->len ? self->unfinished->pdata[0] : NULL;
}

RefractSession *
refract_session_new_from_file (const char *path, GError **error)
{
  g_autoptr (RfWorkspace) workspace = rf_workspace_open (path, error);
  g_autoptr (RefractSession) self = NULL;

  if (workspace == NULL)
    return NULL;
  self = g_object_new (REFRACT_TYPE_SESSION, NULL);
  self->path = g_strdup (path);
  self->title = make_title (path);
  self->catalog = rf_workspace_load_catalog (workspace, error);
  if (self->catalog == NULL)
    return NULL;
  self->report = rf_workspace_load_report (workspace, error);
  if (self->report == NULL)
    return NULL;
  count_interactions (self);
  sort_users (self);
  self->notes = rf_workspace_list_notes (workspace, error);
  if (self->notes == NULL)
    return NULL;
  self->unfinished = rf_unfinished_list (workspace, error);
  if (self->unfinished == NULL || !read_runs (self, workspace, error))
    return NULL;
  if (g_list_model_get_n_items (G_LIST_MODEL (self->runs)) > 0)
    {
      self->trained = rf_trained_load (workspace, NULL, error);
      if (self->trained == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

const char *
refract_session_get_path (RefractSession *self)
{
  return self->path;
}

const char *
refract_session_get_title (RefractSession *self)
{
  return self->title;
}

RfCatalog *
refract_session_get_catalog (RefractSession *self)
{
  return self->catalog;
}

const RfImportReport *
refract_session_get_report (RefractSession *self)
{
  return self->report;
}

const guint32 *
refract_session_get_item_counts (RefractSession *self)
{
  return self->item_counts;
}

const guint32 *
refract_session_get_user_counts (RefractSession *self)
{
  return self->user_counts;
}

const guint32 *
refract_session_get_most_active (RefractSession *self)
{
  return self->most_active;
}

GListModel *
refract_session_get_runs (RefractSession *self)
{
  return G_LIST_MODEL (self->runs);
}

static guint
find_position (RefractSession *self, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RefractRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (g_strcmp0 (refract_run_get_id (run), id) == 0)
        return i;
    }
  return G_MAXUINT;
}

RefractRun *
refract_session_find_run (RefractSession *self, const char *id)
{
  guint position = find_position (self, id);
  g_autoptr (RefractRun) run = NULL;

  if (position == G_MAXUINT)
    return NULL;
  run = g_list_model_get_item (G_LIST_MODEL (self->runs), position);
  return run; /* the store keeps it alive */
}

void
refract_session_add_run (RefractSession *self, RefractRun *run)
{
  g_list_store_insert (self->runs, 0, run);
}

void
refract_session_remove_run (RefractSession *self, const char *id)
{
  guint position = find_position (self, id);

  if (position != G_MAXUINT)
    g_list_store_remove (self->runs, position);
}

void
refract_session_insert_run (RefractSession *self, RefractRun *run, guint position)
{
  g_list_store_insert (self->runs, MIN (position, g_list_model_get_n_items (G_LIST_MODEL (self->runs))), run);
}

const char *
refract_session_get_note (RefractSession *self, const char *kind, const char *id)
{
  return rf_notes_find (self->notes, kind, id);
}

void
refract_session_set_note (RefractSession *self, const char *kind, const char *id, const char *text)
{
  RfNote *note;

  for (guint i = 0; i < self->notes->len; i++)
    {
      note = self->notes->pdata[i];
      if (strcmp (note->kind, kind) == 0 && strcmp (note->id, id) == 0)
        {
          g_ptr_array_remove_index (self->notes, i);
          break;
        }
    }
  if (*text != '\0')
    {
      note = g_new0 (RfNote, 1);
      note->kind = g_strdup (kind);
      note->id = g_strdup (id);
      note->text = g_strdup (text);
      g_ptr_array_add (self->notes, note);
    }
  g_signal_emit (self, signals[NOTES_CHANGED], 0);
}

RfTrained *
refract_session_get_trained (RefractSession *self)
{
  return self->trained;
}

void
refract_session_set_trained (RefractSession *self, RfTrained *trained)
{
  if (self->trained == trained)
    return;
  g_clear_pointer (&self->trained, rf_trained_unref);
  self->trained = trained != NULL ? rf_trained_ref (trained) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TRAINED]);
}

static void
refract_session_finalize (GObject *object)
{
  RefractSession *self = REFRACT_SESSION (object);

  g_free (self->path);
  g_free (self->title);
  g_free (self->item_counts);
  g_free (self->user_counts);
  g_free (self->most_active);
  g_clear_pointer (&self->catalog, rf_catalog_unref);
  g_clear_pointer (&self->report, rf_import_report_free);
  g_clear_pointer (&self->trained, rf_trained_unref);
  g_clear_object (&self->runs);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_clear_pointer (&self->unfinished, g_ptr_array_unref);
  G_OBJECT_CLASS (refract_session_parent_class)->finalize (object);
}

static void
refract_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TRAINED:
      g_value_set_pointer (value, REFRACT_SESSION (object)->trained);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
refract_session_class_init (RefractSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = refract_session_finalize;
  object_class->get_property = refract_session_get_property;
  props[PROP_TRAINED] = g_param_spec_pointer ("trained", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[NOTES_CHANGED] = g_signal_new ("notes-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_session_init (RefractSession *self)
{
  self->runs = g_list_store_new (REFRACT_TYPE_RUN);
}
