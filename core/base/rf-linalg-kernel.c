/* rf-linalg-kernel.c: which of its kernels OpenBLAS multiplies with. Declared in rf-linalg.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-linalg.h"

#include <cblas.h>
#include <string.h>
#include <unistd.h>

#define KERNEL_VARIABLE  "OPENBLAS_CORETYPE"
#define RESTART_VARIABLE "REFRACT_RESTARTED" /* set for the second start: the kernel was our choice, not the user's */
#define SAFE_KERNEL      "Haswell"

void
rf_linalg_init (void)
{
  openblas_set_num_threads (1);
}

const char *
rf_linalg_get_kernel (void)
{
  return openblas_get_corename ();
}

/* OpenBLAS's names, driver/others/dynamic.c of 0.3.21, as far as they have no AVX2. */
gboolean
rf_linalg_is_old_kernel (const char *kernel)
{
  static const char *const old[] = { "Unknown", "Generic", "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
                                     "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Nano", "Sandybridge", "Bobcat", NULL };

  for (gsize k = 0; old[k]; k++)
    if (g_ascii_strcasecmp (kernel, old[k]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_avx2 (void)
{
#if defined(__x86_64__) && defined(__GNUC__)
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
  return FALSE;
#endif
}

void
rf_linalg_restart (const char *program, char **argv, const char *kernel)
{
  g_setenv (KERNEL_VARIABLE, kernel, TRUE);
  g_setenv (RESTART_VARIABLE, "1", TRUE);
  execv (program, argv);
  g_unsetenv (KERNEL_VARIABLE);
  g_unsetenv (RESTART_VARIABLE);
}

void
rf_linalg_choose_kernel (char **argv)
{
  g_autofree char *program = NULL;

  if (g_getenv (RESTART_VARIABLE))
    {
      g_unsetenv (KERNEL_VARIABLE);
      g_unsetenv (RESTART_VARIABLE);
      return;
    }
  if (g_getenv (KERNEL_VARIABLE) || !has_avx2 () || !rf_linalg_is_old_kernel (openblas_get_corename ()) || !strstr (openblas_get_config (), "DYNAMIC_ARCH"))
    return;
  /* By its own name, so that the process is not called "exe" in lists. */
  program = g_file_read_link ("/proc/self/exe", NULL);
  if (program)
    rf_linalg_restart (program, argv, SAFE_KERNEL);
}
