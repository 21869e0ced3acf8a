/* rf-auxiliary.c: the terms and their parameters, and the loss of a batch.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/base/rf-sort.h"
#include "core/model/rf-auxiliary-private.h"

#define MAX_CLASSES 512 /* the most frequent categories; the weights' gradients are dense */
#define HELD_OUT    0x68656c64u /* stream of the draw */

const char *
rf_aux_content_name (guint content)
{
  return content == RF_AUX_IMAGE ? "image" : "text";
}

RfTermMap
rf_aux_map (RfTape *tape, const RfAuxMap *map)
{
  RfTermMap bound = { .w = rf_param (tape, map->w), .b = rf_param (tape, map->b) };

  if (map->w1 >= 0)
    {
      bound.w1 = rf_param (tape, map->w1);
      bound.b1 = rf_param (tape, map->b1);
    }
  return bound;
}

static int
add_param (RfAuxiliary *self, const char *prefix, const char *name, int ndim, gsize d0, gsize d1)
{
  g_autofree char *full = g_strconcat (prefix, ".", name, NULL);

  return rf_params_add (self->params, full, ndim, (size_t[]) { d0, d1 }, ndim > 1 ? RF_INIT_XAVIER : RF_INIT_ZERO, 1);
}

static RfAuxMap
add_map (RfAuxiliary *self, const char *prefix, gsize in, gsize hidden, gsize out)
{
  RfAuxMap map = { -1, -1, -1, -1 };

  if (hidden > 0)
    {
      map.w1 = add_param (self, prefix, "hidden.weight", 2, in, hidden);
      map.b1 = add_param (self, prefix, "hidden.bias", 1, hidden, 0);
    }
  map.w = add_param (self, prefix, "weight", 2, hidden > 0 ? hidden : in, out);
  map.b = add_param (self, prefix, "bias", 1, out, 0);
  return map;
}

/* ---- which rows of the batch a term looks at ---- */

typedef gboolean (*RowFunc) (const RfAuxiliary *self, const RfAuxBatch *batch, gsize row, const int *modalities);

static gboolean
is_there (const RfAuxBatch *batch, gsize row, int modality)
{
  return batch->mask[row * batch->n_modalities + (gsize) modality] != 0;
}

/* All rows that func takes, or max of them drawn without replacement. *n is their number. */
static guint32 *
pick_rows (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream, RowFunc func, const int *modalities, gsize max, gsize *n)
{
  guint32 *rows = rf_tape_scratch (batch->tape, MAX (batch->n, 1) * sizeof *rows);
  RfRng rng = rf_rng_new (batch->seed, stream);

  *n = 0;
  for (gsize i = 0; i < batch->n; i++)
    if (func (self, batch, i, modalities))
      rows[(*n)++] = (guint32) i;
  if (*n <= max)
    return rows;
  for (gsize i = 0; i < max; i++)
    {
      gsize j = i + rf_rng_below (&rng, (guint32) (*n - i));
      guint32 row = rows[i];

      rows[i] = rows[j];
      rows[j] = row;
    }
  *n = max;
  return rows;
}

/* For each of n places another one, n > 1. */
static guint32 *
pick_others (const RfAuxBatch *batch, guint64 stream, gsize n)
{
  guint32 *other = rf_tape_scratch (batch->tape, n * sizeof *other);
  RfRng rng = rf_rng_new (batch->seed, rf_hash_mix (stream, 1));

  for (gsize i = 0; i < n; i++)
    other[i] = (guint32) ((i + 1 + rf_rng_below (&rng, (guint32) (n - 1))) % n);
  return other;
}

static gboolean
is_held_out (const RfAuxiliary *self, guint32 item)
{
  return self->held_out && self->held_out[item];
}

static gboolean
has_both (const RfAuxiliary *self, const RfAuxBatch *batch, gsize row, const int *modalities)
{
  return is_there (batch, row, modalities[0]) && is_there (batch, row, modalities[1]);
}

