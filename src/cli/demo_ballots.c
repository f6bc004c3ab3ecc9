/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_ballots.h"

#include <string.h>

#include "app/ballot_case.h"
#include "app/ballot_vote.h"
#include "app/ledger.h"
#include "base/buf.h"

enum { HOUR_MS = 3600000, N_OPTIONS = 4 };

/* Made-up votes: so many for each option, of members and of residents. */
struct demo_box {
	int64_t org, case_id;		/* a case: opinions on it, in three options */
	int heads[VOTERS_COUNT], present[VOTERS_COUNT];
	int votes[VOTERS_COUNT][N_OPTIONS];
	bool counted;
};

struct holding {
	struct app *app;
	struct caller caller;
	int64_t box;
	struct arena arena;
};

static const struct ballot_counter_in counters[] = {
	{"田国富", "演示口令：山高水长"}, {"彭秀英", "演示口令：月白风清"}, {"石大明", "演示口令：春华秋实"},
};

static int create(struct holding *h, const struct demo_box *demo, struct err_info *info)
{
	static const char *const options[N_OPTIONS] = {"好", "较好", "一般", "较差"};
	static const char *const notes[N_OPTIONS] = {"一年来做得好，我满意", "大体做得好，有小的不足",
						     "过得去，有明显的不足", "问题多，需要整顿"};
	static const char *const question = "你对党组织今年的工作怎么看？";
	const int64_t now = h->caller.now_ms;
	const struct ballot_setup setup = {
		.node = demo->org, .title = "民主测评（演示）", .opens_ms = now - HOUR_MS,
		.closes_ms = now + 24 * HOUR_MS, .heads = {demo->heads[0], demo->heads[1]},
		.orgs = &demo->org, .n_orgs = 1, .questions = &question, .n_questions = 1,
		.options = options, .option_notes = notes, .n_options = N_OPTIONS,
	};
	/* Starting the demo should not take seconds. */
	const struct ballot_cost cheap = {1, 8 << 10};
	const struct ballot_pair pair = {0, 1, counters[0].phrase, counters[1].phrase};
	const unsigned char answer = 0;

	int r = demo->case_id ? ballot_case_create(h->app, &h->caller, demo->case_id, setup.heads,
						   setup.opens_ms, setup.closes_ms, &h->box, info)
			      : ballot_create(h->app, &h->caller, &setup, &h->box, info);
	if (r == 0)
		r = ballot_set_counters(h->app, &h->caller, h->box, counters, 3, &cheap, info);
	return r ? r : ballot_test(h->app, &h->caller, h->box, &pair, &answer, info);
}

/* Prints, voids the spares, activates: as many slips as people. */
static int hand_out(struct holding *h, enum voters class, int present,
		    char (**ret_codes)[BALLOT_CODE_LEN + 1], struct err_info *info)
{
	AUTO(buf) struct buf spares = {0};
	int64_t moved;
	int n, r = ballot_print(h->app, &h->caller, h->box, class, 0, &h->arena, ret_codes, &n, info);

	if (r == 0)
		r = ballot_set_present(h->app, &h->caller, h->box, class, present, info);
	for (int i = present; r == 0 && i < n; i++)
		buf_addf(&spares, "%s\n", (*ret_codes)[i]);
	if (r == 0)
		r = ballot_act_on(h->app, &h->caller, h->box, BALLOT_VOID, class,
				  (struct str){spares.data, spares.len}, &moved, info);
	return r ? r : ballot_act_on(h->app, &h->caller, h->box, BALLOT_ACTIVATE_REST, class, STR(""),
				     &moved, info);
}

static int vote(struct holding *h, const int votes[N_OPTIONS], char (*codes)[BALLOT_CODE_LEN + 1],
		struct err_info *info)
{
	int at = 0, r = 0;

	for (int o = 0; o < N_OPTIONS; o++)
		for (int i = 0; r == 0 && i < votes[o]; i++, at++) {
			const unsigned char option = (unsigned char)o;
			enum ballot_refusal refusal;
			r = ballot_cast_vote(h->app, str_from(codes[at]), STR("demo-demo-demo-demo"), 0, &option,
					     1, h->caller.now_ms, &refusal, info);
		}
	return r;
}

/* Of those present some have not voted yet. */
static void keep_slips(const struct demo_box *demo, char (*codes)[BALLOT_CODE_LEN + 1],
		       struct demo_slips *slips)
{
	for (int i = 0; i < DEMO_SLIPS; i++)
		ballot_code_print(codes[demo->present[VOTERS_RESIDENT] - 1 - i], slips->codes[i]);
}

static int hold(struct app *app, const struct caller *caller, const struct demo_box *demo,
		struct demo_slips *slips, struct err_info *info)
{
	struct holding h = {.app = app, .caller = *caller, .arena = {.wipe = true}};
	const struct ballot_pair pair = {0, 2, counters[0].phrase, counters[2].phrase};
	char (*codes[VOTERS_COUNT])[BALLOT_CODE_LEN + 1];
	struct ballot_mismatch *rows;
	int n, r = create(&h, demo, info);

	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		r = hand_out(&h, (enum voters)c, demo->present[c], &codes[c], info);
	if (r == 0)
		r = ballot_start(app, caller, h.box, info);
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		r = vote(&h, demo->votes[c], codes[c], info);
	if (r == 0 && slips)
		keep_slips(demo, codes[VOTERS_RESIDENT], slips);
	if (r == 0 && demo->counted)
		r = ballot_close(app, caller, h.box, info);
	if (r == 0 && demo->counted)
		r = ballot_open(app, caller, h.box, &pair, &h.arena, &rows, &n, info);
	arena_done(&h.arena);
	return r;
}

int demo_opinions(struct app *app, const struct caller *township, int64_t node,
		  struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct ledger_board board;
	int r = ledger_board(app, township, node, &arena, &board, info);
	for (int i = 0; r == 0 && i < board.n_cases; i++) {
		const struct demo_box box = {board.cases[i].org, board.cases[i].id, {8, 30}, {7, 22},
					     {{4, 2, 1}, {11, 6, 2}}, false};
		if (board.cases[i].state == CASE_REPORTED)
			return hold(app, township, &box, NULL, info);
	}
	return r;
}

int demo_ballots(struct app *app, const struct caller *township, int64_t counted, int64_t open,
		 struct demo_slips *ret_slips, struct err_info *info)
{
	const struct demo_box first = {
		counted, 0, {14, 40}, {12, 33}, {{7, 3, 1, 0}, {16, 9, 4, 2}}, true};
	const struct demo_box second = {
		open, 0, {9, 24}, {8, 20}, {{3, 2, 0, 0}, {6, 3, 2, 1}}, false};
	int r = hold(app, township, &first, NULL, info);
	return r ? r : hold(app, township, &second, ret_slips, info);
}
