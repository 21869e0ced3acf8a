/* turns.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/support/turns.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEPTH     96
#define SAMPLES   600 /* of one turn */
#define PERIOD_NS 1000000
#define LINES     12  /* functions of a turn that are printed */
#define LEAST     0.2 /* share of a turn below which a function is not */

typedef struct
{
  int depth;
  void *frame[DEPTH];
} Stack;

typedef struct
{
  const char *phase;
  char *source;
  double cpu, wall;
  Stack *stacks;
  guint n_stacks;
} Turn;

static struct
{
  double note_ms, longest, cpu, wall; /* when the turn began */
  const char *phase, *longest_phase;
  gboolean sampling;
  timer_t timer;
  GArray *noted; /* Turn */
  Stack stacks[SAMPLES];
  const char *sources[SAMPLES];
  volatile sig_atomic_t n_stacks;
} turns;

static double
now_ms (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6;
}

static void
sample_cb (int number)
{
  int saved = errno;
  int n = turns.n_stacks;

  if (n < SAMPLES)
    {
      GSource *source = g_main_current_source ();

      turns.stacks[n].depth = backtrace (turns.stacks[n].frame, DEPTH);
      turns.sources[n] = source ? g_source_get_name (source) : NULL;
      turns.n_stacks = n + 1;
    }
  errno = saved;
}

static void
start_sampling (void)
{
  struct sigaction action = { .sa_handler = sample_cb, .sa_flags = SA_RESTART };
  struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF };
  struct itimerspec period = { .it_interval = { 0, PERIOD_NS }, .it_value = { 0, PERIOD_NS } };
  void *warm[2];

  backtrace (warm, 2); /* loads the unwinder now, not in the handler */
  event._sigev_un._tid = gettid ();
  sigaction (SIGPROF, &action, NULL);
  if (timer_create (CLOCK_THREAD_CPUTIME_ID, &event, &turns.timer) != 0)
    return;
  timer_settime (turns.timer, 0, &period, NULL);
  turns.sampling = TRUE;
}

static const char *
commonest_source (guint n)
{
  const char *best = NULL;
  guint best_count = 0;

  for (guint s = 0; s < n; s++)
    {
      guint count = 0;

      for (guint t = 0; t < n; t++)
        count += g_strcmp0 (turns.sources[s], turns.sources[t]) == 0;
      if (count > best_count)
        {
          best = turns.sources[s];
          best_count = count;
        }
    }
  return best;
}

static void
note (double cpu, double wall)
{
  guint n = (guint) turns.n_stacks;
  Turn turn = { .phase = turns.phase, .cpu = cpu, .wall = wall, .source = g_strdup (commonest_source (n)), .stacks = g_memdup2 (turns.stacks, n * sizeof (Stack)), .n_stacks = n };

  g_array_append_val (turns.noted, turn);
}

static void
begin_turn (void)
{
  turns.n_stacks = 0;
  turns.cpu = now_ms (CLOCK_THREAD_CPUTIME_ID);
  turns.wall = now_ms (CLOCK_MONOTONIC);
}

static void
end_turn (void)
{
  double cpu = now_ms (CLOCK_THREAD_CPUTIME_ID) - turns.cpu;

  if (cpu > turns.longest)
    {
      turns.longest = cpu;
      turns.longest_phase = turns.phase;
    }
  if (cpu > turns.note_ms)
    note (cpu, now_ms (CLOCK_MONOTONIC) - turns.wall);
}

static gint
poll_cb (GPollFD *fds, guint n_fds, gint timeout)
{
  gint result;

  end_turn ();
  result = g_poll (fds, n_fds, timeout);
  begin_turn ();
  return result;
}

static void
clear_turn (gpointer data)
{
  Turn *turn = data;

  g_free (turn->source);
  g_free (turn->stacks);
}

void
test_turns_start (double note_ms, gboolean sample)
{
  turns.note_ms = note_ms;
  turns.noted = g_array_new (FALSE, FALSE, sizeof (Turn));
  g_array_set_clear_func (turns.noted, clear_turn);
  if (sample)
    start_sampling ();
  test_turns_reset ();
  begin_turn ();
  g_main_context_set_poll_func (NULL, poll_cb);
}

