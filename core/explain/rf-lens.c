/* rf-lens.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/explain/rf-lens.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/tensor/rf-ops.h"
#include "core/train/rf-joint.h"

#define BATCH 64

struct _RfLens
{
  GMutex lock;
  RfNetData *data;
  RfNet *net;
  RfEncoder *encoder;
  RfTape *tape;
  RfGrads *grads;  /* of parameters: a lens wants none of them, but backward writes them somewhere */
  gboolean normalise;
  guint dim;
  RfFeatures *h;   /* of all items */
  RfFeatureMap *map;
  RfTokenizer *tokenizer;
};

gboolean
rf_lens_is_needed (const RfTrained *trained, guint modality)
{
  const char *name = trained->model->names[modality];

  if (strcmp (trained->model->fusion, "evidence") == 0)
    return FALSE;
  if (strcmp (name, "image") == 0)
    return strcmp (rf_config_get (trained->config, "encoder.image"), "cnn") == 0;
  return strcmp (name, "text") == 0 && strcmp (rf_config_get (trained->config, "encoder.text"), "features") != 0;
}

void
rf_lens_free (RfLens *self)
{
  if (self == NULL)
    return;
  rf_feature_map_free (self->map);
  rf_features_free (self->h);
  rf_tokenizer_free (self->tokenizer);
  rf_grads_free (self->grads);
  rf_tape_free (self->tape);
  rf_net_free (self->net);
  rf_net_data_free (self->data);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* A tape as a batch finds it: no dropout; gradients only when asked for. */
static void
begin (RfLens *self, gboolean recording)
{
  rf_tape_reset (self->tape);
  rf_grads_zero (self->grads);
  rf_tape_set_training (self->tape, false);
  rf_tape_set_recording (self->tape, recording);
  rf_tape_bind (self->tape, rf_net_get_params (self->net), self->grads);
}

static RfTensor *
finish (RfLens *self, RfTensor *h)
{
  return self->normalise ? rf_normalize_rows (self->tape, h) : h;
}

/* sum_k g . h_k, as a single number to differentiate; scores (NULL or n) get g . h_k. */
static RfTensor *
add_up (RfLens *self, RfTensor *h, const float *g, double *scores)
{
  RfTensor *direction = rf_constant_2d (self->tape, self->dim, 1), *s;

  for (guint d = 0; d < self->dim; d++)
    direction->x[d] = (rf_real) g[d];
  s = rf_matmul (self->tape, h, false, direction, false);
  for (gsize k = 0; scores && k < s->len; k++)
    scores[k] = (double) s->x[k];
  return rf_sum (self->tape, s);
}

/* h of every item that has the modality, as training saw it. */
static gboolean
encode_items (RfLens *self, const RfEncoderInput *input, const char *name, RfProgress *progress, GError **error)
{
  RfMatrix *h = rf_matrix_new (input->n_items, self->dim);
  guint32 items[BATCH];

  self->h = rf_features_new (name, "lens", h, g_memdup2 (input->available, input->n_items));
  for (guint32 first = 0; first < input->n_items; first += BATCH)
    {
      gsize n = MIN (BATCH, input->n_items - first);
      const RfTensor *out;

      if (!rf_progress_step (progress, _("Reading the items with the network"), (double) first / input->n_items, error))
        return FALSE;
      begin (self, FALSE);
      for (gsize k = 0; k < n; k++)
        items[k] = first + (guint32) k;
      rf_encoder_begin (self->encoder, self->tape);
      out = finish (self, rf_encoder_run (self->encoder, self->tape, items, n, 0, FALSE));
      for (gsize k = 0; k < n; k++)
        for (guint d = 0; d < self->dim && input->available[items[k]]; d++)
          rf_matrix_row (h, items[k])[d] = (float) out->x[k * self->dim + d];
    }
  return TRUE;
}

/* The network's number of a modality of the model: it may have others in between. */
static int
find_encoder (const RfNetData *data, const char *name)
{
  for (guint m = 0; m < data->input.n_modalities; m++)
    if (strcmp (data->names[m], name) == 0)
      return (int) m;
  return -1;
}

static gboolean
open_encoder (RfLens *self, const char *name, GError **error)
{
  int m = find_encoder (self->data, name);
  RfEncoderKind kind = m >= 0 ? self->data->input.input[m].kind : RF_ENCODER_FEATURES;

  if (kind != RF_ENCODER_CNN && kind != RF_ENCODER_GRU && kind != RF_ENCODER_BAG)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("The network of this run does not read “%s” from pixels or words."), name);
      return FALSE;
    }
  self->encoder = rf_net_get_encoder (self->net, (guint) m);
  self->normalise = rf_net_get_options (self->net)->normalise;
  self->dim = rf_net_get_options (self->net)->dim;
  self->tape = rf_tape_new ();
  self->grads = rf_grads_new (rf_net_get_params (self->net));
  if (kind != RF_ENCODER_CNN)
    self->tokenizer = rf_tokenizer_new (&(RfTokenOptions) { 0 }, error);
  return kind == RF_ENCODER_CNN || self->tokenizer != NULL;
}

