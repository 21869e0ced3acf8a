/* fault-wrap.c: a library to preload that makes the N-th reading, writing or syncing of files fail, to see what the program makes of it.
 *
 *   FAULT_PATH   only files whose path holds this text
 *   FAULT_CALL   "read", "write" or "sync"
 *   FAULT_AT     1, 2, ...: which call; this and all later ones fail. 0: none, only count
 *   FAULT_KIND   "EIO", "ENOSPC", or "short": half of what was asked for is done, each time
 *   FAULT_COUNT  a file that the number of such calls is written to at the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

/* Not from <unistd.h>, which with 64-bit offsets gives both names to one function. */
ssize_t pwrite64 (int fd, const void *bytes, size_t size, off_t offset);
ssize_t pread64 (int fd, void *bytes, size_t size, off_t offset);

static atomic_long count;

static int
concerns (int fd, const char *call)
{
  const char *wanted = getenv ("FAULT_CALL"), *path = getenv ("FAULT_PATH");
  char link[64], name[4096];
  ssize_t n;

  if (wanted == NULL || path == NULL || strcmp (wanted, call) != 0)
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n = readlink (link, name, sizeof name - 1);
  if (n <= 0)
    return 0;
  name[n] = '\0';
  return strstr (name, path) != NULL;
}

/* 0: go on; -1: fail (errno is set); 1: do half of it. */
static int
fault (int fd, const char *call)
{
  const char *kind = getenv ("FAULT_KIND"), *at = getenv ("FAULT_AT");
  int saved = errno, concerned = concerns (fd, call);
  long number;

  errno = saved;
  if (!concerned)
    return 0;
  number = atomic_fetch_add (&count, 1) + 1;
  if (at == NULL || atol (at) == 0 || number < atol (at) || kind == NULL)
    return 0;
  if (strcmp (kind, "short") == 0)
    return 1;
  errno = strcmp (kind, "ENOSPC") == 0 ? ENOSPC : EIO;
  return -1;
}

static size_t
part_of (int what, size_t size)
{
  return what == 1 && size > 1 ? size / 2 : size;
}

#define REAL(name) ((__typeof__ (&name)) dlsym (RTLD_NEXT, #name))

ssize_t
write (int fd, const void *bytes, size_t size)
{
  int what = fault (fd, "write");

  return what < 0 ? -1 : REAL (write) (fd, bytes, part_of (what, size));
}

ssize_t
pwrite64 (int fd, const void *bytes, size_t size, off_t offset)
{
  int what = fault (fd, "write");

  return what < 0 ? -1 : REAL (pwrite64) (fd, bytes, part_of (what, size), offset);
}

ssize_t
read (int fd, void *bytes, size_t size)
{
  int what = fault (fd, "read");

  return what < 0 ? -1 : REAL (read) (fd, bytes, part_of (what, size));
}

ssize_t
pread64 (int fd, void *bytes, size_t size, off_t offset)
{
  int what = fault (fd, "read");

  return what < 0 ? -1 : REAL (pread64) (fd, bytes, part_of (what, size), offset);
}

int
fsync (int fd)
{
  return fault (fd, "sync") < 0 ? -1 : REAL (fsync) (fd);
}

int
fdatasync (int fd)
{
  return fault (fd, "sync") < 0 ? -1 : REAL (fdatasync) (fd);
}

__attribute__ ((destructor)) static void
tell (void)
{
  const char *path = getenv ("FAULT_COUNT");
  FILE *file = path ? fopen (path, "w") : NULL;

  if (file == NULL)
    return;
  fprintf (file, "%ld\n", atomic_load (&count));
  fclose (file);
}
