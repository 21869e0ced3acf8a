/* rf-progress.h: how long work tells where it stands and learns that it should stop.
 *
 * The owner of the work (a job of the application, the command line) makes an RfProgress and passes it down; NULL is allowed
 * everywhere and means "nobody watches". Steps may be reported from any thread; func is called in that thread and must be
 * quick and thread-safe. rf_progress_cancel() may be called at any time from any thread or from a signal handler.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* stage: what is being done, a translated sentence fragment ("Reading pictures"); fraction: 0 .. 1 of that stage, or < 0 when
 * its length is not known. */
typedef void (*RfProgressFunc) (const char *stage, double fraction, void *data);

typedef struct
{
  RfProgressFunc func;
  void *data;
  atomic_int cancelled, paused;
} RfProgress;

void rf_progress_init (RfProgress *self, RfProgressFunc func, void *data);
void rf_progress_cancel (RfProgress *self);
gboolean rf_progress_is_cancelled (RfProgress *self);

/* Holds the work at its next step, in whatever thread it reports it, and lets it go on; cancelling ends the hold, too. As quick and as free to
 * be called as cancel. Nothing is lost by a pause: the work goes on from the same state. */
void rf_progress_set_paused (RfProgress *self, gboolean paused);
gboolean rf_progress_is_paused (RfProgress *self);

/* Reports a step, and waits while paused. Returns FALSE and sets RF_ERROR_CANCELLED when the work should stop: free everything and return. */
gboolean rf_progress_step (RfProgress *self, const char *stage, double fraction, GError **error);

G_END_DECLS
