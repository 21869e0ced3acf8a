/* rf-model-io.c: a model as one safetensors document.
 *
 * Tensors: popularity (n); attention (3 M + 2: theta, kappa, psi, pi, temperature); for each modality <name>.available and, by kind,
 * <name>.key and <name>.value, or <name>.dense, or <name>.from, <name>.to, <name>.weight. Metadata: refract_model = "1",
 * modalities = "image,text,...", <name>.method.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-safetensors.h"
#include "core/model/rf-model.h"

#define FORMAT "1"

static char *
tensor_name (GPtrArray *names, const char *modality, const char *part)
{
  char *name = g_strdup_printf ("%s.%s", modality, part);

  g_ptr_array_add (names, name);
  return name;
}

/* The rows' numbers of a CSR, spelled out, so that the file needs no 64-bit pointers. */
static guint32 *
row_numbers (const RfCsr *csr)
{
  guint32 *rows = g_new (guint32, csr->ptr[csr->rows] + 1);

  for (guint32 r = 0; r < csr->rows; r++)
    for (gsize e = csr->ptr[r]; e < csr->ptr[r + 1]; e++)
      rows[e] = r;
  return rows;
}

static void
write_channel (RfSafetensorsWriter *writer, GPtrArray *owned, const char *modality, const RfChannel *channel)
{
  rf_safetensors_writer_add_metadata (writer, tensor_name (owned, modality, "method"), channel->method);
  rf_safetensors_writer_add_u8 (writer, tensor_name (owned, modality, "available"), channel->n_items, channel->available);
  switch (channel->kind)
    {
    case RF_CHANNEL_FACTORS:
      rf_safetensors_writer_add_f32 (writer, tensor_name (owned, modality, "key"), channel->key->rows, channel->key->cols, channel->key->x);
      rf_safetensors_writer_add_f32 (writer, tensor_name (owned, modality, "value"), channel->value->rows, channel->value->cols, channel->value->x);
      break;
    case RF_CHANNEL_DENSE:
      rf_safetensors_writer_add_f32 (writer, tensor_name (owned, modality, "dense"), channel->n_items, channel->n_items, channel->dense->x);
      break;
    case RF_CHANNEL_SPARSE:
    default:
      {
        gsize n = channel->sparse->ptr[channel->n_items];
        guint32 *rows = row_numbers (channel->sparse);

        g_ptr_array_add (owned, rows);
        rf_safetensors_writer_add_u32 (writer, tensor_name (owned, modality, "from"), n, rows);
        rf_safetensors_writer_add_u32 (writer, tensor_name (owned, modality, "to"), n, channel->sparse->idx);
        rf_safetensors_writer_add_f32 (writer, tensor_name (owned, modality, "weight"), n, 0, channel->sparse->val);
        break;
      }
    }
}

GBytes *
rf_model_to_bytes (const RfModel *self)
{
  g_autoptr(RfSafetensorsWriter) writer = rf_safetensors_writer_new ();
  g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) modalities = g_string_new (NULL);
  guint m_count = self->n_modalities;
  float attention[3 * RF_MAX_MODALITIES + 2];

  for (guint m = 0; m < m_count; m++)
    {
      g_string_append_printf (modalities, "%s%s", m ? "," : "", self->names[m]);
      attention[m] = self->attention.theta[m];
      attention[m_count + m] = self->attention.kappa[m];
      attention[2 * m_count + m] = self->attention.psi[m];
    }
  attention[3 * m_count] = self->attention.pi;
  attention[3 * m_count + 1] = self->attention.temperature;
  rf_safetensors_writer_add_metadata (writer, "refract_model", FORMAT);
  rf_safetensors_writer_add_metadata (writer, "modalities", modalities->str);
  rf_safetensors_writer_add_f32 (writer, "popularity", self->n_items, 0, self->popularity);
  rf_safetensors_writer_add_f32 (writer, "attention", 3 * m_count + 2, 0, attention);
  for (guint m = 0; m < m_count; m++)
    write_channel (writer, owned, self->names[m], self->channels[m]);
  return rf_safetensors_writer_finish (writer);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("The model of this run cannot be used (%s); train again."), what);
  return FALSE;
}

