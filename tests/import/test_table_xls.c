/* SPDX-License-Identifier: Apache-2.0 */
/* .xls: what LibreOffice saved, and record by record what others write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "import/table.h"

static bool has_code(void *arg, int n, const struct str *cells)
{
	(void)arg;
	for (int i = 0; i < n; i++)
		if (str_eqs(cells[i], "代码"))
			return n > 1;
	return false;
}

static char *dump(const char *name, const void *data, size_t len)
{
	struct buf out = {0};
	struct err_info info = {0};
	struct table *table = NULL;
	struct table_row row;
	int r = table_open_memory(&table, name, data, len, has_code, NULL, &info);
	if (r < 0) {
		assert_null(table);
		buf_adds(&out, info.text);
		return out.data;
	}
	while ((r = table_next(table, &row, &info)) == 1) {
		buf_addf(&out, "%llu:", (unsigned long long)row.line);
		for (int i = 0; i < row.n; i++)
			buf_addf(&out, "%s%.*s", i ? "|" : "", STR_ARG(row.cells[i]));
		buf_addc(&out, ';');
	}
	assert_int_equal(r, 0);
	table_free(table);
	return out.data;
}

/* A hidden empty sheet, a title, a merged head of two rows, formulas, dates:
 * saved by LibreOffice 7.4 in both formats. Made-up data. */
static void libreoffice_files_read_alike(void **state)
{
	(void)state;
	static const char *const paths[] = {"tests/import/files/book.xls",
					    "tests/import/files/book.xlsx"};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct buf file = {0};
		struct err_info info = {0};
		if (file_read(paths[i], 1 << 20, &file, &info) < 0)
			fail_msg("%s", info.text);
		char *found = dump(paths[i], file.data, file.len);
		assert_string_equal(found, "3:代码|班子|思路|日期|得票率|备注;"
				    "4:0101|0.3|90.5|2025-03-01|0.125|先进支部;"
				    "5:0102|1234567.25|-7|1999-12-31||一\n二;");
		free(found);
		buf_done(&file);
	}
}

/* A workbook being built ------------------------------------------------- */

static void add16(struct buf *b, unsigned v)
{
	buf_addc(b, (char)v);
	buf_addc(b, (char)(v >> 8));
}

static void add32(struct buf *b, uint32_t v)
{
	add16(b, v & 0xFFFF);
	add16(b, v >> 16);
}

static void record(struct buf *b, unsigned type, const void *body, size_t len)
{
	add16(b, type);
	add16(b, (unsigned)len);
	buf_add(b, body, len);
}
#define REC(b, type, literal) record(b, type, literal, sizeof(literal) - 1)

#define BOF(kind) "\0\6" kind "\0\0\0\0\0\0\0\0\0\0\0\0"
/* A string cell's head in row 0 to name the columns: 代码, 值. */
#define SST_HEAD "\4\0\0\0\4\0\0\0\2\0\1\xE3\x4E\x01\x78\1\0\1\x3C\x50\3\0\0abc\1\0\1\x32\x4E"
#define HEAD_CELLS(b) (REC(b, 0xFD, "\0\0\0\0\0\0\0\0\0\0"), REC(b, 0xFD, "\0\0\1\0\0\0\1\0\0\0"))

