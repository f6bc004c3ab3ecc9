/* SPDX-License-Identifier: Apache-2.0 */
#include "app/survey_sheet.h"

#include <stdlib.h>

#include "app/surveys_in.h"
#include "base/buf.h"
#include "domain/candidate.h"
#include "domain/exact.h"
#include "store/id.h"

enum { PEOPLE_MAX = 100000000 };

enum column_kind { COLUMN_IGNORED, COLUMN_CODE, COLUMN_ANSWER, COLUMN_REACH, COLUMN_WAIVER };

struct column {
	enum column_kind kind;
	struct str heading;		/* in the arena */
	int reach;			/* place in `reached` */
};

/* What a row says of one organisation. */
struct row {
	uint64_t line;
	const struct campaign_org *org;
	struct survey_put *puts;
	int n;
	int64_t *reached;		/* -1: nothing said */
	const char *waiver;		/* NULL: nothing said */
};

struct job {
	struct survey_desk desk;
	int64_t node;
	struct campaign_org *orgs;	/* below the node, by code */
	int n_orgs;
	/* in */
	const char *file;
	struct diag *errors;
	bool sheet, dry_run;
	struct column *columns;
	int n_columns;
	struct row *rows;
	int n, cap;
	uint64_t *seen;			/* [n_orgs]: the row that names it; 0: none */
	struct sheet_import import;
	const char *ignored;
	/* out */
	int category;
	bool blank;
	struct survey_export export;
};

/* ---- columns ---- */

static const char *question_heading(const struct scheme_question *q, struct arena *arena)
{
	return *q->unit ? arena_printf(arena, "%s（%s）", q->label, q->unit) : q->label;
}

static bool is_question(const struct scheme_question *q, struct str heading)
{
	size_t len = strlen(q->label);
	if (str_eqs(heading, q->label) || str_eqs(heading, q->id))
		return true;
	if (!*q->unit || heading.len <= len || memcmp(heading.data, q->label, len) != 0)
		return false;
	struct str rest = {heading.data + len, heading.len - len};
	const char *const open[] = {"（", "("}, *const close[] = {"）", ")"};
	for (int i = 0; i < 2; i++) {
		size_t o = strlen(open[i]), u = strlen(q->unit), c = strlen(close[i]);
		if (rest.len == o + u + c && memcmp(rest.data, open[i], o) == 0 &&
		    memcmp(rest.data + o, q->unit, u) == 0 && memcmp(rest.data + o + u, close[i], c) == 0)
			return true;
	}
	return false;
}

/* The question that a heading stands for in a category (-1: in any); -1: none. */
static int question_of(const struct scheme *scheme, struct str heading, int category)
{
	for (int i = 0; i < scheme->n_survey; i++)
		if ((category < 0 || survey_asks(&scheme->survey[i], category)) &&
		    is_question(&scheme->survey[i], heading))
			return i;
	return -1;
}

/* "听取意见的党员（当面）" */
static const char *reach_heading(const struct scheme *scheme, int place, struct arena *arena)
{
	int channels = survey_n_channels(scheme), channel = place % channels - 1;
	return arena_printf(arena, "听取意见的%s（%s）", voters_label((enum voters)(place / channels)),
			    channel < 0 ? "当面" : scheme->coverage.channels.at[channel]);
}

static const char waiver_heading[] = "覆盖不够的理由";

static bool is_code(struct str heading)
{
	return str_eqs(heading, "组织代码") || str_eqs(heading, "代码") || str_eqs(heading, "code");
}

bool survey_is_head(void *unused, int n, const struct str *cells)
{
	(void)unused;
	for (int i = 0; i < n; i++)
		if (is_code(str_trim(cells[i])))
			return true;
	return false;
}

static bool is_about(struct str heading)
{
	return !heading.len || str_eqs(heading, "名称") || str_eqs(heading, "name") ||
	       str_eqs(heading, "类别") || str_eqs(heading, "category");
}

