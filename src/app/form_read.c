/* SPDX-License-Identifier: Apache-2.0 */
/* Official forms that come back filled in by hand: found by their heads. */
#include <stdio.h>
#include <string.h>

#include "app/forms.h"
#include "app/scores.h"
#include "app/template_read_in.h"
#include "domain/exact.h"

enum { HEAD_ROWS = 12 /* among which a head is looked for */ };

/* ---- lists: F2, F3, F4, F7, F8 ---- */

/* What a head means. */
static const struct {
	const char *head, *list, *field;
} heads[] = {
	{"序号", "组织", "序号"}, {"软弱涣散基层党组织名称", "组织", "名称"}, {"村党组织名称", "组织", "名称"},
	{"党组织名称", "组织", "名称"}, {"代码", "组织", "代码"}, {"党员数", "组织", "党员数"},
	{"党组织书记姓名", "组织", "书记"}, {"书记姓名", "组织", "书记"},
	{"党组织书记联系方式", "组织", "书记电话"},
	{"序号", "问题", "序号"}, {"党组织名称", "问题", "党组织"}, {"存在问题", "问题", "问题"},
	{"整顿措施", "问题", "措施"}, {"整顿目标", "问题", "目标"}, {"完成时限", "问题", "时限"},
};

static const struct {
	const char *form, *list;	/* list NULL: by figures alone */
} forms[] = {
	{"f1", NULL}, {"f2", "组织"}, {"f3", "组织"}, {"f4", "组织"}, {"f5", NULL}, {"f7", "组织"}, {"f8", "问题"},
};

bool template_read_knows(const char *form)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (form && strcmp(form, forms[i].form) == 0)
			return true;
	return false;
}

static const char *list_of(const char *form)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (strcmp(form, forms[i].form) == 0)
			return forms[i].list;
	return NULL;
}

/* The columns of the head in this row (from 0); their number. */
static int read_head(const struct grid_sheet *sheet, uint32_t row, const char *list, struct read_block *block)
{
	block->n = 0;
	for (int i = grid_row(sheet, row); i < sheet->n && sheet->cells[i].row == row; i++) {
		struct str text = str_trim(sheet->cells[i].text);
		for (size_t h = 0; h < ARRAY_LEN(heads); h++)
			if (strcmp(heads[h].list, list) == 0 && str_eqs(text, heads[h].head) &&
			    block->n < READ_COLUMNS_MAX)
				block->columns[block->n++] =
					(struct read_column){0, sheet->cells[i].column, heads[h].field};
	}
	return block->n;
}

static bool begins(struct str text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && memcmp(text.data, with, len) == 0;
}

/* The first row (from 0) below the head that is none of the list's: totals, signatures,
 * a note, or nothing at all. */
static uint32_t list_end(const struct grid_sheet *sheet, const struct read_block *block, uint32_t row)
{
	const struct read_column *name = read_column_of(block, strcmp(block->list, "问题") == 0 ? "问题" : "名称");
	for (;; row++) {
		int i = grid_row(sheet, row);
		if (i >= sheet->n)
			return row;
		if (sheet->cells[i].row > row) {
			/* Empty rows between are no end. */
			row = sheet->cells[i].row - 1;
			continue;
		}
		struct str first = str_trim(sheet->cells[i].text);
		int64_t number;
		bool numbered = sheet->cells[i].column == 0 && read_number(first, &number);
		bool named = name && str_trim(grid_text(sheet, row, name->column)).len;
		if (!numbered && (!named || begins(first, "合计") || begins(first, "党委书记签字") || begins(first, "注：")))
			return row;
	}
}

