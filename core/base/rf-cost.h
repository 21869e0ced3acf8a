/* rf-cost.h: what a piece of work costs: time on the clock, time of the processors, and memory of the process.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Seconds: on the clock, and of all threads of the process together. */
typedef struct
{
  double wall, processor;
} RfCost;

/* What has passed since some moment of this process; the cost of a piece is the difference of two. */
RfCost rf_cost_now (void);

/* now - began, and the cost of doing that `times` times. */
RfCost rf_cost_since (RfCost began, double times);

static inline RfCost
rf_cost_add (RfCost a, RfCost b)
{
  return (RfCost){ a.wall + b.wall, a.processor + b.processor };
}

static inline RfCost
rf_cost_scale (RfCost a, double times)
{
  return (RfCost){ a.wall * times, a.processor * times };
}

/* Bytes of the process that are in memory now; where the system does not tell, the most that there ever were. */
gsize rf_memory_get_resident (void);
/* Gives back to the system what was freed, as far as that can be done. */
void rf_memory_trim (void);
/* Bytes of memory that the computer has. */
gsize rf_memory_get_physical (void);

G_END_DECLS
