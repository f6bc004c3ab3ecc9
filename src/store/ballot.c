/* SPDX-License-Identifier: Apache-2.0 */
#include "store/ballot.h"

#include <assert.h>
#include <string.h>

#include "store/id.h"
#include "store/org.h"
#include "store/org_in.h"

/* Where a blob has another length the row is not ours: zeros then. */
static void copy_blob(struct db_stmt *q, int column, unsigned char *out, size_t len)
{
	struct str blob = db_col_blob(q, column);
	memset(out, 0, len);
	if (blob.len == len)
		memcpy(out, blob.data, len);
}

/* ---- boxes ---- */

#define BOX_COLUMNS \
	"b.box, b.node, b.campaign, b.title, b.state, b.opens_ms, b.closes_ms, b.started_ms," \
	" b.closed_ms, b.counted_ms, b.public_key, b.fingerprint, b.kdf_passes, b.kdf_kib," \
	" b.opened_by, b.reason, b.again, o.name, c.title, k.case_id"
#define BOX_JOINS \
	" LEFT JOIN campaign c ON c.region = b.campaign / 10000000 AND c.campaign = b.campaign" \
	" LEFT JOIN ballot_case k ON k.region = b.region AND k.box = b.box"

static void read_box(struct db_stmt *q, struct arena *arena, void *row)
{
	struct ballot_box *box = row;
	*box = (struct ballot_box){
		.id = db_col_int(q, 0), .node = db_col_int(q, 1), .campaign = db_col_int(q, 2),
		.title = db_col_dup(q, 3, arena), .state = (enum box_state)db_col_int(q, 4),
		.opens_ms = db_col_int(q, 5), .closes_ms = db_col_int(q, 6),
		.started_ms = db_col_int(q, 7), .closed_ms = db_col_int(q, 8),
		.counted_ms = db_col_int(q, 9), .has_key = db_col_blob(q, 10).len == BALLOT_KEY_LEN,
		.fingerprint = db_col_dup(q, 11, arena), .kdf_passes = db_col_int(q, 12),
		.kdf_kib = db_col_int(q, 13), .opened_by = db_col_dup(q, 14, arena),
		.reason = db_col_dup(q, 15, arena), .again = db_col_int(q, 16),
		.node_name = db_col_dup(q, 17, arena), .campaign_title = db_col_dup(q, 18, arena),
		.case_id = db_col_int(q, 19),
	};
	if (!box->campaign_title)
		box->campaign_title = "";
	copy_blob(q, 10, box->public_key, BALLOT_KEY_LEN);
}

static const struct rows_kind box_rows = {ROWS_ANSWER, sizeof(struct ballot_box), read_box};

static void bind_box(struct db_stmt *q, const struct ballot_box *box)
{
	store_bind_id(q, box->id);
	db_bind_text(q, 3, box->title);
	db_bind_int(q, 4, box->state);
	db_bind_int(q, 5, box->opens_ms);
	db_bind_int(q, 6, box->closes_ms);
	db_bind_int(q, 7, box->started_ms);
	db_bind_int(q, 8, box->closed_ms);
	db_bind_int(q, 9, box->counted_ms);
	db_bind_blob(q, 10, box->public_key, box->has_key ? BALLOT_KEY_LEN : 0);
	db_bind_text(q, 11, box->fingerprint ? box->fingerprint : "");
	db_bind_int(q, 12, box->kdf_passes);
	db_bind_int(q, 13, box->kdf_kib);
	db_bind_text(q, 14, box->opened_by ? box->opened_by : "");
	db_bind_text(q, 15, box->reason ? box->reason : "");
	db_bind_int(q, 16, box->again);
}

int store_box_insert(struct db_tx *tx, struct ballot_box *box)
{
	int r = id_next(tx, id_region(box->node), ID_BALLOT, &box->id);
	if (r < 0)
		return r;
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_box (region, box, title, state, opens_ms,"
				     " closes_ms, started_ms, closed_ms, counted_ms, public_key,"
				     " fingerprint, kdf_passes, kdf_kib, opened_by, reason, again,"
				     " node, campaign) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
				     " $11, $12, $13, $14, $15, $16, $17, $18)");
	bind_box(q, box);
	db_bind_int(q, 17, box->node);
	db_bind_int(q, 18, box->campaign);
	return store_run(q);
}

int store_box_update(struct db_tx *tx, const struct ballot_box *box)
{
	struct db_stmt *q = db_query(tx, "UPDATE ballot_box SET title = $3, state = $4, opens_ms = $5,"
				     " closes_ms = $6, started_ms = $7, closed_ms = $8, counted_ms = $9,"
				     " public_key = $10, fingerprint = $11, kdf_passes = $12,"
				     " kdf_kib = $13, opened_by = $14, reason = $15, again = $16"
				     " WHERE region = $1 AND box = $2");
	bind_box(q, box);
	return store_run(q);
}

