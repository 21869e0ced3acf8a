/* rf-catalog-stats.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/features/rf-catalog-stats.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/catalog/rf-picture.h"
#include "core/features/rf-text-tokens.h"

#define LORENZ_POINTS 200
#define MAX_DAYS      62
#define MAX_MONTHS    96
#define MAX_RATINGS   20 /* different ones that get a column each */
#define DAY           86400

static void
clear_counts (RfCountStats *stats)
{
  g_free (stats->count);
  g_free (stats->entities);
  g_free (stats->lorenz_x);
  g_free (stats->lorenz_y);
  g_free (stats->message);
  g_free (stats->lorenz_message);
}

static void
clear_columns (RfColumnStats *stats)
{
  g_strfreev (stats->names);
  g_free (stats->values);
  g_free (stats->message);
}

void
rf_catalog_stats_free (RfCatalogStats *self)
{
  if (self == NULL)
    return;
  clear_counts (&self->items);
  clear_counts (&self->users);
  clear_columns (&self->time);
  clear_columns (&self->ratings);
  clear_columns (&self->availability);
  g_free (self->words.message);
  g_free (self->sizes.message);
  g_free (self);
}

static int
compare_u32 (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* sorted: ascending counts of n entities. */
static void
measure_counts (RfCountStats *stats, const guint32 *sorted, guint32 n)
{
  double total = 0, sum = 0, weighted = 0;
  guint32 top = 0;

  stats->count = g_new (double, n + 1);
  stats->entities = g_new (double, n + 1);
  stats->lorenz_x = g_new0 (double, LORENZ_POINTS + 1);
  stats->lorenz_y = g_new0 (double, LORENZ_POINTS + 1);
  for (guint32 i = 0; i < n; i++)
    {
      total += sorted[i];
      weighted += (2.0 * (i + 1) - n - 1) * sorted[i];
      stats->n_none += sorted[i] == 0;
      if (i == 0 || sorted[i] != sorted[i - 1])
        {
          stats->count[stats->n] = sorted[i];
          stats->entities[stats->n++] = 0;
        }
      stats->entities[stats->n - 1]++;
    }
  if (total <= 0)
    return;
  stats->gini = weighted / (n * total);
  for (guint32 i = n; i > 0 && 2 * sum < total; i--, top++)
    sum += sorted[i - 1];
  stats->top_share = (double) top / n;
  sum = 0;
  for (guint32 i = 0, p = 1; i < n && p <= LORENZ_POINTS; i++)
    {
      sum += sorted[i];
      for (; p <= LORENZ_POINTS && (double) (i + 1) / n >= (double) p / LORENZ_POINTS - 1e-12; p++)
        {
          stats->lorenz_x[p] = (double) (i + 1) / n;
          stats->lorenz_y[p] = sum / total;
        }
    }
  stats->n_lorenz = LORENZ_POINTS + 1;
}

static void
measure_interactions (RfCatalogStats *self, const RfCatalog *catalog)
{
  const RfInteractions *x = rf_catalog_get_interactions (catalog);
  guint32 n_items = rf_catalog_get_n_items (catalog), n_users = rf_catalog_get_n_users (catalog);
  g_autofree guint32 *items = g_new0 (guint32, (gsize) n_items + 1), *users = g_new0 (guint32, (gsize) n_users + 1);

  for (gsize k = 0; k < x->n; k++)
    {
      items[x->item[k]]++;
      users[x->user[k]]++;
    }
  qsort (items, n_items, sizeof *items, compare_u32);
  qsort (users, n_users, sizeof *users, compare_u32);
  measure_counts (&self->items, items, n_items);
  measure_counts (&self->users, users, n_users);
  if (x->n == 0) /* shares of nothing */
    return;
  self->items.message = g_strdup_printf (_("half of all interactions go to the %.1f %% most chosen of %u items; %u were never chosen, the most chosen one %u times."),
                                         100 * self->items.top_share, n_items, self->items.n_none, n_items ? items[n_items - 1] : 0);
  self->users.message = g_strdup_printf (_("half of all interactions come from the %.1f %% most active of %u users; the middle one has %u, the most active one %u."),
                                         100 * self->users.top_share, n_users, n_users ? users[n_users / 2] : 0, n_users ? users[n_users - 1] : 0);
  /* Translators: the Gini coefficient */
  self->items.lorenz_message = g_strdup_printf (_("Gini %.2f over the items (0: all are chosen equally often, 1: only one is chosen)."), self->items.gini);
  self->users.lorenz_message = g_strdup_printf (_("Gini %.2f over the users (0: all are equally active, 1: only one is active)."), self->users.gini);
}

static int
unit_of (gint64 low, gint64 high)
{
  return (high - low) / DAY <= MAX_DAYS ? 'd' : (high - low) / (DAY * 30) <= MAX_MONTHS ? 'm' : 'y';
}

static gint64
slot_of (gint64 seconds, int unit)
{
  GDate date;
  gint64 days = seconds / DAY - (seconds % DAY < 0);

  if (unit == 'd')
    return days;
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) CLAMP (days + 719163, 1, 3000000)); /* GDate's day 1 is 1 January of the year 1 */
  return unit == 'm' ? g_date_get_year (&date) * 12 + g_date_get_month (&date) - 1 : g_date_get_year (&date);
}

