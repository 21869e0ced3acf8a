/* refract-import-plan.h: how a source is to be imported: format, roles of columns, filters: RfImportOptions that own what they say.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/catalog/rf-importer.h"

G_BEGIN_DECLS

typedef struct
{
  char *format;           /* NULL: detected */
  GPtrArray *map;         /* char *, "role=column" */
  GPtrArray *events;      /* char *, "view=0" */
  RfFilterOptions filter; /* its events are not used */
} RefractImportPlan;

RefractImportPlan *refract_import_plan_new (void) G_GNUC_WARN_UNUSED_RESULT;
RefractImportPlan *refract_import_plan_copy (const RefractImportPlan *self) G_GNUC_WARN_UNUSED_RESULT;
void refract_import_plan_free (RefractImportPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractImportPlan, refract_import_plan_free)

/* Gives a column a role ("" : none), taking it from the column that had it before; role "" : the column has none. before: the role
 * that it has now, or NULL. The same column of another table keeps its own. */
void refract_import_plan_set_role (RefractImportPlan *self, const char *column, const char *role, const char *before);

/* Is anything left out by the filter? */
gboolean refract_import_plan_is_filtered (const RefractImportPlan *self);

/* The options of the plan and what they point to; all borrow from `self`. Clear with refract_import_options_clear(). */
typedef struct
{
  RfImportOptions options;
  RfFilterOptions filter;
  char **map, **events;
} RefractImportOptions;

void refract_import_options_init (RefractImportOptions *options, const RefractImportPlan *self);
void refract_import_options_clear (RefractImportOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RefractImportOptions, refract_import_options_clear)

G_END_DECLS
