/* refract-thumbnails.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-thumbnails.h"

#include "core/catalog/rf-workspace.h"

#define MAX_KEPT    900 /* textures of at most 128 x 128 pixels: under 60 MB */
#define DELIVER_US  3000 /* of the main loop, at a time */
#define MAX_WAITING 400 /* older requests have long scrolled away */

/* Shared with the thread, which may outlive the object by the time of one decoding. */
typedef struct
{
  gatomicrefcount ref_count;
  char *path;
  GMutex mutex;
  GCond cond;
  GArray *waiting;  /* guint32; the last one is served first */
  GArray *done;     /* Loaded */
  gboolean serving; /* the thread is busy with a request */
  gboolean stop;
  gboolean queued;  /* an idle source is pending */
  GWeakRef object;
} Shared;

typedef struct
{
  guint32 item;
  GdkTexture *texture; /* NULL: there is none */
} Loaded;

typedef struct
{
  GdkTexture *texture;
  guint32 item;
  GList link; /* in the queue of use; the least lately used is last */
} Kept;

struct _RefractThumbnails
{
  GObject parent_instance;

  Shared *shared;
  GHashTable *kept; /* item -> Kept */
  GQueue use;
  GHashTable *asked; /* items that were asked for and are not there yet */
};

enum
{
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractThumbnails, refract_thumbnails, G_TYPE_OBJECT)

static void
clear_loaded (gpointer data)
{
  g_clear_object (&((Loaded *) data)->texture);
}

static void
shared_unref (Shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->ref_count))
    return;
  g_free (shared->path);
  g_array_unref (shared->waiting);
  g_array_unref (shared->done);
  g_mutex_clear (&shared->mutex);
  g_cond_clear (&shared->cond);
  g_weak_ref_clear (&shared->object);
  g_free (shared);
}

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_clear_object (&kept->texture);
  g_free (kept);
}

static void
keep (RefractThumbnails *self, guint32 item, GdkTexture *texture)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->item = item;
  kept->texture = texture;
  kept->link.data = kept;
  if (g_hash_table_lookup (self->kept, GUINT_TO_POINTER (item)) != NULL)
    {
      kept_free (kept);
      return;
    }
  g_hash_table_insert (self->kept, GUINT_TO_POINTER (item), kept);
  g_queue_push_head_link (&self->use, &kept->link);
  while (self->use.length > MAX_KEPT)
    {
      Kept *oldest = g_queue_peek_tail (&self->use);

      g_queue_unlink (&self->use, &oldest->link);
      g_hash_table_remove (self->kept, GUINT_TO_POINTER (oldest->item));
    }
}

/* The picture that came last, or FALSE when there is no more; then a new one wakes the main context again. */
static gboolean
take_loaded (Shared *shared, Loaded *loaded)
{
  gboolean any;

  g_mutex_lock (&shared->mutex);
  any = shared->done->len > 0;
  if (any)
    {
      Loaded *last = &g_array_index (shared->done, Loaded, shared->done->len - 1);

      *loaded = *last;
      last->texture = NULL;
      g_array_set_size (shared->done, shared->done->len - 1);
    }
  else
    {
      shared->queued = FALSE;
    }
  g_mutex_unlock (&shared->mutex);
  return any;
}

/* Main context. Every picture is told to all tiles: after a fast scroll that is much, so it is cut into slices. */
static gboolean
deliver_cb (gpointer data)
{
  Shared *shared = data;
  g_autoptr(RefractThumbnails) self = g_weak_ref_get (&shared->object);
  gint64 end = g_get_monotonic_time () + DELIVER_US;
  Loaded loaded;

  if (self == NULL)
    return G_SOURCE_REMOVE;
  while (take_loaded (shared, &loaded))
    {
      g_hash_table_remove (self->asked, GUINT_TO_POINTER (loaded.item));
      keep (self, loaded.item, loaded.texture);
      g_signal_emit (self, signals[LOADED], 0, loaded.item);
      if (g_get_monotonic_time () > end)
        return G_SOURCE_CONTINUE;
    }
  return G_SOURCE_REMOVE;
}

/* In the thread. */
static GdkTexture *
decode (RfWorkspace *workspace, guint32 item)
{
  g_autoptr(GBytes) bytes = workspace != NULL ? rf_workspace_load_picture (workspace, item, NULL) : NULL;

  return bytes != NULL ? gdk_texture_new_from_bytes (bytes, NULL) : NULL;
}