int store_box_get(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_box *ret_box)
{
	struct db_stmt *q = db_query(tx, "SELECT " BOX_COLUMNS " FROM ballot_box b LEFT JOIN org o"
				     " ON o.region = b.node / 10000000 AND o.org = b.node" BOX_JOINS
				     " WHERE b.region = $1 AND b.box = $2");
	store_bind_id(q, id);
	return store_row(tx, q, &box_rows, arena, ret_box);
}

int store_box_list(struct db_tx *tx, const char *path, int64_t campaign, int limit,
		   struct arena *arena, struct ballot_box **ret_boxes, int *ret_n)
{
	char end[ORG_PATH_MAX];
	assert(limit > 0 && limit <= 1000);
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT " BOX_COLUMNS " FROM org o JOIN ballot_box b"
				     " ON b.node = o.org" BOX_JOINS " WHERE o.path >= $1 AND o.path < $2"
				     " AND ($3 = 0 OR b.campaign = $3)"
				     " ORDER BY b.closes_ms DESC, b.box DESC LIMIT $4");
	db_bind_text(q, 1, path);
	db_bind_text(q, 2, end);
	db_bind_int(q, 3, campaign);
	db_bind_int(q, 4, limit);
	return store_rows(tx, q, &box_rows, arena, ret_boxes, ret_n);
}

int store_boxes_waiting(struct db_tx *tx, int64_t campaign, int64_t org, enum voters voters,
			int64_t *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM ballot_box b JOIN ballot_item i"
				     " ON i.region = b.region AND i.box = b.box"
				     " WHERE b.campaign = $1 AND b.state < $2 AND i.kind = $3 AND i.org = $4"
				     " AND ($5 = $6 OR EXISTS (SELECT 1 FROM ballot_class c"
				     " WHERE c.region = b.region AND c.box = b.box AND c.class = $5))");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, BOX_COUNTED);
	db_bind_int(q, 3, ITEM_ORG);
	db_bind_int(q, 4, org);
	db_bind_int(q, 5, voters);
	db_bind_int(q, 6, VOTERS_COUNT);
	return store_number(q, ret_n);
}

/* ---- what is asked ---- */

int store_item_add(struct db_tx *tx, int64_t box, const struct ballot_item *item)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_item (region, box, kind, n, org, label, note)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7)");
	store_bind_id(q, box);
	db_bind_int(q, 3, item->kind);
	db_bind_int(q, 4, item->n);
	db_bind_int(q, 5, item->org);
	db_bind_text(q, 6, item->label);
	db_bind_text(q, 7, item->note ? item->note : "");
	return store_run(q);
}

static void read_ballot_item(struct db_stmt *q, struct arena *arena, void *row)
{
	struct ballot_item *item = row;
	*item = (struct ballot_item){(enum ballot_item_kind)db_col_int(q, 0),
				     (int)db_col_int(q, 1), db_col_int(q, 2),
				     db_col_dup(q, 3, arena), db_col_dup(q, 4, arena)};
}

static const struct rows_kind ballot_item_rows =
	{ROWS_ANSWER, sizeof(struct ballot_item), read_ballot_item};

int store_item_list(struct db_tx *tx, int64_t box, struct arena *arena,
		    struct ballot_item **ret_items, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT kind, n, org, label, note FROM ballot_item"
				     " WHERE region = $1 AND box = $2 ORDER BY kind, n");
	store_bind_id(q, box);
	return store_rows(tx, q, &ballot_item_rows, arena, ret_items, ret_n);
}

/* ---- classes ---- */

int store_class_put(struct db_tx *tx, int64_t box, enum voters class,
		    const struct ballot_figures *f)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_class (region, box, class, head, present,"
				     " printed, unreturned, spent, voided, exchanged, sheets)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
				     " ON CONFLICT (region, box, class) DO UPDATE SET head = excluded.head,"
				     " present = excluded.present, printed = excluded.printed,"
				     " unreturned = excluded.unreturned, spent = excluded.spent,"
				     " voided = excluded.voided, exchanged = excluded.exchanged,"
				     " sheets = excluded.sheets");
	store_bind_id(q, box);
	db_bind_int(q, 3, class);
	db_bind_int(q, 4, f->head);
	db_bind_int(q, 5, f->present);
	db_bind_int(q, 6, f->printed);
	db_bind_int(q, 7, f->by_state[SLIP_ACTIVE]);
	db_bind_int(q, 8, f->by_state[SLIP_SPENT]);
	db_bind_int(q, 9, f->by_state[SLIP_VOIDED]);
	db_bind_int(q, 10, f->by_state[SLIP_EXCHANGED]);
	db_bind_int(q, 11, f->sheets);
	return store_run(q);
}

