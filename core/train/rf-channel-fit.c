/* rf-channel-fit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-channel-fit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/base/rf-error.h"
#include "core/eval/rf-evaluate.h"
#include "core/model/rf-content.h"
#include "core/model/rf-ease.h"
#include "core/model/rf-item-knn.h"

static const double content_lambdas[] = { 1e-2, 1, 100 }; /* then its neighbours by a factor of ten, at the best epsilon */
static const double content_epsilons[] = { 1e-3, 1e-2, 0.1, 1 };
static const double ease_lambdas[] = { 10, 30, 100, 200, 400, 1000 };
/* Where every lambda costs an inversion of items x items: fewer of them, and above this many items none but the default. */
static const double ease_lambdas_few[] = { 50, 200, 500 };
#define EASE_DEFAULT_LAMBDA 200.0
#define EASE_CHOICE_ITEMS   8000

/* The rows of the first RF_FIT_USERS users with anything held out; the others empty. */
static RfCsr *
some_users (const RfCsr *train, const RfCsr *valid)
{
  g_autoptr(GArray) row = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr(GArray) col = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint users = 0;

  for (guint32 u = 0; u < valid->rows && users < RF_FIT_USERS; u++)
    {
      if (rf_csr_row_length (valid, u) == 0 || rf_csr_row_length (train, u) == 0)
        continue;
      users++;
      for (gsize e = valid->ptr[u]; e < valid->ptr[u + 1]; e++)
        {
          g_array_append_val (row, u);
          g_array_append_val (col, valid->idx[e]);
        }
    }
  return rf_csr_new_from_pairs (valid->rows, valid->cols, row->len, (const guint32 *) (void *) row->data, (const guint32 *) (void *) col->data, NULL);
}

typedef struct
{
  RfChannel *best;
  RfChannelChoice choice;
  const RfCsr *train, *held;
  RfProgress *progress;
  const char *stage;
  double fraction;
} Search;

/* Between two pieces of work that are not small. */
static gboolean
go_on (const Search *search, GError **error)
{
  return rf_progress_step (search->progress, search->stage, search->fraction, error);
}

/* Takes over channel; keeps it if it is the best so far (the first one of equals). */
static gboolean
consider (Search *search, RfChannel *channel, double lambda, double epsilon, GError **error)
{
  RfEvaluation evaluation = { .n = 1, .k = { 20 } };

  if (!rf_evaluate (&evaluation, rf_score_with_channel, channel, channel->n_items, search->train, search->held, NULL, error))
    {
      rf_channel_unref (channel);
      return FALSE;
    }
  if (search->best && evaluation.mean[0].ndcg <= search->choice.ndcg)
    {
      rf_channel_unref (channel);
      return TRUE;
    }
  g_clear_pointer (&search->best, rf_channel_unref);
  search->best = channel;
  search->choice = (RfChannelChoice) { lambda, epsilon, evaluation.mean[0].ndcg };
  return TRUE;
}

static gboolean
search_content (Search *search, const RfContentSolver *solver, double epsilon, double fixed_lambda, GError **error)
{
  if (fixed_lambda > 0)
    return consider (search, rf_content_solver_solve (solver, fixed_lambda), fixed_lambda, epsilon, error);
  for (gsize l = 0; l < G_N_ELEMENTS (content_lambdas); l++)
    if (!go_on (search, error) || !consider (search, rf_content_solver_solve (solver, content_lambdas[l]), content_lambdas[l], epsilon, error))
      return FALSE;
  return TRUE;
}

static gboolean
search_neighbours (Search *search, const RfContentSolver *solver, GError **error)
{
  double epsilon = search->choice.epsilon, lambda = search->choice.lambda;

  return go_on (search, error) && consider (search, rf_content_solver_solve (solver, lambda / 10), lambda / 10, epsilon, error) && go_on (search, error) &&
         consider (search, rf_content_solver_solve (solver, lambda * 10), lambda * 10, epsilon, error);
}

/* Every epsilon, and around the best one its neighbours. */
static gboolean
search_space (Search *search, const RfContentSpace *space, const RfConfig *config, GError **error)
{
  double lambda = rf_config_get_real (config, "content.lambda"), epsilon = rf_config_get_real (config, "content.epsilon");
  gsize n = epsilon > 0 ? 1 : G_N_ELEMENTS (content_epsilons);
  const double *epsilons = epsilon > 0 ? &epsilon : content_epsilons;
  g_autoptr(RfContentSolver) best = NULL;

  for (gsize e = 0; e < n; e++)
    {
      g_autoptr(RfContentSolver) solver = NULL;

      search->fraction = (double) e / (double) n;
      if (!go_on (search, error))
        return FALSE;
      solver = rf_content_solver_new (space, epsilons[e], error);
      if (solver == NULL || !search_content (search, solver, epsilons[e], lambda, error))
        return FALSE;
      if (search->choice.epsilon == epsilons[e])
        {
          rf_content_solver_free (best);
          best = g_steal_pointer (&solver);
        }
    }
  return lambda > 0 || search_neighbours (search, best, error);
}

