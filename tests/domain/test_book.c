/* SPDX-License-Identifier: Apache-2.0 */
/* Cards and ballots: many raters, many threads, and where it ends. */
#include <stdatomic.h>

#include "base/par.h"
#include "tests/domain/town.h"

enum { NODES = 40, RATERS = 60, THREADS = 8 };

static const uint64_t first_leaf[BOOK_WORDS_MAX] = {1};

static struct figure figure_of(const struct town *t, uint32_t node, const char *source)
{
	int s = scheme_find_source(&t->scheme, str_from(source));
	return *book_figure(&t->book, node, t->book.card_of[s]);
}

static void open_town(struct town *t, uint32_t nodes, uint8_t field)
{
	char code[16] = "";
	town_init(t, town_scheme_text, NULL);
	for (uint32_t i = 0; i < nodes; i++) {
		code[0] = (char)('A' + i % 26);
		code[1] = (char)('a' + i / 26);
		town_add(t, code, NULL, LEVEL_UNIT, field);
	}
	town_open(t);
}

struct crew {
	struct town *town;
	atomic_int twice;
	int sources[2];
};

static uint32_t points_of(uint32_t node, uint32_t rater)
{
	return node * 1000 + rater;
}

/* Every thread gives all raters' figures, so that each is given by all of them:
 * one is taken, the others are told that it is there. */
static void rate(void *arg, unsigned part)
{
	struct crew *crew = arg;
	for (uint32_t i = 0; i < NODES * RATERS; i++) {
		uint32_t at = (i + part * 97) % (NODES * RATERS);
		uint32_t node = at % NODES, rater = at / NODES + 1;
		for (int s = 0; s < 2; s++) {
			int r = book_add(&crew->town->book, node, crew->sources[s], rater, first_leaf,
					 points_of(node, rater));
			assert_true(r == 0 || r == BOOK_TWICE);
			crew->twice += r == BOOK_TWICE;
		}
		assert_int_equal(book_vote(&crew->town->book, node, VOTERS_RESIDENT, 2, rater), 0);
	}
}

static void threads_may_fill_it_at_once(void **state)
{
	struct town t;
	(void)state;
	open_town(&t, NODES, FIELD_VILLAGE);
	struct crew crew = {.town = &t, .sources = {0, 1}};
	par_run(THREADS, rate, &crew);
	assert_int_equal(crew.twice, 2 * NODES * RATERS * (THREADS - 1));
	assert_int_equal(book_finish(&t.book, 3), 0);
	for (uint32_t i = 0; i < NODES; i++) {
		int cell = (int)VOTERS_RESIDENT * t.book.options + 2;
		uint64_t sum = 0, ballots = 0;
		for (uint32_t r = 1; r <= RATERS; r++) {
			sum += points_of(i, r);
			ballots += r;
		}
		for (int s = 0; s < 2; s++) {
			struct figure f = figure_of(&t, i, s ? "units" : "committee");
			assert_int_equal(f.raters, RATERS);
			assert_int_equal(f.sum_e4, sum);
		}
		assert_int_equal(book_count(&t.book, i, cell), ballots * THREADS);
		assert_int_equal(book_count(&t.book, i, 2), 0);
	}
	town_done(&t);
}

static void fill_raters(struct town *t, uint32_t n, uint32_t points_e4)
{
	open_town(t, 1, FIELD_VILLAGE);
	for (uint32_t r = 1; r <= n; r++)
		town_points(t, 0, "units", r, points_e4);
}

static void raters_have_a_limit(void **state)
{
	struct town t;
	(void)state;
	fill_raters(&t, BOOK_RATERS_MAX, 1000000);
	assert_int_equal(book_finish(&t.book, 1), 0);
	assert_int_equal(figure_of(&t, 0, "units").raters, BOOK_RATERS_MAX);
	assert_true(figure_of(&t, 0, "units").sum_e4 == (uint64_t)1000000 * BOOK_RATERS_MAX);
	town_done(&t);

	fill_raters(&t, BOOK_RATERS_MAX + 1, 1);
	assert_int_equal(book_finish(&t.book, 1), ERR_LIMIT);
	town_done(&t);
}

static void ballots_have_a_limit(void **state)
{
	struct town t;
	(void)state;
	open_town(&t, 2, FIELD_VILLAGE);
	assert_int_equal(book_vote(&t.book, 1, VOTERS_MEMBER, 0, BOOK_VOTES_MAX - 1), 0);
	assert_int_equal(book_vote(&t.book, 1, VOTERS_MEMBER, 0, 1), 0);
	assert_int_equal(book_vote(&t.book, 1, VOTERS_MEMBER, 0, 0), 0);
	assert_int_equal(book_vote(&t.book, 1, VOTERS_MEMBER, 0, 1), ERR_LIMIT);
	assert_int_equal(book_vote(&t.book, 1, VOTERS_MEMBER, 1, BOOK_VOTES_MAX), 0);
	book_clear_votes(&t.book);
	assert_int_equal(book_vote(&t.book, 1, VOTERS_MEMBER, 0, BOOK_VOTES_MAX), 0);
	town_done(&t);
}

static const char with_items[] =
	"id: items\n"
	"title: 分项\n"
	"source: 测试用，无此文件\n"
	"categories:\n"
	"  - {id: village, label: 行政村, fields: [village]}\n"
	"indicators:\n"
	"  - {id: a, label: 甲, max: 60}\n"
	"  - id: b\n"
	"    label: 乙\n"
	"    max: 40\n"
	"    items:\n"
	"      - {id: x, label: 子, max: 30}\n"
	"      - {id: y, label: 丑, max: 10}\n"
	"sources:\n"
	"  - {id: committee, label: 党委评定, weight: 100%, by: indicators}\n"
	"grades:\n"
	"  - {id: good, label: 好, from: 90}\n"
	"  - {id: poor, label: 差}\n";

