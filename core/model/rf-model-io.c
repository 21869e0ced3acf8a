/* rf-model-io.c: a model as one safetensors document.
 *
 * Tensors: popularity (n); attention (3 M + 2: theta, kappa, psi, pi, temperature); for each modality <name>.available and, by kind,
 * <name>.key and <name>.value, or <name>.dense, or <name>.from, <name>.to, <name>.weight. Metadata: refract_model = "1",
 * modalities = "image,text,...", <name>.method.
 *
 * Of a joint model besides: fusion, <name>.lift, bias, <name>.query.*, coalition.<t>.*, head; a factors channel may have .user and
 * .user_known, and metadata .averaged; what is the same matrix as in the first channel is written once (metadata .shared_key, .shared_user). The network's parameters are network.<name>,
 * matrices of as many columns as their last dimension.
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

/* The user's side, which the channels of a joint model share. */
static void
write_user_side (RfSafetensorsWriter *writer, GPtrArray *owned, const char *name, const RfChannel *channel, const RfChannel *first)
{
  if (channel != first && channel->key == first->key)
    rf_safetensors_writer_add_metadata (writer, tensor_name (owned, name, "shared_key"), "1");
  else
    rf_safetensors_writer_add_f32 (writer, tensor_name (owned, name, "key"), channel->key->rows, channel->key->cols, channel->key->x);
  if (channel->averaged)
    rf_safetensors_writer_add_metadata (writer, tensor_name (owned, name, "averaged"), "1");
  if (channel->user == NULL)
    return;
  if (channel != first && channel->user == first->user)
    rf_safetensors_writer_add_metadata (writer, tensor_name (owned, name, "shared_user"), "1");
  else
    rf_safetensors_writer_add_f32 (writer, tensor_name (owned, name, "user"), channel->user->rows, channel->user->cols, channel->user->x);
  rf_safetensors_writer_add_u8 (writer, tensor_name (owned, name, "user_known"), channel->user->rows, channel->user_known);
}