RfLens *
rf_lens_new (RfWorkspace *workspace, const RfTrained *trained, guint modality, RfProgress *progress, GError **error)
{
  const char *name = trained->model->names[modality];
  g_autoptr(RfLens) self = NULL;

  if (!rf_lens_is_needed (trained, modality))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_DATA, _("%s reads “%s” from computed features, not with a network from pixels or words."), trained->run->id, name);
      return NULL;
    }
  self = g_new0 (RfLens, 1);
  g_mutex_init (&self->lock);
  self->net = rf_open_joint (workspace, trained->catalog, trained->split, trained->config, trained->model, &self->data, progress, error);
  if (self->net == NULL || !open_encoder (self, name, error) ||
      !encode_items (self, rf_encoder_get_input (self->encoder), name, progress, error))
    return NULL;
  self->map = rf_feature_map_new (self->h, trained->model, modality, error);
  return self->map ? g_steal_pointer (&self) : NULL;
}

const RfFeatureMap *
rf_lens_get_map (const RfLens *self)
{
  return self->map;
}

/* --- pixels --- */

static guint
get_side (const RfLens *self)
{
  return self->data->pixels->size;
}

static RfTensor *
pixel_leaf (RfLens *self, gsize n, rf_real *x, rf_real *g)
{
  size_t side = get_side (self);

  return rf_leaf_4d (self->tape, n, side, side, 3, x, g);
}

static void
encode_pixels (const void *data, const guint8 *rgb, gsize n, float *vectors)
{
  RfLens *self = (RfLens *) data;
  gsize length = (gsize) get_side (self) * get_side (self) * 3;

  g_mutex_lock (&self->lock);
  for (gsize first = 0; first < n; first += BATCH)
    {
      gsize count = MIN (BATCH, n - first);
      const RfTensor *h;
      rf_real *x;

      begin (self, FALSE);
      x = rf_tape_scratch (self->tape, count * length * sizeof *x);
      for (gsize k = 0; k < count; k++)
        rf_encoder_normalise (self->encoder, rgb + (first + k) * length, x + k * length);
      h = finish (self, rf_encoder_run_pixels (self->encoder, self->tape, pixel_leaf (self, count, x, NULL)));
      for (gsize e = 0; e < h->len; e++)
        vectors[first * self->dim + e] = (float) h->x[e];
    }
  g_mutex_unlock (&self->lock);
}

RfPictureEncoder
rf_lens_get_picture_encoder (RfLens *self)
{
  return (RfPictureEncoder) { get_side (self), self->dim, encode_pixels, self };
}

const guint8 *
rf_lens_get_picture (const RfLens *self, guint32 item)
{
  return self->data->pixels->available[item] ? rf_pixels_get (self->data->pixels, item) : NULL;
}

RfSaliency *
rf_lens_grad_cam (RfLens *self, const RfPictureTarget *target, const guint8 *rgb)
{
  gsize length = (gsize) get_side (self) * get_side (self) * 3;
  g_autofree rf_real *x = g_new (rf_real, length), *gx = g_new0 (rf_real, length);
  g_autofree double *cam = NULL;
  double score;
  const RfTensor *a;
  RfSaliency *map;
  gsize places, channels;

  g_mutex_lock (&self->lock);
  begin (self, TRUE);
  rf_encoder_normalise (self->encoder, rgb, x);
  /* A leaf that wants a gradient makes the whole way differentiable. */
  rf_tape_backward (self->tape, add_up (self, finish (self, rf_encoder_run_pixels (self->encoder, self->tape, pixel_leaf (self, 1, x, gx))), target->g, &score));
  a = rf_encoder_get_feature_map (self->encoder);
  places = a->dim[1] * a->dim[2];
  channels = a->dim[3];
  cam = g_new0 (double, places);
  for (gsize c = 0; c < channels; c++)
    {
      double weight = 0;

      for (gsize p = 0; p < places; p++)
        weight += target->scale * (double) a->g[p * channels + c] / (double) places;
      for (gsize p = 0; p < places; p++)
        cam[p] += weight * (double) a->x[p * channels + c];
    }
  for (gsize p = 0; p < places; p++)
    cam[p] = MAX (cam[p], 0);
  map = rf_saliency_new_from_pixels (cam, (guint) a->dim[1], (guint) a->dim[1]);
  map->whole = target->scale * score;
  map->covered = NAN;
  map->evaluated = 1;
  g_mutex_unlock (&self->lock);
  return map;
}

