/* refract-busy-page.h: what an empty window shows while a document is opened or made.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/refract-job.h"

G_BEGIN_DECLS

#define REFRACT_TYPE_BUSY_PAGE (refract_busy_page_get_type ())
G_DECLARE_FINAL_TYPE (RefractBusyPage, refract_busy_page, REFRACT, BUSY_PAGE, AdwBin)

GtkWidget *refract_busy_page_new (void);
void refract_busy_page_set_job (RefractBusyPage *self, RefractJob *job); /* or NULL */

G_END_DECLS
