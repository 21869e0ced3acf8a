/* rf-sampler.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/train/rf-sampler.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"

#define MAX_TRIES 20 /* a user who has nearly everything gets a positive as negative after so many */

struct _RfSampler
{
  const RfCsr *train;
  RfSamplerOptions options;
  guint epoch;
  gsize n_pairs;
  guint32 *pair_user;  /* of pair p */
  guint32 *order;      /* pairs or users, shuffled */
  guint32 *by_item;    /* group: all pairs, those of an item together, in their order */
  guint32 *mixed;      /* group: the same, mixed within each item */
  guint32 *run, *cut;  /* group: where in by_item each run begins; the same, shuffled */
  guint8 *is_end;      /* group: n_pairs + 1: does a run end before this place of by_item? */
  guint32 n_runs;
  guint32 n_order;
  guint32 *first;      /* by_user: first[b] .. first[b + 1] - 1 of order are batch b */
  guint n_batches;
  guint32 *slot_of_item, *slot_of_user; /* G_MAXUINT32 between calls */
  guint32 *pool;
  float *count;        /* by_user: of each item in train */
  RfSample sample;
  gsize capacity;      /* of the pair arrays */
};

static guint32 *
new_slots (gsize n)
{
  guint32 *slots = g_new (guint32, n + 1);

  memset (slots, 0xff, (n + 1) * sizeof *slots);
  return slots;
}

static void
list_pairs (RfSampler *self)
{
  self->pair_user = g_new (guint32, self->n_pairs + 1);
  self->order = g_new (guint32, self->n_pairs + 1);
  self->n_order = (guint32) self->n_pairs;
  for (guint32 u = 0; u < self->train->rows; u++)
    for (gsize e = self->train->ptr[u]; e < self->train->ptr[u + 1]; e++)
      self->pair_user[e] = u;
}

/* Sorts the pairs by item, and cuts them into runs. */
static void
list_runs (RfSampler *self)
{
  g_autofree gsize *place = g_new0 (gsize, (gsize) self->train->cols + 2);

  self->by_item = g_new (guint32, self->n_pairs + 1);
  self->mixed = g_new (guint32, self->n_pairs + 1);
  self->run = g_new (guint32, self->n_pairs + 1);
  self->cut = g_new (guint32, self->n_pairs + 1);
  self->is_end = g_new0 (guint8, self->n_pairs + 1);
  for (gsize e = 0; e < self->n_pairs; e++)
    place[self->train->idx[e] + 1]++;
  for (guint32 i = 0; i < self->train->cols; i++)
    {
      for (gsize k = 0; k < place[i + 1]; k += self->options.group)
        {
          self->run[self->n_runs++] = (guint32) (place[i] + k);
          self->is_end[place[i] + k] = 1;
        }
      place[i + 1] += place[i];
    }
  self->is_end[self->n_pairs] = 1;
  for (gsize e = 0; e < self->n_pairs; e++)
    self->by_item[place[self->train->idx[e]]++] = (guint32) e;
}

/* Other pairs of an item together in every epoch, and the runs in another order. */
static void
shuffle_runs (RfSampler *self, RfRng *rng)
{
  gsize at = 0;

  memcpy (self->mixed, self->by_item, self->n_pairs * sizeof *self->mixed);
  for (gsize first = 0, end; first < self->n_pairs; first = end)
    {
      guint32 item = self->train->idx[self->by_item[first]];

      for (end = first + 1; end < self->n_pairs && self->train->idx[self->by_item[end]] == item; end++)
        ;
      rf_rng_shuffle_u32 (rng, self->mixed + first, end - first);
    }
  memcpy (self->cut, self->run, self->n_runs * sizeof *self->cut);
  rf_rng_shuffle_u32 (rng, self->cut, self->n_runs);
  for (guint32 r = 0; r < self->n_runs; r++)
    {
      gsize k = self->cut[r];

      do
        self->order[at++] = self->mixed[k++];
      while (!self->is_end[k]);
    }
}

static void
list_users (RfSampler *self)
{
  self->order = g_new (guint32, (gsize) self->train->rows + 1);
  self->first = g_new (guint32, (gsize) self->train->rows + 2);
  self->count = g_new0 (float, (gsize) self->train->cols + 1);
  for (gsize e = 0; e < self->n_pairs; e++)
    self->count[self->train->idx[e]] += 1;
}

