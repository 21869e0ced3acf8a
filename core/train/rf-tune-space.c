/* rf-tune-space.c: which settings are tried. Declared in rf-tuner.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/rf-error.h"
#include "core/base/rf-rng.h"
#include "core/train/rf-tuner.h"

typedef struct
{
  const RfConfigKey *key;
  double low, high;
  gboolean log;
  char **choices; /* NULL: a range */
} Dimension;

struct _RfTuneSpace
{
  GArray *dimensions;
};

/* What is searched when nothing is said. A further setting is one more line. */
static const char evidence_space[] = "ease.lambda = 50..2000 log\n"
                                     "content.lambda = 0.001..1 log\n"
                                     "content.epsilon = 0.001..0.3 log\n"
                                     "evidence.learning_rate = 0.01..0.2 log\n"
                                     "text.category = true|false\n";

static const char network_space[] = "learning_rate = 0.001..0.03 log\n"
                                    "embedding_size = 16|32|64|128\n"
                                    "l1 = 0.0000001..0.001 log\n"
                                    "l2 = 0.0000001..0.001 log\n"
                                    "dropout = 0..0.5\n"
                                    "modality_dropout = 0..0.4\n"
                                    "fusion = concat|sum|attention|user-attention|gate|late\n"
                                    "fusion.normalise = true|false\n"
                                    "encoder.hidden = 0|64|128\n"
                                    "encoder.behaviour = embedding|history|lightgcn\n"
                                    "aux.contrastive = 0|0.01|0.1\n"
                                    "aux.tau = 0.05..0.5 log\n"
                                    "aux.category = 0|0.01|0.1\n";

static gboolean
is_network (const RfConfig *base)
{
  return strcmp (rf_config_get (base, "fusion"), "evidence") != 0;
}

const char *
rf_tune_default_space (const RfConfig *base)
{
  return is_network (base) ? network_space : evidence_space;
}

const char *
rf_tune_default_resource (const RfConfig *base)
{
  return is_network (base) ? "epochs" : "evidence.users";
}

static void
dimension_clear (gpointer data)
{
  g_strfreev (((Dimension *) data)->choices);
}

static gboolean
refuse (guint line, const char *text, const char *why, GError **error)
{
  g_set_error (error, RF_ERROR, RF_ERROR_CONFIG, _("Line %u of the search space, “%s”: %s"), line, text, why);
  return FALSE;
}

static const RfConfigKey *
find_key (const char *name)
{
  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (strcmp (key->key, name) == 0)
      return key;
  return NULL;
}

/* "10..2000 log" */
static gboolean
parse_range (Dimension *d, char *text)
{
  char *dots = strstr (text, ".."), *end;

  if (dots == NULL || (d->key->type != RF_CONFIG_INT && d->key->type != RF_CONFIG_REAL))
    return FALSE;
  *dots = '\0';
  d->low = g_ascii_strtod (g_strstrip (text), &end);
  if (*text == '\0' || *end != '\0')
    return FALSE;
  text = g_strchug (dots + 2);
  d->high = g_ascii_strtod (text, &end);
  if (end == text)
    return FALSE;
  end = g_strstrip (end);
  d->log = strcmp (end, "log") == 0;
  return (d->log || *end == '\0') && d->low < d->high && d->low >= d->key->minimum && d->high <= d->key->maximum && (!d->log || d->low > 0);
}

/* "a|b|c", each a value that the setting takes. */
static gboolean
parse_choices (Dimension *d, const char *text)
{
  g_autoptr(RfConfig) probe = rf_config_new ();

  d->choices = g_strsplit (text, "|", -1);
  for (guint c = 0; d->choices[c]; c++)
    if (!rf_config_set (probe, d->key->key, g_strstrip (d->choices[c]), NULL))
      return FALSE;
  return d->choices[0] != NULL;
}

static gboolean
parse_line (RfTuneSpace *self, guint number, const char *line, GError **error)
{
  g_auto(GStrv) halves = g_strsplit (line, "=", 2);
  Dimension d = { 0 };
  gboolean ok;

  if (halves[0] == NULL || halves[1] == NULL)
    return refuse (number, line, _("write key = low..high, key = low..high log, or key = a|b|c."), error);
  d.key = find_key (g_strstrip (halves[0]));
  if (d.key == NULL)
    return refuse (number, line, _("there is no such setting; “refract-cli config” lists them."), error);
  ok = strstr (halves[1], "..") ? parse_range (&d, halves[1]) : parse_choices (&d, halves[1]);
  if (!ok)
    {
      dimension_clear (&d);
      return refuse (number, line, _("this is no range inside the setting's own, nor a list of its values."), error);
    }
  g_array_append_val (self->dimensions, d);
  return TRUE;
}

