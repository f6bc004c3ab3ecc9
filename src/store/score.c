/* SPDX-License-Identifier: Apache-2.0 */
#include "store/score.h"

#include <assert.h>

#include "base/buf.h"
#include "store/id.h"
#include "store/org_in.h"

/* ---- cells in one text ---- */

const char *score_cell(const struct score_sheet *sheet, int leaf)
{
	return leaf >= 0 && leaf < sheet->n ? sheet->cells[leaf] : "";
}

static int split_cells(struct db_tx *tx, struct str text, struct arena *arena,
		       struct score_sheet *sheet)
{
	int n = 1;
	char *copy = arena_strndup(arena, text.data ? text.data : "", text.len);
	for (size_t i = 0; copy && i < text.len; i++)
		n += copy[i] == '\t';
	if (n > SCORE_CELLS_MAX)
		n = SCORE_CELLS_MAX;
	const char **cells = arena_zalloc(arena, (size_t)n, sizeof(*cells));
	if (!copy || !cells)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		cells[i] = copy;
		copy += strcspn(copy, "\t");
		if (*copy)
			*copy++ = '\0';
	}
	sheet->cells = cells;
	sheet->n = n;
	return 0;
}

static void join_cells(const struct score_sheet *sheet, struct buf *out)
{
	int last = sheet->n;
	while (last && !*sheet->cells[last - 1])
		last--;
	for (int i = 0; i < last; i++) {
		if (i)
			buf_addc(out, '\t');
		buf_adds(out, sheet->cells[i]);
	}
}

/* ---- sheets ---- */

static int read_sheet(struct db_tx *tx, struct db_stmt *q, struct arena *arena,
		      struct score_sheet *sheet)
{
	*sheet = (struct score_sheet){
		.org = db_col_int(q, 0), .source = (int)db_col_int(q, 1), .rater = db_col_int(q, 2),
		.version = db_col_int(q, 4), .saved_ms = db_col_int(q, 5),
	};
	return split_cells(tx, db_col_str(q, 3), arena, sheet);
}

#define SHEET_COLS "s.org, s.source, s.rater, s.cells, s.version, s.saved_ms"

/* What db_recall keeps of a sheet of an organisation and a rater. */
struct known_score {
	bool asked;
	int64_t campaign;
	int source;
	struct score_sheet sheet;
	bool changed[SCORE_CELLS_MAX];
};
static const size_t score_known = sizeof(struct known_score);

static struct known_score *known_of(struct db_tx *tx, const struct score_key *key)
{
	struct known_score *known = db_recall(tx, &score_known, key->org, key->rater);
	bool other = known && known->asked && (known->campaign != key->campaign || known->source != key->source);
	return other ? NULL : known;
}

static void bind_batch(struct db_stmt *q, const struct score_key *key, const struct campaign_org *orgs, int n)
{
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_int(q, i + 1, i < n ? orgs[i].id : 0);
	db_bind_int(q, 50, key->campaign);
	db_bind_int(q, 51, key->source);
	db_bind_int(q, 52, key->rater);
}

static int know_scores(struct db_tx *tx, struct score_key key, const struct campaign_org *orgs, int n)
{
	struct known_score *known;
	int r;
	for (int i = 0; i < n; i++) {
		key.org = orgs[i].id;
		if (!(known = known_of(tx, &key)))
			continue;
		known->asked = true;
		known->campaign = key.campaign;
		known->source = key.source;
		known->sheet = (struct score_sheet){.org = key.org, .source = key.source, .rater = key.rater};
	}
	struct db_stmt *q = db_query(tx, "SELECT " SHEET_COLS " FROM " ORGS_GIVEN " JOIN score_sheet s"
				     " ON s.region = given.column1 / 10000000 AND s.campaign = $50"
				     " AND s.org = given.column1 AND s.source = $51 AND s.rater = $52");
	bind_batch(q, &key, orgs, n);
	while ((r = db_step(q)) > 0) {
		key.org = db_col_int(q, 0);
		if ((known = known_of(tx, &key)) &&
		    (r = read_sheet(tx, q, db_recall_arena(tx), &known->sheet)) < 0)
			return r;
	}
	if (r < 0)
		return r;
	q = db_query(tx, "SELECT c.org, c.leaf FROM " ORGS_GIVEN " JOIN score_change c"
		     " ON c.region = given.column1 / 10000000 AND c.campaign = $50 AND c.org = given.column1"
		     " AND c.source = $51 AND c.rater = $52 AND c.change = 2");
	bind_batch(q, &key, orgs, n);
	while ((r = db_step(q)) > 0) {
		int64_t leaf = db_col_int(q, 1);
		key.org = db_col_int(q, 0);
		if (leaf >= 0 && leaf < SCORE_CELLS_MAX && (known = known_of(tx, &key)))
			known->changed[leaf] = true;
	}
	return r;
}

