/* rf-tuner.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-tuner.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-json.h"
#include "core/train/rf-trainer.h"

/* The best of a rung go on: one in so many. */
#define KEEP 3

#define MOST_TRIALS 10000u

#define STORE        "tuner"
#define SEARCHED     "search/"
#define SEARCHED_KEY "1"

typedef struct
{
  const RfTuneSpace *space;
  const RfConfig *base;
  const RfTuneOptions *options;
  RfTuneFunc func;
  void *data;
  RfWorkspace *workspace;
  RfProgress *progress;
  char *key; /* what the stored jobs belong to */

  GMutex lock; /* guards all below */
  GArray *jobs;
  guint next, end; /* jobs of the rung that is running: next to be taken .. end */
  guint resumed, finished;
  GError *failure; /* of the store, or of the cancelled work */
  char *reason;    /* why the last trial failed */
} Tuning;

static void
job_clear (gpointer data)
{
  g_free (((RfTuneJob *) data)->run_id);
}

static RfTuneJob *
job_of (GArray *jobs, guint at)
{
  return &g_array_index (jobs, RfTuneJob, at);
}

void
rf_tune_result_free (RfTuneResult *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->jobs);
  rf_config_free (self->config);
  g_free (self);
}

static RfConfig *
settings_of (const Tuning *t, guint trial)
{
  if (trial == 0)
    return rf_config_copy (t->base);
  if (t->options->grid)
    return rf_tune_space_pick (t->space, t->base, t->options->grid, trial - 1);
  return rf_tune_space_draw (t->space, t->base, t->options->seed, trial);
}

/* The settings of a trial on a rung: its own, or of the first one the base settings as they are; with the budget of the rung. */
static RfConfig *
config_of (const Tuning *t, guint trial, guint rung)
{
  RfConfig *config = settings_of (t, trial);
  const RfTuneOptions *o = t->options;

  if (o->rungs > 1)
    {
      double share = pow (KEEP, (double) rung + 1 - o->rungs), full = (double) rf_config_get_int (t->base, o->resource_key);
      g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) MAX (round (full * share), 1));

      /* A budget below the setting's own minimum stays what it is. */
      (void) rf_config_set (config, o->resource_key, value, NULL);
    }
  return config;
}

static char *
make_key (const Tuning *t)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%u %u %" G_GUINT64_FORMAT " %s\n", t->options->trials, t->options->rungs, t->options->seed, t->options->rungs > 1 ? t->options->resource_key : "");
  /* The space is known by what it draws. */
  for (guint i = 0; i < t->options->trials; i++)
    {
      g_autoptr(RfConfig) config = config_of (t, i, 0);
      g_autofree char *line = rf_config_to_text (config);

      g_string_append (text, line);
    }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
}

/* Stored as lines "rung trial metric run". */
static gboolean
store (Tuning *t, GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;

  if (t->workspace == NULL)
    return TRUE;
  for (guint j = 0; j < t->jobs->len; j++)
    {
      const RfTuneJob *job = job_of (t->jobs, j);
      char metric[G_ASCII_DTOSTR_BUF_SIZE];

      if (isfinite (job->metric))
        g_string_append_printf (text, "%u %u %s %s\n", job->rung, job->trial, g_ascii_dtostr (metric, sizeof metric, job->metric), job->run_id ? job->run_id : "-");
    }
  bytes = g_bytes_new (text->str, text->len);
  return rf_workspace_save_blob (t->workspace, STORE, t->key, bytes, error);
}

/* job->metric is -inf until it is known. */
static void
recall (Tuning *t, const char *stored, guint from)
{
  g_auto(GStrv) lines = g_strsplit (stored, "\n", -1);

  for (guint l = 0; lines[l]; l++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[l], " ", 4);

      if (g_strv_length (cells) != 4)
        continue;
      for (guint j = from; j < t->jobs->len; j++)
        {
          RfTuneJob *job = job_of (t->jobs, j);

          if (job->rung != g_ascii_strtoull (cells[0], NULL, 10) || job->trial != g_ascii_strtoull (cells[1], NULL, 10))
            continue;
          job->metric = g_ascii_strtod (cells[2], NULL);
          job->run_id = strcmp (cells[3], "-") ? g_strdup (cells[3]) : NULL;
          t->resumed++;
        }
    }
}

/* A job that is not done yet, or -1. */
static int
take_job (Tuning *t)
{
  int at = -1;

  g_mutex_lock (&t->lock);
  while (at < 0 && t->failure == NULL && t->next < t->end)
    {
      if (job_of (t->jobs, t->next)->metric == -INFINITY)
        at = (int) t->next;
      t->next++;
    }
  g_mutex_unlock (&t->lock);
  return at;
}

