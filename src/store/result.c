/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of ballots, results and their roll-up, past years. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "store/campaign.h"
#include "store/id.h"
#include "store/org_in.h"
#include "store/schema_part.h"
#include "store/result_in.h"

/* ---- lists of counts: "12,3,0" ---- */

enum { COUNTS_TEXT_MAX = 20 * (SCHEME_OPTIONS_MAX + 1) };

static void counts_write(const int64_t *counts, int n, char out[COUNTS_TEXT_MAX])
{
	size_t len = 0;
	out[0] = '\0';
	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, COUNTS_TEXT_MAX - len, "%s%lld", i ? "," : "",
					(long long)counts[i]);
}

int counts_read(struct str text, int64_t *ret_counts, int max)
{
	int n = 0;
	for (size_t i = 0; i < text.len && n < max; i++) {
		int64_t value = 0;
		for (; i < text.len && text.data[i] != ','; i++)
			if (text.data[i] >= '0' && text.data[i] <= '9' && value < INT64_MAX / 16)
				value = value * 10 + (text.data[i] - '0');
		ret_counts[n++] = value;
	}
	return n;
}

/* ---- counts of ballots ---- */

int store_tally_put(struct db_tx *tx, int64_t campaign, const struct tally *t)
{
	int64_t counts[SCHEME_OPTIONS_MAX + 1];
	char text[COUNTS_TEXT_MAX];

	assert(t->n_options > 0 && t->n_options <= SCHEME_OPTIONS_MAX);
	for (int i = 0; i <= t->n_options; i++)
		counts[i] = t->counts[i];
	counts_write(counts, t->n_options + 1, text);
	struct db_stmt *q = db_query(tx, "INSERT INTO tally (region, campaign, org, voters, question,"
				     " counts, origin, counters, account, at_ms)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
				     " ON CONFLICT (region, campaign, org, voters, question)"
				     " DO UPDATE SET counts = excluded.counts,"
				     " origin = excluded.origin, counters = excluded.counters,"
				     " account = excluded.account, at_ms = excluded.at_ms");
	store_bind_key(q, campaign, t->org);
	db_bind_int(q, 4, t->voters);
	db_bind_int(q, 5, t->question);
	db_bind_text(q, 6, text);
	db_bind_int(q, 7, t->origin);
	db_bind_text(q, 8, t->counters);
	db_bind_int(q, 9, t->account);
	db_bind_int(q, 10, t->at_ms);
	return store_run(q);
}

int store_tally_delete(struct db_tx *tx, int64_t campaign, int64_t org, enum voters voters)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM tally WHERE region = $1 AND campaign = $2"
				     " AND org = $3 AND ($4 = $5 OR voters = $4)");
	store_bind_key(q, campaign, org);
	db_bind_int(q, 4, voters);
	db_bind_int(q, 5, VOTERS_COUNT);
	return store_run(q);
}

#define TALLY_COLS \
	"t.org, t.voters, t.question, t.counts, t.origin, t.counters, t.account, t.at_ms"

static void read_tally(struct db_stmt *q, struct arena *arena, void *row)
{
	struct tally *t = row;
	int64_t counts[SCHEME_OPTIONS_MAX + 1] = {0};
	int n = counts_read(db_col_str(q, 3), counts, SCHEME_OPTIONS_MAX + 1);
	*t = (struct tally){
		.org = db_col_int(q, 0), .voters = (enum voters)db_col_int(q, 1),
		.question = (int)db_col_int(q, 2), .n_options = n ? n - 1 : 0,
		.origin = (enum tally_origin)db_col_int(q, 4),
		.counters = db_col_dup(q, 5, arena), .account = db_col_int(q, 6),
		.at_ms = db_col_int(q, 7),
	};
	for (int i = 0; i < n; i++)
		t->counts[i] = (uint32_t)counts[i];
}

static const struct rows_kind tally_rows = {ROWS_ANSWER, sizeof(struct tally), read_tally};

