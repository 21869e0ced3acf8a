/* rf-workspace-vfs.c: a thin layer between SQLite and its own file access, which seals every page of a document with a checksum.
 *
 * SQLite notices damage to its own structures only; a changed digit inside a row goes unnoticed. So documents reserve the last 8 bytes of
 * every page (an SQLite feature: other programs read such files as any other) for a checksum of the rest of the page and its place. It is
 * written whenever a page goes to the file and checked whenever one comes back; SQLite then reports SQLITE_IOERR_DATA. The write-ahead log
 * has checksums of its own.
 *
 * The sum is h <- rotl (h ^ word, 29) * odd + odd', over words of 8 bytes: each step is a bijection of h for a given word and of the word
 * for a given h, so that a change within any one word always changes the result.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/catalog/rf-workspace-private.h"

#define SEAL RF_WORKSPACE_SEAL

typedef struct
{
  sqlite3_file base;
  gboolean is_database; /* not a log or a temporary file */
  gboolean sealed;
  guint8 *page; /* a page being sealed */
  int page_size;
  sqlite3_file *real; /* SQLite's own, right behind */
} SealedFile;

static inline SealedFile *
sealed_file (sqlite3_file *file)
{
  return (SealedFile *) (void *) file;
}

static guint64
checksum (const guint8 *page, int size, sqlite3_int64 offset)
{
  guint64 h = (guint64) offset ^ G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  for (int at = 0; at + 8 <= size - SEAL; at += 8)
    {
      guint64 word;

      memcpy (&word, page + at, 8);
      h ^= GUINT64_FROM_LE (word);
      h = ((h << 29) | (h >> 35)) * G_GUINT64_CONSTANT (0xd6e8feb86659fd93) + G_GUINT64_CONSTANT (0xa0761d6478bd642f);
    }
  return GUINT64_TO_LE (h);
}

/* Headers and tails are read in smaller pieces; whole pages begin at a multiple of their size. */
static gboolean
is_page (const SealedFile *self, int amount, sqlite3_int64 offset)
{
  return self->is_database && self->sealed && amount >= 512 && (amount & (amount - 1)) == 0 && offset % amount == 0;
}

static int
sealed_close (sqlite3_file *file)
{
  SealedFile *self = sealed_file (file);

  g_clear_pointer (&self->page, g_free);
  return self->real->pMethods->xClose (self->real);
}

static int
sealed_read (sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset)
{
  SealedFile *self = sealed_file (file);
  int code = self->real->pMethods->xRead (self->real, buffer, amount, offset);

  if (code == SQLITE_OK && is_page (self, amount, offset))
    {
      guint64 sum = checksum (buffer, amount, offset);

      if (memcmp (&sum, (guint8 *) buffer + amount - SEAL, SEAL) != 0)
        return SQLITE_IOERR_DATA;
    }
  return code;
}

static int
sealed_write (sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset)
{
  SealedFile *self = sealed_file (file);

  if (is_page (self, amount, offset))
    {
      guint64 sum = checksum (buffer, amount, offset);

      if (self->page_size < amount)
        {
          g_free (self->page);
          self->page = g_malloc ((gsize) amount);
          self->page_size = amount;
        }
      memcpy (self->page, buffer, (gsize) amount);
      memcpy (self->page + amount - SEAL, &sum, SEAL);
      buffer = self->page;
    }
  return self->real->pMethods->xWrite (self->real, buffer, amount, offset);
}

/* The rest is passed on. */

static int
sealed_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xTruncate (self->real, size);
}

static int
sealed_sync (sqlite3_file *file, int flags)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xSync (self->real, flags);
}

static int
sealed_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xFileSize (self->real, size);
}

static int
sealed_lock (sqlite3_file *file, int level)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xLock (self->real, level);
}

static int
sealed_unlock (sqlite3_file *file, int level)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xUnlock (self->real, level);
}

static int
sealed_check_reserved_lock (sqlite3_file *file, int *held)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xCheckReservedLock (self->real, held);
}

static int
sealed_file_control (sqlite3_file *file, int operation, void *argument)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xFileControl (self->real, operation, argument);
}

static int
sealed_sector_size (sqlite3_file *file)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xSectorSize (self->real);
}

static int
sealed_device_characteristics (sqlite3_file *file)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xDeviceCharacteristics (self->real);
}

static int
sealed_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xShmMap (self->real, page, size, extend, out);
}

static int
sealed_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xShmLock (self->real, offset, n, flags);
}

static void
sealed_shm_barrier (sqlite3_file *file)
{
  SealedFile *self = sealed_file (file);

  self->real->pMethods->xShmBarrier (self->real);
}

static int
sealed_shm_unmap (sqlite3_file *file, int delete_it)
{
  SealedFile *self = sealed_file (file);

  return self->real->pMethods->xShmUnmap (self->real, delete_it);
}

/* Version 2: without xFetch, so that no page is mapped past the check. */
static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = sealed_close,
  .xRead = sealed_read,
  .xWrite = sealed_write,
  .xTruncate = sealed_truncate,
  .xSync = sealed_sync,
  .xFileSize = sealed_file_size,
  .xLock = sealed_lock,
  .xUnlock = sealed_unlock,
  .xCheckReservedLock = sealed_check_reserved_lock,
  .xFileControl = sealed_file_control,
  .xSectorSize = sealed_sector_size,
  .xDeviceCharacteristics = sealed_device_characteristics,
  .xShmMap = sealed_shm_map,
  .xShmLock = sealed_shm_lock,
  .xShmBarrier = sealed_shm_barrier,
  .xShmUnmap = sealed_shm_unmap,
};

/* A new file will be sealed; one that is there says so in two places of its header, so that damage to one of them cannot hide the other. */
static gboolean
find_sealed (sqlite3_file *real)
{
  guint8 header[100] = { 0 };
  guint32 version;

  if (real->pMethods->xRead (real, header, sizeof header, 0) != SQLITE_OK)
    return TRUE; /* empty, or too short to be a database */
  memcpy (&version, header + 60, sizeof version);
  return header[20] == SEAL || GUINT32_FROM_BE (version) >= 2;
}

static int
sealed_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out)
{
  sqlite3_vfs *real = vfs->pAppData;
  SealedFile *self = sealed_file (file);
  int code;

  memset (self, 0, sizeof *self);
  self->real = (sqlite3_file *) (void *) (self + 1);
  code = real->xOpen (real, name, self->real, flags, flags_out);
  if (code != SQLITE_OK)
    return code;
  self->base.pMethods = &methods;
  self->is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  self->sealed = self->is_database && find_sealed (self->real);
  return SQLITE_OK;
}

const char *
rf_workspace_vfs (void)
{
  static const char name[] = "refract";
  static gsize done;

  if (g_once_init_enter (&done))
    {
      static sqlite3_vfs vfs;
      sqlite3_vfs *real = sqlite3_vfs_find (NULL); /* initialises SQLite */

      if (real != NULL)
        {
          vfs = *real;
          vfs.pNext = NULL;
          vfs.zName = name;
          vfs.szOsFile = (int) sizeof (SealedFile) + real->szOsFile;
          vfs.pAppData = real;
          vfs.xOpen = sealed_open;
          sqlite3_vfs_register (&vfs, 0);
        }
      g_once_init_leave (&done, 1);
    }
  return name;
}
