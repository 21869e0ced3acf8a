/* rf-picture-look.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-picture-look.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "core/catalog/rf-image-hash.h"

#define SIDE       4
#define SHAPE_SAME .03
#define COLOUR_SAME 3.0

void
rf_picture_look_init (RfPictureLook *self, GdkPixbuf *pixbuf)
{
  const guint8 *rgb = gdk_pixbuf_read_pixels (pixbuf);
  guint width = (guint) gdk_pixbuf_get_width (pixbuf), height = (guint) gdk_pixbuf_get_height (pixbuf);
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);

  self->shape = (float) width / (float) height;
  self->known = rf_dhash (rgb, width, height, stride, &self->hash);
  for (guint field = 0; field < RF_LOOK_FIELDS && self->known; field++)
    {
      guint x0 = field % SIDE * width / SIDE, x1 = (field % SIDE + 1) * width / SIDE;
      guint y0 = field / SIDE * height / SIDE, y1 = (field / SIDE + 1) * height / SIDE;
      guint64 sum[3] = { 0 };

      for (guint y = y0; y < y1; y++)
        for (guint x = x0; x < x1; x++)
          for (guint c = 0; c < 3; c++)
            sum[c] += rgb[y * stride + x * 3 + c];
      for (guint c = 0; c < 3; c++)
        self->colour[field * 3 + c] = (guint8) (sum[c] / ((guint64) (x1 - x0) * (y1 - y0)));
    }
}

gboolean
rf_picture_look_is_same (const RfPictureLook *a, const RfPictureLook *b)
{
  guint difference = 0;

  if (!a->known || !b->known || rf_hash_distance (a->hash, b->hash) > RF_HASH_SAME || fabsf (a->shape / b->shape - 1) > SHAPE_SAME)
    return FALSE;
  for (guint k = 0; k < G_N_ELEMENTS (a->colour); k++)
    difference += (guint) abs ((int) a->colour[k] - (int) b->colour[k]);
  return difference < COLOUR_SAME * G_N_ELEMENTS (a->colour);
}

void
rf_picture_looks_report (const RfPictureLook *looks, const RfCatalogBuilder *builder, RfImportReport *report)
{
  guint32 n = rf_catalog_builder_get_n_items (builder);
  g_autofree guint64 *hash = g_new (guint64, (gsize) n + 1);
  g_autofree guint8 *known = g_new (guint8, (gsize) n + 1);
  g_autofree guint32 *group = NULL;

  for (guint32 i = 0; i < n; i++)
    {
      hash[i] = looks[i].hash;
      known[i] = looks[i].known != FALSE;
    }
  group = rf_hash_find_groups (hash, known, n, RF_HASH_SAME, NULL);
  for (guint32 i = 0; i < n; i++)
    {
      RfOrigin origin = rf_catalog_builder_get_origin (builder, i);

      if (group[i] != i && rf_picture_look_is_same (&looks[i], &looks[group[i]]))
        rf_import_report_add (report, rf_catalog_builder_get_file (builder, origin.file), origin.line, origin.row, "similar-image", RF_IMPORT_KEPT,
                              _("The picture of “%s” looks the same as that of “%s”."), rf_catalog_builder_get_item_id (builder, i),
                              rf_catalog_builder_get_item_id (builder, group[i]));
    }
}
