/* rf-top.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-top.h"

#include <math.h>

/* Is a worse than b? Lower score, or the same and a higher index. */
static inline gboolean
is_worse (RfPlace a, RfPlace b)
{
  return a.score < b.score || (a.score == b.score && a.item > b.item);
}

/* heap[0] is the worst of n; restores that after heap[0] changed. */
static void
sift_down (RfPlace *heap, guint n)
{
  RfPlace moved = heap[0];
  guint at = 0;

  for (;;)
    {
      guint child = 2 * at + 1;

      if (child >= n)
        break;
      if (child + 1 < n && is_worse (heap[child + 1], heap[child]))
        child++;
      if (!is_worse (heap[child], moved))
        break;
      heap[at] = heap[child];
      at = child;
    }
  heap[at] = moved;
}

static void
sift_up (RfPlace *heap, guint at)
{
  RfPlace moved = heap[at];

  while (at > 0 && is_worse (moved, heap[(at - 1) / 2]))
    {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
  heap[at] = moved;
}

float
rf_top_get_threshold (const RfTop *self)
{
  if (self->k == 0)
    return INFINITY;
  return self->n < self->k ? NAN : self->heap[0].score;
}

void
rf_top_offer (RfTop *self, float score, guint32 item)
{
  RfPlace place = { score, item };

  if (isnan (score) || self->k == 0)
    return;
  if (self->n < self->k)
    {
      self->heap[self->n] = place;
      sift_up (self->heap, self->n++);
    }
  else if (is_worse (self->heap[0], place))
    {
      self->heap[0] = place;
      sift_down (self->heap, self->n);
    }
}

void
rf_top_finish (RfTop *self, guint32 *out)
{
  for (guint j = self->n; j < self->k; j++)
    out[j] = G_MAXUINT32;
  while (self->n > 0)
    {
      out[--self->n] = self->heap[0].item;
      self->heap[0] = self->heap[self->n];
      if (self->n > 0)
        sift_down (self->heap, self->n);
    }
}
