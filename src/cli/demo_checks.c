/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_checks.h"

#include <string.h>

#include "app/attachments.h"
#include "app/draws.h"
#include "app/integrity.h"
#include "app/key_dates.h"
#include "app/ledger.h"
#include "app/roster.h"
#include "cli/demo_photo.h"
#include "domain/day_math.h"

struct checks {
	struct app *app;
	struct caller officer, inspector;
	int64_t county;
	int32_t today;
	int64_t now_ms;
	struct arena arena;
	struct err_info *info;
};

/* Both live `days` ago. */
static void go_back(struct checks *d, int days)
{
	d->officer.today = d->inspector.today = day_plus(d->today, -days);
	d->officer.now_ms = d->inspector.now_ms = d->now_ms - (int64_t)days * 86400000;
}

static int add_photo(struct checks *d, int64_t org, int64_t check, unsigned seed)
{
	AUTO(buf) struct buf photo = {0};
	int64_t id;
	int r = demo_photo(seed, &photo);
	const struct attachment_new in = {.org = org, .kind = ATTACHED_CHECK, .object = check, .name = STR("现场.png"),
					  .what = "现场照片（演示，画出来的）", .day = d->inspector.today,
					  .data = {photo.data, photo.len}};
	return r < 0 ? err_nomem(d->info) : attachments_add(d->app, &d->inspector, &in, &id, d->info);
}

static const struct {
	const char *finding, *closing;	/* closing "": still open; NULL: nothing wrong */
} findings[] = {
	{"书记在村，值班表上墙，主题党日记录齐全，抽看两户群众都认识驻村干部", NULL},
	{"活动室门锁着，打电话后二十分钟才有人来；党务公开栏还是三月的", "活动室改为每天开放，公开栏已更新到本月"},
	{"账目公开到上季度，和台账写的一致", NULL},
	{"会议记录是一个人的笔迹，签到和照片对不上", ""},
};

/* One of the drawn is visited. */
static int visit(struct checks *d, int64_t org, unsigned i)
{
	const size_t k = i % ARRAY_LEN(findings);
	const struct spot_check check = {
		.org = org, .finding = findings[k].finding, .good = !findings[k].closing, .sent = "",
		.position = i % 2 ? "" : "27.7213,112.0085",
		.deadline = findings[k].closing ? day_plus(d->inspector.today, *findings[k].closing ? 15 : 40) : 0,
	};
	int64_t id;
	int r = check_add(d->app, &d->inspector, &check, &id, d->info);
	if (r == 0 && findings[k].closing)
		r = add_photo(d, org, id, i + 40);
	if (r < 0 || !findings[k].closing || !*findings[k].closing)
		return r;
	go_back(d, 30);
	r = check_close(d->app, &d->inspector, id, findings[k].closing, d->info);
	go_back(d, 36);
	return r;
}

/* A draw among the cases, its visits, its seed; and one that is under way. */
static int hold_draws(struct checks *d)
{
	struct draws list;
	int64_t id;
	unsigned n = 0;
	go_back(d, 37);
	int r = draw_make(d->app, &d->officer, d->county, LEVEL_TOWNSHIP, 1, true, &id, d->info);
	go_back(d, 36);
	if (r == 0)
		r = draw_list(d->app, &d->officer, d->county, &d->arena, &list, d->info);
	for (const char *p = r == 0 ? list.at[0].drawn : ""; r == 0 && *p && n < 6; p += strcspn(p, "\n") + 1) {
		const char *code = arena_strndup(&d->arena, p, strcspn(p, "\n"));
		int64_t org;
		if (!code)
			return err_nomem(d->info);
		r = roster_find(d->app, &d->officer, code, &org, d->info);
		if (r == 0)
			r = visit(d, org, n++);
	}
	go_back(d, 28);
	if (r == 0)
		r = draw_reveal(d->app, &d->officer, id, d->info);
	go_back(d, 1);
	return r < 0 ? r : draw_make(d->app, &d->officer, d->county, LEVEL_TOWNSHIP, 1, true, &id, d->info);
}