int store_tally_list(struct db_tx *tx, int64_t campaign, int64_t org, const char *path,
		     struct arena *arena, struct tally **ret_tallies, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q;
	if (org) {
		q = db_query(tx, "SELECT " TALLY_COLS " FROM tally t WHERE t.region = $1"
			     " AND t.campaign = $2 AND t.org = $3 ORDER BY t.voters, t.question");
		store_bind_key(q, campaign, org);
	} else {
		q = db_query(tx, "SELECT " TALLY_COLS " FROM campaign_org o JOIN tally t"
			     " ON t.region = o.region AND t.campaign = o.campaign AND t.org = o.org"
			     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
			     " ORDER BY t.org, t.voters, t.question");
		store_bind_below(q, campaign, path, end);
	}
	return store_rows(tx, q, &tally_rows, arena, ret_tallies, ret_n);
}

int store_tally_of_orgs(struct db_tx *tx, int64_t campaign, const int64_t *orgs, int n,
			struct arena *arena, struct tally **ret_tallies, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " TALLY_COLS " FROM " ORGS_GIVEN " JOIN tally t"
				     " ON t.region = given.column1 / 10000000 AND t.campaign = $50"
				     " AND t.org = given.column1 ORDER BY t.org, t.voters, t.question");
	assert(n <= TALLY_ORGS_MAX);
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_int(q, i + 1, i < n ? orgs[i] : 0);
	db_bind_int(q, 50, campaign);
	return store_rows(tx, q, &tally_rows, arena, ret_tallies, ret_n);
}

enum { FEW_AT = 8 };	/* columns of the tally before them */

static void read_few(struct db_stmt *q, int at, struct arena *arena, struct tally_few *few)
{
	few->org = db_col_int(q, at);
	few->path = db_col_dup(q, at + 1, arena);
	few->category = (int)db_col_int(q, at + 2);
	few->approval = (int)db_col_int(q, at + 3);
}

static void read_few_alone(struct db_stmt *q, struct arena *arena, void *row)
{
	read_few(q, 0, arena, row);
}

static void read_few_tally(struct db_stmt *q, struct arena *arena, void *row)
{
	struct tally_few *few = row;
	read_tally(q, arena, &few->tally);
	read_few(q, FEW_AT, arena, few);
}

/* Out of the index alone; what of an organisation without a result its place knows. */
#define FEW "(SELECT DISTINCT region, campaign, org FROM tally WHERE campaign = $1 AND " STORE_TALLY_FEW
#define FEW_ORG(col, none) \
	"COALESCE(r." col ", (SELECT o." col " FROM campaign_org o WHERE o.region = f.region" \
	" AND o.campaign = f.campaign AND o.org = f.org), " none ")"
#define FEW_COLS \
	"f.org, " FEW_ORG("path", "''") " AS place, " FEW_ORG("category", "0") ", COALESCE(r.approval, -1)"
#define FEW_RESULT \
	" LEFT JOIN result r ON r.region = f.region AND r.campaign = f.campaign AND r.org = f.org"

int store_tally_few(struct db_tx *tx, int64_t campaign, struct arena *arena, struct tally_few **ret_few,
		    int *ret_n)
{
	static const struct rows_kind kind = {ROWS_ANSWER, sizeof(struct tally_few), read_few_alone};
	struct db_stmt *q = db_query(tx, "SELECT " FEW_COLS " FROM " FEW ") f" FEW_RESULT " ORDER BY place");
	db_bind_int(q, 1, campaign);
	return store_rows(tx, q, &kind, arena, ret_few, ret_n);
}

int store_tally_of_few(struct db_tx *tx, int64_t campaign, int most, struct arena *arena,
		       struct tally_few **ret_few, int *ret_n)
{
	static const struct rows_kind kind = {ROWS_ANSWER, sizeof(struct tally_few), read_few_tally};
	struct db_stmt *q = db_query(tx, "SELECT " TALLY_COLS ", " FEW_COLS " FROM " FEW " LIMIT $2) f"
				     " JOIN tally t ON t.region = f.region AND t.campaign = f.campaign"
				     " AND t.org = f.org" FEW_RESULT " ORDER BY place, t.voters, t.question");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, most);
	return store_rows(tx, q, &kind, arena, ret_few, ret_n);
}

/* ---- results ---- */

