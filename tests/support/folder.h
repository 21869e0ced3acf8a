/* folder.h: made-up catalog folders for tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A new temporary folder; test_folder_remove() deletes it with all that is in it and frees the name. */
char *test_folder_new (void) G_GNUC_WARN_UNUSED_RESULT;
void test_folder_remove (char *folder);

/* Folders in `name` are made as needed. */
void test_folder_write (const char *folder, const char *name, const char *data, gssize length);
/* A gradient, saved as "jpeg", "png", ... */
void test_folder_picture (const char *folder, const char *name, int width, int height, const char *type);

/* Four items (two pictures, three texts), three users, six interactions; nothing wrong with it. */
void test_folder_fill (const char *folder);

/* The sample catalog of a seed, written into the folder and imported: the path of its document. */
char *test_folder_sample (const char *folder, guint64 seed, guint32 n_users, guint32 n_items) G_GNUC_WARN_UNUSED_RESULT;

char *test_folder_read (const char *folder, const char *name, gsize *length) G_GNUC_WARN_UNUSED_RESULT;
guint test_folder_count (const char *folder); /* files right in it */
