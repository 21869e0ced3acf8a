/* refract-ab-planner.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/pages/refract-ab-planner.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/eval/rf-ab.h"
#include "core/plot/rf-plot-lines.h"
#include "ui/charts/refract-plot-menu.h"

#define POINTS 60

struct _RefractAbPlanner
{
  AdwBin parent_instance;

  GtkSpinButton *base, *lift, *per_day, *arms, *alpha, *power;
  GtkLabel *answer;
  RefractPlot *plot;
  double users[POINTS], chance[POINTS];
  RfPlotSeries series;
  RfPlotLines lines;
};

G_DEFINE_FINAL_TYPE (RefractAbPlanner, refract_ab_planner, ADW_TYPE_BIN)

GtkWidget *
refract_ab_planner_new (void)
{
  return g_object_new (REFRACT_TYPE_AB_PLANNER, NULL);
}

const char *
refract_ab_planner_get_text (RefractAbPlanner *self)
{
  return gtk_label_get_text (self->answer);
}

/* The chance to find the effect, up to twice the users that are needed. */
static void
draw_power (RefractAbPlanner *self, const RfAbDesign *design, double effect, guint64 n)
{
  for (guint i = 0; i < POINTS; i++)
    {
      self->users[i] = 2.0 * (double) n * (i + 1) / POINTS;
      self->chance[i] = rf_ab_power (design, effect, self->users[i]);
    }
  self->series = (RfPlotSeries) { .label = _("Chance to detect it"), .slot = 0, .best = RF_PLOT_BEST_NONE, .n = POINTS, .x = self->users, .y = self->chance };
  self->lines = (RfPlotLines) { .x_label = _("Users in each arm"), .n_series = 1, .series = &self->series, .hovered_x = (double) n };
  refract_plot_set (self->plot, &rf_plot_lines_kind, &self->lines);
}

static void
update (RefractAbPlanner *self)
{
  RfAbDesign design = { FALSE, gtk_spin_button_get_value (self->base) / 100, 0, gtk_spin_button_get_value (self->alpha) / 100, gtk_spin_button_get_value (self->power) / 100,
                        (guint) gtk_spin_button_get_value_as_int (self->arms) };
  double effect = design.base * gtk_spin_button_get_value (self->lift) / 100, per_day = gtk_spin_button_get_value (self->per_day);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL, *arm = NULL, *all = NULL;
  guint64 n;

  refract_plot_set (self->plot, NULL, NULL);
  if (!rf_ab_design_check (&design, &error))
    {
      gtk_label_set_text (self->answer, error->message);
      return;
    }
  n = effect != 0 ? rf_ab_sample_size (&design, effect) : G_MAXUINT64;
  if (n == G_MAXUINT64)
    {
      gtk_label_set_text (self->answer, _("There is no such change: give another base or change."));
      return;
    }
  arm = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  all = g_strdup_printf ("%" G_GUINT64_FORMAT, n * design.arms);
  text = g_strdup_printf (_("%s users in each of %u groups, %s in all: %.0f days at %.0f new users a day."), arm, design.arms, all, rf_ab_days (&design, n, per_day), per_day);
  gtk_label_set_text (self->answer, text);
  draw_power (self, &design, effect, n);
}

void
refract_ab_planner_set (RefractAbPlanner *self, double base, double lift, double users_per_day)
{
  gtk_spin_button_set_value (self->base, base);
  gtk_spin_button_set_value (self->lift, lift);
  gtk_spin_button_set_value (self->per_day, users_per_day);
}

static GtkSpinButton *
add_row (RefractAbPlanner *self, GtkWidget *group, const char *title, const char *subtitle, double low, double high, double step, guint digits, double value)
{
  GtkWidget *row = adw_action_row_new (), *spin = gtk_spin_button_new_with_range (low, high, step);

  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (spin), digits);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set (row, "use-markup", FALSE, "title", title, "subtitle", subtitle, NULL);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (update), self);
  return GTK_SPIN_BUTTON (spin);
}

static void
refract_ab_planner_dispose (GObject *object)
{
  RefractAbPlanner *self = REFRACT_AB_PLANNER (object);

  if (self->plot)
    refract_plot_set (self->plot, NULL, NULL);
  self->plot = NULL;
  G_OBJECT_CLASS (refract_ab_planner_parent_class)->dispose (object);
}

static void
refract_ab_planner_class_init (RefractAbPlannerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = refract_ab_planner_dispose;
}

static void
refract_ab_planner_init (RefractAbPlanner *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new (), *clamp = adw_clamp_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18), *group = adw_preferences_group_new ();

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("A difference on held-out items is a promise. How many people must see both runs before you know?"));
  self->base = add_row (self, group, _("Conversion rate now"), _("Share of users, in per cent"), 0.01, 99, 0.1, 2, 5);
  self->lift = add_row (self, group, _("Change to detect"), _("In per cent of the rate"), -90, 500, 1, 1, 5);
  self->per_day = add_row (self, group, _("New users a day"), _("All groups together"), 1, 1e9, 100, 0, 2000);
  self->arms = add_row (self, group, _("Groups"), _("With the one that sees what is there now"), 2, 20, 1, 0, 2);
  self->alpha = add_row (self, group, _("False alarms"), _("Per cent of tests without a difference that find one"), 0.1, 50, 1, 1, 5);
  self->power = add_row (self, group, _("Power"), _("Per cent of real changes that are found"), 50, 99.9, 1, 1, 80);
  self->answer = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->answer, TRUE);
  gtk_label_set_xalign (self->answer, 0);
  gtk_label_set_selectable (self->answer, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->answer), "title-4");
  self->plot = REFRACT_PLOT (refract_plot_new (_("Power of the test"), 400, 180));
  refract_plot_add_menu (self->plot, "power");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->answer));
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->plot));
  gtk_widget_add_css_class (box, "content");
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  adw_bin_set_child (ADW_BIN (self), scrolled);
  update (self);
}
