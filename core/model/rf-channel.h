/* rf-channel.h: one modality's item-to-item score, summed over a history, never the item itself:
 *
 *   s(u,i) = sum over j in N_u, j != i of  w(j,i)
 *
 * with w(j,i) = key_j . value_i (factors), a dense matrix, or sparse rows. The design's factor n_u^(-1/2) is left out: scores are
 * standardised per user before anything else sees them, so it would cancel.
 *
 * A jointly trained model may know its users by vectors of their own: a factors channel with user rows scores a known user as
 * user_u . value_i, and sums keys only for histories that belong to nobody (composed or edited ones, users it has not seen).
 *
 * Immutable once made, reference counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/base/rf-csr.h"
#include "core/base/rf-matrix.h"

G_BEGIN_DECLS

/* A history that belongs to no user of the training. */
#define RF_NO_USER G_MAXUINT32

typedef enum
{
  RF_CHANNEL_FACTORS,
  RF_CHANNEL_DENSE,
  RF_CHANNEL_SPARSE,
} RfChannelKind;

typedef struct
{
  gatomicrefcount ref_count;
  RfChannelKind kind;
  char *method;      /* "closed-form", "ease", "item-knn": what w is, for people */
  guint32 n_items;
  guint8 *available; /* n_items, 0 or 1: is w(.,i) and w(i,.) known at all? */
  RfMatrix *key;     /* factors: n_items x d; zero rows where unavailable */
  RfMatrix *value;   /* factors: n_items x d */
  float *self_score; /* factors: key_i . value_i, taken out again */
  gboolean averaged; /* factors: the sum over the history is divided by the square root of its length */
  RfMatrix *user;    /* factors: vectors of the users known in training, or NULL */
  guint8 *user_known; /* user->rows, 0 or 1: had this user a history to learn from? */
  RfMatrix *dense;   /* dense: n_items x n_items, row j = w(j,.), zero diagonal */
  RfCsr *sparse;     /* sparse: row j = w(j,.), no diagonal */
} RfChannel;

/* Each takes over its arguments. */
RfChannel *rf_channel_new_factors (const char *method, RfMatrix *key, RfMatrix *value, guint8 *available) G_GNUC_WARN_UNUSED_RESULT;
RfChannel *rf_channel_new_dense (const char *method, RfMatrix *dense, guint8 *available) G_GNUC_WARN_UNUSED_RESULT;
RfChannel *rf_channel_new_sparse (const char *method, RfCsr *sparse, guint8 *available) G_GNUC_WARN_UNUSED_RESULT;
/* For factors, before anybody else sees the channel; takes over both (user may be shared by reference). */
void rf_channel_set_users (RfChannel *self, RfMatrix *user, guint8 *user_known);
void rf_channel_set_averaged (RfChannel *self, gboolean averaged);
RfChannel *rf_channel_ref (RfChannel *self);
void rf_channel_unref (RfChannel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RfChannel, rf_channel_unref)

/* Raw scores of `count` users, rows first .. first+count-1 of history: out is count x n_items. user: the catalog's number of the
 * user of row `first`, the following rows being the following users, or RF_NO_USER. One thread; memory for count x d besides.
 * Factors: 2 d (n_history + count n_items) flops; others n_history n_items. */
void rf_channel_score (const RfChannel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out);

/* The user's side of a factors channel: count x d into out, which is all zeros before. */
void rf_channel_get_profiles (const RfChannel *self, const RfCsr *history, guint32 first, guint32 count, guint32 user, float *out);

/* Does the channel know this user by a vector of its own, so that its score is not a sum over the history? */
gboolean rf_channel_knows_user (const RfChannel *self, guint32 user);

/* w(j,i): what one past item adds to the raw score of an item; 0 for j == i. */
float rf_channel_get_weight (const RfChannel *self, guint32 past, guint32 item);

/* Puts scores of one user on the common scale, in place: mean 0 and standard deviation 1 over the available items, 0 at the
 * others. Returns the deviation; 0 (and all zeros) when the history says nothing. */
float rf_channel_standardise (const RfChannel *self, float *scores, float *mean);

G_END_DECLS
