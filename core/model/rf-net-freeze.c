/* rf-net-freeze.c: the state of a network as tables of numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/model/rf-net-private.h"

#define CHUNK        1024
#define FOLD_WEIGHT  0.05 /* of items that were not chosen, in folding a history in (Hu, Koren, Volinsky 2008) */
#define FOLD_RIDGE   0.1  /* of the mean diagonal */
#define FOLD_SAMPLE  1000 /* users that find the scale of folded vectors */

typedef struct
{
  RfNet *net;
  RfTape *tape;
  guint32 *all;                             /* 0, 1, 2, ... */
  RfMatrix *value[RF_MAX_MODALITIES];       /* n_items x d */
  RfMatrix *query[RF_MAX_MODALITIES];
  float *lift[RF_MAX_MODALITIES];
  RfMatrix *table[1 << RF_MAX_UNSPLIT];     /* per coalition */
  RfMatrix *fused;                          /* n_items x user width: what a folded user is fitted to */
  RfMatrix *user, *key;                     /* n_users x width or NULL; n_items x width */
  gboolean averaged;
} Freeze;

static void
copy_rows (RfMatrix *to, gsize first, const RfTensor *from)
{
  for (gsize e = 0; e < from->len; e++)
    to->x[first * to->cols + e] = (float) from->x[e];
}

/* ---- items ---- */

static RfTensor *
head_side (RfNet *net, RfTape *tape, RfTensor *z)
{
  return net->options.head == RF_HEAD_MLP ? rf_linear (tape, z, rf_param (tape, net->head[1]), rf_param (tape, net->head[2])) : z;
}

/* The item table of every coalition. */
static void
freeze_coalitions (Freeze *f, gsize first, RfNetItems *items)
{
  RfNet *net = f->net;
  guint m_count = net->in.n_modalities;
  g_autofree guint8 *there = g_memdup2 (items->mask, items->n * m_count);

  for (guint t = 0; t < 1u << m_count; t++)
    {
      for (gsize k = 0; k < items->n; k++)
        for (guint m = 0; m < m_count; m++)
          items->mask[k * m_count + m] = there[k * m_count + m] && t & 1u << m;
      rf_net_fuse (net, f->tape, items);
      copy_rows (f->table[t], first, head_side (net, f->tape, items->z));
    }
  copy_rows (f->fused, first, items->z); /* the last coalition is the whole */
}

/* Part m of the concatenation's linear map, times the number of modalities there, because attention will be 1 over that number. */
static void
freeze_concat (Freeze *f, gsize first, const RfNetItems *items)
{
  RfNet *net = f->net;
  guint m_count = net->in.n_modalities;
  gsize d = net->options.dim;
  RfTensor *weight = rf_param (f->tape, net->concat[2]);

  for (guint m = 0; m < m_count; m++)
    {
      RfTensor *part = rf_matmul (f->tape, items->h[m], false, rf_slice_rows (f->tape, weight, m * d, d), false);

      copy_rows (f->value[m], first, part);
      for (gsize k = 0; k < items->n; k++)
        {
          guint n_there = 0;

          for (guint o = 0; o < m_count; o++)
            n_there += items->mask[k * m_count + o];
          cblas_sscal ((int) d, (float) n_there, rf_matrix_row (f->value[m], first + k), 1);
        }
    }
}

/* Gates per dimension: attention is the mean gate's share, and the item vector is scaled so that their product stays. */
static void
freeze_gates (Freeze *f, gsize first, const RfNetItems *items)
{
  RfNet *net = f->net;
  guint m_count = net->in.n_modalities;
  gsize d = net->options.dim;
  RfTensor *gate[RF_MAX_MODALITIES];

  for (guint m = 0; m < m_count; m++)
    gate[m] = rf_sigmoid (f->tape, rf_linear (f->tape, items->h[m], rf_param (f->tape, net->map[m]), rf_param (f->tape, net->map_bias[m])));
  for (gsize k = 0; k < items->n; k++)
    {
      double mean[RF_MAX_MODALITIES] = { 0 }, sum = 0;

      for (guint m = 0; m < m_count; m++)
        {
          for (gsize c = 0; c < d; c++)
            mean[m] += (double) gate[m]->x[k * d + c] / (double) d;
          mean[m] = items->mask[k * m_count + m] ? MAX (mean[m], 1e-6) : 0;
          sum += mean[m];
        }
      for (guint m = 0; m < m_count; m++)
        {
          f->lift[m][first + k] = sum > 0 ? (float) (mean[m] / sum) : 0;
          for (gsize c = 0; c < d && mean[m] > 0; c++)
            rf_matrix_row (f->value[m], first + k)[c] = (float) ((double) items->h[m]->x[k * d + c] * (double) gate[m]->x[k * d + c] * sum / mean[m]);
        }
    }
}

