/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forms xlsx|alone|pdf N FILE: the same list of N rows of 12 columns by the
 * program's writer and by libxlsxwriter alone; N score sheets as one PDF.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "report/doc_write.h"
#include "report/forms/forms.h"

enum { COLUMNS = 12, NUMBERS_FROM = 6, TEXT = 64 };

struct rows {
	int n, at;
	char text[COLUMNS][TEXT];
};

/* Six texts as in lists of organisations, six figures. */
static void set_texts(struct rows *r)
{
	static const char *const places[] = {"青龙潭村", "柳树沟村", "三岔口村", "白杨坪村", "石桥村"};
	snprintf(r->text[0], TEXT, "%06d", r->at);
	snprintf(r->text[1], TEXT, "%s第%d党支部", places[r->at % 5], r->at % 97);
	snprintf(r->text[2], TEXT, "石桥镇党委");
	snprintf(r->text[3], TEXT, "%s", r->at % 3 ? "行政村" : "社区");
	snprintf(r->text[4], TEXT, "书记%d", r->at % 1000);
	snprintf(r->text[5], TEXT, "%s", r->at % 4 ? "较好" : "好");
}

static void rewind_rows(void *arg)
{
	((struct rows *)arg)->at = 0;
}

static int next_row(void *arg, struct doc_cell *cells, struct err_info *info)
{
	struct rows *r = arg;
	(void)info;
	if (r->at == r->n)
		return 0;
	set_texts(r);
	for (int i = 0; i < NUMBERS_FROM; i++) {
		cells[i].kind = DOC_TEXT;
		cells[i].text = r->text[i];
	}
	for (int i = NUMBERS_FROM; i < COLUMNS; i++) {
		cells[i].kind = DOC_NUMBER;
		cells[i].number = (int64_t)r->at * 37 % 10000;
		cells[i].places = i % 2 ? 2 : 0;
	}
	r->at++;
	return 1;
}

static int by_us(int n, const char *path, enum doc_format format)
{
	static const struct doc_column columns[COLUMNS] = {
		{"代码", 16, DOC_LEFT}, {"党组织名称", 50, DOC_LEFT}, {"上级", 30, DOC_LEFT},
		{"类别", 18, DOC_LEFT}, {"书记", 18, DOC_LEFT}, {"等次", 14, DOC_LEFT},
		{"一", 16, DOC_RIGHT}, {"二", 16, DOC_RIGHT}, {"三", 16, DOC_RIGHT}, {"四", 16, DOC_RIGHT},
		{"五", 16, DOC_RIGHT}, {"六", 16, DOC_RIGHT}};
	struct rows rows = {.n = n};
	struct err_info info = {0};
	struct doc doc;
	f18_make(&doc, &(struct f18){.n = n, .n_columns = COLUMNS, .columns = columns,
				     .rows = {&rows, next_row, rewind_rows}});
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int r = fd < 0 ? -1 : doc_write_fd(&doc, format, fd, &info);
	if (r < 0)
		fprintf(stderr, "%s\n", info.text);
	doc_done(&doc);
	return r < 0;
}

/* As its manual does it: constant memory, one format for texts, two for figures. */
static int alone(int n, const char *path)
{
	lxw_workbook_options options = {.constant_memory = LXW_TRUE};
	lxw_workbook *book = workbook_new_opt(path, &options);
	lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
	lxw_format *text = workbook_add_format(book), *whole = workbook_add_format(book),
		   *decimal = workbook_add_format(book);
	struct rows rows = {.n = n};
	format_set_border(text, LXW_BORDER_THIN);
	format_set_border(whole, LXW_BORDER_THIN);
	format_set_border(decimal, LXW_BORDER_THIN);
	format_set_num_format(decimal, "0.00");
	for (; rows.at < n; rows.at++) {
		set_texts(&rows);
		for (int i = 0; i < NUMBERS_FROM; i++)
			worksheet_write_string(sheet, (lxw_row_t)rows.at, (lxw_col_t)i, rows.text[i], text);
		for (int i = NUMBERS_FROM; i < COLUMNS; i++) {
			double number = (double)((int64_t)rows.at * 37 % 10000);
			worksheet_write_number(sheet, (lxw_row_t)rows.at, (lxw_col_t)i,
					       i % 2 ? number / 100 : number, i % 2 ? decimal : whole);
		}
	}
	return workbook_close(book) != LXW_NO_ERROR;
}

static int score_sheets(int n, const char *path)
{
	static const char *const names[] = {"带头人", "工作思路", "工作制度", "活动阵地", "保障机制", "工作业绩", "群众评价"};
	struct f05_line lines[14];
	struct f05_org *orgs = calloc((size_t)n, sizeof(*orgs));
	struct err_info info = {0};
	struct doc doc;
	if (!orgs)
		return 1;
	for (int i = 0; i < 14; i++)
		lines[i] = (struct f05_line){names[i / 2], i % 2 ? "有制度、有记录、有检查" : "按要求落实到位", "缺一项扣 2 分，扣完为止",
					     i % 2 ? 70000 : 72858, 60000 + i * 100, 59000 + i * 100};
	for (int i = 0; i < n; i++)
		orgs[i] = (struct f05_org){i + 1, "石桥镇青龙潭村党支部", "行政村", "张三", NULL, 14, lines};
	f05_make(&doc, &(struct f05){{"石桥镇党委", "2026年11月20日", 2026, false}, n, orgs});
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int r = fd < 0 ? -1 : doc_write_fd(&doc, DOC_PDF, fd, &info);
	if (r < 0)
		fprintf(stderr, "%s\n", info.text);
	doc_done(&doc);
	free(orgs);
	return r < 0;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int n = (int)strtol(argv[2], NULL, 10);
	if (strcmp(argv[1], "xlsx") == 0)
		return by_us(n, argv[3], DOC_XLSX);
	if (strcmp(argv[1], "alone") == 0)
		return alone(n, argv[3]);
	return score_sheets(n, argv[3]);
}
