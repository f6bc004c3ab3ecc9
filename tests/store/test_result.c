/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

struct job {
	struct arena arena;
	struct desk *desk;
	int64_t campaign;
	struct tally *tallies;
	struct tally_few *few, *first;
	struct result_filter filter;
	struct result *results, one;
	struct result_summary *summaries;
	struct past_result *past;
	int n, n_first, found;
	int64_t total;
};

static int put_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int r = 0;
	(void)info;
	for (int i = 0; r == 0 && i < 3; i++) {
		struct tally tally = {.org = job->desk->branch[i], .voters = VOTERS_RESIDENT,
				      .question = 0, .n_options = 4, .counts = {30, 5, 2, 1, 4},
				      .counters = "王强、李梅", .at_ms = 9};
		struct result result = {
			.org = job->desk->branch[i],
			.path = desk_get(job->desk, job->desk->branch[i], &job->arena).path,
			.category = i > 0 ? 0 : 1, .status = "graded", .composite = "90", .score = 9000 + i,
			.places = 2, .sources = "91.00\t\t88.50", .grade = i, .computed = i,
			.by_score = i, .quota = -1, .stars = 5 - i, .rank = i + 1, .approval = -1,
		};
		r = store_tally_put(tx, job->campaign, &tally);
		tally.counts[0] += (uint32_t)i;
		if (r == 0)
			r = store_tally_put(tx, job->campaign, &tally);
		if (r == 0)
			r = store_result_put(tx, job->campaign, &result);
		if (r == 0)
			r = store_result_put(tx, job->campaign, &result);
	}
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	(void)info;
	return store_result_list(tx, job->campaign, &job->filter, &job->arena, &job->results, &job->n,
				 &job->total);
}

static int tally_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	(void)info;
	return store_tally_list(tx, job->campaign, 0, job->filter.path, &job->arena, &job->tallies,
				&job->n);
}

static struct job begin(struct desk *desk)
{
	campaign_desk_fill(desk);
	struct job job = {.desk = desk,
			  .campaign = campaign_desk_open(desk, desk->county, "zhangji-town")};
	job.filter = RESULT_FILTER("/");
	campaign_desk_write(desk, put_fn, &job);
	return job;
}

static void counts_replace_what_was(void **state)
{
	struct job job = begin(desk_of(state));
	assert_int_equal(db_read(job.desk->app.db, tally_fn, &job, NULL), 0);
	assert_int_equal(job.n, 3);
	assert_int_equal(job.tallies[2].org, job.desk->branch[2]);
	assert_int_equal(job.tallies[2].n_options, 4);
	assert_int_equal(job.tallies[2].counts[0], 32);
	assert_int_equal(job.tallies[2].counts[4], 4);
	assert_string_equal(job.tallies[2].counters, "王强、李梅");
	arena_done(&job.arena);
}

/* Few ballots of the first, whose other class has many, and of the third, never graded. */
static int put_few_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int r = 0;
	(void)info;
	for (int i = 0; r == 0 && i < 3; i += 2) {
		struct tally few = {.org = job->desk->branch[i], .voters = VOTERS_MEMBER, .n_options = 4,
				    .counts = {3, 1}, .counters = "", .at_ms = 9};
		r = store_tally_put(tx, job->campaign, &few);
		few.question = 1;
		if (r == 0)
			r = store_tally_put(tx, job->campaign, &few);
	}
	struct db_stmt *q = db_query(tx, "DELETE FROM result WHERE org = $1");
	db_bind_int(q, 1, job->desk->branch[2]);
	return r < 0 ? r : db_step(q);
}

static int few_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int64_t orgs[] = {job->desk->branch[0], job->desk->branch[2]};
	(void)info;
	int r = store_tally_few(tx, job->campaign, &job->arena, &job->few, &job->found);
	if (r == 0)
		r = store_tally_of_orgs(tx, job->campaign, orgs, 2, &job->arena, &job->tallies, &job->n);
	return r < 0 ? r : store_tally_of_few(tx, job->campaign, 1, &job->arena, &job->first, &job->n_first);
}

static void is_few(const struct job *job, int at, int branch, int category)
{
	struct arena arena = {0};
	assert_int_equal(job->few[at].org, job->desk->branch[branch]);
	assert_string_equal(job->few[at].path, desk_get(job->desk, job->desk->branch[branch], &arena).path);
	assert_int_equal(job->few[at].category, category);
	assert_int_equal(job->few[at].approval, -1);
	arena_done(&arena);
}

static void few_ballots_are_found_with_and_without_a_result(void **state)
{
	struct job job = begin(desk_of(state));
	campaign_desk_write(job.desk, put_few_fn, &job);
	assert_int_equal(db_read(job.desk->app.db, few_fn, &job, NULL), 0);
	assert_int_equal(job.found, 2);
	is_few(&job, 0, 0, 1);
	is_few(&job, 1, 2, 0);
	/* All their tallies: two questions and the other class. */
	assert_int_equal(job.n, 6);
	assert_int_equal(job.tallies[2].voters, VOTERS_RESIDENT);
	assert_int_equal(job.tallies[2].counts[0], 30);
	assert_int_equal(job.tallies[5].counts[0], 32);
	/* And as they come along with the first of them. */
	assert_int_equal(job.n_first, 3);
	for (int i = 0; i < 3; i++)
		assert_memory_equal(job.first[i].tally.counts, job.tallies[i].counts, sizeof(job.tallies[i].counts));
	job.few = job.first;
	is_few(&job, 2, 0, 1);
	arena_done(&job.arena);
}

