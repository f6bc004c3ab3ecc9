/* SPDX-License-Identifier: Apache-2.0 */
#include "report/sheet_xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/apart.h"
#include "base/str.h"
#include "report/doc.h"
#include "report/xlsx_check.h"

enum {
	NUMBER_DIGITS = 9,
	CHOICE_ROWS = 5000,	/* that offer their choices */
	NOTES_WIDTH = 90,
	LINE_HEIGHT = 15,	/* points */
	ROW_HEIGHT_MAX = 405,
	LINES_MAX = ROW_HEIGHT_MAX / LINE_HEIGHT,
};

/* Rows are collected as texts, each with its NUL; the library, which crashes
 * where memory runs out, writes them in a process of its own. */
struct sheet_xlsx {
	const char *name;
	const struct sheet_xlsx_column *columns;
	int n;
	struct buf cells;
	int n_rows;
	const char *notes_name;	/* NULL: no further sheet */
	struct buf notes;
	int n_notes;
	int fd;			/* a file in memory, by its path */
	char path[64];
};

struct book {
	struct sheet_xlsx *in;
	lxw_workbook *workbook;
	lxw_worksheet *sheet;
	lxw_format *head, *must, *text, *number, *note;
	bool failed, nomem;
};

static void check(struct book *s, lxw_error error)
{
	if (error == LXW_ERROR_MEMORY_MALLOC_FAILED)
		s->nomem = true;
	else if (error != LXW_NO_ERROR)
		s->failed = true;
}

static lxw_format *style(struct book *s, bool head)
{
	lxw_format *f = workbook_add_format(s->workbook);
	if (!f) {
		s->nomem = true;
		return NULL;
	}
	format_set_font_name(f, "宋体");
	format_set_font_size(f, 11);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	if (head) {
		format_set_bold(f);
		format_set_align(f, LXW_ALIGN_CENTER);
		format_set_bg_color(f, 0xF6F5F2);
		format_set_border(f, LXW_BORDER_THIN);
		format_set_border_color(f, 0xC4BEB5);
	}
	return f;
}

static void make_styles(struct book *s)
{
	s->head = style(s, true);
	s->must = style(s, true);
	s->text = style(s, false);
	s->number = style(s, false);
	s->note = style(s, false);
	if (s->nomem)
		return;
	format_set_font_color(s->must, 0x8E1B22);
	format_set_num_format(s->text, "@");
	format_set_text_wrap(s->text);	/* on paper nothing is cut off at the next cell */
	format_set_text_wrap(s->note);
}

static void offer_choices(struct book *s, int column)
{
	lxw_data_validation rule = {
		.validate = LXW_VALIDATION_TYPE_LIST,
		.value_list = (char **)(uintptr_t)s->in->columns[column].choices,
		.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
	};
	check(s, worksheet_data_validation_range(s->sheet, 1, (lxw_col_t)column, CHOICE_ROWS,
						 (lxw_col_t)column, &rule));
}

static void write_head(struct book *s)
{
	for (int i = 0; i < s->in->n; i++) {
		const struct sheet_xlsx_column *c = &s->in->columns[i];
		/* Empty cells below are texts, too: a typed 07 keeps its nought. */
		check(s, worksheet_set_column(s->sheet, (lxw_col_t)i, (lxw_col_t)i, c->width,
					      c->number ? s->number : s->text));
		if (c->choices)
			offer_choices(s, i);
	}
	check(s, worksheet_set_row(s->sheet, 0, 24, NULL));
	for (int i = 0; i < s->in->n; i++)
		check(s, worksheet_write_string(s->sheet, 0, (lxw_col_t)i, s->in->columns[i].label,
						s->in->columns[i].required ? s->must : s->head));
	worksheet_freeze_panes(s->sheet, 1, 0);
	worksheet_repeat_rows(s->sheet, 0, 0);
	worksheet_set_paper(s->sheet, 9);	/* A4 */
	worksheet_set_landscape(s->sheet);
	worksheet_fit_to_pages(s->sheet, 1, 0);
}

int sheet_xlsx_new(struct sheet_xlsx **ret_sheet, const char *name, int n,
		   const struct sheet_xlsx_column *columns, struct err_info *info)
{
	struct sheet_xlsx *s = calloc(1, sizeof(*s));
	if (!s)
		return err_nomem(info);
	s->name = name;
	s->columns = columns;
	s->n = n;
	s->fd = memfd_create("xlsx", MFD_CLOEXEC);
	if (s->fd < 0) {
		int r = err_io(info, "写出", "工作簿", errno);
		sheet_xlsx_free(s);
		return r;
	}
	snprintf(s->path, sizeof(s->path), "/proc/self/fd/%d", s->fd);
	*ret_sheet = s;
	return 0;
}

void sheet_xlsx_free(struct sheet_xlsx *sheet)
{
	if (!sheet)
		return;
	buf_done(&sheet->cells);
	buf_done(&sheet->notes);
	if (sheet->fd >= 0)
		close(sheet->fd);
	free(sheet);
}

