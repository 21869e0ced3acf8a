/* rf-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rf-error.h"

G_DEFINE_QUARK (rf-error-quark, rf_error)
