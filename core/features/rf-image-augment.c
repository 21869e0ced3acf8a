/* rf-image-augment.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/features/rf-image-augment.h"

#include <math.h>

#include "core/base/rf-rng.h"

RfAugmentOptions
rf_augment_options_default (void)
{
  return (RfAugmentOptions) { .rotation = 10, .flip = TRUE, .crop = .2, .brightness = .2, .seed = 1 };
}

RfAugmentation
rf_augment_draw (const RfAugmentOptions *options, guint32 item, guint32 round)
{
  RfRng rng = rf_rng_new (options->seed, rf_hash_mix (item, round));
  RfAugmentation drawn = { 0 };
  /* Every number is drawn whether it is used or not: switching one change off leaves the others as they were. */
  double turn = 2 * rf_rng_uniform (&rng) - 1, mirror = rf_rng_uniform (&rng), cut = rf_rng_uniform (&rng);
  double left = rf_rng_uniform (&rng), top = rf_rng_uniform (&rng), light = 2 * rf_rng_uniform (&rng) - 1;

  drawn.degrees = turn * options->rotation;
  drawn.flipped = options->flip && mirror < .5;
  drawn.side = sqrt (1 - cut * CLAMP (options->crop, 0, .99));
  drawn.left = left * (1 - drawn.side);
  drawn.top = top * (1 - drawn.side);
  drawn.brightness = 1 + light * options->brightness;
  return drawn;
}

static double
sample (const guint8 *in, guint size, double x, double y, guint channel)
{
  double cx = CLAMP (x, 0, size - 1.0), cy = CLAMP (y, 0, size - 1.0), fx, fy;
  guint x0 = (guint) cx, y0 = (guint) cy, x1 = MIN (x0 + 1, size - 1), y1 = MIN (y0 + 1, size - 1);

  fx = cx - x0;
  fy = cy - y0;
  return (1 - fy) * ((1 - fx) * in[(y0 * size + x0) * 3 + channel] + fx * in[(y0 * size + x1) * 3 + channel])
         + fy * ((1 - fx) * in[(y1 * size + x0) * 3 + channel] + fx * in[(y1 * size + x1) * 3 + channel]);
}

void
rf_augment_apply (const RfAugmentation *drawn, guint size, const guint8 *in, guint8 *out)
{
  double angle = drawn->degrees * G_PI / 180, c = cos (angle), s = sin (angle), half = (size - 1) / 2.0;

  for (guint y = 0; y < size; y++)
    for (guint x = 0; x < size; x++)
      {
        /* From the place in the result back to the place it shows: unturned around the middle, unflipped, and into the cut. */
        double dx = x - half, dy = y - half;
        double ux = c * dx + s * dy, uy = -s * dx + c * dy;
        double from_x, from_y;

        if (drawn->flipped)
          ux = -ux;
        from_x = drawn->left * (size - 1) + (ux + half) * drawn->side;
        from_y = drawn->top * (size - 1) + (uy + half) * drawn->side;
        for (guint channel = 0; channel < 3; channel++)
          out[(y * size + x) * 3 + channel] = (guint8) CLAMP (lrint (sample (in, size, from_x, from_y, channel) * drawn->brightness), 0, 255);
      }
}
