/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/audits.h"
#include "app/campaign_desk.h"
#include "store/id.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

/* ---- opening ---- */

static void a_preview_shows_days_and_who_will_be_graded(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct campaign_preview p;
	campaign_desk_fill(desk);
	desk_add(desk, desk->township, "07-901", "无领域党支部", LEVEL_UNIT);
	const struct campaign_draft draft = {.node = desk->county, .year = 2026,
					     .scheme = "zhangji-town"};
	assert_int_equal(campaigns_preview(&desk->app, &desk->machine, &draft, &arena, &p, NULL), 0);
	assert_string_equal(p.title, "2026年度张纪镇基层党组织分类定级评星");
	assert_int_equal(p.graded, 4);
	assert_int_equal(p.by_category[0], 2);
	assert_int_equal(p.by_category[1], 2);
	assert_int_equal(p.outside, 1);
	assert_int_equal(p.steps[0].from_day, 20260327);
	assert_int_equal(p.steps[1].to_day, 20260401);
}

static void an_opened_campaign_has_tree_days_and_sums(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct campaign_detail d;
	campaign_desk_fill(desk);
	const struct campaign_step moved = {1, 20260402, 20260410};
	const struct campaign_draft draft = {.node = desk->county, .year = 2026, .title = "云岭县定级",
					     .scheme = "zhangji-town", .steps = &moved, .n_steps = 1};
	int64_t id;
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, NULL), 0);
	assert_int_equal(campaigns_get(&desk->app, &desk->machine, id, 0, &arena, &d, NULL), 0);
	assert_string_equal(d.campaign.title, "云岭县定级");
	assert_string_equal(d.campaign.node_name, "云岭县");
	assert_string_equal(d.scheme->id, "zhangji-town");
	assert_int_equal(d.org.id, desk->county);
	assert_int_equal(d.steps[0].from_day, 20260327);
	assert_int_equal(d.steps[1].from_day, 20260402);
	assert_true(d.owner);
	assert_int_equal(db_read(desk->app.db, store_check, NULL, NULL), 0);
}

static void what_cannot_be_opened_is_refused_with_the_reason(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	int64_t id;
	struct campaign_draft draft = {.node = desk->county, .year = 2026, .scheme = "nowhere"};
	campaign_desk_fill(desk);
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), ERR_NOT_FOUND);
	draft.scheme = "zhangji-town";
	draft.year = 2031;
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), ERR_INPUT);
	draft.year = 2026;
	draft.node = desk->branch[0];
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "由它们的上级来开展"));
	const struct campaign_step backwards = {0, 20260330, 20260301};
	draft.node = desk->county;
	draft.steps = &backwards;
	draft.n_steps = 1;
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "早于"));
}

static void nothing_is_graded_twice_in_a_year(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	struct campaign_detail d;
	campaign_desk_fill(desk);
	int64_t first = campaign_desk_open(desk, desk->county, "zhangji-town"), id;
	struct campaign_draft draft = {.node = desk->township, .year = 2026, .scheme = "guizhou"};
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), ERR_CONFLICT);
	assert_non_null(strstr(info.text, "张纪镇"));
	draft.node = desk->other_county;
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), 0);
	/* A rectification goes on beside it, and next year's knows this one. */
	draft = (struct campaign_draft){.node = desk->county, .year = 2026, .scheme = "loudi-2014"};
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), 0);
	draft = (struct campaign_draft){.node = desk->county, .year = 2027, .scheme = "zhangji-town"};
	assert_int_equal(campaigns_open(&desk->app, &desk->machine, &draft, &id, &info), 0);
	assert_int_equal(campaigns_get(&desk->app, &desk->machine, id, 0, &arena, &d, NULL), 0);
	assert_int_equal(d.campaign.previous, first);
}

/* ---- rights ---- */

