/* refract-cli-protocol.h: the checks before every evaluation. Private to app/cli.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli/refract-cli.h"
#include "core/eval/rf-protocol.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

/* What there is to know about the numbers of a run (rf_protocol_check()); sampled: how many items each held-out one was ranked among, 0: all.
 * NULL: the document cannot be read. */
GPtrArray *cli_protocol_findings (RfWorkspace *workspace, const RfTrained *trained, guint sampled, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An array of all of them. */
void cli_protocol_to_json (GPtrArray *findings, JsonBuilder *builder);

/* Before an evaluation: warnings and errors to standard error; into the member "protocol" of an open object all of them, but how often the test
 * part was looked at: the same call must print the same bytes again. prefix: the run's name where there are several, or NULL. */
gboolean cli_protocol_check (Cli *cli, RfWorkspace *workspace, const RfTrained *trained, guint sampled, const char *prefix, JsonBuilder *builder,
                             GError **error);

G_END_DECLS
