/* SPDX-License-Identifier: Apache-2.0 */
/* The list behind a dashboard, in all its shapes, beside a filter that anybody can read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/campaign_desk.h"
#include "store/campaign_board.h"
#include "store/hold.h"
#include "store/id.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

enum { ORGS = 60, TOWNS = 3, ROUNDS = 600, STEP = 2, YEAR = 2026, GRADES = 4, NONE = -1 };

/* What one organisation is made of; the model of what the tables hold. */
struct made {
	int64_t id, parent;
	char path[80], code[16], name[32];
	int category, state, grade, stars, hold, before;
	int64_t score, rank;
};

struct job {
	struct desk *desk;
	struct arena arena;
	int64_t campaign, towns[TOWNS];
	char root[40];
	struct made made[ORGS];
	struct board_filter filter;
	struct board_row *rows;
	int n;
	int64_t total;
};

static unsigned long seed = 7;

static int any_of(int n)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (int)((seed >> 33) % (unsigned)n);
}

static int put_org(struct db_tx *tx, struct job *job, int64_t id, int64_t parent, const char *path,
		   const char *code, const char *name, int category)
{
	struct db_stmt *q = db_query(tx, "INSERT INTO campaign_org (region, campaign, org, parent, path, code,"
				     " name, level, field, kind, members, residents, secretary, category,"
				     " present_members, present_residents) VALUES ($1, $2, $3, $4, $5, $6, $7,"
				     " 4, 0, '', 9, 9, '', $8, -1, -1)");
	db_bind_int(q, 1, id_region(id));
	db_bind_int(q, 2, job->campaign);
	db_bind_int(q, 3, id);
	db_bind_int(q, 4, parent);
	db_bind_text(q, 5, path);
	db_bind_text(q, 6, code);
	db_bind_text(q, 7, name);
	db_bind_int(q, 8, category);
	return db_run(q);
}

static int put_one(struct db_tx *tx, struct job *job, struct made *m)
{
	const struct hold hold = {.org = m->id, .path = m->path, .state = (enum hold_state)m->hold, .reason = ""};
	const struct past_result past = {.org = m->id, .year = YEAR - 1, .scheme_title = "", .score = "",
					 .grade = "旧", .place = m->before, .places = GRADES, .stars = -1,
					 .ledger = "", .note = "", .examination = ""};
	const struct result result = {.org = m->id, .path = m->path, .category = m->category,
				      .status = m->score < 0 ? "missing:self" : "graded", .composite = "",
				      .score = m->score, .places = 2, .sources = "", .grade = m->grade,
				      .computed = m->grade, .by_score = m->grade, .quota = -1,
				      .stars = m->stars, .rank = m->rank, .approval = -1};
	int r = 0;
	if (m->hold)
		r = store_hold_set(tx, job->campaign, &hold);
	if (r >= 0 && m->before >= 0)
		r = store_past_put(tx, &past);
	/* One in four has not been graded at all. */
	if (r >= 0 && m->rank != NONE)
		r = store_result_put(tx, job->campaign, &result);
	if (r >= 0 && m->state)
		r = store_org_step_set(tx, job->campaign, m->id, STEP, (enum step_state)m->state, 0, 1, "");
	return r < 0 ? r : 0;
}

/* As if the campaign were opened over these. */
static int begin_counts(struct db_tx *tx, struct job *job)
{
	struct db_stmt *q = db_query(tx, "DELETE FROM step_count WHERE campaign = $1");
	db_bind_int(q, 1, job->campaign);
	int r = db_run(q);
	return r < 0 ? r : store_step_counts_begin(tx, job->campaign, STEP + 1);
}

static int put_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int r = 0;
	(void)info;
	int64_t base = job->desk->county + 5000;
	snprintf(job->root, sizeof(job->root), "/%lld/", (long long)base);
	r = put_org(tx, job, base, job->desk->county, job->root, "T", "县", -1);
	for (int t = 0; r >= 0 && t < TOWNS; t++) {
		char path[80], code[16];
		job->towns[t] = base + 1 + t;
		snprintf(path, sizeof(path), "%s%lld/", job->root, (long long)job->towns[t]);
		snprintf(code, sizeof(code), "T%d", t);
		r = put_org(tx, job, job->towns[t], base, path, code, "镇", -1);
	}
	for (int i = 0; r >= 0 && i < ORGS; i++) {
		struct made *m = &job->made[i];
		int town = any_of(TOWNS);
		bool graded = any_of(4) > 0, scored = graded && any_of(5) > 0;
		*m = (struct made){
			.id = base + 100 + i, .parent = job->towns[town], .category = any_of(3),
			.state = any_of(5), .hold = any_of(6), .before = any_of(GRADES + 1) - 1,
			.score = scored ? 8000 + any_of(6) * 100 : -1,
			.grade = scored ? any_of(GRADES) : -1, .stars = scored && any_of(2) ? any_of(6) : -1,
			.rank = graded ? scored ? 1 + any_of(9) : 0 : NONE,
		};
		snprintf(m->path, sizeof(m->path), "%s%lld/%lld/", job->root, (long long)m->parent,
			 (long long)m->id);
		snprintf(m->code, sizeof(m->code), "C%02d", (i * 37) % 100);
		snprintf(m->name, sizeof(m->name), "%s%d支部", i % 3 ? "河" : "山_", (i * 53) % 20);
		r = put_org(tx, job, m->id, m->parent, m->path, m->code, m->name, m->category);
	}
	if (r >= 0)
		r = begin_counts(tx, job);
	for (int i = 0; r >= 0 && i < ORGS; i++)
		r = put_one(tx, job, &job->made[i]);
	return r < 0 ? r : 0;
}

