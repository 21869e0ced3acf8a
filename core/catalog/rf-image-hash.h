/* rf-image-hash.h: perceptual hashes, to find pictures that are the same to the eye (another size, another compression).
 *
 * dHash (N. Krawetz, "Kind of like that", 2013): grey means in 8 rows of 9 cells; each bit says whether a cell is brighter
 * (here: clearly brighter) than its right neighbour. Near-duplicates differ in a few of the 64 bits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* rgb: height rows of width x 3 bytes, a row every stride bytes; at least 9 x 8. FALSE when the picture is smaller, or so even that the
 * bits are noise. */
gboolean rf_dhash (const guint8 *rgb, guint width, guint height, gsize stride, guint64 *hash);

static inline guint
rf_hash_distance (guint64 a, guint64 b)
{
  return (guint) __builtin_popcountll (a ^ b);
}

/* Pairs of more than this many bits are as a rule different pictures: among 5,176 film posters, all different, there is no
 * pair within 3 bits, 1 within 4, 28 within 7. */
#define RF_HASH_SAME 3

/* group[i] = the smallest index whose picture is the same as that of i, directly or over others, within max_distance bits
 * (at most 7); i itself if there is none or valid[i] is 0. Free with g_free(). Looks only at pairs that agree in one of
 * max_distance + 1 stretches of bits, which every such pair does. Returns in n_duplicates (may be NULL) how many have
 * group[i] != i. */
guint32 *rf_hash_find_groups (const guint64 *hash, const guint8 *valid, guint32 n, guint max_distance, guint32 *n_duplicates) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
