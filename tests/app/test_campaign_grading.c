/* SPDX-License-Identifier: Apache-2.0 */
/* The worked cases of tests/vectors, put into a campaign: what it makes of them
 * is what `jinwei grade` is expected to. (Not "ties", which has two roots.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/campaign_desk.h"
#include "app/campaign_grading.h"
#include "app/scheme_cache.h"
#include "base/file.h"
#include "domain/exact.h"
#include "store/hold.h"
#include "store/id.h"
#include "store/meeting.h"
#include "store/score.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

enum { COLS = 20, SHEETS = 8000, ORGS = 600 };

/* ---- a case's files ---- */

struct csv {
	struct buf text;
	char *at;
};

static void csv_open(struct csv *csv, const char *name, const char *file)
{
	char path[128];
	struct err_info info = {0};
	snprintf(path, sizeof(path), "tests/vectors/%s/%s", name, file);
	*csv = (struct csv){0};
	if (file_read(path, 1 << 22, &csv->text, &info) < 0)
		fail_msg("%s", info.text);
	csv->at = csv->text.data;
}

/* The cells of the next line; false at the end. No quotes occur. */
static bool csv_next(struct csv *csv, char *cells[COLS])
{
	if (!*csv->at)
		return false;
	for (int i = 0; i < COLS; i++)
		cells[i] = csv->at + strlen(csv->at);
	for (int i = 0; i < COLS; i++) {
		cells[i] = csv->at;
		csv->at += strcspn(csv->at, ",\n");
		char end = *csv->at;
		if (end)
			*csv->at++ = '\0';
		if (end != ',')
			break;
	}
	return true;
}

struct known {
	char code[40];
	int64_t id;
};

struct sheet {
	struct score_key key;
	struct score_edit edits[SCORE_CELLS_MAX];
	int n;
};

struct case_ {
	struct desk *desk;
	const char *name;
	struct buf scheme_text;
	const struct scheme *scheme;
	struct known orgs[ORGS];
	int n_orgs;
	struct campaign campaign;
	struct sheet *sheets;
	int n_sheets;
	struct tally tallies[ORGS * 2];
	int n_tallies;
	struct arena arena;
	struct result one;
	struct result_summary *summaries;
	int64_t org;
	int n, found;
};

static int64_t id_of(const struct case_ *c, const char *code)
{
	for (int i = 0; i < c->n_orgs; i++)
		if (strcmp(c->orgs[i].code, code) == 0)
			return c->orgs[i].id;
	return 0;
}

static void add_orgs(struct case_ *c)
{
	struct csv csv;
	char *cells[COLS];
	struct err_info info = {0};
	csv_open(&csv, c->name, "orgs.csv");
	csv_next(&csv, cells);
	while (csv_next(&csv, cells)) {
		struct org org = org_blank();
		enum field field;
		struct known *k = &c->orgs[c->n_orgs];
		org.code = cells[0];
		org.parent = id_of(c, cells[1]);
		org.name = cells[2];
		assert_int_equal(level_find(str_from(cells[3]), &org.level), 0);
		if (field_find(str_from(cells[4]), &field) == 0)
			org.field = field;
		org.members = atoi(cells[5]);
		org.residents = atoi(cells[6]);
		assert_true(c->n_orgs < ORGS);
		snprintf(k->code, sizeof(k->code), "%s", cells[0]);
		if (roster_add(&c->desk->app, &c->desk->machine, &org, &desk_today, &k->id, &info) < 0)
			fail_msg("%s: %s", cells[0], info.text);
		c->n_orgs++;
	}
	buf_done(&csv.text);
}

static struct sheet *sheet_of(struct case_ *c, int64_t org, int source, int rater)
{
	for (int i = c->n_sheets - 1; i >= 0; i--) {
		const struct score_key *k = &c->sheets[i].key;
		if (k->org == org && k->source == source && k->rater == rater)
			return &c->sheets[i];
	}
	assert_true(c->n_sheets < SHEETS);
	c->sheets[c->n_sheets] = (struct sheet){.key = {0, org, source, rater}};
	return &c->sheets[c->n_sheets++];
}

static void read_scores(struct case_ *c)
{
	struct csv csv;
	char *cells[COLS];
	csv_open(&csv, c->name, "scores.csv");
	csv_next(&csv, cells);
	while (csv_next(&csv, cells)) {
		int source = scheme_find_source(c->scheme, str_from(cells[1]));
		int rater = cells[2][0] == 'R' ? atoi(cells[2] + 1) : 0;
		int leaf = *cells[3] ? scheme_find_leaf(c->scheme, str_from(cells[3])) : 0;
		struct sheet *sheet = sheet_of(c, id_of(c, cells[0]), source, rater);
		assert_true(leaf >= 0);
		sheet->edits[sheet->n++] = (struct score_edit){
			.leaf = leaf, .value = arena_strdup(&c->arena, cells[4])};
	}
	buf_done(&csv.text);
}

