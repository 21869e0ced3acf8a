/* refract-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-job.h"

#include "core/base/rf-error.h"

#define UPDATE_INTERVAL_MS 50
#define GRACE_MS           60 /* for the thread to end by itself after let_go() */

typedef struct
{
  char *title;
  char *message;
  double fraction;
  gint64 started, ended; /* monotonic, microseconds; 0: not yet */

  GMainContext *context;
  GThread *thread;
  GTask *task; /* NULL: it has been answered */
  guint grace_id;
  RfProgress progress;

  GMutex mutex;       /* guards what follows */
  char *new_message;
  double new_fraction;
  gboolean queued;    /* a source is waiting to bring it to the main context */
  gboolean succeeded;
  GError *error;
} RefractJobPrivate;

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_MESSAGE,
  PROP_FRACTION,
  PROP_RUNNING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

enum
{
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (RefractJob, refract_job, G_TYPE_OBJECT)

#define PRIVATE(self) ((RefractJobPrivate *) refract_job_get_instance_private (self))

/* Main context: what the thread has left becomes visible. */
static void
refract_job_take_over (RefractJob *self)
{
  RefractJobPrivate *priv = PRIVATE (self);
  g_autofree char *message = NULL;
  double fraction;

  g_mutex_lock (&priv->mutex);
  message = g_strdup (priv->new_message);
  fraction = priv->new_fraction;
  priv->queued = FALSE;
  g_mutex_unlock (&priv->mutex);

  g_object_freeze_notify (G_OBJECT (self));
  if (REFRACT_JOB_GET_CLASS (self)->update != NULL)
    REFRACT_JOB_GET_CLASS (self)->update (self);
  if (message != NULL && g_strcmp0 (message, priv->message) != 0)
    {
      g_free (priv->message);
      priv->message = g_steal_pointer (&message);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MESSAGE]);
    }
  priv->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
  g_object_thaw_notify (G_OBJECT (self));
}

static gboolean
update_cb (gpointer data)
{
  refract_job_take_over (data);
  return G_SOURCE_REMOVE;
}

/* Any thread, mutex held. */
static void
queue_update_locked (RefractJob *self)
{
  RefractJobPrivate *priv = PRIVATE (self);
  g_autoptr(GSource) source = NULL;

  if (priv->queued)
    return;
  priv->queued = TRUE;
  source = g_timeout_source_new (UPDATE_INTERVAL_MS);
  g_source_set_priority (source, G_PRIORITY_LOW);
  g_source_set_callback (source, update_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, priv->context);
}

void
refract_job_queue_update (RefractJob *self)
{
  RefractJobPrivate *priv = PRIVATE (self);

  g_mutex_lock (&priv->mutex);
  queue_update_locked (self);
  g_mutex_unlock (&priv->mutex);
}

/* Any thread. */
static void
progress_cb (const char *stage, double fraction, void *data)
{
  RefractJob *self = data;
  RefractJobPrivate *priv = PRIVATE (self);

  g_mutex_lock (&priv->mutex);
  if (stage != NULL && g_strcmp0 (stage, priv->new_message) != 0)
    {
      g_free (priv->new_message);
      priv->new_message = g_strdup (stage);
    }
  priv->new_fraction = fraction;
  queue_update_locked (self);
  g_mutex_unlock (&priv->mutex);
}

