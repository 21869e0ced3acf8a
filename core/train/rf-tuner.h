/* rf-tuner.h: looks for good settings: random or grid search, and successive halving on top (Jamieson and Talwalkar 2016).
 *
 * Trial 0 has the base settings as they are, and goes along to the last rung: what comes out is never worse than them. Trial i draws its
 * settings from (seed, i) alone, or is the i-th combination of a grid. With one rung every trial is trained in full. With more, all trials are first
 * trained with a small budget, the best third goes on with three times as much, and so on up to the full one. The rungs wait for each
 * other (the asynchronous variant ASHA does not, but then which trials go on depends on the speed of threads, and results must not).
 * Judged by validation only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/catalog/rf-workspace.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

typedef struct _RfTuneSpace RfTuneSpace;

/* One setting a line (or separated by ';'), # begins a comment:
 *   ease.lambda = 10..2000 log     a number (whole for whole-number settings), uniform, or uniform in its logarithm
 *   evidence.guard = true|false    one of these
 * RF_ERROR_CONFIG names the line: unknown key, range outside the setting's own, empty. */
RfTuneSpace *rf_tune_space_new (const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_tune_space_free (RfTuneSpace *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTuneSpace, rf_tune_space_free)

/* What is searched when nothing is said, one line a setting: of the default model, or of the networks (any other value of fusion in base). */
const char *rf_tune_default_space (const RfConfig *base);
/* The setting that is the budget then: "evidence.users", or "epochs". */
const char *rf_tune_default_resource (const RfConfig *base);

/* base with settings drawn for trial `trial`. */
RfConfig *rf_tune_space_draw (const RfTuneSpace *self, const RfConfig *base, guint64 seed, guint trial) G_GNUC_WARN_UNUSED_RESULT;

/* A grid: every value of a list with `steps` values of every range (its ends and between them evenly, or evenly in the logarithm; 1: its middle; of
 * whole numbers no more than there are). How many combinations (G_MAXUINT: too many to count), and the settings of one, from 0; the last
 * setting of the space changes first. */
guint rf_tune_space_count (const RfTuneSpace *self, guint steps);
RfConfig *rf_tune_space_pick (const RfTuneSpace *self, const RfConfig *base, guint steps, guint at) G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  guint trials;             /* of a grid: all of it and the base settings, whatever stands here */
  guint64 seed;
  guint rungs;              /* 1: random search */
  const char *resource_key; /* a whole-number setting that is the budget ("evidence.users"); its value in the base settings is the full one, each rung
                               below has a third of the next; needed with rungs > 1 */
  guint threads;            /* trials at once */
  guint grid;               /* values of a range; 0: random search */
} RfTuneOptions;

/* Trains with `config` and returns the validation metric (larger is better); NAN with error set on failure. run_id: the run it became, or NULL.
 * Called from several threads at once when options.threads > 1. */
typedef double (*RfTuneFunc) (const RfConfig *config, char **run_id, RfProgress *progress, void *data, GError **error);

typedef struct
{
  guint trial, rung; /* rung 0 has the smallest budget */
  double metric;     /* NAN: training failed */
  char *run_id;      /* may be NULL */
} RfTuneJob;

typedef struct
{
  GArray *jobs;   /* of RfTuneJob, by rung and trial */
  guint best;     /* index in jobs: the best of the highest rung (ties: the lower trial) */
  RfConfig *config; /* its settings */
  guint resumed;  /* jobs that were finished before */
} RfTuneResult;

void rf_tune_result_free (RfTuneResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfTuneResult, rf_tune_result_free)

/* workspace: where finished jobs are kept, so that the same call (space, base settings, options but threads) goes on where a stopped one ended; NULL: nowhere.
 * A trial that fails counts as the worst; an error only when all fail or the work is cancelled. The result does not depend on threads. */
RfTuneResult *rf_tune (const RfTuneSpace *space, const RfConfig *base, const RfTuneOptions *options, RfTuneFunc func, void *data,
                       RfWorkspace *workspace, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of how many trials was the search that a run comes from? 0: it was trained by itself. */
guint rf_tune_count_trials (RfWorkspace *workspace, const char *run_id);

/* An RfTuneFunc: data is the path of a workspace; every trial becomes a run in it, judged by NDCG@20 on validation. */
double rf_tune_by_training (const RfConfig *config, char **run_id, RfProgress *progress, void *path, GError **error);

/* The same, but the trial leaves no run behind, and when it is stopped no training to take up, either: for a search whose settings are then
 * trained by themselves. */
double rf_tune_by_trying (const RfConfig *config, char **run_id, RfProgress *progress, void *path, GError **error);

G_END_DECLS
