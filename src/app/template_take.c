/* SPDX-License-Identifier: Apache-2.0 */
/* What one cell of a returned workbook means, and whether it may say so. */
#include <stdlib.h>
#include <string.h>

#include "app/template_read_in.h"
#include "domain/day.h"
#include "domain/exact.h"

enum { TEXT_MAX = 6000 /* bytes of a problem's texts */ };

/* Without the marks that spreadsheets put in: "=…" is a formula that nobody
 * calculated. False: complained. */
static bool usable(struct reading *rd, const struct grid_sheet *sheet, uint32_t row, uint32_t column,
		   const char *object, struct str text)
{
	if (text.len && text.data[0] == '#' && text.len < 10) {
		read_wrong(rd, sheet->name, row, column, object, "公式出错（%.*s），请改成文字或数字", STR_ARG(text));
		return false;
	}
	return true;
}

int read_take_org(struct reading *rd, struct org_edit *edit, const struct org_field *field,
		  struct str text, const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	struct err_info why = {0};
	struct org trial = edit->now;
	char before[32], after[32];
	if (!usable(rd, sheet, row, column, edit->old.name, text))
		return 0;
	int r = org_field_parse(field, text, rd->arena, &trial, &why);
	if (r == ERR_NOMEM)
		return r;
	if (r < 0) {
		read_wrong(rd, sheet->name, row, column, edit->old.name, "%s", why.text);
		return 0;
	}
	if (org_field_equal(field, &edit->old, &trial))
		return 0;
	bool structure = field->kind == ORG_LEVEL || field->kind == ORG_FIELD || strcmp(field->id, "kind") == 0;
	if (edit->denied || (structure && app_may(rd->tx, &rd->access, ACTION_ORG_STRUCTURE, edit->old.id, NULL,
						  &why) < 0)) {
		read_wrong(rd, sheet->name, row, column, edit->old.name, "您没有权限修改%s；系统里是“%s”",
			   field->label, org_field_format(field, &edit->old, before));
		return 0;
	}
	edit->now = trial;
	edit->changed = true;
	read_change(rd, sheet->name, row, column, edit->old.name, field->label,
		    org_field_format(field, &edit->old, before), org_field_format(field, &trial, after));
	return 0;
}

/* Words that are kept; "-" empties. NULL without memory. */
static const char *copy_words(struct reading *rd, struct str text)
{
	text = str_trim(text);
	if (str_eqs(text, "-") || str_eqs(text, "—"))
		return "";
	return arena_strndup(rd->arena, text.data, text.len);
}

/* The text behind a name of a problem; NULL: it is no text that can be changed. */
static const char **problem_text(struct case_problem *p, const char *field)
{
	const struct {
		const char *name;
		const char **text;
	} texts[] = {{"问题", &p->title}, {"原因", &p->cause}, {"措施", &p->measure}, {"目标", &p->goal},
		     {"责任人", &p->owner}, {"责任人职务", &p->post}, {"责任人电话", &p->phone}};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (strcmp(field, texts[i].name) == 0)
			return texts[i].text;
	return NULL;
}

/* A day with year, month and day; false: complained. */
static bool take_day(struct reading *rd, const char *object, const char *label, struct str text,
		     const struct grid_sheet *sheet, uint32_t row, uint32_t column, int32_t *ret_day)
{
	char folded[64];
	struct str plain = {folded, 0};
	text = str_trim(text);
	if (text.len <= sizeof(folded))
		plain.len = str_fold_width(text, folded);
	if (text.len <= sizeof(folded) && day_parse(plain, ret_day) == 0 && *ret_day % 100)
		return true;
	read_wrong(rd, sheet->name, row, column, object, "%s“%.*s”不对，应为日期，如 2026-12-01", label,
		   STR_ARG(read_cut(text)));
	return false;
}

static int take_deadline(struct reading *rd, struct problem_edit *edit, struct str text,
			 const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	char before[16], after[16];
	int32_t day = 0;
	if (!take_day(rd, edit->old.title, "时限", text, sheet, row, column, &day))
		return 0;
	if (day == edit->old.deadline)
		return 0;
	if (edit->old.case_state >= CASE_RECTIFYING && edit->old.deadline) {
		read_wrong(rd, sheet->name, row, column, edit->old.title,
			   "整改已经开始，改期限请在台账里“申请延期”并写明理由");
		return 0;
	}
	edit->now.deadline = day;
	edit->changed = true;
	day_format(edit->old.deadline, before);
	day_format(day, after);
	read_change(rd, sheet->name, row, column, edit->old.title, "时限", before, after);
	return 0;
}

