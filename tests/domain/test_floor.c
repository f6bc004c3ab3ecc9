/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A solver against the floor: thousands of random small organisations with
 * random weights and points. For each, everything that the floor shows to
 * somebody below the approving level is computed; then the solver goes through
 * all ballots that could have been cast and keeps those that would have shown
 * the same. Of a class with 1 to 4 ballots every way of splitting the pool must
 * remain, of a box with fewer than 5 ballots every set of ballots at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "domain/floor.h"

enum { OPTIONS = 4, ORGS = 4000 };

struct world {
	int64_t votes[VOTERS_COUNT][OPTIONS];
};

struct office {
	int64_t points[OPTIONS];
	int64_t weight[VOTERS_COUNT];	/* of each class's source; of the first alone if pooled */
	bool class_alone;
	int64_t other;			/* the other sources' share of the composite, known to all */
};

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static int64_t total(const struct world *w, int class)
{
	int64_t n = 0;
	for (int o = 0; o < OPTIONS; o++)
		n += w->votes[class][o];
	return n;
}

/* Points × 10^6 of one class (or, VOTERS_COUNT, of both), rounded down. */
static int64_t share_score(const struct office *office, const struct world *w, int class)
{
	int64_t sum = 0, n = 0;
	for (int c = 0; c < VOTERS_COUNT; c++)
		for (int o = 0; o < OPTIONS && (class == VOTERS_COUNT || c == class); o++) {
			sum += office->points[o] * w->votes[c][o];
			n += w->votes[c][o];
		}
	return n ? sum * 1000000 / n : -1;
}

/* All that is shown, as one row of numbers. */
static int view(const struct office *office, const struct world *w, bool approves, int64_t out[64])
{
	struct floor_case what = {.class_alone = office->class_alone, .approves = approves};
	int n = 0;
	for (int c = 0; c < VOTERS_COUNT; c++)
		what.ballots[c] = (uint64_t)total(w, c);
	unsigned show = floor_of(&what);
	out[n++] = show;
	for (int c = 0; c < VOTERS_COUNT; c++)
		out[n++] = total(w, c);
	for (int o = 0; o < OPTIONS; o++) {
		if (show & FLOOR_BY_CLASS)
			for (int c = 0; c < VOTERS_COUNT; c++)
				out[n++] = w->votes[c][o];
		if (show & FLOOR_POOLED)
			out[n++] = w->votes[0][o] + w->votes[1][o];
	}
	int64_t score[VOTERS_COUNT], composite = office->other;
	for (int c = 0; c < VOTERS_COUNT; c++) {
		score[c] = share_score(office, w, office->class_alone ? c : VOTERS_COUNT);
		composite += office->weight[c] * (score[c] > 0 ? score[c] : 0);
		if (show & FLOOR_SHARES)
			out[n++] = score[c];
	}
	if (show & FLOOR_COMPOSITE)
		out[n++] = composite;
	return n;
}

struct solver {
	const struct office *office;
	int64_t seen[64];
	int n_seen;
	struct world at;
	int64_t pool[OPTIONS];
	bool pooled;		/* only worlds with this pool are possible */
	int64_t all, same;
};

static void compare(struct solver *s)
{
	int64_t now[64];
	int n = view(s->office, &s->at, false, now);
	s->all++;
	s->same += n == s->n_seen && memcmp(now, s->seen, (size_t)n * sizeof(*now)) == 0;
}

/* Goes through all ways to hand out `left` votes of a class from `option` on. */
static void solve(struct solver *s, int class, int option, int64_t left, const int64_t turnout[])
{
	if (class == VOTERS_COUNT) {
		compare(s);
		return;
	}
	if (option == OPTIONS) {
		if (left == 0)
			solve(s, class + 1, 0, class + 1 < VOTERS_COUNT ? turnout[class + 1] : 0, turnout);
		return;
	}
	int64_t given = class ? s->at.votes[0][option] : 0;
	for (int64_t v = 0; v <= left; v++) {
		if (s->pooled && given + v > s->pool[option])
			break;
		if (s->pooled && class == VOTERS_COUNT - 1 && given + v != s->pool[option])
			continue;
		s->at.votes[class][option] = v;
		solve(s, class, option + 1, left - v, turnout);
	}
	s->at.votes[class][option] = 0;
}

static struct world random_world(uint64_t *seed, int64_t most)
{
	struct world w = {0};
	for (int c = 0; c < VOTERS_COUNT; c++)
		for (int64_t n = (int64_t)(next(seed) % (uint64_t)(most + 1)); n > 0; n--)
			w.votes[c][next(seed) % OPTIONS]++;
	return w;
}

