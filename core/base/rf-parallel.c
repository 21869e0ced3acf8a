/* rf-parallel.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define MAX_THREADS 64

typedef struct
{
  size_t n, grain;
  RfParallelFunc func;
  void *data;
  atomic_size_t next;
} Loop;

typedef struct
{
  Loop *loop;
  int worker;
} Share;

static atomic_int n_threads_setting;
static _Thread_local int inside;

static int
count_processors (void)
{
  cpu_set_t set;

  if (sched_getaffinity (0, sizeof set, &set) != 0)
    return 1;
  return CPU_COUNT (&set);
}

int
rf_parallel_get_threads (void)
{
  int n = atomic_load (&n_threads_setting);

  if (n == 0)
    {
      n = count_processors ();
      n = n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : n;
      atomic_store (&n_threads_setting, n);
    }
  return n;
}

void
rf_parallel_set_threads (int n_threads)
{
  atomic_store (&n_threads_setting, n_threads < 0 ? 0 : n_threads > MAX_THREADS ? MAX_THREADS : n_threads);
}

static void
run_share (Loop *loop, int worker)
{
  inside++;
  for (;;)
    {
      size_t begin = atomic_fetch_add (&loop->next, loop->grain);
      size_t end;

      if (begin >= loop->n)
        break;
      end = loop->n - begin < loop->grain ? loop->n : begin + loop->grain;
      loop->func (begin, end, worker, loop->data);
    }
  inside--;
}

static void *
thread_main (void *data)
{
  Share *share = data;

  run_share (share->loop, share->worker);
  return NULL;
}

void
rf_parallel_for (size_t n, size_t grain, RfParallelFunc func, void *data)
{
  Loop loop = { .n = n, .grain = grain ? grain : 1, .func = func, .data = data };
  size_t n_chunks = (n + loop.grain - 1) / loop.grain;
  int n_threads = inside ? 1 : rf_parallel_get_threads ();
  pthread_t threads[MAX_THREADS];
  Share shares[MAX_THREADS];
  int started = 1; /* the caller is worker 0 */

  if (n == 0)
    return;
  if ((size_t) n_threads > n_chunks)
    n_threads = (int) n_chunks;
  while (started < n_threads)
    {
      shares[started] = (Share) { &loop, started };
      if (pthread_create (&threads[started], NULL, thread_main, &shares[started]) != 0)
        break; /* no more threads to be had: the others do the work */
      started++;
    }
  run_share (&loop, 0);
  for (int t = 1; t < started; t++)
    pthread_join (threads[t], NULL);
}