/* Globals with `more` records and one visible sheet, which follows. */
static void begin_book(struct buf *b, const struct buf *more)
{
	REC(b, 0x809, BOF("\5\0"));
	buf_add(b, more->data, more->len);
	size_t at = b->len + 4;
	REC(b, 0x85, "\0\0\0\0\0\0\1\0a");
	REC(b, 0x0A, "");
	uint32_t start = (uint32_t)b->len;
	for (int i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (char)(start >> (8 * i));
	REC(b, 0x809, BOF("\x10\0"));
}

static void entry(struct buf *b, const char *name, char type, uint32_t start, uint32_t size)
{
	size_t begin = b->len;
	for (const char *p = name; *p; p++)
		add16(b, (unsigned char)*p);
	while (b->len < begin + 64)
		buf_addc(b, 0);
	add16(b, (unsigned)(strlen(name) + 1) * 2);
	buf_addc(b, type);
	buf_addc(b, 1);
	for (int i = 0; i < 3; i++)
		add32(b, 0xFFFFFFFF);
	while (b->len < begin + 116)
		buf_addc(b, 0);
	add32(b, start);
	add32(b, size);
	add32(b, 0);
}

/* Puts the stream into a container: sector 0 is the FAT, 1 the directory. */
static void wrap(struct buf *stream, const char *name, struct buf *out)
{
	while (stream->len < 4096 || stream->len % 512)
		buf_addc(stream, 0);
	uint32_t n = (uint32_t)(stream->len / 512);
	assert_true(n + 2 <= 128);
	buf_add(out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	for (int i = 0; i < 4; i++)
		add32(out, 0);
	add32(out, 0x0003003E);
	add32(out, 0x0009FFFE);
	add32(out, 6);
	add32(out, 0);
	add32(out, 0);
	add32(out, 1);		/* FAT sectors */
	add32(out, 1);		/* directory */
	add32(out, 0);
	add32(out, 4096);
	for (int i = 0; i < 2; i++) {
		add32(out, 0xFFFFFFFE);
		add32(out, 0);
	}
	add32(out, 0);
	while (out->len < 512)
		add32(out, 0xFFFFFFFF);
	add32(out, 0xFFFFFFFD);
	add32(out, 0xFFFFFFFE);
	for (uint32_t i = 0; i < 126; i++)
		add32(out, i + 1 < n ? i + 3 : 0xFFFFFFFE);
	entry(out, "Root Entry", 5, 0xFFFFFFFE, 0);
	entry(out, name, 2, 2, (uint32_t)stream->len);
	for (int i = 0; i < 2; i++)
		entry(out, "", 0, 0xFFFFFFFE, 0);
	buf_add(out, stream->data, stream->len);
}

static void check(const char *file, int line, struct buf *book, const char *expected, bool part)
{
	struct buf out = {0};
	wrap(book, "Workbook", &out);
	char *found = dump("表.xls", out.data, out.len);
	if (part ? !strstr(found, expected) : strcmp(found, expected) != 0)
		fail_msg("%s:%d: found %s", file, line, found);
	free(found);
	buf_done(&out);
	buf_clear(book);
}
#define READS(book, expected) check(__FILE__, __LINE__, book, expected, false)
#define REFUSES(book, says) check(__FILE__, __LINE__, book, says, true)

static void all_kinds_of_cells(void **state)
{
	(void)state;
	struct buf globals = {0}, b = {0};
	REC(&globals, 0xFC, SST_HEAD);
	begin_book(&b, &globals);
	HEAD_CELLS(&b);
	/* RK: whole, hundredths, half a double, half a double in hundredths. */
	REC(&b, 0x27E, "\1\0\0\0\0\0\x1E\0\0\0");
	REC(&b, 0x27E, "\1\0\1\0\0\0\x67\x23\0\0");
	REC(&b, 0x27E, "\1\0\2\0\0\0\0\xA0\x56\x40");
	REC(&b, 0x27E, "\1\0\3\0\0\0\1\xA0\x56\x40");
	REC(&b, 0x27E, "\1\0\4\0\0\0\xEA\xFF\xFF\xFF");
	/* MULRK: 1, 2 in two columns. */
	REC(&b, 0xBD, "\2\0\0\0\0\0\6\0\0\0\0\0\x0A\0\0\0\1\0");
	/* NUMBER 0.1 + 0.2, LABEL, BOOLERR true and #N/A. */
	REC(&b, 0x203, "\3\0\0\0\0\0\x34\x33\x33\x33\x33\x33\xD3\x3F");
	REC(&b, 0x204, "\3\0\1\0\0\0\2\0\0xy");
	REC(&b, 0x205, "\3\0\2\0\0\0\1\0");
	REC(&b, 0x205, "\3\0\3\0\0\0\x2A\1");
	REC(&b, 0x201, "\3\0\4\0\0\0");		/* BLANK */
	/* FORMULA: a number, a text (behind another record), truth, error, "". */
	REC(&b, 6, "\4\0\0\0\0\0\0\0\0\0\0\xA0\x56\x40\0\0\0\0\0\0");
	REC(&b, 6, "\4\0\1\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0");
	REC(&b, 0x4BC, "\0\0");
	REC(&b, 0x207, "\2\0\1\x32\x75\x59\x4E");
	REC(&b, 6, "\4\0\2\0\0\0\1\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0");
	REC(&b, 6, "\4\0\3\0\0\0\2\0\x07\0\0\0\xFF\xFF\0\0\0\0\0\0");
	REC(&b, 6, "\4\0\4\0\0\0\3\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0");
	REC(&b, 0x0A, "");
	READS(&b, "1:代码|值|||;2:7|22.65|90.5|0.905|-6;3:1|2|||;4:0.3|xy|TRUE|#N/A|;"
		  "5:90.5|甲乙|FALSE|#DIV/0!|;");
	buf_done(&globals);
	buf_done(&b);
}

static void dates_by_style(void **state)
{
	(void)state;
	struct buf globals = {0}, b = {0};
	REC(&globals, 0x22, "\1\0");		/* 1904 */
	REC(&globals, 0x41E, "\xB0\0\7\0\0yyyy\"-\"");
	REC(&globals, 0xE0, "\0\0\0\0");	/* General, built-in date, custom */
	REC(&globals, 0xE0, "\0\0\x0E\0");
	REC(&globals, 0xE0, "\0\0\xB0\0");
	REC(&globals, 0xFC, SST_HEAD);
	begin_book(&b, &globals);
	HEAD_CELLS(&b);
	REC(&b, 0xBD, "\2\0\0\0\1\0\x02\0\0\0\2\0\x06\0\0\0\1\0");
	REC(&b, 0x27E, "\3\0\0\0\0\0\6\0\0\0");
	REC(&b, 0x27E, "\3\0\1\0\x63\0\6\0\0\0");
	REC(&b, 0x0A, "");
	READS(&b, "1:代码|值;3:1904-01-01|1904-01-02;4:1|1;");
	buf_done(&globals);
	buf_done(&b);
}

static void strings_go_on_in_the_next_record(void **state)
{
	(void)state;
	struct buf globals = {0}, b = {0};
	/* 代|码 cut within the text, 值 with a run and phonetic data cut in two,
	 * "abcd" that turns wide, a pair of surrogates and half of one. */
	REC(&globals, 0xFC, "\4\0\0\0\4\0\0\0\2\0\1\xE3\x4E");
	REC(&globals, 0x3C, "\1\x01\x78\1\0\x0D\1\0\4\0\0\0\x3C\x50\0\0");
	REC(&globals, 0x3C, "\0\0ab");
	REC(&globals, 0x3C, "cd\4\0\0ab");
	REC(&globals, 0x3C, "\1c\0\x59\x4E");
	REC(&globals, 0x3C, "\4\0\1\x42\xD8\xB7\xDF\x42\xD8\0\0");
	begin_book(&b, &globals);
	HEAD_CELLS(&b);
	REC(&b, 0xFD, "\1\0\0\0\0\0\2\0\0\0");
	REC(&b, 0xFD, "\1\0\1\0\0\0\3\0\0\0");
	REC(&b, 0x0A, "");
	READS(&b, "1:代码|值;2:abc乙|𠮷\xEF\xBF\xBD\xEF\xBF\xBD;");
	buf_done(&globals);
	buf_done(&b);
}

static void cells_may_be_in_any_order(void **state)
{
	(void)state;
	struct buf globals = {0}, b = {0};
	REC(&globals, 0xFC, SST_HEAD);
	begin_book(&b, &globals);
	REC(&b, 0x27E, "\1\0\1\0\0\0\6\0\0\0");
	/* A chart within the sheet */
	REC(&b, 0x809, BOF("\x20\0"));
	REC(&b, 0x27E, "\7\0\1\0\0\0\6\0\0\0");
	REC(&b, 0x0A, "");
	HEAD_CELLS(&b);
	REC(&b, 0x27E, "\1\0\0\0\0\0\x0A\0\0\0");
	REC(&b, 0x0A, "");
	READS(&b, "1:代码|值;2:2|1;");

	begin_book(&b, &globals);
	HEAD_CELLS(&b);
	HEAD_CELLS(&b);
	REC(&b, 0x0A, "");
	REFUSES(&b, "已损坏");
	buf_done(&globals);
	buf_done(&b);
}

static void hidden_sheets_and_charts_are_skipped(void **state)
{
	(void)state;
	struct buf globals = {0}, b = {0};
	REC(&globals, 0xFC, SST_HEAD);
	REC(&globals, 0x85, "\0\0\0\0\1\0\1\0a");
	REC(&globals, 0x85, "\0\0\0\0\2\0\1\0a");
	REC(&globals, 0x85, "\0\0\0\0\0\2\1\0a");
	begin_book(&b, &globals);
	HEAD_CELLS(&b);
	REC(&b, 0x0A, "");
	READS(&b, "1:代码|值;");

	REC(&b, 0x809, BOF("\5\0"));
	REC(&b, 0x85, "\0\0\0\0\1\0\1\0a");
	REC(&b, 0x0A, "");
	REFUSES(&b, "没有可见的工作表");
	buf_done(&globals);
	buf_done(&b);
}

static void what_cannot_be_read_is_named(void **state)
{
	(void)state;
	struct buf globals = {0}, b = {0}, out = {0};
	REC(&b, 0x809, BOF("\5\0"));
	REC(&b, 0x2F, "\0\0");
	REFUSES(&b, "有打开密码");
	REC(&b, 0x809, "\0\5\5\0\0\0\0\0");
	REFUSES(&b, "Excel 95");
	REFUSES(&b, "已损坏");			/* zeros */

	static const struct { const char *stream, *name, *says; } cases[] = {
		{"EncryptedPackage", "表.xlsx", "有打开密码"}, {"WordDocument", "a.doc", "Word"},
		{"PowerPoint Document", "a.ppt", "演示文稿"}, {"Book", "a.xls", "Excel 95"},
		{"Workbook", "表.et", "WPS 表格"}, {"Workbook", "表.ET", "WPS 表格"},
		{"WordDocument", "a.wps", "WPS 文字"}, {"Other", "a.xls", "可能是 WPS 的 .et"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		wrap(&b, cases[i].stream, &out);
		char *found = dump(cases[i].name, out.data, out.len);
		assert_non_null(strstr(found, cases[i].says));
		assert_non_null(strstr(found, "另存为 .xlsx"));
		free(found);
		buf_clear(&out);
	}
	buf_done(&globals);
	buf_done(&out);
	buf_done(&b);
}

static void broken_files_are_refused(void **state)
{
	(void)state;
	struct buf file = {0};
	struct err_info info = {0};
	assert_int_equal(file_read("tests/import/files/book.xls", 1 << 20, &file, &info), 0);
	for (size_t n = 8; n < file.len; n += 29) {
		char *copy = malloc(n);
		assert_non_null(copy);
		memcpy(copy, file.data, n);
		free(dump("f.xls", copy, n));
		free(copy);
	}
	for (size_t i = 8; i < file.len; i += 5) {
		char before = file.data[i];
		file.data[i] = (char)(before ^ 0xFF);
		free(dump("f.xls", file.data, file.len));
		file.data[i] = before;
	}
	char *found = dump("f.xls", file.data, 700);
	assert_non_null(strstr(found, "已损坏"));
	free(found);
	/* The FAT as a circle. */
	for (uint32_t at = 512; at < 1024; at += 4)
		memcpy(file.data + at, "\1\0\0\0", 4);
	free(dump("f.xls", file.data, file.len));
	buf_done(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libreoffice_files_read_alike),
		cmocka_unit_test(all_kinds_of_cells),
		cmocka_unit_test(dates_by_style),
		cmocka_unit_test(strings_go_on_in_the_next_record),
		cmocka_unit_test(cells_may_be_in_any_order),
		cmocka_unit_test(hidden_sheets_and_charts_are_skipped),
		cmocka_unit_test(what_cannot_be_read_is_named),
		cmocka_unit_test(broken_files_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