static char *
name_slot (gint64 slot, int unit)
{
  GDate date;

  if (unit == 'y')
    return g_strdup_printf ("%" G_GINT64_FORMAT, slot);
  if (unit == 'm')
    return g_strdup_printf ("%04d-%02d", (int) (slot / 12), (int) (slot % 12) + 1);
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) CLAMP (slot + 719163, 1, 3000000));
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (&date), g_date_get_month (&date), g_date_get_day (&date));
}

static void
measure_time (RfCatalogStats *self, const RfInteractions *x)
{
  gint64 low = G_MAXINT64, high = G_MININT64, first;
  guint best = 0;

  for (gsize k = 0; k < x->n; k++)
    if (x->timestamp[k] != RF_NO_TIMESTAMP)
      {
        low = MIN (low, x->timestamp[k]);
        high = MAX (high, x->timestamp[k]);
      }
  if (low > high)
    return;
  self->time_unit = unit_of (low, high);
  first = slot_of (low, self->time_unit);
  self->time.n = (guint) MIN (slot_of (high, self->time_unit) - first + 1, 4000);
  self->time.values = g_new0 (double, self->time.n);
  self->time.names = g_new0 (char *, self->time.n + 1);
  for (gsize k = 0; k < x->n; k++)
    if (x->timestamp[k] != RF_NO_TIMESTAMP)
      {
        gint64 slot = slot_of (x->timestamp[k], self->time_unit) - first;

        if (slot < self->time.n)
          self->time.values[slot]++;
      }
  for (guint s = 0; s < self->time.n; s++)
    {
      self->time.names[s] = name_slot (first + s, self->time_unit);
      if (self->time.values[s] > self->time.values[best])
        best = s;
    }
  self->time.message = g_strdup_printf (_("from %s to %s, most in %s (%.0f)."), self->time.names[0], self->time.names[self->time.n - 1], self->time.names[best],
                                        self->time.values[best]);
}

/* Every value, or bins of the whole range when there are too many. */
static void
measure_ratings (RfCatalogStats *self, const RfInteractions *x)
{
  g_autofree double *sorted = g_new (double, x->n + 1);
  RfColumnStats *out = &self->ratings;
  double sum = 0;
  gsize n = 0, different = 0;

  for (gsize k = 0; k < x->n; k++)
    if (isfinite (x->rating[k]))
      {
        sorted[n++] = round (100.0 * (double) x->rating[k]) / 100;
        sum += (double) x->rating[k];
      }
  if (n == 0)
    return;
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  for (gsize k = 0; k < n; k++)
    different += k == 0 || sorted[k] > sorted[k - 1];
  out->n = different <= MAX_RATINGS ? (guint) different : 10;
  out->values = g_new0 (double, out->n);
  out->names = g_new0 (char *, out->n + 1);
  for (gsize k = 0, at = 0; k < n; k++)
    if (different <= MAX_RATINGS)
      {
        at += k > 0 && sorted[k] > sorted[k - 1];
        out->values[at]++;
        if (out->names[at] == NULL)
          out->names[at] = g_strdup_printf ("%g", sorted[k]);
      }
    else
      {
        double step = (sorted[n - 1] - sorted[0]) / out->n;

        out->values[MIN ((guint) ((sorted[k] - sorted[0]) / step), out->n - 1)]++;
      }
  for (guint b = 0; different > MAX_RATINGS && b < out->n; b++)
    out->names[b] = g_strdup_printf ("%.3g", sorted[0] + (sorted[n - 1] - sorted[0]) * b / out->n);
  out->message = g_strdup_printf (_("%zu ratings from %g to %g, %.2f on average."), n, sorted[0], sorted[n - 1], sum / (double) n);
}