/* The fused vectors, or the mean of what is there. */
static RfTensor *
item_vectors (const RfAuxBatch *batch)
{
  gsize m = batch->n_modalities;
  RfTensor *weights;

  if (batch->z != NULL)
    return batch->z;
  weights = rf_constant_2d (batch->tape, batch->n, m);
  for (gsize i = 0; i < batch->n; i++)
    {
      guint there = 0;

      for (gsize k = 0; k < m; k++)
        there += is_there (batch, i, (int) k);
      for (gsize k = 0; k < m; k++)
        weights->x[i * m + k] = is_there (batch, i, (int) k) ? 1 / (rf_real) there : 0;
    }
  return rf_mix (batch->tape, weights, (int) m, batch->h);
}

static RfTensor *
mean_of (RfTape *tape, RfTensor *sum, guint n)
{
  return n > 1 ? rf_scale (tape, sum, 1.0 / n) : sum;
}

static RfTensor *
plus (RfTape *tape, RfTensor *sum, RfTensor *more)
{
  return sum ? rf_add (tape, sum, more) : more;
}

/* ---- category ---- */

static gboolean
has_classes (const RfAuxiliary *self, const RfAuxBatch *batch, gsize row, const int *modalities)
{
  guint32 item = batch->items[row];

  return !is_held_out (self, item) && is_there (batch, row, modalities[0]) && self->class_ptr[item + 1] > self->class_ptr[item];
}

static RfTensor *
category_loss (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream)
{
  RfTape *tape = batch->tape;
  RfTensor *sum = NULL;
  guint n_parts = 0;

  for (guint c = 0; c < RF_AUX_N_CONTENT; c++)
    {
      gsize n, *ptr;
      guint32 *rows, *idx;

      if (self->class_w[c] < 0)
        continue;
      rows = pick_rows (self, batch, rf_hash_mix (stream, c), has_classes, &self->content[c], G_MAXSIZE, &n);
      if (n == 0)
        continue;
      ptr = rf_tape_scratch (tape, (n + 1) * sizeof *ptr);
      ptr[0] = 0;
      for (gsize i = 0; i < n; i++)
        ptr[i + 1] = ptr[i] + self->class_ptr[batch->items[rows[i]] + 1] - self->class_ptr[batch->items[rows[i]]];
      idx = rf_tape_scratch (tape, ptr[n] * sizeof *idx);
      for (gsize i = 0; i < n; i++)
        memcpy (idx + ptr[i], self->class_idx + self->class_ptr[batch->items[rows[i]]], (ptr[i + 1] - ptr[i]) * sizeof *idx);
      sum = plus (tape, sum, rf_term_classes (tape, batch->h[self->content[c]], rows, n, rf_param (tape, self->class_w[c]), rf_param (tape, self->class_b[c]), ptr, idx));
      n_parts++;
    }
  return sum ? mean_of (tape, sum, n_parts) : NULL;
}

static int
compare_counts (gconstpointer a, gconstpointer b, gpointer data)
{
  const guint32 *count = data, x = *(const guint32 *) a, y = *(const guint32 *) b;

  return count[x] != count[y] ? (count[x] > count[y] ? -1 : 1) : x < y ? -1 : x > y;
}

/* The categories of every item, as numbers below n_classes, the most frequent first. */
static void
index_classes (RfAuxiliary *self, const RfCatalog *catalog)
{
  g_autoptr(RfFacts) facts = rf_facts_new (catalog, "category", 1);
  guint32 n = rf_facts_count_entities (facts), n_items = facts->n_items;
  g_autofree guint32 *count = g_new0 (guint32, (gsize) n + 1), *order = g_new (guint32, (gsize) n + 1), *class = g_new (guint32, (gsize) n + 1);
  gsize at = 0;

  for (gsize f = 0; f < facts->n; f++)
    count[facts->tail[f] - n_items]++;
  for (guint32 e = 0; e < n; e++)
    order[e] = e;
  rf_sort (order, n, sizeof *order, compare_counts, count);
  for (guint32 c = 0; c < n; c++)
    class[order[c]] = c;
  self->n_classes = MIN (n, MAX_CLASSES);
  self->class_ptr = g_new0 (gsize, (gsize) n_items + 1);
  self->class_idx = g_new (guint32, facts->n + 1);
  for (guint32 i = 0; i < n_items; i++)
    {
      for (gsize f = facts->ptr[i]; f < facts->ptr[i + 1]; f++)
        if (class[facts->tail[f] - n_items] < self->n_classes)
          self->class_idx[at++] = class[facts->tail[f] - n_items];
      self->class_ptr[i + 1] = at;
    }
}