static int count_slips(struct db_tx *tx, int64_t box, struct ballot_figures figures[VOTERS_COUNT])
{
	int r;
	for (int c = 0; c < VOTERS_COUNT; c++)
		memset(figures[c].by_state, 0, sizeof(figures[c].by_state));
	struct db_stmt *q = db_query(tx, "SELECT class, state, count(*) FROM ballot_slip"
				     " WHERE region = $1 AND box = $2 GROUP BY class, state");
	store_bind_id(q, box);
	while ((r = db_step(q)) > 0) {
		int64_t class = db_col_int(q, 0), state = db_col_int(q, 1);
		if (class >= 0 && class < VOTERS_COUNT && state >= 0 && state < SLIP_STATE_COUNT)
			figures[class].by_state[state] = db_col_int(q, 2);
	}
	return r;
}

int store_class_list(struct db_tx *tx, int64_t box, bool slips_gone,
		     struct ballot_figures ret_figures[VOTERS_COUNT], bool ret_there[VOTERS_COUNT])
{
	int r;
	memset(ret_figures, 0, VOTERS_COUNT * sizeof(*ret_figures));
	memset(ret_there, 0, VOTERS_COUNT * sizeof(*ret_there));
	struct db_stmt *q = db_query(tx, "SELECT class, head, present, printed, unreturned, spent, voided,"
				     " exchanged, sheets FROM ballot_class WHERE region = $1 AND box = $2");
	store_bind_id(q, box);
	while ((r = db_step(q)) > 0) {
		int64_t class = db_col_int(q, 0);
		if (class < 0 || class >= VOTERS_COUNT)
			continue;
		struct ballot_figures *f = &ret_figures[class];
		*f = (struct ballot_figures){.head = db_col_int(q, 1), .present = db_col_int(q, 2),
					     .printed = db_col_int(q, 3), .sheets = db_col_int(q, 8)};
		f->by_state[SLIP_ACTIVE] = db_col_int(q, 4);
		f->by_state[SLIP_SPENT] = db_col_int(q, 5);
		f->by_state[SLIP_VOIDED] = db_col_int(q, 6);
		f->by_state[SLIP_EXCHANGED] = db_col_int(q, 7);
		ret_there[class] = true;
	}
	if (r < 0)
		return r;
	return slips_gone ? 0 : count_slips(tx, box, ret_figures);
}

/* ---- counters and keys ---- */

int store_counter_add(struct db_tx *tx, int64_t box, const struct ballot_counter *counter)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_counter (region, box, n, name, salt)"
				     " VALUES ($1, $2, $3, $4, $5)");
	store_bind_id(q, box);
	db_bind_int(q, 3, counter->n);
	db_bind_text(q, 4, counter->name);
	db_bind_blob(q, 5, counter->salt, BALLOT_SALT_LEN);
	return store_run(q);
}

int store_counter_list(struct db_tx *tx, int64_t box, struct arena *arena,
		       struct ballot_counter ret_counters[BALLOT_COUNTERS_MAX], int *ret_n)
{
	int n = 0, r;
	struct db_stmt *q = db_query(tx, "SELECT n, name, salt FROM ballot_counter"
				     " WHERE region = $1 AND box = $2 ORDER BY n");
	store_bind_id(q, box);
	while ((r = db_step(q)) > 0) {
		if (n == BALLOT_COUNTERS_MAX)
			continue;
		ret_counters[n] = (struct ballot_counter){.n = (int)db_col_int(q, 0),
							  .name = db_col_dup(q, 1, arena)};
		copy_blob(q, 2, ret_counters[n].salt, BALLOT_SALT_LEN);
		n++;
	}
	if (r == 0)
		*ret_n = n;
	return r;
}

int store_wrap_add(struct db_tx *tx, int64_t box, const struct ballot_wrap *wrap)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_wrap (region, box, a, b, sealed)"
				     " VALUES ($1, $2, $3, $4, $5)");
	store_bind_id(q, box);
	db_bind_int(q, 3, wrap->a);
	db_bind_int(q, 4, wrap->b);
	db_bind_blob(q, 5, wrap->sealed, BALLOT_WRAP_LEN);
	return store_run(q);
}

int store_wrap_get(struct db_tx *tx, int64_t box, int a, int b, struct ballot_wrap *ret_wrap)
{
	struct db_stmt *q = db_query(tx, "SELECT sealed FROM ballot_wrap WHERE region = $1 AND box = $2"
				     " AND a = $3 AND b = $4");
	store_bind_id(q, box);
	db_bind_int(q, 3, a);
	db_bind_int(q, 4, b);
	int r = db_step(q);
	if (r <= 0)
		return r;
	*ret_wrap = (struct ballot_wrap){.a = a, .b = b};
	copy_blob(q, 0, ret_wrap->sealed, BALLOT_WRAP_LEN);
	db_finish(q);
	return 1;
}