static int read_column(struct job *job, struct str heading, struct column *ret_column)
{
	const struct scheme *scheme = job->desk.call.scheme;
	struct column c = {.heading = {arena_strndup(job->desk.arena, heading.len ? heading.data : "",
						     heading.len), heading.len}};
	if (!c.heading.data)
		return ERR_NOMEM;
	if (is_code(heading))
		c.kind = COLUMN_CODE;
	else if (str_eqs(heading, waiver_heading))
		c.kind = COLUMN_WAIVER;
	else if (question_of(scheme, heading, -1) >= 0)
		c.kind = COLUMN_ANSWER;
	for (int i = 0; !c.kind && i < VOTERS_COUNT * survey_n_channels(scheme); i++) {
		const char *reach = reach_heading(scheme, i, job->desk.arena);
		if (!reach)
			return ERR_NOMEM;
		if (str_eqs(heading, reach)) {
			c.kind = COLUMN_REACH;
			c.reach = i;
		}
	}
	*ret_column = c;
	return 0;
}

static int read_head(struct job *job, const struct table_row *head, struct err_info *info)
{
	AUTO(buf) struct buf ignored = {0};
	bool code = false;

	job->columns = arena_zalloc(job->desk.arena, (size_t)head->n + 1, sizeof(*job->columns));
	if (!job->columns)
		return err_nomem(info);
	job->n_columns = head->n;
	for (int i = 0; i < head->n; i++) {
		struct str heading = str_trim(head->cells[i]);
		struct column *c = &job->columns[i];
		if (read_column(job, heading, c) < 0)
			return err_nomem(info);
		for (int j = 0; c->kind && j < i; j++)
			if (job->columns[j].kind && str_eq(job->columns[j].heading, c->heading))
				return err_set(info, ERR_INPUT, "%s：列“%.*s”重复", job->file,
					       STR_ARG(heading));
		code |= c->kind == COLUMN_CODE;
		if (!c->kind && !is_about(heading))
			buf_addf(&ignored, "%s%.*s", ignored.len ? "、" : "", STR_ARG(heading));
	}
	job->ignored = arena_strdup(job->desk.arena, buf_str(&ignored));
	if (!job->ignored)
		return err_nomem(info);
	return code ? 0 : err_set(info, ERR_INPUT, "%s：缺少“组织代码”这一列", job->file);
}

/* ---- rows ---- */

/* "调查表.xlsx 第 3 行 C 列“班子是否健全”：…"; column -1: the row. */
static void complain(struct job *job, uint64_t line, int column, struct str found, const char *what)
{
	char letters[8] = "";
	struct str heading = column < 0 ? STR("") : job->columns[column].heading;
	if (job->sheet && column >= 0)
		table_column_name(column, letters);
	diag_add(job->errors, "%s 第 %llu 行%s%s%s%s%.*s%s：%s%.*s%s%s", job->file,
		 (unsigned long long)line, *letters ? " " : "", letters, *letters ? " 列" : "",
		 heading.len ? "“" : "", STR_ARG(heading), heading.len ? "”" : "", found.len ? "“" : "",
		 STR_ARG(found), found.len ? "”不对，" : "", what);
}

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct campaign_org *)a)->code, ((const struct campaign_org *)b)->code);
}

/* As the form stores it; NULL where the cell can't be that. */
static const char *stored_answer(const struct scheme_question *q, struct str cell, struct arena *arena)
{
	static const char *const yes[] = {"是", "√", "yes"}, *const no[] = {"否", "×", "no"};
	if (str_eqs(cell, "-"))
		return "";
	if (q->ask == ASK_YES_NO) {
		for (size_t i = 0; i < ARRAY_LEN(yes); i++)
			if (str_eqs(cell, yes[i]) || str_eqs(cell, no[i]))
				return str_eqs(cell, yes[i]) ? "yes" : "no";
		return NULL;
	}
	for (int i = 0; q->ask == ASK_CHOICE && i < q->choices.n; i++)
		if (str_eqs(cell, q->choices.at[i]))
			return arena_printf(arena, "%d", i);
	return q->ask == ASK_CHOICE ? NULL : arena_strndup(arena, cell.data, cell.len);
}