static void
freeze_chunk (Freeze *f, gsize first, RfNetItems *items)
{
  RfNet *net = f->net;
  guint m_count = net->in.n_modalities;

  if (!rf_net_splits (net))
    {
      freeze_coalitions (f, first, items);
      return;
    }
  for (guint m = 0; m < m_count; m++)
    {
      for (gsize k = 0; k < items->n; k++)
        f->lift[m][first + k] = items->mask[k * m_count + m] ? items->weights ? (float) items->weights->x[k * m_count + m] : 1.0f : 0.0f;
      copy_rows (f->value[m], first, items->h[m]);
      if (items->query[m])
        copy_rows (f->query[m], first, items->query[m]);
    }
  if (net->options.fusion == RF_FUSION_CONCAT)
    freeze_concat (f, first, items);
  else if (net->options.fusion == RF_FUSION_GATE)
    freeze_gates (f, first, items);
  if (items->table)
    copy_rows (f->fused, first, items->table);
  else
    for (guint m = 0; m < m_count; m++) /* user-attention: a mean over modalities stands in, for folding in only */
      for (gsize k = 0; k < items->n; k++)
        cblas_saxpy ((int) net->options.dim, f->lift[m][first + k] / (float) m_count, rf_matrix_row (f->value[m], first + k), 1,
                     rf_matrix_row (f->fused, first + k) + (rf_net_user_per_modality (net) ? m * net->options.dim : 0), 1);
}

static void
freeze_items (Freeze *f)
{
  RfNet *net = f->net;
  gsize n = net->in.n_items, d = net->options.dim, width = net->options.head == RF_HEAD_MLP ? net->options.hidden : d;

  f->fused = rf_matrix_new (n, rf_net_get_user_width (net));
  for (guint m = 0; m < net->in.n_modalities; m++)
    {
      f->value[m] = rf_matrix_new (n, d);
      f->lift[m] = rf_floats_new (n);
      if (net->options.fusion == RF_FUSION_USER_ATTENTION)
        f->query[m] = rf_matrix_new (n, d);
    }
  for (guint t = 0; !rf_net_splits (net) && t < 1u << net->in.n_modalities; t++)
    f->table[t] = rf_matrix_new (n, width);
  for (gsize first = 0; first < n; first += CHUNK)
    {
      RfNetItems items;

      rf_tape_reset (f->tape);
      rf_tape_bind (f->tape, net->params, NULL);
      rf_net_begin (net, f->tape);
      rf_net_encode (net, f->tape, f->all + first, MIN (CHUNK, n - first), 0, FALSE, &items);
      freeze_chunk (f, first, &items);
    }
}

/* ---- users ---- */

static RfMatrix *
matrix_of_param (RfNet *net, int index)
{
  const RfParam *param = rf_params_get (net->params, index);
  const rf_real *x = rf_params_values (net->params, index);
  RfMatrix *matrix = rf_matrix_new (param->dim[0], param->dim[1]);

  for (gsize e = 0; e < param->len; e++)
    matrix->x[e] = (float) x[e];
  return matrix;
}

