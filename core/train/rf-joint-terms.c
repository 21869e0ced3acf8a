/* rf-joint-terms.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/train/rf-joint-terms.h"

#include <math.h>
#include <string.h>

#define CHUNK    1024
#define N_TITLES 8  /* examples of what the decoder writes */
#define TOP_K    10 /* of the drawn ones */

struct _RfJointTerms
{
  RfNet *net;
  const RfCatalog *catalog;
  RfAuxiliary *auxiliary;
  RfCsr *ratings; /* users x items, the training part */
  guint64 seed;
  guint epoch;    /* of the sums */
  double *sum;    /* per term */
  guint n;        /* batches in the sums */
};

/* Raw ratings of the training pairs; of several records the first one counts. */
static RfCsr *
collect_ratings (const RfCatalog *catalog, const RfCsr *train)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  g_autofree guint32 *user = NULL, *item = NULL;
  g_autofree float *rating = NULL;
  gsize n = 0;

  if (x->rating == NULL)
    return NULL;
  user = g_new (guint32, x->n + 1);
  item = g_new (guint32, x->n + 1);
  rating = g_new (float, x->n + 1);
  for (gsize e = 0; e < x->n; e++)
    if (!isnan (x->rating[e]) && rf_csr_contains (train, x->user[e], x->item[e]))
      {
        user[n] = x->user[e];
        item[n] = x->item[e];
        rating[n++] = x->rating[e];
      }
  return rf_csr_new_from_pairs (train->rows, train->cols, n, user, item, rating);
}

RfJointTerms *
rf_joint_terms_new (RfNet *net, const RfCatalog *catalog, const RfSplit *split, const RfConfig *config, GError **error)
{
  g_autoptr(RfJointTerms) self = g_new0 (RfJointTerms, 1);
  const RfNetInput *input = rf_net_get_input (net);
  const char *names[RF_MAX_MODALITIES];

  for (guint m = 0; m < input->n_modalities; m++)
    names[m] = input->input[m].name;
  self->net = net;
  self->catalog = catalog;
  self->seed = (guint64) rf_config_get_int (config, "seed");
  self->auxiliary = rf_auxiliary_new (catalog, config, input->n_modalities, names, rf_net_get_options (net)->dim, rf_net_get_params (net), error);
  if (self->auxiliary == NULL)
    return NULL;
  self->sum = g_new0 (double, rf_auxiliary_get_n_terms (self->auxiliary) + 1);
  if (rf_auxiliary_has (self->auxiliary, "rating"))
    self->ratings = collect_ratings (catalog, split->part[RF_PART_TRAIN]);
  return g_steal_pointer (&self);
}

void
rf_joint_terms_free (RfJointTerms *self)
{
  if (self == NULL)
    return;
  rf_auxiliary_free (self->auxiliary);
  rf_csr_free (self->ratings);
  g_free (self->sum);
  g_free (self);
}

static float
find_rating (const RfCsr *ratings, guint32 user, guint32 item)
{
  for (gsize e = ratings->ptr[user]; e < ratings->ptr[user + 1]; e++)
    if (ratings->idx[e] == item)
      return ratings->val[e];
  return NAN;
}

/* One vector per user: the mean over modalities where it has one for each. */
static RfTensor *
one_vector (RfNet *net, RfTape *tape, RfTensor *users)
{
  guint d = rf_net_get_options (net)->dim, n = rf_net_get_user_width (net) / d;
  RfTensor *sum = n > 1 ? rf_slice_cols (tape, users, 0, d) : users;

  for (guint m = 1; m < n; m++)
    sum = rf_add (tape, sum, rf_slice_cols (tape, users, m * d, d));
  return n > 1 ? rf_scale (tape, sum, 1.0 / n) : sum;
}