static gboolean
measure_availability (RfCatalogStats *self, const RfCatalog *catalog, RfWorkspace *workspace, GError **error)
{
  guint32 n_items = rf_catalog_get_n_items (catalog);
  g_auto(GStrv) imported = rf_workspace_list_imported (workspace, error);
  RfColumnStats *out = &self->availability;
  guint n_imported;

  if (imported == NULL)
    return FALSE;
  n_imported = g_strv_length (imported);
  out->values = g_new0 (double, n_imported + 3);
  out->names = g_new0 (char *, n_imported + 4);
  out->names[0] = g_strdup ("image");
  out->names[1] = g_strdup ("text");
  out->names[2] = g_strdup ("behaviour");
  out->values[0] = rf_catalog_count_images (catalog);
  out->values[1] = rf_catalog_count_texts (catalog);
  out->values[2] = n_items - self->items.n_none;
  out->n = 3;
  for (guint m = 0; m < n_imported; m++)
    if (strcmp (imported[m], "image") != 0 && strcmp (imported[m], "text") != 0 && strcmp (imported[m], "behaviour") != 0)
      {
        guint32 dimensions;

        out->names[out->n] = g_strdup (imported[m]);
        out->values[out->n++] = rf_workspace_count_imported (workspace, imported[m], &dimensions, NULL);
      }
  for (guint m = 0; m < out->n; m++)
    out->values[m] = n_items ? out->values[m] / n_items : 0;
  return TRUE;
}

static void
spread (RfSpreadStats *out, double *values, gsize n)
{
  if (n == 0)
    return;
  qsort (values, n, sizeof *values, compare_doubles);
  out->n = (guint) n;
  out->median = values[n / 2];
  out->low = values[0];
  out->high = values[n - 1] > values[0] ? values[MIN (n - 1, (gsize) (0.99 * (double) n))] : values[0] + 1; /* a single giant does not flatten all others */
  if (!(out->high > out->low))
    out->high = values[n - 1];
  for (gsize k = 0; k < n; k++)
    out->counts[MIN ((guint) ((values[k] - out->low) / (out->high - out->low) * RF_STATS_BINS), RF_STATS_BINS - 1)]++;
}

typedef struct
{
  const RfCatalog *catalog;
  const guint32 *items;
  double *words;
} Texts;

static void
count_words (size_t begin, size_t end, int worker, void *data)
{
  const Texts *texts = data;
  const RfTokenOptions options = { .keep_stop_words = TRUE };
  g_autoptr(RfTokenizer) tokenizer = rf_tokenizer_new (&options, NULL);
  g_autoptr(RfTokenList) list = rf_token_list_new ();

  for (size_t k = begin; k < end; k++)
    {
      const char *text = rf_catalog_get_item_description (texts->catalog, texts->items[k]);

      if (tokenizer != NULL)
        rf_tokenizer_run (tokenizer, *text ? text : rf_catalog_get_item_title (texts->catalog, texts->items[k]), list);
      texts->words[k] = list->tokens->len;
    }
}

/* Up to `most` items that have it, evenly spread. */
static guint32 *
choose_items (const RfCatalog *catalog, gboolean (*has) (const RfCatalog *, guint32), guint32 n_having, guint32 most, guint32 *n)
{
  guint32 *chosen = g_new (guint32, MIN (most, n_having) + 1), stride = MAX (1, (n_having + most - 1) / most), seen = 0;

  *n = 0;
  for (guint32 i = 0; i < rf_catalog_get_n_items (catalog); i++)
    if (has (catalog, i) && seen++ % stride == 0)
      chosen[(*n)++] = i;
  return chosen;
}

