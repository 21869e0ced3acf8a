/* rf-npy.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/base/rf-npy.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-file.h"
#include "core/base/rf-parallel.h"
#include "core/base/rf-types.h"

#define MAGIC      "\x93NUMPY"
#define MAGIC_SIZE 6
#define ALIGNMENT  64
#define GRAIN_ROWS 256

/* --- half precision --- */

float
rf_half_to_float (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16, exponent = (half >> 10) & 0x1f, fraction = half & 0x3ff, bits;
  float value;

  if (exponent == 0)
    {
      value = ldexpf ((float) fraction, -24); /* zero and subnormal */
      return sign ? -value : value;
    }
  bits = sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | fraction << 13;
  memcpy (&value, &bits, sizeof value);
  return value;
}

guint16
rf_half_from_float (float value)
{
  guint32 bits, magnitude, shift, rest, half;
  guint16 sign;

  memcpy (&bits, &value, sizeof bits);
  sign = (guint16) ((bits >> 16) & 0x8000);
  magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return sign | 0x7e00; /* NaN */
  if (magnitude >= 0x477ff000)
    return sign | 0x7c00; /* rounds to infinity */
  if (magnitude < 0x33000000)
    return sign; /* below half of the smallest subnormal */
  if (magnitude >= 0x38800000)
    {
      half = (magnitude - 0x38000000) >> 13;
      rest = magnitude & 0x1fff;
      shift = 13;
    }
  else
    {
      guint32 exponent = magnitude >> 23, fraction = (magnitude & 0x7fffff) | 0x800000;

      shift = 126 - exponent; /* to units of 2^-24 */
      half = fraction >> shift;
      rest = fraction & ((1u << shift) - 1);
    }
  if (rest > (1u << (shift - 1)) || (rest == (1u << (shift - 1)) && (half & 1)))
    half++; /* may carry into the exponent: that is the right number then */
  return (guint16) (sign | half);
}

/* --- header --- */

static gboolean
refuse (GError **error, const char *name, const char *why)
{
  g_set_error (error, RF_ERROR, RF_ERROR_FORMAT, "%s: %s", name, why);
  return FALSE;
}

/* The place after 'key': in the header's Python dictionary, or NULL. */
static const char *
find_value (const char *header, const char *key)
{
  g_autofree char *single = g_strdup_printf ("'%s'", key), *twofold = g_strdup_printf ("\"%s\"", key);
  const char *at = strstr (header, single);

  if (at == NULL)
    at = strstr (header, twofold);
  if (at == NULL)
    return NULL;
  at += strlen (single);
  while (g_ascii_isspace (*at))
    at++;
  if (*at != ':')
    return NULL;
  for (at++; g_ascii_isspace (*at);)
    at++;
  return at;
}

static gboolean
parse_type (RfNpy *self, const char *at, const char *name, GError **error)
{
  char order;

  if (at == NULL || (*at != '\'' && *at != '"') || at[1] == '\0')
    return refuse (error, name, _("the array holds records, not numbers; save one plain array of numbers."));
  order = at[1];
  self->kind = at[2];
  if (self->kind == 'O')
    return refuse (error, name, _("the array holds pickled Python objects, which are never loaded; save it as an array of numbers (for example with .astype('float32'))."));
  if (strchr ("<>|=", order) == NULL || order == '\0' || strchr ("biuf", self->kind) == NULL || self->kind == '\0')
    return refuse (error, name, _("the array does not hold numbers; save it as an array of numbers (for example with .astype('float32'))."));
  self->size = (guint8) g_ascii_strtoull (at + 3, NULL, 10);
  self->big_endian = order == '>' || (order == '=' && G_BYTE_ORDER == G_BIG_ENDIAN);
  if ((self->kind == 'f' && (self->size == 2 || self->size == 4 || self->size == 8))
      || (self->kind == 'b' && self->size == 1)
      || ((self->kind == 'i' || self->kind == 'u') && (self->size == 1 || self->size == 2 || self->size == 4 || self->size == 8)))
    return TRUE;
  return refuse (error, name, _("the array's numbers have a size that cannot be read; save it with .astype('float32')."));
}