/* ---- paper and counts ---- */

int store_paper_put(struct db_tx *tx, int64_t box, const struct ballot_paper *paper)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_paper (region, box, class, counter, sealed)"
				     " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (region, box, class, counter)"
				     " DO UPDATE SET sealed = excluded.sealed");
	store_bind_id(q, box);
	db_bind_int(q, 3, paper->class);
	db_bind_int(q, 4, paper->counter);
	db_bind_blob(q, 5, paper->sealed.data, paper->sealed.len);
	return store_run(q);
}

int store_paper_list(struct db_tx *tx, int64_t box, struct arena *arena,
		     struct ballot_paper **ret_papers, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	struct db_stmt *q = db_query(tx, "SELECT class, counter, sealed FROM ballot_paper"
				     " WHERE region = $1 AND box = $2 ORDER BY class, counter");
	store_bind_id(q, box);
	while ((r = db_step(q)) > 0) {
		struct ballot_paper *paper = org_rows_add(tx, &rows, arena, sizeof(*paper));
		struct str sealed = db_col_blob(q, 2);
		const char *copy = paper ? arena_strndup(arena, sealed.data, sealed.len) : NULL;
		if (!copy)
			return db_doom_nomem(tx);
		*paper = (struct ballot_paper){(enum voters)db_col_int(q, 0), (int)db_col_int(q, 1),
					       {copy, sealed.len}};
	}
	if (r < 0)
		return r;
	*ret_papers = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_count_add(struct db_tx *tx, int64_t box, const struct ballot_count *count)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO ballot_count (region, box, org, question, class,"
				     " option, count) VALUES ($1, $2, $3, $4, $5, $6, $7)");
	store_bind_id(q, box);
	db_bind_int(q, 3, count->org);
	db_bind_int(q, 4, count->question);
	db_bind_int(q, 5, count->class);
	db_bind_int(q, 6, count->option);
	db_bind_int(q, 7, count->count);
	return store_run(q);
}

static void read_ballot_count(struct db_stmt *q, struct arena *arena, void *row)
{
	struct ballot_count *count = row;
	(void)arena;
	*count = (struct ballot_count){(int)db_col_int(q, 0), (int)db_col_int(q, 1),
				       (enum voters)db_col_int(q, 2), (int)db_col_int(q, 3),
				       db_col_int(q, 4)};
}

static const struct rows_kind ballot_count_rows =
	{ROWS_ANSWER, sizeof(struct ballot_count), read_ballot_count};

int store_count_list(struct db_tx *tx, int64_t box, struct arena *arena,
		     struct ballot_count **ret_counts, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, question, class, option, count FROM ballot_count"
				     " WHERE region = $1 AND box = $2 ORDER BY org, question, class, option");
	store_bind_id(q, box);
	return store_rows(tx, q, &ballot_count_rows, arena, ret_counts, ret_n);
}

static void read_box_issued(struct db_stmt *q, struct arena *arena, void *row)
{
	struct box_issued *to = row;
	(void)arena;
	*to = (struct box_issued){db_col_int(q, 0), (enum voters)db_col_int(q, 1), db_col_int(q, 2),
				  (int)db_col_int(q, 3)};
}

static const struct rows_kind box_issued_rows =
	{ROWS_ANSWER, sizeof(struct box_issued), read_box_issued};

int store_box_issued(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		     struct box_issued **ret_rows, int *ret_n)
{
	char end[ORG_PATH_MAX];
	store_path_end(path, end);
	struct db_stmt *q = db_query(tx, "SELECT i.org, c.class, c.printed - c.voided,"
				     " (SELECT COUNT(*) FROM ballot_item x WHERE x.region = b.region"
				     " AND x.box = b.box AND x.kind = i.kind)"
				     " FROM ballot_box b JOIN ballot_item i ON i.region = b.region AND i.box = b.box"
				     " AND i.kind = $3 JOIN ballot_class c ON c.region = b.region AND c.box = b.box"
				     " JOIN campaign_org o ON o.campaign = b.campaign AND o.org = i.org"
				     " WHERE b.campaign = $1 AND b.state = $2 AND o.path >= $4 AND o.path < $5"
				     " ORDER BY i.org, b.counted_ms, b.box, c.class");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, BOX_COUNTED);
	db_bind_int(q, 3, ITEM_ORG);
	db_bind_text(q, 4, path);
	db_bind_text(q, 5, end);
	return store_rows(tx, q, &box_issued_rows, arena, ret_rows, ret_n);
}