static void only_an_officer_of_the_node_opens_and_moves(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	int64_t id;
	campaign_desk_fill(desk);
	int64_t officer = desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER);
	int64_t township = desk_account(desk, desk->township, "shiqiao", ROLE_TOWNSHIP);
	struct caller o = desk_caller(officer, 1000), t = desk_caller(township, 1000);
	const struct campaign_draft draft = {.node = desk->county, .year = 2026,
					     .scheme = "zhangji-town"};
	assert_int_equal(campaigns_open(&desk->app, &t, &draft, &id, &info), ERR_DENIED);
	assert_int_equal(campaigns_open(&desk->app, &o, &draft, &id, &info), 0);
	const struct campaign_step step = {0, 20260401, 20260405};
	assert_int_equal(campaigns_move_step(&desk->app, &t, id, &step, "雨", &info), ERR_DENIED);
	assert_int_equal(campaigns_close(&desk->app, &t, id, "完", &info), ERR_DENIED);
	assert_int_equal(campaigns_move_step(&desk->app, &o, id, &step, "", &info), ERR_INPUT);
	assert_int_equal(campaigns_move_step(&desk->app, &o, id, &step, "汛期", &info), 0);
	assert_int_equal(campaigns_move_step(&desk->app, &o, id, &step, "汛期", &info), ERR_INPUT);
	AUTO(arena) struct arena arena = {0};
	struct campaign_detail d;
	assert_int_equal(campaigns_get(&desk->app, &o, id, 0, &arena, &d, &info), 0);
	assert_int_equal(d.n_moves, 1);
	assert_int_equal(d.moves[0].from_day, 20260327);
	assert_string_equal(d.moves[0].reason, "汛期");
	assert_string_equal(d.moves[0].account_label, "zuzhi");
	assert_int_equal(d.steps[0].to_day, 20260405);
}

static void each_sees_a_campaign_from_the_own_place(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct campaign_detail d;
	struct campaign *campaigns;
	int n;
	campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town");
	struct caller clerk = desk_caller(desk_account(desk, desk->branch[1], "zhishu", ROLE_CLERK), 1);
	struct caller other = desk_caller(desk_account(desk, desk->other_county, "waixian",
						       ROLE_OFFICER), 1);
	struct caller city = desk_caller(desk_account(desk, desk->city, "shiwei", ROLE_OFFICER), 1);
	assert_int_equal(campaigns_get(&desk->app, &clerk, id, 0, &arena, &d, &info), 0);
	assert_int_equal(d.org.id, desk->branch[1]);
	assert_int_equal(d.org.category, 0);
	assert_false(d.owner);
	assert_int_equal(campaigns_get(&desk->app, &clerk, id, desk->branch[2], &arena, &d, &info),
			 ERR_DENIED);
	assert_int_equal(campaigns_get(&desk->app, &other, id, 0, &arena, &d, &info), ERR_DENIED);
	assert_int_equal(campaigns_get(&desk->app, &city, id, 0, &arena, &d, &info), 0);
	assert_int_equal(d.org.id, desk->county);
	assert_int_equal(campaigns_list(&desk->app, &clerk, false, &arena, &campaigns, &n, &info), 0);
	assert_int_equal(n, 1);
	assert_int_equal(campaigns_list(&desk->app, &other, false, &arena, &campaigns, &n, &info), 0);
	assert_int_equal(n, 0);
	assert_int_equal(campaigns_list(&desk->app, &city, false, &arena, &campaigns, &n, &info), 0);
	assert_int_equal(n, 1);
}

/* ---- what may be changed ---- */

struct may {
	struct desk *desk;
	int64_t campaign, org;
	enum gate_action action;
	enum hold_state hold;
	int may;
	struct err_info why;
	char path[ORG_PATH_MAX];
};

static int may_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct may *m = arg;
	AUTO(arena) struct arena arena = {0};
	struct campaign_call call, township;
	int r = campaign_enter(tx, &m->desk->app, &m->desk->machine, ACTION_SCORE_WRITE, m->campaign,
			       m->org, &arena, &call, info);
	if (r == 0) {
		m->may = campaign_gate(&call, m->action, &m->why);
		memcpy(m->path, call.path, sizeof(m->path));
		r = campaign_enter(tx, &m->desk->app, &m->desk->machine, ACTION_SCORE_WRITE,
				   m->campaign, m->desk->county, &arena, &township, info);
	}
	/* Entered above it, the answer is the same. */
	if (r == 0)
		assert_int_equal(campaign_gate_of(tx, &township, &call.org, m->action, info), m->may);
	return r;
}