/* Main context; the thread has nothing left to do but to return. */
static gboolean
ended_cb (gpointer data)
{
  RefractJob *self = data;
  RefractJobPrivate *priv = PRIVATE (self);
  g_autoptr(GTask) task = g_steal_pointer (&priv->task);

  g_thread_join (g_steal_pointer (&priv->thread));
  g_clear_handle_id (&priv->grace_id, g_source_remove);
  priv->ended = g_get_monotonic_time ();
  refract_job_take_over (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  if (task && priv->succeeded)
    g_task_return_boolean (task, TRUE);
  else if (task)
    g_task_return_error (task, g_steal_pointer (&priv->error));
  g_signal_emit (self, signals[ENDED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
grace_cb (gpointer data)
{
  RefractJob *self = data;
  RefractJobPrivate *priv = PRIVATE (self);
  g_autoptr(GTask) task = g_steal_pointer (&priv->task);

  priv->grace_id = 0;
  g_task_return_new_error (task, RF_ERROR, RF_ERROR_CANCELLED, "%s", "");
  return G_SOURCE_REMOVE;
}

static gpointer
thread_main (gpointer data)
{
  RefractJob *self = data;
  RefractJobPrivate *priv = PRIVATE (self);
  g_autoptr(GSource) source = g_idle_source_new ();

  priv->succeeded = REFRACT_JOB_GET_CLASS (self)->run (self, &priv->progress, &priv->error);
  if (!priv->succeeded && priv->error == NULL)
    g_set_error_literal (&priv->error, RF_ERROR, RF_ERROR_CANCELLED, "");
  /* The reference that the thread holds goes to the source: the object can then only be finalized in the main context. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, ended_cb, self, g_object_unref);
  g_source_attach (source, priv->context);
  return NULL;
}

void
refract_job_run_async (RefractJob *self, GAsyncReadyCallback callback, gpointer user_data)
{
  RefractJobPrivate *priv = PRIVATE (self);

  g_return_if_fail (priv->started == 0);
  priv->context = g_main_context_ref_thread_default ();
  priv->task = g_task_new (self, NULL, callback, user_data);
  priv->started = g_get_monotonic_time ();
  priv->thread = g_thread_new ("refract-job", thread_main, g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
}

gboolean
refract_job_run_finish (RefractJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
refract_job_cancel (RefractJob *self)
{
  rf_progress_cancel (&PRIVATE (self)->progress);
}

void
refract_job_let_go (RefractJob *self)
{
  RefractJobPrivate *priv = PRIVATE (self);

  refract_job_cancel (self);
  if (priv->task && priv->grace_id == 0)
    priv->grace_id = g_timeout_add (GRACE_MS, grace_cb, self);
}

gboolean
refract_job_is_ending (RefractJob *self)
{
  return PRIVATE (self)->thread != NULL && PRIVATE (self)->task == NULL;
}

void
refract_job_set_paused (RefractJob *self, gboolean paused)
{
  rf_progress_set_paused (&PRIVATE (self)->progress, paused);
}

gboolean
refract_job_is_paused (RefractJob *self)
{
  return rf_progress_is_paused (&PRIVATE (self)->progress);
}

gboolean
refract_job_is_cancelled (RefractJob *self)
{
  return rf_progress_is_cancelled (&PRIVATE (self)->progress);
}

const char *
refract_job_get_title (RefractJob *self)
{
  return PRIVATE (self)->title;
}

const char *
refract_job_get_message (RefractJob *self)
{
  const char *message = PRIVATE (self)->message;

  return message != NULL ? message : "";
}

double
refract_job_get_fraction (RefractJob *self)
{
  return PRIVATE (self)->fraction;
}

gboolean
refract_job_get_running (RefractJob *self)
{
  return PRIVATE (self)->started != 0 && PRIVATE (self)->ended == 0;
}

double
refract_job_get_seconds (RefractJob *self)
{
  RefractJobPrivate *priv = PRIVATE (self);

  if (priv->started == 0)
    return 0;
  return ((priv->ended != 0 ? priv->ended : g_get_monotonic_time ()) - priv->started) / 1e6;
}

gboolean
refract_job_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, RF_ERROR, RF_ERROR_CANCELLED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
refract_job_finalize (GObject *object)
{
  RefractJobPrivate *priv = PRIVATE (REFRACT_JOB (object));

  g_free (priv->title);
  g_free (priv->message);
  g_free (priv->new_message);
  g_clear_error (&priv->error);
  g_clear_pointer (&priv->context, g_main_context_unref);
  g_mutex_clear (&priv->mutex);
  G_OBJECT_CLASS (refract_job_parent_class)->finalize (object);
}

static void
refract_job_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RefractJob *self = REFRACT_JOB (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, refract_job_get_title (self));
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, refract_job_get_message (self));
      break;
    case PROP_FRACTION:
      g_value_set_double (value, refract_job_get_fraction (self));
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, refract_job_get_running (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
refract_job_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RefractJobPrivate *priv = PRIVATE (REFRACT_JOB (object));

  switch (prop_id)
    {
    case PROP_TITLE:
      priv->title = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
refract_job_class_init (RefractJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = refract_job_finalize;
  object_class->get_property = refract_job_get_property;
  object_class->set_property = refract_job_set_property;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_job_init (RefractJob *self)
{
  RefractJobPrivate *priv = PRIVATE (self);

  priv->fraction = priv->new_fraction = -1;
  g_mutex_init (&priv->mutex);
  rf_progress_init (&priv->progress, progress_cb, self);
}
