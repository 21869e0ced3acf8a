/* sample-world.h: a small sample catalog, drawn, imported and trained, with its truth read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/train/rf-trainer.h"

typedef struct
{
  char *directory; /* images/ and the csv files */
  RfWorkspace *workspace;
  RfTrained *trained;
  int *driver;      /* of users: 0 image, 1 text, 2 behaviour, 3 mixed; as in the model image, text, behaviour */
  char **liked;     /* of users: every liked value of image and text, as " red blue star … " */
  double (*box)[4]; /* of items: the drawn shape, in 0 .. 1 */
  char **words;     /* of items: topical words, as " oak guitar … " */
  char **values;    /* of items: values of image and text, as " red star … " */
} SampleWorld;

/* Trains with the default settings. Aborts the test when anything fails. */
SampleWorld *sample_world_new (guint64 seed, guint n_users, guint n_items);
void sample_world_free (SampleWorld *self);

/* Is `word` in the text between spaces? */
gboolean sample_has (const char *list, const char *word);
