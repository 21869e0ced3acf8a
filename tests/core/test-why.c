/* test-why.c: explanations on a drawn sample catalog, whose truth is known: places, words, neighbours, knock-outs, new items, what-if.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-linalg.h"
#include "core/catalog/rf-sample-private.h"
#include "core/eval/rf-metrics.h"
#include "core/eval/rf-ranker.h"
#include "core/explain/rf-audience.h"
#include "core/explain/rf-counterfactual.h"
#include "core/explain/rf-groups.h"
#include "core/explain/rf-knockout.h"
#include "core/explain/rf-saliency.h"
#include "core/explain/rf-tokens.h"
#include "core/explain/rf-what-if.h"
#include "core/features/rf-image-picture.h"
#include "core/train/rf-modality.h"
#include "tests/support/sample-world.h"

#define N_PICTURES 8
#define N_TEXTS    100

static SampleWorld *world;
static RfFeatures *features[2];
static RfFeatureMap *maps[2];
static RfImageModel *image_model;
static RfTextModel *text_model;

static void
set_up (void)
{
  static const char *const names[] = { "image", "text" };
  g_autoptr(GError) error = NULL;
  const RfTrained *t;

  world = sample_world_new (11, 1000, 400);
  t = world->trained;
  for (guint m = 0; m < 2; m++)
    {
      features[m] = rf_modality_features (world->workspace, t->catalog, t->config, names[m], NULL, &error);
      g_assert_no_error (error);
      maps[m] = rf_feature_map_new (features[m], t->model, m, &error);
      g_assert_no_error (error);
      g_assert_cmpfloat (maps[m]->error, <, 1e-4);
    }
  image_model = rf_modality_image_model (world->workspace, t->catalog, t->config, NULL, &error);
  g_assert_no_error (error);
  text_model = rf_modality_text_model (world->workspace, t->catalog, t->config, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (void)
{
  for (guint m = 0; m < 2; m++)
    {
      rf_features_free (features[m]);
      rf_feature_map_free (maps[m]);
    }
  rf_image_model_free (image_model);
  rf_text_model_free (text_model);
  sample_world_free (world);
}

/* One user's scores. */
typedef struct
{
  guint32 user;
  const guint32 *history;
  gsize n;
  RfScores *scores;
  RfRanking *ranking;
} Person;

static Person
person_new (guint32 user, guint k)
{
  const RfTrained *t = world->trained;
  Person p = { user, rf_csr_row (t->split->history, user), rf_csr_row_length (t->split->history, user), rf_scores_new (t->model, 1), NULL };
  RfRankOptions options = { .k = k };

  rf_model_score (t->model, t->split->history, user, 1, user, NULL, p.scores);
  p.ranking = rf_rank_scores (t->model, p.scores, 0, p.history, p.n, &options);
  return p;
}

static void
person_clear (Person *p)
{
  rf_scores_free (p->scores);
  rf_ranking_free (p->ranking);
}

static RfTaste *
taste_of (const Person *p, guint m, guint32 item)
{
  return rf_taste_new (maps[m], world->trained->model, p->scores, 0, m, p->history, p->n, p->user, item);
}

/* A direction in feature space gives every item's contribution, of the history, too. */
static void
test_taste (void)
{
  for (guint32 u = 0; u < 40; u += 7)
    {
      Person p = person_new (u, 5);

      for (guint m = 0; m < 2; m++)
        for (guint32 i = 0; i < world->trained->model->n_items; i += 3)
          {
            g_autoptr(RfTaste) taste = taste_of (&p, m, i);
            RfRanked ranked;

            rf_ranked_fill (world->trained->model, p.scores, 0, i, &ranked);
            g_assert_cmpfloat_with_epsilon (rf_taste_value (taste, rf_matrix_row (features[m]->x, i)), ranked.contribution[m], 1e-4);
          }
      for (gsize j = 0; j < p.n; j++)
        {
          g_autoptr(RfTaste) taste = taste_of (&p, 0, p.history[j]);
          RfRanked ranked;

          rf_ranked_fill (world->trained->model, p.scores, 0, p.history[j], &ranked);
          g_assert_cmpfloat_with_epsilon (rf_taste_value (taste, rf_matrix_row (features[0]->x, p.history[j])), ranked.contribution[0], 1e-4);
        }
      person_clear (&p);
    }
}

