/* refract-cli-protocol.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli/refract-cli-protocol.h"

#include <string.h>

GPtrArray *
cli_protocol_findings (RfWorkspace *workspace, const RfTrained *trained, guint sampled, GError **error)
{
  RfProtocolFacts facts = { .sampled_negatives = sampled };
  RfSplitOptions options = rf_split_options_from_config (trained->config);

  if (!rf_protocol_count_looks (workspace, trained->run->id, &facts.test_looks, NULL, error))
    return NULL;
  for (guint m = 0; m < trained->model->n_modalities; m++)
    facts.features_see_test += strcmp (trained->model->names[m], "behaviour") != 0;
  return rf_protocol_check (rf_catalog_get_interactions (trained->catalog), trained->split, &options, &facts);
}

static void
add_finding (JsonBuilder *b, const RfFinding *finding)
{
  json_builder_begin_object (b);
  cli_json_string (b, "level", rf_finding_level_name (finding->level));
  cli_json_string (b, "id", finding->id);
  cli_json_int (b, "count", (gint64) finding->count);
  cli_json_string (b, "sentence", finding->sentence);
  json_builder_end_object (b);
}

void
cli_protocol_to_json (GPtrArray *findings, JsonBuilder *builder)
{
  json_builder_begin_array (builder);
  for (guint f = 0; f < findings->len; f++)
    add_finding (builder, findings->pdata[f]);
  json_builder_end_array (builder);
}

gboolean
cli_protocol_check (Cli *cli, RfWorkspace *workspace, const RfTrained *trained, guint sampled, const char *prefix, JsonBuilder *builder,
                    GError **error)
{
  g_autoptr(GPtrArray) findings = cli_protocol_findings (workspace, trained, sampled, error);

  if (findings == NULL)
    return FALSE;
  json_builder_set_member_name (builder, "protocol");
  json_builder_begin_array (builder);
  for (guint f = 0; f < findings->len; f++)
    {
      const RfFinding *finding = findings->pdata[f];

      if (finding->level != RF_FINDING_NOTE)
        cli_note (cli, "%s%s%s: %s", prefix ? prefix : "", prefix ? ", " : "", rf_finding_level_name (finding->level), finding->sentence);
      if (strcmp (finding->id, "test-looks") != 0)
        add_finding (builder, finding);
    }
  json_builder_end_array (builder);
  return TRUE;
}
