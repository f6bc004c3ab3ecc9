/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of a PDF. Rows that a merged cell binds together stay together; where
 * they don't fit the rest of the page they go to the next, under the heads.
 * Only if they fill more than a page they are parted, the merged text again in
 * each part. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "report/doc_pdf.h"

enum {
	PAD_X = 3,
	PAD_Y = 4,
	GROUP_MAX = 1000,	/* rows bound together */
	HEADS_MAX = 8,
};

/* Smaller where a row is too high; and all of it where the columns are wider
 * than the paper, so that they break their lines as they were meant to. */
static const double sizes[] = {10.5, 9, 7.5, 6};
static const double smallest = 6;

/* A row that is laid out and waits for its place. Sources reuse their row, so
 * the cells are copied; the texts are in the layouts. */
struct line {
	struct doc_cell cells[DOC_COLUMNS_MAX];
	PangoLayout *layouts[DOC_COLUMNS_MAX];
	double height;
};

struct grid {
	struct pdf *p;
	const struct doc_table *table;
	double x[DOC_COLUMNS_MAX + 1], scale;
	struct line *heads, *group;
	int n_heads, n_group;
};

static double width_of(const struct grid *g, int column, const struct doc_cell *cell)
{
	int to = column + (cell->across > 1 ? cell->across : 1);
	return g->x[to] - g->x[column];
}

static void drop_line(struct line *line)
{
	for (int i = 0; i < DOC_COLUMNS_MAX; i++)
		if (line->layouts[i])
			g_object_unref(line->layouts[i]);
	memset(line->layouts, 0, sizeof(line->layouts));
}

static void lay_out(struct grid *g, struct line *line, const struct doc_row *row, double points)
{
	char scratch[DOC_NUMBER_LEN];
	points = points * g->scale < smallest ? smallest : points * g->scale;
	double most = points * 1.3;
	drop_line(line);
	memcpy(line->cells, row->cells, (size_t)g->table->n_columns * sizeof(line->cells[0]));
	for (int i = 0; i < g->table->n_columns; i++) {
		const struct doc_cell *c = &line->cells[i];
		if (c->kind == DOC_EMPTY || c->kind == DOC_COVERED)
			continue;
		line->layouts[i] = pdf_layout(g->p, doc_cell_text(c, scratch),
					      row->head || c->bold ? FONT_HEAD : FONT_BODY, points,
					      width_of(g, i, c) - 2 * PAD_X, (enum doc_align)c->align);
		double height = c->down > 1 ? 0 : pdf_layout_height(line->layouts[i]);
		most = height > most ? height : most;
	}
	line->height = most + 2 * PAD_Y;
	if (line->height < row->min_mm * 72 / 25.4)
		line->height = row->min_mm * 72 / 25.4;
}

static double sum(const struct line *lines, int n)
{
	double height = 0;
	for (int i = 0; i < n; i++)
		height += lines[i].height;
	return height;
}

/* A merged cell that needs more than its rows gets it in the last of them. */
static void stretch(struct line *lines, int n, int n_columns)
{
	for (int i = 0; i < n; i++)
		for (int c = 0; c < n_columns; c++) {
			const struct doc_cell *cell = &lines[i].cells[c];
			int down = cell->down;
			if (cell->kind == DOC_COVERED || down <= 1 || !lines[i].layouts[c])
				continue;
			if (i + down > n)
				down = n - i;
			double lacks = pdf_layout_height(lines[i].layouts[c]) + 2 * PAD_Y -
				       sum(lines + i, down);
			if (lacks > 0)
				lines[i + down - 1].height += lacks;
		}
}

static void draw_line(struct grid *g, const struct line *lines, int i, int n)
{
	struct pdf *p = g->p;
	for (int c = 0; c < g->table->n_columns; c++) {
		const struct doc_cell *cell = &lines[i].cells[c];
		int down = cell->down > 1 ? cell->down : 1;
		if (cell->kind == DOC_COVERED)
			continue;
		double height = sum(lines + i, down > n - i ? n - i : down);
		cairo_rectangle(p->cr, g->x[c], p->y, width_of(g, c, cell), height);
		cairo_stroke(p->cr);
		if (lines[i].layouts[c])
			pdf_draw(p, lines[i].layouts[c], g->x[c] + PAD_X,
				 p->y + (height - pdf_layout_height(lines[i].layouts[c])) / 2);
	}
}

static void draw_lines(struct grid *g, const struct line *lines, int n)
{
	cairo_set_line_width(g->p->cr, 0.7);
	for (int i = 0; i < n; i++) {
		draw_line(g, lines, i, n);
		g->p->y += lines[i].height;
	}
}

/* What reaches into row `at` from above begins in it anew. */
static void begin_anew(struct grid *g, int at)
{
	for (int c = 0; c < g->table->n_columns; c++) {
		int from = at - 1;
		if (g->group[at].cells[c].kind != DOC_COVERED)
			continue;
		while (from >= 0 && g->group[from].cells[c].kind == DOC_COVERED)
			from--;
		const struct doc_cell *above = from < 0 ? NULL : &g->group[from].cells[c];
		if (!above || above->down <= at - from)
			continue;
		g->group[at].cells[c] = *above;
		g->group[at].cells[c].down = (uint16_t)(above->down - (at - from));
		if (g->group[from].layouts[c])
			g->group[at].layouts[c] = g_object_ref(g->group[from].layouts[c]);
	}
}