static int give(struct town *t, uint32_t rater, const char *leaf, uint32_t points_e4)
{
	int at = scheme_find_leaf(&t->scheme, str_from(leaf));
	assert_in_range(at, 0, t->scheme.n_leaves - 1);
	uint64_t seen[BOOK_WORDS_MAX] = {(uint64_t)1 << at};
	return book_add(&t->book, 0, 0, rater, seen, points_e4);
}

static void open_items(struct town *t)
{
	town_init(t, with_items, NULL);
	town_add(t, "A", NULL, LEVEL_UNIT, FIELD_VILLAGE);
	town_open(t);
}

static void an_indicator_is_scored_whole_or_by_items(void **state)
{
	struct town t;
	(void)state;
	open_items(&t);
	assert_int_equal(give(&t, 1, "a", 500000), 0);
	assert_int_equal(give(&t, 1, "b/x", 250000), 0);
	assert_int_equal(give(&t, 1, "b/x", 250000), BOOK_TWICE);
	assert_int_equal(give(&t, 2, "b", 400000), 0);
	assert_int_equal(give(&t, 2, "a", 0), 0);
	assert_int_equal(give(&t, 1, "b/y", 10000), 0);
	assert_int_equal(book_finish(&t.book, 1), 0);
	assert_int_equal(figure_of(&t, 0, "committee").raters, 2);
	assert_int_equal(figure_of(&t, 0, "committee").sum_e4, 1160000);
	town_done(&t);

	open_items(&t);
	assert_int_equal(give(&t, 1, "b/x", 250000), 0);
	assert_int_equal(give(&t, 1, "b", 250000), BOOK_MIXED);
	assert_int_equal(give(&t, 9, "b", 1), 0);
	assert_int_equal(give(&t, 9, "b/y", 1), BOOK_MIXED);
	town_done(&t);
}

static void one_incomplete_rater_makes_it_missing(void **state)
{
	struct town t;
	(void)state;
	for (int incomplete = 1; incomplete <= 3; incomplete++) {
		open_items(&t);
		for (uint32_t r = 1; r <= 3; r++) {
			assert_int_equal(give(&t, r, "a", 1), 0);
			assert_int_equal(give(&t, r, "b/x", 1), 0);
			if ((int)r != incomplete)
				assert_int_equal(give(&t, r, "b/y", 1), 0);
		}
		assert_int_equal(book_finish(&t.book, 2), 0);
		assert_int_equal(figure_of(&t, 0, "committee").raters, 0);
		town_done(&t);
	}
}

static void outside_ones_have_no_figures(void **state)
{
	struct town t;
	(void)state;
	open_town(&t, 1, FIELD_SCHOOL);
	town_points(&t, 0, "units", 1, 5);
	town_points(&t, 0, "units", 2, 5);
	town_grade(&t, 1);
	assert_int_equal(figure_of(&t, 0, "units").raters, 0);
	assert_int_equal(t.graded.status[0], STATUS_OUTSIDE);
	town_done(&t);
}

static void scores_can_be_forgotten(void **state)
{
	struct town t;
	(void)state;
	fill_raters(&t, 5, 7);
	assert_int_equal(book_clear_scores(&t.book), 0);
	town_points(&t, 0, "units", 1, 9);
	assert_int_equal(book_finish(&t.book, 1), 0);
	assert_int_equal(figure_of(&t, 0, "units").raters, 1);
	assert_int_equal(figure_of(&t, 0, "units").sum_e4, 9);
	town_done(&t);
}

static void local_sums_do_not_wrap(void **state)
{
	struct local local = {0};
	char id[3] = "l0";
	(void)state;
	/* The most a file may hold: 32 indicators of 10,000 points. */
	for (int i = 0; i < LOCAL_MAX; i++) {
		id[1] = (char)('0' + i);
		assert_int_equal(local_add(&local, 0, str_from(id), str_from(id + 1), SCHEME_POINTS_MAX * E4), 0);
	}
	assert_true(local.sets[0].max_sum_e4 == (int64_t)LOCAL_MAX * SCHEME_POINTS_MAX * E4);
	assert_int_equal(local_add(&local, 0, str_from("more"), str_from("多"), 1), ERR_LIMIT);
	assert_int_equal(local_add(&local, 1, str_from("more"), str_from("多"), 1), 0);
	assert_int_equal(local_add(&local, 1, str_from("more"), str_from("少"), 1), ERR_CONFLICT);
	assert_int_equal(local_add(&local, 1, str_from("less"), str_from("多"), 1), ERR_CONFLICT);
	assert_int_equal(local_add(&local, 1, str_from("多"), str_from("少"), 1), ERR_CONFLICT);
	local_done(&local);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_may_fill_it_at_once),
		cmocka_unit_test(raters_have_a_limit),
		cmocka_unit_test(ballots_have_a_limit),
		cmocka_unit_test(an_indicator_is_scored_whole_or_by_items),
		cmocka_unit_test(one_incomplete_rater_makes_it_missing),
		cmocka_unit_test(outside_ones_have_no_figures),
		cmocka_unit_test(scores_can_be_forgotten),
		cmocka_unit_test(local_sums_do_not_wrap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
