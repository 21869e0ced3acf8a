/* rf-cost.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-cost.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

RfCost
rf_cost_now (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (RfCost){ (double) g_get_monotonic_time () / G_USEC_PER_SEC, (double) t.tv_sec + (double) t.tv_nsec * 1e-9 };
}

RfCost
rf_cost_since (RfCost began, double times)
{
  RfCost now = rf_cost_now ();

  return (RfCost){ (now.wall - began.wall) * times, (now.processor - began.processor) * times };
}

gsize
rf_memory_get_resident (void)
{
  g_autofree char *text = NULL;
  char *second;
  struct rusage usage;

  /* "size resident ...", in pages. */
  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    {
      strtoull (text, &second, 10);
      return (gsize) strtoull (second, NULL, 10) * (gsize) sysconf (_SC_PAGESIZE);
    }
  getrusage (RUSAGE_SELF, &usage);
  return (gsize) usage.ru_maxrss * 1024;
}

void
rf_memory_trim (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}

gsize
rf_memory_get_physical (void)
{
  return (gsize) sysconf (_SC_PHYS_PAGES) * (gsize) sysconf (_SC_PAGESIZE);
}
