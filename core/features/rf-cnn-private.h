/* rf-cnn-private.h: shared by the parts of rf-cnn.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/base/rf-safetensors.h"
#include "core/features/rf-cnn.h"

G_BEGIN_DECLS

/* A convolution with what is folded into it: weights (side, side, in, out), bias (out). */
typedef struct
{
  gsize side, in, out, stride, padding;
  float *weight, *bias;
} RfCnnConv;

/* x (in) -> x W' + b: W (out, in) as in the file. */
typedef struct
{
  gsize in, out;
  float *weight, *bias;
} RfCnnLinear;

/* A residual block: 2 or 3 convolutions, and one beside them where the shape changes. */
typedef struct
{
  guint n_convs;
  RfCnnConv convs[3];
  gboolean has_side;
  RfCnnConv side;
} RfCnnBlock;

#define RF_CNN_MAX_BLOCKS 16
#define RF_CNN_VGG_CONVS  13

struct _RfCnn
{
  gatomicrefcount ref_count;
  const char *name;
  char *hash;
  guint32 dims;
  gboolean residual;

  RfCnnConv stem; /* ResNets */
  guint n_blocks;
  RfCnnBlock blocks[RF_CNN_MAX_BLOCKS];

  RfCnnConv convs[RF_CNN_VGG_CONVS]; /* VGG-16 */
  RfCnnLinear linears[2];
};

/* Fills an empty network of the given name. */
gboolean rf_cnn_read_weights (RfCnn *self, const RfSafetensors *file, GError **error);
/* The name of the network that these tensors are of, or NULL. */
const char *rf_cnn_guess_name (const RfSafetensors *file);
/* The valid one that equals name, or NULL. */
const char *rf_cnn_find_name (const char *name);
void rf_cnn_free_weights (RfCnn *self);

/* Behind which convolutions VGG-16 pools. */
gboolean rf_cnn_vgg_pools_after (guint conv);

G_END_DECLS
