/* test-kernel.c: the program starts with a kernel of OpenBLAS that suits the processor. argv[1]: the built refract-cli.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/wait.h>

#include "core/base/rf-linalg.h"

static const char *program;

/* Standard output of the program; kernel: OPENBLAS_CORETYPE, NULL: not set. */
static char *
run (const char *kernel, int wanted_code, const char *argument)
{
  const char *argv[] = { program, argument, NULL };
  g_auto(GStrv) environment = g_environ_unsetenv (g_get_environ (), "OPENBLAS_CORETYPE");
  g_autoptr(GError) error = NULL;
  char *out = NULL;
  g_autofree char *complaint = NULL;
  int status = 0;

  if (kernel)
    environment = g_environ_setenv (g_steal_pointer (&environment), "OPENBLAS_CORETYPE", kernel, TRUE);
  g_spawn_sync (NULL, (char **) argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &complaint, &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, wanted_code);
  if (wanted_code == 2)
    g_assert_nonnull (strstr (complaint, argument)); /* the arguments are the same after a second start */
  return out;
}

static char *
kernel_told (const char *text)
{
  const char *label = "OpenBLAS kernel: ", *at = strstr (text, label);

  g_assert_nonnull (at);
  return g_strstrip (g_strdup (at + strlen (label)));
}

static gboolean
has_avx2 (void)
{
#if defined(__x86_64__)
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
  return FALSE;
#endif
}

static void
test_chosen (void)
{
  g_autofree char *out = run (NULL, 0, "--version"), *kernel = kernel_told (out);

  g_test_message ("%s", kernel);
  if (has_avx2 ())
    g_assert_false (rf_linalg_is_old_kernel (kernel));
}

static void
test_wish_counts (void)
{
  static const char *const wishes[] = { "Prescott", "Nehalem" };

#if !defined(__x86_64__)
  g_test_skip ("no such kernels here");
  return;
#endif
  for (gsize k = 0; k < G_N_ELEMENTS (wishes); k++)
    {
      g_autofree char *out = run (wishes[k], 0, "--version"), *kernel = kernel_told (out);

      g_assert_cmpstr (kernel, ==, wishes[k]);
    }
}

static void
test_arguments_and_code (void)
{
  g_free (run (NULL, 2, "frobnicate"));
}

/* What cannot be executed again goes on, with the environment as it was. */
static void
test_failure_goes_on (void)
{
  char *argv[] = { (char *) "none", NULL };
  const char *before = g_getenv ("OPENBLAS_CORETYPE");
  g_autofree char *kept = g_strdup (before);

  g_unsetenv ("OPENBLAS_CORETYPE");
  rf_linalg_restart ("/nonexistent/refract-cli", argv, "Haswell");
  g_assert_null (g_getenv ("OPENBLAS_CORETYPE"));
  g_assert_null (g_getenv ("REFRACT_RESTARTED"));
  if (kept)
    g_setenv ("OPENBLAS_CORETYPE", kept, TRUE);
}

/* The second start keeps what it was started for, and does not tell it to the programs it starts. */
static void
test_second_start (void)
{
  char *argv[] = { (char *) "none", NULL };
  const char *before = g_getenv ("OPENBLAS_CORETYPE");
  g_autofree char *kept = g_strdup (before);

  g_setenv ("OPENBLAS_CORETYPE", "Haswell", TRUE);
  g_setenv ("REFRACT_RESTARTED", "1", TRUE);
  rf_linalg_choose_kernel (argv);
  g_assert_null (g_getenv ("OPENBLAS_CORETYPE"));
  g_assert_null (g_getenv ("REFRACT_RESTARTED"));
  if (kept)
    g_setenv ("OPENBLAS_CORETYPE", kept, TRUE);
}

static void
test_old_names (void)
{
  g_assert_true (rf_linalg_is_old_kernel ("Prescott"));
  g_assert_true (rf_linalg_is_old_kernel ("SANDYBRIDGE"));
  g_assert_false (rf_linalg_is_old_kernel ("Haswell"));
  g_assert_false (rf_linalg_is_old_kernel ("SkylakeX"));
  g_assert_false (rf_linalg_is_old_kernel ("Zen"));
  g_assert_false (rf_linalg_is_old_kernel ("a kernel of tomorrow"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  program = argv[1];
  g_test_add_func ("/kernel/chosen", test_chosen);
  g_test_add_func ("/kernel/wish-counts", test_wish_counts);
  g_test_add_func ("/kernel/arguments-and-code", test_arguments_and_code);
  g_test_add_func ("/kernel/failure-goes-on", test_failure_goes_on);
  g_test_add_func ("/kernel/second-start", test_second_start);
  g_test_add_func ("/kernel/old-names", test_old_names);
  return g_test_run ();
}