static gboolean
measure_texts (RfCatalogStats *self, const RfCatalog *catalog, RfProgress *progress, GError **error)
{
  guint32 n;
  g_autofree guint32 *items = choose_items (catalog, rf_catalog_item_has_text, rf_catalog_count_texts (catalog), RF_STATS_TEXTS, &n);
  g_autofree double *words = g_new (double, n + 1);
  Texts texts = { catalog, items, words };

  for (guint32 first = 0; first < n; first += 2000)
    {
      Texts part = { catalog, texts.items + first, texts.words + first };

      if (!rf_progress_step (progress, _("Counting words"), (double) first / n, error))
        return FALSE;
      rf_parallel_for (MIN (2000, n - first), 250, count_words, &part);
    }
  spread (&self->words, words, n);
  if (n > 0)
    self->words.message = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u text; the middle one has %.0f words.", "%u texts; the middle one has %.0f words.", n), n, self->words.median);
  return TRUE;
}

/* The longer side in pixels; 0: unknown. */
static double
measure_picture (const RfCatalog *catalog, RfWorkspace *workspace, guint32 item, gboolean *of_source)
{
  g_autofree char *path = NULL;
  g_autoptr(GBytes) small = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GdkPixbuf) pixbuf = NULL;
  gboolean repaired;
  int width, height;

  *of_source = rf_picture_find (rf_catalog_get_source (catalog), rf_catalog_get_item_image (catalog, item), &path, &repaired) == RF_PICTURE_FINE &&
               gdk_pixbuf_get_file_info (path, &width, &height) != NULL;
  if (*of_source)
    return MAX (width, height);
  small = rf_workspace_load_picture (workspace, item, NULL);
  stream = small ? g_memory_input_stream_new_from_bytes (small) : NULL;
  pixbuf = stream ? gdk_pixbuf_new_from_stream (stream, NULL, NULL) : NULL;
  return pixbuf ? MAX (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf)) : 0;
}

static gboolean
measure_pictures (RfCatalogStats *self, const RfCatalog *catalog, RfWorkspace *workspace, RfProgress *progress, GError **error)
{
  guint32 n, n_source = 0;
  g_autofree guint32 *items = choose_items (catalog, rf_catalog_item_has_image, rf_catalog_count_images (catalog), RF_STATS_PICTURES, &n);
  g_autofree double *sizes = g_new (double, n + 1);
  gsize n_sizes = 0;

  for (guint32 k = 0; k < n; k++)
    {
      gboolean of_source;
      double size;

      if (k % 64 == 0 && !rf_progress_step (progress, _("Measuring pictures"), (double) k / n, error))
        return FALSE;
      size = measure_picture (catalog, workspace, items[k], &of_source);
      n_source += of_source;
      if (size > 0)
        sizes[n_sizes++] = size;
    }
  self->sizes_of_source = 2 * n_source > n;
  spread (&self->sizes, sizes, n_sizes);
  if (n_sizes > 0)
    self->sizes.message = g_strdup_printf (self->sizes_of_source ? _("%zu pictures measured; the longer side of the middle one has %.0f pixels.")
                                                                 : _("%zu pictures measured as the document keeps them; the longer side of the middle one has %.0f pixels."),
                                           n_sizes, self->sizes.median);
  return TRUE;
}

RfCatalogStats *
rf_catalog_stats_new (const RfCatalog *catalog, RfWorkspace *workspace, RfProgress *progress, GError **error)
{
  g_autoptr(RfCatalogStats) self = g_new0 (RfCatalogStats, 1);

  if (!rf_progress_step (progress, _("Counting interactions"), 0, error))
    return NULL;
  measure_interactions (self, catalog);
  measure_time (self, rf_catalog_get_interactions (catalog));
  measure_ratings (self, rf_catalog_get_interactions (catalog));
  if (!measure_availability (self, catalog, workspace, error) || !measure_texts (self, catalog, progress, error) ||
      !measure_pictures (self, catalog, workspace, progress, error))
    return NULL;
  return g_steal_pointer (&self);
}
