/* refract-welcome-page.h: an empty window that teaches: open, import, try the sample, recent documents.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define REFRACT_TYPE_WELCOME_PAGE (refract_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractWelcomePage, refract_welcome_page, REFRACT, WELCOME_PAGE, AdwBin)

GtkWidget *refract_welcome_page_new (void);
/* Reads the recent documents again. Their rows activate win.open-path. */
void refract_welcome_page_refresh (RefractWelcomePage *self);

G_END_DECLS