/* "较好 16 个，占 66.7%" of the grade in the form's foot against the rows. */
static void check_grades(struct reading *rd, const struct grid_sheet *sheet, const struct read_block *block,
			 uint32_t end)
{
	int graded = 0;
	uint32_t grade_column = UINT32_MAX;
	for (int i = grid_row(sheet, block->first - 2); i < sheet->n && sheet->cells[i].row == block->first - 2; i++)
		if (str_eqs(str_trim(sheet->cells[i].text), "等次"))
			grade_column = sheet->cells[i].column;
	if (grade_column == UINT32_MAX)
		return;
	for (uint32_t row = block->first; row <= block->last; row++)
		graded += str_trim(grid_text(sheet, row - 1, grade_column)).len > 0;
	for (int i = grid_row(sheet, end); i < sheet->n && sheet->cells[i].row == end; i++) {
		const struct grid_cell *c = &sheet->cells[i];
		struct str text = str_trim(c->text);
		const char *blank = memchr(text.data, ' ', text.len);
		const char *unit = memmem(text.data, text.len, " 个，占 ", strlen(" 个，占 "));
		int n = 0;
		uint64_t told;
		int64_t share;
		if (!blank || !unit || unit <= blank)
			continue;
		struct str grade = {text.data, (size_t)(blank - text.data)};
		struct str digits = {blank + 1, (size_t)(unit - blank) - 1};
		for (uint32_t row = block->first; row <= block->last; row++)
			n += str_eq(str_trim(grid_text(sheet, row - 1, grade_column)), grade);
		if (!digits_parse(digits, 1000000, &told) || (int)told != n) {
			read_wrong(rd, sheet->name, end, c->column, "", "写的是“%.*s”，各行里“%.*s”有 %d 个", STR_ARG(text),
				   STR_ARG(grade), n);
			continue;
		}
		const char *percent = unit + strlen(" 个，占 ");
		struct str figure = {percent, (size_t)(text.data + text.len - percent)};
		figure.len -= figure.len > 0 && figure.data[figure.len - 1] == '%';
		int64_t right = graded ? (2000 * (int64_t)n + graded) / (2 * (int64_t)graded) : 0;
		if (graded && (!read_number(figure, &share) || share != right * 1000))
			read_wrong(rd, sheet->name, end, c->column, "", "占比写的是“%.*s%%”，按个数算是 %lld.%lld%%",
				   STR_ARG(figure), (long long)(right / 10), (long long)(right % 10));
	}
}

/* The list of a sheet, by its head; false: it has none. */
static bool find_list(const struct grid_sheet *sheet, const char *list, struct read_block *block)
{
	const char *key = strcmp(list, "问题") == 0 ? "问题" : "名称";
	*block = (struct read_block){.list = list, .height = 1};
	for (uint32_t row = 0; row < HEAD_ROWS; row++) {
		if (read_head(sheet, row, list, block) < 3 || !read_column_of(block, key))
			continue;
		block->first = row + 2;
		block->last = list_end(sheet, block, row + 1);
		return true;
	}
	return false;
}

static int read_list(struct reading *rd, const struct grid_sheet *sheet, const char *list, bool *ret_met,
		     struct err_info *info)
{
	struct read_block block;
	if (!find_list(sheet, list, &block))
		return 0;
	*ret_met = true;
	rd->shown = rd->now ? read_sheet(rd->now, sheet->name) : NULL;
	if (rd->shown && !find_list(rd->shown, list, &rd->shown_block))
		rd->shown = NULL;
	int r = block.last >= block.first ? read_rows(rd, sheet, &block, info) : 0;
	if (r == 0 && strcmp(rd->ask->form, "f4") == 0)
		check_grades(rd, sheet, &block, block.last);
	return r;
}

/* 1, or 0 where there is no such form now (nobody to rectify, not graded yet). */
int read_form_now(struct reading *rd, struct grid *ret_grid, struct err_info *info)
{
	const char *list = list_of(rd->ask->form);
	const struct form_ask ask = {.form = rd->ask->form, .node = rd->ask->node, .campaign = rd->ask->campaign};
	AUTO(buf) struct buf book = {0};
	struct err_info why = {0};
	struct doc doc;
	if (!list || strcmp(list, "组织") != 0)
		return 0;
	int r = forms_make(rd->app, rd->caller, &ask, rd->arena, &doc, &why);
	if (r == ERR_NOMEM || r == ERR_IO || r == ERR_DENIED)
		return err_set(info, r, "%s", why.text);
	if (r < 0)
		return 0;
	r = doc_write(&doc, DOC_XLSX, &book, info);
	doc_done(&doc);
	if (r == 0)
		r = grid_read(ret_grid, "表", (struct str){buf_str(&book), book.len}, rd->arena, info);
	return r < 0 ? r : 1;
}

/* ---- F1: figures against each other ---- */

enum { F1_ORGS, F1_KINDS = 1, F1_WEAK = 4, F1_CRITERIA = 5, F1_LINES = 11 };

struct f1_sheet {
	const struct grid_sheet *sheet;
	uint32_t rows[F1_LINES];	/* from 0; UINT32_MAX: not there */
	int64_t n[F1_LINES];		/* -1: empty or wrong */
};