/* Past items: the share of one is what the score loses without it, as long as mean, deviation and attention stay as they are. */
static void
test_past_items (void)
{
  const RfModel *model = world->trained->model;

  for (guint32 u = 3; u < 33; u += 10)
    {
      Person p = person_new (u, 3);
      guint32 item = p.ranking->items[1].item;

      for (guint m = 0; m < 3; m++)
        {
          g_autofree double *shares = g_new (double, p.n);
          g_autofree float *with = g_new (float, model->n_items), *without = g_new (float, model->n_items);

          rf_history_shares (model, p.scores, 0, m, p.history, p.n, item, shares);
          for (gsize j = 0; j < p.n; j++)
            {
              gsize n_left, all_ptr[2] = { 0, p.n }, ptr[2] = { 0 };
              g_autofree guint32 *left = rf_history_edit (p.history, p.n, NULL, 0, &p.history[j], 1, &n_left);
              RfCsr all = { 1, model->n_items, all_ptr, (guint32 *) p.history, NULL }, rest = { 1, model->n_items, ptr, left, NULL };
              double lost = 0, mean = 0;
              float attention[RF_MAX_MODALITIES];
              gsize count = 0;

              ptr[1] = n_left;
              rf_channel_score (model->channels[m], &all, 0, 1, RF_NO_USER, with);
              rf_channel_score (model->channels[m], &rest, 0, 1, RF_NO_USER, without);
              for (guint32 i = 0; i < model->n_items; i++)
                if (model->channels[m]->available[i])
                  {
                    mean += (double) with[i] - (double) without[i];
                    count++;
                  }
              rf_model_get_attention (model, p.scores, 0, item, attention);
              lost = (double) attention[m] * ((double) with[item] - (double) without[item] - mean / (double) count) / (double) p.scores->deviation[0][m];
              g_assert_cmpfloat_with_epsilon (shares[j], lost, 2e-4);
            }
        }
      person_clear (&p);
    }
}

/* The places of pictures that drive: most of the mass is on the drawn shape, and covering by the map hurts more than at random. */
static void
test_picture (void)
{
  RfSaliencyOptions options = { 10, 1, RF_FILL_BORDER };
  RfPictureEncoder encoder = rf_picture_encoder_descriptors (image_model);
  double mass = 0, area = 0, deletion = 0, random_deletion = 0, insertion = 0, random_insertion = 0;
  guint n = 0;

  for (guint32 u = 0; u < 1000 && n < N_PICTURES; u++)
    {
      Person p;
      guint32 item;
      g_autoptr(RfTaste) taste = NULL;
      g_autoptr(GBytes) encoded = NULL;
      g_autofree guint8 *rgb = g_malloc (RF_PICTURE_AREA * 3);
      g_autofree float *x = g_new (float, features[0]->x->cols);
      g_autoptr(RfSaliency) map = NULL;
      RfSaliencyCheck check;
      RfPictureTarget target;

      if (world->driver[u] != 0)
        continue;
      p = person_new (u, 1);
      item = p.ranking->items[0].item;
      taste = taste_of (&p, 0, item);
      encoded = rf_workspace_load_picture (world->workspace, item, NULL);
      g_assert_true (rf_picture_decode (encoded, rgb));
      rf_image_model_transform_rgb (image_model, rgb, x);
      g_assert_cmpfloat_with_epsilon (rf_taste_value (taste, x), p.ranking->items[0].contribution[0], 1e-4);
      target = (RfPictureTarget) { taste->g, taste->scale };
      map = rf_saliency_occlusion (&encoder, &target, rgb, &options, NULL, NULL);
      g_assert_cmpuint (map->evaluated, ==, 102);
      g_assert_cmpfloat_with_epsilon (map->whole - taste->scale * taste->base + taste->offset, p.ranking->items[0].contribution[0], 1e-4);
      g_assert_true (rf_saliency_check (&encoder, &target, rgb, map, RF_FILL_BLUR, 10, 2, 1, &check, NULL, NULL));
      g_assert_cmpfloat_with_epsilon (check.deletion_curve[0], map->whole, 1e-6);
      g_assert_cmpfloat_with_epsilon (check.deletion_curve[10], check.insertion_curve[0], 1e-6);
      g_assert_cmpfloat_with_epsilon (check.insertion_curve[10], map->whole, 1e-6);
      mass += rf_saliency_mass (map, world->box[item][0], world->box[item][1], world->box[item][2], world->box[item][3]);
      area += world->box[item][2] * world->box[item][3];
      deletion += check.deletion;
      random_deletion += check.random_deletion;
      insertion += check.insertion;
      random_insertion += check.random_insertion;
      rf_saliency_check_clear (&check);
      person_clear (&p);
      n++;
    }
  g_test_message ("mass %.3f on boxes of %.3f of the area; deletion %.3f, at random %.3f; insertion %.3f, at random %.3f", mass / n, area / n, deletion / n,
                  random_deletion / n, insertion / n, random_insertion / n);
  g_assert_cmpuint (n, ==, N_PICTURES);
  g_assert_cmpfloat (mass / n, >=, 0.6);
  g_assert_cmpfloat ((random_deletion - deletion) / n, >=, 0.1); /* of scores of about 2.4 */
  g_assert_cmpfloat ((insertion - random_insertion) / n, >=, 0.2);
}

