/* rf-error.h: the error domain of the core. Every message is one sentence for the user: where, what, and what to do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RF_ERROR (rf_error_quark ())

typedef enum
{
  RF_ERROR_IO,        /* a file could not be read or written */
  RF_ERROR_FORMAT,    /* a file is not what it should be */
  RF_ERROR_DATA,      /* well-formed, but not enough or not consistent to work with */
  RF_ERROR_CONFIG,    /* a setting is unknown, of the wrong type or out of range */
  RF_ERROR_LIMIT,     /* would need more memory or more items than allowed */
  RF_ERROR_NOT_FOUND, /* no such user, item or run */
  RF_ERROR_NUMERIC,   /* a computation diverged */
  RF_ERROR_CANCELLED, /* the user asked to stop */
} RfError;

GQuark rf_error_quark (void);

G_END_DECLS
