/* rf-parallel.h: a parallel-for on plain pthreads, so that ThreadSanitizer sees every hand-over.
 *
 * The range is cut into chunks of `grain`; threads take the next chunk from an atomic counter. Which thread gets which chunk
 * varies, so results must depend on the chunk only: write to disjoint places, or sum per chunk and add up in chunk order.
 * BLAS runs with one thread inside (rf_linalg_init), so the threads here are the only ones.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>

/* Handles items begin .. end-1. `worker` is 0 .. rf_parallel_get_threads()-1, for scratch memory of its own. */
typedef void (*RfParallelFunc) (size_t begin, size_t end, int worker, void *data);

/* How many threads parallel-for uses; the default is the number of processors that this process may use. */
int rf_parallel_get_threads (void);
void rf_parallel_set_threads (int n_threads);

/* Calls func for chunks that cover 0 .. n-1 and returns when all are done. May be called from several threads at once and
 * from inside func (then it runs in the calling thread). */
void rf_parallel_for (size_t n, size_t grain, RfParallelFunc func, void *data);