static void
add_pairs (RfJointTerms *self, const RfNetBatch *batch, RfAuxBatch *aux)
{
  const RfSample *s = batch->sample;
  float *rating;

  if (self->ratings == NULL || batch->users == NULL || batch->items->z == NULL)
    return;
  rating = rf_tape_scratch (batch->tape, s->n * sizeof *rating);
  for (gsize k = 0; k < s->n; k++)
    rating[k] = find_rating (self->ratings, s->user[k], s->item[k]);
  aux->n_pairs = s->n;
  aux->pair_user = one_vector (self->net, batch->tape, batch->users);
  aux->pair_item = rf_rows (batch->tape, batch->items->z, s->pos_slot, s->n);
  aux->pair_rating = rating;
}

static RfTensor *
term (const RfNetBatch *batch, void *data)
{
  RfJointTerms *self = data;
  guint n = rf_auxiliary_get_n_terms (self->auxiliary);
  g_autofree double *parts = g_new0 (double, n + 1);
  RfAuxBatch aux = { .tape = batch->tape, .items = batch->items->items, .n = batch->items->n, .n_modalities = rf_net_get_input (self->net)->n_modalities,
                     .mask = batch->items->mask, .z = batch->items->z, .seed = self->seed, .stream = batch->stream };
  RfTensor *loss;

  memcpy (aux.h, batch->items->h, sizeof aux.h);
  add_pairs (self, batch, &aux);
  loss = rf_auxiliary_loss (self->auxiliary, &aux, parts);
  if (batch->epoch != self->epoch)
    {
      memset (self->sum, 0, n * sizeof *self->sum);
      self->n = 0;
      self->epoch = batch->epoch;
    }
  for (guint k = 0; k < n; k++)
    self->sum[k] += parts[k];
  self->n++;
  return loss;
}

void
rf_joint_terms_attach (RfJointTerms *self, RfNetTrainer *trainer)
{
  if (!rf_auxiliary_is_empty (self->auxiliary))
    rf_net_trainer_set_term (trainer, term, self);
}

/* ---- afterwards ---- */

typedef struct
{
  RfMatrix *h[RF_MAX_MODALITIES], *z;
} Vectors;

static void
copy_rows (RfMatrix *to, gsize first, const RfTensor *from)
{
  for (gsize e = 0; e < from->len; e++)
    to->x[first * to->cols + e] = (float) from->x[e];
}

static void
encode_all (RfNet *net, Vectors *v)
{
  const RfNetInput *input = rf_net_get_input (net);
  gsize n = input->n_items, d = rf_net_get_options (net)->dim;
  g_autofree guint32 *all = g_new (guint32, n + 1);
  RfTape *tape = rf_tape_new ();

  rf_tape_set_recording (tape, false);
  rf_tape_set_training (tape, false);
  for (guint32 i = 0; i < n; i++)
    all[i] = i;
  for (guint m = 0; m < input->n_modalities; m++)
    v->h[m] = rf_matrix_new (n, d);
  for (gsize first = 0; first < n; first += CHUNK)
    {
      RfNetItems items;

      rf_tape_reset (tape);
      rf_tape_bind (tape, rf_net_get_params (net), NULL);
      rf_net_begin (net, tape);
      rf_net_encode (net, tape, all + first, MIN (CHUNK, n - first), 0, FALSE, &items);
      for (guint m = 0; m < input->n_modalities; m++)
        copy_rows (v->h[m], first, items.h[m]);
      if (items.z && v->z == NULL)
        v->z = rf_matrix_new (n, d);
      if (items.z)
        copy_rows (v->z, first, items.z);
    }
  rf_tape_free (tape);
}

static void
add_loss (const RfJointTerms *self, JsonBuilder *b)
{
  json_builder_set_member_name (b, "loss");
  json_builder_begin_object (b);
  for (guint k = 0; k < rf_auxiliary_get_n_terms (self->auxiliary); k++)
    {
      json_builder_set_member_name (b, rf_auxiliary_get_name (self->auxiliary, k));
      json_builder_add_double_value (b, self->n ? self->sum[k] / self->n : 0);
    }
  json_builder_end_object (b);
}

