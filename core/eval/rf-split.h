/* rf-split.h: which interactions train the model, choose it and judge it.
 *
 * A split is a pure function of the interactions, the options and the seed: it is not stored but made again, and its hash tells
 * whether it is the same. Of several records of one user and one item one pair is made, with the earliest time (an item is found
 * once), so that no pair can be in two parts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/catalog/rf-catalog.h"
#include "core/model/rf-config.h"

G_BEGIN_DECLS

typedef enum
{
  RF_PART_TRAIN,
  RF_PART_VALID,
  RF_PART_TEST,
} RfPart;

/* How the parts are cut. With n the user's items, v and t the shares of validation and test, the *counts* are: n < 3: all train;
 * n < 10: 1 and 1; else floor ((v + t) n) held out, of these floor (held v / (v + t)) for validation and the rest for test (MMRec's rule
 * at v = t = .1). */
typedef enum
{
  RF_SPLIT_RANDOM,      /* inside each user a shuffle, then the counts: MMRec, and RecBole's RS .8 .1 .1 by user */
  RF_SPLIT_LEAVE_LAST,  /* the last item of each user is test, the one before validation; n < 3: all train */
  RF_SPLIT_USER_TIME,   /* inside each user by time, the latest are held out, by the counts */
  RF_SPLIT_GLOBAL_TIME, /* one moment for everybody: all from the (1 - v - t) quantile of time on is held out, from 1 - t on is test;
                         * records of one moment stay together, so nothing of the future trains the model */
  RF_SPLIT_KFOLD,       /* each user's items are dealt to k folds by a shuffle; fold f is test, the next one validation */
  RF_SPLIT_GIVEN,       /* as the data says (x_label of MMRec, part1..part3 of RecBole); a pair in two parts goes to the earlier one */
  RF_SPLIT_COLD_ITEM,   /* the share v, t of the *items* is held out with everything they have: nobody trained on them */
  RF_SPLIT_COLD_USER,   /* the share t of the users (n >= 3) is not trained on: at evaluation four fifths of their items are given as
                         * history and one fifth (at least 1) is test. Other users: validation by the counts, no test */
} RfSplitMethod;

typedef struct
{
  RfSplitMethod method;
  guint64 seed;
  guint max_train;    /* > 0 keeps only so many training items of each user: the latest ones of splits by time, else by the shuffle */
  double valid, test; /* shares, > 0, together < 1 */
  guint folds, fold;  /* of RF_SPLIT_KFOLD: folds >= 3, fold < folds */
} RfSplitOptions;

typedef struct
{
  gatomicrefcount ref_count;
  RfCsr *part[3];  /* users x items, by RfPart; disjoint */
  RfCsr *history;  /* what is known of each user when ranking for the test part: part[RF_PART_TRAIN] itself, but of cold users the items given */
  gsize n_dropped; /* held-out pairs left out because their user has no history */
  char *hash;      /* SHA-256 of the parts, as hex */
} RfSplit;

/* As the settings split.* and seed say. */
RfSplitOptions rf_split_options_from_config (const RfConfig *config);

/* RF_ERROR_DATA: the data lacks what the method needs (times, a given split), or nothing is left to train or test on. */
RfSplit *rf_split_new (guint32 n_users, guint32 n_items, const RfInteractions *interactions, const RfSplitOptions *options,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfSplit *rf_split_new_from_catalog (const RfCatalog *catalog, const RfSplitOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_split_free (RfSplit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSplit, rf_split_free)

/* Which part has the pair? -1: none (left out). */
int rf_split_find (const RfSplit *self, guint32 user, guint32 item);

/* Writes the interactions with their part as an MMRec .inter file (TAB; userID itemID rating timestamp x_label with x_label 0, 1, 2;
 * ids are the dense indices, in the order of the catalog) that MMRec opens and `refract-cli import` reads back to the same parts. */
gboolean rf_split_export (const RfSplit *self, const RfInteractions *interactions, const char *path, GError **error);

G_END_DECLS
