/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_past.h"

#include <stdio.h>

#include "app/past_import.h"
#include "app/roster.h"
#include "cli/office.h"

enum { OPT_DB, OPT_UNDER, OPT_SCHEME, OPT_DRY_RUN };

static void print(const struct past_import *done, bool dry_run)
{
	static const char *const acts[] = {"不变", "新增", "修改"};
	if (*done->ignored)
		fprintf(stderr, "提示：不认识的列没有用到：%s\n", done->ignored);
	if (done->unplaced)
		fprintf(stderr, "提示：有 %d 行不知道等次排第几，不能和别的年度比高低；用 --scheme 或“方案”列写明方案\n",
			done->unplaced);
	for (int i = 0; dry_run && i < done->n; i++) {
		const struct past_item *item = &done->items[i];
		if (item->act != PAST_SAME)
			printf("%s %s %s %d  %s%s%s\n", acts[item->act], item->code, item->name,
			       item->year, item->before, *item->before ? " → " : "", item->after);
	}
	printf("%s新增 %d，修改 %d，不变 %d。\n", dry_run ? "试运行，没有写入：" : "已导入：",
	       done->count[PAST_ADDED], done->count[PAST_CHANGED], done->count[PAST_SAME]);
}

static int import(struct app *app, const struct cli_args *args, struct diag *diag,
		  struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	const struct caller caller = office_caller();
	const char *under = args->value[OPT_UNDER], *file = args->rest[0];
	bool dry_run = args->value[OPT_DRY_RUN] != NULL;
	struct past_import done;
	struct table *table = NULL;
	int64_t node = 0;
	int r = under ? roster_find(app, &caller, under, &node, info) : 0;
	if (r == 0)
		r = table_open(&table, file, past_is_head, NULL, info);
	if (r == 0)
		r = past_import(app, &caller, node, args->value[OPT_SCHEME], table, file, dry_run,
				&arena, diag, &done, info);
	table_free(table);
	if (r == 0)
		print(&done, dry_run);
	return r;
}

static int run(const struct cli_args *args)
{
	return office_run(args, args->value[OPT_DB], import);
}

static const struct cli_option options[] = {
	[OPT_DB] = {"db", "地址", "数据库（默认：状态目录里的 jinwei.db）", false},
	[OPT_UNDER] = {"under", "组织代码", "只导入到这个组织之下", false},
	[OPT_SCHEME] = {"scheme", "方案", "没写“方案”的行用的内置方案，代码或名称", false},
	[OPT_DRY_RUN] = {"dry-run", NULL, "只看会有哪些变化，不写入", false},
	{0},
};
const struct cli_command cmd_past_import = {
	.name = "past import",
	.summary = "从 .xlsx 或 .csv 导入往年的等次、得分、星级；有一行错误就什么都不写",
	.rest = "文件",
	.rest_min = 1,
	.rest_max = 1,
	.options = options,
	.run = run,
};
