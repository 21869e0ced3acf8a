/* refract-narrow-drop.h: a drop-down whose button may be narrower than its longest choice.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For drop-downs over strings, or with an expression that gives one: the button ellipsizes, the list does not. */
void refract_drop_down_make_narrow (GtkDropDown *drop);

G_END_DECLS
