/* refract-cli-model.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli/refract-cli-model.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/base/rf-error.h"

gboolean
cli_parse_weights (const RfModel *model, const char *text, float *weights, GError **error)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  for (guint m = 0; m < model->n_modalities; m++)
    weights[m] = 1;
  for (guint i = 0; parts[i]; i++)
    {
      char *equals = strchr (parts[i], '='), *end = NULL;
      double value = equals ? g_ascii_strtod (equals + 1, &end) : -1;
      guint m;

      if (equals)
        *equals = '\0';
      for (m = 0; m < model->n_modalities && g_strcmp0 (model->names[m], g_strstrip (parts[i])) != 0; m++)
        ;
      if (equals == NULL || end == equals + 1 || *end != '\0' || !(value >= 0 && value <= 2) || m == model->n_modalities)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("--weights takes MODALITY=NUMBER from 0 to 2 with commas between; “%s” does not fit."), text);
          return FALSE;
        }
      weights[m] = (float) value;
    }
  return TRUE;
}

gboolean
cli_parse_part (const char *text, RfPart *part, GError **error)
{
  *part = g_strcmp0 (text, "test") == 0 ? RF_PART_TEST : RF_PART_VALID;
  if (text == NULL || strcmp (text, "test") == 0 || strcmp (text, "valid") == 0)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("--split is valid or test, not “%s”."), text);
  return FALSE;
}

gboolean
cli_parse_removal (const char *text, RfRemoval *removal, GError **error)
{
  *removal = RF_REMOVAL_RENORMALISE;
  if (text == NULL || rf_removal_from_name (text, removal))
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("--removal is renormalise or mean, not “%s”."), text);
  return FALSE;
}

gboolean
cli_find_user (const RfTrained *trained, const char *id, guint32 *user, GError **error)
{
  *user = rf_catalog_find_user (trained->catalog, id);
  if (*user != RF_NO_INDEX)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no user “%s” in this catalog."), id);
  return FALSE;
}

gboolean
cli_find_item (const RfTrained *trained, const char *id, guint32 *item, GError **error)
{
  *item = rf_catalog_find_item (trained->catalog, id);
  if (*item != RF_NO_INDEX)
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no item “%s” in this catalog."), id);
  return FALSE;
}

void
cli_json_modalities (JsonBuilder *builder, const char *member, const RfModel *model, const double *values)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_object (builder);
  for (guint m = 0; m < model->n_modalities; m++)
    cli_json_number (builder, model->names[m], values[m]);
  json_builder_end_object (builder);
}