int store_result_put(struct db_tx *tx, int64_t campaign, const struct result *result)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO result (region, campaign, org, path, category,"
				     " status, composite, score, places, sources, grade, computed,"
				     " by_score, quota, meeting, stars, rank, approval, graded_ms, parent, hold)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
				     " $14, $15, $16, $17, $18, $19, $20, COALESCE((SELECT state FROM org_hold"
				     " WHERE region = $1 AND campaign = $2 AND org = $3), 0))"
				     " ON CONFLICT (region, campaign, org) DO UPDATE SET"
				     " path = excluded.path, parent = excluded.parent, category = excluded.category,"
				     " status = excluded.status, composite = excluded.composite,"
				     " score = excluded.score, places = excluded.places,"
				     " sources = excluded.sources, grade = excluded.grade,"
				     " computed = excluded.computed, by_score = excluded.by_score,"
				     " quota = excluded.quota, meeting = excluded.meeting,"
				     " stars = excluded.stars, rank = excluded.rank,"
				     " approval = excluded.approval, graded_ms = excluded.graded_ms");
	store_bind_key(q, campaign, result->org);
	db_bind_text(q, 4, result->path);
	db_bind_int(q, 5, result->category);
	db_bind_text(q, 6, result->status);
	db_bind_text(q, 7, result->composite);
	db_bind_int(q, 8, result->score);
	db_bind_int(q, 9, result->places);
	db_bind_text(q, 10, result->sources);
	db_bind_int(q, 11, result->grade);
	db_bind_int(q, 12, result->computed);
	db_bind_int(q, 13, result->by_score);
	db_bind_int(q, 14, result->quota);
	db_bind_int(q, 15, result->meeting);
	db_bind_int(q, 16, result->stars);
	db_bind_int(q, 17, result->rank);
	db_bind_int(q, 18, result->approval);
	db_bind_int(q, 19, result->graded_ms);
	db_bind_int(q, 20, store_path_parent(result->path));
	return store_run(q);
}

#define RESULT_COLS \
	"r.org, r.path, r.category, r.status, r.composite, r.score, r.places, r.sources, r.grade," \
	" r.computed, r.by_score, r.quota, r.meeting, r.stars, r.rank, r.approval, r.graded_ms," \
	" o.code, o.name"
#define RESULT_FROM \
	" FROM result r JOIN campaign_org o ON o.region = r.region AND o.campaign = r.campaign" \
	" AND o.org = r.org"

static void read_result(struct db_stmt *q, struct arena *arena, void *row)
{
	struct result *ret = row;
	*ret = (struct result){
		.org = db_col_int(q, 0), .path = db_col_dup(q, 1, arena),
		.category = (int)db_col_int(q, 2), .status = db_col_dup(q, 3, arena),
		.composite = db_col_dup(q, 4, arena), .score = db_col_int(q, 5),
		.places = (int)db_col_int(q, 6), .sources = db_col_dup(q, 7, arena),
		.grade = (int)db_col_int(q, 8), .computed = (int)db_col_int(q, 9),
		.by_score = (int)db_col_int(q, 10), .quota = (int)db_col_int(q, 11),
		.meeting = db_col_int(q, 12), .stars = (int)db_col_int(q, 13),
		.rank = db_col_int(q, 14), .approval = (int)db_col_int(q, 15),
		.graded_ms = db_col_int(q, 16), .code = db_col_dup(q, 17, arena),
		.name = db_col_dup(q, 18, arena),
	};
}

static const struct rows_kind result_rows = {ROWS_ANSWER, sizeof(struct result), read_result};

/* What db_recall keeps of one. */
struct known_result {
	bool asked, there;
	struct result result;
};
static const size_t result_known = sizeof(struct known_result);

static int know_results(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n)
{
	int r;
	struct db_stmt *q = db_query(tx, "SELECT " RESULT_COLS " FROM " ORGS_GIVEN " JOIN result r"
				     " ON r.region = given.column1 / 10000000 AND r.campaign = $50"
				     " AND r.org = given.column1 JOIN campaign_org o ON o.region = r.region"
				     " AND o.campaign = r.campaign AND o.org = r.org");
	for (int i = 0; i < ORGS_BATCH; i++) {
		struct known_result *known = i < n ? db_recall(tx, &result_known, campaign, orgs[i].id) : NULL;
		if (known)
			known->asked = true;
		db_bind_int(q, i + 1, i < n ? orgs[i].id : 0);
	}
	db_bind_int(q, 50, campaign);
	while ((r = db_step(q)) > 0) {
		struct known_result *known = db_recall(tx, &result_known, campaign, db_col_int(q, 0));
		if (!known)
			continue;
		read_result(q, db_recall_arena(tx), &known->result);
		known->there = true;
	}
	return r;
}

