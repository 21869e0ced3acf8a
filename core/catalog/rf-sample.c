/* rf-sample.c: the sample catalog, from a seed to a folder.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/catalog/rf-sample.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-parallel.h"
#include "core/catalog/rf-sample-private.h"

#define USERS_A_BLOCK   1024
#define USERS_A_CHUNK   16
#define ITEMS_A_CHUNK   8
#define N_DRIVERS       (SAMPLE_N_TRIPLES + 1)
#define OUTPUT_BUFFER   (1 << 16)

static const char *const driver_names[N_DRIVERS] = { "image", "text", "behaviour", "mixed" };

typedef struct
{
  const char *directory;
  RfSampleOptions options;
  RfProgress *progress;
  SampleItem *items;
  int id_digits;

  /* Of the block of users at work. */
  guint first_user;
  SampleUser *users;
  double *scratch; /* n_items for each worker */

  GMutex mutex; /* for these */
  guint n_drawn;
  GError *error; /* the first one */
} Sample;

static void
sample_clear (Sample *self)
{
  for (guint i = 0; self->items != NULL && i < self->options.n_items; i++)
    {
      g_free (self->items[i].title);
      g_free (self->items[i].description);
      g_free (self->items[i].words);
    }
  g_clear_pointer (&self->items, g_free);
  g_clear_pointer (&self->users, g_free);
  g_clear_pointer (&self->scratch, g_free);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
}

static gboolean
check_options (const RfSampleOptions *options, GError **error)
{
  if (options->n_items < RF_SAMPLE_MIN_ITEMS || options->n_items > RF_SAMPLE_MAX_ITEMS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("A sample can have %d to %d items, not %u."), RF_SAMPLE_MIN_ITEMS,
                   RF_SAMPLE_MAX_ITEMS, options->n_items);
      return FALSE;
    }
  if (options->n_users < 1 || options->n_users > RF_SAMPLE_MAX_USERS)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("A sample can have 1 to %d users, not %u."), RF_SAMPLE_MAX_USERS,
                   options->n_users);
      return FALSE;
    }
  return TRUE;
}

/* The pictures of an older, perhaps larger sample must not lie about beside the new ones. */
static gboolean
remove_old_pictures (const char *images, GError **error)
{
  g_autoptr(GDir) dir = g_dir_open (images, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] == 'P' && strspn (name + 1, "0123456789") + 1 + strlen (".jpg") == strlen (name) && g_str_has_suffix (name, ".jpg"))
      {
        g_autofree char *path = g_build_filename (images, name, NULL);

        g_unlink (path);
      }
  return TRUE;
}

static gboolean
prepare_directory (const char *directory, GError **error)
{
  g_autofree char *images = g_build_filename (directory, "images", NULL);
  g_autofree char *truth = g_build_filename (directory, "truth.csv", NULL);
  g_autofree char *items = g_build_filename (directory, "items.csv", NULL);
  g_autofree char *interactions = g_build_filename (directory, "interactions.csv", NULL);
  gboolean is_sample = g_file_test (truth, G_FILE_TEST_EXISTS);

  if (!is_sample && (g_file_test (items, G_FILE_TEST_EXISTS) || g_file_test (interactions, G_FILE_TEST_EXISTS)))
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("“%s” holds a catalog that is not a sample; choose another folder, so that it is not lost."),
                   directory);
      return FALSE;
    }
  if (g_mkdir_with_parents (images, 0777) != 0)
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("The folder “%s” could not be made: %s."), images, g_strerror (errno));
      return FALSE;
    }
  return !is_sample || remove_old_pictures (images, error);
}

/* Attributes, popularity and texts. In order, because no two titles are the same. */
static void
make_items (Sample *self)
{
  g_autoptr(GHashTable) titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->items = g_new0 (SampleItem, self->options.n_items);
  for (guint32 i = 0; i < self->options.n_items; i++)
    {
      SampleItem *item = &self->items[i];
      RfRng rng = sample_rng (self->options.seed, SAMPLE_STREAM_ITEM, i);

      for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
        for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
          item->value[t][a] = (guint8) rf_rng_below (&rng, sample_n_values[a]);
      item->popularity = rf_rng_normal (&rng);
      item->quality = rf_rng_normal (&rng);
      sample_write_text (self->options.seed, i, item, titles);
    }
}

static void
keep_error (Sample *self, GError *error)
{
  g_mutex_lock (&self->mutex);
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
  g_mutex_unlock (&self->mutex);
}

static gboolean
has_failed (Sample *self)
{
  gboolean failed;

  g_mutex_lock (&self->mutex);
  failed = self->error != NULL;
  g_mutex_unlock (&self->mutex);
  return failed;
}

static char *
item_id (const Sample *self, guint32 item)
{
  return g_strdup_printf ("P%0*u", self->id_digits, item + 1);
}

