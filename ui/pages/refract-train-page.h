/* refract-train-page.h: settings, a training with live curves, and what came out of it beside the baselines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-session.h"
#include "app/refract-ladder-job.h"
#include "app/refract-training-job.h"
#include "app/refract-tune-job.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_TRAIN_PAGE (refract_train_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractTrainPage, refract_train_page, REFRACT, TRAIN_PAGE, AdwBin)

GtkWidget *refract_train_page_new (void);
void refract_train_page_set_session (RefractTrainPage *self, RefractSession *session); /* or NULL */

/* The settings as they stand; NULL and error if one does not fit. */
RfConfig *refract_train_page_dup_config (RefractTrainPage *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets settings ("key=value", NULL-terminated) as if somebody had; the others stay. */
void refract_train_page_apply (RefractTrainPage *self, const char *const *assignments);
/* Asks anew what these settings cost; while the page is seen, it does so by itself after a change. */
void refract_train_page_estimate (RefractTrainPage *self);
/* Is nothing being estimated or about to be? */
gboolean refract_train_page_is_settled (RefractTrainPage *self);
/* What a search is to try, as rf_tune_space_new() reads it. */
char *refract_train_page_dup_space (RefractTrainPage *self, guint *trials, guint *rungs, guint *grid) G_GNUC_WARN_UNUSED_RESULT;
/* The running training, or NULL when it has ended. */
void refract_train_page_set_job (RefractTrainPage *self, RefractJob *job); /* a training, a ladder or a search */
/* The job was paused or goes on. */
void refract_train_page_update_pause (RefractTrainPage *self);
/* The words on a button that takes up an interrupted training; NULL: there is none. */
void refract_train_page_show_unfinished (RefractTrainPage *self, const char *what);
/* The run whose result is shown. */
void refract_train_page_show_run (RefractTrainPage *self, RefractRun *run);

G_END_DECLS
