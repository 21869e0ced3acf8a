/* rf-sample.h: a catalog whose truth is known: every user's choices are driven by what the items look like, by what their
 * texts say, by something that only co-choice reveals, or by a mixture. It is how we know whether attention names the reason.
 *
 * The folder that is written is an ordinary folder catalog (items.csv, interactions.csv, images/), and beside it truth.csv,
 * which no importer reads. Everything is a function of the seed and the two counts; the thread count changes no byte.
 *
 * Items have three triples of attributes with 12, 8 and 6 values, all independent:
 *   image   hue, shape, texture         drawn; position, size, rotation, shade and noise vary
 *   text    theme, material, style      each value is a vocabulary; descriptions have 28 words besides the little ones that
 *                                       join them: 11 common, 17 of the item's vocabularies with Zipf frequencies
 *   hidden  hidden_1, hidden_2, hidden_3  nowhere but in truth.csv
 * A user likes two values of each attribute. With weights 1.2, 1.0, 0.8 for the attributes of a triple,
 *   g_m(u,i) = sum of the weights of the attributes of i in triple m whose value u likes, standardised over the items
 *   choices  = Gumbel-top-n of 2.6 sum_m w_um g_m(u,i) + 0.5 popularity_i,  popularity ~ N(0,1)
 *   n        = 8 + geometric with mean 8, at most 60
 * w_u is 1 for the one modality that drives the user (a quarter of the users each), or, for the last quarter, drawn from
 * Dirichlet (1,1,1) and scaled to unit length. Ratings (a user's and an item's habit plus noise) and times depend on neither.
 *
 * truth.csv: one table for both, column `kind` is "user" or "item".
 *   kind,id
 *   driver,w_image,w_text,w_behaviour       users: "image", "text", "behaviour" (the hidden triple) or "mixed"; the weights
 *   hue,...,style,hidden_1,hidden_2,hidden_3  items: the value; users: the two liked values, joined by '|'
 *   popularity                              items
 *   box_x,box_y,box_width,box_height        items: the drawn shape in the 256 x 256 picture, pixels from its top left corner
 *   words                                   items: the words of the description that come from its vocabularies, by spaces
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"

G_BEGIN_DECLS

#define RF_SAMPLE_DEFAULT_SEED    20260101
#define RF_SAMPLE_DEFAULT_USERS   4000
#define RF_SAMPLE_DEFAULT_ITEMS   2000
#define RF_SAMPLE_MIN_ITEMS       24 /* fewer could not hold all values of an attribute */
#define RF_SAMPLE_MAX_ITEMS       1000000
#define RF_SAMPLE_MAX_USERS       10000000
#define RF_SAMPLE_MAX_PER_USER    60

typedef struct
{
  guint64 seed;
  guint n_users; /* 1 .. RF_SAMPLE_MAX_USERS */
  guint n_items; /* RF_SAMPLE_MIN_ITEMS .. RF_SAMPLE_MAX_ITEMS */
} RfSampleOptions;

/* What was written. */
typedef struct
{
  guint n_users, n_items;
  guint64 n_interactions;
} RfSampleCounts;

/* Makes the directory and writes the catalog into it; an older sample in it is replaced. counts may be NULL. All cores;
 * O(users * items) time, O(items) memory. Errors: RF_ERROR_CONFIG (a count out of range), RF_ERROR_IO (also when the directory
 * holds a catalog that is not a sample: that is never overwritten), RF_ERROR_CANCELLED. */
gboolean rf_sample_write (const char *directory, const RfSampleOptions *options, RfSampleCounts *counts, RfProgress *progress,
                          GError **error);

G_END_DECLS
