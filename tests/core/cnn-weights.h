/* cnn-weights.h: files of weights for the known networks that are a formula (see tests/golden/make_cnn.py).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char *name;
  guint ndim;
  gsize shape[4];
  gsize n;
} Entry;

typedef struct
{
  GArray *entries;
  gsize n; /* numbers in all */
} Weights;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->name);
}

static void
weights_add (Weights *self, const char *name, guint ndim, gsize a, gsize b, gsize c, gsize d)
{
  Entry entry = { g_strdup (name), ndim, { a, b, c, d }, a * (ndim > 1 ? b : 1) * (ndim > 2 ? c * d : 1) };

  if (self->entries == NULL)
    {
      self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
      g_array_set_clear_func (self->entries, entry_clear);
    }
  g_array_append_val (self->entries, entry);
  self->n += entry.n;
}

static void
weights_add_part (Weights *self, const char *name, const char *part, gsize n)
{
  g_autofree char *full = g_strconcat (name, ".", part, NULL);

  weights_add (self, full, 1, n, 1, 1, 1);
}

static void
weights_add_conv (Weights *self, const char *name, gsize out, gsize in, gsize side)
{
  g_autofree char *full = g_strconcat (name, ".weight", NULL);

  weights_add (self, full, 4, out, in, side, side);
}

static void
weights_add_norm (Weights *self, const char *name, gsize n)
{
  static const char *const parts[] = { "weight", "bias", "running_mean", "running_var" };

  for (int p = 0; p < 4; p++)
    weights_add_part (self, name, parts[p], n);
}

static inline void
weights_add_linear (Weights *self, const char *name, gsize out, gsize in)
{
  g_autofree char *full = g_strconcat (name, ".weight", NULL);

  weights_add (self, full, 2, out, in, 1, 1);
  weights_add_part (self, name, "bias", out);
}

/* n numbers in [0, 1) that depend on the name only: as uniform() of make_cnn.py. */
static guint64
start_of (const char *name)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (; *name != '\0'; name++)
    hash = (hash ^ (guint8) *name) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}

static double
uniform (guint64 start, gsize i)
{
  guint64 z = start + (i + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  z ^= z >> 31;
  return (double) (z >> 40) / (1 << 24);
}

static void
fill (const Entry *entry, float *out)
{
  guint64 start = start_of (entry->name);
  gboolean gain = g_str_has_suffix (entry->name, "running_var") || (g_str_has_suffix (entry->name, "weight") && entry->ndim == 1);
  gboolean weight = g_str_has_suffix (entry->name, "weight") && entry->ndim > 1;
  double bound = weight ? sqrt (6.0 / (double) (entry->n / entry->shape[0])) : 0;

  for (gsize i = 0; i < entry->n; i++)
    {
      double u = uniform (start, i);

      out[i] = (float) (gain ? .5 + u : weight ? (u - .5) * 2 * bound : (u - .5) / 2);
    }
}

/* The file, made in one piece. Consumes the list. */
static inline GBytes *
weights_finish (Weights *self)
{
  g_autoptr(GString) header = g_string_new ("{");
  gsize at = 0, start;
  guint8 *file;

  for (guint e = 0; e < self->entries->len; e++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, e);

      g_string_append_printf (header, "%s\"%s\": {\"dtype\": \"F32\", \"shape\": [", e > 0 ? ", " : "", entry->name);
      for (guint d = 0; d < entry->ndim; d++)
        g_string_append_printf (header, "%s%zu", d > 0 ? ", " : "", entry->shape[d]);
      g_string_append_printf (header, "], \"data_offsets\": [%zu, %zu]}", at * sizeof (float), (at + entry->n) * sizeof (float));
      at += entry->n;
    }
  g_string_append_c (header, '}');
  while (header->len % 8 != 0)
    g_string_append_c (header, ' ');
  start = 8 + header->len;
  file = g_malloc (start + self->n * sizeof (float));
  for (int b = 0; b < 8; b++)
    file[b] = (guint8) ((guint64) header->len >> (8 * b));
  memcpy (file + 8, header->str, header->len);
  at = 0;
  for (guint e = 0; e < self->entries->len; e++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, e);

      fill (entry, (float *) (void *) (file + start) + at);
      at += entry->n;
    }
  g_array_unref (self->entries);
  return g_bytes_new_take (file, start + self->n * sizeof (float));
}

static inline Weights
resnet_weights (const guint *blocks, guint n_convs, const char *leave_out)
{
  Weights w = { 0 };
  gsize in = 64, width = 64;

  weights_add_conv (&w, "conv1", 64, 3, 7);
  weights_add_norm (&w, "bn1", 64);
  for (guint stage = 0; stage < 4; stage++, width *= 2)
    for (guint b = 0; b < blocks[stage]; b++)
      {
        gsize out = n_convs == 3 ? 4 * width : width;

        for (guint c = 0; c < n_convs; c++)
          {
            g_autofree char *conv = g_strdup_printf ("layer%u.%u.conv%u", stage + 1, b, c + 1);
            g_autofree char *norm = g_strdup_printf ("layer%u.%u.bn%u", stage + 1, b, c + 1);

            weights_add_conv (&w, conv, c + 1 == n_convs ? out : width, c == 0 ? in : width, n_convs == 2 || c == 1 ? 3 : 1);
            if (g_strcmp0 (norm, leave_out) != 0)
              weights_add_norm (&w, norm, c + 1 == n_convs ? out : width);
          }
        if (b == 0 && (stage > 0 || in != out))
          {
            g_autofree char *conv = g_strdup_printf ("layer%u.0.downsample.0", stage + 1), *norm = g_strdup_printf ("layer%u.0.downsample.1", stage + 1);

            weights_add_conv (&w, conv, out, in, 1);
            weights_add_norm (&w, norm, out);
          }
        in = out;
      }
  return w;
}

static inline Weights
vgg_weights (void)
{
  static const guint width[] = { 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512 };
  static const guint place[] = { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 };
  Weights w = { 0 };

  for (guint c = 0; c < G_N_ELEMENTS (width); c++)
    {
      g_autofree char *name = g_strdup_printf ("features.%u", place[c]);

      weights_add_conv (&w, name, width[c], c == 0 ? 3 : width[c - 1], 3);
      weights_add_part (&w, name, "bias", width[c]);
    }
  return w;
}