static void results_are_found_by_category_grade_and_stars(void **state)
{
	struct job job = begin(desk_of(state));
	assert_int_equal(db_read(job.desk->app.db, list_fn, &job, NULL), 0);
	assert_int_equal(job.n, 3);
	assert_string_equal(job.results[0].name, "龙泉社区党总支");
	assert_string_equal(job.results[0].sources, "91.00\t\t88.50");
	job.filter.category = 0;
	assert_int_equal(db_read(job.desk->app.db, list_fn, &job, NULL), 0);
	assert_int_equal(job.total, 2);
	job.filter.grade = 2;
	assert_int_equal(db_read(job.desk->app.db, list_fn, &job, NULL), 0);
	assert_int_equal(job.total, 1);
	assert_int_equal(job.results[0].score, 9002);
	job.filter.stars = 4;
	assert_int_equal(db_read(job.desk->app.db, list_fn, &job, NULL), 0);
	assert_int_equal(job.total, 0);
	job.filter = RESULT_FILTER("/");
	job.filter.limit = 1;
	job.filter.offset = 2;
	assert_int_equal(db_read(job.desk->app.db, list_fn, &job, NULL), 0);
	assert_int_equal(job.total, 3);
	assert_int_equal(job.n, 1);
	assert_string_equal(job.results[0].code, "07-603");
	arena_done(&job.arena);
}

static int summaries_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	const struct result_summary all = {
		.node = job->desk->county, .category = -1, .orgs = 12, .graded = 10,
		.grades = {1, 2, 3, 4}, .stars = {1, 0, 0, 2, 3, 4}, .mean_e2 = -1,
	};
	struct result_summary villages = all;
	(void)info;
	villages.category = 0;
	villages.orgs = 5;
	int r = store_result_summary_put(tx, job->campaign, &villages);
	if (r == 0)
		r = store_result_summary_put(tx, job->campaign, &all);
	return r < 0 ? r : store_result_summaries(tx, job->campaign, job->desk->county, false,
						  &job->arena, &job->summaries, &job->n);
}

static void roll_ups_keep_their_counts(void **state)
{
	struct job job = begin(desk_of(state));
	campaign_desk_write(job.desk, summaries_fn, &job);
	assert_int_equal(job.n, 2);
	assert_int_equal(job.summaries[0].category, -1);
	assert_int_equal(job.summaries[0].grades[3], 4);
	assert_int_equal(job.summaries[0].stars[5], 4);
	assert_int_equal(job.summaries[0].mean_e2, -1);
	assert_int_equal(job.summaries[1].orgs, 5);
	arena_done(&job.arena);
}

static int past_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int r = 0;
	(void)info;
	for (int year = 2023; r == 0 && year < 2026; year++) {
		const struct past_result past = {
			.org = job->desk->branch[1], .year = year, .scheme_title = "旧办法",
			.score = "", .grade = "较好", .place = 1, .places = 4, .stars = -1,
			.ledger = "已销号", .note = "",
		};
		r = store_past_put(tx, &past);
		if (r == 0)
			r = store_past_put(tx, &past);
	}
	if (r == 0)
		r = store_past_of_year(tx, job->campaign, "/", 2024, &job->arena, &job->past,
				       &job->found);
	return r < 0 ? r : store_past_list(tx, job->desk->branch[1], &job->arena, &job->past, &job->n);
}

static void the_past_is_listed_latest_year_first(void **state)
{
	struct job job = begin(desk_of(state));
	campaign_desk_write(job.desk, past_fn, &job);
	assert_int_equal(job.found, 1);
	assert_int_equal(job.n, 3);
	assert_int_equal(job.past[0].year, 2025);
	assert_string_equal(job.past[0].ledger, "已销号");
	arena_done(&job.arena);
}

/* What is kept twice, made to differ; taken back before the desk is looked over. */
static int hold_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct db_stmt *q = db_query(tx, "UPDATE result SET hold = $1");
	(void)info;
	db_bind_int(q, 1, *(int *)arg);
	int r = db_run(q);
	return r < 0 ? r : 0;
}

static int money_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	int r = db_run(*(int *)arg
		? db_query(tx, "INSERT INTO money_tally (region, node, year, kind, n, cents)"
			       " SELECT region, org, 2026, 'running', 1, 5 FROM org WHERE code = '07-602'")
		: db_query(tx, "DELETE FROM money_tally"));
	return r < 0 ? r : 0;
}

static void is_told(struct job *job, db_fn spoil, const char *what)
{
	struct err_info info = {0};
	int on = 1, off = 0;
	campaign_desk_write(job->desk, spoil, &on);
	assert_int_equal(db_read(job->desk->app.db, store_check, NULL, &info), ERR_STATE);
	assert_non_null(strstr(info.text, what));
	campaign_desk_write(job->desk, spoil, &off);
	assert_int_equal(db_read(job->desk->app.db, store_check, NULL, NULL), 0);
}

static void what_no_longer_agrees_is_told(void **state)
{
	struct job job = begin(desk_of(state));
	is_told(&job, hold_fn, "报送状态不符");
	is_told(&job, money_fn, "四项保障合计不符");
	arena_done(&job.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(counts_replace_what_was),
		ON_DESK(few_ballots_are_found_with_and_without_a_result),
		ON_DESK(results_are_found_by_category_grade_and_stars),
		ON_DESK(roll_ups_keep_their_counts),
		ON_DESK(the_past_is_listed_latest_year_first),
		ON_DESK(what_no_longer_agrees_is_told),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
