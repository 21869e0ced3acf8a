/* refract-train-presets.h: settings that go together, by a name that says what for.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/model/rf-config.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title, *help;     /* to be translated */
  const char *const *settings;  /* key=value, what differs from the defaults; NULL-terminated */
} RefractTrainPreset;

/* Ends with a title of NULL. */
const RefractTrainPreset *refract_train_presets_get (void);

/* The number of the preset whose settings these are, seed, split and modalities left aside; -1: none. */
int refract_train_presets_find (const RfConfig *config);

G_END_DECLS