/* Does the word belong to a vocabulary of a value that the user likes? */
static gboolean
is_planted (guint32 user, const char *word)
{
  for (guint a = 0; a < SAMPLE_N_ATTRIBUTES; a++)
    for (guint v = 0; v < sample_n_values[a]; v++)
      {
        guint n;
        const char *const *vocabulary = sample_get_vocabulary (a, v, &n);

        if (sample_has (world->liked[user], sample_value_name (SAMPLE_TEXT, a, v)))
          for (guint w = 0; w < n; w++)
            if (strcmp (vocabulary[w], word) == 0)
              return TRUE;
      }
  return FALSE;
}

static char *
dup_token (const char *text, const RfTokenShare *token)
{
  g_autofree char *word = g_strndup (text + token->begin, token->end - token->begin);

  return g_utf8_strdown (word, -1);
}

/* The words of texts that drive: shares add up, stand where they stand in the original, and the first two hold a planted word. */
static void
test_words (void)
{
  guint n = 0, right = 0;
  double chance = 0;

  for (guint32 u = 0; u < 1000 && n < N_TEXTS; u++)
    {
      Person p;
      guint32 item;
      g_autoptr(RfTaste) taste = NULL;
      g_autoptr(RfTokens) tokens = NULL;
      g_autofree char *text = NULL;
      guint top[2], n_top, planted = 0, known = 0;
      double sum = 0;

      if (world->driver[u] != 1)
        continue;
      p = person_new (u, 1);
      item = p.ranking->items[0].item;
      taste = taste_of (&p, 1, item);
      text = rf_modality_item_text (world->trained->catalog, world->trained->config, item);
      tokens = rf_tokens_explain (text_model, taste, text);
      g_assert_cmpfloat_with_epsilon (tokens->contribution, p.ranking->items[0].contribution[1], 1e-4);
      for (guint t = 0; t < tokens->tokens->len; t++)
        {
          const RfTokenShare *token = &g_array_index (tokens->tokens, RfTokenShare, t);
          g_autofree char *word = dup_token (text, token);

          g_assert_cmpuint (token->end, <=, strlen (text));
          if (token->word != RF_NO_WORD)
            g_assert_cmpstr (rf_text_model_get_vocab (text_model)->words[token->word], ==, word);
          sum += token->share;
          known += token->word != RF_NO_WORD;
          planted += is_planted (u, word);
        }
      g_assert_cmpfloat_with_epsilon (sum + tokens->constant, tokens->contribution, 1e-9);
      n_top = rf_tokens_top (tokens, 2, top);
      g_assert_cmpuint (n_top, ==, 2);
      for (guint k = 0, found = 0; k < 2; k++)
        {
          g_autofree char *word = dup_token (text, &g_array_index (tokens->tokens, RfTokenShare, top[k]));

          right += !found && is_planted (u, word);
          found |= (guint) is_planted (u, word);
        }
      chance += 1 - (double) (known - planted) * (known - planted - 1.0) / ((double) known * (known - 1.0));
      person_clear (&p);
      n++;
    }
  g_test_message ("a word of a liked vocabulary among the first two of %u of %u texts; two words at random %.2f", right, n, chance / n);
  g_assert_cmpuint (n, ==, N_TEXTS);
  g_assert_cmpuint (right, >=, n * 8 / 10);
  g_assert_cmpfloat ((double) right / n, >, chance / n + 0.1);
}