static const char *expected(const struct scheme_question *q, struct arena *arena)
{
	AUTO(buf) struct buf text = {0};
	if (q->ask == ASK_YES_NO)
		return "请填“是”或“否”";
	for (int i = 0; i < q->choices.n; i++)
		buf_addf(&text, "%s%s", i ? "、" : "请填这几项里的一项：", q->choices.at[i]);
	const char *copy = arena_strdup(arena, buf_str(&text));
	return copy ? copy : "";
}

static void read_answer(struct job *job, struct row *row, int column, struct str cell)
{
	const struct scheme *scheme = job->desk.call.scheme;
	int question = question_of(scheme, job->columns[column].heading, row->org->category);
	char room[SURVEY_ROOM];
	bool red;
	if (question < 0) {
		if (!str_eqs(cell, "-"))
			complain(job, row->line, column, STR(""),
				 arena_printf(job->desk.arena, "这一题不问“%s”，请空着",
					      scheme->categories[row->org->category].label));
		return;
	}
	const struct scheme_question *q = &scheme->survey[question];
	const char *value = stored_answer(q, cell, job->desk.arena);
	const char *wrong = value ? survey_read_answer(q, value, room, &red) : expected(q, job->desk.arena);
	if (wrong)
		complain(job, row->line, column, cell.len > 60 ? STR("") : cell, wrong);
	else
		row->puts[row->n++] = (struct survey_put){.question = question, .value = value};
}

static int read_cell(struct job *job, struct row *row, int column, struct str cell)
{
	const struct column *c = &job->columns[column];
	uint64_t people;
	switch (c->kind) {
	case COLUMN_ANSWER:
		read_answer(job, row, column, cell);
		return 0;
	case COLUMN_REACH:
		if (str_eqs(cell, "-"))
			row->reached[c->reach] = 0;
		else if (!digits_parse(cell, PEOPLE_MAX, &people))
			complain(job, row->line, column, cell, "请填人数，例如 12");
		else
			row->reached[c->reach] = (int64_t)people;
		return 0;
	case COLUMN_WAIVER:
		if (cell.len > SURVEY_REASON_MAX)
			complain(job, row->line, column, STR(""), "太长，应在 500 字以内");
		else
			row->waiver = str_eqs(cell, "-") ? "" : arena_strndup(job->desk.arena, cell.data, cell.len);
		return row->waiver || cell.len > SURVEY_REASON_MAX ? 0 : ERR_NOMEM;
	default:
		return 0;
	}
}

static struct str code_cell(const struct job *job, const struct table_row *in)
{
	for (int i = 0; i < in->n && i < job->n_columns; i++)
		if (job->columns[i].kind == COLUMN_CODE)
			return str_trim(in->cells[i]);
	return STR("");
}

/* The row's place, filled with nothing. */
static struct row *add_row(struct job *job, uint64_t line, const struct campaign_org *org)
{
	int reach = VOTERS_COUNT * survey_n_channels(job->desk.call.scheme);
	if (job->n == job->cap) {
		int cap = job->cap ? job->cap * 2 : 256;
		struct row *rows = reallocarray(job->rows, (size_t)cap, sizeof(*rows));
		if (!rows)
			return NULL;
		job->rows = rows;
		job->cap = cap;
	}
	struct row *row = &job->rows[job->n];
	*row = (struct row){
		.line = line, .org = org,
		.puts = arena_zalloc(job->desk.arena, (size_t)job->n_columns + 1, sizeof(*row->puts)),
		.reached = arena_zalloc(job->desk.arena, (size_t)reach, sizeof(*row->reached))};
	if (!row->puts || !row->reached)
		return NULL;
	for (int i = 0; i < reach; i++)
		row->reached[i] = -1;
	job->n++;
	return row;
}