void
test_turns_stop (void)
{
  g_main_context_set_poll_func (NULL, NULL);
  if (turns.sampling)
    timer_delete (turns.timer);
  turns.sampling = FALSE;
  g_clear_pointer (&turns.noted, g_array_unref);
}

void
test_turns_set_phase (const char *phase)
{
  turns.phase = phase;
}

void
test_turns_forget (void)
{
  begin_turn ();
}

double
test_turns_get_longest (const char **phase)
{
  if (phase)
    *phase = turns.longest_phase;
  return turns.longest;
}

void
test_turns_reset (void)
{
  turns.longest = 0;
  turns.longest_phase = NULL;
}

/* The name of the function that an address of this program lies in: static ones have none that dladdr could see. */
static char *
ask_addr2line (const char *program, gsize offset)
{
  g_autofree char *command = g_strdup_printf ("addr2line -f -e '%s' 0x%zx", program, offset), *output = NULL;
  char *end;

  if (!g_spawn_command_line_sync (command, &output, NULL, NULL, NULL) || output == NULL)
    return NULL;
  end = strchr (output, '\n');
  return end && output[0] != '?' ? g_strndup (output, (gsize) (end - output)) : NULL;
}

static const char *
name_of (GHashTable *names, void *frame)
{
  Dl_info info = { 0 };
  char *name = g_hash_table_lookup (names, frame);

  if (name)
    return name;
  if (dladdr (frame, &info) != 0 && info.dli_sname)
    name = g_strdup (info.dli_sname);
  else if (info.dli_fname)
    {
      name = ask_addr2line (info.dli_fname, (gsize) frame - (gsize) info.dli_fbase - 1);
      if (name == NULL)
        name = g_path_get_basename (info.dli_fname);
    }
  else
    name = g_strdup ("?");
  g_hash_table_insert (names, frame, name);
  return name;
}

/* In how many of a turn's stacks each function stands. */
static GHashTable *
count_functions (const Turn *turn, GHashTable *names)
{
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint s = 0; s < turn->n_stacks; s++)
    {
      g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

      for (int f = 2; f < turn->stacks[s].depth; f++) /* the handler and its return are no part of it */
        {
          const char *name = name_of (names, turn->stacks[s].frame[f]);

          if (g_hash_table_add (seen, (gpointer) name))
            g_hash_table_insert (counts, (gpointer) name, GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, name)) + 1));
        }
    }
  return counts;
}

static gboolean
is_loop (const char *name)
{
  return g_str_has_prefix (name, "g_main_") || g_str_has_prefix (name, "g_closure_") || g_str_has_prefix (name, "g_signal_emit") || strcmp (name, "main") == 0 ||
         g_str_has_prefix (name, "lib") || g_str_has_prefix (name, "__libc_start") || strcmp (name, "_start") == 0;
}

static void
print_functions (const Turn *turn, GHashTable *names)
{
  g_autoptr(GHashTable) counts = count_functions (turn, names);

  for (guint line = 0; line < LINES; line++)
    {
      GHashTableIter iter;
      gpointer name, count;
      const char *best = NULL;
      guint most = 0;

      g_hash_table_iter_init (&iter, counts);
      while (g_hash_table_iter_next (&iter, &name, &count))
        if (GPOINTER_TO_UINT (count) > most && !is_loop (name))
          {
            best = name;
            most = GPOINTER_TO_UINT (count);
          }
      if (best == NULL || most < LEAST * turn->n_stacks)
        return;
      g_print ("      %3u %%  %s\n", 100 * most / turn->n_stacks, best);
      g_hash_table_remove (counts, best);
    }
}

void
test_turns_print (void)
{
  g_autoptr(GHashTable) names = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (guint t = 0; t < turns.noted->len; t++)
    {
      const Turn *turn = &g_array_index (turns.noted, Turn, t);

      g_print ("  %6.1f ms (%6.1f by the clock)  %s%s%s\n", turn->cpu, turn->wall, turn->phase ? turn->phase : "", turn->source ? "  " : "", turn->source ? turn->source : "");
      print_functions (turn, names);
    }
}