int store_scores_know(struct db_tx *tx, const struct score_key *key, const struct campaign_org *orgs, int n)
{
	int r = 0;
	for (int i = 0; r == 0 && db_recall_arena(tx) && i < n; i += ORGS_BATCH)
		r = know_scores(tx, *key, orgs + i, n - i < ORGS_BATCH ? n - i : ORGS_BATCH);
	return r;
}

int store_score_get(struct db_tx *tx, const struct score_key *key, struct arena *arena,
		    struct score_sheet *ret_sheet)
{
	const struct known_score *known = known_of(tx, key);
	if (known && known->asked) {
		*ret_sheet = known->sheet;
		return 0;
	}
	struct score_sheet sheet = {.org = key->org, .source = key->source, .rater = key->rater};
	struct db_stmt *q = db_query(tx, "SELECT " SHEET_COLS " FROM score_sheet s WHERE s.region = $1"
				     " AND s.campaign = $2 AND s.org = $3 AND s.source = $4"
				     " AND s.rater = $5");
	store_bind_key(q, key->campaign, key->org);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	int r = db_step(q);
	if (r > 0) {
		r = read_sheet(tx, q, arena, &sheet);
		db_finish(q);
	}
	if (r < 0)
		return r;
	*ret_sheet = sheet;
	return 0;
}

static int write_sheet(struct db_tx *tx, const struct score_key *key,
		       const struct score_sheet *sheet, int64_t account)
{
	AUTO(buf) struct buf cells = {0};
	join_cells(sheet, &cells);
	if (cells.failed)
		return db_doom_nomem(tx);
	struct db_stmt *q = db_query(tx, "INSERT INTO score_sheet (region, campaign, org, source, rater,"
				     " cells, version, account, saved_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
				     " ON CONFLICT (region, campaign, org, source, rater) DO UPDATE SET"
				     " cells = excluded.cells, version = excluded.version,"
				     " account = excluded.account, saved_ms = excluded.saved_ms");
	store_bind_key(q, key->campaign, key->org);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	db_bind_text(q, 6, buf_str(&cells));
	db_bind_int(q, 7, sheet->version);
	db_bind_int(q, 8, account);
	db_bind_int(q, 9, sheet->saved_ms);
	return db_later(q);
}

static void read_last(struct db_stmt *q, struct arena *arena, void *row)
{
	(void)arena;
	*(struct score_last *)row = (struct score_last){db_col_int(q, 0), (int)db_col_int(q, 1),
							db_col_int(q, 2)};
}

static const struct rows_kind last_rows = {ROWS_ANSWER, sizeof(struct score_last), read_last};

static int last_changes(struct db_tx *tx, const struct score_key *key, struct arena *arena,
			struct score_last **ret_lasts, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT org, leaf, max(change) FROM score_change"
				     " WHERE region = $1 AND campaign = $2 AND org = $3"
				     " AND source = $4 AND rater = $5 GROUP BY org, leaf");
	store_bind_key(q, key->campaign, key->org);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	return store_rows(tx, q, &last_rows, arena, ret_lasts, ret_n);
}

int store_score_lasts_below(struct db_tx *tx, const struct score_key *key, const char *path,
			    struct arena *arena, struct score_last **ret_lasts, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT c.org, c.leaf, max(c.change) FROM campaign_org o"
				     " JOIN score_change c ON c.region = o.region"
				     " AND c.campaign = o.campaign AND c.org = o.org"
				     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " AND c.source = $4 AND c.rater = $5 GROUP BY c.org, c.leaf ORDER BY c.org");
	store_bind_below(q, key->campaign, path, end);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	return store_rows(tx, q, &last_rows, arena, ret_lasts, ret_n);
}

