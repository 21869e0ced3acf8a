/* tsan-locks.c: shows ThreadSanitizer what GLib's mutexes order. They are futexes in a library that is built without it, so that two sides that hold
 * the same GMutex look unordered. Linked into the tests of a build with -Db_sanitize=thread, before GLib.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <glib.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

typedef void (*MutexFunc) (GMutex *mutex);

/* GLib's; asked for at the first call, which is one of its own while it starts. Two threads would find the same. */
static MutexFunc
find (MutexFunc *known, const char *name)
{
  MutexFunc func = __atomic_load_n (known, __ATOMIC_RELAXED);

  if (func == NULL)
    {
      func = (MutexFunc) dlsym (RTLD_NEXT, name);
      __atomic_store_n (known, func, __ATOMIC_RELAXED);
    }
  return func;
}

void
g_mutex_lock (GMutex *mutex)
{
  static MutexFunc real;

  find (&real, "g_mutex_lock") (mutex);
  __tsan_acquire (mutex);
}

void
g_mutex_unlock (GMutex *mutex)
{
  static MutexFunc real;

  __tsan_release (mutex);
  find (&real, "g_mutex_unlock") (mutex);
}
