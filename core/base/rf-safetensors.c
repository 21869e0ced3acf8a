/* rf-safetensors.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-safetensors.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-json.h"

#define MAX_HEADER (100u << 20)

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN); /* the format is little-endian, and we copy it as it is */

typedef struct
{
  char *name;
  const char *dtype;
  gsize rows, cols; /* cols 0: a vector */
  const void *data;
  gsize n_bytes;
} Entry;

struct _RfSafetensorsWriter
{
  GArray *entries;    /* Entry */
  GPtrArray *metadata; /* key, value, key, value */
};

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->name);
}

RfSafetensorsWriter *
rf_safetensors_writer_new (void)
{
  RfSafetensorsWriter *self = g_new (RfSafetensorsWriter, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  self->metadata = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
rf_safetensors_writer_free (RfSafetensorsWriter *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->entries);
  g_ptr_array_unref (self->metadata);
  g_free (self);
}

void
rf_safetensors_writer_add_metadata (RfSafetensorsWriter *self, const char *key, const char *value)
{
  g_ptr_array_add (self->metadata, g_strdup (key));
  g_ptr_array_add (self->metadata, g_strdup (value));
}

static void
add (RfSafetensorsWriter *self, const char *name, const char *dtype, gsize rows, gsize cols, const void *data, gsize width)
{
  Entry entry = { g_strdup (name), dtype, rows, cols, data, rows * (cols ? cols : 1) * width };

  g_array_append_val (self->entries, entry);
}

void
rf_safetensors_writer_add_f32 (RfSafetensorsWriter *self, const char *name, gsize rows, gsize cols, const float *x)
{
  add (self, name, "F32", rows, cols, x, sizeof (float));
}

void
rf_safetensors_writer_add_u8 (RfSafetensorsWriter *self, const char *name, gsize n, const guint8 *x)
{
  add (self, name, "U8", n, 0, x, 1);
}

void
rf_safetensors_writer_add_u32 (RfSafetensorsWriter *self, const char *name, gsize n, const guint32 *x)
{
  add (self, name, "U32", n, 0, x, sizeof (guint32));
}

static char *
make_header (RfSafetensorsWriter *self, gsize *length)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autofree char *json = NULL;
  GString *header;
  gsize at = 0;

  json_builder_begin_object (builder);
  if (self->metadata->len > 0)
    {
      json_builder_set_member_name (builder, "__metadata__");
      json_builder_begin_object (builder);
      for (guint i = 0; i < self->metadata->len; i += 2)
        {
          json_builder_set_member_name (builder, self->metadata->pdata[i]);
          json_builder_add_string_value (builder, self->metadata->pdata[i + 1]);
        }
      json_builder_end_object (builder);
    }
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      json_builder_set_member_name (builder, entry->name);
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "dtype");
      json_builder_add_string_value (builder, entry->dtype);
      json_builder_set_member_name (builder, "shape");
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, (gint64) entry->rows);
      if (entry->cols)
        json_builder_add_int_value (builder, (gint64) entry->cols);
      json_builder_end_array (builder);
      json_builder_set_member_name (builder, "data_offsets");
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, (gint64) at);
      at += entry->n_bytes;
      json_builder_add_int_value (builder, (gint64) at);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  json = json_generator_to_data (generator, NULL);
  header = g_string_new (json);
  while (header->len % 8 != 0) /* the format asks for spaces, so that the data are aligned */
    g_string_append_c (header, ' ');
  *length = header->len;
  return g_string_free (header, FALSE);
}

GBytes *
rf_safetensors_writer_finish (RfSafetensorsWriter *self)
{
  gsize header_length, total;
  g_autofree char *header = make_header (self, &header_length);
  guint64 length_field = header_length;
  guint8 *bytes, *at;

  total = 8 + header_length;
  for (guint i = 0; i < self->entries->len; i++)
    total += g_array_index (self->entries, Entry, i).n_bytes;
  bytes = g_malloc (total);
  memcpy (bytes, &length_field, 8);
  memcpy (bytes + 8, header, header_length);
  at = bytes + 8 + header_length;
  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);

      if (entry->n_bytes)
        memcpy (at, entry->data, entry->n_bytes);
      at += entry->n_bytes;
    }
  return g_bytes_new_take (bytes, total);
}

