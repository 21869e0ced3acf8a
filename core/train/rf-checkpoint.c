/* rf-checkpoint.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/train/rf-checkpoint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"

#define STATE      "checkpoint/"
#define UNFINISHED "unfinished/"
#define VERSION    "1" /* key of the blobs */
#define COST       10  /* training goes on at least so many times as long as writing took */

struct _RfCheckpoint
{
  RfWorkspace *workspace;
  char *id, *part, *config;
  gint64 last, cost; /* microseconds: end of the last writing, and how long it took */
};

RfCheckpoint *
rf_checkpoint_new (RfWorkspace *workspace, const RfConfig *config, const char *data_hash, const char *split_hash, const char *part)
{
  RfCheckpoint *self = g_new0 (RfCheckpoint, 1);
  g_autofree char *text = NULL, *sum = NULL;

  self->workspace = workspace;
  self->config = rf_config_to_text (config);
  text = g_strdup_printf ("%s\n%s\n%s", self->config, data_hash, split_hash);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  self->id = g_strndup (sum, 12);
  self->part = g_strdup (part);
  return self;
}

void
rf_checkpoint_free (RfCheckpoint *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->part);
  g_free (self->config);
  g_free (self);
}

static char *
name_of (const char *prefix, const char *id)
{
  return g_strconcat (prefix, id, NULL);
}

/* Of a part: "checkpoint/ID/image". */
static char *
state_name_of (const RfCheckpoint *self)
{
  return self->part ? g_strconcat (STATE, self->id, "/", self->part, NULL) : name_of (STATE, self->id);
}

/* The state's length, the state, and the log as lines "epoch name value". */
static GBytes *
pack (RfNetTrainer *trainer, const GArray *log)
{
  g_autoptr(GBytes) state = rf_net_trainer_save (trainer);
  g_autoptr(GString) text = g_string_new (NULL);
  guint64 length = g_bytes_get_size (state);
  gsize size;
  guint8 *all;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  for (guint e = 0; e < log->len; e++)
    {
      const RfLogEntry *entry = &g_array_index (log, RfLogEntry, e);

      g_string_append_printf (text, "%u %s %s\n", entry->epoch, entry->name, g_ascii_dtostr (number, sizeof number, entry->value));
    }
  size = sizeof length + length + text->len;
  all = g_malloc (size);
  memcpy (all, &length, sizeof length);
  memcpy (all + sizeof length, g_bytes_get_data (state, NULL), length);
  memcpy (all + sizeof length + length, text->str, text->len);
  return g_bytes_new_take (all, size);
}

static gboolean
unpack (GBytes *bytes, RfNetTrainer *trainer, GArray *log, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr(GBytes) state = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  guint64 length = 0;

  if (size >= sizeof length)
    memcpy (&length, data, sizeof length);
  if (length > size - MIN (size, sizeof length))
    length = 0; /* the state itself is refused then */
  state = size >= sizeof length ? g_bytes_new_from_bytes (bytes, sizeof length, length) : g_bytes_new (NULL, 0);
  if (!rf_net_trainer_load (trainer, state, error))
    return FALSE;
  text = g_strndup ((const char *) data + sizeof length + length, size - sizeof length - length);
  lines = g_strsplit (text, "\n", -1);
  for (guint l = 0; lines[l]; l++)
    {
      g_auto(GStrv) cells = g_strsplit (lines[l], " ", 3);

      if (g_strv_length (cells) == 3)
        rf_log_add (log, (guint) g_ascii_strtoull (cells[0], NULL, 10), cells[1], g_ascii_strtod (cells[2], NULL));
    }
  return TRUE;
}

gboolean
rf_checkpoint_save (RfCheckpoint *self, RfNetTrainer *trainer, const GArray *log, const RfNetEpoch *epoch, GError **error)
{
  g_autofree char *state_name = state_name_of (self), *list_name = name_of (UNFINISHED, self->id), *text = NULL;
  g_autoptr(GBytes) bytes = NULL, line = NULL;
  gint64 began = g_get_monotonic_time ();

  if (!rf_net_trainer_is_done (trainer) && began - self->last < COST * self->cost)
    return TRUE;
  bytes = pack (trainer, log);
  text = g_strdup_printf ("%" G_GINT64_FORMAT " %u %u%s%s\n%s", g_get_real_time () / G_USEC_PER_SEC, epoch->epoch, epoch->n_epochs,
                          self->part ? " " : "", self->part ? self->part : "", self->config);
  line = g_bytes_new (text, strlen (text));
  if (!rf_workspace_save_blob (self->workspace, state_name, VERSION, bytes, error) || !rf_workspace_save_blob (self->workspace, list_name, VERSION, line, error))
    return FALSE;
  self->last = g_get_monotonic_time ();
  self->cost = self->last - began;
  return TRUE;
}