static int take_problem_text(struct reading *rd, struct problem_edit *edit, const char *field,
			     const char *words, const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	const char **old = problem_text(&edit->old, field), **now = problem_text(&edit->now, field);
	if (strcmp(words, *old) == 0)
		return 0;
	if (!*words && strcmp(field, "问题") == 0) {
		read_wrong(rd, sheet->name, row, column, edit->old.title, "问题不能空着");
		return 0;
	}
	if (strlen(words) > TEXT_MAX) {
		read_wrong(rd, sheet->name, row, column, edit->old.title, "%s太长，应在 2000 字以内", field);
		return 0;
	}
	read_change(rd, sheet->name, row, column, edit->old.title, field, *old, words);
	*now = words;
	edit->changed = true;
	return 0;
}

/* "镇组织委员 王五": who, and what he is. */
static int take_owner(struct reading *rd, struct problem_edit *edit, const char *words,
		      const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	const char *blank = strrchr(words, ' ');
	const char *post = blank ? arena_strndup(rd->arena, words, (size_t)(blank - words)) : "";
	if (!post)
		return ERR_NOMEM;
	int r = take_problem_text(rd, edit, "责任人", blank ? blank + 1 : words, sheet, row, column);
	return r < 0 ? r : take_problem_text(rd, edit, "责任人职务", post, sheet, row, column);
}

static int take_problem(struct reading *rd, struct problem_edit *edit, const char *field, struct str text,
			const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	if (strcmp(field, "时限") == 0)
		return take_deadline(rd, edit, text, sheet, row, column);
	bool owner = strcmp(field, "职务和责任人") == 0;
	text = str_trim(text);
	if ((!owner && !problem_text(&edit->old, field)) || !usable(rd, sheet, row, column, edit->old.title, text))
		return 0;
	const char *words = copy_words(rd, text);
	if (!words)
		return ERR_NOMEM;
	return owner ? take_owner(rd, edit, words, sheet, row, column) :
		       take_problem_text(rd, edit, field, words, sheet, row, column);
}

int read_take_problem(struct reading *rd, struct problem_edit *edit, const char *field, struct str text,
		      const struct grid_sheet *sheet, uint32_t row, uint32_t column)
{
	struct err_info why;
	bool before = edit->changed;
	int r = take_problem(rd, edit, field, text, sheet, row, column);
	if (r == 0 && edit->changed && !before &&
	    app_may(rd->tx, &rd->access, ACTION_CASE_WRITE, edit->old.org, NULL, &why) < 0)
		read_wrong(rd, sheet->name, row, column, edit->old.title, "您没有权限修改这里的整顿台账");
	return r;
}

/* ---- F7: the problems of an organisation in one cell ---- */

/* "2.三会一课不经常" → 2 and the words; 0: no number. */
static int line_number(struct str line, struct str *ret_words)
{
	size_t digits = 0, mark;
	uint64_t number;
	while (digits < line.len && line.data[digits] >= '0' && line.data[digits] <= '9')
		digits++;
	struct str rest = {line.data + digits, line.len - digits};
	static const char *const marks[] = {".", "．", "、"};
	for (size_t i = 0; digits && i < ARRAY_LEN(marks); i++) {
		mark = strlen(marks[i]);
		if (rest.len < mark || memcmp(rest.data, marks[i], mark) != 0 ||
		    !digits_parse((struct str){line.data, digits}, 1000, &number))
			continue;
		*ret_words = str_trim((struct str){rest.data + mark, rest.len - mark});
		return (int)number;
	}
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct problem_edit *x = *(struct problem_edit *const *)a, *y = *(struct problem_edit *const *)b;
	return x->old.place - y->old.place;
}

int read_take_lines(struct reading *rd, const struct org *org, const char *field, struct str text,
		    const struct grid_sheet *sheet, uint32_t row, uint32_t column, struct err_info *info)
{
	struct problem_edit **of = arena_zalloc(rd->arena, (size_t)rd->n_problems + 1, sizeof(struct problem_edit *));
	int n = 0, r = 0;
	if (!of)
		return err_nomem(info);
	for (int i = 0; i < rd->n_problems; i++)
		if (rd->problems[i].old.org == org->id)
			of[n++] = &rd->problems[i];
	qsort(of, (size_t)n, sizeof(*of), by_place);
	if (!n)
		read_wrong(rd, sheet->name, row, column, org->name, "还没有登记问题，请先在台账里登记");
	if (n == 1)
		return read_take_problem(rd, of[0], field, text, sheet, row, column);
	while (text.len && n && r == 0) {
		struct str words = {0}, line = {text.data, 0};
		while (line.len < text.len && text.data[line.len] != '\n')
			line.len++;
		text.data += line.len + (line.len < text.len);
		text.len -= line.len + (line.len < text.len);
		line = str_trim(line);
		int number = line_number(line, &words);
		if (line.len && (!number || number > n))
			read_wrong(rd, sheet->name, row, column, org->name,
				   "“%.*s”不对，应一行一个问题，写成“1.…”“2.…”，这里登记了 %d 个问题", STR_ARG(read_cut(line)), n);
		else if (line.len && words.len)
			r = read_take_problem(rd, of[number - 1], field, words, sheet, row, column);
	}
	return r;
}

/* ---- F14: goal, measures and owner ---- */