static void read_ballots(struct case_ *c)
{
	struct csv csv;
	char *cells[COLS];
	csv_open(&csv, c->name, "ballots.csv");
	csv_next(&csv, cells);
	while (csv_next(&csv, cells)) {
		enum voters voters;
		int64_t org = id_of(c, cells[0]);
		int option = scheme_find_option(c->scheme, str_from(cells[2])), i = 0;
		assert_int_equal(voters_find(str_from(cells[1]), &voters), 0);
		while (i < c->n_tallies && (c->tallies[i].org != org || c->tallies[i].voters != voters))
			i++;
		if (i == c->n_tallies)
			c->tallies[c->n_tallies++] = (struct tally){
				.org = org, .voters = voters, .n_options = c->scheme->n_options,
				.counters = "甲、乙"};
		c->tallies[i].counts[option] += (uint32_t)atoi(cells[3]);
	}
	buf_done(&csv.text);
}

static int fill_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct case_ *c = arg;
	(void)info;
	int r = store_campaign_insert(tx, &c->campaign, c->scheme);
	if (r == 0)
		r = store_step_counts_begin(tx, c->campaign.id, c->scheme->n_steps);
	for (int i = 0; r == 0 && i < c->n_sheets; i++) {
		struct sheet *s = &c->sheets[i];
		struct score_sheet now;
		int changed;
		s->key.campaign = c->campaign.id;
		r = store_score_save(tx, &s->key, s->edits, s->n, 0, 1, &c->arena, &now, &changed);
	}
	for (int i = 0; r == 0 && i < c->n_tallies; i++)
		r = store_tally_put(tx, c->campaign.id, &c->tallies[i]);
	return r;
}

static struct case_ *begin(struct desk *desk, const char *name)
{
	struct case_ *c = calloc(1, sizeof(*c));
	char path[128];
	struct err_info info = {0};
	c->desk = desk;
	c->name = name;
	c->sheets = calloc(SHEETS, sizeof(*c->sheets));
	snprintf(path, sizeof(path), "tests/vectors/%s/scheme.yaml", name);
	assert_int_equal(file_read(path, 1 << 20, &c->scheme_text, &info), 0);
	if (scheme_cache_get(desk->app.schemes, buf_str(&c->scheme_text), &c->scheme, &info) < 0)
		fail_msg("%s", info.text);
	add_orgs(c);
	read_scores(c);
	read_ballots(c);
	c->campaign = (struct campaign){
		.node = c->orgs[0].id, .year = 2026, .title = name, .scheme_name = c->scheme->id,
		.scheme_title = c->scheme->title, .scheme_text = buf_str(&c->scheme_text), .opened_ms = 1,
	};
	if (db_write(desk->app.db, id_region(c->campaign.node), fill_fn, c, &info) < 0)
		fail_msg("%s", info.text);
	free(c->sheets);
	return c;
}

static void end(struct case_ *c)
{
	buf_done(&c->scheme_text);
	arena_done(&c->arena);
	free(c);
}

static struct campaign_graded run(struct case_ *c)
{
	struct campaign_graded graded = {0};
	struct err_info info = {0};
	if (campaign_grading_run(&c->desk->app, &c->desk->machine, c->campaign.id, c->campaign.node,
				 &graded, &info) < 0)
		fail_msg("%s", info.text);
	return graded;
}

/* ---- what comes out ---- */

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct case_ *c = arg;
	(void)info;
	c->found = store_result_get(tx, c->campaign.id, c->org, &c->arena, &c->one);
	return c->found < 0 ? c->found
			    : store_result_summaries(tx, c->campaign.id, c->org, false, &c->arena,
						     &c->summaries, &c->n);
}

static void get(struct case_ *c, int64_t org)
{
	c->org = org;
	assert_int_equal(db_read(c->desk->app.db, get_fn, c, NULL), 0);
}

static void check_score(const struct case_ *c, const char *code, const char *expected)
{
	AUTO(buf) struct buf score = {0};
	if (c->one.score >= 0)
		decimal_format_places(&score, (uint64_t)c->one.score, c->one.places);
	if (strcmp(buf_str(&score), expected) != 0)
		fail_msg("%s: score %s, not %s", code, buf_str(&score), expected);
}

