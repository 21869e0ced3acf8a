/* refract-ranking-cells.h: the cells of a ranking that hold words, marks or a picture: made once (setup), then filled for one row after another.
 *
 * place is counted from 0; ranked is the row's item, borrowed. A text cell holds a GtkInscription, a picture cell a RefractThumbnail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/refract-place-order.h"
#include "app/refract-session.h"

#include <gtk/gtk.h>

void refract_ranking_cell_setup_text (GtkListItem *item, gboolean numeric);
void refract_ranking_cell_set_text (GtkListItem *item, const char *text, const char *spoken);
void refract_ranking_cell_fill_place (RefractRanking *ranking, GtkListItem *item, guint32 place);
void refract_ranking_cell_name_row (RefractRanking *ranking, GtkListItem *item, guint32 place);
void refract_ranking_cell_fill_picture (RefractSession *session, RefractRanking *ranking, GtkListItem *item, const RfRanked *ranked);
void refract_ranking_cell_fill_marks (GtkListItem *item, const RfRanked *ranked);
char *refract_ranking_cell_dup_mark_tooltip (GtkWidget *mark, gpointer data);
void refract_ranking_cell_setup_picture (GtkListItem *item);
