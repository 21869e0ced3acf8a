/* rf-top.h: the k best of a stream of scores. Higher score first, then lower index; NAN is never among them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  float score;
  guint32 item;
} RfPlace;

/* A heap of the k best so far, the worst of them on top. */
typedef struct
{
  RfPlace *heap; /* room for k, owned by the caller */
  guint k, n;
} RfTop;

/* A score that is not above this is turned away: the k-th best so far, NAN (nothing is known to be too low) while there are fewer. Right for
 * items that come in ascending order, so that an equal score comes too late. */
float rf_top_get_threshold (const RfTop *self);

/* Takes the item in if it is better than the k-th best. */
void rf_top_offer (RfTop *self, float score, guint32 item);

/* The k places, best first, G_MAXUINT32 behind the last one. The heap is empty afterwards. */
void rf_top_finish (RfTop *self, guint32 *out);

G_END_DECLS
