/* SPDX-License-Identifier: Apache-2.0 */
#include "store/past.h"

#include "store/id.h"
#include "store/org_in.h"

static void read_past_low(struct db_stmt *q, struct arena *arena, void *row)
{
	struct past_low *low = row;
	*low = (struct past_low){db_col_int(q, 0), db_col_dup(q, 1, arena),
				 db_col_dup(q, 2, arena)};
}

static const struct rows_kind past_low_rows = {ROWS_ANSWER, sizeof(struct past_low), read_past_low};

int store_past_low(struct db_tx *tx, const char *path, int last, int years, struct arena *arena,
		   struct past_low **ret_low, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT o.org, o.code, o.name FROM org o JOIN past_result p"
				     " ON p.region = o.region AND p.org = o.org"
				     " WHERE o.path >= $1 AND o.path < $2 AND o.state = 0"
				     " AND p.year <= $3 AND p.year > $3 - $4"
				     " AND p.places > 0 AND p.place = p.places - 1"
				     " GROUP BY o.org, o.code, o.name, o.path HAVING count(*) >= $4"
				     " ORDER BY o.path LIMIT 2000");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, last);
	db_bind_int(q, 4, years);
	return store_rows(tx, q, &past_low_rows, arena, ret_low, ret_n);
}

static void read_past_campaign(struct db_stmt *q, struct arena *arena, void *row)
{
	struct past_campaign *c = row;
	*c = (struct past_campaign){db_col_int(q, 0), (int)db_col_int(q, 1),
				    db_col_dup(q, 2, arena)};
}

static const struct rows_kind past_campaign_rows =
	{ROWS_ANSWER, sizeof(struct past_campaign), read_past_campaign};

int store_past_campaigns(struct db_tx *tx, int64_t org, struct arena *arena,
			 struct past_campaign **ret_campaigns, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT c.campaign, c.year, c.title FROM campaign_org o"
				     " JOIN campaign c ON c.region = o.campaign / 10000000"
				     " AND c.campaign = o.campaign WHERE o.org = $1"
				     " AND o.region = $2 AND o.category >= 0 AND c.state = 0"
				     " AND c.kind <> 1 ORDER BY c.year DESC, c.campaign DESC LIMIT 50");
	db_bind_int(q, 1, org);
	db_bind_int(q, 2, id_region(org));
	return store_rows(tx, q, &past_campaign_rows, arena, ret_campaigns, ret_n);
}
