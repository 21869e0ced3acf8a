/* fuzz-ab.c: the log of an online A/B test, and its analysis.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <math.h>

#include "core/eval/rf-ab.h"

static const char *const words[] = { ",", "\n", "user_id,arm,impressions,clicks,conversions,value\n", ",pre\n", "nan", "inf", "-1", "1e308", "\"", "A", "B", NULL };

static const char *const seeds[] = {
  "user_id,arm,impressions,clicks,conversions,value\nu1,A,10,1,0,0\nu2,B,12,2,1,9.5\nu3,A,3,0,0,0\nu4,B,7,1,1,3\nu1,A,1,1,1,2\n",
  "user_id,arm,impressions,clicks,conversions,value,pre\nu1,A,10,1,0,1,2\nu2,B,12,2,1,9.5,3\nu3,A,3,0,0,2,\nu4,B,7,1,1,3,5\nu5,C,7,1,1,3,5\nu5,A,7,1,1,3,5\n",
};

static void
run (const guint8 *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfAbLog) log = rf_ab_log_read (fuzz_file ("log.csv", data, size), &error);

  g_assert_true ((log == NULL) == (error != NULL));
  if (log == NULL)
    return;
  for (guint arm = 1; arm < log->arms->len && arm < 5; arm++)
    for (guint m = 0; m < RF_AB_N_METRICS; m++)
      {
        RfAbResult result;

        if (rf_ab_analyse (log, arm, (RfAbMetric) m, .05, &result))
          g_assert_true (isnan (result.p) || (result.p >= 0 && result.p <= 1));
      }
}

static GBytes *
seed (guint index)
{
  return fuzz_text_seed (seeds, G_N_ELEMENTS (seeds), index);
}

const FuzzTarget fuzz_target = { "ab", run, seed, words };