int store_results_know(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n)
{
	int r = 0;
	for (int i = 0; r == 0 && db_recall_arena(tx) && i < n; i += ORGS_BATCH)
		r = know_results(tx, campaign, orgs + i, n - i < ORGS_BATCH ? n - i : ORGS_BATCH);
	return r;
}

int store_result_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		     struct result *ret_result)
{
	const struct known_result *known = db_recall(tx, &result_known, campaign, org);
	if (known && known->asked) {
		if (known->there)
			*ret_result = known->result;
		return known->there;
	}
	struct db_stmt *q = db_query(tx, "SELECT " RESULT_COLS RESULT_FROM
				     " WHERE r.region = $1 AND r.campaign = $2 AND r.org = $3");
	store_bind_key(q, campaign, org);
	return store_row(tx, q, &result_rows, arena, ret_result);
}

#define RESULT_WHERE \
	" WHERE r.campaign = $1 AND r.path >= $2 AND r.path < $3 AND ($4 < 0 OR r.category = $4)" \
	" AND ($5 < 0 OR r.grade = $5) AND ($6 < 0 OR r.stars = $6)"

static void bind_filter(struct db_stmt *q, int64_t campaign, const struct result_filter *f,
			const char *end)
{
	db_bind_int(q, 1, campaign);
	db_bind_text(q, 2, f->path);
	db_bind_text(q, 3, end);
	db_bind_int(q, 4, f->category);
	db_bind_int(q, 5, f->grade);
	db_bind_int(q, 6, f->stars);
}

int store_result_list(struct db_tx *tx, int64_t campaign, const struct result_filter *filter,
		      struct arena *arena, struct result **ret_results, int *ret_n,
		      int64_t *ret_total)
{
	char end[ORG_PATH_MAX];
	int64_t total;
	int r;

	store_path_end(filter->path, end);
	struct db_stmt *q = db_query(tx, "SELECT count(*) FROM result r" RESULT_WHERE);
	bind_filter(q, campaign, filter, end);
	if ((r = store_number(q, &total)) < 0)
		return r;
	q = db_query(tx, "SELECT " RESULT_COLS RESULT_FROM RESULT_WHERE
		     " ORDER BY r.path LIMIT $7 OFFSET $8");
	bind_filter(q, campaign, filter, end);
	db_bind_int(q, 7, filter->limit ? filter->limit : INT64_MAX);
	db_bind_int(q, 8, filter->offset);
	*ret_total = total;
	return store_rows(tx, q, &result_rows, arena, ret_results, ret_n);
}

/* ---- the roll-up ---- */

int store_result_summary_put(struct db_tx *tx, int64_t campaign, const struct result_summary *s)
{
	char grades[COUNTS_TEXT_MAX], stars[COUNTS_TEXT_MAX];
	counts_write(s->grades, SCHEME_GRADES_MAX, grades);
	counts_write(s->stars, SCHEME_STARS_MAX + 1, stars);
	struct db_stmt *q = db_query(tx, "INSERT INTO result_summary (region, campaign, node, category,"
				     " orgs, graded, grades, stars, mean_e2)"
				     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
				     " ON CONFLICT (region, campaign, node, category) DO UPDATE SET"
				     " orgs = excluded.orgs, graded = excluded.graded,"
				     " grades = excluded.grades, stars = excluded.stars,"
				     " mean_e2 = excluded.mean_e2");
	store_bind_key(q, campaign, s->node);
	db_bind_int(q, 4, s->category);
	db_bind_int(q, 5, s->orgs);
	db_bind_int(q, 6, s->graded);
	db_bind_text(q, 7, grades);
	db_bind_text(q, 8, stars);
	db_bind_int(q, 9, s->mean_e2);
	return store_run(q);
}

#define SUMMARY_COLS "SELECT s.node, s.category, s.orgs, s.graded, s.grades, s.stars, s.mean_e2"