/* Vectors of all users by the network itself. */
static RfMatrix *
run_users (Freeze *f)
{
  RfNet *net = f->net;
  RfMatrix *user = rf_matrix_new (net->in.n_users, rf_net_get_user_width (net));
  g_autofree guint32 *numbers = g_new (guint32, net->in.n_users + 1);

  for (guint32 u = 0; u < net->in.n_users; u++)
    numbers[u] = u;
  for (gsize first = 0; first < net->in.n_users; first += CHUNK)
    {
      rf_tape_reset (f->tape);
      rf_tape_bind (f->tape, net->params, NULL);
      rf_net_begin (net, f->tape);
      copy_rows (user, first, rf_net_users (net, f->tape, numbers + first, MIN (CHUNK, net->in.n_users - first)));
    }
  return user;
}

/* p = A^-1 sum of the history's item vectors, A = w Z'Z + ridge: the user vector of implicit least squares, up to its scale. */
static void
fold_in_keys (Freeze *f)
{
  gsize width = f->fused->cols, n = f->fused->rows;
  g_autoptr(RfMatrix) gram = rf_matrix_new (width, width);
  double trace = 0;

  cblas_sgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (int) width, (int) width, (int) n, (float) FOLD_WEIGHT, f->fused->x, (int) width, f->fused->x,
               (int) width, 0, gram->x, (int) width);
  for (gsize c = 0; c < width; c++)
    trace += (double) gram->x[c * width + c];
  for (gsize c = 0; c < width; c++)
    gram->x[c * width + c] += (float) (FOLD_RIDGE * trace / (double) width + 1e-6);
  f->key = rf_matrix_new (n, width);
  if (!rf_spd_inverse (width, gram->x, NULL))
    return; /* a network that knows nothing yet: folded users are zeros */
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) n, (int) width, (int) width, 1, f->fused->x, (int) width, gram->x, (int) width, 0,
               f->key->x, (int) width);
}

/* The factor by which folded vectors come nearest to the users' own. */
static void
scale_keys (Freeze *f)
{
  const RfCsr *train = f->net->in.train;
  gsize width = f->key->cols;
  double cross = 0, square = 0;
  g_autofree float *folded = g_new (float, width + 1);
  guint32 step = MAX (1, f->net->in.n_users / FOLD_SAMPLE);

  for (guint32 u = 0; u < f->net->in.n_users; u += step)
    {
      memset (folded, 0, width * sizeof *folded);
      for (gsize j = 0; j < rf_csr_row_length (train, u); j++)
        cblas_saxpy ((int) width, 1, rf_matrix_row (f->key, rf_csr_row (train, u)[j]), 1, folded, 1);
      cross += (double) cblas_sdot ((int) width, folded, 1, rf_matrix_row (f->user, u), 1);
      square += (double) cblas_sdot ((int) width, folded, 1, folded, 1);
    }
  if (square > 0 && cross > 0)
    cblas_sscal ((int) (f->key->rows * width), (float) (cross / square), f->key->x, 1);
}

static void
freeze_users (Freeze *f)
{
  RfNet *net = f->net;

  if (net->options.user == RF_USER_HISTORY && net->graph < 0)
    {
      f->key = matrix_of_param (net, net->user);
      f->averaged = TRUE;
    }
  else if (net->options.user == RF_USER_CONTENT)
    {
      g_autoptr(RfMatrix) weight = matrix_of_param (net, net->user);
      const RfMatrix *x = net->in.input[0].x;

      f->key = rf_matrix_new (x->rows, weight->cols);
      cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) x->rows, (int) weight->cols, (int) x->cols, 1, x->x, (int) x->cols, weight->x,
                   (int) weight->cols, 0, f->key->x, (int) weight->cols);
      f->averaged = TRUE;
    }
  else
    {
      f->user = run_users (f);
      fold_in_keys (f);
      scale_keys (f);
    }
}

/* rows x width -> rows x hidden through the MLP head's user side. */
static RfMatrix *
through_head (RfNet *net, const RfMatrix *x)
{
  g_autoptr(RfMatrix) weight = matrix_of_param (net, net->head[0]);
  RfMatrix *out = rf_matrix_new (x->rows, weight->cols);

  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (int) x->rows, (int) weight->cols, (int) x->cols, 1, x->x, (int) x->cols, weight->x,
               (int) weight->cols, 0, out->x, (int) weight->cols);
  return out;
}