static struct plan_edit *plan_of(struct reading *rd, const struct org *org, const struct grid_sheet *sheet,
				 uint32_t row, struct err_info *info)
{
	for (int i = 0; i < rd->n_plans; i++)
		if (rd->plans[i].now.org == org->id)
			return &rd->plans[i];
	struct plan_edit *list = read_grow(rd, rd->plans, rd->n_plans, &rd->cap_plans, sizeof(*list));
	if (!list) {
		err_nomem(info);
		return NULL;
	}
	rd->plans = list;
	struct plan_edit *edit = &list[rd->n_plans];
	*edit = (struct plan_edit){.name = org->name, .sheet = sheet->name, .row = row};
	if (store_improvement_get(rd->tx, rd->ask->campaign, org->id, rd->arena, &edit->now) < 0)
		return NULL;
	edit->now.org = org->id;
	rd->n_plans++;
	return edit;
}

int read_take_plan(struct reading *rd, const struct org *org, const char *field, struct str text, bool printed,
		   const struct grid_sheet *sheet, uint32_t row, uint32_t column, struct err_info *info)
{
	struct plan_edit *edit = plan_of(rd, org, sheet, row, info);
	if (!edit)
		return info->code ? info->code : ERR_NOMEM;
	const char **now = strcmp(field, "下年目标") == 0 ? &edit->now.goal :
			   strcmp(field, "整改措施") == 0 ? &edit->now.measures : &edit->now.owner;
	if (!usable(rd, sheet, row, column, org->name, text))
		return 0;
	const char *words = copy_words(rd, text);
	if (!words)
		return err_nomem(info);
	/* A goal that only the scheme sets is taken with the rest. */
	if (strcmp(words, *now) != 0 && !printed) {
		read_change(rd, sheet->name, row, column, org->name, field, *now, words);
		edit->changed = true;
	}
	if (!printed || !edit->now.at_ms)
		*now = words;
	return 0;
}

/* ---- F3: the election ---- */

static int know_cases(struct reading *rd, struct err_info *info)
{
	struct ledger_case *cases;
	int n, r;
	if (rd->cases)
		return 0;
	r = store_case_list(rd->tx, rd->path, -1, rd->arena, &cases, &n);
	rd->cases = r < 0 ? NULL : arena_zalloc(rd->arena, (size_t)n + 1, sizeof(*rd->cases));
	if (!rd->cases)
		return r < 0 ? r : err_nomem(info);
	for (int i = 0; i < n; i++)
		rd->cases[i] = (struct case_edit){.now = cases[i]};
	rd->n_cases = n;
	return 0;
}

int read_take_election(struct reading *rd, const struct org *org, struct str text,
		       const struct grid_sheet *sheet, uint32_t row, uint32_t column, struct err_info *info)
{
	static const char held[] = "已于", done[] = "完成";
	struct case_edit *edit = NULL;
	struct err_info why;
	int32_t day;
	char before[16], after[16];
	int r = know_cases(rd, info);
	for (int i = 0; r == 0 && i < rd->n_cases && !edit; i++)
		if (rd->cases[i].now.org == org->id && rd->cases[i].now.election != ELECTION_NONE)
			edit = &rd->cases[i];
	if (r < 0)
		return r;
	if (!edit) {
		read_wrong(rd, sheet->name, row, column, org->name, "不是换届难点村；请先在台账里登记推迟换届");
		return 0;
	}
	text = str_trim(text);
	bool over = text.len > sizeof(held) - 1 && memcmp(text.data, held, sizeof(held) - 1) == 0;
	if (over)
		text = (struct str){text.data + sizeof(held) - 1, text.len - (sizeof(held) - 1)};
	if (text.len > sizeof(done) - 1 && memcmp(text.data + text.len - (sizeof(done) - 1), done, sizeof(done) - 1) == 0)
		text.len -= sizeof(done) - 1;
	if (!take_day(rd, org->name, "换届选举完成时间", text, sheet, row, column, &day))
		return 0;
	bool was_over = edit->now.election == ELECTION_HELD;
	if (day == edit->now.election_day && over == was_over)
		return 0;
	if (over && day > rd->caller->today) {
		read_wrong(rd, sheet->name, row, column, org->name, "换届已经完成，日期不能晚于今天");
		return 0;
	}
	if (app_may(rd->tx, &rd->access, ACTION_CASE_WRITE, org->id, NULL, &why) < 0)
		read_wrong(rd, sheet->name, row, column, org->name, "您没有权限修改这里的整顿台账");
	day_format(edit->now.election_day, before);
	day_format(day, after);
	read_change(rd, sheet->name, row, column, org->name, over ? "换届完成" : "计划换届", before, after);
	edit->now.election_day = day;
	edit->now.election = over ? ELECTION_HELD :
			     edit->now.election == ELECTION_HELD ? ELECTION_PLANNED : edit->now.election;
	edit->changed = true;
	return 0;
}