static gboolean
add_category (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  if (self->content[RF_AUX_IMAGE] < 0 && self->content[RF_AUX_TEXT] < 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.category tells categories from pictures and texts, and neither is in model.modalities: set it to 0."));
      return FALSE;
    }
  index_classes (self, catalog);
  if (self->n_classes < 2)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.category needs at least two categories in the catalog: set it to 0."));
      return FALSE;
    }
  for (guint c = 0; c < RF_AUX_N_CONTENT; c++)
    if (self->content[c] >= 0)
      {
        g_autofree char *prefix = g_strconcat ("aux.category.", rf_aux_content_name (c), NULL);

        self->class_w[c] = add_param (self, prefix, "weight", 2, self->d, self->n_classes);
        self->class_b[c] = add_param (self, prefix, "bias", 1, self->n_classes, 0);
      }
  return TRUE;
}

/* ---- generate ---- */

static gboolean
has_title (const RfAuxiliary *self, const RfAuxBatch *batch, gsize row, const int *modalities)
{
  return !is_held_out (self, batch->items[row]) && rf_decoder_has_title (self->decoder, batch->items[row]);
}

static RfTensor *
generate_loss (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream)
{
  gsize n;
  guint32 *rows = pick_rows (self, batch, stream, has_title, NULL, self->max_items, &n);

  return n > 0 ? rf_decoder_loss (self->decoder, batch->tape, item_vectors (batch), batch->items, rows, n) : NULL;
}

static gboolean
add_generate (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  self->decoder = rf_decoder_new (catalog, config, self->d, self->params, error);
  return self->decoder != NULL;
}

/* ---- rating ---- */

static RfTensor *
rating_loss (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream)
{
  guint32 *rows;
  float *target;
  gsize n = 0;
  RfTermMap map;

  if (batch->pair_user == NULL || batch->pair_item == NULL || batch->pair_rating == NULL || batch->n_pairs == 0)
    return NULL;
  rows = rf_tape_scratch (batch->tape, batch->n_pairs * sizeof *rows);
  target = rf_tape_scratch (batch->tape, batch->n_pairs * sizeof *target);
  for (gsize p = 0; p < batch->n_pairs; p++)
    if (isfinite (batch->pair_rating[p]))
      {
        rows[n] = (guint32) p;
        target[n++] = (float) (((double) batch->pair_rating[p] - self->rating_mean) / self->rating_deviation);
      }
  if (n == 0)
    return NULL;
  map = rf_aux_map (batch->tape, &self->rating);
  return rf_term_rating (batch->tape, batch->pair_user, batch->pair_item, rows, n, &map, target);
}

static gboolean
add_rating (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  double n = 0, sum = 0, squares = 0;

  for (gsize e = 0; e < x->n; e++)
    if (isfinite (x->rating[e]))
      {
        n++;
        sum += (double) x->rating[e];
        squares += (double) x->rating[e] * (double) x->rating[e];
      }
  self->rating_mean = n > 0 ? sum / n : 0;
  self->rating_deviation = n > 0 ? sqrt (MAX (squares / n - self->rating_mean * self->rating_mean, 0)) : 0;
  if (self->rating_deviation < 1e-6)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.rating needs ratings that differ, and this catalog has none: set it to 0."));
      return FALSE;
    }
  self->rating = add_map (self, "aux.rating", 3 * self->d, (gsize) rf_config_get_int (config, "aux.hidden"), 1);
  return TRUE;
}

/* ---- contrastive ---- */

