/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_org.h"

#include <stdio.h>

#include "app/roster_import.h"
#include "cli/office.h"

enum { OPT_DB, OPT_UNDER, OPT_DRY_RUN };

static int import(struct app *app, const struct cli_args *args, struct diag *diag,
		  struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	const struct caller caller = office_caller();
	const struct org_when when = {0};
	const char *under = args->value[OPT_UNDER], *file = args->rest[0];
	bool dry_run = args->value[OPT_DRY_RUN] != NULL;
	struct roster_import done = {.ignored = ""};
	struct table *table = NULL;
	int64_t node = 0;
	int r = under ? roster_find(app, &caller, under, &node, info) : 0;
	if (r == 0)
		r = table_open(&table, file, roster_is_head, NULL, info);
	if (r == 0)
		r = roster_import(app, &caller, node, table, file, &when, dry_run, &arena, diag, &done,
				  info);
	table_free(table);
	if (r < 0)
		return r;
	if (*done.ignored)
		fprintf(stderr, "提示：不认识的列没有用到：%s\n", done.ignored);
	for (int i = 0; dry_run && i < done.n; i++) {
		static const char *const acts[] = {"不变", "新增", "修改", "划转"};
		const struct roster_import_item *item = &done.items[i];
		if (item->act != IMPORT_SAME)
			printf("%s %s %s  %s%s%s\n", acts[item->act], item->code, item->name, item->before,
			       *item->before ? " → " : "", item->after);
	}
	printf("%s新增 %d，修改 %d，划转 %d，不变 %d。\n", dry_run ? "试运行，没有写入：" : "已导入：",
	       done.count[IMPORT_ADDED], done.count[IMPORT_CHANGED], done.count[IMPORT_MOVED],
	       done.count[IMPORT_SAME]);
	return 0;
}

static int run(const struct cli_args *args)
{
	return office_run(args, args->value[OPT_DB], import);
}

static const struct cli_option options[] = {
	[OPT_DB] = {"db", "地址", "数据库（默认：状态目录里的 jinwei.db）", false},
	[OPT_UNDER] = {"under", "组织代码", "只导入到这个组织之下；不写则可登记最上级组织", false},
	[OPT_DRY_RUN] = {"dry-run", NULL, "只看会有哪些变化，不写入", false},
	{0},
};
const struct cli_command cmd_org_import = {
	.name = "org import",
	.summary = "从 .xlsx 或 .csv 登记和更新组织；有一行错误就什么都不写",
	.rest = "文件",
	.rest_min = 1,
	.rest_max = 1,
	.options = options,
	.run = run,
};
