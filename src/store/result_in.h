/* SPDX-License-Identifier: Apache-2.0 */
/* What result.c and campaign_bulk.c share: lists of counts, "12,3,0". */
#ifndef JW_STORE_RESULT_IN_H
#define JW_STORE_RESULT_IN_H

#include <stdint.h>

#include "base/str.h"

/* How many were read; at most `max`. */
int counts_read(struct str text, int64_t *ret_counts, int max);

#endif
