/* test-sample.c: the sample catalog: repeatable, of the promised shape, and true to its truth.csv.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/catalog/rf-sample-private.h"
#include "core/catalog/rf-sample.h"

#define USERS 600
#define ITEMS 240

typedef struct
{
  char *directory;
  RfSampleCounts counts;
  GHashTable *items; /* id -> row of truth.csv (GStrv) */
  GHashTable *users;
  GPtrArray *interactions; /* GStrv */
} Fixture;

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static char *
read_text (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* Rows of a table without quotes; the header is row 0. */
static GPtrArray *
read_rows (const char *directory, const char *name)
{
  g_autofree char *text = read_text (directory, name);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      g_ptr_array_add (rows, g_strsplit (*line, ",", -1));
  return rows;
}

static void
read_truth (Fixture *self)
{
  GPtrArray *rows = read_rows (self->directory, "truth.csv");

  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  for (guint i = 1; i < rows->len; i++)
    {
      char **row = g_strdupv (rows->pdata[i]);

      g_assert_cmpuint (g_strv_length (row), ==, 21);
      g_hash_table_insert (strcmp (row[0], "item") == 0 ? self->items : self->users, row[1], row);
    }
  g_ptr_array_unref (rows);
}

/* One sample serves all tests that only look at it. */
static void
set_up (Fixture *self)
{
  RfSampleOptions options = { RF_SAMPLE_DEFAULT_SEED, USERS, ITEMS };
  g_autoptr(GError) error = NULL;

  self->directory = g_dir_make_tmp ("rf-sample-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_true (rf_sample_write (self->directory, &options, &self->counts, NULL, &error));
  g_assert_no_error (error);
  read_truth (self);
  self->interactions = read_rows (self->directory, "interactions.csv");
  g_ptr_array_remove_index (self->interactions, 0);
}

static void
tear_down (Fixture *self)
{
  remove_folder (self->directory);
  g_free (self->directory);
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->users);
  g_ptr_array_unref (self->interactions);
}

static void
assert_same_bytes (const char *a, const char *b, const char *name)
{
  g_autofree char *path_a = g_build_filename (a, name, NULL), *path_b = g_build_filename (b, name, NULL);
  g_autofree char *bytes_a = NULL, *bytes_b = NULL;
  gsize n_a, n_b;

  g_assert_true (g_file_get_contents (path_a, &bytes_a, &n_a, NULL));
  g_assert_true (g_file_get_contents (path_b, &bytes_b, &n_b, NULL));
  g_assert_cmpmem (bytes_a, n_a, bytes_b, n_b);
}

static void
test_threads_change_no_byte (gconstpointer data)
{
  const Fixture *self = data;
  RfSampleOptions options = { RF_SAMPLE_DEFAULT_SEED, USERS, ITEMS };
  g_autofree char *other = g_dir_make_tmp ("rf-sample-XXXXXX", NULL);
  int threads = rf_parallel_get_threads ();

  rf_parallel_set_threads (threads == 1 ? 2 : 1);
  g_assert_true (rf_sample_write (other, &options, NULL, NULL, NULL));
  rf_parallel_set_threads (threads);
  assert_same_bytes (self->directory, other, "items.csv");
  assert_same_bytes (self->directory, other, "interactions.csv");
  assert_same_bytes (self->directory, other, "truth.csv");
  for (guint i = 1; i <= ITEMS; i++)
    {
      g_autofree char *name = g_strdup_printf ("images/P%04u.jpg", i);

      assert_same_bytes (self->directory, other, name);
    }
  remove_folder (other);
}

static void
test_seed_changes_it (gconstpointer data)
{
  const Fixture *self = data;
  RfSampleOptions options = { 1, USERS, ITEMS };
  g_autofree char *other = g_dir_make_tmp ("rf-sample-XXXXXX", NULL);
  g_autofree char *a = NULL, *b = NULL;

  g_assert_true (rf_sample_write (other, &options, NULL, NULL, NULL));
  a = read_text (self->directory, "interactions.csv");
  b = read_text (other, "interactions.csv");
  g_assert_cmpstr (a, !=, b);
  remove_folder (other);
}

static void
test_counts (gconstpointer data)
{
  const Fixture *self = data;
  g_autoptr(GHashTable) pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) per_user = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer n;

  g_assert_cmpuint (g_hash_table_size (self->items), ==, ITEMS);
  g_assert_cmpuint (g_hash_table_size (self->users), ==, USERS);
  g_assert_cmpuint (self->interactions->len, ==, self->counts.n_interactions);
  for (guint i = 0; i < self->interactions->len; i++)
    {
      char **row = self->interactions->pdata[i];
      double rating = g_ascii_strtod (row[2], NULL);

      g_assert_nonnull (g_hash_table_lookup (self->users, row[0]));
      g_assert_nonnull (g_hash_table_lookup (self->items, row[1]));
      g_assert_true (g_hash_table_add (pairs, g_strconcat (row[0], " ", row[1], NULL))); /* nobody takes a thing twice */
      g_assert_cmpfloat (rating, >=, 1);
      g_assert_cmpfloat (rating, <=, 5);
      g_assert_cmpfloat (rating * 2, ==, floor (rating * 2));
      g_hash_table_replace (per_user, row[0], GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (per_user, row[0])) + 1));
    }
  g_hash_table_iter_init (&iter, per_user);
  while (g_hash_table_iter_next (&iter, NULL, &n))
    {
      g_assert_cmpuint (GPOINTER_TO_UINT (n), >=, 8);
      g_assert_cmpuint (GPOINTER_TO_UINT (n), <=, RF_SAMPLE_MAX_PER_USER);
    }
  /* The standard deviation of a geometric of mean 8 is 8.5, of the mean of 600 of them 0.35. */
  g_assert_cmpfloat_with_epsilon ((double) self->interactions->len / USERS, 16, 1.2);
}

