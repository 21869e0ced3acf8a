/* rf-ab-simulate.h: before going online: what two sets of lists would do with simulated readers.
 *
 * The reader (position-based model; Craswell, Zoeter, Taylor, Ramsey 2008): looks at place j (from 1) with probability j^-eta and, having looked,
 * clicks with `attract` if the item is among the held-out ones of the user, else with `noise`. This is a simulation: it says what
 * would happen if held-out items were what users click, nothing more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-rng.h"

G_BEGIN_DECLS

typedef struct
{
  double eta;     /* how fast looking fades; 1 */
  double attract; /* .6 */
  double noise;   /* .05 */
} RfClickModel;

/* Both lists have k places, RF_NO_INDEX where there are fewer. Team-draft interleaving (Radlinski, Kurup, Joachims 2008): the teams take turns,
 * in each round in random order, each adding its best item that is not there yet. Fills out and team (0: a, 1: b), returns the length, <= k. */
guint rf_interleave (const guint32 *a, const guint32 *b, guint k, RfRng *rng, guint32 *out, guint8 *team);

typedef struct
{
  guint32 users;              /* with held-out items */
  guint32 wins_a, wins_b, ties; /* users with more clicks on a's items, on b's, or equally many */
  double p;                   /* sign test of the wins, two-sided, exact binomial */
  double clicks_a, clicks_b;  /* expected clicks of a user on the whole list, by the model, without chance */
} RfInterleaving;

/* lists: rows of k items for each row of relevant. Each user has a random stream of its own. */
void rf_simulate_interleaving (const guint32 *a, const guint32 *b, guint k, const RfCsr *relevant, const RfClickModel *model, guint64 seed,
                               RfInterleaving *out);

typedef struct
{
  gsize n;
  double ips, ips_error;   /* mean of reward target/logged, and its standard error (Horvitz and Thompson 1952) */
  double clipped;          /* the same with ratios at most `clip` */
  double snips;            /* sum reward ratio / sum ratio (Swaminathan and Joachims 2015) */
  double effective_n;      /* (sum ratio)^2 / sum ratio^2 */
} RfReplay;

/* What a target policy would earn, from n logged events: reward, the probability > 0 with which the logging policy showed what it showed, and that
 * with which the target policy would have. */
void rf_replay (const double *reward, const double *logged, const double *target, gsize n, double clip, RfReplay *out);

/* Replay of b from simulated logs of a: for every user one slot, filled by the logging policy with probability 1 - explore from a's k items (each
 * equally likely), else from all n_items; the target policy takes one of b's k. truth: what b really earns under the model. */
void rf_simulate_replay (const guint32 *a, const guint32 *b, guint k, guint32 n_items, const RfCsr *relevant, const RfClickModel *model, double explore,
                         guint64 seed, RfReplay *out, double *truth);

G_END_DECLS