static gpointer
thread_main (gpointer data)
{
  Shared *shared = data;
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (shared->path, NULL);

  g_mutex_lock (&shared->mutex);
  while (!shared->stop)
    {
      Loaded loaded;

      if (shared->waiting->len == 0)
        {
          g_cond_wait (&shared->cond, &shared->mutex);
          continue;
        }
      loaded.item = g_array_index (shared->waiting, guint32, shared->waiting->len - 1);
      g_array_set_size (shared->waiting, shared->waiting->len - 1);
      shared->serving = TRUE;
      g_mutex_unlock (&shared->mutex);
      loaded.texture = decode (workspace, loaded.item);
      g_mutex_lock (&shared->mutex);
      shared->serving = FALSE;
      g_array_append_val (shared->done, loaded);
      if (!shared->queued && !shared->stop)
        {
          shared->queued = TRUE;
          g_atomic_ref_count_inc (&shared->ref_count);
          g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver_cb, shared, (GDestroyNotify) shared_unref);
        }
    }
  g_mutex_unlock (&shared->mutex);
  shared_unref (shared);
  return NULL;
}

RefractThumbnails *
refract_thumbnails_new (const char *path)
{
  RefractThumbnails *self = g_object_new (REFRACT_TYPE_THUMBNAILS, NULL);
  g_autoptr(GThread) thread = NULL;

  self->shared->path = g_strdup (path);
  g_atomic_ref_count_inc (&self->shared->ref_count);
  thread = g_thread_new ("thumbnails", thread_main, self->shared);
  return self;
}

RefractThumbnails *
refract_thumbnails_get_for_session (RefractSession *session)
{
  RefractThumbnails *self = g_object_get_data (G_OBJECT (session), "refract-thumbnails");

  if (self == NULL)
    {
      self = refract_thumbnails_new (refract_session_get_path (session));
      g_object_set_data_full (G_OBJECT (session), "refract-thumbnails", self, g_object_unref);
    }
  return self;
}

GdkTexture *
refract_thumbnails_peek (RefractThumbnails *self, guint32 item, gboolean *known)
{
  Kept *kept = g_hash_table_lookup (self->kept, GUINT_TO_POINTER (item));

  if (known != NULL)
    *known = kept != NULL;
  if (kept == NULL)
    return NULL;
  g_queue_unlink (&self->use, &kept->link);
  g_queue_push_head_link (&self->use, &kept->link);
  return kept->texture;
}

void
refract_thumbnails_request (RefractThumbnails *self, guint32 item)
{
  Shared *shared = self->shared;

  if (g_hash_table_contains (self->kept, GUINT_TO_POINTER (item)))
    return;
  g_mutex_lock (&shared->mutex);
  if (g_hash_table_add (self->asked, GUINT_TO_POINTER (item)))
    {
      if (shared->waiting->len >= MAX_WAITING)
        {
          g_hash_table_remove (self->asked, GUINT_TO_POINTER (g_array_index (shared->waiting, guint32, 0)));
          g_array_remove_index (shared->waiting, 0);
        }
      g_array_append_val (shared->waiting, item);
      g_cond_signal (&shared->cond);
    }
  g_mutex_unlock (&shared->mutex);
}

gboolean
refract_thumbnails_is_idle (RefractThumbnails *self)
{
  gboolean idle;

  g_mutex_lock (&self->shared->mutex);
  idle = self->shared->waiting->len == 0 && !self->shared->serving && self->shared->done->len == 0;
  g_mutex_unlock (&self->shared->mutex);
  return idle;
}

static void
refract_thumbnails_finalize (GObject *object)
{
  RefractThumbnails *self = REFRACT_THUMBNAILS (object);

  g_mutex_lock (&self->shared->mutex);
  self->shared->stop = TRUE;
  g_cond_signal (&self->shared->cond);
  g_mutex_unlock (&self->shared->mutex);
  shared_unref (self->shared);
  g_hash_table_unref (self->kept);
  g_hash_table_unref (self->asked);
  G_OBJECT_CLASS (refract_thumbnails_parent_class)->finalize (object);
}

static void
refract_thumbnails_class_init (RefractThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_thumbnails_finalize;
  signals[LOADED] = g_signal_new ("loaded", REFRACT_TYPE_THUMBNAILS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
refract_thumbnails_init (RefractThumbnails *self)
{
  Shared *shared = self->shared = g_new0 (Shared, 1);

  g_atomic_ref_count_init (&shared->ref_count);
  g_mutex_init (&shared->mutex);
  g_cond_init (&shared->cond);
  shared->waiting = g_array_new (FALSE, FALSE, sizeof (guint32));
  shared->done = g_array_new (FALSE, FALSE, sizeof (Loaded));
  g_array_set_clear_func (shared->done, clear_loaded);
  g_weak_ref_init (&shared->object, self);
  self->kept = g_hash_table_new_full (NULL, NULL, NULL, kept_free);
  self->asked = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->use);
}