RfChannel *
rf_fit_content (const RfFeatures *features, const RfCsr *train, const RfCsr *valid, const RfConfig *config, RfChannelChoice *choice,
                RfProgress *progress, GError **error)
{
  g_autoptr(RfCsr) held = some_users (train, valid);
  g_autoptr(RfContentSpace) space = NULL;
  Search search = { .train = train, .held = held, .progress = progress, .stage = _("Fitting the content channels") };

  if (!go_on (&search, error))
    return NULL;
  space = rf_content_space_new (features, train, error);
  if (space == NULL || !search_space (&search, space, config, error))
    {
      g_clear_pointer (&search.best, rf_channel_unref);
      return NULL;
    }
  *choice = search.choice;
  return search.best;
}

RfChannelWork
rf_fit_content_work (const RfConfig *config)
{
  guint solvers = rf_config_get_real (config, "content.epsilon") > 0 ? 1 : G_N_ELEMENTS (content_epsilons);

  if (rf_config_get_real (config, "content.lambda") > 0)
    return (RfChannelWork) { solvers, solvers };
  return (RfChannelWork) { solvers, solvers * G_N_ELEMENTS (content_lambdas) + 2 };
}

gsize
rf_fit_content_bytes (const RfConfig *config, gsize n_items, gsize d)
{
  gsize table = n_items * d * sizeof (float), square = d * d * sizeof (double);

  /* The space (a table and a square), and while a solver is made (its eigenproblem works on three squares) the best one with its channel. Then
   * the new one's solutions, when a table or two take the place of squares. */
  return rf_fit_content_work (config).solvers > 1 ? 4 * table + 5 * square : 3 * table + 4 * square;
}

gboolean
rf_fit_ease_check (const RfCsr *train, GError **error)
{
  double need = (double) rf_ease_estimate_bytes (train->rows, train->cols);
  double have = (double) sysconf (_SC_PHYS_PAGES) * (double) sysconf (_SC_PAGESIZE);

  if (need < 0.8 * have)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_LIMIT, _("EASE on %u items would need %.1f GB of memory and this computer has %.1f GB; set ease.max_items below %u to use item-kNN instead."),
               train->cols, need / 1e9, have / 1e9, train->cols);
  return FALSE;
}

/* The regularisations to try. */
static const double *
choose_lambdas (gboolean factored, guint32 n_items, const double *fixed, gsize *n)
{
  static const double initial = EASE_DEFAULT_LAMBDA;

  *n = 1;
  if (*fixed > 0)
    return fixed;
  if (!factored && n_items > EASE_CHOICE_ITEMS)
    return &initial;
  *n = G_N_ELEMENTS (ease_lambdas_few);
  if (!factored && n_items > EASE_CHOICE_ITEMS / 2)
    return ease_lambdas_few;
  *n = G_N_ELEMENTS (ease_lambdas);
  return ease_lambdas;
}

RfChannelWork
rf_fit_ease_work (const RfCsr *train, const RfConfig *config)
{
  double fixed = rf_config_get_real (config, "ease.lambda");
  gsize n;

  choose_lambdas (rf_ease_is_factored (train->rows, train->cols), train->cols, &fixed, &n);
  return (RfChannelWork) { 1, (guint) n };
}

static gboolean
search_ease (Search *search, double fixed_lambda, RfProgress *progress, GError **error)
{
  g_autoptr(RfEaseSolver) solver = rf_ease_solver_new (search->train, error);
  const double *lambdas;
  gsize n;

  if (solver == NULL)
    return FALSE;
  lambdas = choose_lambdas (rf_ease_solver_is_factored (solver), search->train->cols, &fixed_lambda, &n);
  for (gsize l = 0; l < n; l++)
    {
      RfChannel *channel;

      if (!rf_progress_step (progress, _("Fitting the behaviour channel"), (double) l / (double) n, error))
        return FALSE;
      channel = rf_ease_solver_solve (solver, lambdas[l], error);
      if (channel == NULL || !consider (search, channel, lambdas[l], 0, error))
        return FALSE;
    }
  return TRUE;
}

RfChannel *
rf_fit_ease (const RfCsr *train, const RfCsr *valid, const RfConfig *config, RfChannelChoice *choice, RfProgress *progress, GError **error)
{
  g_autoptr(RfCsr) held = some_users (train, valid);
  Search search = { .train = train, .held = held };

  if (!rf_fit_ease_check (train, error))
    return NULL;
  if (!search_ease (&search, rf_config_get_real (config, "ease.lambda"), progress, error))
    {
      g_clear_pointer (&search.best, rf_channel_unref);
      return NULL;
    }
  *choice = search.choice;
  return search.best;
}

RfChannel *
rf_fit_behaviour (const RfCsr *train, const RfCsr *valid, const RfConfig *config, RfChannelChoice *choice, RfProgress *progress,
                  GError **error)
{
  if (train->cols <= rf_config_get_int (config, "ease.max_items") && strcmp (rf_config_get (config, "encoder.behaviour"), "knn") != 0)
    return rf_fit_ease (train, valid, config, choice, progress, error);
  *choice = (RfChannelChoice) { 0, 0, NAN };
  if (!rf_progress_step (progress, _("Fitting the behaviour channel"), -1, error))
    return NULL;
  return rf_item_knn_fit (train, (guint) rf_config_get_int (config, "knn.neighbours"), rf_config_get_real (config, "knn.shrinkage"));
}
