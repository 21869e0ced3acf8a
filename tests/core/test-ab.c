/* test-ab.c: the planner against textbooks, the analyser against published cases and on simulated tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"
#include "core/eval/rf-ab.h"
#include "core/eval/rf-ab-simulate.h"
#include "core/eval/rf-statistics.h"

#define assert_near(a, b, tolerance) g_assert_cmpfloat_with_epsilon (a, b, tolerance)
#define NONE G_MAXUINT32

/* Cohen, "Statistical power analysis for the behavioral sciences" (1988), table 2.4.1, alpha .05 two-sided: n per group for
 * d = .2, .5, .8 at power .8: 393, 64, 26; at power .9: 526, 85, 34. */
static void
test_plan_means (void)
{
  const double table[][3] = { { .2, .8, 393 }, { .5, .8, 64 }, { .8, .8, 26 }, { .2, .9, 526 }, { .5, .9, 85 }, { .8, .9, 34 } };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      RfAbDesign d = { TRUE, 10, 2, .05, table[i][1], 2 };
      guint64 n = rf_ab_sample_size (&d, table[i][0] * 2);

      assert_near ((double) n, table[i][2], 1.5); /* Cohen rounds to the nearest, we up */
      assert_near (rf_ab_power (&d, table[i][0] * 2, (double) n), table[i][1], .01);
      assert_near (rf_ab_detectable (&d, (double) n), table[i][0] * 2, .02);
    }
}

/* Fleiss, Levin, Paik, "Statistical methods for rates and proportions" (2003), section 4.2: p1 = .6, p2 = .7, power .8: 356 without the
 * correction; the example of R's power.prop.test: .50 against .75 with power .90: 76.7. */
static void
test_plan_proportions (void)
{
  const RfAbDesign a = { FALSE, .6, 0, .05, .8, 2 }, b = { FALSE, .5, 0, .05, .9, 2 }, three = { FALSE, .6, 0, .05, .8, 3 }, twice = { FALSE, .6, 0, .025, .8, 2 };

  g_assert_cmpuint (rf_ab_sample_size (&a, .1), ==, 356);
  g_assert_cmpuint (rf_ab_sample_size (&b, .25), ==, 77);
  assert_near (rf_ab_power (&b, .25, 76.7), .9, 1e-3);
  assert_near (rf_ab_detectable (&a, 356), .1, 1e-3);
  g_assert_cmpuint (rf_ab_sample_size (&three, .1), ==, rf_ab_sample_size (&twice, .1));
  g_assert_cmpuint (rf_ab_sample_size (&a, .5), ==, G_MAXUINT64);
  assert_near (rf_ab_days (&a, 356, 100), 8, 1e-12);
}