static RfMatrix *
columns (const RfMatrix *x, gsize first, gsize count)
{
  RfMatrix *part = rf_matrix_new (x->rows, count);

  for (gsize r = 0; r < x->rows; r++)
    memcpy (rf_matrix_row (part, r), rf_matrix_row (x, r) + first, count * sizeof (float));
  return part;
}

/* The user's side for one channel: shared by all, or modality m's own columns. */
typedef struct
{
  RfMatrix *user[RF_MAX_MODALITIES], *key[RF_MAX_MODALITIES];
} Sides;

static void
make_sides (const Freeze *f, Sides *sides)
{
  RfNet *net = f->net;
  gsize d = net->options.dim;

  for (guint m = 0; m < net->in.n_modalities; m++)
    {
      if (net->options.head == RF_HEAD_MLP)
        {
          if (f->user)
            sides->user[m] = m ? rf_matrix_ref (sides->user[0]) : through_head (net, f->user);
          sides->key[m] = m ? rf_matrix_ref (sides->key[0]) : through_head (net, f->key);
        }
      else if (rf_net_user_per_modality (net))
        {
          sides->user[m] = f->user ? columns (f->user, m * d, d) : NULL;
          sides->key[m] = columns (f->key, m * d, d);
        }
      else
        {
          sides->user[m] = f->user ? rf_matrix_ref (f->user) : NULL;
          sides->key[m] = rf_matrix_ref (f->key);
        }
    }
}

static void
sides_clear (Sides *sides)
{
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      rf_matrix_free (sides->user[m]);
      rf_matrix_free (sides->key[m]);
    }
}

/* ---- the model ---- */

static guint8 *
known_users (const RfNet *net)
{
  guint8 *known = g_new (guint8, net->in.n_users + 1);

  for (guint32 u = 0; u < net->in.n_users; u++)
    known[u] = rf_csr_row_length (net->in.train, u) > 0;
  return known;
}

static RfChannel *
make_channel (const Freeze *f, const Sides *sides, guint m, RfMatrix *value, const guint8 *available)
{
  guint32 n = f->net->in.n_items;
  guint8 *mask = g_malloc (n + 1);
  RfChannel *channel;

  if (available)
    memcpy (mask, available, n);
  else
    memset (mask, 1, n);
  channel = rf_channel_new_factors (rf_fusion_get_name (f->net->options.fusion), rf_matrix_ref (sides->key[m]), rf_matrix_ref (value), mask);
  rf_channel_set_averaged (channel, f->averaged);
  if (sides->user[m])
    rf_channel_set_users (channel, rf_matrix_ref (sides->user[m]), known_users (f->net));
  return channel;
}

static float *
item_bias (RfNet *net)
{
  float *bias = g_new0 (float, net->in.n_items + 1);

  if (net->options.bias)
    for (guint32 i = 0; i < net->in.n_items; i++)
      bias[i] = (float) rf_params_values (net->params, net->bias)[i];
  return bias;
}

/* Late fusion is the default model's form with the same weight for every standardised channel. */
static RfModel *
make_late (RfNet *net, const char *const *names, RfChannel *const *channels, const float *popularity)
{
  RfAttention neutral = { .temperature = 1 };

  return rf_model_new_late (net->in.n_modalities, names, channels, &neutral, popularity);
}