static void
test_drivers (gconstpointer data)
{
  const Fixture *self = data;
  static const char *const names[] = { "image", "text", "behaviour", "mixed" };
  guint counts[4] = { 0 };
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->users);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      char **row = value;
      double w[3], square = 0;

      for (guint m = 0; m < 3; m++)
        {
          w[m] = g_ascii_strtod (row[3 + m], NULL);
          square += w[m] * w[m];
        }
      g_assert_cmpfloat_with_epsilon (square, 1, 1e-5);
      for (guint d = 0; d < 4; d++)
        if (strcmp (row[2], names[d]) == 0)
          {
            counts[d]++;
            if (d < 3)
              g_assert_cmpfloat (w[d], ==, 1);
          }
    }
  for (guint d = 0; d < 4; d++)
    g_assert_cmpuint (counts[d], ==, USERS / 4);
}

static gboolean
is_liked (const char *value, const char *likes)
{
  g_auto(GStrv) both = g_strsplit (likes, "|", -1);

  g_assert_cmpuint (g_strv_length (both), ==, 2);
  return strcmp (value, both[0]) == 0 || strcmp (value, both[1]) == 0;
}

/* How often the value of attribute `column` is a liked one among the choices of the users of a driver. */
static double
liked_share (const Fixture *self, const char *driver, guint column)
{
  guint n = 0, liked = 0;

  for (guint i = 0; i < self->interactions->len; i++)
    {
      char **pair = self->interactions->pdata[i];
      char **user = g_hash_table_lookup (self->users, pair[0]), **item = g_hash_table_lookup (self->items, pair[1]);

      if (strcmp (user[2], driver) != 0)
        continue;
      n++;
      liked += is_liked (item[column], user[column]);
    }
  return (double) liked / n;
}

/* Columns 6-8 hue, shape, texture; 9-11 theme, material, style; 12-14 hidden. Two of 12, 8, 6 liked: chance 1/6, 1/4, 1/3. */
static void
test_drivers_drive (gconstpointer data)
{
  const Fixture *self = data;
  static const char *const drivers[] = { "image", "text", "behaviour" };
  static const double chance[] = { 2 / 12.0, 2 / 8.0, 2 / 6.0 };

  for (guint d = 0; d < 3; d++)
    for (guint t = 0; t < 3; t++)
      for (guint a = 0; a < 3; a++)
        {
          double share = liked_share (self, drivers[d], 6 + 3 * t + a);

          if (t == d)
            g_assert_cmpfloat (share, >, 1.8 * chance[a]);
          else
            g_assert_cmpfloat_with_epsilon (share, chance[a], 0.06);
        }
}

