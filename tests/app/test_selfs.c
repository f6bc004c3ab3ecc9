/* SPDX-License-Identifier: Apache-2.0 */
/* Self-evaluation: filled in, handed in, confirmed by the resident cadre (ZJ-9),
 * sent back; entered by the township only with the sealed original. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/attachments.h"
#include "app/campaign_desk.h"
#include "app/selfs.h"

enum { NOW_MS = 1774000000 };

struct people {
	struct desk *desk;
	struct caller clerk, cadre, township, officer;
	int64_t campaign, org;
	struct arena arena;
};

static void begin(struct people *p, void **state)
{
	*p = (struct people){.desk = desk_of(state)};
	struct desk *d = p->desk;
	campaign_desk_fill(d);
	p->campaign = campaign_desk_open(d, d->county, "zhangji-town");
	p->org = d->branch[1];
	p->clerk = desk_caller(desk_account(d, p->org, "clerk", ROLE_CLERK), NOW_MS);
	p->cadre = desk_caller(desk_account(d, p->org, "cadre", ROLE_CADRE), NOW_MS);
	p->township = desk_caller(desk_account(d, d->township, "township", ROLE_TOWNSHIP), NOW_MS);
	p->officer = desk_caller(desk_account(d, d->county, "officer", ROLE_OFFICER), NOW_MS);
}

static int save(struct people *p, const struct caller *caller, int cells, const char *value,
		const struct self_draft *draft, const char **missing)
{
	struct score_put puts[7];
	struct err_info info = {0};
	for (int i = 0; i < cells; i++)
		puts[i] = (struct score_put){.org = p->org, .leaf = i, .value = value};
	*missing = NULL;
	return selfs_save(&p->desk->app, caller, p->campaign, p->org, puts, cells, draft, &p->arena,
			  missing, &info);
}

static struct self_view look(struct people *p, const struct caller *caller)
{
	struct self_view view = {0};
	struct err_info info = {0};
	if (selfs_get(&p->desk->app, caller, p->campaign, p->org, &p->arena, &view, &info) < 0)
		fail_msg("%s", info.text);
	return view;
}

static int decide(struct people *p, const struct caller *caller, bool confirm, const char *reason)
{
	struct err_info info = {0};
	return selfs_decide(&p->desk->app, caller, p->campaign, p->org, confirm, reason, &info);
}

static void a_branch_hands_in_and_the_cadre_confirms(void **state)
{
	struct people p;
	const char *missing;
	begin(&p, state);
	struct self_draft draft = {.report = "一年来……", .grade = -1, .hand_in = true};

	assert_int_equal(save(&p, &p.clerk, 6, "9", &draft, &missing), 0);
	assert_string_equal(missing, "还有 1 项没有打分；没有注明已加盖公章");
	assert_int_equal(decide(&p, &p.cadre, true, NULL), ERR_STATE);
	draft.sealed = true;
	assert_int_equal(save(&p, &p.clerk, 7, "9.5", &draft, &missing), 0);
	assert_null(missing);
	struct self_view view = look(&p, &p.cadre);
	assert_int_equal(view.report.state, SELF_HANDED_IN);
	assert_string_equal(view.report.report, "一年来……");
	assert_string_equal(view.grid.rows[0].sum, "66.5");
	assert_true(view.may_confirm);
	assert_false(view.may_write);
	/* What is handed in stays as it is. */
	assert_int_equal(save(&p, &p.clerk, 7, "1", &draft, &missing), ERR_STATE);
	assert_int_equal(decide(&p, &p.clerk, true, NULL), ERR_DENIED);
	assert_int_equal(decide(&p, &p.officer, true, NULL), ERR_DENIED);
	assert_int_equal(decide(&p, &p.cadre, true, NULL), 0);
	assert_int_equal(decide(&p, &p.cadre, true, NULL), ERR_STATE);
	view = look(&p, &p.officer);
	assert_int_equal(view.report.state, SELF_CONFIRMED);
	assert_string_equal(view.report.decided_label, "cadre");
	arena_done(&p.arena);
}

static void what_comes_back_says_why_and_can_be_changed(void **state)
{
	struct people p;
	const char *missing;
	begin(&p, state);
	const struct self_draft draft = {.report = "", .grade = -1, .sealed = true, .hand_in = true};

	assert_int_equal(save(&p, &p.clerk, 7, "9.5", &draft, &missing), 0);
	assert_null(missing);
	assert_int_equal(decide(&p, &p.township, true, NULL), ERR_DENIED);
	assert_int_equal(decide(&p, &p.township, false, ""), ERR_INPUT);
	assert_int_equal(decide(&p, &p.township, false, "阵地分偏高"), 0);
	struct self_view view = look(&p, &p.clerk);
	assert_int_equal(view.report.state, SELF_RETURNED);
	assert_string_equal(view.report.reason, "阵地分偏高");
	assert_true(view.may_write);
	assert_int_equal(save(&p, &p.clerk, 7, "8", &draft, &missing), 0);
	assert_int_equal(look(&p, &p.clerk).report.state, SELF_HANDED_IN);
	arena_done(&p.arena);
}

static void the_township_enters_only_with_the_sealed_original(void **state)
{
	struct people p;
	struct err_info info = {0};
	const char *missing;
	int64_t file;
	begin(&p, state);
	const struct self_draft draft = {.report = "", .grade = -1, .sealed = true, .hand_in = true};

	assert_true(look(&p, &p.township).as_township);
	assert_int_equal(save(&p, &p.township, 7, "9.5", &draft, &missing), 0);
	assert_string_equal(missing, "代录要附上盖章的原件");
	const struct attachment_new scan = {
		.org = p.org, .kind = ATTACHED_SELF, .object = p.campaign, .name = STR("自评表.png"),
		.what = "盖章原件", .data = {"\x89PNG\r\n\x1A\n-", 9}};
	if (attachments_add(&p.desk->app, &p.township, &scan, &file, &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(save(&p, &p.township, 7, "9.5", &draft, &missing), 0);
	assert_null(missing);
	assert_true(look(&p, &p.officer).report.by_township);
	/* A neighbour's clerk and the county don't write it. */
	struct caller beside = desk_caller(desk_account(p.desk, p.desk->branch[2], "beside", ROLE_CLERK),
					   NOW_MS);
	assert_int_equal(save(&p, &beside, 7, "9.5", &draft, &missing), ERR_DENIED);
	assert_int_equal(save(&p, &p.officer, 7, "9.5", &draft, &missing), ERR_DENIED);

	struct self_list list;
	assert_int_equal(selfs_list(&p.desk->app, &p.officer, p.campaign, p.desk->township, &p.arena,
				    &list, &info), 0);
	assert_int_equal(list.listed.total, 3);
	arena_done(&p.arena);
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(a_branch_hands_in_and_the_cadre_confirms),
		DESK(what_comes_back_says_why_and_can_be_changed),
		DESK(the_township_enters_only_with_the_sealed_original),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
