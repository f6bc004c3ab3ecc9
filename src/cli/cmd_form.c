/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms.h"
#include "app/roster.h"
#include "base/file.h"
#include "cli/office.h"

enum { OPT_DB, OPT_ORG, OPT_CAMPAIGN, OPT_OUT, OPT_BLANK, OPT_EACH, OPT_RED };

/* By the ending of the file's name. */
static int format_of(const char *path, const struct form_kind *kind, enum doc_format *ret_format,
		     struct err_info *info)
{
	const char *dot = strrchr(path, '.');
	for (int f = 0; f < DOC_FORMAT_COUNT && dot; f++)
		if (strcmp(dot + 1, doc_format_id((enum doc_format)f)) == 0 && kind->formats >> f & 1) {
			*ret_format = (enum doc_format)f;
			return 0;
		}
	return err_set(info, ERR_INPUT, "%s：看不出是什么格式，文件名应以 .xlsx、.docx、.pdf 或 .txt 结尾，"
		       "而且%s要有这种格式", path, kind->label);
}

/* The year's campaign that reaches the node; 0: there is none. */
static int find_campaign(const struct form_place *place, const char *text, int64_t *ret_id,
			 struct err_info *info)
{
	*ret_id = place->n_campaigns ? place->campaigns[0].id : 0;
	if (!text)
		return 0;
	for (int i = 0; i < place->n_campaigns; i++)
		if (place->campaigns[i].year == strtol(text, NULL, 10)) {
			*ret_id = place->campaigns[i].id;
			return 0;
		}
	return err_set(info, ERR_NOT_FOUND, "“%s”没有%s年的年度工作", place->org.name, text);
}

static int write_file(const struct doc *doc, enum doc_format format, const char *path,
		      struct err_info *info)
{
	AUTO(outfile) struct outfile file = OUTFILE_INIT;
	AUTO(buf) struct buf b = {0};
	int r = doc_write(doc, format, &b, info);
	if (r == 0)
		r = outfile_open(&file, path, info);
	if (r == 0)
		r = outfile_write(&file, b.data, b.len, info);
	if (r == 0)
		r = outfile_sync(&file, info);
	return r < 0 ? r : outfile_commit(&file, info);
}

static int make(struct app *app, const struct cli_args *args, struct diag *unused,
		struct err_info *info)
{
	(void)unused;
	AUTO(arena) struct arena arena = {0};
	const struct caller caller = office_caller();
	const struct form_kind *kind = form_find(args->rest[0]);
	struct form_ask ask = {.form = args->rest[0], .blank = args->value[OPT_BLANK] != NULL,
			       .each = args->value[OPT_EACH] != NULL,
			       .red = args->value[OPT_RED] != NULL};
	enum doc_format format = DOC_XLSX;
	struct form_place place;
	struct print print = {0};
	struct doc doc = {0};
	if (!kind)
		return err_set(info, ERR_INPUT, "没有“%s”这种表，用 jinwei form list 可以看到全部",
			       args->rest[0]);
	int r = format_of(args->value[OPT_OUT], kind, &format, info);
	if (r == 0)
		r = roster_find(app, &caller, args->value[OPT_ORG], &ask.node, info);
	if (r == 0)
		r = forms_place(app, &caller, ask.node, &arena, &place, info);
	if (r == 0 && (kind->campaign || args->value[OPT_CAMPAIGN]))
		r = find_campaign(&place, args->value[OPT_CAMPAIGN], &ask.campaign, info);
	if (r == 0)
		r = forms_issue(app, &caller, &ask, doc_format_id(format), &arena, &doc, &print, info);
	if (r < 0)
		return r;
	r = write_file(&doc, format, args->value[OPT_OUT], info);
	if (r == 0 && print.id)
		printf("已写出 %s：%s %s，第 %d 版，校验码 %s\n", args->value[OPT_OUT], kind->name, kind->label,
		       print.version, print.code);
	else if (r == 0)
		printf("已写出 %s：%s %s\n", args->value[OPT_OUT], kind->name, kind->label);
	doc_done(&doc);
	return r;
}

static int run(const struct cli_args *args)
{
	return office_run(args, args->value[OPT_DB], make);
}

static const struct cli_option options[] = {
	[OPT_DB] = {"db", "地址", "数据库（默认：状态目录里的 jinwei.db）", false},
	[OPT_ORG] = {"org", "组织代码", "填报单位", true},
	[OPT_CAMPAIGN] = {"year", "年", "哪一年的年度工作（默认：最近的）", false},
	[OPT_OUT] = {"out", "文件", "写到哪里；格式由文件名的结尾决定（xlsx、docx、pdf、txt）", true},
	[OPT_BLANK] = {"blank", NULL, "空表，手工填写", false},
	[OPT_EACH] = {"each", NULL, "下一级每个单位一张，放在一个文件里", false},
	[OPT_RED] = {"red", NULL, "公文加红头（F9、F10、F11、F12 销号通知）", false},
	{0},
};
const struct cli_command cmd_form = {
	.name = "form",
	.summary = "打印一张表（f1 … f18），填好的或空的",
	.rest = "表",
	.rest_min = 1,
	.rest_max = 1,
	.options = options,
	.run = run,
};

static int list(const struct cli_args *args)
{
	(void)args;
	for (const struct form_kind *k = form_kinds; k->id; k++) {
		printf("%-12s%s：%s（", k->id, k->label, k->about);
		const char *between = "";
		for (int f = 0; f < DOC_FORMAT_COUNT; f++)
			if (k->formats >> f & 1) {
				printf("%s%s", between, doc_format_id((enum doc_format)f));
				between = "、";
			}
		printf("）\n");
	}
	return EXIT_OK;
}

static const struct cli_option no_options[] = {{0}};
const struct cli_command cmd_form_list = {
	.name = "form list",
	.summary = "列出能打印的表",
	.options = no_options,
	.run = list,
};