static gboolean
parse_shape (RfNpy *self, const char *at, const char *name, GError **error)
{
  self->n = 1;
  if (at == NULL || *at != '(')
    return refuse (error, name, _("the header has no shape; the file is damaged."));
  for (at++;;)
    {
      char *end;
      guint64 length;

      while (g_ascii_isspace (*at) || *at == ',')
        at++;
      if (*at == ')')
        break;
      length = g_ascii_strtoull (at, &end, 10);
      if (end == at || !g_ascii_isdigit (*at) || self->n_dims == RF_NPY_MAX_DIMS)
        return refuse (error, name, _("the header has a shape that cannot be read; the file is damaged."));
      at = end;
      self->shape[self->n_dims++] = length;
      if (!g_size_checked_mul (&self->n, self->n, length))
        return refuse (error, name, _("the header has an impossible shape; the file is damaged."));
    }
  if (self->n_dims == 0)
    return refuse (error, name, _("the file holds a single number; a matrix with one row per item is needed."));
  if (self->n == 0)
    return refuse (error, name, _("the array is empty; a matrix with one row per item is needed."));
  return TRUE;
}

static gboolean
parse (RfNpy *self, const char *name, GError **error)
{
  gsize length, start, header_length, needed;
  const guint8 *data = g_bytes_get_data (self->bytes, &length);
  g_autofree char *header = NULL;
  const char *order;

  if (length < MAGIC_SIZE + 4 || memcmp (data, MAGIC, MAGIC_SIZE) != 0)
    return refuse (error, name, _("this is not a NumPy array file (.npy)."));
  if (data[6] < 1 || data[6] > 3)
    return refuse (error, name, _("the file is of a newer version of the .npy format; save it again with numpy.save."));
  start = data[6] == 1 ? 10 : 12;
  if (length < start)
    return refuse (error, name, _("the file ends within its header; it is cut short."));
  header_length = data[8] | (gsize) data[9] << 8;
  if (data[6] > 1)
    header_length |= (gsize) data[10] << 16 | (gsize) data[11] << 24;
  if (header_length > length - start)
    return refuse (error, name, _("the file ends within its header; it is cut short."));
  header = g_strndup ((const char *) data + start, header_length);
  if (!parse_type (self, find_value (header, "descr"), name, error) || !parse_shape (self, find_value (header, "shape"), name, error))
    return FALSE;
  order = find_value (header, "fortran_order");
  self->fortran = order != NULL && g_str_has_prefix (order, "True");
  self->data = data + start + header_length;
  if (!g_size_checked_mul (&needed, self->n, self->size) || needed > length - start - header_length)
    return refuse (error, name, _("the file is shorter than its header says; it is cut short."));
  return TRUE;
}

RfNpy *
rf_npy_new_from_bytes (GBytes *bytes, const char *name, GError **error)
{
  RfNpy *self = g_new0 (RfNpy, 1);

  self->bytes = g_bytes_ref (bytes);
  if (!parse (self, name, error))
    g_clear_pointer (&self, rf_npy_free);
  return self;
}

RfNpy *
rf_npy_open (const char *path, GError **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GBytes) bytes = rf_file_read (path, &local);
  g_autofree char *name = g_path_get_basename (path);

  if (bytes == NULL)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be opened: %s"), path, local->message);
      return NULL;
    }
  return rf_npy_new_from_bytes (bytes, name, error);
}

void
rf_npy_free (RfNpy *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->bytes);
  g_free (self);
}

/* --- elements --- */

/* Place in the file of the element with this index in C order. */
static gsize
place_of (const RfNpy *self, gsize index)
{
  gsize place = 0, stride = 1, rest = index, coordinate[RF_NPY_MAX_DIMS];

  if (!self->fortran)
    return index;
  for (guint d = self->n_dims; d-- > 0;)
    {
      coordinate[d] = rest % self->shape[d];
      rest /= self->shape[d];
    }
  for (guint d = 0; d < self->n_dims; d++)
    {
      place += coordinate[d] * stride;
      stride *= self->shape[d];
    }
  return place;
}

static guint64
raw_at (const RfNpy *self, gsize index)
{
  const guint8 *at = self->data + place_of (self, index) * self->size;
  guint64 bits = 0;

  for (guint b = 0; b < self->size; b++)
    bits |= (guint64) at[self->big_endian ? self->size - 1u - b : b] << (8 * b);
  return bits;
}

