/* refract-user-facts.h: what users can be sorted by and grouped into. Immutable.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/eval/rf-compare.h"
#include "core/train/rf-trainer.h"

G_BEGIN_DECLS

typedef enum
{
  REFRACT_USERS_MOST_ACTIVE,
  REFRACT_USERS_LEAST_ACTIVE,
  REFRACT_USERS_MOST_SURPRISING,
  REFRACT_USERS_LEAST_SURPRISING,
  REFRACT_USERS_BY_ID,
  REFRACT_N_USER_ORDERS,
} RefractUserOrder;

typedef struct
{
  guint32 n_users;
  guint32 *activity;     /* items in the history that rankings start from */
  float *surprise;       /* how unusual the history is: mean of log2 (users / users who have the item) over its items, in bits;
                          * NAN without a history (the self-information of an item, Vargas and Castells 2011) */
  guint32 *orders[REFRACT_N_USER_ORDERS]; /* n_users each */
  GPtrArray *attributes; /* of RfAttribute, see rf_user_attributes(); from the validation part */
} RefractUserFacts;

/* O(interactions), and every order of the users is made ready: for a thread. */
RefractUserFacts *refract_user_facts_new (const RfTrained *trained) G_GNUC_WARN_UNUSED_RESULT;
void refract_user_facts_free (RefractUserFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RefractUserFacts, refract_user_facts_free)

/* All users in this order, n_users of them; those without a number come last, equal ones by index. */
const guint32 *refract_user_facts_get_order (const RefractUserFacts *self, RefractUserOrder order);

G_END_DECLS
