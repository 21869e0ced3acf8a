/* planted.h: a world in memory whose truth is known, for tests that need no pictures: the choices of a user are driven by one of
 * three modalities (0, 1: features; 2: hidden, seen through other people's choices only) or by a mixture.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-csr.h"
#include "core/features/rf-features.h"

typedef struct
{
  guint32 n_users, n_items;
  int *driver;              /* n_users: 0, 1, 2, or 3 for a mixture */
  RfCsr *part[3];           /* 70 / 10 / 20 of each user's choices */
  RfFeatures *features[2];  /* one-hot attributes, mixed into 64 numbers, with noise */
} Planted;

Planted *planted_new (guint32 n_users, guint32 n_items, double noise, guint64 seed);
void planted_free (Planted *self);
