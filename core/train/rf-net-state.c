/* rf-net-state.c: a training as bytes, to be taken up where it was left.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/train/rf-net-train-private.h"

#define MAGIC "RFSTATE1"

/* In the byte order of this computer: a training goes on where it began. */
typedef struct
{
  char magic[8];
  guint8 shape[32]; /* SHA-256 of names and sizes of all parameters */
  guint64 length;   /* of each block that follows: values, moments, the best epoch's values */
  guint32 real_size, n_blocks;
  guint32 epoch, best_epoch;
  double best_metric, seconds;
  guint64 interactions;
  RfOptimState optim;
} Header;

static void
describe (RfParams *params, guint8 shape[32])
{
  g_autoptr(GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = 32;

  for (int p = 0; p < rf_params_count (params); p++)
    {
      const RfParam *param = rf_params_get (params, p);
      g_autofree char *line = g_strdup_printf ("%s %zu %zu\n", param->name, param->len, param->offset);

      g_checksum_update (sum, (const guchar *) line, -1);
    }
  g_checksum_get_digest (sum, shape, &length);
}

guint
rf_net_trainer_get_epoch (const RfNetTrainer *self)
{
  return self->epoch;
}

guint
rf_net_trainer_get_best_epoch (const RfNetTrainer *self, double *metric)
{
  *metric = self->best_metric;
  return self->best_epoch;
}

GBytes *
rf_net_trainer_save (RfNetTrainer *self)
{
  RfParams *params = rf_net_get_params (self->net);
  gsize n = rf_params_block_length (params), size = n * sizeof (rf_real);
  Header header = { .magic = MAGIC, .length = n, .real_size = sizeof (rf_real), .n_blocks = self->best ? 4 : 3, .epoch = self->epoch, .best_epoch = self->best_epoch,
                    .best_metric = self->best_metric, .seconds = self->seconds, .interactions = self->interactions, .optim = rf_optim_get_state (self->optim) };
  const rf_real *blocks[4] = { rf_params_all_values (params), rf_params_first_moments (params), rf_params_second_moments (params), self->best_values };
  guint8 *bytes = g_malloc (sizeof header + header.n_blocks * size);

  describe (params, header.shape);
  memcpy (bytes, &header, sizeof header);
  for (guint b = 0; b < header.n_blocks; b++)
    memcpy (bytes + sizeof header + b * size, blocks[b], size);
  return g_bytes_new_take (bytes, sizeof header + header.n_blocks * size);
}

/* What is kept is a good epoch's. */
static gboolean
are_numbers (const guint8 *blocks, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      rf_real x;

      memcpy (&x, blocks + i * sizeof x, sizeof x);
      if (!isfinite (x))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check (RfNetTrainer *self, GBytes *bytes, Header *header)
{
  RfParams *params = rf_net_get_params (self->net);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint8 shape[32];

  if (length < sizeof *header)
    return FALSE;
  memcpy (header, data, sizeof *header);
  describe (params, shape);
  return memcmp (header->magic, MAGIC, sizeof header->magic) == 0 && memcmp (header->shape, shape, sizeof shape) == 0 &&
         header->length == rf_params_block_length (params) && header->real_size == sizeof (rf_real) && (header->n_blocks == 3 || header->n_blocks == 4) &&
         length == sizeof *header + header->n_blocks * header->length * sizeof (rf_real) && header->epoch <= self->options.epochs &&
         header->best_epoch <= header->epoch && isfinite (header->best_metric) && isfinite (header->seconds) && isfinite (header->optim.reduced) &&
         !isnan (header->optim.best) && header->optim.n_worse >= 0 && header->optim.n_worse <= header->epoch &&
         are_numbers (data + sizeof *header, header->n_blocks * header->length);
}

gboolean
rf_net_trainer_load (RfNetTrainer *self, GBytes *bytes, GError **error)
{
  RfParams *params = rf_net_get_params (self->net);
  const guint8 *blocks;
  gsize size;
  Header header;

  if (!check (self, bytes, &header))
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_FORMAT, _("What was kept of the interrupted training does not fit these settings; start it again."));
      return FALSE;
    }
  blocks = (const guint8 *) g_bytes_get_data (bytes, NULL) + sizeof header;
  size = header.length * sizeof (rf_real);
  self->epoch = header.epoch;
  self->best_epoch = header.best_epoch;
  self->best_metric = header.best_metric;
  self->seconds = header.seconds;
  self->interactions = header.interactions;
  rf_optim_set_state (self->optim, &header.optim);
  g_clear_pointer (&self->best, rf_model_unref);
  g_clear_pointer (&self->best_values, g_free);
  if (header.n_blocks == 4)
    {
      /* The best epoch's model is made from its parameters again. */
      self->best_values = g_memdup2 (blocks + 3 * size, size);
      rf_net_trainer_restore_best (self);
      self->best = rf_net_freeze (self->net, self->tape);
    }
  memcpy (rf_params_all_values (params), blocks, size);
  memcpy (rf_params_first_moments (params), blocks + size, size);
  memcpy (rf_params_second_moments (params), blocks + 2 * size, size);
  return TRUE;
}