RfSampler *
rf_sampler_new (const RfCsr *train, const RfSamplerOptions *options)
{
  RfSampler *self = g_new0 (RfSampler, 1);
  RfSample *s = &self->sample;
  gsize per_pair, longest = 0;

  self->train = train;
  self->options = *options;
  self->n_pairs = train->ptr[train->rows];
  self->slot_of_item = new_slots (train->cols);
  self->slot_of_user = new_slots (train->rows);
  for (guint32 u = 0; u < train->rows; u++)
    longest = MAX (longest, rf_csr_row_length (train, u));
  if (options->by_user)
    list_users (self);
  else
    list_pairs (self);
  if (!options->by_user && options->group > 1)
    list_runs (self);
  self->capacity = options->by_user ? MIN (self->n_pairs, options->batch + longest) : MIN (self->n_pairs, options->batch);
  per_pair = options->by_user ? 0 : options->negatives;
  s->items = g_new (guint32, MIN ((gsize) train->cols, self->capacity * (1 + per_pair) + options->negatives) + 1);
  if (options->all_items)
    {
      g_free (s->items);
      s->items = g_new (guint32, (gsize) train->cols + 1);
      s->n_items = train->cols;
      for (guint32 i = 0; i < train->cols; i++)
        s->items[i] = i;
    }
  s->users = g_new (guint32, MIN ((gsize) train->rows, self->capacity) + 1);
  s->user = g_new (guint32, self->capacity + 1);
  s->user_slot = g_new (guint32, self->capacity + 1);
  s->item = g_new (guint32, self->capacity + 1);
  s->pos_slot = g_new (guint32, self->capacity + 1);
  s->neg_slot = g_new (guint32, self->capacity * per_pair + 1);
  s->repeat = g_new (guint32, self->capacity * per_pair + 1);
  s->target_ptr = g_new (gsize, (gsize) train->rows + 2);
  s->target = g_new (guint32, self->capacity + 1);
  for (gsize k = 0; k < self->capacity * per_pair; k++)
    s->repeat[k] = (guint32) (k / options->negatives);
  if (options->pool)
    self->pool = g_new (guint32, options->pool);
  return self;
}

void
rf_sampler_free (RfSampler *self)
{
  if (self == NULL)
    return;
  g_free (self->pair_user);
  g_free (self->order);
  g_free (self->by_item);
  g_free (self->mixed);
  g_free (self->run);
  g_free (self->cut);
  g_free (self->is_end);
  g_free (self->first);
  g_free (self->slot_of_item);
  g_free (self->slot_of_user);
  g_free (self->pool);
  g_free (self->count);
  g_free (self->sample.items);
  g_free (self->sample.users);
  g_free (self->sample.user);
  g_free (self->sample.user_slot);
  g_free (self->sample.item);
  g_free (self->sample.pos_slot);
  g_free (self->sample.neg_slot);
  g_free (self->sample.repeat);
  g_free (self->sample.target_ptr);
  g_free (self->sample.target);
  g_free (self);
}

/* Cuts the shuffled users into batches of about `batch` items. */
static guint
cut_users (RfSampler *self)
{
  gsize items = 0;
  guint n = 0;

  self->first[0] = 0;
  for (guint32 k = 0; k < self->n_order; k++)
    {
      items += rf_csr_row_length (self->train, self->order[k]);
      if (items >= self->options.batch || k + 1 == self->n_order)
        {
          self->first[++n] = k + 1;
          items = 0;
        }
    }
  return n;
}

guint
rf_sampler_begin (RfSampler *self, guint epoch)
{
  RfRng rng = rf_rng_new (self->options.seed, rf_hash_mix (0x65706f6368u, epoch));

  self->epoch = epoch;
  if (!self->options.by_user)
    {
      if (self->options.group > 1)
        shuffle_runs (self, &rng);
      else
        {
          for (guint32 k = 0; k < self->n_order; k++)
            self->order[k] = k;
          rf_rng_shuffle_u32 (&rng, self->order, self->n_order);
        }
      self->n_batches = (guint) ((self->n_pairs + self->options.batch - 1) / self->options.batch);
      return self->n_batches;
    }
  self->n_order = 0;
  for (guint32 u = 0; u < self->train->rows; u++)
    if (rf_csr_row_length (self->train, u) > 0)
      self->order[self->n_order++] = u;
  rf_rng_shuffle_u32 (&rng, self->order, self->n_order);
  self->n_batches = cut_users (self);
  return self->n_batches;
}

