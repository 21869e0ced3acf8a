/* refract-stats-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-stats-job.h"

#include <glib/gi18n-lib.h>

struct _RefractStatsJob
{
  RefractJob parent_instance;

  char *path;
  RfCatalog *catalog;
  RfCatalogStats *stats;
};

G_DEFINE_FINAL_TYPE (RefractStatsJob, refract_stats_job, REFRACT_TYPE_JOB)

RefractStatsJob *
refract_stats_job_new (RefractSession *session)
{
  RefractStatsJob *self = g_object_new (REFRACT_TYPE_STATS_JOB, "title", _("Measuring the catalog"), NULL);

  self->path = g_strdup (refract_session_get_path (session));
  self->catalog = rf_catalog_ref (refract_session_get_catalog (session));
  return self;
}

const RfCatalogStats *
refract_stats_job_get_stats (RefractStatsJob *self)
{
  return self->stats;
}

static gboolean
refract_stats_job_run (RefractJob *job, RfProgress *progress, GError **error)
{
  RefractStatsJob *self = REFRACT_STATS_JOB (job);
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (self->path, error);

  self->stats = workspace ? rf_catalog_stats_new (self->catalog, workspace, progress, error) : NULL;
  return self->stats != NULL;
}

static void
refract_stats_job_finalize (GObject *object)
{
  RefractStatsJob *self = REFRACT_STATS_JOB (object);

  g_free (self->path);
  rf_catalog_unref (self->catalog);
  rf_catalog_stats_free (self->stats);
  G_OBJECT_CLASS (refract_stats_job_parent_class)->finalize (object);
}

static void
refract_stats_job_class_init (RefractStatsJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_stats_job_finalize;
  REFRACT_JOB_CLASS (klass)->run = refract_stats_job_run;
}

static void
refract_stats_job_init (RefractStatsJob *self)
{
}
