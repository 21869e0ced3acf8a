/* refract-catalog-search.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-catalog-search.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/rf-parallel.h"
#include "core/base/rf-sort.h"

#define MAX_CATEGORIES 200
#define GRAIN          2048

/* What the thread reads; made ready by the first search, unchanged from then on. */
typedef struct
{
  gatomicrefcount ref_count;
  RfCatalog *catalog;
  guint32 *counts; /* interactions of each item */
  gboolean ready;
  guint32 head, middle;
  char **categories;
  guint32 *category_counts;
} Facts;

/* One search. */
typedef struct
{
  Facts *facts;
  char **words; /* folded */
  char *category;
  RefractMissing missing;
  RefractBand band;
  RefractItemOrder order;
  gint wish;
  gint *wanted; /* atomic: another number means stop; borrowed from the object, which the task keeps alive */
  guint8 *match;
  guint32 *found;
  guint n_found;
} Search;

struct _RefractCatalogSearch
{
  GObject parent_instance;

  Facts *facts;
  char *text, *category;
  RefractMissing missing;
  RefractBand band;
  RefractItemOrder order;
  gint wanted; /* atomic */
  gint answered;
  gboolean running;
  guint32 *found;
  guint n_found;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RefractCatalogSearch, refract_catalog_search, G_TYPE_OBJECT)

static void
facts_unref (Facts *facts)
{
  if (!g_atomic_ref_count_dec (&facts->ref_count))
    return;
  rf_catalog_unref (facts->catalog);
  g_free (facts->counts);
  g_strfreev (facts->categories);
  g_free (facts->category_counts);
  g_free (facts);
}

static void
search_free (gpointer data)
{
  Search *search = data;

  facts_unref (search->facts);
  g_strfreev (search->words);
  g_free (search->category);
  g_free (search->match);
  g_free (search->found);
  g_free (search);
}

RefractCatalogSearch *
refract_catalog_search_new (void)
{
  return g_object_new (REFRACT_TYPE_CATALOG_SEARCH, NULL);
}

/* Does a category, one of several joined by '|', occur in the text? */
static gboolean
has_category (const char *text, const char *category)
{
  gsize length = strlen (category);

  for (const char *at = text; at != NULL && *at != '\0';)
    {
      const char *end = strchrnul (at, '|');

      if ((gsize) (end - at) == length && memcmp (at, category, length) == 0)
        return TRUE;
      at = *end != '\0' ? end + 1 : NULL;
    }
  return FALSE;
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if (*(const guchar *) text >= 128)
      return FALSE;
  return TRUE;
}

/* Is the folded word in the text? Plain letters, the usual case, are compared without a copy. */
static gboolean
contains (const char *text, const char *word)
{
  g_autofree char *folded = NULL;

  if (*text == '\0')
    return FALSE;
  if (is_ascii (text))
    return strcasestr (text, word) != NULL;
  folded = g_utf8_casefold (text, -1);
  return strstr (folded, word) != NULL;
}

static gboolean
matches (const Search *search, guint32 item)
{
  const Facts *facts = search->facts;
  const RfCatalog *catalog = facts->catalog;
  guint32 count = facts->counts[item];

  if (search->missing == REFRACT_MISSING_PICTURE && rf_catalog_item_has_image (catalog, item))
    return FALSE;
  if (search->missing == REFRACT_MISSING_TEXT && rf_catalog_item_has_text (catalog, item))
    return FALSE;
  if ((search->band == REFRACT_BAND_HEAD && count < facts->head) || (search->band == REFRACT_BAND_MIDDLE && (count >= facts->head || count < facts->middle)) ||
      (search->band == REFRACT_BAND_TAIL && (count >= facts->middle || count == 0)) || (search->band == REFRACT_BAND_NEVER && count > 0))
    return FALSE;
  if (search->category != NULL && !has_category (rf_catalog_get_item_category (catalog, item), search->category))
    return FALSE;
  for (guint w = 0; search->words[w] != NULL; w++)
    if (!contains (rf_catalog_get_item_title (catalog, item), search->words[w]) && !contains (rf_catalog_get_item_id (catalog, item), search->words[w]) &&
        !contains (rf_catalog_get_item_category (catalog, item), search->words[w]) && !contains (rf_catalog_get_item_description (catalog, item), search->words[w]))
      return FALSE;
  return TRUE;
}

