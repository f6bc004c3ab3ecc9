/* SPDX-License-Identifier: Apache-2.0 */
#include "store/count.h"

#include "base/buf.h"
#include "store/id.h"
#include "store/org_in.h"

static int read_counts(struct str text, int64_t counts[COUNT_CELLS_MAX])
{
	int n = 0;
	for (size_t i = 0; i < text.len && n < COUNT_CELLS_MAX; i++) {
		int64_t value = 0;
		for (; i < text.len && text.data[i] != ','; i++)
			if (text.data[i] >= '0' && text.data[i] <= '9' && value < INT64_MAX / 16)
				value = value * 10 + (text.data[i] - '0');
		counts[n++] = value;
	}
	return n;
}

#define ENTRY_COLS "c.counts, c.counters, c.account, c.at_ms, coalesce(a.label, '')"
#define ENTRY_NAMES " LEFT JOIN account a ON a.region = c.account / 10000000 AND a.account = c.account"

static void read_entry(struct db_stmt *q, struct arena *arena, struct count_entry *entry)
{
	entry->n = read_counts(db_col_str(q, 0), entry->counts);
	entry->counters = db_col_dup(q, 1, arena);
	entry->account = db_col_int(q, 2);
	entry->at_ms = db_col_int(q, 3);
	entry->account_label = db_col_dup(q, 4, arena);
}

int store_count_get(struct db_tx *tx, int64_t campaign, int64_t org, int slot, struct arena *arena,
		    struct count_entry *ret_entry)
{
	*ret_entry = (struct count_entry){.counters = "", .account_label = ""};
	struct db_stmt *q = db_query(tx, "SELECT " ENTRY_COLS " FROM count_entry c" ENTRY_NAMES
				     " WHERE c.region = $1 AND c.campaign = $2 AND c.org = $3"
				     " AND c.slot = $4");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, slot);
	int r = db_step(q);
	if (r <= 0)
		return r;
	read_entry(q, arena, ret_entry);
	db_finish(q);
	return db_error(tx, NULL);
}

int store_count_each(struct db_tx *tx, int64_t campaign, const char *path,
		     void (*each)(void *arg, int64_t org, int slot, const struct count_entry *entry), void *arg)
{
	char end[ORG_PATH_MAX];
	int r;
	struct db_stmt *q = db_query(tx, "SELECT " ENTRY_COLS ", c.org, c.slot FROM campaign_org o"
				     " JOIN count_entry c ON c.region = o.region AND c.campaign = o.campaign"
				     " AND c.org = o.org" ENTRY_NAMES " WHERE o.campaign = $1"
				     " AND o.path >= $2 AND o.path < $3 ORDER BY c.org, c.slot");
	store_bind_below(q, campaign, path, end);
	while ((r = db_step(q)) > 0) {
		AUTO(arena) struct arena arena = {0};
		struct count_entry entry = {0};
		read_entry(q, &arena, &entry);
		each(arg, db_col_int(q, 5), (int)db_col_int(q, 6), &entry);
	}
	return r;
}

int store_count_put(struct db_tx *tx, int64_t campaign, int64_t org, int slot,
		    const struct count_entry *entry)
{
	AUTO(buf) struct buf text = {0};
	for (int i = 0; i < entry->n; i++)
		buf_addf(&text, "%s%lld", i ? "," : "", (long long)entry->counts[i]);
	if (text.failed)
		return db_doom_nomem(tx);
	struct db_stmt *q = db_query(tx, "INSERT INTO count_entry (region, campaign, org, slot, counts,"
				     " counters, account, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
				     " ON CONFLICT (region, campaign, org, slot) DO UPDATE SET"
				     " counts = excluded.counts, counters = excluded.counters,"
				     " account = excluded.account, at_ms = excluded.at_ms");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, slot);
	db_bind_text(q, 5, buf_str(&text));
	db_bind_text(q, 6, entry->counters);
	db_bind_int(q, 7, entry->account);
	db_bind_int(q, 8, entry->at_ms);
	return store_run(q);
}

int store_issued_put(struct db_tx *tx, int64_t campaign, int64_t org, enum voters voters,
		     int64_t issued)
{
	struct db_stmt *q = issued < 0
		? db_query(tx, "DELETE FROM count_issued WHERE region = $1 AND campaign = $2 AND org = $3"
			   " AND voters = $4")
		: db_query(tx, "INSERT INTO count_issued (region, campaign, org, voters, issued)"
			   " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (region, campaign, org, voters)"
			   " DO UPDATE SET issued = excluded.issued");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, voters);
	if (issued >= 0)
		db_bind_int(q, 5, issued);
	return store_run(q);
}

int store_issued_get(struct db_tx *tx, int64_t campaign, int64_t org,
		     int64_t ret_issued[VOTERS_COUNT])
{
	int r;
	for (int v = 0; v < VOTERS_COUNT; v++)
		ret_issued[v] = -1;
	struct db_stmt *q = db_query(tx, "SELECT voters, issued FROM count_issued WHERE region = $1"
				     " AND campaign = $2 AND org = $3");
	store_bind_key(q, campaign, org);
	while ((r = db_step(q)) > 0)
		if (db_col_int(q, 0) >= 0 && db_col_int(q, 0) < VOTERS_COUNT)
			ret_issued[db_col_int(q, 0)] = db_col_int(q, 1);
	return r;
}

static void read_issued(struct db_stmt *q, struct arena *arena, void *row)
{
	(void)arena;
	*(struct paper_issued *)row = (struct paper_issued){
		.org = db_col_int(q, 0), .voters = (int)db_col_int(q, 1), .issued = db_col_int(q, 2)};
}

int store_issued_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		      struct paper_issued **ret_issued, int *ret_n)
{
	static const struct rows_kind rows = {ROWS_ANSWER, sizeof(struct paper_issued), read_issued};
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT i.org, i.voters, i.issued FROM campaign_org o"
				     " JOIN count_issued i ON i.region = o.region AND i.campaign = o.campaign"
				     " AND i.org = o.org WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " ORDER BY i.org, i.voters");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &rows, arena, ret_issued, ret_n);
}
