/* rf-run-diff.h: what is different between two runs: their settings, what they were trained on, and what came of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-workspace.h"

G_BEGIN_DECLS

typedef enum
{
  RF_DIFFERS_SETTING, /* a key of rf-config.h */
  RF_DIFFERS_DATA,    /* "catalog", "split": the first 12 digits of their fingerprints */
  RF_DIFFERS_RESULT,  /* "ndcg@20", "recall@20" on validation, "epochs", "seconds" */
} RfDifferenceKind;

typedef struct
{
  RfDifferenceKind kind;
  const char *name; /* interned */
  char *a, *b;      /* values as text, numbers as they stand in the result; "" where a run does not have it */
} RfDifference;

/* Elements are RfDifference, free with g_ptr_array_unref(): the settings that differ in the order of rf_config_get_keys() (a setting that an
 * older run did not know has its default), catalog and split if they differ, and then the results, which are always there. */
GPtrArray *rf_run_diff (const RfRun *a, const RfRun *b) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