static void find_lines(const struct grid_sheet *sheet, struct f1_sheet *f)
{
	static const char *const labels[F1_LINES] = {"所辖基层党组织", "党委", "党总支", "党支部", "软弱涣散基层党组织",
						     "（1）", "（2）", "（3）", "（4）", "（5）", "（6）"};
	*f = (struct f1_sheet){.sheet = sheet};
	for (int l = 0; l < F1_LINES; l++) {
		f->rows[l] = UINT32_MAX;
		f->n[l] = -1;
		for (int i = 0; i < sheet->n && f->rows[l] == UINT32_MAX; i++) {
			struct str text = str_trim(sheet->cells[i].text);
			if (sheet->cells[i].column == 0 &&
			    (l < F1_CRITERIA ? str_eqs(text, labels[l]) : begins(text, labels[l])))
				f->rows[l] = sheet->cells[i].row;
		}
	}
}

static void read_counts(struct reading *rd, struct f1_sheet *f)
{
	for (int l = 0; l < F1_LINES; l++) {
		struct str text = {0};
		int64_t e4;
		if (f->rows[l] != UINT32_MAX)
			text = str_trim(grid_text(f->sheet, f->rows[l], 1));
		if (!text.len)
			continue;
		if (!read_number(text, &e4) || e4 % 10000)
			read_wrong(rd, f->sheet->name, f->rows[l], 1, "", "数量“%.*s”不对，应为不小于 0 的整数",
				   text.len > 40 ? 40 : (int)text.len, text.data);
		else
			f->n[l] = e4 / 10000;
	}
}

static void check_share(struct reading *rd, const struct f1_sheet *f, int line, uint32_t column, int64_t whole)
{
	struct str text = str_trim(grid_text(f->sheet, f->rows[line], column));
	int64_t e4;
	if (!text.len || begins(text, "—") || f->n[line] < 0 || whole <= 0)
		return;
	int64_t right = (2000 * f->n[line] + whole) / (2 * whole);	/* tenths of a percent, half up */
	if (!read_number(text, &e4) || e4 != right * 1000)
		read_wrong(rd, f->sheet->name, f->rows[line], column, "", "比例“%.*s”不对，按数量算是 %lld.%lld",
			   text.len > 40 ? 40 : (int)text.len, text.data, (long long)(right / 10), (long long)(right % 10));
}

static void check_sheet(struct reading *rd, const struct f1_sheet *f)
{
	const char *name = f->sheet->name;
	int64_t orgs = f->n[F1_ORGS], weak = f->n[F1_WEAK], kinds = 0;
	for (int i = 0; i < 3; i++)
		kinds += f->n[F1_KINDS + i] > 0 ? f->n[F1_KINDS + i] : 0;
	if (orgs >= 0 && kinds > orgs)
		read_wrong(rd, name, f->rows[F1_ORGS], 1, "", "所辖基层党组织是 %lld 个，党委、党总支、党支部加起来是 %lld 个",
			   (long long)orgs, (long long)kinds);
	if (orgs >= 0 && weak > orgs)
		read_wrong(rd, name, f->rows[F1_WEAK], 1, "", "软弱涣散 %lld 个，比所辖的 %lld 个还多", (long long)weak,
			   (long long)orgs);
	for (int l = F1_CRITERIA; l < F1_LINES; l++)
		if (weak >= 0 && f->n[l] > weak)
			read_wrong(rd, name, f->rows[l], 1, "", "这一类 %lld 个，比软弱涣散的 %lld 个还多",
				   (long long)f->n[l], (long long)weak);
	for (int l = F1_KINDS; l < F1_LINES; l++)
		if (f->rows[l] != UINT32_MAX)
			check_share(rd, f, l, 2, orgs);
	for (int l = F1_CRITERIA; l < F1_LINES; l++)
		if (f->rows[l] != UINT32_MAX)
			check_share(rd, f, l, 3, weak);
}

/* The sheet of all against the sum of the others; some belong to no category. */
static void check_all(struct reading *rd, const struct f1_sheet *sheets, int n)
{
	const struct f1_sheet *all = NULL;
	for (int i = 0; i < n; i++)
		if (strcmp(sheets[i].sheet->name, "全部") == 0)
			all = &sheets[i];
	for (int l = 0; all && n > 1 && l < F1_LINES; l++) {
		int64_t sum = 0;
		for (int i = 0; i < n; i++)
			sum += &sheets[i] != all && sheets[i].n[l] > 0 ? sheets[i].n[l] : 0;
		if (all->n[l] >= 0 && sum > all->n[l])
			read_wrong(rd, all->sheet->name, all->rows[l], 1, "", "全部是 %lld 个，各类加起来是 %lld 个",
				   (long long)all->n[l], (long long)sum);
	}
}