static int add_change(struct db_tx *tx, const struct score_key *key, int leaf, int64_t change,
		      const char *before, const char *after, int64_t account, int64_t now_ms)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO score_change (region, campaign, org, source,"
				     " rater, leaf, change, before, after, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
	store_bind_key(q, key->campaign, key->org);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	db_bind_int(q, 6, leaf);
	db_bind_int(q, 7, change);
	db_bind_text(q, 8, before);
	db_bind_text(q, 9, after);
	db_bind_int(q, 10, account);
	db_bind_int(q, 11, now_ms);
	return db_later(q);
}

/* Room for every cell that is written. */
static int widen(struct db_tx *tx, struct score_sheet *sheet, int n, struct arena *arena)
{
	const char **cells = arena_zalloc(arena, (size_t)n + 1, sizeof(*cells));
	if (!cells)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		cells[i] = score_cell(sheet, i);
	sheet->cells = cells;
	sheet->n = n;
	return 0;
}

/* 0: it was never changed. */
static int64_t last_of(const struct score_was *was, int leaf)
{
	for (int i = 0; i < was->n_lasts; i++)
		if (was->lasts[i].leaf == leaf)
			return was->lasts[i].change;
	return 0;
}

int store_score_change(struct db_tx *tx, const struct score_key *key, const struct score_was *was,
		       struct score_edit *edits, int n, int64_t account, int64_t now_ms,
		       struct arena *arena, struct score_sheet *ret_sheet, int *ret_changed)
{
	struct score_sheet sheet = was->sheet;
	int changed = 0, width = sheet.n, r;
	for (int i = 0; i < n; i++) {
		assert(edits[i].leaf >= 0 && edits[i].leaf < SCORE_CELLS_MAX);
		width = edits[i].leaf + 1 > width ? edits[i].leaf + 1 : width;
	}
	if ((r = widen(tx, &sheet, width, arena)) < 0)
		return r;
	assert(sheet.cells);
	int64_t *changes = arena_zalloc(arena, (size_t)width + 1, sizeof(*changes));
	if (!changes)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++) {
		struct score_edit *e = &edits[i];
		const char *now = sheet.cells[e->leaf];
		e->conflict = false;
		if (strcmp(now, e->value) == 0)
			continue;
		if (e->seen && strcmp(now, e->seen) != 0) {
			e->conflict = true;
			continue;
		}
		if (!changes[e->leaf])
			changes[e->leaf] = last_of(was, e->leaf);
		if ((r = add_change(tx, key, e->leaf, ++changes[e->leaf], now, e->value, account, now_ms)) < 0)
			return r;
		sheet.cells[e->leaf] = e->value;
		changed++;
	}
	if (changed) {
		sheet.version++;
		sheet.saved_ms = now_ms;
		if ((r = write_sheet(tx, key, &sheet, account)) < 0)
			return r;
	}
	*ret_sheet = sheet;
	*ret_changed = changed;
	return 0;
}

int store_score_save(struct db_tx *tx, const struct score_key *key, struct score_edit *edits, int n,
		     int64_t account, int64_t now_ms, struct arena *arena,
		     struct score_sheet *ret_sheet, int *ret_changed)
{
	struct score_was was = {0};
	struct score_last *lasts = NULL;
	int r = store_score_get(tx, key, arena, &was.sheet);
	if (r == 0)
		r = last_changes(tx, key, arena, &lasts, &was.n_lasts);
	was.lasts = lasts;
	return r < 0 ? r : store_score_change(tx, key, &was, edits, n, account, now_ms, arena, ret_sheet,
					      ret_changed);
}