static int check_results(struct case_ *c)
{
	struct csv csv;
	char *e[COLS], number[16];
	int checked = 0;
	csv_open(&csv, c->name, "expected.csv");
	csv_next(&csv, e);
	/* code,name,category,score,grade,grade_by,rank,stars,approval,status */
	while (csv_next(&csv, e)) {
		const struct result *r = &c->one;
		get(c, id_of(c, e[0]));
		assert_int_equal(c->found, strcmp(e[9], "outside") != 0);
		if (!c->found)
			continue;
		assert_string_equal(r->status, e[9]);
		check_score(c, e[0], e[3]);
		assert_string_equal(r->grade < 0 ? "" : c->scheme->grades[r->grade].id, e[4]);
		assert_string_equal(r->grade < 0 ? "" : r->quota < 0 ? "score" : "quota", e[5]);
		snprintf(number, sizeof(number), "%d", (int)r->rank);
		assert_string_equal(r->rank ? number : "", e[6]);
		snprintf(number, sizeof(number), "%d", r->stars);
		assert_string_equal(r->stars < 0 ? "" : number, e[7]);
		assert_string_equal(r->approval < 0 ? "" : level_id((enum level)r->approval), e[8]);
		checked++;
	}
	buf_done(&csv.text);
	return checked;
}

static const struct result_summary *summary_of(const struct case_ *c, const char *category)
{
	for (int i = 0; i < c->n; i++) {
		int k = c->summaries[i].category;
		if (strcmp(k < 0 ? "" : c->scheme->categories[k].id, category) == 0)
			return &c->summaries[i];
	}
	fail_msg("%s: no summary of “%s”", c->name, category);
	return NULL;
}

static void check_summaries(struct case_ *c)
{
	struct csv csv;
	char *e[COLS];
	int n = c->scheme->n_grades;
	csv_open(&csv, c->name, "expected_summary.csv");
	csv_next(&csv, e);
	/* code,level,category,orgs,graded,<grades>,stars_0 … stars_5,mean_score */
	while (csv_next(&csv, e)) {
		AUTO(buf) struct buf mean = {0};
		get(c, id_of(c, e[0]));
		const struct result_summary *s = summary_of(c, e[2]);
		if (*e[2])
			assert_int_equal(s->orgs, atoi(e[3]));
		assert_int_equal(s->graded, atoi(e[4]));
		for (int i = 0; i < n; i++)
			assert_int_equal(s->grades[i], atoi(e[5 + i]));
		for (int i = 0; i <= SCHEME_STARS_MAX; i++)
			assert_int_equal(s->stars[i], atoi(e[5 + n + i]));
		if (s->mean_e2 >= 0)
			decimal_format_places(&mean, (uint64_t)s->mean_e2, 2);
		assert_string_equal(buf_str(&mean), e[5 + n + 6]);
	}
	buf_done(&csv.text);
}

static void check(void **state, const char *name, int least)
{
	struct case_ *c = begin(desk_of(state), name);
	struct campaign_graded graded = run(c);
	assert_true(check_results(c) >= least);
	check_summaries(c);
	assert_int_equal(graded.changed, graded.orgs);
	/* Again: nothing is different. */
	graded = run(c);
	assert_int_equal(graded.changed, 0);
	end(c);
}

static void zhangji_with_quota_and_stars(void **state) { check(state, "zhangji", 50); }
static void guizhou_with_five_sources(void **state) { check(state, "guizhou", 50); }
static void zunyi_scaled_to_100(void **state) { check(state, "zunyi", 50); }
static void scores_on_the_lines(void **state) { check(state, "boundary", 150); }

/* ---- what is decided on top ---- */

static int adjust_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct case_ *c = arg;
	(void)info;
	struct meeting meeting = {.campaign = c->campaign.id, .node = c->campaign.node, .day = 20260406,
				  .title = "党政班子会议", .number = "", .chair = "王", .recorder = "李",
				  .absent = "", .guests = "", .decision = "同意"};
	const struct adjustment adjustment = {.org = c->org, .node = c->campaign.node, .from_grade = 0,
					      .to_grade = 1, .reason = "信访突出"};
	int r = store_meeting_insert(tx, &meeting);
	if (r == 0)
		r = store_adjustment_note(tx, c->campaign.id, &adjustment);
	if (r == 0)
		r = store_adjustments_decide(tx, c->campaign.id, c->campaign.node, meeting.id);
	return r;
}

static int spoil_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct case_ *c = arg;
	const struct hold hold = {.org = c->org, .path = c->one.path, .state = HOLD_SUBMITTED,
				  .reason = ""};
	(void)info;
	int r = store_hold_set(tx, c->campaign.id, &hold);
	return r < 0 ? r : store_tally_delete(tx, c->campaign.id, c->org, VOTERS_COUNT);
}

static int64_t first_good(struct case_ *c)
{
	for (int i = 0; i < c->n_orgs; i++) {
		get(c, c->orgs[i].id);
		if (c->found && c->one.grade == 0)
			return c->orgs[i].id;
	}
	fail_msg("nobody is good");
	return 0;
}