/* Fills x with the n points between from and to at (k + 1/2) / n. */
static void
walk (const rf_real *from, const rf_real *to, gsize length, guint first, guint count, guint n, rf_real *x)
{
  for (guint k = 0; k < count; k++)
    for (gsize e = 0; e < length; e++)
      x[k * length + e] = from[e] + (to[e] - from[e]) * ((rf_real) (first + k) + (rf_real) 0.5) / (rf_real) n;
}

static double
score_pixels (RfLens *self, const RfPictureTarget *target, rf_real *x)
{
  double score;

  begin (self, FALSE);
  add_up (self, finish (self, rf_encoder_run_pixels (self->encoder, self->tape, pixel_leaf (self, 1, x, NULL))), target->g, &score);
  return target->scale * score;
}

static double
find_gap (double sum, double whole, double baseline)
{
  double size = MAX (fabs (whole), fabs (baseline));

  return size > 0 ? fabs (sum - (whole - baseline)) / size : 0;
}

RfSaliency *
rf_lens_integrated_gradients (RfLens *self, const RfPictureTarget *target, const guint8 *rgb, RfSaliencyFill baseline, guint n, guint cells,
                              double *gap)
{
  guint side = get_side (self);
  gsize length = (gsize) side * side * 3;
  g_autofree guint8 *fill = rf_saliency_make_fill (rgb, side, baseline);
  g_autofree rf_real *x = g_new (rf_real, length), *from = g_new (rf_real, length);
  g_autofree rf_real *points = g_new (rf_real, BATCH * length), *g = g_new (rf_real, BATCH * length);
  g_autofree double *pixels = g_new0 (double, (gsize) side * side);
  RfSaliency *map;
  double sum = 0;

  g_mutex_lock (&self->lock);
  rf_encoder_normalise (self->encoder, rgb, x);
  rf_encoder_normalise (self->encoder, fill, from);
  for (guint first = 0; first < n; first += BATCH)
    {
      guint count = MIN (BATCH, n - first);

      begin (self, TRUE);
      walk (from, x, length, first, count, n, points);
      memset (g, 0, count * length * sizeof *g);
      rf_tape_backward (self->tape, add_up (self, finish (self, rf_encoder_run_pixels (self->encoder, self->tape, pixel_leaf (self, count, points, g))), target->g, NULL));
      for (guint k = 0; k < count; k++)
        for (gsize e = 0; e < length; e++)
          pixels[e / 3] += target->scale * (double) (x[e] - from[e]) * (double) g[k * length + e] / n;
    }
  for (gsize p = 0; p < (gsize) side * side; p++)
    sum += pixels[p];
  map = rf_saliency_new_from_pixels (pixels, side, cells);
  map->whole = score_pixels (self, target, x);
  map->covered = score_pixels (self, target, from);
  map->evaluated = n + 2;
  if (gap)
    *gap = find_gap (sum, map->whole, map->covered);
  g_mutex_unlock (&self->lock);
  return map;
}

/* --- words --- */

/* A text as the network reads it. */
typedef struct
{
  guint n;         /* known words within reach */
  guint32 *word;
  guint *token;    /* their places in the list of tokens */
} Reading;

static void
reading_clear (Reading *r)
{
  g_free (r->word);
  g_free (r->token);
}