static int read_row(struct job *job, const struct table_row *in, struct err_info *info)
{
	struct str code = code_cell(job, in);
	const struct campaign_org key = {
		.code = arena_strndup(job->desk.arena, code.len ? code.data : "", code.len)};
	if (!key.code)
		return err_nomem(info);
	const struct campaign_org *org = bsearch(&key, job->orgs, (size_t)job->n_orgs, sizeof(key), by_code);
	if (!org) {
		complain(job, in->line, -1, code, code.len ? "这里没有这个代码的党组织，或者它不参加评定"
							    : "没有组织代码");
		return 0;
	}
	uint64_t *seen = &job->seen[org - job->orgs];
	if (*seen) {
		complain(job, in->line, -1, code, arena_printf(job->desk.arena, "和第 %llu 行重复",
							       (unsigned long long)*seen));
		return 0;
	}
	*seen = in->line;
	struct row *row = add_row(job, in->line, org);
	if (!row)
		return err_nomem(info);
	for (int i = 0; i < in->n && i < job->n_columns; i++) {
		struct str cell = str_trim(in->cells[i]);
		if (cell.len && read_cell(job, row, i, cell) < 0)
			return err_nomem(info);
	}
	return 0;
}

static int read_table(struct job *job, struct table *table, struct err_info *info)
{
	struct table_row row;
	int r = table_next(table, &row, info);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_INPUT, "%s 是空的", job->file);
	job->sheet = table_is_sheet(table);
	job->seen = arena_zalloc(job->desk.arena, (size_t)job->n_orgs + 1, sizeof(*job->seen));
	if (!job->seen)
		return err_nomem(info);
	if (job->n_orgs)
		qsort(job->orgs, (size_t)job->n_orgs, sizeof(*job->orgs), by_code);
	if ((r = read_head(job, &row, info)) < 0)
		return r;
	while ((r = table_next(table, &row, info)) > 0) {
		if (row.broken) {
			complain(job, row.line, row.why_cell < job->n_columns ? row.why_cell : -1,
				 STR(""), row.why);
			continue;
		}
		if (job->n == SURVEY_SHEET_MAX)
			return err_set(info, ERR_LIMIT, "%s 太长：一次最多 %d 行", job->file, SURVEY_SHEET_MAX);
		if ((r = read_row(job, &row, info)) < 0)
			return r;
	}
	if (r == 0 && job->errors->total)
		return err_set(info, ERR_INPUT, "%s", job->errors->at[0]);
	return r;
}

/* ---- writing it ---- */

static int load_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int64_t total;
	int r = survey_desk_open(tx, &job->desk, job->node, info);
	if (r < 0)
		return r;
	if (!job->desk.call.scheme->n_survey)
		return err_set(info, ERR_STATE, "这个方案没有调查问题");
	r = store_campaign_orgs_page(tx, job->desk.campaign, job->desk.call.path, job->category, 0,
				     SURVEY_SHEET_MAX, job->desk.arena, &job->orgs, &job->n_orgs, &total);
	if (r == 0 && total > SURVEY_SHEET_MAX)
		return err_set(info, ERR_LIMIT, "一次最多 %d 个党组织，请按乡镇或者类别分开", SURVEY_SHEET_MAX);
	return r;
}

static void list_item(struct job *job, const char *label, const char *before, const char *after)
{
	struct sheet_import *im = &job->import;
	bool same = strcmp(before, after) == 0;
	im->n_cells++;
	im->n_same += same;
	im->n_new += !same && !*before;
	im->n_changed += !same && *before;
	if (!same && im->n_items < SHEET_ITEMS_MAX)
		im->items[im->n_items++] = (struct sheet_item){job->desk.view.org.code, job->desk.view.org.name,
							       label, before, *after ? after : "空"};
}

static const char *words(const struct scheme_question *q, const char *answer, struct arena *arena)
{
	const char *text = *answer ? survey_answer_words(q, answer, arena) : "";
	return text ? text : "";
}