/* The late ones are reminded in writing (HN-6). */
static int remind(struct checks *d)
{
	struct ledger_board board;
	int n = 0, r = ledger_board(d->app, &d->officer, d->county, &d->arena, &board, d->info);
	go_back(d, 2);
	for (int i = 0; r == 0 && i < board.n_problems && n < 2; i++) {
		const struct case_problem *p = &board.problems[i];
		if (p->state != PROBLEM_OPEN || !p->deadline || p->deadline >= d->today || !case_is_open(p->case_state))
			continue;
		const char *text = arena_printf(&d->arena, "问题 %d“%s”已经逾期，请在五日内报整改情况和新的期限", p->place, p->title);
		r = text ? ledger_remind(d->app, &d->officer, p->case_id, text, d->info) : err_nomem(d->info);
		n++;
	}
	go_back(d, 0);
	return r;
}

/* What came from the townships: most in time, some late, some not at all (HN-5). */
static int receive(struct checks *d, int64_t campaign)
{
	struct key_dates k;
	int r = key_dates_get(d->app, &d->officer, campaign, d->county, &d->arena, &k, d->info);
	for (int i = 0; r == 0 && i < k.n_dates; i++) {
		if (k.dates[i].sort != KEY_PAPER)
			continue;
		bool over = k.dates[i].day < d->today;
		for (int n = 0; r == 0 && n < k.n_committees; n++) {
			if (k.committees[n].cells[i].open < 0 || n % 9 == 4 || (!over && n % 6))
				continue;
			int32_t day = day_plus(k.dates[i].day, n % 7 == 2 ? 3 : -(n % 4));
			r = key_dates_mark(d->app, &d->officer, campaign, k.committees[n].id, k.dates[i].id,
					   day < d->today ? day : day_plus(d->today, -1),
					   n % 7 == 2 && over ? "催过一次" : "", d->info);
		}
	}
	return r;
}

/* One helper had been there, and nobody had noted it: the finding is explained, the
 * visits are noted, and it stays as it was. Another one is true. */
static int explain(struct checks *d, int64_t campaign)
{
	struct integrity_report report;
	bool helped = false, reused = false;
	int r = integrity_run(d->app, &d->officer, campaign, d->county, &d->arena, &report, d->info);
	for (int i = 0; r == 0 && i < report.n; i++) {
		const struct integrity_finding *f = &report.findings[i];
		if (f->check == CHECK_REUSED && !reused) {
			reused = true;
			r = integrity_mark(d->app, &d->officer, campaign, d->county, report.keys[i], true,
					   "承认照抄上年的表，已退回重评", d->info);
		}
		if (f->check != CHECK_ABSENT_HELPERS || helped)
			continue;
		helped = true;
		r = integrity_mark(d->app, &d->officer, campaign, d->county, report.keys[i], false,
				   "司法局九月去过两次，没有记；已补记", d->info);
		struct ledger_board board;
		if (r == 0)
			r = ledger_board(d->app, &d->officer, d->county, &d->arena, &board, d->info);
		for (int k = 0; r == 0 && k < board.n_cases; k++) {
			const struct case_visit v = {.helper = 2, .name = "县司法局", .text = "到村里调解两起纠纷（补记）"};
			if (board.cases[k].org == f->object)
				r = ledger_add_visit(d->app, &d->officer, board.cases[k].id, &v, d->info);
		}
	}
	return r;
}

int demo_checks(struct app *app, const struct caller *officer, const struct caller *inspector,
		int64_t county, struct err_info *info)
{
	struct checks d = {.app = app, .officer = *officer, .inspector = *inspector, .county = county,
			   .today = officer->today, .now_ms = officer->now_ms, .info = info};
	struct campaign *list;
	int64_t campaign = 0;
	int n, r = campaigns_list(app, officer, false, &d.arena, &list, &n, info);
	for (int i = 0; r == 0 && i < n && !campaign; i++)
		campaign = list[i].kind == CAMPAIGN_APPRAISAL ? 0 : list[i].id;
	if (r == 0 && !campaign)
		r = err_set(info, ERR_STATE, "演示数据没有今年的年度工作");
	if (r == 0)
		r = hold_draws(&d);
	if (r == 0)
		r = remind(&d);
	if (r == 0)
		r = receive(&d, campaign);
	if (r == 0)
		r = explain(&d, campaign);
	arena_done(&d.arena);
	return r;
}
