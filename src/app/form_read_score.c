/* SPDX-License-Identifier: Apache-2.0 */
/* F5 that comes back: self-evaluations and the committee's scores. */
#include <string.h>

#include "app/selfs.h"
#include "app/template_read_in.h"
#include "domain/exact.h"

enum {
	HEAD_ROWS = 12,		/* among which a head is looked for */
	LINES_MAX = 500,	/* of one sheet */
};

/* "党组织名称：三岔口村党支部" → the name; {0}. */
static struct str org_of_sheet(const struct grid_sheet *sheet)
{
	static const char head[] = "党组织名称：";
	for (int i = 0; i < sheet->n && sheet->cells[i].row < HEAD_ROWS; i++) {
		struct str text = str_trim(sheet->cells[i].text);
		if (read_begins(text, head))
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

/* One of the two columns that somebody fills in. */
struct side {
	const char *label;
	bool self;
	uint32_t column;
	const struct score_grid *grid, *other;	/* of the one organisation; other: of the other column */
	bool may_write;
	const char *why_not;		/* NULL */
};

/* One line's score. */
static void take_score(struct reading *rd, const struct grid_sheet *sheet, const struct side *side, int column,
		       uint32_t row, struct str text)
{
	const struct score_row *org = &side->grid->rows[0];
	const struct score_cell *cell = &org->cells[column];
	const char *label = arena_printf(rd->arena, "%s：%s", side->label, side->grid->columns[column].label);
	int64_t e4, now;
	if (org->hidden && !side->may_write) {
		read_wrong(rd, sheet->name, row, side->column, org->org.name, "现在不能改%s：还没有报送", side->label);
		return;
	}
	if (!read_number(text, &e4) || e4 > cell->max_e4) {
		read_wrong(rd, sheet->name, row, side->column, org->org.name, "得分“%.*s”不对，应为 0 到 %s 之间的数",
			   STR_ARG(read_cut(text)), read_e4_text(rd, cell->max_e4));
		return;
	}
	if (decimal_parse_e4(str_from(cell->text), &now) && now == e4)
		return;
	if (!side->may_write) {
		read_wrong(rd, sheet->name, row, side->column, org->org.name, "现在不能改%s：%s", side->label,
			   side->why_not ? side->why_not : "您没有权限");
		return;
	}
	struct score_edit_cell *list = read_grow(rd, rd->scores, rd->n_scores, &rd->cap_scores, sizeof(*list));
	if (!list)
		return;
	rd->scores = list;
	list[rd->n_scores++] = (struct score_edit_cell){org->org.id, side->grid->columns[column].leaf,
							read_e4_text(rd, e4), cell->text, side->self, org->org.name};
	read_change(rd, sheet->name, row, side->column, org->org.name, label ? label : "", cell->text,
		    read_e4_text(rd, e4));
}

/* The foot: what each column adds up to. */
static void check_sums(struct reading *rd, const struct grid_sheet *sheet, const struct f5_columns *c,
		       uint32_t total, const struct score_row *org)
{
	const uint32_t columns[] = {c->points, c->self, c->committee};
	static const char *const labels[] = {"分值", "自评得分", "党委评定得分"};
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct str text = str_trim(grid_text(sheet, total, columns[i]));
		int64_t told, sum = read_sum(sheet, c->head + 2, total, 1, 0, columns[i]);
		if (!text.len || text.data[0] == '=')
			continue;
		bool number = read_number(text, &told);
		if (number)
			read_total(rd, org->org.id, sheet, total, columns[i],
				   arena_printf(rd->arena, "%s合计", labels[i]), told, sum);
		if (!number || told != sum)
			read_wrong(rd, sheet->name, total, columns[i], org->org.name, "%s合计是“%.*s”，各行加起来是 %s", labels[i],
				   text.len > 40 ? 40 : (int)text.len, text.data, read_e4_text(rd, sum));
	}
}

/* A column from its first line to the total; the row of that (from 0), or 0: there is none. */
static uint32_t read_side(struct reading *rd, const struct grid_sheet *sheet, const struct f5_columns *c,
			  const struct side *side)
{
	const char *org = side->grid->rows[0].org.name;
	struct str indicator = {0};
	for (uint32_t row = c->head + 1; row <= c->head + LINES_MAX && grid_row(sheet, row) < sheet->n; row++) {
		struct str first = str_trim(grid_text(sheet, row, 0)), item = str_trim(grid_text(sheet, row, 1));
		struct str text = str_trim(grid_text(sheet, row, side->column));
		if (read_begins(first, "合计"))
			return row;
		indicator = first.len ? first : indicator;
		if (!indicator.len)
			return 0;
		int column = leaf_of(side->grid, indicator, item);
		bool known = column >= 0 || leaf_of(side->other, indicator, item) >= 0;
		/* Of both columns it is told once. */
		if (!known && !side->self)
			read_wrong(rd, sheet->name, row, 0, org, "“%.*s%s%.*s”不是这个类别的指标", STR_ARG(read_cut(indicator)),
				   item.len ? "/" : "", STR_ARG(read_cut(item)));
		else if (known && text.len && column < 0)
			read_wrong(rd, sheet->name, row, side->column, org, "这项年度工作没有%s", side->label);
		else if (known && text.len)
			take_score(rd, sheet, side, column, row, text);
	}
	return 0;
}

/* "上坪村党支部（02-611）": as F5 tells apart those of the same name. */
static bool is_with_code(struct str text, const struct known_org *org)
{
	static const char open[] = "（", close[] = "）";
	const struct str parts[] = {str_from(org->name), str_from(open), str_from(org->code), str_from(close)};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].data || text.len < parts[i].len || memcmp(text.data, parts[i].data, parts[i].len) != 0)
			return false;
		text.data += parts[i].len;
		text.len -= parts[i].len;
	}
	return !text.len;
}

