/* refract-narrow-drop.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-narrow-drop.h"

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer narrow)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (narrow)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 4);
    }
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer drop)
{
  GtkExpression *expression = gtk_drop_down_get_expression (drop);
  GValue value = G_VALUE_INIT;

  if (expression && gtk_expression_evaluate (expression, gtk_list_item_get_item (item), &value))
    {
      gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), g_value_get_string (&value));
      g_value_unset (&value);
    }
  else
    gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

void
refract_drop_down_make_narrow (GtkDropDown *drop)
{
  for (int narrow = 0; narrow < 2; narrow++)
    {
      g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), GINT_TO_POINTER (narrow));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), drop);
      if (narrow)
        gtk_drop_down_set_factory (drop, factory);
      else
        gtk_drop_down_set_list_factory (drop, factory);
    }
}
