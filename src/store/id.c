/* SPDX-License-Identifier: Apache-2.0 */
#include "store/id.h"

static int count_up(struct db_tx *tx, int64_t region, enum id_kind kind, int64_t *ret_number)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO counter (region, kind, last) VALUES ($1, $2, 1)"
				     " ON CONFLICT (region, kind) DO UPDATE SET last = counter.last + 1"
				     " RETURNING last");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, kind);
	int r = db_step(q);
	if (r <= 0)
		return r < 0 ? r : ERR_IO;
	*ret_number = db_col_int(q, 0);
	/* Run to its end: only then has it surely been written. */
	return db_step(q);
}

int id_next(struct db_tx *tx, int64_t region, enum id_kind kind, int64_t *ret_id)
{
	int64_t number;
	int r = count_up(tx, region, kind, &number);
	if (r < 0)
		return r;
	if (number >= ID_SPAN)
		return ERR_LIMIT;
	*ret_id = region * ID_SPAN + number;
	return 0;
}

int id_next_region(struct db_tx *tx, int64_t *ret_region)
{
	return count_up(tx, 0, ID_REGION, ret_region);
}