/* The organisation that the sheet names; 0 after a complaint. */
static int64_t find_org(struct reading *rd, const struct grid_sheet *sheet, struct str name)
{
	int64_t id = 0;
	for (int i = 0; i < rd->n_known; i++)
		if (str_eqs(name, rd->by_name[i].name))
			id = id ? -1 : rd->by_name[i].id;
	for (int i = 0; id == 0 && i < rd->n_known; i++)
		if (is_with_code(name, &rd->by_name[i]))
			id = rd->by_name[i].id;
	if (id <= 0)
		read_wrong(rd, sheet->name, 1, 0, "", id ? "有几个党组织都叫“%.*s”，请到所在的乡镇读回" :
			   "找不到“%.*s”，应为这个单位和下级的党组织", STR_ARG(read_cut(name)));
	return id > 0 ? id : 0;
}

static int read_score_sheet(struct reading *rd, const struct grid_sheet *sheet, struct err_info *info)
{
	struct f5_columns c;
	struct str name = org_of_sheet(sheet);
	struct score_grid grid = {0};
	struct self_view self = {0};
	if (!name.len || !find_columns(sheet, &c))
		return 0;
	/* Its row of the grid; who may see it there is asked again. */
	int64_t id = find_org(rd, sheet, name);
	if (!id)
		return 0;
	const struct score_query query = {.at = {.door = SCORE_COMMITTEE, .campaign = rd->ask->campaign, .node = id,
						 .source = ""}, .category = -1, .page = 1};
	int r = scores_grid(rd->app, rd->caller, &query, rd->arena, &grid, info);
	if (r == 0)
		r = selfs_get(rd->app, rd->caller, rd->ask->campaign, id, rd->arena, &self, info);
	if (r < 0)
		return r;
	if (!grid.n_rows || !self.grid.n_rows) {
		read_wrong(rd, sheet->name, 1, 0, "", "这项年度工作不给“%.*s”定级", STR_ARG(read_cut(name)));
		return 0;
	}
	rd->result.rows++;
	const char *locked = grid.rows[0].locked;
	const struct side own = {"自评得分", true, c.self, &self.grid, &grid, self.may_write,
				 self.why_not ? self.why_not : self.report.state != SELF_DRAFT &&
				 self.report.state != SELF_RETURNED ? "自评已经提交，要改请先退回" : NULL};
	const struct side committee = {"党委评定得分", false, c.committee, &grid, &self.grid,
				       grid.may_write && !locked,
				       locked ? locked : grid.why_not};
	read_side(rd, sheet, &c, &own);
	uint32_t total = read_side(rd, sheet, &c, &committee);
	if (total)
		check_sums(rd, sheet, &c, total, &grid.rows[0]);
	return 0;
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