/* Which search a run comes from, so that a comparison can say what was spent on it: "trials rung". */
static gboolean
mark_run (Tuning *t, const RfTuneJob *job, GError **error)
{
  g_autofree char *name = g_strconcat (SEARCHED, job->run_id, NULL), *text = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (t->workspace == NULL || job->run_id == NULL)
    return TRUE;
  text = g_strdup_printf ("%u %u", t->options->trials, job->rung);
  bytes = g_bytes_new (text, strlen (text));
  return rf_workspace_save_blob (t->workspace, name, SEARCHED_KEY, bytes, error);
}

static void
finish_job (Tuning *t, guint at, double metric, char *run_id, GError *error)
{
  RfTuneJob *job;

  g_mutex_lock (&t->lock);
  job = job_of (t->jobs, at);
  if (error && g_error_matches (error, RF_ERROR, RF_ERROR_CANCELLED))
    {
      if (t->failure == NULL)
        t->failure = g_error_copy (error);
    }
  else
    {
      job->metric = error ? NAN : metric;
      job->run_id = run_id ? g_strdup (run_id) : NULL;
      t->finished++;
      if (error)
        {
          g_free (t->reason);
          t->reason = g_strdup (error->message);
        }
      if (t->failure == NULL && store (t, &t->failure))
        mark_run (t, job, &t->failure);
    }
  g_mutex_unlock (&t->lock);
}

static gpointer
work (gpointer data)
{
  Tuning *t = data;
  int at;

  while ((at = take_job (t)) >= 0)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *run_id = NULL;
      guint trial, rung;
      double metric = NAN;

      g_mutex_lock (&t->lock);
      trial = job_of (t->jobs, (guint) at)->trial;
      rung = job_of (t->jobs, (guint) at)->rung;
      g_mutex_unlock (&t->lock);
      if (rf_progress_step (t->progress, _("Trying settings"), -1, &error))
        {
          g_autoptr(RfConfig) config = config_of (t, trial, rung);

          metric = t->func (config, &run_id, t->progress, t->data, &error);
        }
      finish_job (t, (guint) at, metric, run_id, error);
    }
  return NULL;
}

/* All jobs from t->next to t->end. */
static void
run_rung (Tuning *t)
{
  g_autoptr(GPtrArray) threads = g_ptr_array_new ();
  guint n = MIN (t->options->threads, t->end - t->next); /* now: the first of them moves t->next at once */

  for (guint i = 1; i < n; i++)
    g_ptr_array_add (threads, g_thread_new ("tuner", work, t));
  work (t);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
}

static int
best_first (gconstpointer a, gconstpointer b)
{
  const RfTuneJob *x = a, *y = b;
  double mx = isnan (x->metric) ? -INFINITY : x->metric, my = isnan (y->metric) ? -INFINITY : y->metric;

  if (mx != my)
    return mx > my ? -1 : 1;
  return x->trial < y->trial ? -1 : x->trial > y->trial;
}

static int
by_trial (gconstpointer a, gconstpointer b)
{
  const RfTuneJob *x = a, *y = b;

  return x->trial < y->trial ? -1 : x->trial > y->trial;
}

/* Appends the jobs of a rung: all trials, or the best of the rung below. */
static void
add_rung (Tuning *t, guint rung, guint below)
{
  g_autoptr(GArray) kept = g_array_new (FALSE, FALSE, sizeof (RfTuneJob));

  if (rung == 0)
    for (guint i = 0; i < t->options->trials; i++)
      {
        RfTuneJob job = { i, 0, -INFINITY, NULL };

        g_array_append_val (kept, job);
      }
  else
    {
      g_array_append_vals (kept, job_of (t->jobs, below), t->jobs->len - below);
      g_array_sort (kept, best_first);
      g_array_set_size (kept, MAX (kept->len / KEEP, 1));
      g_array_sort (kept, by_trial);
      /* The base settings are there at the end: what comes out is never worse than them. */
      if (rung + 1 == t->options->rungs && job_of (kept, 0)->trial != 0)
        {
          RfTuneJob first = { 0, 0, -INFINITY, NULL };

          g_array_prepend_val (kept, first);
        }
    }
  for (guint i = 0; i < kept->len; i++)
    {
      RfTuneJob job = { job_of (kept, i)->trial, rung, -INFINITY, NULL };

      g_array_append_val (t->jobs, job);
    }
}

static gboolean
check (const RfTuneOptions *o, const RfConfig *base, GError **error)
{
  gboolean whole = o->rungs <= 1;

  if (o->trials < 1 || o->trials > MOST_TRIALS || o->rungs < 1 || o->rungs > 8)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("A search has 1 to 10000 trials on 1 to 8 rungs."));
      return FALSE;
    }
  for (const RfConfigKey *key = rf_config_get_keys (); key->key && !whole; key++)
    whole = g_strcmp0 (key->key, o->resource_key) == 0 && key->type == RF_CONFIG_INT;
  if (!whole)
    g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("Successive halving needs a whole-number setting as budget, and “%s” is none."), o->resource_key ? o->resource_key : "");
  return whole;
}

