/* bench-import.c: makes a catalog of five million interactions, and reads one into memory.
 *   bench-import make DIR [N]     100,000 users, 50,000 items, Zipf-like popularity
 *   bench-import read DIR         three times; prints seconds, of the clock and of the processors, rows a second and the peak of memory
 *   bench-import pictures DIR     decodes the *.jpg of a folder to 64 x 64, in one thread; prints processor milliseconds a picture
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"
#include "core/features/rf-image-pixels.h"

#define N_USERS 100000
#define N_ITEMS 50000

static FILE *
create (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  FILE *file = fopen (path, "w");

  if (file == NULL)
    g_error ("%s cannot be written", path);
  return file;
}

static void
make (const char *folder, guint n)
{
  RfRng rng = rf_rng_new (1, 0);
  FILE *items, *interactions;

  g_mkdir_with_parents (folder, 0755);
  items = create (folder, "items.csv");
  interactions = create (folder, "interactions.csv");
  fputs ("item_id,title\n", items);
  for (int i = 0; i < N_ITEMS; i++)
    fprintf (items, "%d,Item %d\n", i + 1, i + 1);
  fputs ("user_id,item_id,rating,timestamp\n", interactions);
  for (guint k = 0; k < n; k++)
    {
      double u = rf_rng_uniform (&rng);

      fprintf (interactions, "%u,%u,%u,%u\n", 1 + rf_rng_below (&rng, N_USERS), 1 + (guint) (u * u * (N_ITEMS - 1)), 1 + rf_rng_below (&rng, 5), 1000000000 + rf_rng_below (&rng, 600000000));
    }
  fclose (items);
  fclose (interactions);
}

/* Of all threads of this process, so far. */
static double
processor_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static GBytes *
get_picture (guint32 item, void *data)
{
  return g_bytes_ref (((GPtrArray *) data)->pdata[item]);
}

static void
decode_pictures (const char *folder)
{
  g_autoptr(GPtrArray) pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *bytes;
      gsize length;

      if (g_str_has_suffix (name, ".jpg") && g_file_get_contents (path, &bytes, &length, NULL))
        g_ptr_array_add (pictures, g_bytes_new_take (bytes, length));
    }
  if (pictures->len == 0)
    g_error ("%s has no pictures", folder);
  rf_parallel_set_threads (1);
  for (int k = 0; k < 3; k++)
    {
      double start = processor_seconds ();
      g_autoptr(RfPixels) pixels = rf_pixels_new (pictures->len, get_picture, pictures, 64, RF_FIT_STRETCH, NULL, NULL);

      printf ("%.4f ms a picture, %u pictures\n", (processor_seconds () - start) * 1e3 / pixels->n, pixels->n);
    }
}

static void
read_once (const char *folder)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  double before = processor_seconds ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr(RfCatalog) catalog = rf_import_catalog (folder, NULL, report, NULL, &error);
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC, processor = processor_seconds () - before;
  struct rusage usage;

  if (catalog == NULL)
    g_error ("%s", error->message);
  getrusage (RUSAGE_SELF, &usage);
  printf ("%.3f s  %.3f s of the processors  %" G_GSIZE_FORMAT " interactions  %.1f M rows/s  %u users  %u items  %" G_GSIZE_FORMAT " problems  peak %ld MB\n", seconds, processor,
          rf_catalog_get_n_interactions (catalog), (double) (rf_catalog_get_n_interactions (catalog) + rf_import_report_count_kind (report, "duplicate-interaction")) / seconds / 1e6,
          rf_catalog_get_n_users (catalog), rf_catalog_get_n_items (catalog), rf_import_report_get_count (report), usage.ru_maxrss / 1024);
}

int
main (int argc, char **argv)
{
  if (argc >= 3 && strcmp (argv[1], "make") == 0)
    make (argv[2], argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 5000000);
  else if (argc >= 3 && strcmp (argv[1], "read") == 0)
    for (int k = 0; k < 3; k++)
      read_once (argv[2]);
  else if (argc >= 3 && strcmp (argv[1], "pictures") == 0)
    decode_pictures (argv[2]);
  else
    return 2;
  return 0;
}