static RfTensor *
contrastive_loss (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream)
{
  RfTensor *sum = NULL;
  guint n_pairs = 0;

  for (int a = 0; a < (int) self->n_modalities; a++)
    for (int b = a + 1; b < (int) self->n_modalities; b++)
      {
        const int both[] = { a, b };
        gsize n;
        guint32 *rows = pick_rows (self, batch, rf_hash_mix (stream, (guint64) (a * RF_MAX_MODALITIES + b)), has_both, both, self->max_items, &n);

        if (n < 2)
          continue;
        sum = plus (batch->tape, sum, rf_term_contrastive (batch->tape, batch->h[a], batch->h[b], rows, n, self->tau));
        n_pairs++;
      }
  return sum ? mean_of (batch->tape, sum, n_pairs) : NULL;
}

static gboolean
add_contrastive (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  if (self->n_modalities >= 2)
    return TRUE;
  g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.contrastive compares modalities, and model.modalities has only one: set it to 0."));
  return FALSE;
}

/* ---- translation ---- */

static gboolean
can_translate (const RfAuxiliary *self, const RfAuxBatch *batch, gsize row, const int *modalities)
{
  return !is_held_out (self, batch->items[row]) && has_both (self, batch, row, modalities);
}

static RfTensor *
translation_loss (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream)
{
  gsize n;
  guint32 *rows = pick_rows (self, batch, stream, can_translate, self->content, self->max_items, &n), *other;
  RfTensor *image = batch->h[self->content[RF_AUX_IMAGE]], *text = batch->h[self->content[RF_AUX_TEXT]];
  RfTermMap to_text, to_image;

  if (n < 2)
    return NULL;
  other = pick_others (batch, stream, n);
  to_text = rf_aux_map (batch->tape, &self->translate[RF_AUX_IMAGE]);
  to_image = rf_aux_map (batch->tape, &self->translate[RF_AUX_TEXT]);
  return mean_of (batch->tape, rf_add (batch->tape, rf_term_translation (batch->tape, image, text, rows, n, &to_text, other, self->margin),
                                       rf_term_translation (batch->tape, text, image, rows, n, &to_image, other, self->margin)), 2);
}

static gboolean
add_translation (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  gsize hidden = (gsize) rf_config_get_int (config, "aux.hidden");

  if (self->content[RF_AUX_IMAGE] < 0 || self->content[RF_AUX_TEXT] < 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.translation maps between image and text; add both to model.modalities, or set it to 0."));
      return FALSE;
    }
  self->translate[RF_AUX_IMAGE] = add_map (self, "aux.translation.image", self->d, hidden, self->d);
  self->translate[RF_AUX_TEXT] = add_map (self, "aux.translation.text", self->d, hidden, self->d);
  return TRUE;
}

/* ---- knowledge graph ---- */

static gboolean
has_facts (const RfAuxiliary *self, const RfAuxBatch *batch, gsize row, const int *modalities)
{
  const RfFacts *facts = self->facts;

  for (gsize f = facts->ptr[batch->items[row]]; f < facts->ptr[batch->items[row] + 1]; f++)
    if (facts->tail[f] >= facts->n_items)
      return TRUE;
  return FALSE;
}

/* One fact about an entity for each row, and a wrong entity of the same relation. */
static RfTensor *
facts_loss (const RfAuxiliary *self, const RfAuxBatch *batch, guint64 stream)
{
  const RfFacts *facts = self->facts;
  RfTape *tape = batch->tape;
  RfRng rng = rf_rng_new (batch->seed, rf_hash_mix (stream, 1));
  gsize n;
  guint32 *rows = pick_rows (self, batch, stream, has_facts, NULL, G_MAXSIZE, &n);
  guint32 *relation = rf_tape_scratch (tape, (n + 1) * sizeof *relation), *tail = rf_tape_scratch (tape, (n + 1) * sizeof *tail);
  guint32 *other = rf_tape_scratch (tape, (n + 1) * sizeof *other);

  if (n == 0)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      guint32 item = batch->items[rows[i]], r;
      gsize first = facts->ptr[item], count = facts->ptr[item + 1] - first, f;

      do
        f = first + rf_rng_below (&rng, (guint32) count);
      while (facts->tail[f] < facts->n_items);
      r = facts->relation[f];
      relation[i] = r;
      tail[i] = facts->tail[f] - facts->n_items;
      other[i] = self->range[self->range_ptr[r] + rf_rng_below (&rng, (guint32) (self->range_ptr[r + 1] - self->range_ptr[r]))];
    }
  return rf_term_facts (tape, item_vectors (batch), rows, rf_param (tape, self->relations), relation, rf_param (tape, self->entities), tail, other, n,
                        self->kg_margin);
}

