/* rf-progress.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-progress.h"

#include <glib/gi18n-lib.h>

#include "core/base/rf-error.h"

#define PAUSE_MICROSECONDS 20000 /* between two looks whether the pause is over */

void
rf_progress_init (RfProgress *self, RfProgressFunc func, void *data)
{
  self->func = func;
  self->data = data;
  atomic_init (&self->cancelled, 0);
  atomic_init (&self->paused, 0);
}

void
rf_progress_cancel (RfProgress *self)
{
  atomic_store (&self->cancelled, 1);
}

gboolean
rf_progress_is_cancelled (RfProgress *self)
{
  return self != NULL && atomic_load (&self->cancelled) != 0;
}

void
rf_progress_set_paused (RfProgress *self, gboolean paused)
{
  atomic_store (&self->paused, paused ? 1 : 0);
}

gboolean
rf_progress_is_paused (RfProgress *self)
{
  return self != NULL && atomic_load (&self->paused) != 0;
}

gboolean
rf_progress_step (RfProgress *self, const char *stage, double fraction, GError **error)
{
  if (self == NULL)
    return TRUE;
  while (atomic_load (&self->paused) != 0 && atomic_load (&self->cancelled) == 0)
    g_usleep (PAUSE_MICROSECONDS);
  if (atomic_load (&self->cancelled) != 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CANCELLED, _("Stopped at your request."));
      return FALSE;
    }
  if (self->func != NULL)
    self->func (stage, fraction, self->data);
  return TRUE;
}
