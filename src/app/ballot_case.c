/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ballot_case.h"

#include "app/ballot_in.h"
#include "app/ledger_in.h"
#include "store/id.h"

enum { SATISFIED, MOSTLY_SATISFIED, DISSATISFIED, N_OPTIONS };

static const char *const options[N_OPTIONS] = {"满意", "基本满意", "不满意"};
static const char *const question = "你对整改的结果满意吗？";

/* ---- set up ---- */

struct case_box {
	struct ledger_work work;
	struct ballot_setup setup;
	int64_t box;
};

static int no_other(struct db_tx *tx, struct case_box *in, struct err_info *info)
{
	const struct ledger_case *c = &in->work.c;
	struct ballot_opinion opinion;
	int r = ballot_case_read(tx, c->id, c->round, c->attempt, &in->work.arena, &opinion);
	if (r == 0 && opinion.box)
		return err_set(info, ERR_STATE, "这次验收已经有票箱了（%s）", box_state_label(opinion.state));
	return r;
}

static int create_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct case_box *in = arg;
	struct ledger_work *work = &in->work;

	arena_done(&work->arena);
	int r = ledger_load(tx, work, info);
	if (r < 0)
		return r;
	if (work->c.state != CASE_REPORTED)
		return err_set(info, ERR_STATE, "自查上报以后、验收以前才能设群众评议的票箱，现在是“%s”",
			       case_state_label(work->c.state));
	in->setup.node = work->c.org;
	in->setup.orgs = &work->c.org;
	in->setup.title = arena_printf(&work->arena, "整改验收群众评议（第 %d 次）", work->c.attempt);
	if (!in->setup.title)
		return db_doom_nomem(tx);
	if ((r = no_other(tx, in, info)) < 0 ||
	    (r = box_create(tx, work->app, work->caller, &in->setup, &in->box, info)) < 0)
		return r;
	return store_box_case_put(tx, in->box, work->c.id, work->c.round, work->c.attempt);
}

int ballot_case_create(struct app *app, const struct caller *caller, int64_t case_id,
		       const int64_t heads[VOTERS_COUNT], int64_t opens_ms, int64_t closes_ms,
		       int64_t *ret_box, struct err_info *info)
{
	struct case_box in = {
		.work = {.app = app, .caller = caller, .case_id = case_id},
		.setup = {.opens_ms = opens_ms, .closes_ms = closes_ms, .n_orgs = 1,
			  .questions = &question, .n_questions = 1, .options = options,
			  .n_options = N_OPTIONS},
	};
	for (int c = 0; c < VOTERS_COUNT; c++)
		in.setup.heads[c] = heads[c];
	int r = db_write(app->db, id_region(case_id), create_fn, &in, info);
	if (r == 0)
		*ret_box = in.box;
	arena_done(&in.work.arena);
	return r;
}

/* ---- what it says ---- */

int ballot_case_read(struct db_tx *tx, int64_t case_id, int round, int attempt,
		     struct arena *arena, struct ballot_opinion *ret)
{
	struct ballot_opinion opinion = {.heard = -1, .satisfied = -1, .dissatisfied = -1, .how = ""};
	struct ballot_view view = {0};
	int r = store_box_of_case(tx, case_id, round, attempt, &opinion.box);
	if (r > 0)
		r = box_load(tx, opinion.box, arena, &view);
	if (r < 0)
		return r;
	if (opinion.box) {
		opinion.state = view.box.state;
		opinion.satisfied = ballot_count_shown(&view, 0, 0, VOTERS_COUNT, SATISFIED);
	}
	opinion.silent = opinion.box && opinion.state == BOX_COUNTED && opinion.satisfied < 0;
	if (opinion.satisfied >= 0) {
		opinion.satisfied += ballot_count_shown(&view, 0, 0, VOTERS_COUNT, MOSTLY_SATISFIED);
		opinion.dissatisfied = ballot_count_shown(&view, 0, 0, VOTERS_COUNT, DISSATISFIED);
		opinion.heard = view.voted;
		opinion.how = arena_printf(arena, "不记名票箱（%s计票）", view.box.opened_by);
		if (!opinion.how)
			return db_doom_nomem(tx);
	}
	*ret = opinion;
	return 0;
}

struct reading {
	struct ledger_work work;
	struct arena *arena;
	struct ballot_opinion opinion;
};

static int opinion_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct reading *in = arg;
	const struct ledger_case *c = &in->work.c;

	arena_done(&in->work.arena);
	int r = ledger_load(tx, &in->work, info);
	return r ? r : ballot_case_read(tx, c->id, c->round, c->attempt, in->arena, &in->opinion);
}

int ballot_case_opinion(struct app *app, const struct caller *caller, int64_t case_id,
			struct arena *arena, struct ballot_opinion *ret, struct err_info *info)
{
	struct reading in = {.work = {.app = app, .caller = caller, .case_id = case_id}, .arena = arena};
	int r = db_read(app->db, opinion_fn, &in, info);
	if (r == 0)
		*ret = in.opinion;
	arena_done(&in.work.arena);
	return r;
}

/* ---- onto the score sheet ---- */

int ballot_case_fill(struct db_tx *tx, int64_t case_id, struct arena *arena,
		     struct case_sheet *sheet)
{
	struct ballot_opinion opinion = {0};
	int r = ballot_case_read(tx, case_id, sheet->round, sheet->attempt, arena, &opinion);
	if (r < 0 || opinion.heard < 0)
		return r;
	sheet->heard = opinion.heard;
	sheet->satisfied = opinion.satisfied;
	sheet->dissatisfied = opinion.dissatisfied;
	sheet->how = opinion.how;
	return 1;
}

static int fill_sheet(struct db_tx *tx, const struct ledger_case *c, const struct caller *caller,
		      const char *who, struct arena *arena)
{
	struct case_sheet *sheets, *sheet = NULL;
	int n, r = store_sheets(tx, c->id, arena, &sheets, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (sheets[i].round == c->round && sheets[i].attempt == c->attempt &&
		    sheets[i].outcome == SHEET_OPEN)
			sheet = &sheets[i];
	if (r < 0 || !sheet || (r = ballot_case_fill(tx, c->id, arena, sheet)) <= 0 ||
	    (r = store_sheet_put(tx, c->id, sheet)) < 0)
		return r;
	const struct case_event event = {
		.round = c->round, .at_ms = caller->now_ms, .day = caller->today,
		.account = caller->account, .who = who, .act = CASE_EVENT_SHEET, .before = c->state,
		.after = c->state,
		.text = arena_printf(arena, "群众评议（%s）：%lld 票，不满意 %lld 票", sheet->how,
				     (long long)sheet->heard, (long long)sheet->dissatisfied),
	};
	return event.text ? store_case_event_add(tx, c->id, &event) : db_doom_nomem(tx);
}

int ballot_case_counted(struct db_tx *tx, int64_t box, const struct caller *caller,
			const char *who, struct arena *arena)
{
	struct ledger_case c;
	int64_t case_id;
	int round, attempt, r = store_case_of_box(tx, box, &case_id, &round, &attempt);
	if (r <= 0 || (r = store_case_get(tx, case_id, arena, &c)) <= 0)
		return r;
	/* Of an attempt that is over it stays the box's own. */
	if (c.state != CASE_REPORTED || c.round != round || c.attempt != attempt)
		return 0;
	return fill_sheet(tx, &c, caller, who, arena);
}
