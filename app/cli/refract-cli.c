/* refract-cli.c: main() of the command line: picks the subcommand.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli/refract-cli.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rf-linalg.h"

typedef struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} Command;

#define CLI_ENTRY(name, summary) { #name, summary, cli_run_##name },
static const Command commands[] = { CLI_COMMANDS (CLI_ENTRY) { NULL } };
#undef CLI_ENTRY

static void
print_help (FILE *to)
{
  fprintf (to, "%s\n  refract-cli %s\n\n%s\n", _("Usage:"), _("COMMAND [OPTION…] …"), _("Commands:"));
  for (gsize i = 0; commands[i].name != NULL; i++)
    fprintf (to, "  %-12s %s\n", commands[i].name, _(commands[i].summary));
  fprintf (to, "\n%s\n", _("“refract-cli COMMAND --help” explains a command. Exit codes: 0 fine, 1 failed, 2 wrong usage."));
}

static int
run_command (int argc, char **argv)
{
  for (gsize i = 0; commands[i].name != NULL; i++)
    if (strcmp (commands[i].name, argv[1]) == 0)
      return commands[i].run (argc - 1, argv + 1);
  fprintf (stderr, _("refract-cli: there is no command “%s”.\n"), argv[1]);
  print_help (stderr);
  return CLI_USAGE;
}

int
main (int argc, char **argv)
{
  int status = CLI_FINE;

  rf_linalg_choose_kernel (argv);
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* the numbers are read by scripts */
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error with a sentence, not the end of the process */
  rf_linalg_init ();
  if (argc < 2)
    {
      print_help (stderr);
      return CLI_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    print_help (stdout);
  else if (strcmp (argv[1], "--version") == 0)
    printf ("refract-cli %s\nOpenBLAS kernel: %s\n", PACKAGE_VERSION, rf_linalg_get_kernel ());
  else
    status = run_command (argc, argv);
  return cli_flush () ? status : CLI_FAILED;
}
