/* rf-image-picture.h: an encoded picture made ready for description: a square of pixels, and what lies in front.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every picture is brought to this size. */
#define RF_PICTURE_SIZE 128
#define RF_PICTURE_AREA (RF_PICTURE_SIZE * RF_PICTURE_SIZE)

/* Pictures with more pixels are refused before they are decoded. */
#define RF_PICTURE_MAX_PIXELS (64u * 1000 * 1000)

/* Planes of RF_PICTURE_AREA values, row by row. About 560 kB: keep one per thread. */
typedef struct
{
  guint8 rgb[RF_PICTURE_AREA * 3];
  float grey[RF_PICTURE_AREA];       /* 0 .. 1, Rec. 601 luma */
  float hue[RF_PICTURE_AREA];        /* 0 .. 1 */
  float saturation[RF_PICTURE_AREA]; /* 0 .. 1 */
  float value[RF_PICTURE_AREA];      /* 0 .. 1 */
  float slope_x[RF_PICTURE_AREA];    /* central differences of grey, 0 beyond the border */
  float slope_y[RF_PICTURE_AREA];
  float figure[RF_PICTURE_AREA]; /* 0 .. 1: does the pixel stand out from the picture's border? */
} RfPicture;

RfPicture *rf_picture_new (void) G_GNUC_WARN_UNUSED_RESULT;
void rf_picture_free (RfPicture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfPicture, rf_picture_free)

typedef enum
{
  RF_FIT_STRETCH,   /* every place of the square is a place of the picture */
  RF_FIT_LETTERBOX, /* the whole picture with its shape; bars of mid-grey fill the square */
  RF_FIT_CROP,      /* the middle of the picture with its shape */
} RfPictureFit;

/* Decodes at scale, turns as EXIF says, brings CMYK, grey and transparency (on white) to RGB and fills size x size x 3
 * bytes. FALSE: not a picture, broken, or too large. Safe from several threads. */
gboolean rf_picture_decode_to (GBytes *encoded, guint size, RfPictureFit fit, guint8 *rgb);

/* The same for the descriptors: RF_PICTURE_SIZE, stretched, so that a place found important can be shown on the picture. (On
 * film posters, 2:3, image alone gives R@20 .085 stretched, .089 and .083 with grey bars or bars in the colour of the
 * border, .081 with black bars, .088 cut to the centre: means of three splits, no clear difference.) */
gboolean rf_picture_decode (GBytes *encoded, guint8 *rgb);

/* Fills the other planes from rgb. */
void rf_picture_prepare (RfPicture *self);

/* One colour; r, g, b in 0 .. 255, results in 0 .. 1. */
void rf_hsv_from_rgb (guint8 r, guint8 g, guint8 b, float *h, float *s, float *v);

G_END_DECLS
