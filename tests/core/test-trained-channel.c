/* test-trained-channel.c: a channel trained by gradient is worth nearly as much as the one by formula, thanks to its weight decay.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-linalg.h"
#include "core/eval/rf-evaluate.h"
#include "core/train/rf-joint.h"
#include "tests/support/planted.h"

static double
recall_of (const Planted *world, RfChannel *channel)
{
  RfEvaluation evaluation = { .n = 1, .k = { 20 } };

  g_assert_true (rf_evaluate (&evaluation, rf_score_with_channel, channel, channel->n_items, world->part[0], world->part[2], NULL, NULL));
  return evaluation.mean[0].recall;
}

static double
recall_trained (const Planted *world, const char *decay)
{
  g_autoptr(RfConfig) config = rf_config_new ();
  g_autoptr(RfChannel) channel = NULL;
  g_autoptr(GError) error = NULL;
  RfChannelChoice choice;

  g_assert_true (rf_config_set (config, "channel.l2", decay, NULL));
  channel = rf_fit_trained_channel (world->features[0], world->part[0], world->part[1], config, NULL, &choice, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (channel->method, ==, "trained");
  return recall_of (world, channel);
}

static void
test_decay_makes_it_good (void)
{
  Planted *world = planted_new (1200, 800, 0.5, 20260101);
  g_autoptr(RfConfig) config = rf_config_new ();
  RfChannelChoice choice;
  g_autoptr(RfChannel) closed = rf_fit_content (world->features[0], world->part[0], world->part[1], config, &choice, NULL, NULL);
  double by_formula = recall_of (world, closed), trained = recall_trained (world, "0.003"), loose = recall_trained (world, "0.00001");

  g_test_message ("R@20 by formula %.4f, trained %.4f, with hardly any decay %.4f", by_formula, trained, loose);
  g_assert_cmpfloat (by_formula, >, 0.08);
  /* These features are linear in the truth and the world is small: the formula's own ground. */
  g_assert_cmpfloat (trained, >=, 0.9 * by_formula);
  g_assert_cmpfloat (trained, >=, 1.05 * loose); /* the decay is what does it */
  planted_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  g_test_add_func ("/trained-channel/decay-makes-it-good", test_decay_makes_it_good);
  return g_test_run ();
}
