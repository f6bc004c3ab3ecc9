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
#include "app/scores_sheet.h"
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

/* ---- who sees it when ---- */

enum person { CLERK, NEIGHBOUR, CADRE, TOWNSHIP, TOWN_INSPECTOR, OFFICER, LEADER, PEOPLE };
enum when { BEGUN, HANDED_IN, RETURNED, AGAIN, ABOVE, WHEN_COUNT };

/* Below the committee's level: those it is not for are refused at all. */
static const char sees[WHEN_COUNT][PEOPLE] = {
	/*               CLERK NEIGHB CADRE TOWN. INSP. OFFIC. LEADER */
	[BEGUN] =	{'+',  'x',   '-',  '-',  '-',  '-',   '-'},
	[HANDED_IN] =	{'+',  'x',   '+',  '+',  '+',  '-',   '-'},
	[RETURNED] =	{'+',  'x',   '-',  '-',  '-',  '-',   '-'},
	[AGAIN] =	{'+',  'x',   '+',  '+',  '+',  '-',   '-'},
	[ABOVE] =	{'+',  'x',   '+',  '+',  '+',  '+',   '+'},
};

static int submit_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct people *p = arg;
	char path[ORG_PATH_MAX];
	int r = store_org_path(tx, p->org, path);
	const struct hold hold = {.org = p->org, .path = path, .state = HOLD_SUBMITTED,
				  .node = p->desk->township, .reason = ""};
	(void)info;
	return r < 0 ? r : store_hold_set(tx, p->campaign, &hold);
}

static void check_view(struct people *p, const struct caller *caller, bool may)
{
	struct self_view view = look(p, caller);
	assert_int_equal(view.hidden, !may);
	assert_string_equal(view.report.report, may ? "一年来……" : "");
	assert_int_equal(view.report.grade, may ? 1 : -1);
	assert_int_equal(view.report.sealed, may);
	for (int i = 0; i < view.grid.n_columns; i++)
		assert_string_equal(view.grid.rows[0].cells[i].text, may ? "9" : "");
	assert_int_equal(view.n_files, may);
}

static void check_list(struct people *p, const struct caller *caller, bool may)
{
	struct self_list list;
	struct err_info info = {0};
	assert_int_equal(selfs_list(&p->desk->app, caller, p->campaign, p->org, &p->arena, &list, &info), 0);
	assert_int_equal(list.listed.n, 1);
	assert_int_equal(list.rows[0].hidden, !may);
	assert_int_equal(list.rows[0].report.grade, may ? 1 : -1);
	assert_string_equal(list.rows[0].sum, may ? "63" : "");
}

/* The committee's grid of the same source, its export and history. */
static void check_grid(struct people *p, const struct caller *caller, bool may)
{
	const struct score_at at = {SCORE_COMMITTEE, p->campaign, p->org, "self", 0};
	const struct score_query query = {.at = at, .category = -1, .page = 1};
	struct score_grid grid;
	struct score_export export;
	struct score_change *changes;
	struct err_info info = {0};
	int n, r = scores_grid(&p->desk->app, caller, &query, &p->arena, &grid, &info);
	if (r == ERR_DENIED)	/* reports are not his at all */
		return;
	assert_int_equal(r, 0);
	assert_string_equal(grid.rows[0].sum, may ? "63" : "");
	r = scores_history(&p->desk->app, caller, &at, p->org, 0, &p->arena, &changes, &n, &info);
	assert_int_equal(r, may ? 0 : ERR_DENIED);
	assert_int_equal(scores_export(&p->desk->app, caller, &at, false, &p->arena, &export, &info), 0);
	assert_string_equal(export.cells[0], may ? "9" : "");
}

static void check_files(struct people *p, const struct caller *caller, int64_t file, bool may)
{
	struct attachments list;
	struct attachment attachment;
	struct err_info info = {0};
	AUTO(buf) struct buf data = {0};
	assert_int_equal(attachments_list(&p->desk->app, caller, p->org, ATTACHED_SELF, p->campaign, &p->arena,
					  &list, &info), 0);
	assert_int_equal(list.n, may);
	assert_int_equal(attachments_read(&p->desk->app, caller, file, &p->arena, &attachment, &data, &info),
			 may ? 0 : ERR_DENIED);
	assert_int_equal(attachments_small(&p->desk->app, caller, file, &p->arena, &data, &info),
			 may ? ERR_NOT_FOUND : ERR_DENIED);
}