static GBytes *
read_picture (guint32 item)
{
  g_autofree char *path = g_build_filename (world->directory, rf_catalog_get_item_image (world->trained->catalog, item), NULL);
  char *data;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return g_bytes_new_take (data, length);
}

static void
test_retrieval (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(RfRetrieval) retrieval = rf_retrieval_new (world->workspace, world->trained, NULL, &error);
  const RfCatalog *catalog = world->trained->catalog;
  guint same_shape = 0, same_theme = 0, total = 0;
  RfNeighbour near[5];

  g_assert_no_error (error);
  for (guint32 i = 0; i < 400; i += 10)
    {
      g_autoptr(RfQuery) query = rf_query_new (), picture = rf_query_new ();
      g_autoptr(GBytes) encoded = read_picture (i);

      rf_query_set_item (query, retrieval, i);
      g_assert_cmpuint (rf_retrieval_find_own (retrieval, query, 0, RF_NO_INDEX, 5, near), ==, 5);
      g_assert_cmpuint (near[0].item, ==, i);
      g_assert_cmpfloat (near[0].similarity, >, 0.999);
      g_assert_cmpuint (rf_retrieval_find_own (retrieval, query, 0, i, 5, near), ==, 5);
      for (guint k = 0; k < 5; k++)
        {
          g_auto(GStrv) values = g_strsplit (world->values[i], " ", -1); /* "", hue, shape, ... */

          g_assert_cmpuint (near[k].item, !=, i);
          g_assert_true (k == 0 || near[k].similarity <= near[k - 1].similarity);
          same_shape += sample_has (world->values[near[k].item], values[2]);
          total++;
        }
      /* a dropped picture: the file of item i finds item i */
      g_assert_true (rf_query_set_picture (picture, retrieval, encoded, &error));
      g_assert_cmpuint (rf_retrieval_find_own (retrieval, picture, 0, RF_NO_INDEX, 1, near), ==, 1);
      g_assert_cmpuint (near[0].item, ==, i);
      g_assert_cmpuint (rf_retrieval_find_own (retrieval, picture, 1, RF_NO_INDEX, 5, near), ==, 0);
      g_assert_cmpuint (rf_retrieval_find_shared (retrieval, picture, 1, RF_NO_INDEX, 5, near), ==, 5);
    }
  for (guint v = 0; v < sample_n_values[0]; v++)
    {
      guint n;
      const char *const *words = sample_get_vocabulary (0, v, &n);
      g_autofree char *text = g_strdup_printf ("<b>%s</b>, %s &amp; %s", words[0], words[1], words[2]);
      g_autoptr(RfQuery) query = rf_query_new ();

      g_assert_true (rf_query_set_text (query, retrieval, text, &error));
      g_assert_cmpuint (rf_retrieval_find_own (retrieval, query, 1, RF_NO_INDEX, 5, near), ==, 5);
      for (guint k = 0; k < 5; k++)
        same_theme += sample_has (world->values[near[k].item], sample_value_name (SAMPLE_TEXT, 0, v));
    }
  {
    double chance, itself = rf_retrieval_measure (retrieval, 0, 0, 10, NULL), seen = rf_retrieval_measure (retrieval, 0, 2, 10, &chance);
    double read = rf_retrieval_measure (retrieval, 1, 2, 10, NULL), across = rf_retrieval_measure (retrieval, 0, 1, 10, NULL);

    /* Pictures and texts were drawn independently: each tells something of who chooses an item, nothing of the other. */
    g_test_message ("found among ten: picture to behaviour %.3f, text to behaviour %.3f, picture to text %.3f, by chance %.3f", seen, read, across, chance);
    g_assert_cmpfloat (itself, >, 0.99);
    g_assert_cmpfloat (chance, ==, 10.0 / 80);
    g_assert_cmpfloat (seen, >, 1.5 * chance);
    g_assert_cmpfloat (read, >, 1.5 * chance);
    g_assert_cmpfloat (across, <, 2 * chance);
  }
  g_test_message ("neighbours of the same shape %u of %u; of the words' theme %u of %u", same_shape, total, same_theme, 5 * sample_n_values[0]);
  g_assert_cmpfloat ((double) same_shape / total, >, 0.4); /* chance 1/8 */
  g_assert_cmpuint (same_theme, >, 5 * sample_n_values[0] * 8 / 10);
  {
    g_autoptr(RfQuery) query = rf_query_new ();
    g_autoptr(GBytes) broken = g_bytes_new_static ("no picture", 10);

    g_assert_false (rf_query_set_text (query, retrieval, "xyzzy plugh", &error));
    g_assert_error (error, RF_ERROR, RF_ERROR_NOT_FOUND);
    g_clear_error (&error);
    g_assert_false (rf_query_set_picture (query, retrieval, broken, &error));
    g_assert_error (error, RF_ERROR, RF_ERROR_FORMAT);
    g_clear_error (&error);
  }
  g_assert_cmpuint (rf_catalog_get_n_items (catalog), ==, 400);
}