static void
match_items (size_t begin, size_t end, int worker, void *data)
{
  Search *search = data;

  if (g_atomic_int_get (search->wanted) != search->wish)
    return;
  for (size_t i = begin; i < end; i++)
    search->match[i] = matches (search, (guint32) i);
}

static int
compare_counts_down (const void *a, const void *b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return (x < y) - (x > y);
}

static void
find_bands (Facts *facts)
{
  guint32 n = rf_catalog_get_n_items (facts->catalog);
  g_autofree guint32 *sorted = g_memdup2 (facts->counts, ((gsize) n + 1) * sizeof *sorted);
  double total = (double) rf_catalog_get_n_interactions (facts->catalog), sum = 0;

  qsort (sorted, n, sizeof *sorted, compare_counts_down);
  facts->head = facts->middle = 1;
  for (guint32 i = 0; i < n && sorted[i] > 0; i++)
    {
      if (sum < 0.5 * total)
        facts->head = sorted[i];
      if (sum < 0.9 * total)
        facts->middle = sorted[i];
      sum += sorted[i];
    }
}

typedef struct
{
  char *name;
  guint32 n;
} Category;

static int
compare_categories (const void *a, const void *b)
{
  const Category *x = a, *y = b;

  return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp (x->name, y->name);
}

static void
count_categories (Facts *facts)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) all = g_array_new (FALSE, FALSE, sizeof (Category));
  GHashTableIter iter;
  gpointer name, n;

  for (guint32 i = 0; i < rf_catalog_get_n_items (facts->catalog); i++)
    for (const char *at = rf_catalog_get_item_category (facts->catalog, i); *at != '\0';)
      {
        const char *end = strchrnul (at, '|');
        g_autofree char *one = g_strndup (at, (gsize) (end - at));

        n = g_hash_table_lookup (table, one);
        if (*one != '\0')
          g_hash_table_replace (table, g_steal_pointer (&one), GUINT_TO_POINTER (GPOINTER_TO_UINT (n) + 1));
        at = *end != '\0' ? end + 1 : end;
      }
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &name, &n))
    g_array_append_val (all, ((Category) { name, GPOINTER_TO_UINT (n) }));
  g_array_sort (all, compare_categories);
  facts->categories = g_new0 (char *, MIN (all->len, MAX_CATEGORIES) + 1);
  facts->category_counts = g_new0 (guint32, MIN (all->len, MAX_CATEGORIES) + 1);
  for (guint c = 0; c < MIN (all->len, MAX_CATEGORIES); c++)
    {
      facts->categories[c] = g_strdup (g_array_index (all, Category, c).name);
      facts->category_counts[c] = g_array_index (all, Category, c).n;
    }
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const Search *search = data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b, count_x = search->facts->counts[x], count_y = search->facts->counts[y];
  int order = 0;

  if (search->order == REFRACT_ORDER_MOST_CHOSEN)
    order = (count_x < count_y) - (count_x > count_y);
  else if (search->order == REFRACT_ORDER_LEAST_CHOSEN)
    order = (count_x > count_y) - (count_x < count_y);
  else if (search->order == REFRACT_ORDER_TITLE)
    order = g_ascii_strcasecmp (rf_catalog_get_item_label (search->facts->catalog, x), rf_catalog_get_item_label (search->facts->catalog, y));
  return order != 0 ? order : (x > y) - (x < y);
}

static void
search_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Search *search = data;
  guint32 n = rf_catalog_get_n_items (search->facts->catalog);

  if (!search->facts->ready)
    {
      find_bands (search->facts);
      count_categories (search->facts);
    }
  search->match = g_malloc0 ((gsize) n + 1);
  search->found = g_new (guint32, (gsize) n + 1);
  rf_parallel_for (n, GRAIN, match_items, search);
  for (guint32 i = 0; i < n; i++)
    if (search->match[i])
      search->found[search->n_found++] = i;
  if (search->order != REFRACT_ORDER_CATALOG && g_atomic_int_get (search->wanted) == search->wish)
    rf_sort (search->found, search->n_found, sizeof *search->found, compare_items, search);
  g_task_return_boolean (task, TRUE);
}

static void start (RefractCatalogSearch *self);