static gboolean
write_picture (Sample *self, guint32 item, GError **error)
{
  g_autoptr(GBytes) jpeg = sample_draw_picture (self->options.seed, item, &self->items[item], error);
  g_autofree char *id = item_id (self, item), *name = g_strconcat (id, ".jpg", NULL);
  g_autofree char *path = g_build_filename (self->directory, "images", name, NULL);

  if (jpeg == NULL)
    return FALSE;
  g_unlink (path); /* written in place, a shorter picture would keep the tail of a longer one */
  return g_file_set_contents_full (path, g_bytes_get_data (jpeg, NULL), (gssize) g_bytes_get_size (jpeg),
                                   G_FILE_SET_CONTENTS_NONE, 0666, error);
}

static void
write_pictures_part (size_t begin, size_t end, int worker, void *data)
{
  Sample *self = data;

  for (size_t i = begin; i < end; i++)
    {
      GError *error = NULL;
      guint n_drawn;

      if (has_failed (self))
        return;
      g_mutex_lock (&self->mutex);
      n_drawn = ++self->n_drawn;
      g_mutex_unlock (&self->mutex);
      if (!rf_progress_step (self->progress, _("Drawing pictures"), n_drawn / (double) self->options.n_items, &error) ||
          !write_picture (self, (guint32) i, &error))
        {
          keep_error (self, error);
          return;
        }
    }
}

static void
choose_part (size_t begin, size_t end, int worker, void *data)
{
  Sample *self = data;
  double *scratch = self->scratch + (gsize) worker * self->options.n_items;

  if (rf_progress_is_cancelled (self->progress))
    return;
  for (size_t u = begin; u < end; u++)
    sample_choose (self->options.seed, self->first_user + (guint32) u, self->items, self->options.n_items, scratch, &self->users[u]);
}

static void
append_cell (GString *row, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (row, text);
      return;
    }
  g_string_append_c (row, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (row, '"');
      g_string_append_c (row, *text);
    }
  g_string_append_c (row, '"');
}

static void
append_number (GString *row, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (row, g_ascii_formatd (buffer, sizeof buffer, "%.6f", value));
}

static gboolean
write_items (Sample *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, "items.csv", NULL);
  g_autoptr(GString) text = g_string_new ("item_id,title,description,category,image\n");

  for (guint32 i = 0; i < self->options.n_items; i++)
    {
      const SampleItem *item = &self->items[i];
      g_autofree char *id = item_id (self, i);

      g_string_append_printf (text, "%s,", id);
      append_cell (text, item->title);
      g_string_append_c (text, ',');
      append_cell (text, item->description);
      g_string_append_printf (text, ",%s,images/%s.jpg\n", sample_value_name (SAMPLE_TEXT, 0, item->value[SAMPLE_TEXT][0]), id);
    }
  return g_file_set_contents (path, text->str, (gssize) text->len, error);
}

static void
append_truth_header (GString *out)
{
  g_string_append (out, "kind,id,driver,w_image,w_text,w_behaviour");
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
      g_string_append_printf (out, ",%s", sample_attribute_name (t, a));
  g_string_append (out, ",popularity,box_x,box_y,box_width,box_height,words\n");
}

static void
append_item_truth (GString *out, const Sample *self, guint32 index)
{
  const SampleItem *item = &self->items[index];
  g_autofree char *id = item_id (self, index);

  g_string_append_printf (out, "item,%s,,,,", id);
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
      g_string_append_printf (out, ",%s", sample_value_name (t, a, item->value[t][a]));
  g_string_append_c (out, ',');
  append_number (out, item->popularity);
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (out, ",%d", (int) item->box[i]);
  g_string_append_printf (out, ",%s\n", item->words);
}

static void
append_user_truth (GString *out, guint32 index, const SampleUser *user)
{
  g_string_append_printf (out, "user,U%04u,%s", index + 1, driver_names[user->driver]);
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    {
      g_string_append_c (out, ',');
      append_number (out, user->weight[t]);
    }
  for (guint t = 0; t < SAMPLE_N_TRIPLES; t++)
    for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
      g_string_append_printf (out, ",%s|%s", sample_value_name (t, a, user->likes[t][a][0]), sample_value_name (t, a, user->likes[t][a][1]));
  g_string_append (out, ",,,,,,\n");
}

static void
append_interactions (GString *out, const Sample *self, guint32 index, const SampleUser *user)
{
  for (guint i = 0; i < user->n; i++)
    {
      guint halves = (guint) (2 * user->rating[i]);

      g_string_append_printf (out, "U%04u,P%0*u,%u.%u,%" G_GINT64_FORMAT "\n", index + 1, self->id_digits, user->item[i] + 1,
                              halves / 2, halves % 2 * 5, user->timestamp[i]);
    }
}

/* A quarter of the users for each driver, exactly: every four in a row are the four of them, shuffled. */
static void
assign_driver (const Sample *self, guint32 index, SampleUser *user)
{
  RfRng rng = sample_rng (self->options.seed, SAMPLE_STREAM_DRIVER, index / N_DRIVERS);
  guint32 order[N_DRIVERS] = { 0, 1, 2, 3 };

  rf_rng_shuffle_u32 (&rng, order, N_DRIVERS);
  user->driver = order[index % N_DRIVERS];
}

