/* bench-import.c: makes a catalog of five million interactions, and reads one into memory.
 *   bench-import make DIR [N]     100,000 users, 50,000 items, Zipf-like popularity
 *   bench-import read DIR         best of three; prints seconds, rows a second and the peak of memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/rf-rng.h"
#include "core/catalog/rf-importer.h"

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

static void
read_once (const char *folder)
{
  g_autoptr(RfImportReport) report = rf_import_report_new ();
  g_autoptr(GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr(RfCatalog) catalog = rf_import_catalog (folder, NULL, report, NULL, &error);
  double seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  struct rusage usage;

  if (catalog == NULL)
    g_error ("%s", error->message);
  getrusage (RUSAGE_SELF, &usage);
  printf ("%.3f s  %" G_GSIZE_FORMAT " interactions  %.1f M rows/s  %u users  %u items  %" G_GSIZE_FORMAT " problems  peak %ld MB\n", seconds,
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
  else
    return 2;
  return 0;
}
