/* refract-cli-search.c: `refract-cli search`: what is near an item, a text or a picture, and who would get it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/cli/refract-cli-model.h"
#include "core/base/rf-error.h"
#include "core/explain/rf-audience.h"
#include "core/explain/rf-retrieval.h"
#include "core/explain/rf-words.h"

typedef struct
{
  const RfTrained *trained;
  RfRetrieval *retrieval;
  RfQuery *query;
  guint32 item; /* RF_NO_INDEX: the query is a text or a picture */
  guint k;
  JsonBuilder *b; /* NULL: print */
} Search;

static void
put_neighbours (const Search *s, const char *space, const char *heading, const RfNeighbour *near, guint n)
{
  const RfCatalog *catalog = s->trained->catalog;

  if (s->b == NULL)
    {
      cli_print ("%s\n", heading);
      for (guint j = 0; j < n; j++)
        cli_print ("  %5.3f  %-12s %s\n", (double) near[j].similarity, rf_catalog_get_item_id (catalog, near[j].item), rf_catalog_get_item_label (catalog, near[j].item));
      return;
    }
  json_builder_set_member_name (s->b, space);
  json_builder_begin_array (s->b);
  for (guint j = 0; j < n; j++)
    {
      json_builder_begin_object (s->b);
      cli_json_string (s->b, "item", rf_catalog_get_item_id (catalog, near[j].item));
      cli_json_string (s->b, "title", rf_catalog_get_item_title (catalog, near[j].item));
      cli_json_number (s->b, "similarity", (double) near[j].similarity);
      json_builder_end_object (s->b);
    }
  json_builder_end_array (s->b);
}

static void
put_spaces (const Search *s)
{
  const RfModel *model = s->trained->model;
  g_autofree RfNeighbour *near = g_new (RfNeighbour, s->k + 1);
  guint n;

  if (s->b)
    {
      json_builder_set_member_name (s->b, "spaces");
      json_builder_begin_object (s->b);
    }
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *heading = g_strdup_printf (_("Nearest by %s:"), model->names[m]);

      n = rf_retrieval_find_own (s->retrieval, s->query, m, s->item, s->k, near);
      if (n > 0)
        put_neighbours (s, model->names[m], heading, near, n);
    }
  n = rf_retrieval_find_shared (s->retrieval, s->query, RF_ALL_MODALITIES, s->item, s->k, near);
  put_neighbours (s, "shared", _("Nearest in the shared space (the same people would choose them):"), near, n);
  for (guint m = 0; m < model->n_modalities; m++)
    {
      g_autofree char *space = g_strdup_printf ("shared:%s", model->names[m]);
      g_autofree char *heading = g_strdup_printf (_("Nearest in the shared space, the items by their %s alone:"), model->names[m]);

      n = rf_retrieval_find_shared (s->retrieval, s->query, m, s->item, s->k, near);
      put_neighbours (s, space, heading, near, n);
    }
  if (s->b)
    json_builder_end_object (s->b);
}

static void
put_member (const Search *s, const RfAudienceMember *x)
{
  const RfModel *model = s->trained->model;
  const RfCatalog *catalog = s->trained->catalog;
  double contribution[RF_MAX_MODALITIES], attention[RF_MAX_MODALITIES];

  for (guint m = 0; m < model->n_modalities; m++)
    {
      contribution[m] = (double) x->contribution[m];
      attention[m] = (double) x->attention[m];
    }
  if (s->b == NULL)
    {
      cli_print ("  %5u  %-12s %+7.3f  %-10s", x->place, rf_catalog_get_user_id (catalog, x->user), (double) x->score, x->driver >= 0 ? model->names[x->driver] : "–");
      for (guint p = 0; p < x->n_past; p++)
        cli_print ("%s“%s”", p ? ", " : _(" like "), rf_catalog_get_item_label (catalog, x->past[p]));
      cli_print ("\n");
      return;
    }
  json_builder_begin_object (s->b);
  cli_json_string (s->b, "user", rf_catalog_get_user_id (catalog, x->user));
  cli_json_int (s->b, "place", x->place);
  cli_json_number (s->b, "score", (double) x->score);
  cli_json_modalities (s->b, "attention", model, attention);
  cli_json_modalities (s->b, "contribution", model, contribution);
  cli_json_number (s->b, "popularity", (double) x->bias);
  cli_json_string (s->b, "driver", x->driver >= 0 ? model->names[x->driver] : NULL);
  json_builder_set_member_name (s->b, "because_of");
  json_builder_begin_array (s->b);
  for (guint p = 0; p < x->n_past; p++)
    json_builder_add_string_value (s->b, rf_catalog_get_item_id (catalog, x->past[p]));
  json_builder_end_array (s->b);
  json_builder_end_object (s->b);
}

static void
put_audience (const Search *s, const RfAudience *audience, const char *assumed)
{
  const RfModel *model = s->trained->model;

  if (s->b)
    {
      double share[RF_MAX_MODALITIES];

      for (guint m = 0; m < model->n_modalities; m++)
        share[m] = (double) audience->share[m];
      cli_json_int (s->b, "k", audience->k);
      cli_json_int (s->b, "users", audience->users);
      cli_json_int (s->b, "in_top", audience->in_top);
      cli_json_modalities (s->b, "driven_by", model, share);
      cli_json_number (s->b, "item_popularity", (double) audience->popularity);
      cli_json_string (s->b, "assumed_popularity", assumed);
      json_builder_set_member_name (s->b, "audience");
      json_builder_begin_array (s->b);
    }
  else
    {
      cli_print (_("%u of %u users would get it among their first %u"), audience->in_top, audience->users, audience->k);
      for (guint m = 0; m < model->n_modalities && audience->in_top > 0; m++)
        cli_print ("%s%s %.0f %%", m ? ", " : _("; driven by: "), model->names[m], 100 * (double) audience->share[m]);
      cli_print (assumed ? _(" (popularity assumed: %s)\n") : "\n", assumed);
      cli_print ("  %5s  %-12s %7s  %s\n", _("place"), _("user"), _("score"), _("why"));
    }
  for (guint i = 0; i < audience->n; i++)
    put_member (s, &audience->members[i]);
  if (s->b)
    json_builder_end_array (s->b);
}

