/* refract-window-private.h: shared by the files of the window.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-report-job.h"
#include "app/refract-training-job.h"
#include "ui/pages/refract-busy-page.h"
#include "ui/pages/refract-catalog-page.h"
#include "ui/pages/refract-compare-page.h"
#include "ui/pages/refract-explore-page.h"
#include "ui/pages/refract-import-page.h"
#include "ui/pages/refract-train-page.h"
#include "ui/pages/refract-welcome-page.h"
#include "ui/refract-job-bar.h"
#include "ui/refract-window.h"

G_BEGIN_DECLS

struct _RefractWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toast_overlay;
  AdwHeaderBar *header_bar;
  GtkMenuButton *document_button;
  GtkMenuButton *menu_button;
  GtkButton *export_button;
  GtkStack *title_stack;
  GtkStack *main_stack;
  AdwViewStack *view_stack;
  AdwViewSwitcher *view_switcher;
  RefractWelcomePage *welcome_page;
  RefractBusyPage *busy_page;
  RefractImportPage *import_page;
  RefractCatalogPage *catalog_page;
  RefractTrainPage *train_page;
  RefractExplorePage *explore_page;
  RefractComparePage *compare_page;
  RefractJobBar *job_bar;
  GtkRevealer *drop_revealer;

  gboolean assisting; /* the import assistant is shown */
  RefractSession *session;
  RefractJob *opening;          /* open, import or sample; at most one */
  RefractJob *training;         /* a training or a ladder; at most one */
  guint n_jobs;
  guint inhibit_cookie;
  char *pending_user; /* to be chosen when the document is there */
  guint pending_place;
  gboolean pending_resume; /* the interrupted training goes on when the document is there */
  GPtrArray *deleting; /* runs that can still be taken back (refract-window-tools.c) */
};

/* refract-window-actions.c */
void refract_window_class_install_actions (GtkWidgetClass *widget_class);
void refract_window_update_actions (RefractWindow *self);
/* On the desktop, when the window is not the one that has the focus; a click brings it forward. */
void refract_window_notify (RefractWindow *self, const char *title, const char *body);
/* A report of the chosen user; the ending of path says which kind. */
void refract_window_export (RefractWindow *self, const char *path);
void refract_window_run_report (RefractWindow *self, RefractReportJob *job);

/* refract-window-training.c */
void refract_window_class_install_training (GtkWidgetClass *widget_class);
void refract_window_update_training_actions (RefractWindow *self);

/* refract-window-tools.c */
void refract_window_class_install_tools (GtkWidgetClass *widget_class);
/* Runs whose deletion could still be undone are deleted now. */
void refract_window_finish_deleting (RefractWindow *self);
/* What a page shows as CSV: "catalog", "train", "compare"; NULL: nothing yet. */
char *refract_window_dup_table (RefractWindow *self, const char *page) G_GNUC_WARN_UNUSED_RESULT;

/* refract-window.c */
void refract_window_set_session (RefractWindow *self, RefractSession *session);
void refract_window_run_job (RefractWindow *self, RefractJob *job, GAsyncReadyCallback callback);
void refract_window_job_ended (RefractWindow *self, RefractJob *job);
void refract_window_update_view (RefractWindow *self);
/* The import assistant for a folder or file; NULL: leave it. */
void refract_window_assist (RefractWindow *self, const char *source);
/* Imports as the assistant says. */
void refract_window_import (RefractWindow *self);

G_END_DECLS
