/* fuzz.h: one parser under test. Each fuzz-<name>.c defines fuzz_target; it is built twice: with fuzz-main.c (a small driver that runs
 * seeds, old crashes and mutations of them, an ordinary test) and, with clang, with fuzz-libfuzzer.c (coverage-guided).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef struct
{
  const char *name;
  /* Reads the bytes as hostile input. Crashes, GLib criticals, sanitizer reports and failed assertions are findings; GErrors are not. */
  void (*run) (const guint8 *data, gsize size);
  /* Inputs to start from, index 0, 1, ...; NULL: there are no more. */
  GBytes *(*seed) (guint index);
  /* What the format is made of, for mutations; NULL-terminated, or NULL. */
  const char *const *words;
} FuzzTarget;

extern const FuzzTarget fuzz_target;

/* A folder for the whole process, removed at its end. */
const char *fuzz_folder (void);
/* Writes one file into it and returns its path (static until the next call). */
const char *fuzz_file (const char *name, const guint8 *data, gsize size);

/* The bytes, split at 0x1e, as files of a catalog: imported by one importer, tables only. */
void fuzz_import (const char *format, const char *const *names, const guint8 *data, gsize size);

/* The seed of a list of texts. */
GBytes *fuzz_text_seed (const char *const *texts, guint n_texts, guint index);
/* The bytes with a NUL behind; free with g_free(). */
char *fuzz_string (const guint8 *data, gsize size);
/* Keeps the compiler from leaving out a read. */
void fuzz_use (double value);