/* What the row would change, into the list. */
static void compare_row(struct job *job, const struct row *row, const char *waiver)
{
	const struct survey_view *v = &job->desk.view;
	struct arena *arena = job->desk.arena;
	for (int i = 0; i < row->n; i++) {
		const struct scheme_question *q = &v->scheme->survey[row->puts[i].question];
		list_item(job, q->label, words(q, v->answers[row->puts[i].question].answer, arena),
			  words(q, row->puts[i].value, arena));
	}
	for (int i = 0; i < VOTERS_COUNT * survey_n_channels(v->scheme); i++)
		if (row->reached[i] >= 0)
			list_item(job, reach_heading(v->scheme, i, arena),
				  v->reached[i] ? arena_printf(arena, "%lld", (long long)v->reached[i]) : "",
				  row->reached[i] ? arena_printf(arena, "%lld", (long long)row->reached[i]) : "");
	if (row->waiver)
		list_item(job, waiver_heading, waiver, row->waiver);
}

static int apply_row(struct db_tx *tx, struct job *job, const struct row *row, struct err_info *info)
{
	struct survey_desk *desk = &job->desk;
	struct sheet_import *im = &job->import;
	int r, wrong, changes = im->n_new + im->n_changed;

	desk->call.org = *row->org;
	if ((r = survey_desk_look(tx, desk)) < 0)
		return r;
	const char *waiver = desk->view.state == STEP_WAIVED ? desk->view.note : "";
	compare_row(job, row, waiver);
	im->n_orgs++;
	if (changes == im->n_new + im->n_changed)
		return 0;
	r = survey_desk_may_change(tx, desk, info);
	return r < 0 || job->dry_run ? r
		: survey_desk_write(tx, desk, row->puts, row->n, row->reached,
				    row->waiver ? row->waiver : waiver, &wrong);
}

static int apply_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct sheet_import *im = &job->import;
	int r = survey_desk_open(tx, &job->desk, job->node, info);

	*im = (struct sheet_import){
		.items = arena_zalloc(job->desk.arena, SHEET_ITEMS_MAX, sizeof(*im->items))};
	if (!im->items)
		return db_doom_nomem(tx);
	struct survey_below below;
	if (r == 0)
		r = survey_desk_load(tx, &job->desk, job->desk.call.path, &below);
	job->desk.below = &below;
	for (int i = 0; r == 0 && i < job->n; i++)
		r = apply_row(tx, job, &job->rows[i], info);
	job->desk.below = NULL;
	return r;
}

int surveys_import(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   struct table *table, const char *file, bool dry_run, struct arena *arena,
		   struct diag *errors, struct sheet_import *ret_import, const char **ret_ignored,
		   struct err_info *info)
{
	struct job job = {.desk = {app, caller, arena, campaign}, .node = node, .file = file,
			  .errors = errors, .dry_run = dry_run, .category = -1};
	int r = db_read(app->db, load_fn, &job, info);
	if (r == 0)
		r = read_table(&job, table, info);
	if (r == 0)
		r = dry_run ? db_read(app->db, apply_fn, &job, info)
			    : db_write(app->db, id_region(node), apply_fn, &job, info);
	free(job.rows);
	if (r == 0) {
		*ret_import = job.import;
		*ret_ignored = job.ignored;
	}
	return r;
}

/* ---- out ---- */

