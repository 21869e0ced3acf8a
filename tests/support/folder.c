/* folder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/folder.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#include "core/catalog/rf-importer.h"
#include "core/catalog/rf-sample.h"

char *
test_folder_new (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("refract-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static void
remove_all (const char *path)
{
  g_autoptr(GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

void
test_folder_remove (char *folder)
{
  remove_all (folder);
  g_free (folder);
}

static char *
path_for (const char *folder, const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0755), ==, 0);
  return path;
}

void
test_folder_write (const char *folder, const char *name, const char *data, gssize length)
{
  g_autofree char *path = path_for (folder, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents_full (path, data, length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error); /* with no flag GLib 2.74 does not shorten a file */
  g_assert_no_error (error);
}

void
test_folder_picture (const char *folder, const char *name, int width, int height, const char *type)
{
  g_autofree char *path = path_for (folder, name);
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr(GError) error = NULL;
  guchar *pixels = gdk_pixbuf_get_pixels (pixbuf);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guchar *p = pixels + y * gdk_pixbuf_get_rowstride (pixbuf) + x * 3;

        p[0] = (guchar) (x * 255 / width);
        p[1] = (guchar) (y * 255 / height);
        p[2] = (guchar) ((x * 7 + y * 13) & 255);
      }
  gdk_pixbuf_save (pixbuf, path, type, &error, NULL);
  g_assert_no_error (error);
}

void
test_folder_fill (const char *folder)
{
  test_folder_write (folder, "items.csv",
                     "item_id,title,description,category,image\n"
                     "i1,One,\"A long, quoted text.\",x,images/one.jpg\n"
                     "i2,Two,Another text.,x|y,\n"
                     "i3,Three,,y,\n"
                     "i4,Four,The last text.,,\n", -1);
  test_folder_write (folder, "interactions.csv",
                     "user_id,item_id,rating,timestamp\n"
                     "u1,i1,5,1000\nu1,i2,4,2000\nu2,i1,3.5,3000\nu2,i3,1,4000\nu3,i4,2,5000\nu3,i1,5,6000\n", -1);
  test_folder_picture (folder, "images/one.jpg", 300, 200, "jpeg");
  test_folder_picture (folder, "images/i2.PNG", 40, 60, "png");
}

char *
test_folder_read (const char *folder, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *data = NULL;

  g_file_get_contents (path, &data, length, &error);
  g_assert_no_error (error);
  return data;
}

guint
test_folder_count (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

char *
test_folder_sample (const char *folder, guint64 seed, guint32 n_users, guint32 n_items)
{
  const RfSampleOptions sample = { seed, n_users, n_items };
  const RfImportOptions options = { 0 };
  g_autofree char *catalog = g_build_filename (folder, "sample", NULL);
  char *document = g_build_filename (folder, "sample.refract", NULL);
  g_autoptr(RfImportReport) problems = rf_import_report_new ();
  g_autoptr(GError) error = NULL;

  rf_sample_write (catalog, &sample, NULL, NULL, &error);
  g_assert_no_error (error);
  rf_import_to_workspace (catalog, document, &options, problems, NULL, &error);
  g_assert_no_error (error);
  return document;
}
