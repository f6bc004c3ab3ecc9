/* SPDX-License-Identifier: Apache-2.0 */
#include "store/setting.h"

#include <stdlib.h>

#include "store/org_in.h"

int store_setting_get(struct db_tx *tx, int64_t region, const char *name, struct arena *arena,
		      const char **ret_value)
{
	struct db_stmt *q = db_query(tx, "SELECT value FROM setting WHERE region = $1 AND name = $2");
	db_bind_int(q, 1, region);
	db_bind_text(q, 2, name);
	int r = db_step(q);
	if (r < 0)
		return r;
	*ret_value = r ? db_col_dup(q, 0, arena) : NULL;
	db_finish(q);
	return 0;
}

int store_setting_int(struct db_tx *tx, int64_t region, const char *name, int64_t otherwise,
		      int64_t *ret_value)
{
	AUTO(arena) struct arena arena = {0};
	const char *text;
	int r = store_setting_get(tx, region, name, &arena, &text);
	if (r == 0)
		*ret_value = text ? strtoll(text, NULL, 10) : otherwise;
	return r;
}

int store_setting_set(struct db_tx *tx, int64_t region, const char *name, const char *value)
{
	struct db_stmt *q;
	if (value) {
		q = db_query(tx, "INSERT INTO setting (region, name, value) VALUES ($1, $2, $3)"
			     " ON CONFLICT (region, name) DO UPDATE SET value = excluded.value");
		db_bind_text(q, 3, value);
	} else {
		q = db_query(tx, "DELETE FROM setting WHERE region = $1 AND name = $2");
	}
	db_bind_int(q, 1, region);
	db_bind_text(q, 2, name);
	return store_run(q);
}