int store_score_each(struct db_tx *tx, int64_t campaign, const char *path,
		     int (*each)(void *arg, const struct score_sheet *sheet), void *arg)
{
	char end[ORG_PATH_MAX];
	int r;

	struct db_stmt *q = db_stream(tx, "SELECT " SHEET_COLS " FROM campaign_org o"
				      " JOIN score_sheet s ON s.region = o.region"
				      " AND s.campaign = o.campaign AND s.org = o.org"
				      " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				      " ORDER BY o.path, s.source, s.rater");
	store_bind_below(q, campaign, path, end);
	while ((r = db_step(q)) > 0) {
		AUTO(arena) struct arena arena = {0};
		struct score_sheet sheet;
		if ((r = read_sheet(tx, q, &arena, &sheet)) < 0 || (r = each(arg, &sheet)) < 0)
			break;
	}
	if (r < 0)
		db_finish(q);
	return r;
}

static int read_sheets(struct db_tx *tx, struct db_stmt *q, struct arena *arena,
		       struct score_sheet **ret_sheets, int *ret_n)
{
	struct org_rows rows = {0};
	int r;
	while ((r = db_step(q)) > 0) {
		struct score_sheet *sheet = org_rows_add(tx, &rows, arena, sizeof(*sheet));
		if (!sheet)
			return ERR_NOMEM;
		if ((r = read_sheet(tx, q, arena, sheet)) < 0)
			return r;
	}
	if (r < 0)
		return r;
	*ret_sheets = rows.data;
	*ret_n = rows.n;
	return 0;
}

int store_score_list(struct db_tx *tx, int64_t campaign, int64_t org, int source,
		     struct arena *arena, struct score_sheet **ret_sheets, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " SHEET_COLS " FROM score_sheet s WHERE s.region = $1"
				     " AND s.campaign = $2 AND s.org = $3"
				     " AND ($4 < 0 OR s.source = $4) ORDER BY s.source, s.rater");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, source);
	return read_sheets(tx, q, arena, ret_sheets, ret_n);
}

int store_score_below(struct db_tx *tx, const struct score_key *key, const char *path, struct arena *arena,
		      struct score_sheet **ret_sheets, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " SHEET_COLS " FROM campaign_org o"
				     " JOIN score_sheet s ON s.region = o.region"
				     " AND s.campaign = o.campaign AND s.org = o.org"
				     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " AND s.source = $4 AND s.rater = $5 ORDER BY s.org");
	store_bind_below(q, key->campaign, path, end);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	return read_sheets(tx, q, arena, ret_sheets, ret_n);
}

/* ---- history ---- */

static void read_score_change(struct db_stmt *q, struct arena *arena, void *row)
{
	struct score_change *c = row;
	*c = (struct score_change){
		.before = db_col_dup(q, 0, arena), .after = db_col_dup(q, 1, arena),
		.account = db_col_int(q, 2), .account_label = db_col_dup(q, 3, arena),
		.at_ms = db_col_int(q, 4), .leaf = (int)db_col_int(q, 5),
	};
}

static const struct rows_kind score_change_rows =
	{ROWS_ANSWER, sizeof(struct score_change), read_score_change};

int store_score_history(struct db_tx *tx, const struct score_key *key, int leaf,
			struct arena *arena, struct score_change **ret_changes, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT s.before, s.after, s.account, coalesce(a.label, ''),"
				     " s.at_ms, s.leaf FROM score_change s LEFT JOIN account a"
				     " ON a.region = s.account / 10000000 AND a.account = s.account"
				     " WHERE s.region = $1 AND s.campaign = $2 AND s.org = $3"
				     " AND s.source = $4 AND s.rater = $5"
				     " AND ($6 < 0 OR s.leaf = $6)"
				     " ORDER BY s.at_ms DESC, s.change DESC, s.leaf LIMIT 200");
	_Static_assert(SCORE_HISTORY_MAX == 200, "the query's LIMIT");
	store_bind_key(q, key->campaign, key->org);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	db_bind_int(q, 6, leaf);
	return store_rows(tx, q, &score_change_rows, arena, ret_changes, ret_n);
}

int store_score_changed(struct db_tx *tx, const struct score_key *key,
			bool ret_changed[SCORE_CELLS_MAX])
{
	int r;
	const struct known_score *known = known_of(tx, key);
	if (known && known->asked) {
		memcpy(ret_changed, known->changed, sizeof(known->changed));
		return 0;
	}
	memset(ret_changed, 0, SCORE_CELLS_MAX * sizeof(*ret_changed));
	struct db_stmt *q = db_query(tx, "SELECT leaf FROM score_change WHERE region = $1"
				     " AND campaign = $2 AND org = $3 AND source = $4 AND rater = $5"
				     " AND change = 2");
	store_bind_key(q, key->campaign, key->org);
	db_bind_int(q, 4, key->source);
	db_bind_int(q, 5, key->rater);
	while ((r = db_step(q)) > 0) {
		int64_t leaf = db_col_int(q, 0);
		if (leaf >= 0 && leaf < SCORE_CELLS_MAX)
			ret_changed[leaf] = true;
	}
	return r;
}
