/* SPDX-License-Identifier: Apache-2.0 */
/* Named texts of a region: password policy, first-start code … */
#ifndef JW_STORE_SETTING_H
#define JW_STORE_SETTING_H

#include "base/arena.h"
#include "db/db.h"

/* The value in `arena`, or NULL with 0 where it is not set. */
int store_setting_get(struct db_tx *tx, int64_t region, const char *name, struct arena *arena,
		      const char **ret_value);

/* As a number; `otherwise` where it is not set. */
int store_setting_int(struct db_tx *tx, int64_t region, const char *name, int64_t otherwise,
		      int64_t *ret_value);

/* NULL removes it. */
int store_setting_set(struct db_tx *tx, int64_t region, const char *name, const char *value);

#endif
