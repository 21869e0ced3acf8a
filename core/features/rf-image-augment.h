/* rf-image-augment.h: small random changes of a picture while a network trains on it, so that it learns what does not matter.
 *
 * What is drawn depends on (seed, item, round) only: any thread may make any picture in any order, and again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double rotation;   /* at most so many degrees to either side; 0: none */
  gboolean flip;     /* mirror left and right, every second time */
  double crop;       /* at most this share of the area is cut away, somewhere; 0: none, below 1 */
  double brightness; /* multiplied by 1 - brightness .. 1 + brightness; 0: none */
  guint64 seed;
} RfAugmentOptions;

/* What was drawn for one picture in one round. */
typedef struct
{
  double degrees; /* clockwise */
  gboolean flipped;
  double left, top, side; /* the part kept, in shares of the picture's side */
  double brightness;      /* the factor */
} RfAugmentation;

/* Rotation 10 degrees, flip, crop .2, brightness .2. */
RfAugmentOptions rf_augment_options_default (void);

RfAugmentation rf_augment_draw (const RfAugmentOptions *options, guint32 item, guint32 round);

/* From size x size x 3 bytes to as many others; in != out. One bilinear pass for all of it; what lies beyond the border
 * repeats it. With nothing drawn the bytes are the same. */
void rf_augment_apply (const RfAugmentation *drawn, guint size, const guint8 *in, guint8 *out);

G_END_DECLS