static int may(struct desk *desk, int64_t campaign, int64_t org, enum gate_action action,
	       struct err_info *why)
{
	struct may m = {.desk = desk, .campaign = campaign, .org = org, .action = action};
	assert_int_equal(db_read(desk->app.db, may_fn, &m, why), 0);
	*why = m.why;
	return m.may;
}

static int hold_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct may *m = arg;
	char path[ORG_PATH_MAX];
	(void)info;
	assert_int_equal(store_org_path(tx, m->org, path), 1);
	const struct hold hold = {.org = m->org, .path = path, .state = m->hold, .reason = ""};
	return store_hold_set(tx, m->campaign, &hold);
}

static void hold(struct desk *desk, int64_t campaign, int64_t org, enum hold_state state)
{
	struct may m = {.desk = desk, .campaign = campaign, .org = org, .hold = state};
	campaign_desk_write(desk, hold_fn, &m);
}

static void what_was_shown_handed_in_or_accepted_is_locked(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info why = {0};
	campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town"), org = desk->branch[1];
	assert_int_equal(may(desk, id, org, GATE_SELF, &why), 0);
	hold(desk, id, org, HOLD_PUBLISHED);
	assert_int_equal(may(desk, id, org, GATE_SCORE, &why), ERR_STATE);
	hold(desk, id, org, HOLD_SUBMITTED);
	assert_int_equal(may(desk, id, org, GATE_SELF, &why), ERR_STATE);
	assert_non_null(strstr(why.text, "还不能填自评，因为"));
	hold(desk, id, org, HOLD_RETURNED);
	assert_int_equal(may(desk, id, org, GATE_SELF, &why), 0);
	hold(desk, id, org, HOLD_ACCEPTED);
	assert_int_equal(may(desk, id, org, GATE_BALLOT, &why), ERR_STATE);
	assert_non_null(strstr(why.text, "锁定"));
	/* Its neighbours are free. */
	assert_int_equal(may(desk, id, desk->branch[2], GATE_SCORE, &why), 0);
}

static void an_organisation_beside_the_campaign_is_not_found(void **state)
{
	struct desk *desk = desk_of(state);
	struct may m = {.desk = desk};
	campaign_desk_fill(desk);
	m.campaign = campaign_desk_open(desk, desk->township, "zhangji-town");
	m.org = desk->other_township;
	assert_int_equal(db_read(desk->app.db, may_fn, &m, NULL), ERR_NOT_FOUND);
	m.campaign++;
	m.org = desk->township;
	assert_int_equal(db_read(desk->app.db, may_fn, &m, NULL), ERR_NOT_FOUND);
}

static void a_branch_that_moved_is_in_reach_of_both_townships(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct campaign_detail d;
	campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town");
	struct caller old = desk_caller(desk_account(desk, desk->township, "yuan", ROLE_TOWNSHIP), 1);
	struct caller now = desk_caller(desk_account(desk, desk->other_township, "xin", ROLE_TOWNSHIP),
					1);
	struct org org = desk_get(desk, desk->branch[1], &arena);
	assert_int_equal(roster_move(&desk->app, &desk->machine, org.id, org.version,
				     desk->other_township, &desk_today, NULL), 0);
	assert_int_equal(campaigns_get(&desk->app, &old, id, org.id, &arena, &d, NULL), 0);
	assert_int_equal(campaigns_get(&desk->app, &now, id, org.id, &arena, &d, NULL), 0);
	/* It stands where it stood. */
	assert_int_equal(d.org.parent, desk->township);
}

/* ---- the end ---- */

