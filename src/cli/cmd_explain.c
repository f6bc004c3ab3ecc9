/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_explain.h"

#include <stdio.h>

#include "app/explaining.h"

enum {
	OPT_ORG,
	OPT_SCHEME,
	OPT_ORGS,
	OPT_SCORES,
	OPT_BALLOTS,
	OPT_LOCAL,
	OPT_JSON,
};

static const struct cli_option options[] = {
	[OPT_ORG] = {"org", "代码", "要说明的组织", true},
	[OPT_SCHEME] = {"scheme", "方案", "方案文件，或内置方案的代码", true},
	[OPT_ORGS] = {"orgs", "文件", "组织名册，.csv 或 .xlsx；“-”为标准输入", true},
	[OPT_SCORES] = {"scores", "文件", "得分", true},
	[OPT_BALLOTS] = {"ballots", "文件", "测评票", true},
	[OPT_LOCAL] = {"local", "文件", "党委自设的个性指标（5+2+X）", false},
	[OPT_JSON] = {"json", NULL, "输出 JSON", false},
	{0},
};

static int run(const struct cli_args *args)
{
	struct grading_job job = {
		.scheme = args->value[OPT_SCHEME],
		.paths = {args->value[OPT_ORGS], args->value[OPT_SCORES], args->value[OPT_BALLOTS],
			  args->value[OPT_LOCAL], NULL},
	};
	AUTO(diag) struct diag errors = {0}, warnings = {0};
	AUTO(buf) struct buf text = {0};
	struct err_info info = {0};
	cli_mind_lost_files();
	int r = explaining_run(&job, args->value[OPT_ORG], args->value[OPT_JSON] != NULL, &text,
			       &errors, &warnings, &info);
	if (r < 0)
		return errors.total ? cli_fail_diag(&errors) : cli_fail(&info);
	if (fwrite(text.data, 1, text.len, stdout) != text.len || fflush(stdout) != 0) {
		err_set(&info, ERR_IO, "无法写到屏幕");
		return cli_fail(&info);
	}
	return EXIT_OK;
}

const struct cli_command cmd_explain = {
	.name = "explain",
	.summary = "说明一个组织的得分、等次、排名和星级是怎么来的",
	.options = options,
	.run = run,
};