/* The entities that each relation has as tails, each once. */
static void
index_ranges (RfAuxiliary *self)
{
  const RfFacts *facts = self->facts;
  guint n_relations = facts->relations->len;
  g_autofree guint32 *relation = g_new (guint32, facts->n + 1), *entity = g_new (guint32, facts->n + 1);
  g_autoptr(RfCsr) ranges = NULL;
  gsize n = 0;

  for (gsize f = 0; f < facts->n; f++)
    if (facts->tail[f] >= facts->n_items)
      {
        relation[n] = facts->relation[f];
        entity[n++] = facts->tail[f] - facts->n_items;
      }
  ranges = rf_csr_new_from_pairs (n_relations, rf_facts_count_entities (facts), n, relation, entity, NULL);
  self->range_ptr = g_steal_pointer (&ranges->ptr);
  self->range = g_steal_pointer (&ranges->idx);
}

static gboolean
add_facts (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  self->facts = rf_facts_new (catalog, rf_config_get (config, "kg.columns"), (guint) rf_config_get_int (config, "kg.min_count"));
  if (rf_facts_count_entities (self->facts) == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("aux.kg needs facts: categories, further columns of the items, or a knowledge graph; under kg.columns and kg.min_count this catalog has none, so set it to 0."));
      return FALSE;
    }
  index_ranges (self);
  self->relations = rf_params_add_table (self->params, "aux.kg.relations", self->facts->relations->len, self->d, RF_INIT_NORMAL, 0.1);
  self->entities = rf_params_add_table (self->params, "aux.kg.entities", rf_facts_count_entities (self->facts), self->d, RF_INIT_NORMAL, 1 / sqrt ((double) self->d));
  return TRUE;
}

/* ---- all of them ---- */

static const struct
{
  const char *name;
  gboolean (*add) (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error);
  RfAuxTermFunc loss;
} kinds[] = {
  { "category", add_category, category_loss },
  { "generate", add_generate, generate_loss },
  { "rating", add_rating, rating_loss },
  { "contrastive", add_contrastive, contrastive_loss },
  { "translation", add_translation, translation_loss },
  { "kg", add_facts, facts_loss },
};

static gboolean
add_terms (RfAuxiliary *self, const RfCatalog *catalog, const RfConfig *config, GError **error)
{
  gboolean uncertain = strcmp (rf_config_get (config, "aux.weighting"), "uncertainty") == 0;

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    {
      g_autofree char *key = g_strconcat ("aux.", kinds[k].name, NULL);
      double lambda = rf_config_get_real (config, key);

      if (lambda <= 0)
        continue;
      if (!kinds[k].add (self, catalog, config, error))
        return FALSE;
      self->terms[self->n_terms++] = (RfAuxTerm) { kinds[k].name, kinds[k].loss, lambda, uncertain ? add_param (self, key, "uncertainty", 1, 1, 0) : -1 };
    }
  return TRUE;
}

/* Which items the terms do not learn from. */
static void
hold_out (RfAuxiliary *self, guint32 n_items, const RfConfig *config)
{
  double share = rf_config_get_real (config, "aux.valid");
  RfRng rng = rf_rng_new ((guint64) rf_config_get_int (config, "seed"), HELD_OUT);

  if (share <= 0 || !(rf_auxiliary_has (self, "category") || rf_auxiliary_has (self, "generate") || rf_auxiliary_has (self, "translation")))
    return;
  self->held_out = g_new0 (guint8, (gsize) n_items + 1);
  for (guint32 i = 0; i < n_items; i++)
    self->held_out[i] = rf_rng_uniform (&rng) < share;
}