static int read_f1(struct reading *rd, bool *ret_met, struct err_info *info)
{
	struct f1_sheet *sheets = arena_zalloc(rd->arena, (size_t)rd->grid->n + 1, sizeof(*sheets));
	int n = 0;
	if (!sheets)
		return err_nomem(info);
	for (int i = 0; i < rd->grid->n; i++) {
		find_lines(&rd->grid->sheets[i], &sheets[n]);
		if (sheets[n].rows[F1_ORGS] == UINT32_MAX || sheets[n].rows[F1_WEAK] == UINT32_MAX)
			continue;
		read_counts(rd, &sheets[n]);
		check_sheet(rd, &sheets[n]);
		rd->result.rows += F1_LINES;
		n++;
	}
	*ret_met = n > 0;
	check_all(rd, sheets, n);
	return 0;
}

/* ---- F5: the committee's scores ---- */

/* "党组织名称：三岔口村党支部" → the name; {0}. */
static struct str org_of_sheet(const struct grid_sheet *sheet)
{
	static const char head[] = "党组织名称：";
	for (int i = 0; i < sheet->n && sheet->cells[i].row < HEAD_ROWS; i++) {
		struct str text = str_trim(sheet->cells[i].text);
		if (begins(text, head))
			return str_trim((struct str){text.data + sizeof(head) - 1, text.len - sizeof(head) + 1});
	}
	return (struct str){0};
}

struct f5_columns {
	uint32_t head, points, self, committee;
};

static bool find_columns(const struct grid_sheet *sheet, struct f5_columns *ret)
{
	int found = 0;
	for (int i = 0; i < sheet->n && sheet->cells[i].row < HEAD_ROWS; i++) {
		const struct grid_cell *c = &sheet->cells[i];
		struct str text = str_trim(c->text);
		uint32_t *to = str_eqs(text, "分值") ? &ret->points : str_eqs(text, "自评得分") ? &ret->self :
			       str_eqs(text, "党委评定得分") ? &ret->committee : NULL;
		if (!to)
			continue;
		*to = c->column;
		ret->head = c->row;
		found++;
	}
	return found == 3;
}

static int leaf_of(const struct score_grid *grid, struct str indicator, struct str item)
{
	for (int i = 0; i < grid->n_columns; i++) {
		const struct score_column *c = &grid->columns[i];
		if (item.len ? str_eqs(item, c->label) && str_eqs(indicator, c->group) :
			       str_eqs(indicator, c->label) && !*c->group)
			return i;
	}
	return -1;
}

/* One line's score; false: it is wrong. */
static bool take_score(struct reading *rd, const struct grid_sheet *sheet, const struct score_grid *grid,
		       int column, uint32_t row, uint32_t at, struct str text)
{
	const struct score_row *org = &grid->rows[0];
	const struct score_cell *cell = &org->cells[column];
	int64_t e4, now;
	if (!read_number(text, &e4) || e4 > cell->max_e4) {
		read_wrong(rd, sheet->name, row, at, org->org.name, "得分“%.*s”不对，应为 0 到 %s 之间的数",
			   text.len > 40 ? 40 : (int)text.len, text.data, read_e4_text(rd, cell->max_e4));
		return false;
	}
	if (decimal_parse_e4(str_from(cell->text), &now) && now == e4)
		return true;
	if (org->locked || !grid->may_write) {
		read_wrong(rd, sheet->name, row, at, org->org.name, "现在不能改党委评定得分：%s",
			   org->locked ? org->locked : grid->why_not ? grid->why_not : "您没有权限");
		return false;
	}
	struct score_edit_cell *list = read_grow(rd, rd->scores, rd->n_scores, &rd->cap_scores, sizeof(*list));
	if (!list)
		return false;
	rd->scores = list;
	list[rd->n_scores++] = (struct score_edit_cell){org->org.id, grid->columns[column].leaf,
							read_e4_text(rd, e4)};
	read_change(rd, sheet->name, row, at, org->org.name, grid->columns[column].label, cell->text,
		    read_e4_text(rd, e4));
	return true;
}