static Reading
read_text (RfLens *self, const char *text, RfTokens *out)
{
  RfTokenList *list = rf_token_list_new ();
  Reading r = { 0 };
  guint reach = rf_encoder_get_input (self->encoder)->max_words;

  rf_tokenizer_run (self->tokenizer, text, list);
  r.word = g_new (guint32, list->tokens->len + 1);
  r.token = g_new (guint, list->tokens->len + 1);
  for (guint t = 0; t < list->tokens->len; t++)
    {
      const RfToken *token = rf_token_list_get (list, t);
      RfTokenShare share = { token->begin, token->end, rf_vocab_find (self->data->vocab, rf_token_list_get_word (list, t)), 0, 0 };

      if (share.word != RF_NO_WORD && r.n < reach)
        {
          r.word[r.n] = share.word;
          r.token[r.n++] = t;
        }
      g_array_append_val (out->tokens, share);
    }
  rf_token_list_free (list);
  return r;
}

/* g . h of n texts of the same length given as vectors (length, n, width); with gradients where gx is. */
static void
run_vectors (RfLens *self, const float *direction, guint length, guint n, rf_real *x, rf_real *gx, double *scores)
{
  g_autofree guint32 *lengths = g_new (guint32, n);
  RfTensor *leaf, *loss;

  for (guint k = 0; k < n; k++)
    lengths[k] = length;
  begin (self, gx != NULL);
  leaf = rf_leaf_3d (self->tape, length, n, rf_encoder_get_word_width (self->encoder), x, gx);
  loss = add_up (self, finish (self, rf_encoder_run_vectors (self->encoder, self->tape, leaf, lengths)), direction, scores);
  if (gx)
    rf_tape_backward (self->tape, loss);
}

static double
score_words (RfLens *self, const float *direction, const guint32 *words, guint n, guint without)
{
  guint width = rf_encoder_get_word_width (self->encoder), length = 0;
  const rf_real *table = rf_encoder_get_word_vectors (self->encoder, rf_net_get_params (self->net));
  g_autofree rf_real *x = g_new0 (rf_real, (gsize) (n + 1) * width);
  double score;

  for (guint t = 0; t < n; t++)
    if (t != without)
      memcpy (x + (gsize) length++ * width, table + (gsize) words[t] * width, width * sizeof *x);
  run_vectors (self, direction, MAX (length, 1), 1, x, NULL, &score); /* without any word: a vector of zeros */
  return score;
}

/* Integrated gradients of every word vector, from zeros: shares per word; returns S(text) - S(zeros) as they sum. */
static void
integrate_words (RfLens *self, const float *direction, double scale, const Reading *r, guint n, double *share)
{
  guint width = rf_encoder_get_word_width (self->encoder);
  const rf_real *table = rf_encoder_get_word_vectors (self->encoder, rf_net_get_params (self->net));
  gsize all = (gsize) r->n * n * width;
  g_autofree rf_real *x = g_new (rf_real, all), *gx = g_new0 (rf_real, all);

  for (guint t = 0; t < r->n; t++)
    for (guint k = 0; k < n; k++)
      for (guint c = 0; c < width; c++)
        x[((gsize) t * n + k) * width + c] = table[(gsize) r->word[t] * width + c] * ((rf_real) k + (rf_real) 0.5) / (rf_real) n;
  run_vectors (self, direction, r->n, n, x, gx, NULL);
  for (guint t = 0; t < r->n; t++)
    {
      share[t] = 0;
      for (guint k = 0; k < n; k++)
        for (guint c = 0; c < width; c++)
          share[t] += scale * (double) table[(gsize) r->word[t] * width + c] * (double) gx[((gsize) t * n + k) * width + c] / n;
    }
}

RfTokens *
rf_lens_tokens (RfLens *self, const RfTaste *taste, const char *text, guint n)
{
  RfTokens *out = g_new0 (RfTokens, 1);
  g_autofree double *share = NULL;
  double whole, sum = 0;
  Reading r;

  out->tokens = g_array_new (FALSE, TRUE, sizeof (RfTokenShare));
  g_mutex_lock (&self->lock);
  r = read_text (self, text, out);
  whole = score_words (self, taste->g, r.word, r.n, G_MAXUINT);
  out->contribution = taste->scale * (whole - taste->base) + taste->offset;
  share = g_new0 (double, r.n + 1);
  if (r.n > 0)
    integrate_words (self, taste->g, taste->scale, &r, n, share);
  for (guint t = 0; t < r.n; t++)
    {
      RfTokenShare *token = &g_array_index (out->tokens, RfTokenShare, r.token[t]);

      token->share = share[t];
      token->without = taste->scale * (whole - score_words (self, taste->g, r.word, r.n, t));
      sum += share[t];
    }
  out->constant = out->contribution - sum;
  g_mutex_unlock (&self->lock);
  reading_clear (&r);
  return out;
}