const guint8 *
rf_auxiliary_get_held_out (const RfAuxiliary *self)
{
  return self->held_out;
}

RfAuxiliary *
rf_auxiliary_new (const RfCatalog *catalog, const RfConfig *config, guint n_modalities, const char *const *names, gsize d, RfParams *params,
                  GError **error)
{
  g_autoptr(RfAuxiliary) self = g_new0 (RfAuxiliary, 1);

  RF_CHECK (n_modalities >= 1 && n_modalities <= RF_MAX_MODALITIES, "%u modalities", n_modalities);
  self->params = params;
  self->d = d;
  self->n_modalities = n_modalities;
  for (guint c = 0; c < RF_AUX_N_CONTENT; c++)
    self->content[c] = self->class_w[c] = self->class_b[c] = -1;
  for (guint m = 0; m < n_modalities; m++)
    {
      self->names[m] = g_strdup (names[m]);
      for (guint c = 0; c < RF_AUX_N_CONTENT; c++)
        if (strcmp (names[m], rf_aux_content_name (c)) == 0)
          self->content[c] = (int) m;
    }
  self->max_items = (gsize) rf_config_get_int (config, "aux.items");
  self->tau = rf_config_get_real (config, "aux.tau");
  self->margin = rf_config_get_real (config, "aux.margin");
  self->kg_margin = rf_config_get_real (config, "kg.margin");
  if (!add_terms (self, catalog, config, error))
    return NULL;
  hold_out (self, rf_catalog_get_n_items (catalog), config);
  return g_steal_pointer (&self);
}

void
rf_auxiliary_free (RfAuxiliary *self)
{
  if (self == NULL)
    return;
  for (guint m = 0; m < self->n_modalities; m++)
    g_free (self->names[m]);
  g_free (self->held_out);
  g_free (self->class_ptr);
  g_free (self->class_idx);
  rf_decoder_free (self->decoder);
  rf_facts_free (self->facts);
  g_free (self->range_ptr);
  g_free (self->range);
  g_free (self);
}

gboolean
rf_auxiliary_is_empty (const RfAuxiliary *self)
{
  return self->n_terms == 0;
}

guint
rf_auxiliary_get_n_terms (const RfAuxiliary *self)
{
  return self->n_terms;
}

const char *
rf_auxiliary_get_name (const RfAuxiliary *self, guint k)
{
  RF_CHECK (k < self->n_terms, "auxiliary term %u of %u", k, self->n_terms);
  return self->terms[k].name;
}

gboolean
rf_auxiliary_has (const RfAuxiliary *self, const char *name)
{
  for (guint k = 0; k < self->n_terms; k++)
    if (strcmp (self->terms[k].name, name) == 0)
      return TRUE;
  return FALSE;
}

RfTensor *
rf_auxiliary_loss (RfAuxiliary *self, const RfAuxBatch *batch, double *parts)
{
  RfTape *tape = batch->tape;
  RfTensor *sum = NULL;

  RF_CHECK (batch->n_modalities == self->n_modalities, "%u modalities instead of %u", batch->n_modalities, self->n_modalities);
  for (guint k = 0; k < self->n_terms; k++)
    {
      const RfAuxTerm *term = &self->terms[k];
      RfTensor *loss = batch->n > 0 ? term->func (self, batch, rf_hash_mix (batch->stream, g_str_hash (term->name))) : NULL;

      if (parts != NULL)
        parts[k] = loss ? (double) loss->x[0] : 0;
      if (loss == NULL)
        continue;
      loss = rf_scale (tape, loss, term->lambda);
      if (term->s >= 0)
        loss = rf_uncertainty_sum (tape, 1, &loss, rf_param (tape, term->s));
      sum = plus (tape, sum, loss);
    }
  return sum;
}