static void
searched_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RefractCatalogSearch *self = REFRACT_CATALOG_SEARCH (object);
  Search *search = g_task_get_task_data (G_TASK (result));

  self->running = FALSE;
  search->facts->ready = TRUE;
  if (search->wish != g_atomic_int_get (&self->wanted))
    {
      start (self);
      return;
    }
  g_free (self->found);
  self->found = g_steal_pointer (&search->found);
  self->n_found = search->n_found;
  self->answered = search->wish;
  g_signal_emit (self, signals[FOUND], 0);
}

static char **
fold_words (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text ? text : "", -1);
  g_auto(GStrv) parts = g_strsplit_set (folded, " \t", -1);
  g_autoptr(GStrvBuilder) words = g_strv_builder_new ();

  for (guint p = 0; parts[p] != NULL; p++)
    if (*parts[p] != '\0')
      g_strv_builder_add (words, parts[p]);
  return g_strv_builder_end (words);
}

static void
start (RefractCatalogSearch *self)
{
  g_autoptr(GTask) task = NULL;
  Search *search;

  if (self->running || self->facts == NULL)
    return;
  search = g_new0 (Search, 1);
  search->facts = self->facts;
  g_atomic_ref_count_inc (&self->facts->ref_count);
  search->words = fold_words (self->text);
  search->category = g_strdup (self->category);
  search->missing = self->missing;
  search->band = self->band;
  search->order = self->order;
  search->wish = g_atomic_int_get (&self->wanted);
  search->wanted = &self->wanted;
  self->running = TRUE;
  task = g_task_new (self, NULL, searched_cb, NULL);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, search_thread);
}

void
refract_catalog_search_set_session (RefractCatalogSearch *self, RefractSession *session)
{
  g_clear_pointer (&self->facts, facts_unref);
  g_clear_pointer (&self->found, g_free);
  self->n_found = 0;
  g_atomic_int_inc (&self->wanted);
  self->answered = g_atomic_int_get (&self->wanted);
  if (session == NULL)
    return;
  self->facts = g_new0 (Facts, 1);
  g_atomic_ref_count_init (&self->facts->ref_count);
  self->facts->catalog = rf_catalog_ref (refract_session_get_catalog (session));
  self->facts->counts = g_memdup2 (refract_session_get_item_counts (session), ((gsize) rf_catalog_get_n_items (self->facts->catalog) + 1) * sizeof (guint32));
  g_atomic_int_inc (&self->wanted);
  start (self);
}

void
refract_catalog_search_set_query (RefractCatalogSearch *self, const RefractItemQuery *query)
{
  g_free (self->text);
  self->text = g_strdup (query->text);
  g_free (self->category);
  self->category = g_strdup (query->category);
  self->missing = query->missing;
  self->band = query->band;
  self->order = query->order;
  if (self->facts == NULL)
    return;
  g_atomic_int_inc (&self->wanted);
  start (self);
}

guint32 *
refract_catalog_search_take (RefractCatalogSearch *self, guint *n)
{
  *n = self->n_found;
  self->n_found = 0;
  return g_steal_pointer (&self->found);
}

const char *const *
refract_catalog_search_get_categories (RefractCatalogSearch *self)
{
  return self->facts && self->facts->ready ? (const char *const *) self->facts->categories : NULL;
}

const guint32 *
refract_catalog_search_get_category_counts (RefractCatalogSearch *self)
{
  return self->facts && self->facts->ready ? self->facts->category_counts : NULL;
}

void
refract_catalog_search_get_bands (RefractCatalogSearch *self, guint32 *head, guint32 *middle)
{
  gboolean ready = self->facts && self->facts->ready; /* else a thread may be at it */

  *head = ready ? self->facts->head : 1;
  *middle = ready ? self->facts->middle : 1;
}

gboolean
refract_catalog_search_is_settled (RefractCatalogSearch *self)
{
  return !self->running && self->answered == g_atomic_int_get (&self->wanted);
}

static void
refract_catalog_search_finalize (GObject *object)
{
  RefractCatalogSearch *self = REFRACT_CATALOG_SEARCH (object);

  g_clear_pointer (&self->facts, facts_unref);
  g_free (self->text);
  g_free (self->category);
  g_free (self->found);
  G_OBJECT_CLASS (refract_catalog_search_parent_class)->finalize (object);
}

static void
refract_catalog_search_class_init (RefractCatalogSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = refract_catalog_search_finalize;
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
refract_catalog_search_init (RefractCatalogSearch *self)
{
}