static void a_meeting_moves_a_grade_and_its_stars(void **state)
{
	struct case_ *c = begin(desk_of(state), "zhangji");
	run(c);
	int64_t org = first_good(c);
	assert_true(c->one.stars >= 4);
	assert_int_equal(db_write(c->desk->app.db, id_region(org), adjust_fn, c, NULL), 0);
	assert_true(run(c).changed > 0);
	get(c, org);
	assert_int_equal(c->one.grade, 1);
	assert_int_equal(c->one.computed, 0);
	assert_int_equal(c->one.by_score, 0);
	assert_true(c->one.meeting > 0);
	assert_int_equal(c->one.stars, 3);
	end(c);
}

static void what_is_locked_keeps_its_result(void **state)
{
	struct case_ *c = begin(desk_of(state), "zhangji");
	run(c);
	int64_t org = first_good(c), score = c->one.score;
	assert_int_equal(db_write(c->desk->app.db, id_region(org), spoil_fn, c, NULL), 0);
	run(c);
	get(c, org);
	assert_int_equal(c->one.grade, 0);
	assert_int_equal(c->one.score, score);
	assert_string_equal(c->one.status, "graded");
	end(c);
}

static int load_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct case_ *c = arg;
	AUTO(campaign_grading) struct campaign_grading g = {0};
	AUTO(explanation) struct explanation e = {0};
	const struct campaign_grading_wish wish = {0};
	struct explain_cell *cells;
	size_t n;
	int r = campaign_grading_load(tx, &c->campaign, c->scheme, &wish, &g, info);
	if (r < 0)
		return r;
	uint32_t node = campaign_grading_node(&g, c->org);
	r = campaign_grading_cells(tx, &g, c->campaign.id, node, &c->arena, &cells, &n, info);
	if (r == 0)
		r = explain_run(&e, &g.graded, &g.orgs, node, cells, n, 1);
	if (r < 0)
		return r;
	c->n = (int)n;
	c->found = strcmp(e.composite.den, "1") == 0
		? strcmp(e.composite.num, c->one.composite) == 0
		: strcmp(arena_printf(&c->arena, "%s/%s", e.composite.num, e.composite.den),
			 c->one.composite) == 0;
	return 0;
}

static void the_stored_composite_is_the_one_explained(void **state)
{
	struct case_ *c = begin(desk_of(state), "guizhou");
	c->campaign.path = "/";
	run(c);
	int seen = 0;
	for (int i = 0; i < c->n_orgs; i += 5) {
		get(c, c->orgs[i].id);
		if (!c->found || c->one.score < 0)
			continue;
		assert_int_equal(db_read(c->desk->app.db, load_fn, c, NULL), 0);
		assert_true(c->found);
		assert_true(c->n > 0);
		seen++;
	}
	assert_true(seen > 5);
	end(c);
}

static void who_may_not_grade_is_refused(void **state)
{
	struct desk *desk = desk_of(state);
	struct campaign_graded graded;
	struct err_info info = {0};
	campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town");
	struct caller clerk = desk_caller(desk_account(desk, desk->branch[1], "zhishu", ROLE_CLERK), 1);
	struct caller township = desk_caller(desk_account(desk, desk->township, "zhen", ROLE_TOWNSHIP), 1);
	assert_int_equal(campaign_grading_run(&desk->app, &clerk, id, desk->branch[1], &graded, &info),
			 ERR_DENIED);
	assert_int_equal(campaign_grading_run(&desk->app, &township, id, desk->other_township, &graded,
					      &info), ERR_DENIED);
	assert_int_equal(campaign_grading_run(&desk->app, &township, id, desk->township, &graded, &info),
			 0);
	assert_int_equal(graded.orgs, 4);
	assert_int_equal(graded.graded, 0);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, "停", &info), 0);
	assert_int_equal(campaign_grading_run(&desk->app, &township, id, desk->township, &graded, &info),
			 ERR_STATE);
	id = campaign_desk_open(desk, desk->county, "hnust-2019");
	assert_int_equal(campaign_grading_run(&desk->app, &desk->machine, id, desk->county, &graded,
					      &info), ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(zhangji_with_quota_and_stars),
		ON_DESK(guizhou_with_five_sources),
		ON_DESK(zunyi_scaled_to_100),
		ON_DESK(scores_on_the_lines),
		ON_DESK(a_meeting_moves_a_grade_and_its_stars),
		ON_DESK(what_is_locked_keeps_its_result),
		ON_DESK(the_stored_composite_is_the_one_explained),
		ON_DESK(who_may_not_grade_is_refused),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
