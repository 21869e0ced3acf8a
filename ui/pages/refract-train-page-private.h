/* refract-train-page-private.h: what the settings and the results of the Train page share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/plot/rf-plot-lines.h"
#include "ui/charts/refract-plot.h"
#include "ui/pages/refract-ladder-view.h"
#include "ui/pages/refract-train-page.h"
#include "ui/pages/refract-tune-view.h"

struct _RefractTrainPage
{
  AdwBin parent_instance;

  GHashTable *editors; /* key -> GtkEditable or GtkSwitch or GtkDropDown, borrowed; of Advanced only when it has been opened */
  RfConfig *values;    /* what settings without an editor are */
  AdwExpanderRow *advanced;
  const RfConfigKey *next_key; /* whose row is made next; NULL: Advanced was never opened */
  guint filling_id;
  GtkButton *train_button, *pause_button, *cancel_button, *ladder_button;
  GtkDropDown *preset;
  GtkWidget *resume_row;
  GtkLabel *preset_label;
  AdwStatusPage *empty;
  gboolean setting; /* editors are being filled by a preset */
  GtkLabel *cost_label; /* what it will cost (refract-train-cost.c); NULL once the page goes */
  GtkWidget *cost_button;
  RefractJob *cost_job;
  guint cost_timeout;
  char *cost_key;
  RefractLadderView *ladder_view;
  RefractTuneView *tune_view;
  GtkTextBuffer *search_buffer; /* what a search tries (refract-train-search.c) */
  const char *search_proposed;
  GtkDropDown *search_method;
  GtkSpinButton *search_trials, *search_steps;
  GtkWidget *search_trials_row, *search_steps_row;
  GtkSwitch *search_halving;
  RefractPlot *gradient_plot, *attention_plot;
  GtkLabel *collapse_label;
  GtkLabel *stage_label;
  GtkProgressBar *progress_bar;
  GtkStack *stack;
  RefractPlot *loss_plot, *metric_plot;
  GtkGrid *table;
  GtkLabel *result_label;
  GtkLabel *verdict_label;
  GtkListBox *runs_list;
  GtkWidget *runs_group;

  RefractSession *session;
  RefractJob *job; /* a training or a ladder */
  RefractRun *run;

  GArray *steps, *loss, *metric; /* double */
  RfPlotSeries loss_series, metric_series, gradient_series[RF_MAX_MODALITIES], attention_series[RF_MAX_MODALITIES];
  RfPlotLines loss_lines, metric_lines, gradient_lines, attention_lines;
  GArray *gradient[RF_MAX_MODALITIES], *attention[RF_MAX_MODALITIES]; /* double */
};

/* The left side: buttons, presets and every setting (refract-train-settings.c). */
GtkWidget *refract_train_page_make_settings (RefractTrainPage *self);

/* refract-train-search.c: the search's settings, its trials; the settings of the page have changed. */
GtkWidget *refract_train_page_make_search (RefractTrainPage *self);
GtkWidget *refract_train_page_make_trials (RefractTrainPage *self);
void refract_train_page_propose_space (RefractTrainPage *self);

/* refract-train-cost.c: adds its label and button to a box; what it shows may have changed; nothing more is estimated. */
void refract_train_page_make_cost (RefractTrainPage *self, GtkBox *box);
void refract_train_page_cost_changed (RefractTrainPage *self);
void refract_train_page_stop_estimate (RefractTrainPage *self);