static void read_summary(struct db_stmt *q, struct arena *arena, void *row)
{
	struct result_summary *s = row;
	(void)arena;
	*s = (struct result_summary){
		.node = db_col_int(q, 0), .category = (int)db_col_int(q, 1),
		.orgs = db_col_int(q, 2), .graded = db_col_int(q, 3),
		.mean_e2 = db_col_int(q, 6),
	};
	counts_read(db_col_str(q, 4), s->grades, SCHEME_GRADES_MAX);
	counts_read(db_col_str(q, 5), s->stars, SCHEME_STARS_MAX + 1);
}

static const struct rows_kind summary_rows =
	{ROWS_ANSWER, sizeof(struct result_summary), read_summary};

int store_result_summaries(struct db_tx *tx, int64_t campaign, int64_t node, bool children,
			   struct arena *arena, struct result_summary **ret_summaries, int *ret_n)
{
	struct db_stmt *q = db_query(tx, SUMMARY_COLS " FROM result_summary s WHERE s.region = $4"
				     " AND s.campaign = $1 AND s.node = $2 UNION ALL " SUMMARY_COLS
				     " FROM campaign_org o JOIN result_summary s ON s.region = o.region"
				     " AND s.campaign = o.campaign AND s.node = o.org"
				     " WHERE o.campaign = $1 AND o.parent = $2 AND $3 <> 0"
				     " ORDER BY 1, 2");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, node);
	db_bind_int(q, 3, children);
	db_bind_int(q, 4, id_region(node));
	return store_rows(tx, q, &summary_rows, arena, ret_summaries, ret_n);
}

int store_result_summaries_below(struct db_tx *tx, int64_t campaign, const char *path,
				 struct arena *arena, struct result_summary **ret_summaries, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, SUMMARY_COLS " FROM campaign_org o JOIN result_summary s"
				     " ON s.region = o.region AND s.campaign = o.campaign AND s.node = o.org"
				     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3 AND o.category < 0"
				     " ORDER BY s.node, s.category");
	store_bind_below(q, campaign, path, end);
	return store_rows(tx, q, &summary_rows, arena, ret_summaries, ret_n);
}

/* ---- past years ---- */

int store_past_put(struct db_tx *tx, const struct past_result *p)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO past_result (region, org, year, campaign,"
				     " scheme_title, score, grade, place, places, stars, rank, ledger,"
				     " note, examination) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
				     " $10, $11, $12, $13, $14) ON CONFLICT (region, org, year) DO UPDATE SET"
				     " campaign = excluded.campaign,"
				     " scheme_title = excluded.scheme_title, score = excluded.score,"
				     " grade = excluded.grade, place = excluded.place,"
				     " places = excluded.places, stars = excluded.stars,"
				     " rank = excluded.rank, ledger = excluded.ledger,"
				     " note = excluded.note, examination = excluded.examination");
	store_bind_id(q, p->org);
	db_bind_int(q, 3, p->year);
	db_bind_int(q, 4, p->campaign);
	db_bind_text(q, 5, p->scheme_title);
	db_bind_text(q, 6, p->score);
	db_bind_text(q, 7, p->grade);
	db_bind_int(q, 8, p->place);
	db_bind_int(q, 9, p->places);
	db_bind_int(q, 10, p->stars);
	db_bind_int(q, 11, p->rank);
	db_bind_text(q, 12, p->ledger);
	db_bind_text(q, 13, p->note);
	db_bind_text(q, 14, p->examination);
	return db_later(q);
}

int store_past_from_results(struct db_tx *tx, const struct campaign *campaign, int grade,
			    const char *label, int n_grades, int places)
{
	int64_t unit = 1;
	for (int i = 0; i < places; i++)
		unit *= 10;
	struct db_stmt *q = db_query(tx, "INSERT INTO past_result (region, org, year, campaign,"
				     " scheme_title, score, grade, place, places, stars, rank, ledger,"
				     " note) SELECT region, org, $2, campaign, $3,"
				     " CAST(score / $4 AS TEXT) || CASE WHEN $4 > 1 THEN '.' ||"
				     " substr(CAST(score % $4 + $4 AS TEXT), 2) ELSE '' END,"
				     " $5, grade, $6, stars, rank, '', '' FROM result"
				     " WHERE campaign = $1 AND grade = $7"
				     " ON CONFLICT (region, org, year) DO UPDATE SET"
				     " campaign = excluded.campaign,"
				     " scheme_title = excluded.scheme_title, score = excluded.score,"
				     " grade = excluded.grade, place = excluded.place,"
				     " places = excluded.places, stars = excluded.stars,"
				     " rank = excluded.rank");
	db_bind_int(q, 1, campaign->id);
	db_bind_int(q, 2, campaign->year);
	db_bind_text(q, 3, campaign->scheme_title);
	db_bind_int(q, 4, unit);
	db_bind_text(q, 5, label);
	db_bind_int(q, 6, n_grades);
	db_bind_int(q, 7, grade);
	return store_run(q);
}

