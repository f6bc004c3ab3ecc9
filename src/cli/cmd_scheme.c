/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_scheme.h"

#include <libsmartcols.h>
#include <stdio.h>

#include "import/scheme_yaml.h"
#include "report/scheme_text.h"

/* Loads what the user named; on failure says why and gives the exit status. */
static int load(struct scheme *ret_scheme, const char *file_or_id, int *ret_status)
{
	AUTO(diag) struct diag diag = {0};
	struct err_info info = {0};
	int r = scheme_load(ret_scheme, file_or_id, &diag, &info);
	if (r < 0)
		*ret_status = r == ERR_INPUT ? cli_fail_diag(&diag) : cli_fail(&info);
	return r;
}

static int add_scheme(struct libscols_table *table, const struct shipped_scheme *shipped,
		      struct err_info *info)
{
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(diag) struct diag diag = {0};
	int r = scheme_load_text(&scheme, shipped->id, shipped->text, shipped->len, &diag, info);
	if (r < 0)
		return r;
	struct libscols_line *line = scols_table_new_line(table, NULL);
	bool grades = scheme.kind == SCHEME_GRADING;
	if (!line || scols_line_set_data(line, 0, scheme.id) < 0 ||
	    scols_line_set_data(line, 1, scheme.title) < 0 ||
	    scols_line_set_data(line, 2, grades ? "分类定级" : "整顿") < 0)
		return err_nomem(info);
	return 0;
}

static int run_list(const struct cli_args *args)
{
	struct err_info info = {0};
	size_t n;
	const struct shipped_scheme *all = shipped_schemes(&n);
	struct libscols_table *table = scols_new_table();
	int r = table && scols_table_new_column(table, "代码", 0, 0) &&
			scols_table_new_column(table, "名称", 0, 0) &&
			scols_table_new_column(table, "用途", 0, 0) &&
			scols_table_set_column_separator(table, "  ") == 0
		? 0 : err_nomem(&info);

	(void)args;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = add_scheme(table, &all[i], &info);
	if (r == 0 && scols_print_table(table) < 0)
		r = err_nomem(&info);
	scols_unref_table(table);
	if (r < 0)
		return cli_fail(&info);
	printf("\n“jinwei scheme show 代码”显示一个方案的全部规则。\n");
	return EXIT_OK;
}

static int run_show(const struct cli_args *args)
{
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(scheme_text) struct scheme_text text = {0};
	AUTO(buf) struct buf buf = {0};
	struct err_info info = {0};
	int status;

	if (load(&scheme, args->rest[0], &status) < 0)
		return status;
	if (scheme_text_make(&text, &scheme, &info) < 0 ||
	    scheme_text_write(&buf, &text, &info) < 0)
		return cli_fail(&info);
	fputs(buf_str(&buf), stdout);
	return EXIT_OK;
}

static int run_check(const struct cli_args *args)
{
	AUTO(scheme) struct scheme s = {0};
	int status;

	if (load(&s, args->rest[0], &status) < 0)
		return status;
	printf("方案 %s（%s）没有错误。\n", s.id, s.title);
	if (s.kind == SCHEME_GRADING)
		printf("各类别满分、权重合计、等次分数线都对：%d 个类别、%d 项指标、%d 个评价主体、%d 个等次。\n",
		       s.n_categories, s.n_indicators, s.n_sources, s.n_grades);
	printf("另有 %d 个步骤、%d 道调查题、%d 条整顿对象规则、%d 条假设。\n", s.n_steps, s.n_survey,
	       s.n_rectify, s.assumptions.n);
	return EXIT_OK;
}

static int run_new(const struct cli_args *args)
{
	AUTO(buf) struct buf buf = {0};
	struct err_info info = {0};

	(void)args;
	scheme_write_template(&buf);
	if (buf.failed) {
		err_nomem(&info);
		return cli_fail(&info);
	}
	fputs(buf_str(&buf), stdout);
	return EXIT_OK;
}

const struct cli_command cmd_scheme_list = {
	.name = "scheme list",
	.summary = "列出内置方案",
	.run = run_list,
};

const struct cli_command cmd_scheme_show = {
	.name = "scheme show",
	.summary = "用文字显示一个方案的全部规则和假设",
	.rest = "代码|文件",
	.rest_min = 1,
	.rest_max = 1,
	.run = run_show,
};

const struct cli_command cmd_scheme_check = {
	.name = "scheme check",
	.summary = "检查方案文件，一次列出全部错误",
	.rest = "文件",
	.rest_min = 1,
	.rest_max = 1,
	.run = run_check,
};

const struct cli_command cmd_scheme_new = {
	.name = "scheme new",
	.summary = "输出带说明的方案模板",
	.run = run_new,
};