static GOutputStream *
open_table (const Sample *self, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (self->directory, name, NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GFileOutputStream) stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, error);

  return stream == NULL ? NULL : g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (stream), OUTPUT_BUFFER);
}

static gboolean
flush_text (GOutputStream *stream, GString *text, GError **error)
{
  gboolean done = g_output_stream_write_all (stream, text->str, text->len, NULL, NULL, error);

  g_string_truncate (text, 0);
  return done;
}

static gboolean
write_user_block (Sample *self, guint n, GOutputStream *interactions, GOutputStream *truth, RfSampleCounts *counts, GError **error)
{
  g_autoptr(GString) rows = g_string_new (NULL), truth_rows = g_string_new (NULL);

  memset (self->users, 0, n * sizeof *self->users);
  for (guint u = 0; u < n; u++)
    assign_driver (self, self->first_user + u, &self->users[u]);
  rf_parallel_for (n, USERS_A_CHUNK, choose_part, self);
  if (!rf_progress_step (self->progress, _("Letting the users choose"), (self->first_user + n) / (double) self->options.n_users, error))
    return FALSE;
  for (guint u = 0; u < n; u++)
    {
      append_interactions (rows, self, self->first_user + u, &self->users[u]);
      append_user_truth (truth_rows, self->first_user + u, &self->users[u]);
      counts->n_interactions += self->users[u].n;
    }
  return flush_text (interactions, rows, error) && flush_text (truth, truth_rows, error);
}

static gboolean
write_users (Sample *self, GOutputStream *interactions, GOutputStream *truth, RfSampleCounts *counts, GError **error)
{
  g_autoptr(GString) text = g_string_new (NULL);

  self->users = g_new (SampleUser, USERS_A_BLOCK);
  self->scratch = g_new (double, (gsize) rf_parallel_get_threads () * self->options.n_items);
  append_truth_header (text);
  for (guint32 i = 0; i < self->options.n_items; i++)
    append_item_truth (text, self, i);
  if (!flush_text (truth, text, error))
    return FALSE;
  g_string_assign (text, "user_id,item_id,rating,timestamp\n");
  if (!flush_text (interactions, text, error))
    return FALSE;
  for (self->first_user = 0; self->first_user < self->options.n_users; self->first_user += USERS_A_BLOCK)
    if (!write_user_block (self, MIN (USERS_A_BLOCK, self->options.n_users - self->first_user), interactions, truth, counts, error))
      return FALSE;
  return TRUE;
}

/* truth.csv is put in place first: it marks the folder as a sample, which may be written again. */
static gboolean
write_tables (Sample *self, RfSampleCounts *counts, GError **error)
{
  g_autoptr(GOutputStream) truth = open_table (self, "truth.csv", error);
  g_autoptr(GOutputStream) interactions = truth == NULL ? NULL : open_table (self, "interactions.csv", error);
  g_autoptr(GCancellable) cancelled = g_cancellable_new ();

  if (interactions != NULL && write_users (self, interactions, truth, counts, error))
    return g_output_stream_close (truth, NULL, error) && write_items (self, error) && g_output_stream_close (interactions, NULL, error);

  /* A stream closed with a cancelled cancellable leaves the file that was there. */
  g_cancellable_cancel (cancelled);
  if (truth != NULL)
    g_output_stream_close (truth, cancelled, NULL);
  if (interactions != NULL)
    g_output_stream_close (interactions, cancelled, NULL);
  return FALSE;
}

static gboolean
write_all (Sample *self, RfSampleCounts *counts, GError **error)
{
  if (!prepare_directory (self->directory, error))
    return FALSE;
  make_items (self);
  rf_parallel_for (self->options.n_items, ITEMS_A_CHUNK, write_pictures_part, self);
  if (self->error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      return FALSE;
    }
  return write_tables (self, counts, error);
}

/* Errors of files and of the JPEG encoder become one sentence of ours. */
static void
put_into_words (const char *directory, GError *raw, GError **error)
{
  if (raw->domain == RF_ERROR)
    g_propagate_error (error, raw);
  else
    {
      g_set_error (error, RF_ERROR, RF_ERROR_IO, _("The sample could not be written to “%s”: %s"), directory, raw->message);
      g_error_free (raw);
    }
}

gboolean
rf_sample_write (const char *directory, const RfSampleOptions *options, RfSampleCounts *counts, RfProgress *progress, GError **error)
{
  Sample self = { .directory = directory, .options = *options, .progress = progress, .id_digits = options->n_items > 9999 ? 7 : 4 };
  RfSampleCounts written = { options->n_users, options->n_items, 0 };
  GError *raw = NULL;
  gboolean done;

  if (!check_options (options, error))
    return FALSE;
  g_mutex_init (&self.mutex);
  done = write_all (&self, &written, &raw);
  sample_clear (&self);
  if (!done)
    put_into_words (directory, raw, error);
  else if (counts != NULL)
    *counts = written;
  return done;
}
