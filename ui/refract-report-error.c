/* refract-report-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-report-error.h"

#include <glib/gi18n-lib.h>

#include "app/refract-job.h"
#include "ui/refract-compat.h"

#define LONGEST_TOAST 80 /* characters */

static AdwToastOverlay *
find_overlay (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay == NULL && ADW_IS_APPLICATION_WINDOW (root))
    overlay = adw_application_window_get_content (ADW_APPLICATION_WINDOW (root));
  return ADW_IS_TOAST_OVERLAY (overlay) ? ADW_TOAST_OVERLAY (overlay) : NULL;
}

void
refract_report_message (GtkWidget *widget, const char *message)
{
  AdwToastOverlay *overlay = find_overlay (widget);
  g_autofree char *markup = g_markup_escape_text (message, -1);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, adw_toast_new (markup));
}

static void
details_cb (AdwToast *toast, gpointer data)
{
  GtkWidget *overlay = data;
  GtkRoot *root = gtk_widget_get_root (overlay);

  if (GTK_IS_WINDOW (root))
    refract_compat_show_message (GTK_WINDOW (root), g_object_get_data (G_OBJECT (toast), "heading"),
                                 g_object_get_data (G_OBJECT (toast), "body"));
}

void
refract_report_error (GtkWidget *widget, const char *what, const GError *error)
{
  AdwToastOverlay *overlay = find_overlay (widget);
  const char *message = error->message;
  g_autofree char *markup = NULL;
  AdwToast *toast;

  if (refract_job_error_is_cancelled (error) || overlay == NULL)
    return;
  if (g_utf8_strlen (message, -1) <= LONGEST_TOAST)
    {
      refract_report_message (widget, message);
      return;
    }
  markup = g_markup_escape_text (what, -1);
  toast = adw_toast_new (markup);
  adw_toast_set_button_label (toast, _("Details"));
  adw_toast_set_timeout (toast, 0);
  g_object_set_data_full (G_OBJECT (toast), "heading", g_strdup (what), g_free);
  g_object_set_data_full (G_OBJECT (toast), "body", g_strdup (message), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (details_cb), overlay, 0);
  adw_toast_overlay_add_toast (overlay, toast);
}
