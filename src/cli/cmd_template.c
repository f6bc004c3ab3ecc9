/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms.h"
#include "app/roster.h"
#include "app/template_read.h"
#include "app/templates.h"
#include "base/file.h"
#include "cli/office.h"
#include "cli/place.h"

/* The third and fourth are each command's own. */
enum { OPT_DB, OPT_ORG, OPT_NAME = 2, OPT_YEAR = 2, OPT_OUT = 3, OPT_WRITE = 3 };

struct work {
	struct app app;
	struct caller caller;
	struct arena arena;
	const struct cli_args *args;
	int64_t node;
	struct template_shelf shelf;
};

/* A database, the node, and what is on its shelf. */
static int run(const struct cli_args *args, int (*fn)(struct work *work, struct err_info *info))
{
	struct work work = {.caller = office_caller(), .args = args};
	struct err_info info = {0};
	struct db *db = NULL;
	int r = place_open_db(&db, args->value[OPT_DB], &info);
	if (r == 0)
		r = app_init(&work.app, db, &info);
	if (r == 0)
		r = roster_find(&work.app, &work.caller, args->value[OPT_ORG], &work.node, &info);
	if (r == 0)
		r = templates_list(&work.app, &work.caller, work.node, &work.arena, &work.shelf, &info);
	if (r == 0)
		r = fn(&work, &info);
	app_done(&work.app);
	db_close(db);
	arena_done(&work.arena);
	return r == 0 ? EXIT_OK : r > 0 ? EXIT_WRONG : cli_fail(&info);
}

/* By its name, the nearest first. */
static int find(const struct work *work, const char *name, int64_t *ret_id, struct err_info *info)
{
	for (int i = 0; i < work->shelf.n; i++)
		if (strcmp(work->shelf.templates[i].name, name) == 0) {
			*ret_id = work->shelf.templates[i].id;
			return 0;
		}
	return err_set(info, ERR_NOT_FOUND, "没有叫“%s”的模板，用 jinwei template list 可以看到全部", name);
}

/* The year's campaign that reaches the node; 0: none, or none is wanted. */
static int find_campaign(struct work *work, const char *year, int64_t *ret_id, struct err_info *info)
{
	struct form_place place;
	int r = forms_place(&work->app, &work->caller, work->node, &work->arena, &place, info);
	*ret_id = r == 0 && !year && place.n_campaigns ? place.campaigns[0].id : 0;
	if (r < 0 || !year || strcmp(year, "0") == 0)
		return r;
	for (int i = 0; i < place.n_campaigns; i++)
		if (place.campaigns[i].year == strtol(year, NULL, 10)) {
			*ret_id = place.campaigns[i].id;
			return 0;
		}
	return err_set(info, ERR_NOT_FOUND, "“%s”没有%s年的年度工作", place.org.name, year);
}