gboolean
rf_checkpoint_load (RfCheckpoint *self, RfNetTrainer *trainer, GArray *log, gboolean *found, GError **error)
{
  g_autofree char *name = state_name_of (self);
  g_autoptr(GError) failure = NULL;
  g_autoptr(GBytes) bytes = rf_workspace_load_blob (self->workspace, name, VERSION, &failure);

  *found = bytes != NULL;
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (bytes == NULL)
    return TRUE;
  return bytes != NULL && unpack (bytes, trainer, log, error);
}

gboolean
rf_checkpoint_remove (RfCheckpoint *self, GError **error)
{
  g_autofree char *state_name = name_of (STATE, self->id), *list_name = name_of (UNFINISHED, self->id);
  g_auto(GStrv) states = rf_workspace_list_blobs (self->workspace, state_name, error);
  gboolean ok = states != NULL && rf_workspace_delete_blob (self->workspace, list_name, error);

  for (guint s = 0; ok && states[s]; s++)
    ok = rf_workspace_delete_blob (self->workspace, states[s], error);
  return ok;
}

void
rf_unfinished_free (RfUnfinished *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->part);
  rf_config_free (self->config);
  g_free (self);
}

/* NULL for what is not ours or of settings that no longer exist. */
static RfUnfinished *
read_one (RfWorkspace *workspace, const char *name)
{
  g_autoptr(GBytes) bytes = rf_workspace_load_blob (workspace, name, VERSION, NULL);
  g_autofree char *text = bytes ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)) : NULL;
  char *settings = text ? strchr (text, '\n') : NULL;
  g_autoptr(RfConfig) config = settings ? rf_config_new_from_text (settings + 1, NULL) : NULL;
  g_auto(GStrv) cells = NULL;
  RfUnfinished *self;

  if (config == NULL)
    return NULL;
  *settings = '\0';
  cells = g_strsplit (text, " ", 4);
  if (g_strv_length (cells) < 3)
    return NULL;
  self = g_new0 (RfUnfinished, 1);
  self->id = g_strdup (name + strlen (UNFINISHED));
  self->time = g_ascii_strtoll (cells[0], NULL, 10);
  self->epoch = (guint) g_ascii_strtoull (cells[1], NULL, 10);
  self->n_epochs = (guint) g_ascii_strtoull (cells[2], NULL, 10);
  self->part = g_strdup (cells[3]);
  self->config = g_steal_pointer (&config);
  return self;
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  const RfUnfinished *x = *(RfUnfinished *const *) a, *y = *(RfUnfinished *const *) b;

  return x->time != y->time ? (x->time > y->time ? -1 : 1) : strcmp (x->id, y->id);
}

GPtrArray *
rf_unfinished_list (RfWorkspace *workspace, GError **error)
{
  g_auto(GStrv) names = rf_workspace_list_blobs (workspace, UNFINISHED, error);
  GPtrArray *list;

  if (names == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) rf_unfinished_free);
  for (guint n = 0; names[n]; n++)
    {
      RfUnfinished *one = read_one (workspace, names[n]);

      if (one)
        g_ptr_array_add (list, one);
    }
  g_ptr_array_sort (list, newest_first);
  return list;
}

RfUnfinished *
rf_unfinished_find (RfWorkspace *workspace, const char *id, GError **error)
{
  g_autoptr(GPtrArray) list = rf_unfinished_list (workspace, error);
  gboolean any = id == NULL || strcmp (id, "last") == 0;

  if (list == NULL)
    return NULL;
  for (guint l = 0; l < list->len; l++)
    if (any || g_str_has_prefix (((RfUnfinished *) list->pdata[l])->id, id))
      return g_ptr_array_steal_index (list, l);
  if (list->len == 0)
    g_set_error_literal (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no interrupted training in this document."));
  else
    g_set_error (error, RF_ERROR, RF_ERROR_NOT_FOUND, _("There is no interrupted training “%s” in this document; “refract-cli info” lists them."), id);
  return NULL;
}

RfUnfinished *
rf_unfinished_find_config (RfWorkspace *workspace, const RfConfig *config, GError **error)
{
  g_autoptr(GPtrArray) list = rf_unfinished_list (workspace, error);
  g_autofree char *wanted = rf_config_to_text (config);

  for (guint l = 0; list && l < list->len; l++)
    {
      g_autofree char *text = rf_config_to_text (((RfUnfinished *) list->pdata[l])->config);

      if (strcmp (text, wanted) == 0)
        return g_ptr_array_steal_index (list, l);
    }
  return NULL;
}