static void
test_ratings_tell_nothing (gconstpointer data)
{
  const Fixture *self = data;
  double sum[2] = { 0 };
  guint n[2] = { 0 };

  for (guint i = 0; i < self->interactions->len; i++)
    {
      char **pair = self->interactions->pdata[i];
      char **user = g_hash_table_lookup (self->users, pair[0]), **item = g_hash_table_lookup (self->items, pair[1]);
      gboolean liked = is_liked (item[12], user[12]);

      sum[liked] += g_ascii_strtod (pair[2], NULL);
      n[liked]++;
    }
  g_assert_cmpfloat_with_epsilon (sum[0] / n[0], sum[1] / n[1], 0.06);
}

static guint
count_topical (const SampleItem *item, const char *word)
{
  guint n, found = 0;

  for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
    {
      const char *const *words = sample_get_vocabulary (a, item->value[SAMPLE_TEXT][a], &n);

      for (guint i = 0; i < n; i++)
        found += strcmp (words[i], word) == 0;
    }
  return found;
}

static gboolean
is_common (const char *word)
{
  for (const char *kind = "anvi"; *kind != '\0'; kind++)
    {
      guint n;
      const char *const *words = sample_get_common_words (*kind, &n);

      for (guint i = 0; i < n; i++)
        if (strcmp (words[i], word) == 0)
          return TRUE;
    }
  return FALSE;
}

static void
test_texts (void)
{
  g_autoptr(GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint32 i = 0; i < 300; i++)
    {
      SampleItem item = { .value = { { 0 }, { (guint8) (i % 12), (guint8) (i % 8), (guint8) (i % 6) } } };
      g_auto(GStrv) words = NULL;
      g_autofree char *lower = NULL;
      guint common = 0, topical = 0;

      sample_write_text (5, i, &item, titles);
      g_assert_cmpuint (g_hash_table_size (titles), ==, i + 1);
      lower = g_ascii_strdown (item.description, -1);
      words = g_strsplit_set (lower, " .,:", -1);
      for (char **word = words; *word != NULL; word++)
        {
          common += is_common (*word);
          topical += count_topical (&item, *word);
          g_assert_null (strchr (*word, '%'));
        }
      g_assert_cmpuint (common, ==, 11);
      g_assert_cmpuint (topical, ==, 17);
      g_assert_null (strstr (lower, " a a"));
      g_free (item.title);
      g_free (item.description);
      g_free (item.words);
    }
}

static void
test_vocabularies_are_apart (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n;

  for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
    for (guint v = 0; v < sample_n_values[a]; v++)
      {
        const char *const *words = sample_get_vocabulary (a, v, &n);

        for (guint i = 0; i < n; i++)
          if (!g_hash_table_add (seen, (gpointer) words[i]))
            g_error ("“%s” is in two vocabularies", words[i]);
      }
}

static double
hue_of (guint r, guint g, guint b)
{
  double high = MAX (MAX (r, g), b), low = MIN (MIN (r, g), b);
  double hue = high == r ? (g - (double) b) / (high - low) : high == g ? 2 + (b - (double) r) / (high - low) : 4 + (r - (double) g) / (high - low);

  return fmod (hue * 60 + 360, 360);
}

/* Decodes pictures: their size, the mean hue of the colourful pixels, and that those lie in the box of truth.csv. */
static void
test_pictures (gconstpointer data)
{
  const Fixture *self = data;
  for (guint i = 1; i <= ITEMS; i += 7)
    {
      g_autofree char *id = g_strdup_printf ("P%04u", i), *name = g_strdup_printf ("images/%s.jpg", id);
      g_autofree char *path = g_build_filename (self->directory, name, NULL);
      g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new_from_file (path, NULL);
      char **truth = g_hash_table_lookup (self->items, id);
      int box[4], inside = 0, outside = 0;
      double x = 0, y = 0, hue, expected = -1;

      g_assert_nonnull (picture);
      g_assert_cmpint (gdk_pixbuf_get_width (picture), ==, SAMPLE_PIXELS);
      for (guint b = 0; b < 4; b++)
        box[b] = atoi (truth[16 + b]);
      for (int py = 0; py < SAMPLE_PIXELS; py++)
        for (int px = 0; px < SAMPLE_PIXELS; px++)
          {
            const guchar *p = gdk_pixbuf_read_pixels (picture) + py * gdk_pixbuf_get_rowstride (picture) + px * 3;
            int high = MAX (MAX (p[0], p[1]), p[2]), low = MIN (MIN (p[0], p[1]), p[2]);

            if (high - low < 90)
              continue;
            hue = hue_of (p[0], p[1], p[2]);
            x += cos (hue * G_PI / 180);
            y += sin (hue * G_PI / 180);
            if (px >= box[0] - 4 && px < box[0] + box[2] + 4 && py >= box[1] - 4 && py < box[1] + box[3] + 4)
              inside++;
            else
              outside++;
          }
      g_assert_cmpint (inside, >, 900);
      g_assert_cmpint (outside, ==, 0);
      for (guint v = 0; v < 12; v++)
        if (strcmp (truth[6], sample_value_name (SAMPLE_IMAGE, 0, v)) == 0)
          expected = v * 30;
      hue = fmod (atan2 (y, x) * 180 / G_PI - expected + 540, 360) - 180;
      g_assert_cmpfloat (fabs (hue), <, 11); /* half way to the next is 15 */
    }
}

