/* rf-cnn.h: a convolutional network that was trained elsewhere, as a source of image features: ResNet-18, ResNet-50 (He et
 * al., "Deep residual learning for image recognition", 2016) and VGG-16 (Simonyan and Zisserman 2015).
 *
 * Weights come from a .safetensors file with the parameter names of torchvision (timm's ResNets have the same; timm's VGG
 * differs in two, which are understood). Every tensor must be there and have the right shape. Batch normalisation is folded
 * into the convolutions. Features are what enters the last layer: 512, 2048 and 4096 numbers. Immutable and reference
 * counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-progress.h"
#include "core/features/rf-features.h"
#include "core/tensor/rf-tape.h"

G_BEGIN_DECLS


typedef struct _RfCnn RfCnn;

/* name: "resnet18", "resnet50", "vgg16", or NULL: found out from the tensors. RF_ERROR_IO; RF_ERROR_FORMAT naming the tensor
 * that is missing or has another shape. F32, F16 and BF16. */
RfCnn *rf_cnn_load (const char *path, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
RfCnn *rf_cnn_new_from_bytes (GBytes *bytes, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void rf_cnn_free (RfCnn *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfCnn, rf_cnn_free)

const char *rf_cnn_get_name (const RfCnn *self);
guint32 rf_cnn_get_dims (const RfCnn *self);

/* picture: height x width x 3 numbers, normalised (rf_cnn_normalise); at least 32 x 32. Resets the tape. Fills out (dims
 * floats). */
void rf_cnn_forward (const RfCnn *self, RfTape *tape, float *picture, gsize height, gsize width, float *out);

/* (rgb / 255 - mean) / deviation with the means and deviations of ImageNet, which all these networks were trained with. */
void rf_cnn_normalise (const guint8 *rgb, gsize n_pixels, float *out);

/* Decodes a picture, shorter side to 8/7 of size, and cuts size x size out of the middle, as is usual for these networks. */
gboolean rf_cnn_decode (GBytes *encoded, guint size, guint8 *rgb);

/* What the features of all pictures below are called: method, network, options and weights. */
char *rf_cnn_features_get_key (const char *name, guint size, guint32 max_dims, const char *hash) G_GNUC_WARN_UNUSED_RESULT;

/* The features of all pictures, on all cores, reduced to their first max_dims principal directions (0: as they are). Items
 * without a picture that can be decoded are not available. */
RfFeatures *rf_cnn_features_compute (RfCnn *self, guint32 n_items, RfPictureFunc picture, void *picture_data, guint size, guint32 max_dims,
                                     RfProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