/* The foot: what each column adds up to. */
static void check_sums(struct reading *rd, const struct grid_sheet *sheet, const struct f5_columns *c,
		       uint32_t total, const char *org)
{
	const uint32_t columns[] = {c->points, c->self, c->committee};
	static const char *const labels[] = {"分值", "自评得分", "党委评定得分"};
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct str text = str_trim(grid_text(sheet, total, columns[i]));
		int64_t told, sum = read_sum(sheet, c->head + 2, total, 1, 0, columns[i]);
		if (!text.len || text.data[0] == '=')
			continue;
		if (!read_number(text, &told) || told != sum)
			read_wrong(rd, sheet->name, total, columns[i], org, "%s合计是“%.*s”，各行加起来是 %s", labels[i],
				   text.len > 40 ? 40 : (int)text.len, text.data, read_e4_text(rd, sum));
	}
}

static int read_score_sheet(struct reading *rd, const struct grid_sheet *sheet, struct err_info *info)
{
	struct f5_columns c;
	struct str name = org_of_sheet(sheet), indicator = {0};
	struct score_grid grid;
	if (!name.len || !find_columns(sheet, &c))
		return 0;
	/* Its row of the grid; who may see it there is asked again. */
	int64_t id = 0;
	for (int i = 0; i < rd->n_known; i++)
		if (str_eqs(name, rd->by_name[i].name))
			id = id ? -1 : rd->by_name[i].id;
	if (id <= 0) {
		read_wrong(rd, sheet->name, 1, 0, "", id ? "有几个党组织都叫“%.*s”" :
			   "找不到“%.*s”，应为这个单位和下级的党组织", name.len > 120 ? 120 : (int)name.len, name.data);
		return 0;
	}
	const struct score_query query = {.at = {.door = SCORE_COMMITTEE, .campaign = rd->ask->campaign, .node = id,
						 .source = ""}, .category = -1, .page = 1};
	int r = scores_grid(rd->app, rd->caller, &query, rd->arena, &grid, info);
	if (r < 0)
		return r;
	if (!grid.n_rows) {
		read_wrong(rd, sheet->name, 1, 0, "", "这项年度工作不给“%.*s”定级", (int)name.len, name.data);
		return 0;
	}
	rd->result.rows++;
	for (uint32_t row = c.head + 1; ; row++) {
		struct str first = str_trim(grid_text(sheet, row, 0)), item = str_trim(grid_text(sheet, row, 1));
		struct str text = str_trim(grid_text(sheet, row, c.committee));
		if (begins(first, "合计")) {
			check_sums(rd, sheet, &c, row, grid.rows[0].org.name);
			return 0;
		}
		indicator = first.len ? first : indicator;
		if (grid_row(sheet, row) >= sheet->n || !indicator.len || row > c.head + 500)
			return 0;
		int column = leaf_of(&grid, indicator, item);
		if (column < 0) {
			read_wrong(rd, sheet->name, row, 0, grid.rows[0].org.name, "“%.*s%s%.*s”不是这个类别的指标",
				   indicator.len > 60 ? 60 : (int)indicator.len, indicator.data, item.len ? "/" : "",
				   item.len > 60 ? 60 : (int)item.len, item.len ? item.data : "");
			continue;
		}
		if (text.len)
			take_score(rd, sheet, &grid, column, row, c.committee, text);
	}
}

int read_form_scores(struct reading *rd, struct err_info *info)
{
	int r = 0;
	for (int i = 0; i < rd->grid->n && r == 0; i++)
		r = read_score_sheet(rd, &rd->grid->sheets[i], info);
	if (r == 0 && !rd->result.rows && !rd->result.count[READ_WRONG])
		return err_set(info, ERR_INPUT, "这里面没有量化评分表（F5）");
	return rd->nomem ? err_nomem(info) : r;
}

/* ---- any of them ---- */

int read_form(struct reading *rd, struct err_info *info)
{
	const char *list = list_of(rd->ask->form);
	bool met = false;
	int r = 0;
	if (strcmp(rd->ask->form, "f5") == 0) {
		if (!rd->ask->campaign)
			return err_set(info, ERR_INPUT, "请先选择年度工作");
		/* Names are looked up here; the grids come later. */
		int64_t none = read_find_org(rd, STR("-"), (struct str){0}, info);
		return none < -1 ? (int)none : 0;
	}
	if (strcmp(rd->ask->form, "f1") == 0)
		r = read_f1(rd, &met, info);
	for (int i = 0; i < rd->grid->n && r == 0 && list; i++)
		r = read_list(rd, &rd->grid->sheets[i], list, &met, info);
	if (r == 0 && !met)
		return err_set(info, ERR_INPUT, "这不是这张表：没有找到它的表头");
	return r;
}
