/* SPDX-License-Identifier: Apache-2.0 */
#include "import/grade_sheet.h"

#include <stdlib.h>

bool grade_sheet_is_scores(void *arg, int n, const struct str *cells)
{
	struct grade_reader reader = {.file = FILE_SCORES};
	(void)arg;
	return grade_is_head(&reader, n, cells);
}

bool grade_sheet_is_ballots(void *arg, int n, const struct str *cells)
{
	struct grade_reader reader = {.file = FILE_BALLOTS};
	(void)arg;
	return grade_is_head(&reader, n, cells);
}

struct sheet_head {
	struct arena arena;
	struct str *cells;
	int *leaf;
};

static int keep_head(struct sheet_head *head, const struct table_row *row)
{
	head->cells = arena_zalloc(&head->arena, (size_t)row->n + 1, sizeof(*head->cells));
	head->leaf = arena_zalloc(&head->arena, (size_t)row->n + 1, sizeof(*head->leaf));
	if (!head->cells || !head->leaf)
		return ERR_NOMEM;
	for (int i = 0; i < row->n; i++) {
		struct str cell = str_trim(row->cells[i]);
		char *copy = arena_strndup(&head->arena, cell.len ? cell.data : "", cell.len);
		if (!copy)
			return ERR_NOMEM;
		head->cells[i] = (struct str){copy, str_fold_width((struct str){copy, cell.len}, copy)};
	}
	return 0;
}

static int read_rows(struct grade_reader *reader, struct table *table, struct diag *errors,
		     struct err_info *info)
{
	struct table_row row;
	int r;

	while ((r = table_next(table, &row, info)) > 0) {
		if (row.broken) {
			diag_add(errors, "%s 第 %llu 行第 %d 格：%s", reader->name,
				 (unsigned long long)row.line, row.why_cell + 1, row.why);
			continue;
		}
		if (row.n != reader->n_columns) {
			diag_add(errors, "%s 第 %llu 行：有 %d 格，应与表头一样有 %d 格", reader->name,
				 (unsigned long long)row.line, row.n, reader->n_columns);
			continue;
		}
		reader->line = row.line;
		r = grade_row(reader, row.cells);
		if (r < 0 && r != ERR_INPUT)
			return r == ERR_NOMEM ? err_nomem(info)
					      : err_set(info, r, "%s：超出上限", reader->name);
	}
	return r;
}

int grade_sheet_read(enum grade_file which, const struct scheme *scheme, struct orgs *orgs,
		     struct local *local, struct book *book, struct table *table, const char *name,
		     const struct score_listener *listener, struct diag *errors,
		     struct err_info *info)
{
	struct intern raters;
	struct sheet_head head = {0};
	struct table_row row;
	int r = table_next(table, &row, info);

	if (r < 0)
		return r;
	if (r == 0 || row.broken)
		return err_set(info, ERR_INPUT, "%s：第一行应为列名", name);
	if (intern_init(&raters) < 0 || keep_head(&head, &row) < 0) {
		arena_done(&head.arena);
		return err_nomem(info);
	}
	struct grade_reader reader = {
		.scheme = scheme, .orgs = orgs, .local = local, .book = book, .raters = &raters,
		.listener = listener, .file = which, .name = name, .sheet = table_is_sheet(table),
		.diag = errors, .line = row.line, .leaf = which == FILE_SCORES ? head.leaf : NULL};
	r = grade_head(&reader, row.n, head.cells, NULL);
	if (r == 0)
		r = read_rows(&reader, table, errors, info);
	intern_done(&raters);
	arena_done(&head.arena);
	if (r == 0 && errors->total)
		r = ERR_INPUT;
	if (r == ERR_INPUT && errors->total)
		err_set(info, r, "%s", errors->n ? errors->at[0] : "表格有误");
	return r;
}
