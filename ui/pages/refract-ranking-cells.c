/* refract-ranking-cells.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-ranking-cells.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/cells/refract-thumbnail.h"
#include "ui/pages/refract-ranking-text.h"
#include "ui/refract-thumbnails.h"

#define MIN_TITLE_CHARS 9
#define PICTURE         40
#define HIT             "✓"
#define PAST            "●"

void
refract_ranking_cell_setup_text (GtkListItem *item, gboolean numeric)
{
  GtkWidget *text = gtk_inscription_new (NULL);

  gtk_inscription_set_xalign (GTK_INSCRIPTION (text), numeric ? 1 : 0);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), numeric ? GTK_INSCRIPTION_OVERFLOW_CLIP : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (text), 1);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), numeric ? 0 : MIN_TITLE_CHARS);
  gtk_widget_set_valign (text, GTK_ALIGN_CENTER);
  if (numeric)
    gtk_widget_add_css_class (text, "numeric");
  gtk_list_item_set_child (item, text);
}

void
refract_ranking_cell_set_text (GtkListItem *item, const char *text, const char *spoken)
{
  GtkWidget *child = gtk_list_item_get_child (item);

  gtk_inscription_set_text (GTK_INSCRIPTION (child), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken ? spoken : text, -1);
}

/* The place, and while weights are changed where it came from. */
void
refract_ranking_cell_fill_place (RefractRanking *ranking, GtkListItem *item, guint32 place)
{
  int move = refract_place_move (ranking, place);
  g_autofree char *text = move > 0   ? g_strdup_printf ("%u ▲%d", place + 1, move)
                          : move < 0 ? g_strdup_printf ("%u ▼%d", place + 1, -move)
                                     : g_strdup_printf ("%u", place + 1);
  g_autofree char *spoken = move > 0   ? g_strdup_printf (_("%u, up %d"), place + 1, move)
                            : move < 0 ? g_strdup_printf (_("%u, down %d"), place + 1, -move)
                                       : NULL;

  refract_ranking_cell_set_text (item, text, spoken);
}

/* The row itself is what the keyboard reaches: it says everything that the eye sees. */
void
refract_ranking_cell_name_row (RefractRanking *ranking, GtkListItem *item, guint32 place)
{
  GtkWidget *cell = gtk_widget_get_parent (gtk_list_item_get_child (item)), *row = cell ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *text = NULL;

  if (row == NULL)
    return;
  text = refract_ranking_describe_place (ranking, place);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
refract_ranking_cell_fill_picture (RefractSession *session, RefractRanking *ranking, GtkListItem *item, const RfRanked *ranked)
{
  GtkWidget *picture = gtk_list_item_get_child (item);

  refract_thumbnail_set_item (REFRACT_THUMBNAIL (picture), refract_thumbnails_get_for_session (session), ranked->item);
  gtk_accessible_update_property (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_PROPERTY_LABEL, rf_catalog_get_item_label (ranking->trained->catalog, ranked->item), -1);
}

static const char *
describe_mark (const char *mark)
{
  return strcmp (mark, HIT) == 0 ? _("The user did choose this item: it was held out from training") : strcmp (mark, PAST) == 0 ? _("In the history")
                                                                                                                                 : "";
}

void
refract_ranking_cell_fill_marks (GtkListItem *item, const RfRanked *ranked)
{
  const char *text = ranked->held_out_hit ? HIT : ranked->in_history ? PAST
                                                                     : "";

  refract_ranking_cell_set_text (item, text, describe_mark (text));
}

char *
refract_ranking_cell_dup_mark_tooltip (GtkWidget *mark, gpointer data)
{
  return *gtk_inscription_get_text (GTK_INSCRIPTION (mark)) ? g_strdup (describe_mark (gtk_inscription_get_text (GTK_INSCRIPTION (mark)))) : NULL;
}

static GdkContentProvider *
drag_prepare_cb (GtkDragSource *source, double x, double y, GtkWidget *picture)
{
  GdkTexture *texture = refract_thumbnail_get_texture (REFRACT_THUMBNAIL (picture));

  return texture ? gdk_content_provider_new_typed (GDK_TYPE_TEXTURE, texture) : NULL;
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, GtkWidget *picture)
{
  GdkTexture *texture = refract_thumbnail_get_texture (REFRACT_THUMBNAIL (picture));

  if (texture)
    gtk_drag_source_set_icon (source, GDK_PAINTABLE (texture), 0, 0);
}

void
refract_ranking_cell_setup_picture (GtkListItem *item)
{
  GtkWidget *picture = refract_thumbnail_new (PICTURE, PICTURE);
  GtkDragSource *drag = gtk_drag_source_new ();

  g_signal_connect (drag, "prepare", G_CALLBACK (drag_prepare_cb), picture);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), picture);
  gtk_widget_add_controller (picture, GTK_EVENT_CONTROLLER (drag));
  gtk_list_item_set_child (item, picture);
}
