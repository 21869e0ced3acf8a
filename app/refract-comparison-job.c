/* refract-comparison-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-comparison-job.h"

#include <glib/gi18n-lib.h>

#include "core/eval/rf-protocol.h"

#define ALPHA       .05
#define RESAMPLES   2000
#define MIN_SUPPORT 20

struct _RefractComparisonJob
{
  RefractJob parent_instance;

  char *document, *metric;
  char **ids;
  guint k;
  RfPart part;
  GPtrArray *runs; /* RfTrained */
  RfRunComparison *comparison;
};

G_DEFINE_FINAL_TYPE (RefractComparisonJob, refract_comparison_job, REFRACT_TYPE_JOB)

RefractComparisonJob *
refract_comparison_job_new (const char *document, const char *const *ids, const char *metric, guint k, RfPart part)
{
  RefractComparisonJob *self = g_object_new (REFRACT_TYPE_COMPARISON_JOB, "title", _("Comparing runs"), NULL);

  self->document = g_strdup (document);
  self->ids = g_strdupv ((char **) ids);
  self->metric = g_strdup (metric);
  self->k = k;
  self->part = part;
  return self;
}

const RfRunComparison *
refract_comparison_job_get_comparison (RefractComparisonJob *self)
{
  return self->comparison;
}

RfTrained *
refract_comparison_job_get_run (RefractComparisonJob *self, guint run)
{
  return run < self->runs->len ? self->runs->pdata[run] : NULL;
}

RfPart
refract_comparison_job_get_part (RefractComparisonJob *self)
{
  return self->part;
}

guint
refract_comparison_job_get_k (RefractComparisonJob *self)
{
  return self->k;
}

const char *
refract_comparison_job_get_metric (RefractComparisonJob *self)
{
  return self->metric;
}

static gboolean
load_runs (RefractComparisonJob *self, GError **error)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (self->document, error);

  if (workspace == NULL)
    return FALSE;
  for (guint i = 0; self->ids[i]; i++)
    {
      RfTrained *run = rf_trained_load (workspace, self->ids[i], error);

      if (run == NULL)
        return FALSE;
      g_ptr_array_add (self->runs, run);
      if (self->part == RF_PART_TEST && !rf_protocol_record_look (workspace, run->run->id, "compare", error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
refract_comparison_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractComparisonJob *self = REFRACT_COMPARISON_JOB (job);
  const RfRunCompareOptions options = { self->metric, self->k, self->part, ALPHA, RESAMPLES, MIN_SUPPORT };

  if (!load_runs (self, error))
    return FALSE;
  self->comparison = rf_compare_runs ((RfTrained *const *) self->runs->pdata, self->runs->len, &options, progress, error);
  return self->comparison != NULL;
}

static void
refract_comparison_job_finalize (GObject *object)
{
  RefractComparisonJob *self = REFRACT_COMPARISON_JOB (object);

  g_free (self->document);
  g_free (self->metric);
  g_strfreev (self->ids);
  g_ptr_array_unref (self->runs);
  g_clear_pointer (&self->comparison, rf_run_comparison_free);
  G_OBJECT_CLASS (refract_comparison_job_parent_class)->finalize (object);
}

static void
refract_comparison_job_class_init (RefractComparisonJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_comparison_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_comparison_job_run;
}

static void
refract_comparison_job_init (RefractComparisonJob *self)
{
  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_trained_unref);
}