/* Whole and small enough to be the same number in any spreadsheet; or -1. */
static int32_t number_of(const char *text)
{
	size_t len = strspn(text, "0123456789");
	int32_t number = 0;
	if (len == 0 || len > NUMBER_DIGITS || text[len] || (text[0] == '0' && len > 1))
		return -1;
	for (size_t i = 0; i < len; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

int sheet_xlsx_row(struct sheet_xlsx *sheet, const char *const *cells, struct err_info *info)
{
	if (sheet->n_rows >= SHEET_XLSX_ROWS || sheet->cells.len > SHEET_XLSX_BYTES)
		return err_set(info, ERR_LIMIT, "太多，一张工作表最多导出 %d 行、%d MB，请分开导出，或导出 CSV",
			       SHEET_XLSX_ROWS, SHEET_XLSX_BYTES >> 20);
	for (int i = 0; i < sheet->n; i++)
		buf_add(&sheet->cells, cells[i], strlen(cells[i]) + 1);
	sheet->n_rows++;
	return sheet->cells.failed ? err_nomem(info) : 0;
}

void sheet_xlsx_notes(struct sheet_xlsx *sheet, const char *name, int n, const char *const *lines)
{
	sheet->notes_name = name;
	sheet->n_notes = n;
	for (int i = 0; i < n; i++)
		buf_add(&sheet->notes, lines[i], strlen(lines[i]) + 1);
}

/* ---- in the process of its own ---- */

/* No spreadsheet makes room by itself for a text that takes several lines. */
static void make_room(struct book *book, int row, const char *at)
{
	int lines = 1;

	for (int i = 0; i < book->in->n; i++, at += strlen(at) + 1) {
		int need = doc_text_lines(at, book->in->columns[i].width - 1);
		lines = need > lines ? need : lines;
	}
	if (lines > 1)
		check(book, worksheet_set_row(book->sheet, (lxw_row_t)row,
					      lines < LINES_MAX ? lines * LINE_HEIGHT : ROW_HEIGHT_MAX, NULL));
}

static void write_rows(struct book *book)
{
	const struct sheet_xlsx *in = book->in;
	const char *at = in->cells.data;

	for (int row = 1; row <= in->n_rows; row++) {
		make_room(book, row, at);
		for (int i = 0; i < in->n; i++, at += strlen(at) + 1) {
			int32_t number = in->columns[i].number ? number_of(at) : -1;
			if (!*at)
				continue;
			if (number >= 0)
				check(book, worksheet_write_number(book->sheet, (lxw_row_t)row,
								   (lxw_col_t)i, number, book->number));
			else
				check(book, worksheet_write_string(book->sheet, (lxw_row_t)row,
								   (lxw_col_t)i, at, book->text));
		}
	}
}

static void write_notes(struct book *book)
{
	const struct sheet_xlsx *in = book->in;
	const char *at = in->notes.data;
	lxw_worksheet *notes = in->notes_name ? workbook_add_worksheet(book->workbook, in->notes_name)
					      : NULL;
	if (!notes) {
		book->nomem = book->nomem || in->notes_name;
		return;
	}
	check(book, worksheet_set_column(notes, 0, 0, NOTES_WIDTH, NULL));
	for (int i = 0; i < in->n_notes; i++, at += strlen(at) + 1)
		check(book, worksheet_write_string(notes, (lxw_row_t)i, 0, at, book->note));
}

static int write_apart(void *arg, struct err_info *info)
{
	lxw_workbook_options options = {.constant_memory = LXW_TRUE, .use_zip64 = LXW_TRUE};
	struct book book = {.in = arg};
	book.workbook = workbook_new_opt(book.in->path, &options);
	book.sheet = book.workbook ? workbook_add_worksheet(book.workbook, book.in->name) : NULL;
	if (book.sheet)
		make_styles(&book);
	if (!book.sheet || book.nomem)
		return err_nomem(info);
	write_head(&book);
	write_rows(&book);
	write_notes(&book);
	lxw_error error = workbook_close(book.workbook);
	check(&book, error);
	/* What it says, in English, is about memory only. */
	if (book.nomem || lseek(STDERR_FILENO, 0, SEEK_END) > 0)
		return err_nomem(info);
	if (book.failed)
		return err_set(info, ERR_IO, "无法写出工作簿：%s", lxw_strerror(error));
	return xlsx_check(book.in->path, info);
}

static int read_back(struct sheet_xlsx *s, struct buf *out, struct err_info *info)
{
	char block[1 << 16];
	for (off_t at = 0;;) {
		ssize_t n = pread(s->fd, block, sizeof(block), at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_io(info, "读取", "工作簿", errno);
		if (n == 0)
			return out->failed ? err_nomem(info) : 0;
		buf_add(out, block, (size_t)n);
		at += n;
		if (at > SHEET_XLSX_BYTES)
			return err_set(info, ERR_LIMIT, "工作簿超过 %d MB，请分开导出",
				       SHEET_XLSX_BYTES >> 20);
	}
}

int sheet_xlsx_finish(struct sheet_xlsx *sheet, struct buf *out, struct err_info *info)
{
	if (sheet->cells.failed || sheet->notes.failed)
		return err_nomem(info);
	int r = apart_run(write_apart, sheet, info);
	return r < 0 ? r : read_back(sheet, out, info);
}