/* The audience of an item is what the rankings say; a new item with the picture and text of an old one gets the same from them. */
static void
test_audience (void)
{
  g_autoptr(GError) error = NULL;
  const RfTrained *t = world->trained;
  g_autoptr(RfRetrieval) retrieval = rf_retrieval_new (world->workspace, t, NULL, &error);
  guint32 item = 17;
  g_autoptr(RfAudience) audience = rf_audience_of_item (t, item, 20, 30, NULL, &error), fresh = NULL;
  g_autoptr(RfQuery) query = rf_query_new ();
  g_autoptr(GBytes) encoded = rf_workspace_load_picture (world->workspace, item, NULL); /* as the features saw it */
  g_autofree char *text = rf_modality_item_text (t->catalog, t->config, item);
  guint in_top = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (audience->n, ==, 30);
  for (guint32 u = 0; u < rf_catalog_get_n_users (t->catalog); u++)
    if (rf_csr_row_length (t->split->history, u) > 0 && !rf_csr_contains (t->split->history, u, item))
      in_top += rf_place_of_item (t->model, rf_csr_row (t->split->history, u), rf_csr_row_length (t->split->history, u), u, NULL, item) <= 20;
  g_assert_cmpuint (audience->in_top, ==, in_top);
  g_assert_cmpuint (in_top, >, 0);
  for (guint i = 0; i < audience->n; i++)
    {
      const RfAudienceMember *member = &audience->members[i];
      gsize n = rf_csr_row_length (t->split->history, member->user);

      g_assert_cmpuint (member->place, ==, rf_place_of_item (t->model, rf_csr_row (t->split->history, member->user), n, member->user, NULL, item));
      g_assert_true (i == 0 || member->place >= audience->members[i - 1].place);
      for (guint p = 0; p < member->n_past; p++)
        g_assert_true (rf_csr_contains (t->split->history, member->user, member->past[p]));
    }
  g_assert_true (rf_query_set_picture (query, retrieval, encoded, &error) && rf_query_set_text (query, retrieval, text, &error));
  fresh = rf_audience_of_new_item (t, retrieval, query, RF_POPULARITY_AVERAGE, 20, 50, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < fresh->n; i++)
    {
      const RfAudienceMember *member = &fresh->members[i];
      Person p = person_new (member->user, 1);
      float sum = member->bias;

      g_assert_cmpfloat_with_epsilon (member->attention[0] + member->attention[1], 1, 1e-5);
      g_assert_cmpfloat (member->attention[2], ==, 0);
      g_assert_cmpfloat_with_epsilon (member->bias, 0, 1e-6);
      for (guint m = 0; m < 2; m++)
        {
          sum += member->contribution[m];
          if (!rf_csr_contains (t->split->history, member->user, item))
            g_assert_cmpfloat_with_epsilon (member->contribution[m], member->attention[m] * p.scores->z[m][item], 2e-3);
        }
      g_assert_cmpfloat_with_epsilon (sum, member->score, 1e-5);
      person_clear (&p);
    }
}

