/* refract-cli-whatif.c: `refract-cli whatif`: other weights, another history, and what would bring an item in or out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli-model.h"
#include "core/base/rf-error.h"
#include "core/eval/rf-protocol.h"
#include "core/explain/rf-counterfactual.h"
#include "core/explain/rf-what-if.h"

#define MAX_REMOVED 12

typedef struct
{
  const RfTrained *trained;
  const float *weights; /* NULL: as trained */
  guint32 user, item;   /* RF_NO_INDEX: none asked for */
  const guint32 *history;
  gsize n_history;
  guint32 *edited;      /* NULL: the same */
  gsize n_edited;
  guint k;
} WhatIf;

static void
add_weights (JsonBuilder *b, const WhatIf *w)
{
  double weights[RF_MAX_MODALITIES];

  for (guint m = 0; m < w->trained->model->n_modalities; m++)
    weights[m] = w->weights ? (double) w->weights[m] : 1;
  cli_json_modalities (b, "weights", w->trained->model, weights);
}

/* --- one user's list --- */

static void
put_moves (const WhatIf *w, JsonBuilder *b)
{
  const RfCatalog *catalog = w->trained->catalog;
  g_autofree RfMove *moves = g_new (RfMove, w->k + 1);
  guint n = rf_what_if_moves (w->trained->model, w->history, w->n_history, w->user, w->edited, w->n_edited, w->weights, w->k, moves);

  if (b == NULL)
    {
      cli_print ("%5s %7s %8s  %s\n", _("place"), _("before"), _("score"), _("item"));
      for (guint j = 0; j < n; j++)
        cli_print ("%5u %7u %8.3f  %s\n", moves[j].after, moves[j].before, (double) moves[j].score, rf_catalog_get_item_label (catalog, moves[j].item));
      return;
    }
  json_builder_set_member_name (b, "items");
  json_builder_begin_array (b);
  for (guint j = 0; j < n; j++)
    {
      json_builder_begin_object (b);
      cli_json_int (b, "rank", moves[j].after);
      cli_json_int (b, "before", moves[j].before);
      cli_json_string (b, "item", rf_catalog_get_item_id (catalog, moves[j].item));
      cli_json_string (b, "title", rf_catalog_get_item_title (catalog, moves[j].item));
      cli_json_number (b, "score", (double) moves[j].score);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

/* --- one item: what would bring it in, or drop it --- */

static void
put_weight_change (const WhatIf *w, const RfWeightChange *c, JsonBuilder *b)
{
  const RfModel *model = w->trained->model;

  if (b == NULL)
    {
      if (c->found)
        cli_print (_("Smallest change of one weight: %s to %.2f, then it stands at %u.\n"), model->names[c->modality], (double) c->weight, c->place);
      else
        cli_print (_("No single weight from 0 to 2 does it.\n"));
      return;
    }
  json_builder_set_member_name (b, "smallest_weight_change");
  if (!c->found)
    {
      json_builder_add_null_value (b);
      return;
    }
  json_builder_begin_object (b);
  cli_json_string (b, "modality", model->names[c->modality]);
  cli_json_number (b, "weight", (double) c->weight);
  cli_json_int (b, "place", c->place);
  json_builder_end_object (b);
}

static void
put_history_change (const WhatIf *w, const RfHistoryChange *c, JsonBuilder *b)
{
  const RfCatalog *catalog = w->trained->catalog;

  if (b == NULL && !c->found)
    cli_print (_("No set of up to %d past items does it.\n"), MAX_REMOVED);
  if (b == NULL)
    {
      for (guint r = 0; r < c->n; r++)
        cli_print ("%s“%s”%s", r ? ", " : _("Without these past items: "), rf_catalog_get_item_label (catalog, c->items[r]), r + 1 < c->n ? "" : "");
      if (c->found)
        cli_print (c->minimal ? _(" it stands at %u (no smaller set does it).\n") : _(" it stands at %u.\n"), c->place);
      return;
    }
  json_builder_set_member_name (b, "smallest_history_change");
  if (!c->found)
    {
      json_builder_add_null_value (b);
      return;
    }
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "remove");
  json_builder_begin_array (b);
  for (guint r = 0; r < c->n; r++)
    json_builder_add_string_value (b, rf_catalog_get_item_id (catalog, c->items[r]));
  json_builder_end_array (b);
  cli_json_int (b, "place", c->place);
  cli_json_bool (b, "minimal", c->minimal);
  json_builder_end_object (b);
}

static void
put_item (const WhatIf *w, JsonBuilder *b)
{
  const RfModel *model = w->trained->model;
  guint place = rf_place_of_item (model, w->history, w->n_history, w->user, NULL, w->item);
  guint after = rf_place_of_item (model, w->edited ? w->edited : w->history, w->edited ? w->n_edited : w->n_history, w->edited ? RF_NO_USER : w->user, w->weights, w->item);
  RfWeightChange weight;
  RfHistoryChange history = { 0 };

  rf_smallest_weight_change (model, w->history, w->n_history, w->user, w->item, w->k, place > w->k, &weight);
  if (place <= w->k)
    rf_smallest_history_change (model, w->history, w->n_history, w->item, w->k, MAX_REMOVED, &history);
  if (b)
    {
      cli_json_string (b, "item", rf_catalog_get_item_id (w->trained->catalog, w->item));
      cli_json_int (b, "place", place);
      cli_json_int (b, "place_after", after);
      cli_json_string (b, "asked", place > w->k ? "enter" : "leave");
    }
  else
    {
      cli_print (_("%s stands at %u, and would at %u.\n"), rf_catalog_get_item_label (w->trained->catalog, w->item), place, after);
      cli_print (place > w->k ? _("What would bring it into the first %u?\n") : _("What would drop it out of the first %u?\n"), w->k);
    }
  put_weight_change (w, &weight, b);
  if (place <= w->k)
    put_history_change (w, &history, b);
  rf_history_change_clear (&history);
}

/* --- all users --- */

static void
put_all (const WhatIf *w, const RfWhatIf *x, const RfWhatIfOptions *o, JsonBuilder *b)
{
  const RfComparison *c = &x->metric;

  if (b == NULL)
    {
      cli_print (_("%s@%u, %s part, %u users: %.4f as trained, %.4f with these weights\n"), o->metric, o->k, o->part == RF_PART_TEST ? "test" : "valid", x->users, c->mean_a, c->mean_b);
      cli_print (_("  change %+.4f, %.0f %% interval %+.4f to %+.4f\n"), c->difference, 100 * (1 - o->alpha), c->low, c->high);
      cli_print (_("  lists change for %u users; overlap %.3f; coverage %.3f, before %.3f\n"), x->changed, x->overlap, x->coverage_after, x->coverage_before);
      return;
    }
  cli_json_string (b, "metric", o->metric);
  cli_json_int (b, "k", o->k);
  cli_json_string (b, "split", o->part == RF_PART_TEST ? "test" : "valid");
  cli_json_int (b, "users", x->users);
  cli_json_number (b, "before", c->mean_a);
  cli_json_number (b, "after", c->mean_b);
  cli_json_number (b, "difference", c->difference);
  cli_json_number (b, "low", c->low);
  cli_json_number (b, "high", c->high);
  cli_json_number (b, "wilcoxon_p", c->w_p);
  cli_json_int (b, "changed", x->changed);
  cli_json_number (b, "overlap", x->overlap);
  cli_json_number (b, "coverage_before", x->coverage_before);
  cli_json_number (b, "coverage_after", x->coverage_after);
}

static guint32 *
find_items (const RfTrained *trained, char **ids, gsize *n, GError **error)
{
  guint32 *items = g_new (guint32, (ids ? g_strv_length (ids) : 0) + 1);

  for (*n = 0; ids && ids[*n]; (*n)++)
    if (!cli_find_item (trained, ids[*n], &items[*n], error))
      {
        g_free (items);
        return NULL;
      }
  return items;
}

static gboolean
edit_history (WhatIf *w, char **add, char **removed, GError **error)
{
  gsize n_add, n_removed;
  g_autofree guint32 *added = find_items (w->trained, add, &n_add, error);
  g_autofree guint32 *gone = added ? find_items (w->trained, removed, &n_removed, error) : NULL;

  if (gone == NULL)
    return FALSE;
  if (n_add + n_removed > 0)
    w->edited = rf_history_edit (w->history, w->n_history, added, n_add, gone, n_removed, &w->n_edited);
  return TRUE;
}

static gboolean
find_user (WhatIf *w, const char *user_id, const char *item_id, char **add, char **removed, GError **error)
{
  const RfCsr *history = w->trained->split->history;

  w->user = w->item = RF_NO_INDEX;
  if (user_id == NULL)
    return TRUE;
  if (!cli_find_user (w->trained, user_id, &w->user, error) || (item_id && !cli_find_item (w->trained, item_id, &w->item, error)))
    return FALSE;
  w->history = rf_csr_row (history, w->user);
  w->n_history = rf_csr_row_length (history, w->user);
  return edit_history (w, add, removed, error);
}

static gboolean
answer (WhatIf *w, RfWorkspace *workspace, const RfWhatIfOptions *o, JsonBuilder *b, RfProgress *progress, GError **error)
{
  RfWhatIf all;

  if (b)
    {
      json_builder_begin_object (b);
      cli_json_string (b, "run", w->trained->run->id);
      add_weights (b, w);
    }
  if (w->user == RF_NO_INDEX)
    {
      if ((o->part == RF_PART_TEST && !rf_protocol_record_look (workspace, w->trained->run->id, "whatif", error)) ||
          !rf_what_if_all (w->trained, w->weights, o, &all, progress, error))
        return FALSE;
      put_all (w, &all, o, b);
    }
  else
    {
      if (b)
        {
          cli_json_string (b, "user", rf_catalog_get_user_id (w->trained->catalog, w->user));
          cli_json_int (b, "history", (gint64) (w->edited ? w->n_edited : w->n_history));
        }
      if (w->item != RF_NO_INDEX)
        put_item (w, b);
      put_moves (w, b);
    }
  if (b)
    json_builder_end_object (b);
  return TRUE;
}

int
cli_run_whatif (int argc, char **argv)
{
  g_autofree char *run = NULL, *user = NULL, *item = NULL, *text = NULL, *metric = NULL, *split = NULL;
  g_auto(GStrv) add = NULL, removed = NULL;
  int k = 20;
  const GOptionEntry entries[] = {
    { "weights", 'w', 0, G_OPTION_ARG_FILENAME, &text, N_("Weight of modalities from 0 (muted) to 2; default 1"), "M=X,…" },
    { "user", 'u', 0, G_OPTION_ARG_FILENAME, &user, N_("Whose list; without it: all users, and how the metric changes"), "ID" },
    { "add", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &add, N_("The user had chosen this item, too; may be given several times"), "ID" },
    { "remove", 'x', 0, G_OPTION_ARG_FILENAME_ARRAY, &removed, N_("The user had not chosen this item; may be given several times"), "ID" },
    { "item", 'i', 0, G_OPTION_ARG_FILENAME, &item, N_("What would bring this item into the first places, or drop it?"), "ID" },
    { "top", 'k', 0, G_OPTION_ARG_INT, &k, N_("How many places; default 20"), "N" },
    { "metric", 'm', 0, G_OPTION_ARG_FILENAME, &metric, N_("recall, ndcg (default), precision, map, hit_rate or mrr"), "METRIC" },
    { "split", 0, 0, G_OPTION_ARG_FILENAME, &split, N_("Which held-out part: valid (default) or test"), "PART" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  RfWhatIfOptions o = { .alpha = .05, .resamples = 1000 };
  float weights[RF_MAX_MODALITIES];
  WhatIf w = { 0 };
  GError *error = NULL;
  Cli cli;
  int status;

  if (!cli_begin (&cli, "whatif", "FILE.refract --weights M=X,… [--user ID]", N_("Ranks again with other weights or another history, without training, and tells what changes."), entries, 1, 1, argc, argv, &status))
    return status;
  if (k < 1 || k > 1000)
    return cli_end (&cli, cli_wrong_usage (&cli, _("-k takes a number from 1 to 1000.")));
  if (user == NULL && (text == NULL || item || add || removed))
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say what should be different: --weights; --add, --remove and --item are about one --user.")));
  o.metric = metric ? metric : "ndcg";
  o.k = w.k = (guint) k;
  w.weights = text ? weights : NULL;
  if (!cli_parse_part (split, &o.part, &error) || (workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL ||
      (trained = rf_trained_load (workspace, run, &error)) == NULL || (text && !cli_parse_weights (trained->model, text, weights, &error)))
    return cli_end (&cli, cli_failed (&cli, error));
  w.trained = trained;
  if (!find_user (&w, user, item, add, removed, &error) || !answer (&w, workspace, &o, cli.json ? builder : NULL, &cli.progress, &error))
    status = cli_failed (&cli, error);
  else
    status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  g_free (w.edited);
  return cli_end (&cli, status);
}