static double
float_of (const RfNpy *self, guint64 bits)
{
  guint32 half_width = (guint32) bits;
  float single;
  double value;

  if (self->size == 2)
    return rf_half_to_float ((guint16) bits);
  if (self->size == 4)
    {
      memcpy (&single, &half_width, sizeof single);
      return single;
    }
  memcpy (&value, &bits, sizeof value);
  return value;
}

static gint64
signed_of (const RfNpy *self, guint64 bits)
{
  int unused = 64 - 8 * self->size;

  return (gint64) (bits << unused) >> unused;
}

double
rf_npy_get (const RfNpy *self, gsize index)
{
  guint64 bits;

  RF_CHECK (index < self->n, "element %zu of %zu", index, self->n);
  bits = raw_at (self, index);
  if (self->kind == 'f')
    return float_of (self, bits);
  return self->kind == 'i' ? (double) signed_of (self, bits) : (double) bits;
}

typedef struct
{
  const RfNpy *npy;
  RfMatrix *matrix;
} Conversion;

static void
convert_rows (size_t begin, size_t end, int worker, void *data)
{
  Conversion *c = data;

  for (gsize i = begin * c->matrix->cols; i < end * c->matrix->cols; i++)
    c->matrix->x[i] = (float) rf_npy_get (c->npy, i);
}

RfMatrix *
rf_npy_to_matrix (const RfNpy *self)
{
  gsize rows = self->shape[0];
  Conversion c = { self, rf_matrix_new (rows, self->n / rows) };

  rf_parallel_for (rows, GRAIN_ROWS, convert_rows, &c);
  return c.matrix;
}

/* --- writing --- */

static const struct
{
  const char *descr;
  guint size;
} types[] = { { "<f2", 2 }, { "<f4", 4 }, { "<f8", 8 }, { "<i4", 4 }, { "<i8", 8 } };

static guint64
bits_of (float value, RfNpyType type)
{
  double wide = value, whole = rint (value);
  guint32 single;
  guint64 bits;

  switch (type)
    {
    case RF_NPY_F2:
      return rf_half_from_float (value);
    case RF_NPY_F4:
      memcpy (&single, &value, sizeof single);
      return single;
    case RF_NPY_F8:
      memcpy (&bits, &wide, sizeof bits);
      return bits;
    case RF_NPY_I4:
      return isnan (whole) ? 0 : (guint32) (gint32) CLAMP (whole, G_MININT32, G_MAXINT32);
    case RF_NPY_I8:
    default:
      return isnan (whole) ? 0 : (guint64) (whole >= 0x1p63 ? G_MAXINT64 : whole < -0x1p63 ? G_MININT64 : (gint64) whole);
    }
}

GBytes *
rf_npy_encode (const RfMatrix *matrix, RfNpyType type, gboolean fortran)
{
  g_autofree char *dictionary = g_strdup_printf ("{'descr': '%s', 'fortran_order': %s, 'shape': (%zu, %zu), }", types[type].descr,
                                                 fortran ? "True" : "False", matrix->rows, matrix->cols);
  gsize used = MAGIC_SIZE + 4 + strlen (dictionary) + 1, padded = (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  gsize header = padded - MAGIC_SIZE - 4, size = types[type].size, n = matrix->rows * matrix->cols;
  guint8 *data = g_malloc (padded + n * size), *to = data + padded;

  memset (data, ' ', padded);
  memcpy (data, MAGIC "\x01\x00", MAGIC_SIZE + 2);
  data[8] = (guint8) header;
  data[9] = (guint8) (header >> 8);
  memcpy (data + 10, dictionary, strlen (dictionary));
  data[padded - 1] = '\n';
  for (gsize i = 0; i < n; i++)
    {
      gsize from = fortran ? i % matrix->rows * matrix->cols + i / matrix->rows : i;
      guint64 bits = bits_of (matrix->x[from], type);

      for (gsize b = 0; b < size; b++)
        *to++ = (guint8) (bits >> (8 * b));
    }
  return g_bytes_new_take (data, padded + n * size);
}

gboolean
rf_npy_save (const char *path, const RfMatrix *matrix, RfNpyType type, gboolean fortran, GError **error)
{
  g_autoptr(GBytes) bytes = rf_npy_encode (matrix, type, fortran);
  g_autoptr(GError) local = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (g_file_set_contents (path, data, (gssize) length, &local))
    return TRUE;
  g_set_error (error, RF_ERROR, RF_ERROR_IO, _("%s could not be written: %s"), path, local->message);
  return FALSE;
}