RfTuneSpace *
rf_tune_space_new (const char *text, GError **error)
{
  g_autoptr(RfTuneSpace) self = g_new0 (RfTuneSpace, 1);
  g_auto(GStrv) lines = g_strsplit_set (text, "\n;", -1);

  self->dimensions = g_array_new (FALSE, FALSE, sizeof (Dimension));
  g_array_set_clear_func (self->dimensions, dimension_clear);
  for (guint l = 0; lines[l]; l++)
    {
      char *comment = strchr (lines[l], '#');

      if (comment)
        *comment = '\0';
      if (*g_strstrip (lines[l]) && !parse_line (self, l + 1, lines[l], error))
        return NULL;
    }
  if (self->dimensions->len == 0)
    {
      g_set_error_literal (error, RF_ERROR, RF_ERROR_CONFIG, _("The search space names no setting; write lines such as ease.lambda = 10..2000 log."));
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
rf_tune_space_free (RfTuneSpace *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->dimensions);
  g_free (self);
}

static char *
draw (const Dimension *d, RfRng *rng)
{
  double u = rf_rng_uniform (rng), x;
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (d->choices)
    return g_strdup (d->choices[(guint) (u * g_strv_length (d->choices))]);
  if (d->key->type == RF_CONFIG_INT)
    {
      /* Every whole number has its own interval. */
      x = d->log ? exp (log (d->low) + u * (log (d->high + 1) - log (d->low))) : d->low + u * (d->high + 1 - d->low);
      return g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) CLAMP (floor (x), d->low, d->high));
    }
  x = d->log ? exp (log (d->low) + u * (log (d->high) - log (d->low))) : d->low + u * (d->high - d->low);
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", CLAMP (x, d->low, d->high)));
}

/* Values of one setting in a grid. */
static guint
count_values (const Dimension *d, guint steps)
{
  if (d->choices)
    return g_strv_length (d->choices);
  return d->key->type == RF_CONFIG_INT ? (guint) MIN (steps, d->high - d->low + 1) : steps;
}

static char *
pick_value (const Dimension *d, guint steps, guint at)
{
  guint n = count_values (d, steps);
  double share = n > 1 ? (double) at / (n - 1) : 0.5, x;
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (d->choices)
    return g_strdup (d->choices[at]);
  x = d->log ? exp (log (d->low) + share * (log (d->high) - log (d->low))) : d->low + share * (d->high - d->low);
  /* In the logarithm the first of few whole numbers lie closer than one: each is at least its place from the lower end. */
  if (d->key->type == RF_CONFIG_INT)
    return g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) CLAMP (fmax (round (x), d->low + at), d->low, d->high));
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.6g", CLAMP (x, d->low, d->high)));
}

guint
rf_tune_space_count (const RfTuneSpace *self, guint steps)
{
  guint64 n = 1;

  for (guint i = 0; i < self->dimensions->len && n < G_MAXUINT; i++)
    n *= count_values (&g_array_index (self->dimensions, Dimension, i), steps);
  return (guint) MIN (n, G_MAXUINT);
}

RfConfig *
rf_tune_space_pick (const RfTuneSpace *self, const RfConfig *base, guint steps, guint at)
{
  RfConfig *config = rf_config_copy (base);

  for (guint i = self->dimensions->len; i-- > 0;)
    {
      const Dimension *d = &g_array_index (self->dimensions, Dimension, i);
      guint n = count_values (d, steps);
      g_autofree char *value = pick_value (d, steps, at % n);

      at /= n;
      if (!rf_config_set (config, d->key->key, value, NULL))
        g_error ("%s=%s was checked and is refused", d->key->key, value);
    }
  return config;
}

RfConfig *
rf_tune_space_draw (const RfTuneSpace *self, const RfConfig *base, guint64 seed, guint trial)
{
  RfConfig *config = rf_config_copy (base);
  RfRng rng = rf_rng_new (seed, trial);

  for (guint i = 0; i < self->dimensions->len; i++)
    {
      const Dimension *d = &g_array_index (self->dimensions, Dimension, i);
      g_autofree char *value = draw (d, &rng);

      if (!rf_config_set (config, d->key->key, value, NULL))
        g_error ("%s=%s was checked and is refused", d->key->key, value);
    }
  return config;
}