static RfModel *
make_model (Freeze *f)
{
  RfNet *net = f->net;
  guint m_count = net->in.n_modalities;
  Sides sides = { 0 };
  const char *names[RF_MAX_MODALITIES];
  RfChannel *channels[RF_MAX_MODALITIES] = { NULL }, *query[RF_MAX_MODALITIES] = { NULL }, *coalition[1 << RF_MAX_UNSPLIT] = { NULL };
  g_autofree float *popularity = rf_model_popularity_from (net->in.train), *bias = item_bias (net), *head = NULL;
  gboolean splits = rf_net_splits (net);
  RfModel *model;

  make_sides (f, &sides);
  for (guint m = 0; m < m_count; m++)
    {
      names[m] = net->in.input[m].name;
      channels[m] = make_channel (f, &sides, m, splits ? f->value[m] : f->table[1u << m], net->in.input[m].available);
      if (f->query[m])
        query[m] = make_channel (f, &sides, m, f->query[m], net->in.input[m].available);
      if (!splits) /* attention says how many modalities an item has, no more */
        for (guint32 i = 0; i < net->in.n_items; i++)
          f->lift[m][i] = net->in.input[m].available[i];
    }
  for (guint t = 0; !splits && t < 1u << m_count; t++)
    coalition[t] = make_channel (f, &sides, 0, f->table[t], NULL);
  if (net->options.head == RF_HEAD_MLP)
    {
      head = g_new (float, net->options.hidden);
      for (guint h = 0; h < net->options.hidden; h++)
        head[h] = (float) rf_params_values (net->params, net->head[3])[h];
    }
  if (net->options.fusion == RF_FUSION_LATE)
    model = make_late (net, names, channels, popularity);
  else
    model = rf_model_new_joint (&(RfJointParts) { .fusion = rf_fusion_get_name (net->options.fusion), .n_modalities = m_count, .names = names,
                                                  .channels = channels, .lift = (const float *const *) f->lift, .query = query[0] ? query : NULL,
                                                  .bias = bias, .popularity = popularity, .coalition = splits ? NULL : coalition, .head = head });
  for (guint m = 0; m < m_count; m++)
    {
      rf_channel_unref (channels[m]);
      rf_channel_unref (query[m]);
    }
  for (guint t = 0; t < G_N_ELEMENTS (coalition); t++)
    rf_channel_unref (coalition[t]);
  sides_clear (&sides);
  return model;
}

/* Tables of users and items are in the channels; what reads new items and pixels, and what terms of the loss learned, is kept, too. */
static gboolean
is_kept (const RfParam *param)
{
  return !param->rows || g_str_has_suffix (param->name, ".words");
}

static void
keep_parameters (RfNet *net, RfModel *model)
{
  for (int p = 0; p < rf_params_count (net->params); p++)
    {
      const RfParam *param = rf_params_get (net->params, p);
      const rf_real *x = rf_params_values (net->params, p);
      gsize cols = param->dim[param->ndim - 1];
      RfMatrix *tensor;

      if (!is_kept (param))
        continue;
      tensor = rf_matrix_new (param->len / cols, cols);
      for (gsize e = 0; e < param->len; e++)
        tensor->x[e] = (float) x[e];
      rf_model_add_tensor (model, param->name, tensor);
    }
}

gboolean
rf_net_load (RfNet *self, const RfModel *model, GError **error)
{
  for (int p = 0; p < rf_params_count (self->params); p++)
    {
      const RfParam *param = rf_params_get (self->params, p);
      const RfMatrix *tensor = rf_model_get_tensor (model, param->name);
      rf_real *x = rf_params_values (self->params, p);

      if (!is_kept (param))
        continue;
      if (tensor == NULL || tensor->rows * tensor->cols != param->len)
        {
          g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The model of this run lacks “%s” of its network, or it has another size; train again."), param->name);
          return FALSE;
        }
      for (gsize e = 0; e < param->len; e++)
        x[e] = (rf_real) tensor->x[e];
    }
  return TRUE;
}

RfModel *
rf_net_freeze (RfNet *self, RfTape *tape)
{
  Freeze f = { .net = self, .tape = tape, .all = g_new (guint32, self->in.n_items + 1) };
  RfModel *model;

  for (guint32 i = 0; i < self->in.n_items; i++)
    f.all[i] = i;
  rf_tape_set_recording (tape, false);
  rf_tape_set_training (tape, false);
  freeze_items (&f);
  freeze_users (&f);
  rf_tape_set_recording (tape, true);
  rf_tape_set_training (tape, true);
  model = make_model (&f);
  keep_parameters (self, model);
  rf_tape_reset (tape);
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      rf_matrix_free (f.value[m]);
      rf_matrix_free (f.query[m]);
      g_aligned_free (f.lift[m]);
    }
  for (guint t = 0; t < G_N_ELEMENTS (f.table); t++)
    rf_matrix_free (f.table[t]);
  rf_matrix_free (f.fused);
  rf_matrix_free (f.user);
  rf_matrix_free (f.key);
  g_free (f.all);
  return model;
}
