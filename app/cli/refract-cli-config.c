/* refract-cli-config.c: `refract-cli config`: the settings, from the one table that checks them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "app/cli/refract-cli.h"
#include "core/model/rf-config.h"

static const char *const type_names[] = { "integer", "number", "boolean", "choice", "list", "text" };

static void
add_key (JsonBuilder *b, const RfConfigKey *key)
{
  json_builder_begin_object (b);
  cli_json_string (b, "key", key->key);
  cli_json_string (b, "type", type_names[key->type]);
  cli_json_string (b, "default", key->initial);
  if (key->type == RF_CONFIG_INT || key->type == RF_CONFIG_REAL)
    {
      cli_json_number (b, "minimum", key->minimum);
      cli_json_number (b, "maximum", key->maximum);
    }
  cli_json_string (b, "choices", key->choices);
  cli_json_string (b, "unit", key->unit);
  cli_json_string (b, "help", _(key->help));
  json_builder_end_object (b);
}

static void
print_key (const RfConfigKey *key, gboolean explain)
{
  cli_print ("%s=%s\n", key->key, key->initial);
  if (!explain)
    return;
  if (key->type == RF_CONFIG_INT || key->type == RF_CONFIG_REAL)
    cli_print ("    %s, %g – %g %s\n", type_names[key->type], key->minimum, key->maximum, *key->unit ? _(key->unit) : "");
  else
    cli_print ("    %s%s%s\n", type_names[key->type], key->choices ? ": " : "", key->choices ? key->choices : "");
  cli_print ("    %s.\n", _(key->help));
}

int
cli_run_config (int argc, char **argv)
{
  gboolean explain = FALSE;
  const GOptionEntry entries[] = {
    { "explain", 'e', 0, G_OPTION_ARG_NONE, &explain, N_("Also type, range, unit and meaning"), NULL },
    { NULL },
  };
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  Cli cli;
  int status;

  if (!cli_begin (&cli, "config", "", N_("Lists every setting of a training with its default."), entries, 0, 0, argc, argv, &status))
    return status;
  json_builder_begin_array (builder);
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (cli.json)
      add_key (builder, key);
    else
      print_key (key, explain);
  json_builder_end_array (builder);
  status = cli.json ? cli_print_json (&cli, builder) : CLI_FINE;
  return cli_end (&cli, status);
}
