/* rf-saliency.h: where in a picture does its contribution come from?
 *
 * Works on any function from pixels to a vector (RfPictureEncoder) of which the score takes a direction: the classical descriptors
 * of rf-image-model.h with an RfTaste, or a trained network with a user's vector.
 *
 * Occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014): a part of the picture is covered,
 * the vector made again by the same code, and what the score loses is what the part gave. At several scales: every patch spreads
 * its loss evenly over its cells, a cell takes the mean of the patches that cover it, and the map is the mean over the scales.
 *
 * The check (Petsiuk, Das, Saenko, "RISE", BMVC 2018): cells are covered in the order of the map, the most important first
 * (deletion), or laid open on a covered picture (insertion). The area under the curve is the mean score on the way, in the unit of
 * the score, against the same in random orders. A map that tells the truth has a low deletion and a high insertion area. Take
 * RF_FILL_BLUR for it, whatever the map was made with: a picture with nothing on it is unlike any of the catalog, and its score may be
 * anything (-140 .. +100 was seen where whole pictures have 3), a blurred one is a picture still. (The areas are not divided by
 * whole - covered, as is done for class probabilities: a score may be the same at both ends.)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/explain/rf-feature-map.h"
#include "core/features/rf-image-model.h"

G_BEGIN_DECLS

/* A function from pixels to a vector. encode() fills n x dims from n x side x side x 3 bytes, on all cores as it likes. */
typedef struct
{
  guint side;
  guint32 dims;
  void (*encode) (const void *data, const guint8 *rgb, gsize n, float *vectors);
  const void *data;
} RfPictureEncoder;

/* The classical descriptors; the model must outlive the encoder. */
RfPictureEncoder rf_picture_encoder_descriptors (const RfImageModel *model);

/* What of the vector counts: score = scale (g . x) + constant. */
typedef struct
{
  const float *g; /* dims */
  double scale;
} RfPictureTarget;

typedef enum
{
  RF_FILL_BORDER, /* the ground that the picture's border belongs to, its edges blended across: what a product stands on */
  RF_FILL_MEAN,   /* the mean colour of the picture */
  RF_FILL_BLUR,   /* the picture itself, without anything finer than a quarter of its side */
} RfSaliencyFill;

typedef struct
{
  guint cells;  /* the map is cells x cells, 2 .. 32 */
  guint scales; /* 1: patches of one cell; each further scale doubles the patch and moves it by half its side */
  RfSaliencyFill fill;
} RfSaliencyOptions;

/* 16 cells, 1 scale, border: 258 pictures to describe. On the sample catalog 79 % of the mass then lies in the box of the drawn shape,
 * which has 40 % of the area; with a flat fill .61, with the mean colour .25 (the edges of a patch are seen as a shape of their own). */
RfSaliencyOptions rf_saliency_options_default (void);

typedef struct
{
  guint cells;
  float *loss;     /* cells x cells, row by row: what the score loses with the cell; > 0 speaks for the item. Sums to nothing in particular */
  double whole;    /* the score (without its constant) of the picture */
  double covered;  /* and with everything covered: unlike any picture of the catalog, so take it as a curiosity */
  guint evaluated; /* pictures described */
} RfSaliency;

/* rgb: side x side x 3. NULL only when cancelled. */
RfSaliency *rf_saliency_occlusion (const RfPictureEncoder *encoder, const RfPictureTarget *target, const guint8 *rgb,
                                   const RfSaliencyOptions *options, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a covered pixel shows: side x side x 3 bytes; free with g_free(). */
guint8 *rf_saliency_make_fill (const guint8 *rgb, guint side, RfSaliencyFill fill) G_GNUC_WARN_UNUSED_RESULT;
/* A map from one number per pixel (side x side): summed over the pixels of each cell. */
RfSaliency *rf_saliency_new_from_pixels (const double *pixels, guint side, guint cells) G_GNUC_WARN_UNUSED_RESULT;
void rf_saliency_free (RfSaliency *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfSaliency, rf_saliency_free)

/* Share of the positive losses that lies in a box, in 0 .. 1 of width and height; cells count by the part that is inside. NAN when
 * nothing is positive. */
double rf_saliency_mass (const RfSaliency *self, double x, double y, double width, double height);

typedef struct
{
  double deletion, insertion;               /* mean score on the way, by the map */
  double random_deletion, random_insertion; /* means over the random orders */
  guint n_steps;
  double *deletion_curve, *insertion_curve; /* n_steps + 1 scores, from no cell to all; owned */
} RfSaliencyCheck;

/* n_steps: points of the curve; n_random: random orders, by the seed. FALSE only when cancelled. */
gboolean rf_saliency_check (const RfPictureEncoder *encoder, const RfPictureTarget *target, const guint8 *rgb, const RfSaliency *map,
                            RfSaliencyFill fill, guint n_steps, guint n_random, guint64 seed, RfSaliencyCheck *result,
                            RfProgress *progress, GError **error);
void rf_saliency_check_clear (RfSaliencyCheck *self);

G_END_DECLS