guint
rf_tune_count_trials (RfWorkspace *workspace, const char *run_id)
{
  g_autofree char *name = g_strconcat (SEARCHED, run_id, NULL), *text = NULL;
  g_autoptr(GBytes) bytes = rf_workspace_load_blob (workspace, name, SEARCHED_KEY, NULL);

  text = bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
  return text ? (guint) MIN (g_ascii_strtoull (text, NULL, 10), G_MAXUINT) : 0;
}

/* The best job from `from` on. */
static guint
find_best (const Tuning *t, guint from)
{
  guint best = from;

  for (guint j = from + 1; j < t->jobs->len; j++)
    if (best_first (job_of (t->jobs, j), job_of (t->jobs, best)) < 0)
      best = j;
  return best;
}

static RfTuneResult *
make_result (Tuning *t, guint last)
{
  RfTuneResult *self = g_new0 (RfTuneResult, 1);

  self->best = find_best (t, last);
  self->config = config_of (t, job_of (t->jobs, self->best)->trial, t->options->rungs - 1);
  self->resumed = t->resumed;
  self->jobs = g_array_ref (t->jobs);
  return self;
}

static RfTuneResult *
run_all (Tuning *t, const char *stored, GError **error)
{
  guint from = 0;

  for (guint rung = 0; rung < t->options->rungs; rung++)
    {
      guint below = from;

      from = t->jobs->len;
      add_rung (t, rung, below);
      recall (t, stored, from);
      t->next = from;
      t->end = t->jobs->len;
      run_rung (t);
      if (t->failure)
        {
          g_propagate_error (error, g_steal_pointer (&t->failure));
          return NULL;
        }
    }
  if (isnan (job_of (t->jobs, find_best (t, from))->metric))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("No trial could be trained; the last one said: %s"), t->reason ? t->reason : "");
      return NULL;
    }
  return make_result (t, from);
}

/* A grid knows how many trials it has, and draws nothing. */
static gboolean
count_grid (const RfTuneSpace *space, RfTuneOptions *options, GError **error)
{
  guint combinations = rf_tune_space_count (space, options->grid);

  options->trials = MIN (combinations, MOST_TRIALS) + 1;
  options->seed = 0;
  if (combinations >= MOST_TRIALS)
    g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("The grid has %u combinations; at most %u are tried: name fewer settings or values, or search at random."), combinations, MOST_TRIALS - 1);
  return combinations < MOST_TRIALS;
}

RfTuneResult *
rf_tune (const RfTuneSpace *space, const RfConfig *base, const RfTuneOptions *wanted, RfTuneFunc func, void *data, RfWorkspace *workspace,
         RfProgress *progress, GError **error)
{
  RfTuneOptions options = *wanted;
  Tuning t = { .space = space, .base = base, .options = &options, .func = func, .data = data, .workspace = workspace, .progress = progress };
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *stored = NULL;
  RfTuneResult *result = NULL;

  if ((options.grid && !count_grid (space, &options, error)) || !check (&options, base, error))
    return NULL;
  t.key = make_key (&t);
  bytes = workspace ? rf_workspace_load_blob (workspace, STORE, t.key, &failure) : NULL;
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    {
      stored = bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : g_strdup ("");
      t.jobs = g_array_new (FALSE, TRUE, sizeof (RfTuneJob));
      g_array_set_clear_func (t.jobs, job_clear);
      g_mutex_init (&t.lock);
      result = run_all (&t, stored, error);
      g_mutex_clear (&t.lock);
      g_array_unref (t.jobs);
    }
  g_free (t.key);
  g_free (t.reason);
  return result;
}

static double
read_metric (const char *json, GError **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(JsonPath) path = json_path_new ();
  g_autoptr(JsonNode) found = NULL;
  JsonArray *values;

  if (!rf_json_load (parser, json, -1, error) || !json_path_compile (path, "$.metrics.valid['ndcg@20']", error))
    return NAN;
  found = json_path_match (path, json_parser_get_root (parser));
  values = json_node_get_array (found);
  if (json_array_get_length (values) == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_DATA, _("The run has no NDCG@20 on validation."));
      return NAN;
    }
  return json_array_get_double_element (values, 0);
}

double
rf_tune_by_training (const RfConfig *config, char **run_id, RfProgress *progress, void *path, GError **error)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (path, error);
  g_autoptr(RfRun) run = workspace ? rf_train_on (workspace, config, progress, NULL, NULL, error) : NULL;

  if (run == NULL)
    return NAN;
  *run_id = g_strdup (run->id);
  return read_metric (run->result_json, error);
}

double
rf_tune_by_trying (const RfConfig *config, char **run_id, RfProgress *progress, void *path, GError **error)
{
  g_autoptr(RfWorkspace) workspace = rf_workspace_open (path, error);
  g_autoptr(RfRun) run = workspace ? rf_train_once (workspace, config, progress, error) : NULL;

  if (run == NULL || !rf_workspace_delete_run (workspace, run->id, error))
    return NAN;
  return read_metric (run->result_json, error);
}
