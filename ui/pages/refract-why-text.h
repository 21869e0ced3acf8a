/* refract-why-text.h: the sentences and the marked text of the panel that says why.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/refract-explainer.h"
#include "core/plot/rf-plot.h"

G_BEGIN_DECLS

/* Do attention and Shapley values name the same modality? */
char *refract_why_describe_agreement (const RefractReasons *reasons) G_GNUC_WARN_UNUSED_RESULT;

/* One line each: the places without a modality, the change of the history, the change of a weight. NULL-terminated. */
char **refract_why_describe_changes (const RefractReasons *reasons) G_GNUC_WARN_UNUSED_RESULT;

/* The text as the features read it, words shaded by what they add; words that take away are underlined. Sets the label's text,
 * attributes and description. tokens must be there. */
void refract_why_mark_text (GtkLabel *label, const RefractReasons *reasons, const RfPlotTheme *theme);

G_END_DECLS
