/* rf-report-json.c: the report as one JSON document.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/report/rf-report-private.h"

static void
add_string (JsonBuilder *builder, const char *member, const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *member, double value)
{
  json_builder_set_member_name (builder, member);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder, const char *member, gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

static void
add_bool (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

static void
add_modalities (JsonBuilder *builder, const char *member, const RfModel *model, const float *values)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_object (builder);
  for (guint m = 0; m < model->n_modalities; m++)
    add_number (builder, model->names[m], (double) values[m]);
  json_builder_end_object (builder);
}

static void
add_config (JsonBuilder *builder, const char *config)
{
  g_auto(GStrv) lines = g_strsplit (config != NULL ? config : "", "\n", -1);

  json_builder_set_member_name (builder, "config");
  json_builder_begin_object (builder);
  for (char **line = lines; *line != NULL; line++)
    {
      char *equals = strchr (*line, '=');

      if (equals == NULL)
        continue;
      *equals = '\0';
      add_string (builder, *line, equals + 1);
    }
  json_builder_end_object (builder);
}

static void
add_note (ReportWriter *self, JsonBuilder *builder, const char *kind, const char *id)
{
  const char *note = report_note (self->report, kind, id);

  if (note)
    add_string (builder, "note", note);
}

static void
add_facts (ReportWriter *self, JsonBuilder *builder)
{
  const RfRun *run = self->report->trained->run;
  JsonNode *result = json_node_new (JSON_NODE_OBJECT);

  json_builder_set_member_name (builder, "run");
  json_builder_begin_object (builder);
  add_string (builder, "id", run->id);
  add_note (self, builder, "run", run->id);
  add_int (builder, "created", run->created);
  add_string (builder, "data_hash", run->data_hash);
  add_string (builder, "split_hash", run->split_hash);
  add_config (builder, run->config);
  json_builder_set_member_name (builder, "result");
  json_node_set_object (result, self->result);
  json_builder_add_value (builder, result);
  json_builder_end_object (builder);

  json_builder_set_member_name (builder, "catalog");
  json_builder_begin_object (builder);
  add_string (builder, "name", rf_catalog_get_name (self->catalog));
  add_int (builder, "users", rf_catalog_get_n_users (self->catalog));
  add_int (builder, "items", rf_catalog_get_n_items (self->catalog));
  add_int (builder, "interactions", (gint64) rf_catalog_get_n_interactions (self->catalog));
  json_builder_end_object (builder);
}

static void
add_place (ReportWriter *self, JsonBuilder *builder, const RfRanked *ranked, guint rank)
{
  json_builder_begin_object (builder);
  add_int (builder, "rank", rank);
  add_string (builder, "item", rf_catalog_get_item_id (self->catalog, ranked->item));
  add_string (builder, "title", rf_catalog_get_item_title (self->catalog, ranked->item));
  add_number (builder, "score", (double) ranked->score);
  add_modalities (builder, "attention", self->model, ranked->attention);
  add_modalities (builder, "contribution", self->model, ranked->contribution);
  add_number (builder, "popularity", (double) ranked->popularity);
  add_string (builder, "driver", ranked->driver >= 0 ? self->model->names[ranked->driver] : NULL);
  add_bool (builder, "in_history", ranked->in_history);
  add_bool (builder, "held_out_hit", ranked->held_out_hit);
  add_note (self, builder, "item", rf_catalog_get_item_id (self->catalog, ranked->item));
  json_builder_end_object (builder);
}

static void
add_user (ReportWriter *self, JsonBuilder *builder, const ReportUser *user)
{
  json_builder_begin_object (builder);
  add_string (builder, "user", user->id);
  add_note (self, builder, "user", user->id);
  json_builder_set_member_name (builder, "history");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < user->n_history; i++)
    json_builder_add_string_value (builder, rf_catalog_get_item_id (self->catalog, user->history[i]));
  json_builder_end_array (builder);
  add_int (builder, "held_out", (gint64) user->n_held_out);
  add_int (builder, "held_out_hits", user->n_hits);
  add_modalities (builder, "evidence", self->model, user->ranking->evidence);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint place = 0; place < user->ranking->n; place++)
    add_place (self, builder, &user->ranking->items[place], place + 1);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
report_write_json (ReportWriter *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  gsize length;

  json_builder_begin_object (builder);
  add_facts (self, builder);
  json_builder_set_member_name (builder, "users");
  json_builder_begin_array (builder);
  for (guint u = 0; u < self->report->n_users && report_step (self, u); u++)
    {
      g_autoptr(ReportUser) user = report_rank (self->report, u);

      add_user (self, builder, user);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, &length);
  report_put_bytes (self, text, length);
  report_put (self, "\n");
}
