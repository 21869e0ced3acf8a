/* refract-job.h: long work with a title, a message, a fraction and a way to stop it.
 *
 * A job runs once, in a thread of its own (not in GLib's shared pool, whose slots a training would hold for minutes). A
 * subclass overrides run(), which is called in that thread and reports through the RfProgress it is given. What it reports is
 * stored under a mutex and reaches the main context by one low-priority source that fires at most every 50 ms, so that any
 * number of steps costs the main loop at most twenty notifications a second. The job object itself is only touched by the
 * thread inside run(); it is released in the main context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "core/base/rf-progress.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_JOB (refract_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (RefractJob, refract_job, REFRACT, JOB, GObject)

struct _RefractJobClass
{
  GObjectClass parent_class;

  /* In the job's thread. FALSE with an error set when it failed or was cancelled. */
  gboolean (*run) (RefractJob *self, RfProgress *progress, GError **error);

  /* In the main context, before "message" and "fraction" are notified and once more at the end: take over what the thread has
   * left under a mutex. May be NULL. */
  void (*update) (RefractJob *self);
};

const char *refract_job_get_title (RefractJob *self);
const char *refract_job_get_message (RefractJob *self); /* what is being done now; "" at first */
double refract_job_get_fraction (RefractJob *self);     /* 0 .. 1 of the present stage, < 0 if not known */
gboolean refract_job_get_running (RefractJob *self);
double refract_job_get_seconds (RefractJob *self);      /* since it was started; fixed once it has ended */

/* Starts the thread; to be called once. The callback is called in the main context of the caller. */
void refract_job_run_async (RefractJob *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean refract_job_run_finish (RefractJob *self, GAsyncResult *result, GError **error);

/* Asks it to stop; run_finish() will then give RF_ERROR_CANCELLED unless it was just about to end. */
void refract_job_cancel (RefractJob *self);
/* The same, but the caller is answered in less than a tenth of a second: where the thread is in the middle of something that cannot be cut
 * short (the eigenvectors of a large matrix), it is let go, and ends by itself. "ended" is emitted when it has. Only for jobs beside whose end
 * others may begin. */
void refract_job_let_go (RefractJob *self);
gboolean refract_job_is_ending (RefractJob *self); /* let go, and its thread still runs */
gboolean refract_job_is_cancelled (RefractJob *self);

/* Holds it at its next step, and lets it go on. */
void refract_job_set_paused (RefractJob *self, gboolean paused);
gboolean refract_job_is_paused (RefractJob *self);

/* For subclasses, from the thread: there is something new for update(). */
void refract_job_queue_update (RefractJob *self);

/* TRUE if the error says that the user asked to stop, which needs no message. */
gboolean refract_job_error_is_cancelled (const GError *error);

G_END_DECLS
