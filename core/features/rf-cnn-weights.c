/* rf-cnn-weights.c: the parameters of the known networks, read and checked.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/features/rf-cnn-private.h"
#include "core/base/rf-npy.h"

#define NORM_EPSILON 1e-5 /* of torch.nn.BatchNorm2d */

/* Widths of VGG-16's convolutions and their places in torchvision's `features`. */
static const guint vgg_width[RF_CNN_VGG_CONVS] = { 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512 };
static const guint vgg_place[RF_CNN_VGG_CONVS] = { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 };

typedef struct
{
  const char *name;
  guint blocks[4];  /* per stage; none: VGG-16 */
  guint convs;      /* per block */
  guint32 dims;
} Architecture;

static const Architecture architectures[] = {
  { "resnet18", { 2, 2, 2, 2 }, 2, 512 },
  { "resnet50", { 3, 4, 6, 3 }, 3, 2048 },
  { "vgg16", { 0 }, 0, 4096 },
};

static const Architecture *
find_architecture (const char *name)
{
  for (gsize a = 0; a < G_N_ELEMENTS (architectures); a++)
    if (strcmp (architectures[a].name, name) == 0)
      return &architectures[a];
  return NULL;
}

const char *
rf_cnn_find_name (const char *name)
{
  const Architecture *architecture = find_architecture (name);

  return architecture != NULL ? architecture->name : NULL;
}

const char *
rf_cnn_guess_name (const RfSafetensors *file)
{
  if (rf_safetensors_find (file, "layer1.0.conv3.weight") != NULL)
    return rf_cnn_find_name ("resnet50");
  if (rf_safetensors_find (file, "layer1.0.conv1.weight") != NULL)
    return rf_cnn_find_name ("resnet18");
  if (rf_safetensors_find (file, "features.28.weight") != NULL)
    return rf_cnn_find_name ("vgg16");
  return NULL;
}

gboolean
rf_cnn_vgg_pools_after (guint conv)
{
  return conv + 1 == RF_CNN_VGG_CONVS || vgg_place[conv + 1] - vgg_place[conv] == 3;
}

/* --- one tensor --- */

static float
value_at (const RfTensorView *view, gsize i)
{
  guint16 half;
  guint32 bits;
  float value;

  if (view->dtype[0] == 'F' && view->dtype[1] == '3')
    {
      memcpy (&bits, view->data + i * 4, 4);
      bits = GUINT32_FROM_LE (bits);
    }
  else
    {
      memcpy (&half, view->data + i * 2, 2);
      half = GUINT16_FROM_LE (half);
      if (view->dtype[0] == 'F')
        return rf_half_to_float (half);
      bits = (guint32) half << 16;
    }
  memcpy (&value, &bits, sizeof value);
  return value;
}

static char *
describe_shape (const gsize *shape, guint ndim)
{
  GString *text = g_string_new (NULL);

  for (guint d = 0; d < ndim; d++)
    g_string_append_printf (text, "%s%zu", d > 0 ? " x " : "", shape[d]);
  return g_string_free (text, FALSE);
}

/* Trailing dimensions of 1, and how the rest is grouped behind the first, do not matter: timm keeps linear layers as
 * convolutions. */
static gboolean
same_shape (const RfTensorView *view, const gsize *shape, guint ndim, gboolean flatten)
{
  gsize wanted = 1, there = 1;

  if (!flatten)
    {
      if (view->ndim != ndim)
        return FALSE;
      for (guint d = 0; d < ndim; d++)
        if (view->shape[d] != shape[d])
          return FALSE;
      return TRUE;
    }
  for (guint d = 1; d < ndim; d++)
    wanted *= shape[d];
  for (guint d = 1; d < view->ndim; d++)
    there *= view->shape[d];
  return view->ndim > 0 && view->shape[0] == shape[0] && wanted == there;
}