struct _RfSafetensors
{
  GBytes *bytes;
  GArray *views;        /* RfTensorView, by offset */
  GHashTable *by_name;  /* name -> index + 1 */
  GHashTable *metadata; /* text -> text */
};

static void
view_clear (gpointer data)
{
  g_free (((RfTensorView *) data)->name);
}

void
rf_safetensors_free (RfSafetensors *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_array_unref (self->views);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->metadata);
  g_free (self);
}

static gboolean
bad (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
bad (GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *what = NULL;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, _("This is not a usable safetensors file: %s."), what);
  return FALSE;
}

static gsize
dtype_width (const char *dtype)
{
  static const struct
  {
    const char *name;
    gsize width;
  } types[] = { { "F64", 8 }, { "I64", 8 }, { "U64", 8 }, { "F32", 4 }, { "I32", 4 }, { "U32", 4 }, { "F16", 2 }, { "BF16", 2 }, { "I16", 2 }, { "U16", 2 }, { "I8", 1 }, { "U8", 1 }, { "BOOL", 1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (dtype, types[i].name) == 0)
      return types[i].width;
  return 0;
}

/* A non-negative integer of a JSON array, or FALSE. */
static gboolean
array_uint (JsonArray *array, guint index, gsize *value)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < 0)
    return FALSE;
  *value = (gsize) json_node_get_int (node);
  return TRUE;
}

static JsonArray *
member_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
parse_tensor (RfSafetensors *self, const char *name, JsonNode *node, const guint8 *data, gsize data_length, GError **error)
{
  RfTensorView view = { 0 };
  JsonObject *object;
  JsonNode *dtype;
  JsonArray *shape, *offsets;
  gsize begin, end, count = 1, width;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return bad (error, _("the entry “%s” is not an object"), name);
  object = json_node_get_object (node);
  dtype = json_object_get_member (object, "dtype");
  shape = member_array (object, "shape");
  offsets = member_array (object, "data_offsets");
  if (dtype == NULL || !JSON_NODE_HOLDS_VALUE (dtype) || json_node_get_value_type (dtype) != G_TYPE_STRING || shape == NULL ||
      offsets == NULL || json_array_get_length (offsets) != 2 || json_array_get_length (shape) > G_N_ELEMENTS (view.shape))
    return bad (error, _("the tensor “%s” lacks dtype, shape or data_offsets"), name);
  width = dtype_width (json_node_get_string (dtype));
  if (width == 0)
    return bad (error, _("the tensor “%s” has an unknown type"), name);
  g_strlcpy (view.dtype, json_node_get_string (dtype), sizeof view.dtype);
  view.ndim = json_array_get_length (shape);
  for (guint i = 0; i < view.ndim; i++)
    if (!array_uint (shape, i, &view.shape[i]) || !g_size_checked_mul (&count, count, view.shape[i]))
      return bad (error, _("the tensor “%s” has an impossible shape"), name);
  if (!array_uint (offsets, 0, &begin) || !array_uint (offsets, 1, &end) || begin > end || end > data_length ||
      !g_size_checked_mul (&count, count, width) || count != end - begin)
    return bad (error, _("the data of the tensor “%s” do not fit its shape or the file"), name);
  view.name = g_strdup (name);
  view.data = data + begin;
  view.n_bytes = end - begin;
  g_array_append_val (self->views, view);
  return TRUE;
}

static gboolean
parse_metadata (RfSafetensors *self, JsonNode *node, GError **error)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return bad (error, _("__metadata__ is not an object"));
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value))
    {
      if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
        return bad (error, _("__metadata__ holds something that is not text"));
      g_hash_table_insert (self->metadata, g_strdup (key), g_strdup (json_node_get_string (value)));
    }
  return TRUE;
}

static int
by_offset (gconstpointer a, gconstpointer b)
{
  const RfTensorView *x = a, *y = b;

  return x->data < y->data ? -1 : x->data > y->data;
}

