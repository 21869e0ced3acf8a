/* rf-ab.h: an online A/B test: how many users it needs, who gets which arm, and what came out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-error.h"

G_BEGIN_DECLS

/* --- Plan. Two-sided tests of arms of equal size; with more than two arms every one is held against the first at alpha / (arms - 1). */

typedef struct
{
  gboolean is_mean; /* a mean, else a proportion */
  double base;      /* the proportion now, 0 .. 1; of a mean: its value now (only to express effects in per cent) */
  double deviation; /* standard deviation of one user; of means only */
  double alpha, power;
  guint arms;       /* >= 2 */
} RfAbDesign;

/* RF_ERROR_CONFIG: what is out of range. */
gboolean rf_ab_design_check (const RfAbDesign *design, GError **error);

/* Users of one arm, rounded up, to detect a change of the proportion or mean by `effect` (absolute, not 0).
 * Proportions (Fleiss, Levin, Paik 2003, without continuity correction):
 *   n = (z_{1-alpha/2} sqrt (2 p q) + z_power sqrt (p1 q1 + p2 q2))^2 / (p2 - p1)^2,  p = (p1 + p2) / 2
 * Means: n = 2 (z_{1-alpha/2} + z_power)^2 s^2 / d^2 + z_{1-alpha/2}^2 / 4 (Guenther 1981: within one of the exact t test).
 * G_MAXUINT64 if the changed proportion is not inside 0 .. 1. */
guint64 rf_ab_sample_size (const RfAbDesign *design, double effect);

/* The chance to detect `effect` with n users in each arm. */
double rf_ab_power (const RfAbDesign *design, double effect, double n);

/* The smallest increase that n users in each arm detect with the design's power; NAN if there is none. */
double rf_ab_detectable (const RfAbDesign *design, double n);

/* Days until all arms are full when so many new users come in a day. */
double rf_ab_days (const RfAbDesign *design, guint64 n_per_arm, double users_per_day);

/* --- Assign. The arm is a function of salt and user id alone (the first 64 bits of SHA-256 of salt, a zero byte, id, as a share of 1), so that
 * a user always sees the same, and other salts give independent arms. weights: n_arms shares > 0 of any sum. */
guint rf_ab_assign (const char *salt, const char *user_id, const double *weights, guint n_arms);

/* Sample-ratio check: p of chi-square of the counts against the shares. Below .001 something is broken before anything is analysed. */
double rf_ab_sample_ratio (const guint64 *counts, const double *weights, guint n_arms);
#define RF_AB_RATIO_ALARM .001

/* --- Analyse. */

typedef struct
{
  guint arm;
  double impressions, clicks, conversions, value;
  double before; /* of the same kind as value, from before the test; NAN: not known */
} RfAbUser;

typedef struct
{
  GPtrArray *arms; /* of char *: names in order of appearance; the first is the control unless rf_ab_log_set_control() says otherwise */
  GArray *users;   /* of RfAbUser, in order of first appearance */
  gsize crossed;   /* users seen in two arms: left out */
  gsize records;
} RfAbLog;

/* CSV with the header user_id,arm,impressions,clicks,conversions,value[,pre]; records of one user are added up. RF_ERROR_FORMAT names line
 * and field; RF_ERROR_DATA: fewer than two arms. */
RfAbLog *rf_ab_log_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfAbLog *rf_ab_log_new (guint n_arms) G_GNUC_WARN_UNUSED_RESULT; /* arms "A", "B", ...; add users with g_array_append_val() */
void rf_ab_log_free (RfAbLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfAbLog, rf_ab_log_free)
gboolean rf_ab_log_set_control (RfAbLog *self, const char *name, GError **error); /* RF_ERROR_NOT_FOUND */

typedef enum
{
  RF_AB_CONVERSION,  /* share of users with a conversion: two-proportion z test (pooled), interval by Newcombe (1998, method 10) */
  RF_AB_CLICK_RATE,  /* clicks / impressions; users are the unit: delta method (Deng et al. 2018) */
  RF_AB_CLICKS,      /* a user: Welch (1947) */
  RF_AB_CONVERSIONS, /* a user: Welch */
  RF_AB_VALUE,       /* a user: Welch */
  RF_AB_VALUE_CUPED, /* a user, value - theta (before - mean before), theta = cov / var over both arms (Deng, Xu, Kohavi, Walker 2013); Welch */
} RfAbMetric;
#define RF_AB_N_METRICS 6

const char *rf_ab_metric_name (RfAbMetric metric); /* "conversion_rate", ... */

typedef struct
{
  gsize n_a, n_b;
  double a, b;            /* of control and treatment */
  double difference, low, high; /* b - a and its interval */
  double lift, lift_low, lift_high; /* difference / a; the interval by the delta method; NAN if a is 0 */
  double p;               /* two-sided, at a fixed end */
  double sequential_p;    /* always valid, however often one looks: 1 / max over n of the mixture likelihood ratio (Johari, Pekelis, Walsh 2015); NAN for the
                             click rate and below 100 users in an arm */
  double reduction;       /* of RF_AB_VALUE_CUPED: 1 - variance after / variance before; else NAN */
} RfAbResult;

/* Arm `treatment` against arm 0 (the control). FALSE: cannot be told (too few users, no pre-period). */
gboolean rf_ab_analyse (const RfAbLog *log, guint treatment, RfAbMetric metric, double alpha, RfAbResult *out);

/* Welch's two-sided p for means and variances (n - 1) of two samples, and the interval's half width. */
double rf_ab_welch (double mean_a, double var_a, double n_a, double mean_b, double var_b, double n_b, double alpha, double *half);

/* Newcombe's interval for x_b/n_b - x_a/n_a. */
void rf_ab_newcombe (double x_a, double n_a, double x_b, double n_b, double alpha, double *low, double *high);

G_END_DECLS
