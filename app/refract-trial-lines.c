/* refract-trial-lines.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/refract-trial-lines.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define FAR_APART 20 /* greatest / least: their logarithms are what differs evenly */

typedef struct
{
  RefractTrialLines *lines;
  const GPtrArray *trials;
  GArray *axes; /* of const RfConfigKey * */
  const char **names, **low, **high, **values;
  float *at;
} Filling;

static const char *
keep (RefractTrialLines *self, char *text)
{
  g_ptr_array_add (self->strings, text);
  return text;
}

static gboolean
differs (const GPtrArray *trials, const char *key)
{
  const RefractTrial *first = trials->len > 0 ? trials->pdata[0] : NULL;

  for (guint t = 1; t < trials->len; t++)
    if (g_strcmp0 (rf_config_get (((const RefractTrial *) trials->pdata[t])->config, key), rf_config_get (first->config, key)) != 0)
      return TRUE;
  return FALSE;
}

static gboolean
read_number (const char *text, double *number)
{
  char *end;

  *number = g_ascii_strtod (text, &end);
  return *text != '\0' && *end == '\0' && isfinite (*number);
}

static void
place_numbers (Filling *f, guint axis, const double *numbers)
{
  guint n = f->trials->len, least = 0, greatest = 0, n_axes = f->lines->plot.n_axes;
  gboolean logarithms;
  double from, to;

  for (guint t = 1; t < n; t++)
    {
      least = numbers[t] < numbers[least] || isnan (numbers[least]) ? t : least;
      greatest = numbers[t] > numbers[greatest] || isnan (numbers[greatest]) ? t : greatest;
    }
  f->low[axis] = f->values[(gsize) least * n_axes + axis];
  f->high[axis] = f->values[(gsize) greatest * n_axes + axis];
  logarithms = numbers[least] > 0 && numbers[greatest] > FAR_APART * numbers[least];
  from = logarithms ? log (numbers[least]) : numbers[least];
  to = logarithms ? log (numbers[greatest]) : numbers[greatest];
  for (guint t = 0; t < n; t++)
    f->at[(gsize) t * n_axes + axis] = to > from ? (float) (((logarithms ? log (numbers[t]) : numbers[t]) - from) / (to - from)) : (float) (numbers[t] * 0 + 0.5);
}

static void
place_names (Filling *f, guint axis)
{
  guint n_axes = f->lines->plot.n_axes;
  g_autoptr(GPtrArray) known = g_ptr_array_new ();
  g_autofree guint *number = g_new0 (guint, f->trials->len + 1);

  for (guint t = 0; t < f->trials->len; t++)
    {
      const char *value = f->values[(gsize) t * n_axes + axis];

      if (g_ptr_array_find_with_equal_func (known, value, g_str_equal, &number[t]))
        continue;
      number[t] = known->len;
      g_ptr_array_add (known, (gpointer) value);
    }
  for (guint t = 0; t < f->trials->len; t++)
    f->at[(gsize) t * n_axes + axis] = known->len > 1 ? (float) number[t] / (float) (known->len - 1) : 0.5f;
  f->low[axis] = known->pdata[0];
  f->high[axis] = known->pdata[known->len - 1];
}

static void
fill_setting (Filling *f, guint axis)
{
  const RfConfigKey *key = g_array_index (f->axes, const RfConfigKey *, axis);
  g_autofree double *numbers = g_new (double, f->trials->len + 1);
  gboolean all = TRUE;

  f->names[axis] = key->key;
  for (guint t = 0; t < f->trials->len; t++)
    {
      const char *value = rf_config_get (((const RefractTrial *) f->trials->pdata[t])->config, key->key);

      f->values[(gsize) t * f->lines->plot.n_axes + axis] = keep (f->lines, g_strdup (value));
      all = read_number (value, &numbers[t]) && all;
    }
  if (all)
    place_numbers (f, axis, numbers);
  else
    place_names (f, axis);
}

static void
fill_metric (Filling *f)
{
  guint axis = f->axes->len;
  g_autofree double *numbers = g_new (double, f->trials->len + 1);

  f->names[axis] = "NDCG@20";
  for (guint t = 0; t < f->trials->len; t++)
    {
      numbers[t] = ((const RefractTrial *) f->trials->pdata[t])->metric;
      f->values[(gsize) t * f->lines->plot.n_axes + axis] = keep (f->lines, isnan (numbers[t]) ? g_strdup (_("failed")) : g_strdup_printf ("%.4f", numbers[t]));
      if (!isnan (numbers[t]) && (f->lines->plot.best < 0 || numbers[t] > numbers[f->lines->plot.best]))
        f->lines->plot.best = (int) t;
    }
  place_numbers (f, axis, numbers);
}

RefractTrialLines *
refract_trial_lines_new (const GPtrArray *trials)
{
  RefractTrialLines *self = g_new0 (RefractTrialLines, 1);
  g_autoptr(GArray) axes = g_array_new (FALSE, FALSE, sizeof (const RfConfigKey *));
  Filling f = { self, trials, axes, NULL, NULL, NULL, NULL, NULL };
  guint n_axes;

  for (const RfConfigKey *key = rf_config_get_keys (); key->key; key++)
    if (differs (trials, key->key))
      g_array_append_val (axes, key);
  n_axes = axes->len + 1;
  self->strings = g_ptr_array_new_with_free_func (g_free);
  self->names = f.names = g_new0 (const char *, n_axes);
  self->low = f.low = g_new0 (const char *, n_axes);
  self->high = f.high = g_new0 (const char *, n_axes);
  self->values = f.values = g_new0 (const char *, (gsize) n_axes * trials->len + 1);
  self->at = f.at = g_new0 (float, (gsize) n_axes * trials->len + 1);
  self->plot = (RfPlotTrials) { n_axes, f.names, f.low, f.high, trials->len, f.at, f.values, -1, -1, -1 };
  if (trials->len == 0)
    return self;
  for (guint a = 0; a < axes->len; a++)
    fill_setting (&f, a);
  fill_metric (&f);
  return self;
}

void
refract_trial_lines_free (RefractTrialLines *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->strings);
  g_free (self->names);
  g_free (self->low);
  g_free (self->high);
  g_free (self->values);
  g_free (self->at);
  g_free (self);
}

char *
refract_trial_lines_describe (const RefractTrialLines *self, guint trial)
{
  const RfPlotTrials *plot = &self->plot;
  const char *const *values = plot->values + (gsize) trial * plot->n_axes;
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s %s", plot->names[plot->n_axes - 1], values[plot->n_axes - 1]);
  for (guint a = 0; a + 1 < plot->n_axes; a++)
    g_string_append_printf (text, "%s%s %s", a ? ", " : ": ", plot->names[a], values[a]);
  return g_strdup (text->str);
}
