/* rf-params.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tensor/rf-params.h"

#include <math.h>
#include <string.h>

#include "core/base/rf-rng.h"

#define ALIGNMENT 64
#define ROUND     (ALIGNMENT / sizeof (float)) /* every tensor starts on its own cache line, in float and in double */

struct _RfParams
{
  RfParam *list;
  int n, capacity;
  size_t len, dense_len;
  int n_tables;
  bool sealed;
  rf_real *x, *m, *v;
  RfGrads *grads;
};

struct _RfGrads
{
  RfParams *params;
  rf_real *dense;
  RfRowGrads *tables;
};

static void *
zeros (size_t n, size_t size)
{
  size_t bytes = (n * size + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
  void *memory = aligned_alloc (ALIGNMENT, bytes);

  RF_CHECK (memory != NULL, "out of memory for %zu bytes", bytes);
  memset (memory, 0, bytes);
  return memory;
}

static void *
grown (void *memory, size_t n, size_t size)
{
  memory = realloc (memory, n * size);
  RF_CHECK (memory != NULL, "out of memory for %zu bytes", n * size);
  return memory;
}

RfParams *
rf_params_new (void)
{
  return zeros (1, sizeof (RfParams));
}

void
rf_params_free (RfParams *self)
{
  if (self == NULL)
    return;
  rf_grads_free (self->grads);
  for (int i = 0; i < self->n; i++)
    free (self->list[i].name);
  free (self->list);
  free (self->x);
  free (self->m);
  free (self->v);
  free (self);
}

int
rf_params_add (RfParams *self, const char *name, int ndim, const size_t *dim, RfInit init, double scale)
{
  RfParam *param;

  RF_CHECK (!self->sealed, "%s is added to sealed parameters", name);
  RF_CHECK (rf_params_find (self, name) < 0, "%s is added twice", name);
  RF_CHECK (ndim >= 1 && ndim <= 4, "%s has %d dimensions", name, ndim);
  if (self->n == self->capacity)
    {
      self->capacity = self->capacity ? 2 * self->capacity : 16;
      self->list = grown (self->list, (size_t) self->capacity, sizeof *self->list);
    }
  param = &self->list[self->n];
  *param = (RfParam) { .name = strdup (name), .ndim = ndim, .len = 1, .offset = self->len, .decay = ndim > 1, .rate = 1,
                       .init = init, .scale = scale };
  RF_CHECK (param->name != NULL, "out of memory");
  for (int d = 0; d < ndim; d++)
    {
      param->dim[d] = dim[d];
      param->len *= dim[d];
    }
  self->len += (param->len + ROUND - 1) / ROUND * ROUND;
  param->grad_offset = self->dense_len;
  self->dense_len = self->dense_len + (param->len + ROUND - 1) / ROUND * ROUND;
  return self->n++;
}

int
rf_params_add_table (RfParams *self, const char *name, size_t rows, size_t cols, RfInit init, double scale)
{
  size_t dense_len = self->dense_len;
  int index = rf_params_add (self, name, 2, (size_t[]) { rows, cols }, init, scale);

  self->dense_len = dense_len;
  self->list[index].rows = true;
  self->list[index].grad_offset = (size_t) self->n_tables++;
  return index;
}

static void
draw_values (const RfParam *param, rf_real *x, RfRng rng)
{
  size_t out = param->dim[param->ndim - 1];
  double in = param->ndim > 1 ? (double) (param->len / out) : (double) out;
  double bound = param->scale;

  if (param->init == RF_INIT_XAVIER)
    bound *= sqrt (6 / (in + (double) out));
  else if (param->init == RF_INIT_HE)
    bound *= sqrt (2 / in);
  for (size_t i = 0; i < param->len; i++)
    switch (param->init)
      {
      case RF_INIT_CONSTANT:
        x[i] = (rf_real) bound;
        break;
      case RF_INIT_NORMAL:
      case RF_INIT_HE:
        x[i] = (rf_real) (bound * rf_rng_normal (&rng));
        break;
      case RF_INIT_UNIFORM:
      case RF_INIT_XAVIER:
        x[i] = (rf_real) (bound * (2 * rf_rng_uniform (&rng) - 1));
        break;
      case RF_INIT_ZERO:
      default:
        x[i] = 0;
      }
}

void
rf_params_seal (RfParams *self, uint64_t seed)
{
  RF_CHECK (!self->sealed, "parameters are sealed twice");
  self->sealed = true;
  self->x = zeros (self->len, sizeof *self->x);
  for (int i = 0; i < self->n; i++)
    draw_values (&self->list[i], self->x + self->list[i].offset, rf_rng_new (seed, (uint64_t) i));
  self->grads = rf_grads_new (self);
}

int
rf_params_count (const RfParams *self)
{
  return self->n;
}

RfParam *
rf_params_get (const RfParams *self, int index)
{
  RF_CHECK (index >= 0 && index < self->n, "there is no parameter %d among %d", index, self->n);
  return &self->list[index];
}

int
rf_params_find (const RfParams *self, const char *name)
{
  for (int i = 0; i < self->n; i++)
    if (strcmp (self->list[i].name, name) == 0)
      return i;
  return -1;
}

size_t
rf_params_length (const RfParams *self)
{
  size_t len = 0;

  for (int i = 0; i < self->n; i++)
    len += self->list[i].len;
  return len;
}

rf_real *
rf_params_values (const RfParams *self, int index)
{
  RF_CHECK (self->sealed, "parameters are used before they are sealed");
  return self->x + rf_params_get (self, index)->offset;
}

rf_real *
rf_params_all_values (const RfParams *self)
{
  return self->x;
}

size_t
rf_params_block_length (const RfParams *self)
{
  return self->len;
}

rf_real *
rf_params_first_moments (RfParams *self)
{
  if (self->m == NULL)
    self->m = zeros (self->len, sizeof *self->m);
  return self->m;
}

rf_real *
rf_params_second_moments (RfParams *self)
{
  if (self->v == NULL)
    self->v = zeros (self->len, sizeof *self->v);
  return self->v;
}

RfGrads *
rf_params_get_grads (RfParams *self)
{
  RF_CHECK (self->sealed, "parameters are used before they are sealed");
  return self->grads;
}

RfGrads *
rf_grads_new (RfParams *params)
{
  RfGrads *self = zeros (1, sizeof *self);

  RF_CHECK (params->sealed, "gradients are made before parameters are sealed");
  self->params = params;
  self->dense = zeros (params->dense_len, sizeof *self->dense);
  self->tables = zeros ((size_t) params->n_tables, sizeof *self->tables);
  for (int i = 0; i < params->n; i++)
    if (params->list[i].rows)
      {
        RfRowGrads *table = &self->tables[params->list[i].grad_offset];

        table->n_rows = params->list[i].dim[0];
        table->width = params->list[i].dim[1];
        table->slot = zeros (table->n_rows, sizeof *table->slot);
      }
  return self;
}

void
rf_grads_free (RfGrads *self)
{
  if (self == NULL)
    return;
  for (int t = 0; t < self->params->n_tables; t++)
    {
      free (self->tables[t].slot);
      free (self->tables[t].row);
      free (self->tables[t].g);
    }
  free (self->tables);
  free (self->dense);
  free (self);
}

void
rf_grads_zero (RfGrads *self)
{
  memset (self->dense, 0, self->params->dense_len * sizeof *self->dense);
  for (int t = 0; t < self->params->n_tables; t++)
    {
      RfRowGrads *table = &self->tables[t];

      for (size_t i = 0; i < table->n; i++)
        table->slot[table->row[i]] = 0;
      table->n = 0;
    }
}

void
rf_grads_add (RfGrads *self, const RfGrads *other)
{
  for (size_t i = 0; i < self->params->dense_len; i++)
    self->dense[i] += other->dense[i];
  for (int t = 0; t < self->params->n_tables; t++)
    {
      const RfRowGrads *from = &other->tables[t];

      for (size_t i = 0; i < from->n; i++)
        {
          rf_real *to = rf_row_grads_touch (&self->tables[t], from->row[i]);

          for (size_t c = 0; c < from->width; c++)
            to[c] += from->g[i * from->width + c];
        }
    }
}

RF_VECTORIZE static double
sum_of_squares (const rf_real *restrict x, size_t n)
{
  double lanes[16] = { 0 }, sum = 0;
  size_t i = 0;

  for (; i + 16 <= n; i += 16)
    for (int l = 0; l < 16; l++)
      lanes[l] += (double) x[i + (size_t) l] * (double) x[i + (size_t) l];
  for (; i < n; i++)
    sum += (double) x[i] * (double) x[i];
  for (int l = 0; l < 16; l++)
    sum += lanes[l];
  return sum;
}

double
rf_grads_norm (const RfGrads *self)
{
  double sum = sum_of_squares (self->dense, self->params->dense_len);

  for (int t = 0; t < self->params->n_tables; t++)
    sum += sum_of_squares (self->tables[t].g, self->tables[t].n * self->tables[t].width);
  return sqrt (sum);
}

void
rf_grads_scale (RfGrads *self, double factor)
{
  rf_real by = (rf_real) factor;

  for (size_t i = 0; i < self->params->dense_len; i++)
    self->dense[i] *= by;
  for (int t = 0; t < self->params->n_tables; t++)
    for (size_t i = 0; i < self->tables[t].n * self->tables[t].width; i++)
      self->tables[t].g[i] *= by;
}

rf_real *
rf_grads_dense (RfGrads *self, int index)
{
  const RfParam *param = rf_params_get (self->params, index);

  RF_CHECK (!param->rows, "%s is a table", param->name);
  return self->dense + param->grad_offset;
}

RfRowGrads *
rf_grads_rows (RfGrads *self, int index)
{
  const RfParam *param = rf_params_get (self->params, index);

  RF_CHECK (param->rows, "%s is not a table", param->name);
  return &self->tables[param->grad_offset];
}

void
rf_row_grads_reserve (RfRowGrads *self, size_t n)
{
  if (n <= self->capacity)
    return;
  self->capacity = 2 * self->capacity > n ? 2 * self->capacity : n;
  if (self->capacity > self->n_rows)
    self->capacity = self->n_rows;
  self->row = grown (self->row, self->capacity, sizeof *self->row);
  self->g = grown (self->g, self->capacity * self->width, sizeof *self->g);
}

rf_real *
rf_row_grads_touch (RfRowGrads *self, uint32_t row)
{
  size_t at;

  RF_CHECK (row < self->n_rows, "row %u of a table of %zu", row, self->n_rows);
  if (self->slot[row] == 0)
    {
      if (self->n == self->capacity)
        rf_row_grads_reserve (self, self->n + 64 < self->n_rows ? self->n + 64 : self->n_rows);
      at = self->n++;
      self->row[at] = row;
      self->slot[row] = (uint32_t) at + 1;
      memset (self->g + at * self->width, 0, self->width * sizeof *self->g);
    }
  return self->g + (self->slot[row] - 1) * self->width;
}