static void above_it_is_seen_only_once_it_is_handed_in(void **state)
{
	struct people p;
	struct err_info info = {0};
	const char *missing;
	int64_t file;
	begin(&p, state);
	struct desk *d = p.desk;
	const struct caller callers[PEOPLE] = {
		[CLERK] = p.clerk, [CADRE] = p.cadre, [TOWNSHIP] = p.township, [OFFICER] = p.officer,
		[NEIGHBOUR] = desk_caller(desk_account(d, d->branch[2], "beside", ROLE_CLERK), NOW_MS),
		[TOWN_INSPECTOR] = desk_caller(desk_account(d, d->township, "inspector", ROLE_INSPECTOR), NOW_MS),
		[LEADER] = desk_caller(desk_account(d, d->county, "leader", ROLE_LEADER), NOW_MS),
	};
	const struct attachment_new scan = {
		.org = p.org, .kind = ATTACHED_SELF, .object = p.campaign, .name = STR("自评表.png"),
		.what = "盖章原件", .data = {"\x89PNG\r\n\x1A\n-", 9}};
	if (attachments_add(&d->app, &p.clerk, &scan, &file, &info) < 0)
		fail_msg("%s", info.text);
	struct self_draft draft = {.report = "一年来……", .grade = 1, .sealed = true};
	for (int when = 0; when < WHEN_COUNT; when++) {
		draft.hand_in = when == HANDED_IN || when == AGAIN;
		if (when == RETURNED)
			assert_int_equal(decide(&p, &p.township, false, "阵地分偏高"), 0);
		else if (when == ABOVE)
			campaign_desk_write(d, submit_fn, &p);
		else
			assert_int_equal(save(&p, &p.clerk, 7, "9", &draft, &missing), 0);
		for (int who = 0; who < PEOPLE; who++) {
			struct self_view view;
			bool may = sees[when][who] == '+';
			if (sees[when][who] == 'x') {
				assert_int_equal(selfs_get(&d->app, &callers[who], p.campaign, p.org, &p.arena,
							   &view, &info), ERR_DENIED);
				continue;
			}
			check_view(&p, &callers[who], may);
			check_list(&p, &callers[who], may);
			check_grid(&p, &callers[who], may);
			check_files(&p, &callers[who], file, may);
		}
	}
	arena_done(&p.arena);
}

/* What the branch had begun is not shown to whoever enters it from the paper, and
 * nothing of it stays among his figures. */
static void who_enters_it_for_a_branch_enters_all_of_it(void **state)
{
	struct people p;
	const char *missing;
	struct score_change *changes;
	struct err_info info = {0};
	int n;
	begin(&p, state);
	const struct self_draft draft = {.report = "一年来……", .grade = 1};
	const struct score_at at = {SCORE_COMMITTEE, p.campaign, p.org, "self", 0};
	assert_int_equal(save(&p, &p.clerk, 7, "9", &draft, &missing), 0);
	struct self_view view = look(&p, &p.township);
	assert_true(view.hidden && view.may_write && view.as_township);
	assert_true(view.grid.rows[0].cells[0].max_e4 > 0);
	const struct self_draft paper = {.report = "", .grade = -1};
	assert_int_equal(save(&p, &p.township, 1, "8", &paper, &missing), 0);
	view = look(&p, &p.township);
	assert_false(view.hidden);
	assert_string_equal(view.grid.rows[0].cells[0].text, "8");
	for (int i = 1; i < view.grid.n_columns; i++)
		assert_string_equal(view.grid.rows[0].cells[i].text, "");
	assert_string_equal(view.report.report, "");
	assert_int_equal(scores_history(&p.desk->app, &p.township, &at, p.org, 0, &p.arena, &changes, &n, &info),
			 ERR_DENIED);
	assert_true(look(&p, &p.officer).hidden);
	/* The branch goes on itself: then it is its own again. */
	assert_int_equal(save(&p, &p.clerk, 7, "9", &draft, &missing), 0);
	assert_true(look(&p, &p.township).hidden);
	arena_done(&p.arena);
}

int main(void)
{
#define DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
	const struct CMUnitTest tests[] = {
		DESK(a_branch_hands_in_and_the_cadre_confirms),
		DESK(what_comes_back_says_why_and_can_be_changed),
		DESK(the_township_enters_only_with_the_sealed_original),
		DESK(above_it_is_seen_only_once_it_is_handed_in),
		DESK(who_enters_it_for_a_branch_enters_all_of_it),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