static void
test_plan_refuses (void)
{
  const RfAbDesign wrong[] = { { FALSE, 0, 0, .05, .8, 2 }, { TRUE, 1, 0, .05, .8, 2 }, { FALSE, .1, 0, 1, .8, 2 }, { FALSE, .1, 0, .05, 1, 2 }, { FALSE, .1, 0, .05, .8, 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (rf_ab_design_check (&wrong[i], &error));
      g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
    }
}

/* 20,000 users in three arms 2 : 1 : 1: shares as asked, the same user the same arm, another salt independent of the first. */
static void
test_assign (void)
{
  const double weights[] = { 2, 1, 1 };
  guint64 counts[3] = { 0 }, both[9] = { 0 };
  double product[9];

  for (guint u = 0; u < 20000; u++)
    {
      g_autofree char *id = g_strdup_printf ("user-%u", u);
      guint arm = rf_ab_assign ("spring", id, weights, 3), other = rf_ab_assign ("autumn", id, weights, 3);

      g_assert_cmpuint (rf_ab_assign ("spring", id, weights, 3), ==, arm);
      counts[arm]++;
      both[arm * 3 + other]++;
    }
  for (guint c = 0; c < 9; c++)
    product[c] = weights[c / 3] * weights[c % 3];
  g_assert_cmpfloat (rf_ab_sample_ratio (counts, weights, 3), >, .01);
  g_assert_cmpfloat (rf_ab_sample_ratio (both, product, 9), >, .01);
}

/* 821,588 against 815,482 users of an even split, the example of Kohavi, Tang, Xu, "Trustworthy online controlled experiments" (2020), chapter 3:
 * p = 1.8e-6. */
static void
test_sample_ratio (void)
{
  const guint64 counts[] = { 821588, 815482 }, fine[] = { 5000, 5060 };
  const double even[] = { 1, 1 };

  assert_near (rf_ab_sample_ratio (counts, even, 2), 1.8e-6, 1e-7);
  g_assert_cmpfloat (rf_ab_sample_ratio (counts, even, 2), <, RF_AB_RATIO_ALARM);
  g_assert_cmpfloat (rf_ab_sample_ratio (fine, even, 2), >, .5);
}

/* Newcombe, "Interval estimation for the difference between independent proportions" (1998), table II, method 10, p. 879: 56/70 - 48/80:
 * .0524 to .3339; 9/10 - 3/10: .1705 to .8090. */
static void
test_newcombe (void)
{
  double low, high;

  rf_ab_newcombe (48, 80, 56, 70, .05, &low, &high);
  assert_near (low, .0524, 5e-5);
  assert_near (high, .3339, 5e-5);
  rf_ab_newcombe (3, 10, 9, 10, .05, &low, &high);
  assert_near (low, .1705, 5e-5);
  assert_near (high, .8090, 5e-5);
}

/* The sleep data of Student (1908) as two samples: Welch t = -1.8608 on 17.776 degrees, p = .07939, interval -3.3655 to .2055. */
static void
test_welch (void)
{
  const double a[] = { 1.9, .8, 1.1, .1, -.1, 4.4, 5.5, 1.6, 4.6, 3.4 }, b[] = { .7, -1.6, -.2, -1.2, -.1, 3.4, 3.7, .8, 0, 2 };
  double half, p, d = rf_sample_mean (b, 10) - rf_sample_mean (a, 10);

  p = rf_ab_welch (rf_sample_mean (a, 10), rf_sample_variance (a, 10), 10, rf_sample_mean (b, 10), rf_sample_variance (b, 10), 10, .05, &half);
  assert_near (p, .07939, 1e-5);
  assert_near (d - half, -3.3654832, 1e-6);
  assert_near (d + half, .2054832, 1e-6);
}

/* n users in each arm. value = 10 + rho * 3 * x + sqrt (1 - rho^2) * 3 * e, before = 5 + x; arms alternate at random. */
static RfAbLog *
simulate (guint64 seed, guint n, double rho, double effect, double rate)
{
  RfAbLog *log = rf_ab_log_new (2);
  RfRng rng = rf_rng_new (seed, 77);
  guint left[2] = { n, n };

  while (left[0] + left[1] > 0)
    {
      guint arm = rf_rng_below (&rng, left[0] + left[1]) < left[0] ? 0 : 1;
      double x = rf_rng_normal (&rng), e = rf_rng_normal (&rng);
      guint seen = 1 + rf_rng_below (&rng, 8);
      RfAbUser user = { .arm = arm, .impressions = seen, .before = 5 + x, .value = 10 + 3 * (rho * x + sqrt (1 - rho * rho) * e) + effect * arm };

      for (guint i = 0; i < seen; i++)
        user.clicks += rf_rng_uniform (&rng) < .2 + .1 * (x > 0);
      user.conversions = rf_rng_uniform (&rng) < rate;
      g_array_append_val (log->users, user);
      left[arm]--;
    }
  return log;
}

/* 2,000 tests of nothing: every fixed test is wrong in 4 to 6 % at 5 %, the sequential one in at most 5 % although it looks after every user. */
static void
test_false_positives (void)
{
  guint wrong[RF_AB_N_METRICS] = { 0 }, sequential = 0, trials = 2000;

  for (guint t = 0; t < trials; t++)
    {
      g_autoptr(RfAbLog) log = simulate (1000 + t, 500, .6, 0, .1);
      RfAbResult r;

      for (RfAbMetric m = 0; m < RF_AB_N_METRICS; m++)
        {
          g_assert_true (rf_ab_analyse (log, 1, m, .05, &r));
          wrong[m] += r.p < .05;
          if (m == RF_AB_VALUE)
            sequential += r.sequential_p < .05;
        }
    }
  for (RfAbMetric m = 0; m < RF_AB_N_METRICS; m++)
    {
      g_test_message ("%s: %.2f %% false positives", rf_ab_metric_name (m), 100.0 * wrong[m] / trials);
      g_assert_cmpuint (wrong[m], >=, trials * 4 / 100);
      g_assert_cmpuint (wrong[m], <=, trials * 6 / 100);
    }
  g_test_message ("sequential: %.2f %%", 100.0 * sequential / trials);
  g_assert_cmpuint (sequential, <=, trials * 5 / 100);
}

/* Variance falls by rho^2. The mean over 40 tests is within 5 % of theory in the factor that stays, 1 - rho^2. */
static void
test_cuped (void)
{
  const double rhos[] = { .3, .6, .9 };

  for (gsize i = 0; i < G_N_ELEMENTS (rhos); i++)
    {
      double kept = 0, theory = 1 - rhos[i] * rhos[i];

      for (guint t = 0; t < 40; t++)
        {
          g_autoptr(RfAbLog) log = simulate (50 + t, 1000, rhos[i], .5, .1);
          RfAbResult r, plain;

          g_assert_true (rf_ab_analyse (log, 1, RF_AB_VALUE_CUPED, .05, &r));
          g_assert_true (rf_ab_analyse (log, 1, RF_AB_VALUE, .05, &plain));
          kept += (1 - r.reduction) / 40;
          g_assert_cmpfloat (r.high - r.low, <, plain.high - plain.low);
          assert_near (r.difference, .5, .75);
        }
      g_test_message ("rho %.1f: variance kept %.4f, theory %.4f", rhos[i], kept, theory);
      assert_near (kept / theory, 1, .05);
    }
}

/* Three users an arm. Inside the arms cov (value, before) is (4 + 3) / 4 and var (before) 4 / 4: theta = 1.75; before is 1.5 on average. */
static void
test_cuped_by_hand (void)
{
  g_autoptr(RfAbLog) log = rf_ab_log_new (2);
  const RfAbUser users[] = { { .arm = 0, .before = 0, .value = 0 }, { .arm = 0, .before = 1, .value = 2 }, { .arm = 0, .before = 2, .value = 4 },
                             { .arm = 1, .before = 1, .value = 1 }, { .arm = 1, .before = 2, .value = 1 }, { .arm = 1, .before = 3, .value = 4 } };
  RfAbResult r;

  g_array_append_vals (log->users, users, 6);
  g_assert_true (rf_ab_analyse (log, 1, RF_AB_VALUE_CUPED, .05, &r));
  assert_near (r.a, 2 - 1.75 * (1 - 1.5), 1e-12);
  assert_near (r.b, 2 - 1.75 * (2 - 1.5), 1e-12);
}

/* Means 2 and 3, variances of a mean 4 / 3 and 1 / 3. The lift of 1.5 - 1 has the variance b^2 var_a / a^4 + var_b / a^2. */
static void
test_lift (void)
{
  g_autoptr(RfAbLog) log = rf_ab_log_new (2);
  const RfAbUser users[] = { { .arm = 0, .value = 0 }, { .arm = 0, .value = 2 }, { .arm = 0, .value = 4 }, { .arm = 1, .value = 2 }, { .arm = 1, .value = 3 }, { .arm = 1, .value = 4 } };
  double half = 1.959963984540054 * sqrt (9 * (4.0 / 3) / 16 + (1.0 / 3) / 4);
  RfAbResult r;

  g_array_append_vals (log->users, users, 6);
  g_assert_true (rf_ab_analyse (log, 1, RF_AB_VALUE, .05, &r));
  assert_near (r.lift, .5, 1e-12);
  assert_near (r.lift_low, .5 - half, 1e-9);
  assert_near (r.lift_high, .5 + half, 1e-9);
}

/* The mixture ratio after every user from the numbers themselves: its largest, from the hundredth user of both arms on. */
static void
test_sequential_by_hand (void)
{
  g_autoptr(RfAbLog) log = simulate (3, 150, 0, .9, .1);
  double value[2][150], tau2 = -1, best = 0;
  gsize n[2] = { 0, 0 };
  RfAbResult r;

  for (guint i = 0; i < log->users->len; i++)
    {
      const RfAbUser *user = &g_array_index (log->users, RfAbUser, i);
      double d, s0, s1, v;

      value[user->arm][n[user->arm]++] = user->value;
      if (n[0] < 100 || n[1] < 100)
        continue;
      s0 = rf_sample_variance (value[0], n[0]);
      s1 = rf_sample_variance (value[1], n[1]);
      d = rf_sample_mean (value[1], n[1]) - rf_sample_mean (value[0], n[0]);
      v = s0 / (double) n[0] + s1 / (double) n[1];
      if (tau2 < 0)
        tau2 = .01 * (s0 * (double) (n[0] - 1) + s1 * (double) (n[1] - 1)) / (double) (n[0] + n[1] - 2);
      best = fmax (best, sqrt (v / (v + tau2)) * exp (tau2 * d * d / (2 * v * (v + tau2))));
    }
  g_assert_true (rf_ab_analyse (log, 1, RF_AB_VALUE, .05, &r));
  g_assert_cmpfloat (r.sequential_p, <, 1);
  assert_near (r.sequential_p, 1 / best, 1e-9);
}

/* With a real effect of a third of a deviation the sequential test finds it, and power is as planned. */
static void
test_power (void)
{
  const RfAbDesign d = { TRUE, 10, 3, .05, .8, 2 };
  guint64 n = rf_ab_sample_size (&d, .5);
  guint found = 0, sequential = 0, covered = 0;

  for (guint t = 0; t < 400; t++)
    {
      g_autoptr(RfAbLog) log = simulate (9000 + t, (guint) n, 0, .5, .1);
      RfAbResult r;

      g_assert_true (rf_ab_analyse (log, 1, RF_AB_VALUE, .05, &r));
      found += r.p < .05;
      sequential += r.sequential_p < .05;
      covered += r.low <= .5 && .5 <= r.high;
      g_assert_cmpfloat (r.lift_low, <, r.lift);
    }
  g_test_message ("%" G_GUINT64_FORMAT " users an arm: found in %u of 400, sequentially in %u", n, found, sequential);
  assert_near (found / 400.0, .8, .06);
  g_assert_cmpuint (sequential, >, 150);
  g_assert_cmpuint (covered, >=, 370);
}

/* Two users an arm by hand: rates 3/10 and 5/20; each arm's ratio is of sums. */
static void
test_click_rate (void)
{
  g_autoptr(RfAbLog) log = rf_ab_log_new (2);
  const RfAbUser users[] = { { .arm = 0, .impressions = 4, .clicks = 1 }, { .arm = 0, .impressions = 6, .clicks = 2 }, { .arm = 1, .impressions = 10, .clicks = 1 }, { .arm = 1, .impressions = 10, .clicks = 4 } };
  RfAbResult r;

  g_array_append_vals (log->users, users, 4);
  g_assert_true (rf_ab_analyse (log, 1, RF_AB_CLICK_RATE, .05, &r));
  assert_near (r.a, .3, 1e-12);
  assert_near (r.b, .25, 1e-12);
  assert_near (r.lift, -.05 / .3, 1e-12);
  g_assert_true (isnan (r.sequential_p));
  g_assert_true (rf_ab_analyse (log, 1, RF_AB_CONVERSION, .05, &r));
  g_assert_cmpfloat (r.p, ==, 1); /* nobody converted */
}

static RfAbLog *
read_text (const char *text, GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("refract-ab-XXXXXX", NULL), *path = g_build_filename (folder, "log.csv", NULL);
  RfAbLog *log;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  log = rf_ab_log_read (path, error);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return log;
}

static void
test_log (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfAbLog) log = read_text ("\xEF\xBB\xBFuser_id,arm,impressions,clicks,conversions,value,pre\nu1,new,1,0,0,0,7\nu2,old,3,1,1,9.5,\nu1,new,2,1,0,1,7\nu3,old,1,0,0,0,1\nu3,new,1,0,0,0,1\n", &error);
  const RfAbUser *first;

  g_assert_no_error (error);
  g_assert_cmpuint (log->records, ==, 5);
  g_assert_cmpuint (log->crossed, ==, 1);
  g_assert_cmpuint (log->users->len, ==, 2);
  first = &g_array_index (log->users, RfAbUser, 0);
  assert_near (first->impressions, 3, 1e-12);
  assert_near (first->before, 7, 1e-12);
  g_assert_true (isnan (g_array_index (log->users, RfAbUser, 1).before));
  g_assert_true (rf_ab_log_set_control (log, "old", &error));
  g_assert_cmpuint (first->arm, ==, 1);
  g_assert_cmpstr (log->arms->pdata[0], ==, "old");
  g_assert_false (rf_ab_log_set_control (log, "none", &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_NOT_FOUND);
}

static void
test_log_refuses (void)
{
  const struct
  {
    const char *text, *says;
    int code;
  } cases[] = {
    { "user_id,arm,clicks\n", "impressions", RF_ERROR_FORMAT },
    { "", "user_id", RF_ERROR_FORMAT },
    { "user_id,arm,impressions,clicks,conversions,value\nu,A,1,1,x,1\n", "line 2", RF_ERROR_FORMAT },
    { "user_id,arm,impressions,clicks,conversions,value\nu,A,1,-1,0,1\n", "clicks", RF_ERROR_FORMAT },
    { "user_id,arm,impressions,clicks,conversions,value\n,A,1,1,0,1\n", "line 2", RF_ERROR_FORMAT },
    { "user_id,arm,impressions,clicks,conversions,value\nu,A,1,1,0,1\n", "two arms", RF_ERROR_DATA },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_text (cases[i].text, &error));
      g_assert_error (error, RF_ERROR, cases[i].code);
      g_assert_nonnull (strstr (error->message, cases[i].says));
    }
}

