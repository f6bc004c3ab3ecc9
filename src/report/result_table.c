/* SPDX-License-Identifier: Apache-2.0 */
#include "report/result_table.h"

#include <libsmartcols.h>
#include <string.h>

/* Fills one line from the texts of its cells. */
static int set_line(struct libscols_table *table, int n, const char *const *cells)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	int r = line ? 0 : ERR_NOMEM;
	for (int i = 0; r == 0 && i < n; i++)
		if (scols_line_set_data(line, (size_t)i, cells[i]) < 0)
			r = ERR_NOMEM;
	return r;
}

struct column {
	const char *name;
	bool right;
};

static struct libscols_table *new_table(FILE *out, int n, const struct column *columns)
{
	struct libscols_table *table = scols_new_table();
	for (int i = 0; table && i < n; i++)
		if (!scols_table_new_column(table, columns[i].name, 0,
					    columns[i].right ? SCOLS_FL_RIGHT : 0)) {
			scols_unref_table(table);
			table = NULL;
		}
	/* Nothing is cut where the output is no terminal or a narrow one. */
	if (table) {
		scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
		scols_table_set_stream(table, out);
	}
	return table;
}

static void stars_text(uint8_t stars, char out[32])
{
	static const char *const word[] = {"不定星", "一星", "二星", "三星", "四星", "五星"};
	snprintf(out, 32, "%s", stars == STARS_NONE ? "" : word[stars]);
}

static const char *status_word(uint8_t status)
{
	switch (status) {
	case STATUS_OUTSIDE: return "不在范围";
	case STATUS_MISSING: return "缺少评分";
	case STATUS_TURNOUT: return "参评不足";
	default: return "";
	}
}

static int add_org(struct libscols_table *table, const struct graded *g, uint32_t node)
{
	AUTO(buf) struct buf code = {0}, name = {0}, score = {0}, rank = {0};
	char stars[32] = "";
	uint8_t category = g->orgs->category[node];
	bool graded = g->status[node] == STATUS_GRADED;
	uint8_t approval = graded ? graded_approval(g, node) : LEVEL_NONE;

	buf_add(&code, orgs_code(g->orgs, node).data, orgs_code(g->orgs, node).len);
	buf_add(&name, orgs_name(g->orgs, node).data, orgs_name(g->orgs, node).len);
	if (graded) {
		decimal_format_places(&score, graded_score(g, node), g->scheme->places);
		buf_addu(&rank, g->rank[node]);
		stars_text(g->stars[node], stars);
	}
	const char *cells[] = {
		buf_str(&code),
		buf_str(&name),
		category == CATEGORY_NONE ? "" : g->scheme->categories[category].label,
		buf_str(&score),
		graded ? g->scheme->grades[g->grade[node]].label : status_word(g->status[node]),
		!graded ? "" : g->quota[node] == QUOTA_NONE ? "按得分" : "按比例",
		buf_str(&rank),
		stars,
		approval == LEVEL_NONE ? "" : g->scheme->level_label[approval],
	};
	return set_line(table, (int)ARRAY_LEN(cells), cells);
}

static int show_orgs(FILE *out, const struct graded *g)
{
	static const struct column columns[] = {
		{"组织代码", false}, {"名称", false}, {"类别", false}, {"综合得分", true},
		{"等次", false}, {"依据", false}, {"排名", true}, {"星级", false}, {"审定", false},
	};
	struct libscols_table *table = new_table(out, (int)ARRAY_LEN(columns), columns);
	int r = table ? 0 : ERR_NOMEM;
	uint32_t shown = 0;
	for (uint32_t i = 0; r == 0 && i < g->orgs->n && shown < RESULT_TABLE_ROWS; i++)
		if (g->status[i] != STATUS_NODE) {
			r = add_org(table, g, i);
			shown++;
		}
	if (r == 0 && scols_print_table(table) < 0)
		r = ERR_IO;
	if (r == 0 && shown < g->n_orgs)
		fprintf(out, "（只显示前 %u 个，共 %u 个）\n", shown, g->n_orgs);
	scols_unref_table(table);
	return r;
}

static int add_node(struct libscols_table *table, struct summary *s, uint32_t node, uint8_t category)
{
	const struct graded *g = s->graded;
	const char *cells[8 + SCHEME_GRADES_MAX];
	struct buf text[4 + SCHEME_GRADES_MAX] = {0};
	struct summary_cell cell;
	uint64_t mean;
	int n = 0, t = 0, r = 0;

	if (!summary_get(s, node, category, &cell))
		return 0;
	buf_add(&text[t], orgs_name(g->orgs, node).data, orgs_name(g->orgs, node).len);
	cells[n++] = category == CATEGORY_NONE ? buf_str(&text[t]) : "";
	t++;
	cells[n++] = category == CATEGORY_NONE ? "合计" : g->scheme->categories[category].label;
	buf_addu(&text[t], cell.orgs);
	cells[n++] = buf_str(&text[t++]);
	buf_addu(&text[t], cell.graded);
	cells[n++] = buf_str(&text[t++]);
	for (int i = 0; i < g->scheme->n_grades; i++) {
		buf_addu(&text[t], cell.grades[i]);
		cells[n++] = buf_str(&text[t++]);
	}
	if (cell.graded) {
		r = summary_mean(s, node, category, &cell, &mean);
		if (r == 0)
			decimal_format_places(&text[t], mean, 2);
	}
	cells[n++] = buf_str(&text[t++]);
	if (r == 0)
		r = set_line(table, n, cells);
	for (int i = 0; i < t; i++)
		buf_done(&text[i]);
	return r;
}

/* The top nodes by category, then their children. */
static int show_summary(FILE *out, struct summary *s)
{
	const struct graded *g = s->graded;
	struct column columns[8 + SCHEME_GRADES_MAX] = {
		{"单位", false}, {"类别", false}, {"应定级", true}, {"已定级", true}};
	int n = 4;
	for (int i = 0; i < g->scheme->n_grades; i++)
		columns[n++] = (struct column){g->scheme->grades[i].label, true};
	columns[n++] = (struct column){"平均分", true};

	struct libscols_table *table = new_table(out, n, columns);
	int r = table ? 0 : ERR_NOMEM;
	uint32_t shown = 0;
	for (uint32_t i = 0; r == 0 && i < g->orgs->n && shown < RESULT_TABLE_ROWS; i++) {
		if (!summary_has(s, i))
			continue;
		bool top = orgs_parent(g->orgs, i) == ORG_NONE;
		r = add_node(table, s, i, CATEGORY_NONE);
		for (int c = 0; r == 0 && top && c < g->scheme->n_categories; c++)
			r = add_node(table, s, i, (uint8_t)c);
		shown++;
	}
	if (r == 0 && scols_print_table(table) < 0)
		r = ERR_IO;
	scols_unref_table(table);
	return r;
}

int result_table_show(FILE *out, const struct graded *graded, struct summary *summary,
		      struct err_info *info)
{
	fprintf(out, "%s\n%s\n\n", graded->scheme->title, graded->scheme->source);
	int r = show_orgs(out, graded);
	fprintf(out, "\n");
	if (r == 0)
		r = show_summary(out, summary);
	if (fflush(out) != 0 || r == ERR_IO)
		return err_set(info, ERR_IO, "无法写到屏幕");
	return r == ERR_NOMEM ? err_nomem(info) : r;
}