static guint32
slot_of (guint32 *slots, guint32 *list, gsize *n, guint32 value)
{
  if (slots[value] == G_MAXUINT32)
    {
      slots[value] = (guint32) *n;
      list[(*n)++] = value;
    }
  return slots[value];
}

static void
forget (RfSampler *self)
{
  for (gsize k = 0; k < self->sample.n_items && !self->options.all_items; k++)
    self->slot_of_item[self->sample.items[k]] = G_MAXUINT32;
  for (gsize k = 0; k < self->sample.n_users; k++)
    self->slot_of_user[self->sample.users[k]] = G_MAXUINT32;
}

static guint32
draw_negative (RfSampler *self, RfRng *rng, guint32 user)
{
  guint32 item = 0;

  for (guint t = 0; t < MAX_TRIES; t++)
    {
      item = self->pool ? self->pool[rf_rng_below (rng, self->options.pool)] : rf_rng_below (rng, self->train->cols);
      if (!rf_csr_contains (self->train, user, item))
        break;
    }
  return item;
}

static void
sample_pairs (RfSampler *self, guint batch, RfRng *rng)
{
  RfSample *s = &self->sample;
  gsize first = (gsize) batch * self->options.batch, at = 0;

  s->n = MIN (self->options.batch, self->n_pairs - first);
  for (guint p = 0; p < self->options.pool; p++)
    self->pool[p] = rf_rng_below (rng, self->train->cols);
  for (gsize k = 0; k < s->n; k++)
    {
      guint32 pair = self->order[first + k];

      s->user[k] = self->pair_user[pair];
      s->item[k] = self->train->idx[pair];
      s->user_slot[k] = slot_of (self->slot_of_user, s->users, &s->n_users, s->user[k]);
      s->pos_slot[k] = slot_of (self->slot_of_item, s->items, &s->n_items, s->item[k]);
      for (guint j = 0; j < self->options.negatives; j++)
        s->neg_slot[at++] = slot_of (self->slot_of_item, s->items, &s->n_items, draw_negative (self, rng, s->user[k]));
    }
}

static void
sample_users (RfSampler *self, guint batch, RfRng *rng)
{
  RfSample *s = &self->sample;

  s->n_targets = 0;
  s->target_ptr[0] = 0;
  for (guint32 k = self->first[batch]; k < self->first[batch + 1]; k++)
    {
      guint32 user = self->order[k];

      s->users[s->n_users++] = user;
      for (gsize j = 0; j < rf_csr_row_length (self->train, user); j++)
        {
          guint32 item = rf_csr_row (self->train, user)[j];

          s->target[s->n_targets++] = self->options.all_items ? item : slot_of (self->slot_of_item, s->items, &s->n_items, item);
        }
      s->target_ptr[s->n_users] = s->n_targets;
    }
  for (guint j = 0; j < self->options.negatives && !self->options.all_items; j++)
    slot_of (self->slot_of_item, s->items, &s->n_items, rf_rng_below (rng, self->train->cols));
}

const RfSample *
rf_sampler_next (RfSampler *self, guint batch)
{
  RfRng rng = rf_rng_new (self->options.seed, rf_hash_mix (self->epoch, batch));

  self->sample.n_users = 0;
  if (!self->options.all_items)
    self->sample.n_items = 0;
  if (self->options.by_user)
    sample_users (self, batch, &rng);
  else
    sample_pairs (self, batch, &rng);
  forget (self);
  return &self->sample;
}

double
rf_sampler_log_chance (const RfSampler *self, guint32 item)
{
  double positive = (double) self->count[item] / MAX (self->n_batches, 1);           /* expected in a batch */
  double negative = (double) self->options.negatives / (double) self->train->cols;

  return log (-expm1 (-positive - negative)); /* of at least one */
}
