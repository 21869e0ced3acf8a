/* refract-cli.h: what the subcommands of refract-cli share. Private to app/cli.
 *
 * The contract with scripts: results on standard output (with --json exactly one JSON document), everything else on standard
 * error; exit code 0 fine, 1 failed, 2 wrong usage; Ctrl+C stops cleanly with exit code 1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "core/base/rf-progress.h"

G_BEGIN_DECLS

/* The table of subcommands, in the order of --help: X (name, summary). The function is cli_run_<name> and lives in
 * refract-cli-<name>.c. */
#define CLI_COMMANDS(X) \
  X (sample, N_ ("Write a sample catalog whose truth is known")) \
  X (import, N_ ("Read a catalog into a document")) \
  X (info, N_ ("Say what a document holds")) \
  X (preview, N_ ("Show a picture as training sees and changes it")) \
  X (train, N_ ("Train a model")) \
  X (ladder, N_ ("Train every fusion beside the others")) \
  X (tune, N_ ("Search for better settings")) \
  X (evaluate, N_ ("Judge a run on held-out interactions")) \
  X (explain, N_ ("Take one recommendation apart")) \
  X (faithfulness, N_ ("Measure whether attention tells the truth")) \
  X (knockout, N_ ("Tell what each modality is worth, and to whom")) \
  X (whatif, N_ ("Rank again with other weights or another history")) \
  X (search, N_ ("Find what is near an item, a text or a picture, and who would get it")) \
  X (compare, N_ ("Hold runs against each other, user by user")) \
  X (diff, N_ ("Say in which settings two runs differ")) \
  X (compat, N_ ("Score a run as five other tools would")) \
  X (lint, N_ ("Say what to know before believing a run's numbers")) \
  X (ab, N_ ("Plan, assign, analyse or simulate an online A/B test")) \
  X (rank, N_ ("Print a user's ranking with its reasons")) \
  X (report, N_ ("Write users' rankings with their reasons to a file")) \
  X (config, N_ ("List the settings of a training"))

#define CLI_DECLARE(name, summary) int cli_run_##name (int argc, char **argv);
CLI_COMMANDS (CLI_DECLARE)
#undef CLI_DECLARE

enum
{
  CLI_FINE = 0,
  CLI_FAILED = 1,
  CLI_USAGE = 2,
};

/* One call of a subcommand: the common options, its arguments, and the progress to hand to the core. */
typedef struct
{
  const char *command; /* "import" */
  gboolean json;
  int threads;         /* 0: all processors; already set in rf-parallel by cli_begin() */
  char **arguments;    /* what is no option, NULL-terminated */
  guint n_arguments;
  RfProgress progress; /* cancelled by Ctrl+C */
} Cli;

/* Parses the command line. entries: the options of this subcommand, ended by an empty entry, or NULL; use
 * G_OPTION_ARG_FILENAME for every text, because it keeps UTF-8 in any locale. synopsis: "SOURCE -o FILE.refract". FALSE: return
 * *status at once (the message is out). Call it once per process. */
gboolean cli_begin (Cli *cli, const char *command, const char *synopsis, const char *description, const GOptionEntry *entries,
                    guint min_arguments, guint max_arguments, int argc, char **argv, int *status);

/* Takes the progress line off the terminal and frees; returns status. */
int cli_end (Cli *cli, int status);

/* Print "refract-cli import: ..." to standard error. cli_failed() frees error; settings that do not exist (RF_ERROR_CONFIG)
 * count as wrong usage. Both return the exit code. */
int cli_failed (Cli *cli, GError *error);
int cli_wrong_usage (Cli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* To standard error / standard output, UTF-8 in any locale. */
void cli_note (Cli *cli, const char *format, ...) G_GNUC_PRINTF (2, 3);
void cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Prints the builder's document and a newline to standard output. Returns the exit code. */
int cli_print_json (Cli *cli, JsonBuilder *builder);

/* A member; numbers that JSON cannot hold (NaN, infinity) become null. */
void cli_json_number (JsonBuilder *builder, const char *member, double value);
void cli_json_int (JsonBuilder *builder, const char *member, gint64 value);
void cli_json_string (JsonBuilder *builder, const char *member, const char *value); /* value NULL: null */
void cli_json_bool (JsonBuilder *builder, const char *member, gboolean value);

/* Member "beaten_by" of a run (rf-beaten.h); and, without --json, the sentence behind the run's name on standard output, if there is one. */
void cli_json_beaten_by (JsonBuilder *builder, const char *result_json);
void cli_print_beaten_by (const char *run_id, const char *result_json);

/* Did all of standard output reach its end (a full disk, a closed pipe)? Called by main(). */
gboolean cli_flush (void);

G_END_DECLS
