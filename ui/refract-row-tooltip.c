/* refract-row-tooltip.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-row-tooltip.h"

typedef struct
{
  RefractRowTooltipFunc make;
  gpointer data;
} Maker;

static void
maker_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static gboolean
query_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer data)
{
  const Maker *maker = data;
  g_autofree char *text = maker->make (widget, maker->data);

  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

void
refract_row_tooltip_set (GtkWidget *widget, RefractRowTooltipFunc make, gpointer data)
{
  Maker *maker = g_new (Maker, 1);

  *maker = (Maker){ make, data };
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect_data (widget, "query-tooltip", G_CALLBACK (query_cb), maker, maker_free, 0);
}

static char *
dup_text (GtkWidget *widget, gpointer text)
{
  return g_strdup (GTK_IS_LABEL (text) ? gtk_label_get_text (text) : gtk_inscription_get_text (text));
}

void
refract_row_tooltip_set_from (GtkWidget *widget, GtkWidget *text)
{
  refract_row_tooltip_set (widget, dup_text, text);
}