static void closing_early_takes_a_reason_and_locks(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	struct campaign *campaigns;
	int n;
	int64_t school = campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town");
	assert_int_equal(campaigns_archive(&desk->app, &desk->machine, id, &info), ERR_STATE);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, NULL, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "还有 4 个党组织没有完成“县级审查”"));
	for (int i = 0; i < 3; i++)
		campaign_desk_step(desk, id, desk->branch[i], 4, STEP_DONE);
	campaign_desk_step(desk, id, school, 4, STEP_WAIVED);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, NULL, &info), 0);
	assert_int_equal(may(desk, id, school, GATE_SCORE, &info), ERR_STATE);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, "再来", &info), ERR_STATE);
	assert_int_equal(campaigns_reopen(&desk->app, &desk->machine, id, "", &info), ERR_INPUT);
	assert_int_equal(campaigns_reopen(&desk->app, &desk->machine, id, "有误", &info), 0);
	assert_int_equal(may(desk, id, school, GATE_SCORE, &info), 0);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, NULL, &info), 0);
	assert_int_equal(campaigns_archive(&desk->app, &desk->machine, id, &info), 0);
	assert_int_equal(campaigns_list(&desk->app, &desk->machine, false, &arena, &campaigns, &n, NULL),
			 0);
	assert_int_equal(n, 0);
	assert_int_equal(campaigns_list(&desk->app, &desk->machine, true, &arena, &campaigns, &n, NULL),
			 0);
	assert_int_equal(n, 1);
	assert_int_equal(campaigns[0].state, CAMPAIGN_ARCHIVED);
}

static int result_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct result *result = arg;
	(void)info;
	return store_result_put(tx, result->graded_ms, result);
}

struct history {
	int64_t org;
	struct arena *arena;
	struct past_result *past;
	int n;
};

static int history_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct history *h = arg;
	(void)info;
	return store_past_list(tx, h->org, h->arena, &h->past, &h->n);
}

static void closing_keeps_the_results_as_past_ones(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town");
	struct result result = {
		.org = desk->branch[1], .path = desk_get(desk, desk->branch[1], &arena).path,
		.category = 0, .status = "graded", .composite = "3561/40", .score = 8903, .places = 2,
		.sources = "", .grade = 1, .computed = 1, .by_score = 1, .quota = -1, .stars = 3,
		.rank = 2, .approval = LEVEL_COUNTY, .graded_ms = id,
	};
	campaign_desk_write(desk, result_fn, &result);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, "演示", NULL), 0);
	struct history h = {.org = desk->branch[1], .arena = &arena};
	assert_int_equal(db_read(desk->app.db, history_fn, &h, NULL), 0);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.past[0].year, 2026);
	assert_int_equal(h.past[0].campaign, id);
	assert_string_equal(h.past[0].score, "89.03");
	assert_string_equal(h.past[0].grade, "较好");
	assert_int_equal(h.past[0].place, 1);
	assert_int_equal(h.past[0].places, 4);
	assert_int_equal(h.past[0].stars, 3);
}

static void the_owners_acts_are_in_the_log(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	campaign_desk_fill(desk);
	int64_t id = campaign_desk_open(desk, desk->county, "zhangji-town");
	const struct campaign_step step = {0, 20260401, 20260405};
	assert_int_equal(campaigns_move_step(&desk->app, &desk->machine, id, &step, "汛期", NULL), 0);
	assert_int_equal(campaigns_close(&desk->app, &desk->machine, id, "并入新区", NULL), 0);
	struct audit_filter filter = {.limit = 10};
	struct audit_found page;
	assert_int_equal(audits_list(&desk->app, &desk->machine, desk->county, &filter, &arena, &page,
				     NULL), 0);
	assert_string_equal(page.entries[0].act, "campaign.close");
	assert_string_equal(page.entries[0].after, "并入新区");
	assert_string_equal(page.entries[1].act, "campaign.days");
	assert_string_equal(page.entries[1].before, "2026-03-27 至 2026-03-30");
	assert_string_equal(page.entries[2].act, "campaign.open");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_preview_shows_days_and_who_will_be_graded),
		ON_DESK(an_opened_campaign_has_tree_days_and_sums),
		ON_DESK(what_cannot_be_opened_is_refused_with_the_reason),
		ON_DESK(nothing_is_graded_twice_in_a_year),
		ON_DESK(only_an_officer_of_the_node_opens_and_moves),
		ON_DESK(each_sees_a_campaign_from_the_own_place),
		ON_DESK(what_was_shown_handed_in_or_accepted_is_locked),
		ON_DESK(an_organisation_beside_the_campaign_is_not_found),
		ON_DESK(a_branch_that_moved_is_in_reach_of_both_townships),
		ON_DESK(closing_early_takes_a_reason_and_locks),
		ON_DESK(closing_keeps_the_results_as_past_ones),
		ON_DESK(the_owners_acts_are_in_the_log),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
