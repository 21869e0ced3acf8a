/* rf-sample-private.h: what the files of the sample generator share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-rng.h"
#include "core/catalog/rf-sample.h"

G_BEGIN_DECLS

#define SAMPLE_PIXELS 256

/* The triples, and the attributes of each: [triple][0..2] have 12, 8 and 6 values. */
enum
{
  SAMPLE_IMAGE,
  SAMPLE_TEXT,
  SAMPLE_HIDDEN,
  SAMPLE_N_TRIPLES,
};

#define SAMPLE_N_ATTRIBUTES 3

/* Streams of random numbers: one family for each purpose, so that changing one part does not move the others. */
enum
{
  SAMPLE_STREAM_ITEM = 1,
  SAMPLE_STREAM_PICTURE,
  SAMPLE_STREAM_TEXT,
  SAMPLE_STREAM_DRIVER,
  SAMPLE_STREAM_USER,
  SAMPLE_STREAM_CHOICE,
  SAMPLE_STREAM_RATING,
};

extern const guint sample_n_values[SAMPLE_N_ATTRIBUTES];

typedef struct
{
  guint8 value[SAMPLE_N_TRIPLES][SAMPLE_N_ATTRIBUTES];
  double popularity;
  double quality; /* of its ratings */
  char *title;
  char *description;
  char *words; /* the topical ones of the description */
  double box[4]; /* x, y, width, height of the drawn shape */
} SampleItem;

typedef struct
{
  guint driver;  /* a triple, or SAMPLE_N_TRIPLES for a mixture */
  double weight[SAMPLE_N_TRIPLES];
  guint8 likes[SAMPLE_N_TRIPLES][SAMPLE_N_ATTRIBUTES][2];
  guint n;
  guint32 item[RF_SAMPLE_MAX_PER_USER]; /* in order of time */
  float rating[RF_SAMPLE_MAX_PER_USER];
  gint64 timestamp[RF_SAMPLE_MAX_PER_USER];
} SampleUser;

static inline RfRng
sample_rng (guint64 seed, guint purpose, guint64 index)
{
  return rf_rng_new (seed, rf_hash_mix (purpose, index));
}

/* The name of a value of an attribute ("teal", "travel"), and of an attribute ("hue"). */
const char *sample_value_name (guint triple, guint attribute, guint value);
const char *sample_attribute_name (guint triple, guint attribute);

/* Fills title, description and words. `taken` holds the titles given so far. */
void sample_write_text (guint64 seed, guint32 index, SampleItem *item, GHashTable *taken);

/* The words of a vocabulary, most frequent first. */
const char *const *sample_get_vocabulary (guint attribute, guint value, guint *n_words);
const char *const *sample_get_common_words (char kind, guint *n_words); /* 'a' adjectives, 'n' nouns, 'v' and 'i' verbs */

/* The picture of an item as a JPEG, or NULL with an error; fills box. Safe from several threads. */
GBytes *sample_draw_picture (guint64 seed, guint32 index, SampleItem *item, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Taste and choices. scratch: n_items doubles. */
void sample_choose (guint64 seed, guint32 index, const SampleItem *items, guint n_items, double *scratch, SampleUser *user);

G_END_DECLS