static void
write_channel (RfSafetensorsWriter *writer, GPtrArray *owned, const char *modality, const RfChannel *channel, const RfChannel *first)
{
  rf_safetensors_writer_add_metadata (writer, tensor_name (owned, modality, "method"), channel->method);
  rf_safetensors_writer_add_u8 (writer, tensor_name (owned, modality, "available"), channel->n_items, channel->available);
  switch (channel->kind)
    {
    case RF_CHANNEL_FACTORS:
      write_user_side (writer, owned, modality, channel, first);
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

static void
write_joint (RfSafetensorsWriter *writer, GPtrArray *owned, const RfModel *self)
{
  const RfChannel *first = self->channels[0];

  rf_safetensors_writer_add_f32 (writer, "bias", self->n_items, 0, self->bias);
  for (guint m = 0; m < self->n_modalities; m++)
    {
      rf_safetensors_writer_add_f32 (writer, tensor_name (owned, self->names[m], "lift"), self->n_items, 0, self->lift[m]);
      if (self->query[m])
        write_channel (writer, owned, tensor_name (owned, self->names[m], "query"), self->query[m], first);
    }
  for (guint t = 0; t < self->n_coalitions; t++)
    {
      g_autofree char *number = g_strdup_printf ("%u", t);

      write_channel (writer, owned, tensor_name (owned, "coalition", number), self->coalition[t], first);
    }
  if (self->head)
    rf_safetensors_writer_add_f32 (writer, "head", self->coalition[0]->value->cols, 0, self->head);
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
    write_channel (writer, owned, self->names[m], self->channels[m], self->channels[0]);
  rf_safetensors_writer_add_metadata (writer, "fusion", self->fusion);
  for (guint t = 0; self->tensors && t < self->tensors->len; t++)
    {
      const RfMatrix *tensor = self->tensors->pdata[t];

      rf_safetensors_writer_add_f32 (writer, tensor_name (owned, "network", self->tensor_names->pdata[t]), tensor->rows, tensor->cols, tensor->x);
    }
  if (!self->standardised)
    write_joint (writer, owned, self);
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

static const char *
find_metadata (const RfSafetensors *file, const char *prefix, const char *part)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", prefix, part);

  return rf_safetensors_get_metadata (file, name);
}

static RfMatrix *
read_matrix (const RfSafetensors *file, const char *prefix, const char *part, gsize rows, gsize cols, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", prefix, part);

  return rf_safetensors_dup_f32 (file, name, rows, cols, error);
}

static gboolean
has_tensor (const RfSafetensors *file, const char *prefix, const char *part)
{
  g_autofree char *name = g_strdup_printf ("%s.%s", prefix, part);

  return rf_safetensors_find (file, name) != NULL;
}

static gboolean
read_users (const RfSafetensors *file, const char *prefix, RfChannel *channel, const RfChannel *first, GError **error)
{
  g_autofree char *known_name = g_strdup_printf ("%s.user_known", prefix);
  g_autoptr(RfMatrix) user = NULL;
  guint8 *known;

  rf_channel_set_averaged (channel, find_metadata (file, prefix, "averaged") != NULL);
  if (find_metadata (file, prefix, "shared_user") && first && first->user)
    user = rf_matrix_ref (first->user);
  else if (!has_tensor (file, prefix, "user"))
    return TRUE;
  else
    user = read_matrix (file, prefix, "user", 0, channel->key->cols, error);
  if (user == NULL)
    return FALSE;
  if (user->cols != channel->key->cols || user->rows >= RF_NO_USER)
    return refuse (error, known_name);
  known = rf_safetensors_dup_u8 (file, known_name, user->rows, error);
  if (known == NULL)
    return FALSE;
  rf_channel_set_users (channel, g_steal_pointer (&user), known);
  return TRUE;
}

static RfChannel *
read_factors (const RfSafetensors *file, const char *prefix, const char *method, guint32 n_items, guint8 *available, const RfChannel *first,
              GError **error)
{
  gboolean shared = find_metadata (file, prefix, "shared_key") && first && first->kind == RF_CHANNEL_FACTORS;
  g_autoptr(RfMatrix) key = shared ? rf_matrix_ref (first->key) : read_matrix (file, prefix, "key", n_items, 0, error);
  g_autoptr(RfMatrix) value = key ? read_matrix (file, prefix, "value", n_items, key->cols, error) : NULL;
  g_autoptr(RfChannel) channel = NULL;

  if (value == NULL)
    return NULL;
  channel = rf_channel_new_factors (method, g_steal_pointer (&key), g_steal_pointer (&value), g_memdup2 (available, n_items));
  return read_users (file, prefix, channel, first, error) ? g_steal_pointer (&channel) : NULL;
}

/* first: the channel whose user side may be shared, or NULL while that is being read. */
static RfChannel *
read_channel (const RfSafetensors *file, const char *prefix, guint32 n_items, const RfChannel *first, GError **error)
{
  g_autofree char *available_name = g_strdup_printf ("%s.available", prefix);
  const char *method = find_metadata (file, prefix, "method");
  g_autofree guint8 *available = rf_safetensors_dup_u8 (file, available_name, n_items, error);
  g_autoptr(RfMatrix) dense = NULL;

  if (available == NULL)
    return NULL;
  for (guint32 i = 0; i < n_items; i++)
    available[i] = available[i] != 0;
  if (method == NULL)
    return refuse (error, prefix), NULL;
  if (has_tensor (file, prefix, "value"))
    return read_factors (file, prefix, method, n_items, available, first, error);
  if (has_tensor (file, prefix, "dense"))
    {
      dense = read_matrix (file, prefix, "dense", n_items, n_items, error);
      return dense ? rf_channel_new_dense (method, g_steal_pointer (&dense), g_steal_pointer (&available)) : NULL;
    }
  return read_sparse (file, prefix, method, n_items, available, error);
}

/* Everything of a joint model besides its channels. */
typedef struct
{
  RfMatrix *lift[RF_MAX_MODALITIES], *bias, *head;
  RfChannel *query[RF_MAX_MODALITIES], *coalition[1 << RF_MAX_UNSPLIT];
  guint n_coalitions;
} Joint;

static void
joint_clear (Joint *joint)
{
  for (guint m = 0; m < RF_MAX_MODALITIES; m++)
    {
      rf_matrix_free (joint->lift[m]);
      rf_channel_unref (joint->query[m]);
    }
  for (guint t = 0; t < joint->n_coalitions; t++)
    rf_channel_unref (joint->coalition[t]);
  rf_matrix_free (joint->bias);
  rf_matrix_free (joint->head);
}

static gboolean
read_joint (const RfSafetensors *file, guint m_count, char *const *names, const RfChannel *first, Joint *joint, GError **error)
{
  guint32 n = first->n_items;

  joint->bias = rf_safetensors_dup_f32 (file, "bias", n, 1, error);
  if (joint->bias == NULL)
    return FALSE;
  for (guint m = 0; m < m_count; m++)
    {
      g_autofree char *query = g_strdup_printf ("%s.query", names[m]);

      joint->lift[m] = read_matrix (file, names[m], "lift", n, 1, error);
      if (joint->lift[m] == NULL)
        return FALSE;
      if (!has_tensor (file, query, "value"))
        continue;
      joint->query[m] = read_channel (file, query, n, first, error);
      if (joint->query[m] == NULL)
        return FALSE;
    }
  for (guint t = 0; has_tensor (file, "coalition.0", "value") && m_count <= RF_MAX_UNSPLIT && t < 1u << m_count; t++)
    {
      g_autofree char *prefix = g_strdup_printf ("coalition.%u", t);

      joint->coalition[t] = read_channel (file, prefix, n, first, error);
      if (joint->coalition[t] == NULL)
        return FALSE;
      joint->n_coalitions++;
      /* The head reads as far in all of them. */
      if (joint->coalition[t]->kind != RF_CHANNEL_FACTORS || joint->coalition[t]->value->cols != joint->coalition[0]->value->cols)
        return refuse (error, prefix);
    }
  if (rf_safetensors_find (file, "head"))
    {
      if (joint->n_coalitions == 0)
        return refuse (error, "head");
      joint->head = rf_safetensors_dup_f32 (file, "head", joint->coalition[0]->value->cols, 1, error);
      if (joint->head == NULL)
        return FALSE;
    }
  for (guint m = 0; m < m_count; m++)
    if ((joint->query[m] != NULL) != (joint->query[0] != NULL))
      return refuse (error, "query");
  return TRUE;
}

static RfModel *
make_joint (const RfSafetensors *file, const char *fusion, guint m_count, char *const *names, RfChannel *const *channels, const RfMatrix *popularity,
            GError **error)
{
  Joint joint = { 0 };
  RfModel *model = NULL;
  const float *lift[RF_MAX_MODALITIES];

  if (read_joint (file, m_count, names, channels[0], &joint, error))
    {
      RfJointParts parts = { .fusion = fusion, .n_modalities = m_count, .names = (const char *const *) names, .channels = channels,
                             .lift = lift, .query = joint.query[0] ? joint.query : NULL, .bias = joint.bias->x, .popularity = popularity->x,
                             .coalition = joint.n_coalitions ? joint.coalition : NULL, .head = joint.head ? joint.head->x : NULL };

      for (guint m = 0; m < m_count; m++)
        lift[m] = joint.lift[m]->x;
      model = rf_model_new_joint (&parts);
    }
  joint_clear (&joint);
  return model;
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

static gboolean
read_tensors (const RfSafetensors *file, RfModel *model, GError **error)
{
  gsize n;
  const RfTensorView *all = rf_safetensors_get_all (file, &n);

  for (gsize t = 0; t < n; t++)
    if (g_str_has_prefix (all[t].name, "network."))
      {
        RfMatrix *tensor = rf_safetensors_dup_f32 (file, all[t].name, 0, 0, error);

        if (tensor == NULL)
          return FALSE;
        rf_model_add_tensor (model, all[t].name + strlen ("network."), tensor);
      }
  return TRUE;
}

RfModel *
rf_model_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr(RfSafetensors) file = rf_safetensors_parse (bytes, error);
  g_autoptr(RfMatrix) popularity = NULL;
  g_auto(GStrv) names = NULL;
  RfChannel *channels[RF_MAX_MODALITIES] = { NULL };
  const char *fusion;
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
  fusion = rf_safetensors_get_metadata (file, "fusion");
  if (fusion == NULL) /* of a first version, which knew no other */
    fusion = "evidence";
  if (m_count < 1 || m_count > RF_MAX_MODALITIES)
    return refuse (error, "modalities"), NULL;
  popularity = rf_safetensors_dup_f32 (file, "popularity", 0, 1, error);
  if (popularity == NULL || popularity->rows > G_MAXUINT32 || !read_attention (file, m_count, &attention, error))
    return NULL;
  ok = TRUE;
  for (guint m = 0; m < m_count && ok; m++)
    {
      channels[m] = read_channel (file, names[m], (guint32) popularity->rows, channels[0], error);
      ok = channels[m] != NULL;
    }
  if (ok && rf_safetensors_find (file, "bias"))
    model = make_joint (file, fusion, m_count, names, channels, popularity, error);
  else if (ok && strcmp (fusion, "late") == 0)
    model = rf_model_new_late (m_count, (const char *const *) names, channels, &attention, popularity->x);
  else if (ok)
    model = rf_model_new (m_count, (const char *const *) names, channels, &attention, popularity->x);
  for (guint m = 0; m < m_count; m++)
    rf_channel_unref (channels[m]);
  if (model && !read_tensors (file, model, error))
    g_clear_pointer (&model, rf_model_unref);
  return model;
}
