/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A solver against everything that shows scores of a campaign (ballots.md, "Small
 * groups"): random points, random organisations with too few voters; boards, lists
 * in every order, meeting, history and explanations as a township and a leader see
 * them are searched for scores, places and sums that lead to what is withheld. It
 * must find nothing; and where one may see all, it must find all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/campaign_board.h"
#include "app/decide_desk.h"
#include "app/meeting.h"
#include "app/why.h"
#include "app/years.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

enum { ORGS = 4, ROUNDS = 40, EQUATIONS_MAX = 64 };

/* What somebody has seen: scores one by one, and sums over sets. */
struct seen {
	int64_t org[ORGS];
	bool score[ORGS];	/* its score, or a place that brackets it */
	unsigned sums[EQUATIONS_MAX];	/* bits of the organisations in a mean */
	int n_sums;
	const char *where[ORGS];
};

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static int place_of(const struct seen *seen, int64_t org)
{
	for (int i = 0; i < ORGS; i++)
		if (seen->org[i] == org)
			return i;
	return -1;
}

static void found(struct seen *seen, int64_t org, const char *where)
{
	int i = place_of(seen, org);
	if (i >= 0 && !seen->score[i]) {
		seen->score[i] = true;
		seen->where[i] = where;
	}
}

/* A mean tells its sum; two that are nested tell the difference; what is known is
 * taken away from all. Until nothing more comes out. */
static void solve(struct seen *seen)
{
	for (bool more = true; more;) {
		more = false;
		unsigned known = 0;
		for (int i = 0; i < ORGS; i++)
			known |= seen->score[i] ? 1u << i : 0;
		for (int a = 0; a < seen->n_sums; a++)
			for (int b = -1; b < seen->n_sums; b++) {
				unsigned other = b < 0 ? 0 : seen->sums[b];
				unsigned left = seen->sums[a] & ~other & ~known;
				if ((other & ~seen->sums[a]) || !left || (left & (left - 1)))
					continue;
				found(seen, seen->org[__builtin_ctz(left)], "by subtraction");
				more = true;
			}
	}
}

/* ---- what is shown ---- */

struct office {
	struct decide_desk d;
	struct arena arena;
	int64_t node[2];		/* county, township */
	unsigned below[2];		/* bits of the organisations */
	int category[ORGS];
};

static void see_board(struct office *o, const struct caller *who, int64_t node, struct seen *seen)
{
	struct campaign_board b;
	struct err_info info = {0};
	if (campaign_board_get(&o->d.desk->app, who, o->d.campaign, node, &o->arena, &b, &info) < 0)
		return;		/* not his to see */
	if (b.leaf && (b.result.score >= 0 || b.result.rank > 0) && !b.result.org)
		fail_msg("a result of nobody");
	if (b.leaf && b.result.score >= 0)
		found(seen, node, "its own page");
	for (int i = 0; i < b.n_past; i++)
		if (*b.past[i].score)
			found(seen, node, "its past");
	for (int i = 0; i < b.n_summaries; i++) {
		unsigned in = 0;
		for (int n = 0; n < 2; n++)
			if (b.summaries[i].node == o->node[n])
				in = o->below[n];
		for (int k = 0; k < ORGS; k++)
			if (b.summaries[i].node == seen->org[k])
				in = 1u << k;
		for (int k = 0; k < ORGS; k++)
			if (b.summaries[i].category >= 0 && b.summaries[i].category != o->category[k])
				in &= ~(1u << k);
		if (b.summaries[i].mean_e2 >= 0 && in && seen->n_sums < EQUATIONS_MAX)
			seen->sums[seen->n_sums++] = in;
	}
}

/* A list in an order: scores, and places between neighbours whose score is told. */
static void see_list(struct office *o, const struct caller *who, int64_t node,
		     enum board_order order, struct seen *seen)
{
	struct board_filter f = {.category = BOARD_ANY, .grade = BOARD_ANY, .stars = BOARD_ANY,
				 .step = BOARD_ANY, .state = BOARD_ANY, .before = BOARD_ANY, .text = "",
				 .order = order, .limit = 100};
	struct campaign_board_page page, plain;
	struct err_info info = {0};
	if (campaign_board_list(&o->d.desk->app, who, o->d.campaign, node, &f, false, &o->arena, &page,
				&info) < 0)
		return;
	f.order = BOARD_BY_PATH;
	assert_int_equal(campaign_board_list(&o->d.desk->app, who, o->d.campaign, node, &f, false,
					     &o->arena, &plain, &info), 0);
	assert_int_equal(page.n, plain.n);
	bool ordered = false, ranked = false;
	for (int i = 0; i < page.n; i++) {
		ordered |= page.rows[i].org != plain.rows[i].org;
		ranked |= page.rows[i].rank > 0;
		if (page.rows[i].score >= 0)
			found(seen, page.rows[i].org, "a list");
	}
	/* One whose score is missing stands between two that are told. */
	for (int i = 0; i < page.n; i++)
		if (page.rows[i].grade >= 0 && page.rows[i].score < 0 && (ordered || ranked))
			found(seen, page.rows[i].org, ordered ? "its place in a list" : "a gap in the ranks");
}

static void see_meeting(struct office *o, const struct caller *who, struct seen *seen)
{
	struct meeting_view v;
	struct err_info info = {0};
	if (meeting_get(&o->d.desk->app, who, o->d.campaign, o->node[1], &o->arena, &v, &info) < 0)
		return;
	bool gap = false;
	for (int i = 0; i < v.n_rows; i++)
		gap |= v.rows[i].proposed.rank > 0 || v.rows[i].preview.rank > 0;
	for (int i = 0; i < v.n_rows; i++) {
		const struct meeting_row *row = &v.rows[i];
		bool told = row->proposed.score >= 0 || row->preview.score >= 0 || *row->proposed.composite ||
			    *row->proposed.sources || *row->preview.composite || *row->preview.sources;
		if (told)
			found(seen, row->org->org.id, "the meeting");
		else if (row->proposed.grade >= 0 && (gap || v.boundary.n || v.n_what_ifs))
			found(seen, row->org->org.id, "the meeting's lines");
		/* Of those withheld none stands above one whose score is told and grade the same. */
		for (int k = i + 1; !told && k < v.n_rows; k++)
			if (v.rows[k].proposed.grade >= 0 && v.rows[k].proposed.score >= 0)
				found(seen, row->org->org.id, "its place in the meeting");
	}
	meeting_view_done(&v);
}

static void see_org(struct office *o, const struct caller *who, int64_t org, struct seen *seen)
{
	struct years_view years;
	struct why_view why;
	struct err_info info = {0};
	see_board(o, who, org, seen);
	if (years_get(&o->d.desk->app, who, org, &o->arena, &years, &info) == 0)
		for (int i = 0; i < years.n; i++)
			if (*years.rows[i].score || years.rows[i].rank)
				found(seen, org, "its years");
	if (why_get(&o->d.desk->app, who, o->d.campaign, org, &o->arena, &why, &info) < 0)
		return;
	if (why.visible && why.floor & (FLOOR_COMPOSITE | FLOOR_SHARES))
		found(seen, org, "its explanation");
	why_view_done(&why);
}

static struct seen see(struct office *o, const struct caller *who)
{
	struct desk *desk = o->d.desk;
	struct seen seen = {.org = {desk->branch[0], desk->branch[1], desk->branch[2], o->d.school}};
	for (int n = 0; n < 2; n++) {
		see_board(o, who, o->node[n], &seen);
		for (int order = BOARD_BY_PATH; order <= BOARD_BY_RANK; order++)
			if (order != BOARD_BY_CODE && order != BOARD_BY_NAME)
				see_list(o, who, o->node[n], (enum board_order)order, &seen);
	}
	for (int i = 0; i < ORGS; i++)
		see_org(o, who, seen.org[i], &seen);
	see_meeting(o, who, &seen);
	solve(&seen);
	return seen;
}

/* ---- rounds ---- */

/* Random points; every second organisation has too few voters. The bits of those. */
static unsigned shuffle(struct office *o, uint64_t *chance)
{
	struct desk *desk = o->d.desk;
	const int64_t orgs[ORGS] = {desk->branch[0], desk->branch[1], desk->branch[2], o->d.school};
	unsigned few = 0;
	for (int i = 0; i < ORGS; i++) {
		if (next(chance) % 2) {
			decide_desk_few(&o->d, orgs[i]);
			few |= 1u << i;
		} else {
			decide_desk_score(&o->d, orgs[i], 40 + (int)(next(chance) % 60));
		}
	}
	decide_desk_grade(&o->d);
	return few;
}

static struct office office_of(void **state)
{
	struct office o = {.d = decide_desk_open(desk_of(state))};
	o.node[0] = o.d.desk->county;
	o.node[1] = o.d.desk->township;
	o.below[0] = 15;
	o.below[1] = 7;
	const int categories[ORGS] = {1, 0, 0, 1};
	memcpy(o.category, categories, sizeof(categories));
	return o;
}

static void nothing_shown_leads_to_what_is_withheld(void **state)
{
	struct office o = office_of(state);
	const struct caller leader =
		desk_caller(desk_account(o.d.desk, o.d.desk->county, "领", ROLE_LEADER), 7000);
	const struct caller *viewers[] = {&o.d.township, &leader, &o.d.clerk};
	static const char *const names[] = {"the township", "a leader", "the branch"};
	uint64_t chance = 20260318;
	int all = 0, told = 0;
	for (int round = 0; round < ROUNDS; round++) {
		unsigned few = shuffle(&o, &chance);
		for (size_t v = 0; v < ARRAY_LEN(viewers); v++) {
			const struct seen seen = see(&o, viewers[v]);
			for (int i = 0; i < ORGS; i++) {
				if (few >> i & 1 && seen.score[i])
					fail_msg("round %d: %s learns what organisation %d has: %s", round,
						 names[v], i, seen.where[i]);
				told += seen.score[i];
			}
		}
		/* Who approves sees all: the solver is able to find it. */
		const struct seen seen = see(&o, &o.d.county);
		for (int i = 0; i < ORGS; i++)
			all += seen.score[i] && few >> i & 1;
		arena_done(&o.arena);
	}
	assert_true(all > ROUNDS / 2);
	assert_true(told > ROUNDS / 2);
}

static void the_solver_finds_planted_leaks(void **state)
{
	struct seen sum = {.org = {1, 2, 3, 4}, .score = {true, false, true, false}, .sums = {7}, .n_sums = 1};
	struct seen nested = {.org = {1, 2, 3, 4}, .sums = {15, 7}, .n_sums = 2};
	struct seen two = {.org = {1, 2, 3, 4}, .sums = {15}, .n_sums = 1, .score = {true, true}};
	(void)state;
	solve(&sum);
	assert_true(sum.score[1] && !sum.score[3]);
	solve(&nested);
	assert_true(nested.score[3] && !nested.score[0]);
	solve(&two);
	assert_false(two.score[2] || two.score[3]);
}

/* Whatever comes after it: a question without ballots, or one with many. */
static void a_question_with_few_ballots_tells(void **state)
{
	const struct tally few = {.voters = VOTERS_MEMBER, .n_options = 4, .counts = {3}};
	const struct tally none = {.voters = VOTERS_MEMBER, .question = 1, .n_options = 4};
	const struct tally many = {.voters = VOTERS_MEMBER, .question = 2, .n_options = 4, .counts = {30}};
	const struct tally orders[][3] = {{few, none, many}, {none, few, many}, {many, few, none}};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct floor_case c = {.approves = false};
		decide_ballots(orders[i], 3, &c);
		assert_int_equal(c.ballots[VOTERS_MEMBER], 3);
		assert_false(floor_of(&c) & FLOOR_COMPOSITE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(nothing_shown_leads_to_what_is_withheld),
		cmocka_unit_test(the_solver_finds_planted_leaks),
		cmocka_unit_test(a_question_with_few_ballots_tells),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