static void
test_knockouts (void)
{
  g_autoptr(GError) error = NULL;
  const RfTrained *t = world->trained;
  RfKnockoutOptions o = rf_knockout_options_default ();
  g_autoptr(RfKnockouts) all = NULL;
  double sum = 0;
  guint users = 0;

  o.resamples = 500;
  all = rf_knockouts_new (t, &o, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->all->len, ==, 3 * RF_N_KNOCKOUTS);
  for (guint32 u = 0; u < rf_catalog_get_n_users (t->catalog); u++)
    {
      float weights[RF_MAX_MODALITIES] = { 0, 1, 1 };
      RfRankOptions options = { .k = 20, .weights = weights };
      gsize n = rf_csr_row_length (t->split->history, u), n_held = rf_csr_row_length (t->split->part[RF_PART_VALID], u);
      g_autoptr(RfRanking) ranking = NULL;
      guint32 list[20];

      if (n_held == 0)
        continue;
      ranking = rf_rank_history (t->model, rf_csr_row (t->split->history, u), n, u, &options);
      for (guint j = 0; j < 20; j++)
        list[j] = ranking->items[j].item;
      sum += rf_metrics_of_list (list, 20, rf_csr_row (t->split->part[RF_PART_VALID], u), n_held).ndcg;
      users++;
    }
  g_assert_cmpuint (all->users, ==, users);
  for (guint i = 0; i < all->all->len; i++)
    {
      const RfKnockout *x = all->all->pdata[i];

      g_test_message ("%u %s: lost %.4f, %.4f to %.4f", x->modality, rf_knockout_get_name (x->kind), x->loss.difference, x->loss.low, x->loss.high);
      g_assert_true (x->possible);
      g_assert_cmpfloat_with_epsilon (x->loss.difference, all->with - x->without, 1e-9);
      g_assert_cmpfloat (x->loss.low, <=, x->loss.difference);
      g_assert_cmpfloat (x->loss.high, >=, x->loss.difference);
      if (x->modality == 0 && x->kind == RF_KNOCKOUT_REMOVED)
        g_assert_cmpfloat_with_epsilon (x->without, sum / users, 1e-6);
      if (x->modality < 2)
        g_assert_cmpfloat (x->loss.low, >, 0); /* a quarter of the users want nothing but the picture, another nothing but the text */
      g_assert_cmpuint (x->slices->len, >, 3);
    }
}

/* What is lost by users of one driver: against the sums of the lists themselves; and a kind that is not known. */
static void
test_knockout_by_driver (void)
{
  const RfGroupOptions options = { 20, RF_PART_VALID, RF_REMOVAL_RENORMALISE, 0 };
  g_autoptr(RfGroups) groups = rf_groups_new (world->trained, &options, NULL, NULL);
  g_autoptr(RfKnockouts) all = NULL;
  g_autoptr(GError) error = NULL;
  RfKnockoutOptions o = rf_knockout_options_default ();
  double loss = 0;
  gsize users = 0, named = 0;

  o.kinds = 1u << RF_KNOCKOUT_REMOVED;
  o.by = "driver";
  g_assert_null (rf_knockouts_new (world->trained, &o, NULL, &error));
  g_assert_error (error, RF_ERROR, RF_ERROR_CONFIG);
  g_clear_error (&error);
  o.driver = groups->driver;
  all = rf_knockouts_new (world->trained, &o, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < all->all->len; i++)
    {
      const RfKnockout *x = all->all->pdata[i];

      loss = 0;
      users = named = 0;
      for (guint s = 0; s < x->slices->len; s++)
        {
          const RfSlice *slice = x->slices->pdata[s];

          g_assert_true (g_str_has_prefix (slice->name, "driver = "));
          loss += slice->difference * (double) slice->n;
          users += slice->n;
          /* Whom a modality drives misses it more than others do. */
          if (x->modality < 2 && strcmp (slice->name + strlen ("driver = "), world->trained->model->names[x->modality]) == 0)
            {
              g_assert_cmpfloat (slice->difference, >, slice->rest);
              named++;
            }
        }
      if (x->modality < 2)
        g_assert_cmpuint (named, ==, 1);
      g_assert_cmpuint (users, ==, all->users); /* everybody with something to find has a driver here */
      g_assert_cmpfloat_with_epsilon (loss / (double) users, x->loss.difference, 1e-9);
    }
}