/* Every item once, each team in its own order, the lengths of the teams one apart at most while both have items. */
static void
test_interleave (void)
{
  const guint32 a[] = { 1, 2, 3, 4 }, b[] = { 2, 5, 1, NONE };
  RfRng rng = rf_rng_new (1, 1);
  guint first_of_a = 0;

  for (int trial = 0; trial < 400; trial++)
    {
      guint32 out[4];
      guint8 team[4];
      guint n = rf_interleave (a, b, 4, &rng, out, team);

      g_assert_cmpuint (n, ==, 4);
      first_of_a += team[0] == 0;
      g_assert_cmpuint (out[0], ==, team[0] ? 2 : 1);
      g_assert_cmpuint (team[0] + team[1], ==, 1);
      g_assert_cmpuint (team[2] + team[3], ==, 1);
      for (guint i = 0; i < n; i++)
        for (guint j = 0; j < i; j++)
          g_assert_cmpuint (out[i], !=, out[j]);
    }
  g_assert_cmpuint (first_of_a, >, 160);
  g_assert_cmpuint (first_of_a, <, 240);
}

/* 400 users; the held-out item is at place 1 of b and at place 3 of a. */
static void
test_simulated_readers (void)
{
  enum { USERS = 400, K = 3, ITEMS = 50 };
  guint32 a[USERS * K], b[USERS * K], row[USERS], col[USERS];
  g_autoptr(RfCsr) relevant = NULL;
  const RfClickModel model = { 1, .6, .05 };
  RfInterleaving i;
  RfReplay replay;
  double truth, sum = 0, error = 0;

  for (guint32 u = 0; u < USERS; u++)
    {
      row[u] = u;
      col[u] = u % 40;
      memcpy (a + u * K, (guint32[]) { 41, 42, u % 40 }, K * sizeof *a);
      memcpy (b + u * K, (guint32[]) { u % 40, 43, 44 }, K * sizeof *b);
    }
  relevant = rf_csr_new_from_pairs (USERS, ITEMS, USERS, row, col, NULL);
  rf_simulate_interleaving (a, b, K, relevant, &model, 1, &i);
  g_assert_cmpuint (i.users, ==, USERS);
  g_assert_cmpuint (i.wins_b, >, 2 * i.wins_a);
  g_assert_cmpfloat (i.p, <, 1e-6);
  assert_near (i.clicks_a, .05 + .05 / 2 + .6 / 3, 1e-12);
  assert_near (i.clicks_b, .6 + .05 / 2 + .05 / 3, 1e-12);
  rf_simulate_interleaving (a, a, K, relevant, &model, 1, &i);
  g_assert_cmpfloat (i.p, >, .01);
  /* The replay is unbiased: the mean of 300 is within three of its standard errors. */
  for (guint t = 0; t < 300; t++)
    {
      rf_simulate_replay (a, b, K, ITEMS, relevant, &model, .3, t, &replay, &truth);
      sum += replay.ips / 300;
      error += replay.ips_error * replay.ips_error / 300 / 300;
    }
  assert_near (truth, (.6 + .05 + .05) / 3, 1e-12);
  assert_near (sum, truth, 3 * sqrt (error));
}