/* The numbers of a tensor that must be there with this shape; NULL and an error naming it otherwise. */
static float *
read_tensor (const RfSafetensors *file, const char *name, const gsize *shape, guint ndim, gboolean flatten, GError **error)
{
  const RfTensorView *view = rf_safetensors_find (file, name);
  gsize n = 1;
  float *values;

  if (view == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The weights have no tensor \"%s\"; use a file with torchvision's parameter names for this network."), name);
      return NULL;
    }
  if (!same_shape (view, shape, ndim, flatten))
    {
      g_autofree char *there = describe_shape (view->shape, view->ndim), *wanted = describe_shape (shape, ndim);

      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The tensor \"%s\" is %s instead of %s; these are weights of another network."), name, there, wanted);
      return NULL;
    }
  if (strcmp (view->dtype, "F32") != 0 && strcmp (view->dtype, "F16") != 0 && strcmp (view->dtype, "BF16") != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The tensor \"%s\" holds numbers of type %s; save the weights as F32, F16 or BF16."), name, view->dtype);
      return NULL;
    }
  for (guint d = 0; d < ndim; d++)
    n *= shape[d];
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    {
      values[i] = value_at (view, i);
      if (!isfinite (values[i]))
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The tensor \"%s\" holds a value that is not a number; fetch the weights again."), name);
          g_free (values);
          return NULL;
        }
    }
  return values;
}

/* --- layers --- */

/* weights (out, in, side, side) -> (side, side, in, out), times a factor for each output. */
static gboolean
read_conv (RfCnnConv *conv, const RfSafetensors *file, const char *name, const float *factor, GError **error)
{
  gsize shape[4] = { conv->out, conv->in, conv->side, conv->side }, area = conv->side * conv->side;
  g_autofree char *weight_name = g_strconcat (name, ".weight", NULL);
  g_autofree float *values = read_tensor (file, weight_name, shape, 4, FALSE, error);

  if (values == NULL)
    return FALSE;
  conv->weight = g_new (float, conv->out * conv->in * area);
  for (gsize o = 0; o < conv->out; o++)
    for (gsize i = 0; i < conv->in; i++)
      for (gsize at = 0; at < area; at++)
        conv->weight[(at * conv->in + i) * conv->out + o] = values[(o * conv->in + i) * area + at] * (factor != NULL ? factor[o] : 1.0f);
  return TRUE;
}

static float *
read_vector (const RfSafetensors *file, const char *name, const char *part, gsize n, GError **error)
{
  g_autofree char *full = g_strconcat (name, ".", part, NULL);

  return read_tensor (file, full, &n, 1, FALSE, error);
}

/* Convolution and batch normalisation in one: y = (w x - mean) g / sqrt (variance + epsilon) + b. */
static gboolean
read_conv_norm (RfCnnConv *conv, const RfSafetensors *file, const char *conv_name, const char *norm_name, GError **error)
{
  g_autofree float *gain = read_vector (file, norm_name, "weight", conv->out, error);
  g_autofree float *shift = gain != NULL ? read_vector (file, norm_name, "bias", conv->out, error) : NULL;
  g_autofree float *mean = shift != NULL ? read_vector (file, norm_name, "running_mean", conv->out, error) : NULL;
  g_autofree float *variance = mean != NULL ? read_vector (file, norm_name, "running_var", conv->out, error) : NULL;

  if (variance == NULL)
    return FALSE;
  conv->bias = g_new (float, conv->out);
  for (gsize o = 0; o < conv->out; o++)
    {
      gain[o] = (float) (gain[o] / sqrt (MAX (variance[o], 0) + NORM_EPSILON));
      conv->bias[o] = shift[o] - mean[o] * gain[o];
    }
  return read_conv (conv, file, conv_name, gain, error);
}

static gboolean
read_linear (RfCnnLinear *linear, const RfSafetensors *file, const char *name, const char *other_name, GError **error)
{
  g_autofree char *first = g_strconcat (name, ".weight", NULL);
  const char *used = rf_safetensors_find (file, first) != NULL ? name : other_name;
  g_autofree char *weight_name = g_strconcat (used, ".weight", NULL);
  gsize shape[2] = { linear->out, linear->in };

  linear->weight = read_tensor (file, rf_safetensors_find (file, weight_name) != NULL ? weight_name : first, shape, 2, TRUE, error);
  if (linear->weight == NULL)
    return FALSE;
  linear->bias = read_vector (file, used, "bias", linear->out, error);
  return linear->bias != NULL;
}

/* --- networks --- */