static bool fits(const struct pdf *p, double height)
{
	return p->y + height <= p->bottom + 0.5;
}

static void next_page(struct grid *g)
{
	pdf_next_page(g->p);
	draw_lines(g, g->heads, g->n_heads);
}

/* `after`: what must stand on the same page below it. */
static int draw_group(struct grid *g, double after, struct err_info *info)
{
	struct pdf *p = g->p;
	double heads = sum(g->heads, g->n_heads), height;
	stretch(g->group, g->n_group, g->table->n_columns);
	height = sum(g->group, g->n_group);
	if (!fits(p, height + after) && p->y > p->top + heads + 1)
		next_page(g);
	for (int at = 0, n; at < g->n_group; at += n) {
		if (at)
			next_page(g);
		for (n = 0; at + n < g->n_group && fits(p, sum(g->group + at, n + 1)); n++)
			;
		if (!n)
			return err_set(info, ERR_LIMIT, "表里有一行的字太多，一页纸放不下，请把内容写短些，或用 Excel 格式");
		begin_anew(g, at);
		draw_lines(g, g->group + at, n);
	}
	g->n_group = 0;
	return 0;
}

static bool goes_on(const struct doc_row *row, int n_columns)
{
	for (int i = 0; i < n_columns; i++)
		if (row->cells[i].down > 1)
			return true;
	return false;
}

/* Lays the row out, smaller where it would fill more than a page. */
static void lay_out_fitting(struct grid *g, struct line *line, const struct doc_row *row)
{
	double room = g->p->bottom - g->p->top - sum(g->heads, g->n_heads);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		lay_out(g, line, row, sizes[i]);
		if (line->height <= room)
			break;
	}
}

/* Heads go where the first row goes, so that they never stand alone. */
static void begin(struct grid *g, double after)
{
	struct pdf *p = g->p;
	double height = sum(g->heads, g->n_heads) + sum(g->group, g->n_group) + after;
	if (p->y + height > p->bottom + 0.5 && p->y > p->top + 1)
		pdf_next_page(p);
	draw_lines(g, g->heads, g->n_heads);
}

/* A group is drawn when it is known whether another follows. */
static int put_rows(struct grid *g, double after, struct err_info *info)
{
	struct doc_walk walk;
	const struct doc_row *row;
	bool begun = false, whole = false;
	int r;
	doc_walk_begin(&walk, g->table);
	while ((r = doc_walk_next(&walk, &row, info)) > 0) {
		if (row->head && !begun && !g->n_group)
			continue;
		if (whole && !begun)
			begin(g, 0);
		if (whole && (r = draw_group(g, 0, info)) < 0)
			return r;
		begun |= whole;
		if (g->n_group == GROUP_MAX)
			return err_set(info, ERR_LIMIT, "表里合并的行超过 %d 行", GROUP_MAX);
		lay_out_fitting(g, &g->group[g->n_group++], row);
		whole = !goes_on(row, g->table->n_columns);
	}
	if (r < 0)
		return r;
	if (!begun)
		begin(g, after);
	return g->n_group ? draw_group(g, after, info) : 0;
}

static int lay_out_heads(struct grid *g, struct err_info *info)
{
	struct doc_walk walk;
	const struct doc_row *row;
	int r;
	doc_walk_begin(&walk, g->table);
	while ((r = doc_walk_next(&walk, &row, info)) > 0 && row->head) {
		if (g->n_heads == HEADS_MAX)
			return err_set(info, ERR_LIMIT, "表头超过 %d 行", HEADS_MAX);
		lay_out(g, &g->heads[g->n_heads++], row, sizes[0]);
	}
	if (r < 0)
		return r;
	stretch(g->heads, g->n_heads, g->table->n_columns);
	return 0;
}

int pdf_table(struct pdf *p, const struct doc_table *table, double after, struct err_info *info)
{
	struct grid g = {.p = p, .table = table};
	double total = 0;
	int r;
	for (int i = 0; i < table->n_columns; i++)
		total += table->columns[i].width_mm;
	g.scale = total * 72 / 25.4 > p->text_width ? p->text_width * 25.4 / 72 / total : 1;
	g.x[0] = p->left;
	for (int i = 0; i < table->n_columns; i++)
		g.x[i + 1] = g.x[i] + table->columns[i].width_mm * p->text_width / total;
	g.heads = calloc(HEADS_MAX, sizeof(*g.heads));
	g.group = calloc(GROUP_MAX, sizeof(*g.group));
	if (!g.heads || !g.group) {
		r = err_nomem(info);
	} else {
		r = lay_out_heads(&g, info);
		if (r == 0)
			r = put_rows(&g, after, info);
	}
	for (int i = 0; g.heads && i < HEADS_MAX; i++)
		drop_line(&g.heads[i]);
	for (int i = 0; g.group && i < GROUP_MAX; i++)
		drop_line(&g.group[i]);
	free(g.heads);
	free(g.group);
	return r;
}
