/* rf-image-model.h: the fitted image modality: patch filters, and per block means, scales and principal components.
 *
 *   x(picture) = for each block b:  P_b' ((raw_b - mean_b) / deviation_b) / length_b
 *
 * with the blocks of rf-image-blocks.h; length_b makes the variance of every block 1 in total, so that none outweighs
 * another. Immutable; any thread may use it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-matrix.h"
#include "core/base/rf-progress.h"

G_BEGIN_DECLS

typedef struct _RfImageModel RfImageModel;

typedef struct
{
  guint64 seed;
  guint32 fit_pictures; /* means and components are fitted on at most so many pictures, drawn by the seed */
} RfImageOptions;

/* 10,000 pictures: about 110 MB while fitting, whatever the size of the catalog. */
RfImageOptions rf_image_options_default (void);

/* Names the method, its version and every option: equal keys and equal pictures give equal numbers. */
char *rf_image_options_get_key (const RfImageOptions *options) G_GNUC_WARN_UNUSED_RESULT;

/* Gives the encoded picture (JPEG, PNG, ...) of an item, or NULL if it has none. Called from several threads at once. */
typedef GBytes *(*RfPictureFunc) (guint32 item, void *data);

/* Decodes and describes the pictures of n items on all cores, fills x (n x dims) and available (n bytes): items without a
 * picture, or with one that cannot be decoded, are not available. When there is no usable picture x is n x 1 zeros. The
 * result does not depend on the number of threads. */
RfImageModel *rf_image_model_fit (guint32 n, RfPictureFunc picture, void *data, const RfImageOptions *options, RfMatrix **x,
                                  guint8 **available, RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_image_model_free (RfImageModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfImageModel, rf_image_model_free)

guint32 rf_image_model_get_dims (const RfImageModel *self);

/* Which columns of x a block fills. FALSE when there is no such block; index counts from 0. */
gboolean rf_image_model_get_block (const RfImageModel *self, guint index, const char **name, guint32 *first, guint32 *n);

/* The vector of any picture (dims floats). FALSE, and zeros, if it cannot be decoded. */
gboolean rf_image_model_transform (const RfImageModel *self, GBytes *encoded, float *x);

/* The same for pixels: RF_PICTURE_SIZE x RF_PICTURE_SIZE x 3 bytes (what an explanation has covered in part). */
void rf_image_model_transform_rgb (const RfImageModel *self, const guint8 *rgb, float *x);
/* n of them, one after the other in this thread, with the scratch memory made once. */
void rf_image_model_transform_many (const RfImageModel *self, const guint8 *rgb, gsize n, float *x);

/* The model as bytes, and back; RF_ERROR_FORMAT when they are damaged or from another version. */
GBytes *rf_image_model_to_bytes (const RfImageModel *self) G_GNUC_WARN_UNUSED_RESULT;
RfImageModel *rf_image_model_new_from_bytes (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