static gboolean
read_block (RfCnnBlock *block, const RfSafetensors *file, const char *name, guint n_convs, gsize in, gsize width, gsize stride, GError **error)
{
  gsize out = n_convs == 3 ? width * 4 : width;

  block->n_convs = n_convs;
  for (guint c = 0; c < n_convs; c++)
    {
      g_autofree char *conv = g_strdup_printf ("%s.conv%u", name, c + 1), *norm = g_strdup_printf ("%s.bn%u", name, c + 1);
      gboolean wide = n_convs == 2 || c == 1; /* a bottleneck is 1x1, 3x3, 1x1, and the 3x3 strides */

      block->convs[c] = (RfCnnConv) {
        .side = wide ? 3 : 1,
        .padding = wide ? 1 : 0,
        .stride = c == (n_convs == 3 ? 1 : 0) ? stride : 1,
        .in = c == 0 ? in : width,
        .out = c + 1 == n_convs ? out : width,
      };
      if (!read_conv_norm (&block->convs[c], file, conv, norm, error))
        return FALSE;
    }
  block->has_side = stride != 1 || in != out;
  if (block->has_side)
    {
      g_autofree char *conv = g_strconcat (name, ".downsample.0", NULL), *norm = g_strconcat (name, ".downsample.1", NULL);

      block->side = (RfCnnConv) { .side = 1, .stride = stride, .in = in, .out = out };
      return read_conv_norm (&block->side, file, conv, norm, error);
    }
  return TRUE;
}

static gboolean
read_resnet (RfCnn *self, const Architecture *architecture, const RfSafetensors *file, GError **error)
{
  gsize in = 64, width = 64;

  self->residual = TRUE;
  self->stem = (RfCnnConv) { .side = 7, .in = 3, .out = 64, .stride = 2, .padding = 3 };
  if (!read_conv_norm (&self->stem, file, "conv1", "bn1", error))
    return FALSE;
  for (guint stage = 0; stage < 4; stage++, width *= 2)
    for (guint b = 0; b < architecture->blocks[stage]; b++)
      {
        g_autofree char *name = g_strdup_printf ("layer%u.%u", stage + 1, b);
        RfCnnBlock *block = &self->blocks[self->n_blocks++];

        if (!read_block (block, file, name, architecture->convs, in, width, b == 0 && stage > 0 ? 2 : 1, error))
          return FALSE;
        in = block->convs[block->n_convs - 1].out;
      }
  return TRUE;
}

static gboolean
read_vgg (RfCnn *self, const RfSafetensors *file, GError **error)
{
  for (guint c = 0; c < RF_CNN_VGG_CONVS; c++)
    {
      g_autofree char *name = g_strdup_printf ("features.%u", vgg_place[c]);

      self->convs[c] = (RfCnnConv) { .side = 3, .in = c == 0 ? 3 : vgg_width[c - 1], .out = vgg_width[c], .stride = 1, .padding = 1 };
      if (!read_conv (&self->convs[c], file, name, NULL, error))
        return FALSE;
      self->convs[c].bias = read_vector (file, name, "bias", vgg_width[c], error);
      if (self->convs[c].bias == NULL)
        return FALSE;
    }
  self->linears[0] = (RfCnnLinear) { .in = 512 * 7 * 7, .out = 4096 };
  self->linears[1] = (RfCnnLinear) { .in = 4096, .out = 4096 };
  return read_linear (&self->linears[0], file, "classifier.0", "pre_logits.fc1", error)
         && read_linear (&self->linears[1], file, "classifier.3", "pre_logits.fc2", error);
}

gboolean
rf_cnn_read_weights (RfCnn *self, const RfSafetensors *file, GError **error)
{
  const Architecture *architecture = find_architecture (self->name);

  self->dims = architecture->dims;
  return architecture->convs > 0 ? read_resnet (self, architecture, file, error) : read_vgg (self, file, error);
}

static void
free_conv (RfCnnConv *conv)
{
  g_free (conv->weight);
  g_free (conv->bias);
}

void
rf_cnn_free_weights (RfCnn *self)
{
  free_conv (&self->stem);
  for (guint b = 0; b < RF_CNN_MAX_BLOCKS; b++)
    {
      for (guint c = 0; c < 3; c++)
        free_conv (&self->blocks[b].convs[c]);
      free_conv (&self->blocks[b].side);
    }
  for (guint c = 0; c < RF_CNN_VGG_CONVS; c++)
    free_conv (&self->convs[c]);
  for (guint l = 0; l < 2; l++)
    {
      g_free (self->linears[l].weight);
      g_free (self->linears[l].bias);
    }
}