static RfChannel *
read_sparse (const RfSafetensors *file, const char *modality, const char *method, guint32 n_items, guint8 *available, GError **error)
{
  g_autofree char *from_name = g_strdup_printf ("%s.from", modality), *to_name = g_strdup_printf ("%s.to", modality);
  g_autofree char *weight_name = g_strdup_printf ("%s.weight", modality);
  gsize n = 0, n_to = 0;
  g_autofree guint32 *from = rf_safetensors_dup_u32 (file, from_name, &n, error);
  g_autofree guint32 *to = from ? rf_safetensors_dup_u32 (file, to_name, &n_to, error) : NULL;
  g_autoptr(RfMatrix) weight = to ? rf_safetensors_dup_f32 (file, weight_name, 0, 0, error) : NULL;

  if (weight == NULL)
    return NULL;
  if (n != n_to || n != weight->rows)
    return refuse (error, weight_name), NULL;
  for (gsize e = 0; e < n; e++)
    if (from[e] >= n_items || to[e] >= n_items)
      return refuse (error, to_name), NULL;
  return rf_channel_new_sparse (method, rf_csr_new_from_pairs (n_items, n_items, n, from, to, weight->x), g_memdup2 (available, n_items));
}

static RfChannel *
read_channel (const RfSafetensors *file, const char *modality, guint32 n_items, GError **error)
{
  g_autofree char *key_name = g_strdup_printf ("%s.key", modality), *value_name = g_strdup_printf ("%s.value", modality);
  g_autofree char *dense_name = g_strdup_printf ("%s.dense", modality), *method_name = g_strdup_printf ("%s.method", modality);
  g_autofree char *available_name = g_strdup_printf ("%s.available", modality);
  const char *method = rf_safetensors_get_metadata (file, method_name);
  g_autofree guint8 *available = rf_safetensors_dup_u8 (file, available_name, n_items, error);
  g_autoptr(RfMatrix) key = NULL, value = NULL, dense = NULL;

  if (available == NULL)
    return NULL;
  for (guint32 i = 0; i < n_items; i++)
    available[i] = available[i] != 0;
  if (method == NULL)
    return refuse (error, method_name), NULL;
  if (rf_safetensors_find (file, key_name))
    {
      key = rf_safetensors_dup_f32 (file, key_name, n_items, 0, error);
      value = key ? rf_safetensors_dup_f32 (file, value_name, n_items, key->cols, error) : NULL;
      if (value == NULL)
        return NULL;
      return rf_channel_new_factors (method, g_steal_pointer (&key), g_steal_pointer (&value), g_steal_pointer (&available));
    }
  if (rf_safetensors_find (file, dense_name))
    {
      dense = rf_safetensors_dup_f32 (file, dense_name, n_items, n_items, error);
      return dense ? rf_channel_new_dense (method, g_steal_pointer (&dense), g_steal_pointer (&available)) : NULL;
    }
  return read_sparse (file, modality, method, n_items, available, error);
}

static gboolean
read_attention (const RfSafetensors *file, guint m_count, RfAttention *attention, GError **error)
{
  g_autoptr(RfMatrix) numbers = rf_safetensors_dup_f32 (file, "attention", 3 * m_count + 2, 1, error);

  if (numbers == NULL)
    return FALSE;
  memset (attention, 0, sizeof *attention);
  for (guint m = 0; m < m_count; m++)
    {
      attention->theta[m] = numbers->x[m];
      attention->kappa[m] = numbers->x[m_count + m];
      attention->psi[m] = numbers->x[2 * m_count + m];
    }
  attention->pi = numbers->x[3 * m_count];
  attention->temperature = numbers->x[3 * m_count + 1];
  return TRUE;
}

RfModel *
rf_model_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr(RfSafetensors) file = rf_safetensors_parse (bytes, error);
  g_autoptr(RfMatrix) popularity = NULL;
  g_auto(GStrv) names = NULL;
  RfChannel *channels[RF_MAX_MODALITIES] = { NULL };
  RfAttention attention;
  RfModel *model = NULL;
  guint m_count;
  gboolean ok;

  if (file == NULL)
    return NULL;
  if (g_strcmp0 (rf_safetensors_get_metadata (file, "refract_model"), FORMAT) != 0 || !rf_safetensors_get_metadata (file, "modalities"))
    return refuse (error, _("another kind of model")), NULL;
  names = g_strsplit (rf_safetensors_get_metadata (file, "modalities"), ",", -1);
  m_count = g_strv_length (names);
  if (m_count < 1 || m_count > RF_MAX_MODALITIES)
    return refuse (error, "modalities"), NULL;
  popularity = rf_safetensors_dup_f32 (file, "popularity", 0, 1, error);
  if (popularity == NULL || popularity->rows > G_MAXUINT32 || !read_attention (file, m_count, &attention, error))
    return NULL;
  ok = TRUE;
  for (guint m = 0; m < m_count && ok; m++)
    {
      channels[m] = read_channel (file, names[m], (guint32) popularity->rows, error);
      ok = channels[m] != NULL;
    }
  if (ok)
    model = rf_model_new (m_count, (const char *const *) names, channels, &attention, popularity->x);
  for (guint m = 0; m < m_count; m++)
    rf_channel_unref (channels[m]);
  return model;
}
