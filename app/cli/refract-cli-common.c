/* refract-cli-common.c: options, progress on a terminal, Ctrl+C, JSON: the same for every subcommand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli/refract-cli.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/eval/rf-beaten.h"

#define PROGRESS_INTERVAL (G_USEC_PER_SEC / 10)

static _Atomic (RfProgress *) running;
static GMutex line_mutex;
static gint64 line_time;
static gboolean line_shown;

static void
stop_running (int signal_number)
{
  RfProgress *progress = atomic_load (&running);

  if (progress != NULL)
    rf_progress_cancel (progress);
}

/* The first signal asks the work to stop; SA_RESETHAND lets the second one end the process at once. */
static void
watch_signals (RfProgress *progress)
{
  struct sigaction action = { .sa_handler = stop_running, .sa_flags = (int) (SA_RESETHAND | SA_RESTART) };

  atomic_store (&running, progress);
  sigemptyset (&action.sa_mask);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

static void
clear_line (void)
{
  g_mutex_lock (&line_mutex);
  if (line_shown)
    fputs ("\r\033[K", stderr);
  line_shown = FALSE;
  g_mutex_unlock (&line_mutex);
}

/* Only ever installed when standard error is a terminal. */
static void
show_progress (const char *stage, double fraction, void *data)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&line_mutex);
  if (now - line_time >= PROGRESS_INTERVAL)
    {
      line_time = now;
      line_shown = TRUE;
      if (fraction >= 0)
        fprintf (stderr, "\r\033[K%s %.0f %%", stage, CLAMP (fraction, 0, 1) * 100);
      else
        fprintf (stderr, "\r\033[K%s …", stage);
      fflush (stderr);
    }
  g_mutex_unlock (&line_mutex);
}

static void
print_message (Cli *cli, const char *message)
{
  clear_line ();
  fprintf (stderr, "refract-cli %s: %s\n", cli->command, message);
}

void
cli_note (Cli *cli, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  print_message (cli, message);
}

int
cli_wrong_usage (Cli *cli, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  print_message (cli, message);
  fprintf (stderr, _("Try “refract-cli %s --help”.\n"), cli->command);
  return CLI_USAGE;
}

int
cli_failed (Cli *cli, GError *error)
{
  int status = g_error_matches (error, RF_ERROR, RF_ERROR_CONFIG) ? CLI_USAGE : CLI_FAILED;

  print_message (cli, error->message);
  g_error_free (error);
  return status;
}

void
cli_print (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  vprintf (format, args);
  va_end (args);
}

/* GOption leaves a "--" in the arguments when one after it starts with a dash. */
static void
take_arguments (Cli *cli, int argc, char **argv)
{
  gboolean dashes_seen = FALSE;

  cli->arguments = g_new0 (char *, (gsize) argc + 1);
  for (int i = 1; i < argc; i++)
    if (!dashes_seen && strcmp (argv[i], "--") == 0)
      dashes_seen = TRUE;
    else
      cli->arguments[cli->n_arguments++] = g_strdup (argv[i]);
}

gboolean
cli_begin (Cli *cli, const char *command, const char *synopsis, const char *description, const GOptionEntry *entries,
           guint min_arguments, guint max_arguments, int argc, char **argv, int *status)
{
  g_autoptr(GOptionContext) context = g_option_context_new (synopsis);
  g_autoptr(GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("refract-cli %s", command);
  gboolean json = FALSE;
  int threads = 0;
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_ ("Print one JSON document on standard output"), NULL },
    { "threads", 0, 0, G_OPTION_ARG_INT, &threads, N_ ("Use N threads (default: one per processor)"), "N" },
    { NULL },
  };

  memset (cli, 0, sizeof *cli);
  cli->command = command;
  g_set_prgname (name);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_description (context, description);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      *status = cli_wrong_usage (cli, "%s", error->message);
      return FALSE;
    }
  if (threads < 0)
    {
      *status = cli_wrong_usage (cli, _("--threads must not be negative."));
      return FALSE;
    }
  take_arguments (cli, argc, argv);
  if (cli->n_arguments < min_arguments || cli->n_arguments > max_arguments)
    {
      *status = cli_wrong_usage (cli, cli->n_arguments < min_arguments ? _("something is missing: %s") : _("too many arguments: %s"), synopsis);
      g_clear_pointer (&cli->arguments, g_strfreev);
      return FALSE;
    }
  cli->json = json;
  cli->threads = threads;
  rf_parallel_set_threads (threads);
  rf_progress_init (&cli->progress, isatty (STDERR_FILENO) ? show_progress : NULL, NULL);
  watch_signals (&cli->progress);
  return TRUE;
}

int
cli_end (Cli *cli, int status)
{
  atomic_store (&running, NULL);
  clear_line ();
  g_clear_pointer (&cli->arguments, g_strfreev);
  return status;
}

int
cli_print_json (Cli *cli, JsonBuilder *builder)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = NULL;

  clear_line ();
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  fputs (text, stdout);
  fputc ('\n', stdout);
  return CLI_FINE;
}

void
cli_json_number (JsonBuilder *builder, const char *member, double value)
{
  json_builder_set_member_name (builder, member);
  if (isfinite (value))
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cli_json_int (JsonBuilder *builder, const char *member, gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

void
cli_json_string (JsonBuilder *builder, const char *member, const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
cli_json_bool (JsonBuilder *builder, const char *member, gboolean value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_boolean_value (builder, value);
}

void
cli_json_beaten_by (JsonBuilder *builder, const char *result_json)
{
  g_autoptr(GPtrArray) beaten = rf_beaten_of_text (result_json);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, rf_beaten_to_json (beaten));
  json_builder_set_member_name (builder, "beaten_by");
  json_builder_add_value (builder, node);
}

void
cli_print_beaten_by (const char *run_id, const char *result_json)
{
  g_autoptr(GPtrArray) beaten = rf_beaten_of_text (result_json);
  g_autofree char *names = rf_beaten_names (beaten, ", ");

  if (beaten->len > 0)
    cli_print (_("  %s loses to %s on validation: use that, or find out why.\n"), run_id, names);
}

gboolean
cli_flush (void)
{
  int saved;

  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  saved = errno;
  fprintf (stderr, _("refract-cli: the result could not be written to standard output: %s.\n"), g_strerror (saved));
  return FALSE;
}
