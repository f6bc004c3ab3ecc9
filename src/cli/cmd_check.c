/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_check.h"

#include <stdio.h>

#include "app/integrity.h"
#include "app/roster.h"
#include "cli/office.h"
#include "cli/place.h"

enum { OPT_DB, OPT_UNDER, OPT_YEAR };

/* The latest campaign, or that of the year, in whose tree the node stands. */
static int find_campaign(struct app *app, const struct caller *caller, int64_t node, const char *year,
			 struct arena *arena, struct campaign *ret, struct err_info *info)
{
	struct campaign *list;
	char text[16];
	int n, r = node ? campaigns_of(app, caller, node, arena, &list, &n, info)
			: campaigns_list(app, caller, false, arena, &list, &n, info);
	/* What a township tries out for a coming year is not the year's. */
	for (int i = 0; r == 0 && i < n && !year && !ret->id; i++)
		if (list[i].kind != CAMPAIGN_APPRAISAL && list[i].year <= caller->today / 10000)
			*ret = list[i];
	if (r == 0 && ret->id)
		return 0;
	for (int i = 0; r == 0 && i < n; i++) {
		snprintf(text, sizeof(text), "%d", list[i].year);
		if (list[i].kind != CAMPAIGN_APPRAISAL && (!year || strcmp(year, text) == 0)) {
			*ret = list[i];
			return 0;
		}
	}
	return r < 0 ? r : err_set(info, ERR_INPUT, "没有%s%s年度工作", year ? year : "", year ? " 年的" : "");
}

static void print_finding(const struct integrity_report *report, int i)
{
	const struct integrity_finding *f = &report->findings[i];
	const struct finding_mark *m = report->marks[i];
	printf("%s（%s）%s：%s\n    也可能是：%s%s%s\n", integrity_label(f->check), integrity_id(f->check), f->name,
	       f->figures, integrity_harmless(f->check), m ? m->confirmed ? "；属实：" : "；已说明：" : "",
	       m ? m->reason : "");
}

static int print_findings(const struct integrity_report *report)
{
	int now = report->n - report->n_gone;
	printf("%s，%s：发现 %d 条，其中没有说明的 %d 条\n", report->node_name, report->campaign.title, now,
	       report->n_open);
	for (int i = 0; i < report->n; i++) {
		if (i == now)
			printf("标记过、条件已不存在的 %d 条：\n", report->n_gone);
		print_finding(report, i);
	}
	return report->n_open ? EXIT_FAULT : EXIT_OK;
}

static int check(const struct cli_args *args)
{
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	struct integrity_report report;
	struct campaign campaign = {0};
	struct db *db = NULL;
	struct app app = {0};
	const struct caller caller = office_caller();
	int64_t node = 0;
	int status = EXIT_OK, r = place_open_db(&db, args->value[OPT_DB], &info);
	if (r == 0)
		r = app_init(&app, db, &info);
	if (r == 0 && args->value[OPT_UNDER])
		r = roster_find(&app, &caller, args->value[OPT_UNDER], &node, &info);
	if (r == 0)
		r = find_campaign(&app, &caller, node, args->value[OPT_YEAR], &arena, &campaign, &info);
	if (r == 0)
		r = integrity_run(&app, &caller, campaign.id, node ? node : campaign.node, &arena, &report, &info);
	if (r == 0)
		status = print_findings(&report);
	app_done(&app);
	db_close(db);
	return r < 0 ? cli_fail(&info) : status;
}

static const struct cli_option options[] = {
	{"db", "地址", "数据库：SQLite 文件，或 postgresql://… 地址（默认：状态目录里的 jinwei.db）", false},
	{"under", "代码", "只查这个组织和它下面的", false},
	{"year", "年度", "哪一年的年度工作（默认：最近的）", false},
	{0},
};
const struct cli_command cmd_check = {
	.name = "check",
	.summary = "核查数据真实性：沿用、互抄、以差充好、该列没列、纸面转化等；有没说明的退出码为 1",
	.options = options,
	.run = check,
};