#define PAST_COLS \
	"p.org, p.year, p.campaign, p.scheme_title, p.score, p.grade, p.place, p.places, p.stars," \
	" p.rank, p.ledger, p.note, p.examination"

static void read_past_result(struct db_stmt *q, struct arena *arena, void *row)
{
	struct past_result *p = row;
	*p = (struct past_result){
		.org = db_col_int(q, 0), .year = (int)db_col_int(q, 1),
		.campaign = db_col_int(q, 2), .scheme_title = db_col_dup(q, 3, arena),
		.score = db_col_dup(q, 4, arena), .grade = db_col_dup(q, 5, arena),
		.place = (int)db_col_int(q, 6), .places = (int)db_col_int(q, 7),
		.stars = (int)db_col_int(q, 8), .rank = db_col_int(q, 9),
		.ledger = db_col_dup(q, 10, arena), .note = db_col_dup(q, 11, arena),
		.examination = db_col_dup(q, 12, arena),
	};
}

static const struct rows_kind past_result_rows =
	{ROWS_ANSWER, sizeof(struct past_result), read_past_result};

int store_past_list(struct db_tx *tx, int64_t org, struct arena *arena,
		    struct past_result **ret_past, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " PAST_COLS " FROM past_result p WHERE p.region = $1"
				     " AND p.org = $2 ORDER BY p.year DESC");
	store_bind_id(q, org);
	return store_rows(tx, q, &past_result_rows, arena, ret_past, ret_n);
}

int store_past_of_orgs(struct db_tx *tx, const int64_t *orgs, int n, struct arena *arena,
		       struct past_result **ret_past, int *ret_n)
{
	struct db_stmt *q = db_query(tx, "SELECT " PAST_COLS " FROM " ORGS_GIVEN " JOIN past_result p"
				     " ON p.region = given.column1 / 10000000 AND p.org = given.column1");
	assert(n <= ORGS_BATCH);
	for (int i = 0; i < ORGS_BATCH; i++)
		db_bind_int(q, i + 1, i < n ? orgs[i] : 0);
	return store_rows(tx, q, &past_result_rows, arena, ret_past, ret_n);
}

int store_past_of_cases(struct db_tx *tx, const char *path, struct arena *arena,
			struct past_result **ret_past, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " PAST_COLS " FROM past_result p WHERE p.region >= $3"
				     " AND p.region <= $4 AND p.org IN (SELECT c.org FROM ledger_case c"
				     " CROSS JOIN org o WHERE o.region = c.region AND o.org = c.org"
				     " AND o.path >= $1 AND o.path < $2 AND c.region >= $3 AND c.region <= $4)"
				     " ORDER BY p.org, p.year DESC");
	org_bind_below(q, path, end);
	return store_rows(tx, q, &past_result_rows, arena, ret_past, ret_n);
}

int store_past_of_year(struct db_tx *tx, int64_t campaign, const char *path, int year,
		       struct arena *arena, struct past_result **ret_past, int *ret_n)
{
	char end[ORG_PATH_MAX];
	struct db_stmt *q = db_query(tx, "SELECT " PAST_COLS " FROM campaign_org o JOIN past_result p"
				     " ON p.region = o.region AND p.org = o.org AND p.year = $4"
				     " WHERE o.campaign = $1 AND o.path >= $2 AND o.path < $3"
				     " ORDER BY o.path");
	store_bind_below(q, campaign, path, end);
	db_bind_int(q, 4, year);
	return store_rows(tx, q, &past_result_rows, arena, ret_past, ret_n);
}