static int export_columns(struct job *job)
{
	const struct scheme *scheme = job->desk.call.scheme;
	struct survey_export *ex = &job->export;
	struct arena *arena = job->desk.arena;
	int reach = VOTERS_COUNT * survey_n_channels(scheme);

	ex->columns = arena_zalloc(arena, (size_t)(scheme->n_survey + reach + 1), sizeof(*ex->columns));
	if (!ex->columns)
		return ERR_NOMEM;
	for (int i = 0; i < scheme->n_survey; i++) {
		const struct scheme_question *q = &scheme->survey[i];
		const char *label = question_heading(q, arena);
		bool twice = false;
		for (int c = 0; label && c < ex->n_columns; c++)
			twice |= strcmp(ex->columns[c].label, label) == 0;
		if (!twice && (job->category < 0 || survey_asks(q, job->category)))
			ex->columns[ex->n_columns++] = (struct survey_column){label, q};
		if (!label)
			return ERR_NOMEM;
	}
	for (int i = 0; i < reach; i++)
		if (!(ex->columns[ex->n_columns++].label = reach_heading(scheme, i, arena)))
			return ERR_NOMEM;
	if (scheme->coverage.given)
		ex->columns[ex->n_columns++].label = waiver_heading;
	return 0;
}

/* One cell of the form that was looked at. */
static const char *export_cell(struct job *job, int column)
{
	const struct survey_view *v = &job->desk.view;
	const struct survey_column *c = &job->export.columns[column];
	int first = 0;
	if (c->question) {
		int i = question_of(v->scheme, str_from(c->label), v->org.category);
		const char *answer = i < 0 ? "" : v->answers[i].answer;
		return i >= 0 && v->scheme->survey[i].ask == ASK_NUMBER
			? answer : words(&v->scheme->survey[i < 0 ? 0 : i], answer, job->desk.arena);
	}
	if (c->label == waiver_heading)
		return v->state == STEP_WAIVED ? v->note : "";
	while (job->export.columns[first].question)
		first++;
	return v->reached[column - first]
		? arena_printf(job->desk.arena, "%lld", (long long)v->reached[column - first]) : "";
}

static int export_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct survey_export *ex = &job->export;
	int r = load_fn(tx, job, info);
	if (r < 0)
		return r;
	*ex = (struct survey_export){.campaign = job->desk.call.campaign, .scheme = job->desk.call.scheme,
				     .node = job->desk.call.org, .n_rows = job->n_orgs, .orgs = job->orgs};
	if (job->category >= ex->scheme->n_categories)
		return err_set(info, ERR_NOT_FOUND, "方案里没有这个类别");
	if (export_columns(job) < 0)
		return db_doom_nomem(tx);
	ex->cells = arena_zalloc(job->desk.arena, (size_t)ex->n_rows * (size_t)ex->n_columns + 1,
				 sizeof(*ex->cells));
	if (!ex->cells)
		return db_doom_nomem(tx);
	struct survey_below below;
	if (!job->blank && (r = survey_desk_load(tx, &job->desk, job->desk.call.path, &below)) < 0)
		return r;
	job->desk.below = &below;
	for (int i = 0; r == 0 && i < ex->n_rows; i++) {
		job->desk.call.org = ex->orgs[i];
		if (!job->blank)
			r = survey_desk_look(tx, &job->desk);
		for (int c = 0; r == 0 && c < ex->n_columns; c++) {
			const char *text = job->blank ? "" : export_cell(job, c);
			ex->cells[(size_t)i * (size_t)ex->n_columns + (size_t)c] = text;
			if (!text)
				return db_doom_nomem(tx);
		}
	}
	job->desk.below = NULL;
	return r;
}

static int export_audit_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	int r = survey_desk_open(tx, &job->desk, job->node, info);
	return r < 0 ? r : app_audit(tx, &job->desk.call.access, "survey.export", job->node,
				     job->desk.call.org.name, "",
				     arena_printf(job->desk.arena, "%d 个党组织%s", job->export.n_rows,
						  job->blank ? "，空表" : ""));
}

int surveys_export(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   int category, bool blank, struct arena *arena, struct survey_export *ret_export,
		   struct err_info *info)
{
	struct job job = {.desk = {app, caller, arena, campaign}, .node = node, .category = category,
			  .blank = blank};
	int r = db_read(app->db, export_fn, &job, info);
	if (r == 0)
		r = db_write(app->db, id_region(node), export_audit_fn, &job, info);
	if (r == 0)
		*ret_export = job.export;
	return r;
}