static int write_file(const char *path, const struct buf *data, struct err_info *info)
{
	AUTO(outfile) struct outfile file = OUTFILE_INIT;
	int r = outfile_open(&file, path, info);
	if (r == 0)
		r = outfile_write(&file, data->data, data->len, info);
	if (r == 0)
		r = outfile_sync(&file, info);
	return r < 0 ? r : outfile_commit(&file, info);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* ---- list ---- */

static int list(struct work *work, struct err_info *info)
{
	(void)info;
	for (int i = 0; i < work->shelf.n; i++) {
		const struct form_template *t = &work->shelf.templates[i];
		printf("%s（%s，第 %d 版，%s）%s%s\n", t->name, t->kind == TEMPLATE_FILE_XLSX ? "xlsx" : "docx",
		       t->version, t->node_name, *t->note ? "：" : "", t->note);
	}
	return 0;
}

static int run_list(const struct cli_args *args)
{
	return run(args, list);
}

/* ---- add ---- */

static int add(struct work *work, struct err_info *info)
{
	AUTO(buf) struct buf data = {0};
	const char *path = work->args->rest[0], *name = work->args->value[OPT_NAME];
	int64_t id;
	int r = file_read(path, TEMPLATE_FILE_MAX, &data, info);
	if (r < 0)
		return r;
	const char *dot = strrchr(base_name(path), '.');
	size_t len = dot ? (size_t)(dot - base_name(path)) : strlen(base_name(path));
	const struct template_new in = {
		.node = work->node, .name = name ? name : arena_strndup(&work->arena, base_name(path), len), .note = "",
		.file_name = str_from(base_name(path)), .data = {buf_str(&data), data.len}};
	if (!in.name)
		return err_nomem(info);
	if ((r = templates_add(&work->app, &work->caller, &in, &id, info)) < 0)
		return r;
	const struct template_ask ask = {id, work->node, 0};
	struct template_detail detail;
	if ((r = templates_get(&work->app, &work->caller, &ask, &work->arena, &detail, info)) < 0)
		return r;
	printf("已上传“%s”，第 %d 版，占位符 %d 个\n", in.name, detail.template.version, detail.n_holes);
	for (int i = 0; i < detail.n_holes; i++)
		if (!detail.holes[i].known)
			printf("不认识 %s 的 {{%s}}%s%s%s\n", detail.holes[i].where, detail.holes[i].name,
			       detail.holes[i].nearest ? "，是不是 {{" : "", detail.holes[i].nearest ? detail.holes[i].nearest : "",
			       detail.holes[i].nearest ? "}}" : "");
	return 0;
}

static int run_add(const struct cli_args *args)
{
	return run(args, add);
}

/* ---- fill ---- */

static int fill(struct work *work, struct err_info *info)
{
	AUTO(buf) struct buf out = {0};
	struct template_ask ask = {.node = work->node};
	const char *name;
	int r = find(work, work->args->rest[0], &ask.template, info);
	if (r == 0)
		r = find_campaign(work, work->args->value[OPT_YEAR], &ask.campaign, info);
	if (r == 0)
		r = templates_fill(&work->app, &work->caller, &ask, &work->arena, &out, &name, info);
	if (r == 0)
		r = write_file(work->args->value[OPT_OUT], &out, info);
	if (r == 0)
		printf("已写出 %s\n", work->args->value[OPT_OUT]);
	return r;
}

static int run_fill(const struct cli_args *args)
{
	return run(args, fill);
}

/* ---- read ---- */

static void print_items(const struct read_result *result)
{
	for (int i = 0; i < result->n; i++) {
		const struct read_item *item = &result->items[i];
		if (item->kind == READ_CHANGE)
			printf("改 %s!%s %s 的%s：%s → %s\n", item->sheet, item->cell, item->object, item->label,
			       *item->before ? item->before : "（空）", *item->after ? item->after : "（空）");
		else
			printf("%s %s!%s %s%s%s\n", item->kind == READ_WRONG ? "错" : "注", item->sheet, item->cell,
			       item->object, *item->object ? "：" : "", item->text);
	}
	printf("读了 %d 行，不对 %d 处，要改 %d 项\n", result->rows, result->count[READ_WRONG],
	       result->count[READ_CHANGE]);
}

/* 1 where something in it is wrong. */
static int read_back(struct work *work, struct err_info *info)
{
	AUTO(buf) struct buf data = {0};
	const char *kind = work->args->rest[0], *path = work->args->rest[1];
	bool write = work->args->value[OPT_WRITE] != NULL;
	struct read_ask ask = {.form = "", .node = work->node};
	struct read_result result = {0};
	int r = file_read(path, READ_FILE_MAX, &data, info);
	if (r == 0 && template_read_knows(kind))
		ask.form = kind;
	else if (r == 0)
		r = find(work, kind, &ask.template, info);
	if (r == 0)
		r = find_campaign(work, work->args->value[OPT_YEAR], &ask.campaign, info);
	if (r < 0)
		return r;
	r = template_read(&work->app, &work->caller, &ask, base_name(path), (struct str){buf_str(&data), data.len},
			  !write, &work->arena, &result, info);
	if (r == 0 || result.count[READ_WRONG])
		print_items(&result);
	if (r == 0 && write)
		printf("写入 %d 项\n", result.written);
	return r < 0 ? r : result.count[READ_WRONG] ? 1 : 0;
}

static int run_read(const struct cli_args *args)
{
	return run(args, read_back);
}

#define DB {"db", "地址", "数据库（默认：状态目录里的 jinwei.db）", false}
#define ORG {"org", "组织代码", "哪个单位", true}
#define YEAR {"year", "年", "哪一年的年度工作（默认：最近的；0：不用）", false}

static const struct cli_option list_options[] = {[OPT_DB] = DB, [OPT_ORG] = ORG, {0}};
static const struct cli_option add_options[] = {
	[OPT_DB] = DB, [OPT_ORG] = ORG, [OPT_NAME] = {"name", "名称", "模板的名称（默认：文件名）", false}, {0},
};
static const struct cli_option fill_options[] = {
	[OPT_DB] = DB, [OPT_ORG] = ORG, [OPT_YEAR] = YEAR,
	[OPT_OUT] = {"out", "文件", "写到哪里", true}, {0},
};
static const struct cli_option read_options[] = {
	[OPT_DB] = DB, [OPT_ORG] = ORG, [OPT_YEAR] = YEAR,
	[OPT_WRITE] = {"write", NULL, "写入；不给就只试读", false}, {0},
};

const struct cli_command cmd_template_list = {
	.name = "template list", .summary = "列出一个单位能用的自定模板", .options = list_options, .run = run_list,
};
const struct cli_command cmd_template_add = {
	.name = "template add", .summary = "上传一个自定模板（.xlsx、.docx）", .rest = "文件", .rest_min = 1, .rest_max = 1,
	.options = add_options, .run = run_add,
};
const struct cli_command cmd_template_fill = {
	.name = "template fill", .summary = "填好一个自定模板", .rest = "名称", .rest_min = 1, .rest_max = 1,
	.options = fill_options, .run = run_fill,
};
const struct cli_command cmd_template_read = {
	.name = "template read", .summary = "读回填好、改过的表：模板名称或 f1…f8、f14、f15、f18，再加文件", .rest = "表 文件",
	.rest_min = 2, .rest_max = 2, .options = read_options, .run = run_read,
};