static void
test_groups (void)
{
  const RfGroupOptions options = { 20, RF_PART_VALID, RF_REMOVAL_RENORMALISE, 0 };
  g_autoptr(RfGroups) groups = rf_groups_new (world->trained, &options, NULL, NULL);
  gsize drivers = 0, lens_pairs = 0, has = 0;
  const RfCsr *valid = world->trained->split->part[RF_PART_VALID];

  g_assert_nonnull (groups);
  for (guint g = 0; g < groups->groups->len; g++)
    {
      const RfGroup *group = groups->groups->pdata[g];
      double sum = 0;

      for (guint m = 0; m < 3; m++)
        sum += group->share[m];
      if (group->pairs > 0)
        g_assert_cmpfloat_with_epsilon (sum, 1, 1e-9);
      if (strcmp (group->attribute, "driver") == 0)
        {
          for (guint m = 0; m < 3; m++)
            if (strcmp (group->value, rf_model_get_modality (world->trained->model, m)) != 0)
              for (guint o = 0; o < 3; o++)
                if (strcmp (group->value, rf_model_get_modality (world->trained->model, o)) == 0)
                  g_assert_cmpfloat (group->share[o], >, group->share[m]);
          drivers += group->users;
        }
      if (group->kind == RF_GROUP_LENS_ITEM)
        lens_pairs += group->pairs;
      if (strcmp (group->attribute, "has") == 0)
        {
          g_assert_cmpstr (group->value, ==, "picture and text");
          has += group->pairs;
        }
    }
  g_assert_cmpuint (drivers, ==, groups->users);
  g_assert_cmpuint (lens_pairs, ==, valid->ptr[valid->rows]);
  g_assert_cmpuint (has, ==, (gsize) groups->users * 20);
}

static void
test_what_if (void)
{
  const RfTrained *t = world->trained;
  float weights[RF_MAX_MODALITIES] = { 0, 1, 2 }, as_trained[RF_MAX_MODALITIES] = { 1, 1, 1 };
  RfWhatIfOptions o = { "recall", 20, RF_PART_VALID, .05, 200 };
  Person p = person_new (5, 10);
  g_autoptr(RfRanking) changed = NULL;
  RfRankOptions options = { .k = 10, .weights = weights };
  RfMove moves[10];
  RfWhatIf all;
  gsize n;
  g_autofree guint32 *edited = rf_history_edit (p.history, p.n, &p.ranking->items[0].item, 1, p.history, 2, &n);

  changed = rf_rank_history (t->model, p.history, p.n, 5, &options);
  g_assert_cmpuint (rf_what_if_moves (t->model, p.history, p.n, 5, NULL, 0, weights, 10, moves), ==, 10);
  for (guint j = 0; j < 10; j++)
    {
      g_assert_cmpuint (moves[j].item, ==, changed->items[j].item);
      g_assert_cmpuint (moves[j].after, ==, j + 1);
      g_assert_cmpuint (moves[j].before, ==, rf_place_of_item (t->model, p.history, p.n, 5, NULL, moves[j].item));
    }
  /* an edited history: folded in, ascending, the added item is no candidate any more */
  g_assert_cmpuint (n, ==, p.n - 1);
  for (gsize j = 1; j < n; j++)
    g_assert_cmpuint (edited[j], >, edited[j - 1]);
  g_assert_cmpuint (rf_what_if_moves (t->model, p.history, p.n, 5, edited, n, NULL, 10, moves), ==, 10);
  for (guint j = 0; j < 10; j++)
    g_assert_cmpuint (moves[j].item, !=, p.ranking->items[0].item);
  /* nothing asked, nothing changed; and the metric of all */
  g_assert_true (rf_what_if_all (t, as_trained, &o, &all, NULL, NULL));
  g_assert_cmpuint (all.changed, ==, 0);
  g_assert_cmpfloat (all.metric.difference, ==, 0);
  g_assert_cmpfloat_with_epsilon (all.overlap, 1, 1e-9);
  g_assert_true (rf_what_if_all (t, weights, &o, &all, NULL, NULL));
  g_assert_cmpuint (all.changed, >, 0);
  g_assert_cmpfloat (all.metric.mean_b, <, all.metric.mean_a);
  person_clear (&p);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  rf_linalg_init ();
  set_up ();
  g_test_add_func ("/why/taste", test_taste);
  g_test_add_func ("/why/past-items", test_past_items);
  g_test_add_func ("/why/picture", test_picture);
  g_test_add_func ("/why/words", test_words);
  g_test_add_func ("/why/retrieval", test_retrieval);
  g_test_add_func ("/why/audience", test_audience);
  g_test_add_func ("/why/knockouts", test_knockouts);
  g_test_add_func ("/why/knockout-by-driver", test_knockout_by_driver);
  g_test_add_func ("/why/groups", test_groups);
  g_test_add_func ("/why/what-if", test_what_if);
  status = g_test_run ();
  tear_down ();
  return status;
}