/* Ratios 2, 0, 1 (clipped at 1.5) with rewards 1, 1, 0; then ratios 2, 2, 1, whose sum is not their number. */
static void
test_replay (void)
{
  const double reward[] = { 1, 1, 0 }, logged[] = { .25, .5, .5 }, target[] = { .5, 0, .5 }, more[] = { .5, 1, .5 };
  RfReplay r;

  rf_replay (reward, logged, target, 3, 1.5, &r);
  assert_near (r.ips, 2.0 / 3, 1e-12);
  assert_near (r.clipped, .5, 1e-12);
  assert_near (r.snips, 2.0 / 3, 1e-12);
  assert_near (r.effective_n, 9.0 / 5, 1e-12);
  assert_near (r.ips_error, sqrt (4.0 / 3 / 3), 1e-12);
  rf_replay (reward, logged, more, 3, 1.5, &r);
  assert_near (r.ips, 4.0 / 3, 1e-12);
  assert_near (r.snips, 4.0 / 5, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ab/plan/means", test_plan_means);
  g_test_add_func ("/ab/plan/proportions", test_plan_proportions);
  g_test_add_func ("/ab/plan/refuses", test_plan_refuses);
  g_test_add_func ("/ab/assign", test_assign);
  g_test_add_func ("/ab/sample-ratio", test_sample_ratio);
  g_test_add_func ("/ab/newcombe", test_newcombe);
  g_test_add_func ("/ab/welch", test_welch);
  g_test_add_func ("/ab/false-positives", test_false_positives);
  g_test_add_func ("/ab/cuped", test_cuped);
  g_test_add_func ("/ab/cuped/by-hand", test_cuped_by_hand);
  g_test_add_func ("/ab/lift", test_lift);
  g_test_add_func ("/ab/sequential", test_sequential_by_hand);
  g_test_add_func ("/ab/power", test_power);
  g_test_add_func ("/ab/click-rate", test_click_rate);
  g_test_add_func ("/ab/log", test_log);
  g_test_add_func ("/ab/log/refuses", test_log_refuses);
  g_test_add_func ("/ab/interleave", test_interleave);
  g_test_add_func ("/ab/readers", test_simulated_readers);
  g_test_add_func ("/ab/replay", test_replay);
  return g_test_run ();
}