static gboolean
make_query (Search *s, const char *item, const char *text, const char *image, GError **error)
{
  g_autofree char *bytes = NULL;
  g_autoptr(GBytes) encoded = NULL;
  gsize length;

  s->query = rf_query_new ();
  s->item = RF_NO_INDEX;
  if (item)
    {
      if (!cli_find_item (s->trained, item, &s->item, error))
        return FALSE;
      rf_query_set_item (s->query, s->retrieval, s->item);
    }
  if (text && !rf_query_set_text (s->query, s->retrieval, text, error))
    return FALSE;
  if (image == NULL)
    return TRUE;
  if (!g_file_get_contents (image, &bytes, &length, error))
    return FALSE;
  encoded = g_bytes_new_take (g_steal_pointer (&bytes), length);
  return rf_query_set_picture (s->query, s->retrieval, encoded, error);
}

static gboolean
search (Search *s, gboolean users, RfNewPopularity popularity, RfProgress *progress, GError **error)
{
  static const char *const assumed[] = { "average", "none" };
  g_autoptr(RfAudience) audience = NULL;

  if (s->b)
    {
      json_builder_begin_object (s->b);
      cli_json_string (s->b, "run", s->trained->run->id);
    }
  if (!users)
    put_spaces (s);
  else
    {
      audience = s->item != RF_NO_INDEX ? rf_audience_of_item (s->trained, s->item, s->k, s->k, progress, error)
                                        : rf_audience_of_new_item (s->trained, s->retrieval, s->query, popularity, s->k, s->k, progress, error);
      if (audience == NULL)
        return FALSE;
      put_audience (s, audience, s->item != RF_NO_INDEX ? NULL : assumed[popularity]);
    }
  if (s->b)
    json_builder_end_object (s->b);
  return TRUE;
}

int
cli_run_search (int argc, char **argv)
{
  g_autofree char *run = NULL, *text = NULL, *image = NULL, *item = NULL, *popularity = NULL;
  gboolean users = FALSE;
  int k = 10;
  const GOptionEntry entries[] = {
    { "text", 't', 0, G_OPTION_ARG_FILENAME, &text, N_("Words to look for"), "TEXT" },
    { "image", 'p', 0, G_OPTION_ARG_FILENAME, &image, N_("A picture to look for: what looks like this?"), "FILE" },
    { "item", 'i', 0, G_OPTION_ARG_FILENAME, &item, N_("An item of the catalog: what is like it?"), "ID" },
    { "top", 'k', 0, G_OPTION_ARG_INT, &k, N_("How many; default 10"), "N" },
    { "users", 'u', 0, G_OPTION_ARG_NONE, &users, N_("Not items but users: who would get the item, or a new item with this picture and text, and why"), NULL },
    { "popularity", 0, 0, G_OPTION_ARG_FILENAME, &popularity, N_("Of a new item: average (default) or none, nobody has chosen it yet"), "HOW" },
    { "run", 'r', 0, G_OPTION_ARG_FILENAME, &run, N_("Which run; the newest if not given"), "RUN" },
    { NULL },
  };
  g_autoptr(RfWorkspace) workspace = NULL;
  g_autoptr(RfTrained) trained = NULL;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  Search s = { 0 };
  GError *error = NULL;
  Cli cli;
  int status = CLI_FINE;

  if (!cli_begin (&cli, "search", "FILE.refract --text TEXT | --image FILE | --item ID", N_("Finds what is near a text, a picture or an item: by each modality, and across modalities in the space that they share. With --users: who would get it."), entries, 1, 1, argc, argv, &status))
    return status;
  if ((text == NULL && image == NULL && item == NULL) || (item && (text || image)))
    return cli_end (&cli, cli_wrong_usage (&cli, _("Say what to look for: --text, --image or both, or --item.")));
  if (k < 1 || k > 1000 || (popularity && strcmp (popularity, "average") != 0 && strcmp (popularity, "none") != 0))
    return cli_end (&cli, cli_wrong_usage (&cli, _("-k takes a number from 1 to 1000; --popularity is average or none.")));
  s.k = (guint) k;
  s.b = cli.json ? builder : NULL;
  if ((workspace = rf_workspace_open (cli.arguments[0], &error)) == NULL || (trained = rf_trained_load (workspace, run, &error)) == NULL ||
      (s.retrieval = rf_retrieval_new (workspace, trained, &cli.progress, &error)) == NULL)
    return cli_end (&cli, cli_failed (&cli, error));
  s.trained = trained;
  if (!make_query (&s, item, text, image, &error) ||
      !search (&s, users, g_strcmp0 (popularity, "none") == 0 ? RF_POPULARITY_NONE : RF_POPULARITY_AVERAGE, &cli.progress, &error))
    status = cli_failed (&cli, error);
  else if (cli.json)
    status = cli_print_json (&cli, builder);
  rf_query_free (s.query);
  rf_retrieval_free (s.retrieval);
  return cli_end (&cli, status);
}
