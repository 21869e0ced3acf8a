/* refract-print.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/refract-print.h"

#include "core/report/rf-report.h"

static void
begin_print_cb (GtkPrintOperation *operation, GtkPrintContext *context, GPtrArray *pages)
{
  gtk_print_operation_set_n_pages (operation, (int) pages->len);
}

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int number, GPtrArray *pages)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double scale = MIN (gtk_print_context_get_width (context) / RF_REPORT_PAGE_WIDTH, gtk_print_context_get_height (context) / RF_REPORT_PAGE_HEIGHT);

  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, pages->pdata[number], 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

static void
pages_unref (gpointer pages, GClosure *closure)
{
  g_ptr_array_unref (pages);
}

GtkPrintOperation *
refract_print_operation_new (GPtrArray *pages, const char *name)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();

  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_job_name (operation, name);
  g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_print_cb), g_ptr_array_ref (pages), pages_unref, 0);
  g_signal_connect_data (operation, "draw-page", G_CALLBACK (draw_page_cb), g_ptr_array_ref (pages), pages_unref, 0);
  return operation;
}