static struct office random_office(uint64_t *seed)
{
	static const int64_t points[][OPTIONS] = {{100, 60, 30, 10}, {100, 90, 80, 65}, {100, 85, 70, 40}};
	struct office office = {.class_alone = next(seed) % 2, .other = (int64_t)(next(seed) % 100) * 1000000};
	memcpy(office.points, points[next(seed) % 3], sizeof(office.points));
	office.weight[0] = 5 + (int64_t)(next(seed) % 40);
	office.weight[1] = office.class_alone ? 5 + (int64_t)(next(seed) % 40) : 0;
	return office;
}

static void nobody_below_solves_for_a_small_class(void **state)
{
	(void)state;
	uint64_t seed = 20261122;
	int small_boxes = 0, small_classes = 0, plain = 0;

	for (int i = 0; i < ORGS; i++) {
		struct office office = random_office(&seed);
		struct world w = random_world(&seed, 9);
		struct solver s = {.office = &office};
		int64_t turnout[VOTERS_COUNT] = {total(&w, 0), total(&w, 1)};
		int64_t all = turnout[0] + turnout[1];
		bool small = (turnout[0] && turnout[0] < FLOOR_BALLOTS) ||
			     (turnout[1] && turnout[1] < FLOOR_BALLOTS);
		s.n_seen = view(&office, &w, false, s.seen);
		if (!small) {
			plain++;
			assert_int_equal(s.seen[0], FLOOR_ALL);
			continue;
		}
		s.pooled = all >= FLOOR_BALLOTS;
		for (int o = 0; o < OPTIONS; o++)
			s.pool[o] = w.votes[0][o] + w.votes[1][o];
		solve(&s, 0, 0, turnout[0], turnout);
		assert_true(s.all > 0);
		if (s.same != s.all)
			fail_msg("organisation %d: of %lld possible sets of ballots only %lld remain (%lld + %lld)",
				 i, (long long)s.all, (long long)s.same, (long long)turnout[0],
				 (long long)turnout[1]);
		small_boxes += !s.pooled;
		small_classes += s.pooled;
	}
	/* The cases were there. */
	assert_true(small_boxes > 200 && small_classes > 1000 && plain > 200);
}

static void counts_of_a_small_box_are_shown_to_nobody(void **state)
{
	(void)state;
	for (uint64_t m = 0; m < 12; m++)
		for (uint64_t r = 0; r < 12; r++)
			for (int bits = 0; bits < 4; bits++) {
				struct floor_case what = {{m, r}, bits & 1, bits & 2};
				unsigned show = floor_of(&what);
				bool small = (m && m < 5) || (r && r < 5);
				assert_true(show & FLOOR_GRADE);
				if (small)
					assert_false(show & FLOOR_BY_CLASS);
				if (m + r && m + r < 5)
					assert_false(show & FLOOR_POOLED);
				if (small && what.class_alone)
					assert_false((show & FLOOR_POOLED) && (show & FLOOR_COMPOSITE));
				if (small && what.class_alone && !what.approves)
					assert_false(show & (FLOOR_COMPOSITE | FLOOR_SHARES));
			}
}

/* Sums over random towns: subtracting what is shown never leaves one small
 * organisation, nor fewer than five ballots. */
static void a_sum_never_gives_the_hidden_ones_away(void **state)
{
	(void)state;
	uint64_t seed = 7;
	int shown = 0, withheld = 0;
	for (int town = 0; town < 5000; town++) {
		uint64_t hidden = 0, ballots = 0, left_orgs = 0, left_ballots = 0;
		for (int org = 0; org < 6; org++) {
			struct floor_case what = {{next(&seed) % 4, next(&seed) % 12}, false, false};
			uint64_t n = what.ballots[0] + what.ballots[1];
			if (floor_of(&what) & FLOOR_POOLED)
				continue;
			hidden++;
			ballots += n;
		}
		if (!floor_sum(hidden, ballots)) {
			withheld++;
			continue;
		}
		shown++;
		left_orgs = hidden;
		left_ballots = ballots;
		assert_true(left_orgs == 0 || (left_orgs >= 2 && left_ballots >= FLOOR_BALLOTS));
	}
	assert_true(shown > 500 && withheld > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_below_solves_for_a_small_class),
		cmocka_unit_test(counts_of_a_small_box_are_shown_to_nobody),
		cmocka_unit_test(a_sum_never_gives_the_hidden_ones_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