/* learned: the items that the terms learned from; facts are among what was learned only. */
static void
add_measures_of (const RfJointTerms *self, const RfAuxVectors *vectors, const guint8 *keep, gboolean learned, JsonBuilder *b)
{
  g_autoptr(GArray) measures = rf_auxiliary_measure (self->auxiliary, vectors, keep);

  for (guint k = 0; k < measures->len; k++)
    {
      const RfAuxMeasure *measure = &g_array_index (measures, RfAuxMeasure, k);

      if (!isfinite (measure->value) || (!learned && g_str_has_prefix (measure->name, "kg.")))
        continue;
      json_builder_set_member_name (b, measure->name);
      json_builder_add_double_value (b, measure->value);
    }
}

static void
add_measures (const RfJointTerms *self, const Vectors *v, JsonBuilder *b)
{
  const RfNetInput *input = rf_net_get_input (self->net);
  const guint8 *held_out = rf_auxiliary_get_held_out (self->auxiliary);
  RfAuxVectors vectors = { .z = v->z };
  g_autofree guint8 *seen = g_new (guint8, (gsize) input->n_items + 1);
  gint64 n_held_out = 0;

  for (guint m = 0; m < input->n_modalities; m++)
    {
      vectors.h[m] = v->h[m];
      vectors.available[m] = input->input[m].available;
    }
  for (guint32 i = 0; i < input->n_items; i++)
    {
      seen[i] = held_out == NULL || !held_out[i];
      n_held_out += !seen[i];
    }
  json_builder_set_member_name (b, "measures");
  json_builder_begin_object (b);
  add_measures_of (self, &vectors, seen, TRUE, b);
  json_builder_end_object (b);
  if (n_held_out == 0)
    return;
  json_builder_set_member_name (b, "held_out");
  json_builder_begin_object (b);
  json_builder_set_member_name (b, "items");
  json_builder_add_int_value (b, n_held_out);
  add_measures_of (self, &vectors, held_out, FALSE, b);
  json_builder_end_object (b);
}

static void
add_text (JsonBuilder *b, const char *name, char *text)
{
  json_builder_set_member_name (b, name);
  json_builder_add_string_value (b, text);
  g_free (text);
}

/* Titles of items spread over the catalog: the true one, the likeliest, and one drawn from the likely words. */
static void
add_titles (const RfJointTerms *self, const Vectors *v, JsonBuilder *b)
{
  const RfDecoder *decoder = rf_auxiliary_get_decoder (self->auxiliary);
  const guint8 *held_out = rf_auxiliary_get_held_out (self->auxiliary);
  guint32 n = rf_net_get_input (self->net)->n_items, step = MAX (1, n / N_TITLES);

  if (decoder == NULL || v->z == NULL)
    return;
  json_builder_set_member_name (b, "titles");
  json_builder_begin_array (b);
  for (guint32 i = step / 2; i < n; i += step)
    {
      if (!rf_decoder_has_title (decoder, i))
        continue;
      json_builder_begin_object (b);
      add_text (b, "item", g_strdup (rf_catalog_get_item_id (self->catalog, i)));
      add_text (b, "title", rf_decoder_get_title (decoder, i));
      add_text (b, "greedy", rf_decoder_write (decoder, rf_matrix_row (v->z, i), 1, self->seed, i));
      add_text (b, "drawn", rf_decoder_write (decoder, rf_matrix_row (v->z, i), TOP_K, self->seed, i));
      json_builder_set_member_name (b, "held_out");
      json_builder_add_boolean_value (b, held_out && held_out[i]);
      json_builder_end_object (b);
    }
  json_builder_end_array (b);
}

JsonNode *
rf_joint_terms_to_json (RfJointTerms *self)
{
  g_autoptr(JsonBuilder) b = json_builder_new ();
  Vectors v = { { NULL }, NULL };

  if (rf_auxiliary_is_empty (self->auxiliary))
    return NULL;
  encode_all (self->net, &v);
  json_builder_begin_object (b);
  add_loss (self, b);
  add_measures (self, &v, b);
  add_titles (self, &v, b);
  json_builder_end_object (b);
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    rf_matrix_free (v.h[m]);
  rf_matrix_free (v.z);
  return json_builder_get_root (b);
}