static gboolean
parse_header (RfSafetensors *self, JsonNode *root, const guint8 *data, gsize data_length, GError **error)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return bad (error, _("its header is not a JSON object"));
  json_object_iter_init (&iter, json_node_get_object (root));
  while (json_object_iter_next (&iter, &name, &node))
    {
      gboolean ok = strcmp (name, "__metadata__") == 0 ? parse_metadata (self, node, error)
                                                       : parse_tensor (self, name, node, data, data_length, error);

      if (!ok)
        return FALSE;
    }
  g_array_sort (self->views, by_offset);
  for (guint i = 0; i < self->views->len; i++)
    g_hash_table_insert (self->by_name, g_array_index (self->views, RfTensorView, i).name, GUINT_TO_POINTER (i + 1));
  return TRUE;
}

RfSafetensors *
rf_safetensors_parse (GBytes *bytes, GError **error)
{
  g_autoptr(RfSafetensors) self = g_new0 (RfSafetensors, 1);
  g_autoptr(JsonParser) parser = json_parser_new ();
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint64 header_length = 0;

  self->bytes = g_bytes_ref (bytes);
  self->views = g_array_new (FALSE, FALSE, sizeof (RfTensorView));
  g_array_set_clear_func (self->views, view_clear);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (length >= 8)
    memcpy (&header_length, data, 8);
  if (length < 8 || header_length > length - 8 || header_length > MAX_HEADER ||
      !g_utf8_validate ((const char *) data + 8, (gssize) header_length, NULL))
    {
      bad (error, _("it has no valid header"));
      return NULL;
    }
  if (!rf_json_load (parser, (const char *) data + 8, (gssize) header_length, NULL))
    {
      bad (error, _("its header is not valid JSON"));
      return NULL;
    }
  if (!parse_header (self, json_parser_get_root (parser), data + 8 + header_length, length - 8 - header_length, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
rf_safetensors_get_metadata (const RfSafetensors *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}

const RfTensorView *
rf_safetensors_get_all (const RfSafetensors *self, gsize *n)
{
  *n = self->views->len;
  return (const RfTensorView *) (void *) self->views->data;
}

const RfTensorView *
rf_safetensors_find (const RfSafetensors *self, const char *name)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name));

  return index ? &g_array_index (self->views, RfTensorView, index - 1) : NULL;
}

static const RfTensorView *
find_typed (const RfSafetensors *self, const char *name, const char *dtype, GError **error)
{
  const RfTensorView *view = rf_safetensors_find (self, name);

  if (view == NULL)
    bad (error, _("the tensor “%s” is missing"), name);
  else if (strcmp (view->dtype, dtype) != 0)
    bad (error, _("the tensor “%s” is of type %s instead of %s"), name, view->dtype, dtype);
  else
    return view;
  return NULL;
}

RfMatrix *
rf_safetensors_dup_f32 (const RfSafetensors *self, const char *name, gsize rows, gsize cols, GError **error)
{
  const RfTensorView *view = find_typed (self, name, "F32", error);
  gsize have_rows, have_cols;
  RfMatrix *matrix;

  if (view == NULL)
    return NULL;
  have_rows = view->ndim > 0 ? view->shape[0] : 1;
  have_cols = view->ndim > 1 ? view->shape[1] : 1;
  if (view->ndim > 2 || (rows && rows != have_rows) || (cols && cols != have_cols))
    {
      bad (error, _("the tensor “%s” is %zu x %zu instead of %zu x %zu"), name, have_rows, have_cols, rows, cols);
      return NULL;
    }
  matrix = rf_matrix_new (have_rows, have_cols);
  if (view->n_bytes)
    memcpy (matrix->x, view->data, view->n_bytes);
  return matrix;
}

guint8 *
rf_safetensors_dup_u8 (const RfSafetensors *self, const char *name, gsize n, GError **error)
{
  const RfTensorView *view = find_typed (self, name, "U8", error);

  if (view == NULL)
    return NULL;
  if (view->n_bytes != n)
    {
      bad (error, _("the tensor “%s” has %zu values instead of %zu"), name, view->n_bytes, n);
      return NULL;
    }
  return g_memdup2 (view->data, n);
}

guint32 *
rf_safetensors_dup_u32 (const RfSafetensors *self, const char *name, gsize *n, GError **error)
{
  const RfTensorView *view = find_typed (self, name, "U32", error);
  guint32 *values;

  if (view == NULL)
    return NULL;
  *n = view->n_bytes / sizeof (guint32);
  values = g_new (guint32, *n + 1);
  if (view->n_bytes)
    memcpy (values, view->data, view->n_bytes);
  return values;
}
