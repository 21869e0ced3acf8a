/* rf-linalg.h: the dense linear algebra we need, on OpenBLAS with one thread; the threads are ours, over blocks.
 *
 * All matrices are row-major. With one BLAS thread and blocks that do not depend on the number of threads the results are the
 * same bits for any thread count.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-matrix.h"

G_BEGIN_DECLS

/* Sets OpenBLAS to one thread. Call once at the start of main(), before any other thread is made. */
void rf_linalg_init (void);

/* The first call of main(): starts the program again, once, where OpenBLAS picked a kernel that leaves half of the processor unused.
 *
 * OpenBLAS picks its kernel while it is loaded, from a list of processors. One that is newer than the list gets the kernel of the last
 * century's end: OpenBLAS 0.3.21 multiplies on an Emerald Rapids with Prescott's SSE3 kernel, at 30 instead of 71 GFLOP/s. If the
 * processor has AVX2 and FMA, the kernel uses neither, and OPENBLAS_CORETYPE is not set, the program is executed again with
 * OPENBLAS_CORETYPE=Haswell (not SkylakeX: its kernels of 0.3.21 have known faults). Arguments, standard streams, folder and process number
 * stay. The new start takes the variable out of its environment, so that programs it starts choose for themselves. Returns in
 * every other case, also when it cannot be executed again. argv: as main() got it. */
void rf_linalg_choose_kernel (char **argv);

/* For rf_linalg_choose_kernel() and its test: executes `program` with the arguments and OPENBLAS_CORETYPE=kernel. Returns only if that
 * fails; the environment is then as before. */
void rf_linalg_restart (const char *program, char **argv, const char *kernel);

/* Is that one of OpenBLAS's x86 kernels without AVX2 ("Prescott", "Nehalem", "Sandybridge", ...)? */
gboolean rf_linalg_is_old_kernel (const char *kernel);

/* The kernel OpenBLAS picked ("Haswell", "SkylakeX", ...); stored with results, because kernels differ in the last bits. */
const char *rf_linalg_get_kernel (void);

/* C (m x n, leading dimension ldc) = alpha * op(A) op(B) + beta * C; op(A) is m x k, op(B) is k x n. Parallel over row blocks
 * of C. 2 m n k flops. */
void rf_gemm (gboolean trans_a, gboolean trans_b, gsize m, gsize n, gsize k, float alpha, const float *a, gsize lda,
              const float *b, gsize ldb, float beta, float *c, gsize ldc);

/* out (count x n) = rows (count x d) table', table is n x d. Each number depends on its row and on the table only, to the last bit: not on how
 * many rows there are, nor on where among them this one stands. A BLAS does not promise that, and OpenBLAS's kernels do not do it: then a
 * user's scores would depend on who is scored beside. One thread. */
void rf_score_rows (const float *rows, gsize count, gsize d, const float *table, gsize n, float *out);

/* The k best of each row of  rows table' + bias,  best first: out is count x k column numbers, G_MAXUINT32 where there are fewer. The sums
 * are those of rf_score_rows() to the bit, but are never written out: a tile of them is held against each row's k-th best, and few pass.
 * Ties: lower column first. NAN is never chosen. bias: n numbers. excluded: row rows_of[r] names the columns row r leaves out. One thread;
 * 2 count n d flops. */
void rf_score_top (const float *rows, gsize count, gsize d, const float *table, gsize n, const float *bias, const RfCsr *excluded, const guint32 *rows_of,
                   guint k, guint32 *out);

/* Eigenvalues (ascending) and eigenvectors of a symmetric matrix, in double. a: n x n in; on return column j of the
 * row-major a (a[i * n + j]) is the j-th eigenvector. About 9 n^3 flops, one thread. Fails only on NaN or infinity. */
gboolean rf_eigen_symmetric (gsize n, double *a, double *values, GError **error);

/* In place: a symmetric positive definite a (n x n, both halves filled) becomes its inverse (both halves filled).
 * Blocked Cholesky and triangular inversion, n^3 flops on all threads. RF_ERROR_NUMERIC if a is not positive definite. */
gboolean rf_spd_inverse (gsize n, float *a, GError **error);

G_END_DECLS