static bool seen(const struct job *job, const struct made *m)
{
	const struct board_filter *f = &job->filter;
	return m->rank != NONE && (!f->handed_in || m->parent == f->own || m->hold == HOLD_SUBMITTED ||
				   m->hold == HOLD_ACCEPTED);
}

static bool has(int wanted, int found)
{
	return wanted == BOARD_ANY || found == (wanted == BOARD_NONE ? -1 : wanted);
}

static bool wanted(const struct job *job, const struct made *m)
{
	const struct board_filter *f = &job->filter;
	bool done = m->state == STEP_DONE || m->state == STEP_WAIVED;
	return strncmp(m->path, f->path, strlen(f->path)) == 0 &&
	       (f->category < 0 || m->category == f->category) &&
	       has(f->grade, seen(job, m) ? m->grade : -1) && has(f->stars, seen(job, m) ? m->stars : -1) &&
	       (f->before < 0 || m->before == f->before) &&
	       (f->step < 0 || f->state == BOARD_ANY ||
		(f->state == BOARD_STATE_OPEN ? !done : m->state == f->state)) &&
	       (!*f->text || strstr(m->name, f->text) || strstr(m->code, f->text));
}

static const struct job *sorted_by;

static int64_t key_of(const struct made *m)
{
	int64_t key = !seen(sorted_by, m) ? -1 : sorted_by->filter.order == BOARD_BY_SCORE ? m->score
		      : m->rank ? m->rank : -1;
	return key < 0 ? INT64_MAX : sorted_by->filter.descending ? -key : key;
}

static int compare(const void *a, const void *b)
{
	const struct made *x = *(const struct made *const *)a, *y = *(const struct made *const *)b;
	const struct board_filter *f = &sorted_by->filter;
	int64_t kx = key_of(x), ky = key_of(y);
	if (f->order == BOARD_BY_SCORE || f->order == BOARD_BY_RANK)
		return kx != ky ? kx < ky ? -1 : 1 : strcmp(x->path, y->path);
	int order = f->order == BOARD_BY_NAME ? strcmp(x->name, y->name) : 0;
	if (order == 0 && f->order != BOARD_BY_PATH)
		order = strcmp(x->code, y->code);
	if (f->order == BOARD_BY_PATH)
		return strcmp(x->path, y->path);
	return f->descending ? -order : order;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	(void)info;
	return store_board_list(tx, job->campaign, &job->filter, &job->arena, &job->rows, &job->n,
				&job->total);
}

static struct board_filter random_filter(const struct job *job)
{
	static const char *texts[] = {"", "", "", "山_", "河1", "C4", "%", "没有"};
	static const int states[] = {BOARD_STATE_OPEN, STEP_DONE, STEP_BEGUN, STEP_NOT_BEGUN, BOARD_ANY};
	int town = any_of(TOWNS + 2);
	struct board_filter f = {
		.path = town < TOWNS ? arena_printf((struct arena *)&job->arena, "%s%lld/", job->root,
						    (long long)job->towns[town]) : job->root,
		.category = any_of(4) ? BOARD_ANY : any_of(3),
		.grade = any_of(3) ? BOARD_ANY : any_of(5) ? any_of(GRADES) : BOARD_NONE,
		.stars = any_of(4) ? BOARD_ANY : any_of(5) ? any_of(6) : BOARD_NONE,
		.step = any_of(3) ? -1 : STEP, .state = states[any_of(5)], .before = any_of(6) ? BOARD_ANY : any_of(GRADES),
		.n_grades = GRADES, .text = texts[any_of(8)], .year = YEAR, .handed_in = any_of(2),
		.order = (enum board_order)any_of(5), .descending = any_of(2),
		.limit = 1 + any_of(20), .offset = any_of(3) * any_of(20),
	};
	if (any_of(2)) {
		int64_t own = job->towns[any_of(TOWNS)];
		f.own = own;
	}
	return f;
}

static void every_shape_lists_what_was_asked_for(void **state)
{
	struct job job = {.desk = desk_of(state)};
	int shown = 0;
	campaign_desk_fill(job.desk);
	job.campaign = campaign_desk_open(job.desk, job.desk->county, "zhangji-town");
	seed = 7;
	campaign_desk_write(job.desk, put_fn, &job);
	sorted_by = &job;
	for (int round = 0; round < ROUNDS; round++) {
		const struct made *all[ORGS];
		int n = 0;
		job.filter = random_filter(&job);
		for (int i = 0; i < ORGS; i++)
			if (wanted(&job, &job.made[i]))
				all[n++] = &job.made[i];
		qsort(all, (size_t)n, sizeof(*all), compare);
		assert_int_equal(db_read(job.desk->app.db, list_fn, &job, NULL), 0);
		assert_int_equal(job.total, n);
		int64_t rest = n - job.filter.offset, page = rest < 0 ? 0 : rest;
		assert_int_equal(job.n, page < job.filter.limit ? page : job.filter.limit);
		for (int i = 0; i < job.n; i++, shown++) {
			const struct made *m = all[job.filter.offset + i];
			assert_string_equal(job.rows[i].code, m->code);
			assert_int_equal(job.rows[i].org, m->id);
			assert_int_equal(job.rows[i].score, seen(&job, m) ? m->score : -1);
			assert_int_equal(job.rows[i].hold, m->hold);
			assert_int_equal(job.rows[i].state, job.filter.step < 0 ? 0 : m->state);
			assert_int_equal(job.rows[i].past_place, m->before);
			assert_string_equal(job.rows[i].parent_name, "镇");
		}
		arena_done(&job.arena);
	}
	assert_true(shown > ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {ON_DESK(every_shape_lists_what_was_asked_for)};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