static void
test_smaller_sample_replaces (void)
{
  RfSampleOptions larger = { 3, 20, 31 }, smaller = { 3, 20, 30 };
  g_autofree char *directory = g_dir_make_tmp ("rf-sample-XXXXXX", NULL);
  g_autofree char *last = g_build_filename (directory, "images", "P0031.jpg", NULL);

  g_assert_true (rf_sample_write (directory, &larger, NULL, NULL, NULL));
  g_assert_true (g_file_test (last, G_FILE_TEST_EXISTS));
  g_assert_true (rf_sample_write (directory, &smaller, NULL, NULL, NULL));
  g_assert_false (g_file_test (last, G_FILE_TEST_EXISTS));
  remove_folder (directory);
}

static void
test_refuses (void)
{
  RfSampleOptions options = { 1, 10, 3 };
  g_autofree char *directory = g_dir_make_tmp ("rf-sample-XXXXXX", NULL);
  g_autofree char *items = g_build_filename (directory, "items.csv", NULL), *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (rf_sample_write (directory, &options, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  options.n_items = 30;
  options.n_users = 0;
  g_assert_false (rf_sample_write (directory, &options, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  options.n_users = 10;
  g_assert_true (g_file_set_contents (items, "mine", -1, NULL));
  g_assert_false (rf_sample_write (directory, &options, NULL, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_IO);
  g_assert_true (g_file_get_contents (items, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "mine");
  remove_folder (directory);
}

static void
stop_at_half (const char *stage, double fraction, void *data)
{
  RfProgress *progress = data;

  if (fraction > 0.5)
    rf_progress_cancel (progress);
}

static void
test_cancel (void)
{
  RfSampleOptions options = { 1, 10, 100 };
  g_autofree char *directory = g_dir_make_tmp ("rf-sample-XXXXXX", NULL);
  g_autofree char *items = g_build_filename (directory, "items.csv", NULL);
  g_autoptr(GError) error = NULL;
  RfProgress progress;

  rf_progress_init (&progress, stop_at_half, &progress);
  g_assert_false (rf_sample_write (directory, &options, NULL, &progress, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CANCELLED);
  g_assert_false (g_file_test (items, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_true (rf_sample_write (directory, &options, NULL, NULL, &error)); /* and again, to the end */
  remove_folder (directory);
}

int
main (int argc, char **argv)
{
  Fixture fixture = { 0 };
  int status;

  g_test_init (&argc, &argv, NULL);
  set_up (&fixture);
  g_test_add_data_func ("/sample/threads-change-no-byte", &fixture, test_threads_change_no_byte);
  g_test_add_data_func ("/sample/seed-changes-it", &fixture, test_seed_changes_it);
  g_test_add_data_func ("/sample/counts", &fixture, test_counts);
  g_test_add_data_func ("/sample/drivers", &fixture, test_drivers);
  g_test_add_data_func ("/sample/drivers-drive", &fixture, test_drivers_drive);
  g_test_add_data_func ("/sample/ratings-tell-nothing", &fixture, test_ratings_tell_nothing);
  g_test_add_data_func ("/sample/pictures", &fixture, test_pictures);
  g_test_add_func ("/sample/smaller-replaces", test_smaller_sample_replaces);
  g_test_add_func ("/sample/texts", test_texts);
  g_test_add_func ("/sample/vocabularies-are-apart", test_vocabularies_are_apart);
  g_test_add_func ("/sample/refuses", test_refuses);
  g_test_add_func ("/sample/cancel", test_cancel);
  status = g_test_run ();
  tear_down (&fixture);
  return status;
}
