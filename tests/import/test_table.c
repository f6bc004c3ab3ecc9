/* SPDX-License-Identifier: Apache-2.0 */
/* CSV in all its dialects, and telling files apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "import/table.h"

/* Reads all and writes it as `line:cell|cell` a row, `!why_cell` behind a
 * broken one; the error message instead where it can't be read. */
static char *dump(const char *name, const void *data, size_t len)
{
	struct buf out = {0};
	struct err_info info = {0};
	struct table *table;
	int r = table_open_memory(&table, name, data, len, NULL, NULL, &info);
	if (r < 0) {
		assert_int_equal(info.code, r);
		buf_adds(&out, info.text);
		return out.data;
	}
	assert_false(table_is_sheet(table));
	struct table_row row;
	while ((r = table_next(table, &row, &info)) == 1) {
		buf_addf(&out, "%llu:", (unsigned long long)row.line);
		for (int i = 0; i < row.n; i++)
			buf_addf(&out, "%s%.*s", i ? "|" : "", STR_ARG(row.cells[i]));
		if (row.broken) {
			assert_true(row.why[0]);
			buf_addf(&out, "!%d", row.why_cell);
		}
		buf_addc(&out, ';');
	}
	assert_int_equal(r, 0);
	assert_int_equal(table_next(table, &row, &info), 0);	/* the end stays the end */
	table_free(table);
	assert_false(out.failed);
	return out.data;
}

static void check(const char *file, int line, const void *data, size_t len, const char *expected)
{
	char *copy = malloc(len ? len : 1);	/* so that reading past the end shows */
	assert_non_null(copy);
	memcpy(copy, data, len);
	char *found = dump("f.csv", copy, len);
	if (strcmp(found, expected) != 0)
		fprintf(stderr, "%s:%d: found %s\n", file, line, found);
	assert_string_equal(found, expected);
	free(found);
	free(copy);
}
#define READS(text, expected) check(__FILE__, __LINE__, text, sizeof(text) - 1, expected)

static void refuses(const char *name, const void *data, size_t len, const char *says)
{
	char *found = dump(name, data, len);
	if (!strstr(found, says))
		fprintf(stderr, "found: %s\n", found);
	assert_non_null(strstr(found, says));
	free(found);
}
#define REFUSES(text, says) refuses("f.csv", text, sizeof(text) - 1, says)

static void plain_records(void **state)
{
	(void)state;
	READS("a,b\n1,2\n", "1:a|b;2:1|2;");
	READS("a,b\r\n1,2\r\n", "1:a|b;2:1|2;");
	READS("a,b\n1,2", "1:a|b;2:1|2;");
	READS("a,b\r\n1,2\r", "1:a|b;2:1|2;");
	READS("a\n,\n1,\n,1\n", "1:a;3:1|;4:|1;");
	READS("a, b \n 1 ,\t2\n", "1:a| b ;2: 1 |\t2;");
	READS("组织代码,名称\n01,张纪镇\n", "1:组织代码|名称;2:01|张纪镇;");
}

static void blank_rows_are_skipped(void **state)
{
	(void)state;
	READS("\n\r\n , \na,b\n\n,\n\"\",\" \"\n\xE3\x80\x80,\n1,2\n\n\n",
	      "4:a|b;9:1|2;");
}

static void quotes_keep_separators_and_lines(void **state)
{
	(void)state;
	READS("\"a\",\"b,c\"\n\"1\n2\r\n3\",4\n5,6\n", "1:a|b,c;2:1\n2\r\n3|4;5:5|6;");
	READS("a\n\"x \"\"y\"\" z\"\n\"\"\"\"\n\"\"\"a\",\"\"\"\"\"\"\n",
	      "1:a;2:x \"y\" z;3:\";4:\"a|\"\";");
	READS("\"a\"\r\n\"b\"\r", "1:a;2:b;");
	READS("\"a\"", "1:a;");
	READS("\"\",a\n", "1:|a;");
}

static void broken_quotes_are_reported_and_reading_goes_on(void **state)
{
	(void)state;
	READS("a,b\nx\"y,1\n2,3\n", "1:a|b;2:x!0;3:2|3;");
	READS("a,b\n1,\"x\"y\n2,3\n", "1:a|b;2:1|x!1;3:2|3;");
	READS("a,b\n1,\"x\n2,3\n4,5\n", "1:a|b;2:1|!1;3:2|3;4:4|5;");
	READS("a,b\n1,\"x\n2,3\n4,\"5\"\n", "1:a|b;2:1|x\n2,3\n4,!1;3:2|3;4:4|5;");
	READS("\"", "1:!0;");
	READS("\"\"\"", "1:!0;");
	READS("a\n \"b\"\n\"b\" \nc\n", "1:a;2: !0;3:b!0;4:c;");
	/* The cells before the broken one may span lines of their own. */
	READS("a\n\"1\n2\",x\"\n3\n", "1:a;2:1\n2|x!1;4:3;");
	READS("a\n\"1\"\r2\n3\n", "1:a;2:1!0;3:3;");
}

static void an_open_quote_costs_linear_time(void **state)
{
	(void)state;
	/* Every line has a quote that the next line seems to close. */
	struct buf text = {0};
	for (int i = 0; i < 200001; i++)
		buf_adds(&text, i % 2 ? "\"\"\"\"\"\"\n" : "\"a\n");
	struct err_info info = {0};
	struct table *table;
	struct table_row row;
	assert_int_equal(table_open_memory(&table, "f", text.data, text.len, NULL, NULL, &info), 0);
	int rows = 0;
	while (table_next(table, &row, &info) == 1)
		rows++;
	assert_int_equal(rows, 200001);
	table_free(table);
	buf_done(&text);
}

static void limits_break_only_their_record(void **state)
{
	(void)state;
	struct buf text = {0};
	buf_adds(&text, "h\n");
	for (int i = 0; i < TABLE_COLUMNS_MAX; i++)
		buf_adds(&text, i ? ",1" : "1");
	buf_adds(&text, "\n");
	for (int i = 0; i < TABLE_COLUMNS_MAX; i++)
		buf_adds(&text, "1,");
	buf_adds(&text, "1\n\"");
	size_t quoted = text.len;
	for (int i = 0; i < TABLE_CELL_MAX; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "\"\nshort\n\"");
	for (int i = 0; i <= TABLE_CELL_MAX; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "\"\nshort\n");
	for (int i = 0; i <= TABLE_CELL_MAX; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "\nlast");
	assert_true(quoted > 0 && !text.failed);

	struct err_info info = {0};
	struct table *table;
	struct table_row row;
	assert_int_equal(table_open_memory(&table, "f", text.data, text.len, NULL, NULL, &info), 0);
	static const struct { int n; bool broken; size_t first; } expected[] = {
		{1, false, 1}, {TABLE_COLUMNS_MAX, false, 1}, {TABLE_COLUMNS_MAX, true, 1},
		{1, false, TABLE_CELL_MAX}, {1, false, 5}, {1, true, 0}, {1, false, 5},
		{1, true, 0}, {1, false, 4},
	};
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_int_equal(table_next(table, &row, &info), 1);
		assert_int_equal(row.line, i + 1);
		assert_int_equal(row.n, expected[i].n);
		assert_int_equal(row.broken, expected[i].broken);
		assert_int_equal(row.cells[0].len, expected[i].first);
	}
	assert_int_equal(table_next(table, &row, &info), 0);
	table_free(table);
	buf_done(&text);
}

static void byte_order_marks_and_encodings(void **state)
{
	(void)state;
	READS("\xEF\xBB\xBF\"a\",b\n", "1:a|b;");
	/* 代码,名称 / 1,张 as Excel in China saves it */
	READS("\xB4\xFA\xC2\xEB,\xC3\xFB\xB3\xC6\r\n1,\xD5\xC5\r\n", "1:代码|名称;2:1|张;");
	/* A four-byte character of GB18030: 𠮷 */
	READS("\xC3\xFB\n\x95\x34\xB2\x35\n", "1:名;2:𠮷;");
	READS("\xFF\xFE" "a\0,\0\x0D\x54\n\0" "1\0,\0" "2\0\n\0", "1:a|名;2:1|2;");
	READS("\xFE\xFF" "\0a\0,\x54\x0D\0\r\0\n\0" "1\0,\0" "2", "1:a|名;2:1|2;");
	READS("\xFF\xFE" "a\0\t\0b\0\n\0" "1\0\t\0," "\0\n\0", "1:a|b;2:1|,;");
}

static void broken_encodings_name_the_line(void **state)
{
	(void)state;
	REFUSES("\xC3\xFB\xB3\xC6\n\xD5\xC5\n\xD5\x20\n", "f.csv：第 3 行");
	REFUSES("\xC3\xFB\xB3\xC6\n\xD5", "f.csv：第 2 行");
	REFUSES("\xEF\xBB\xBF" "a\n\xC3\xFB\n", "f.csv：第 2 行有损坏的 UTF-8");
	/* UTF-8 with one byte lost would read as GB18030, but as nonsense. */
	REFUSES("组织代码,名称\n1,张纪镇\n2,\xE5\xBC镇张纪镇\n", "第 3 行有损坏的 UTF-8");
	REFUSES("\xFF\xFE" "a\0\n\0\x00\xD8" "b\0", "f.csv：第 2 行");
	REFUSES("\xFF\xFE" "a\0\n\0b", "f.csv：第 2 行");
}

static void nul_bytes_are_refused(void **state)
{
	(void)state;
	REFUSES("a,b\n1,\0\n", "第 2 行有空字节");
	REFUSES("a\0,\0b\0", "第 1 行有空字节");
}

static void a_lone_cr_ends_lines_only_without_lf(void **state)
{
	(void)state;
	READS("a,b\r1,2\r\"x\ry\",3\r4,5", "1:a|b;2:1|2;3:x\ry|3;5:4|5;");
	READS("a\rb\n1\r\r\n", "1:a\rb;2:1\r;");
}

static void empty_files_are_refused(void **state)
{
	(void)state;
	REFUSES("", "f.csv：是空的");
	REFUSES("\xEF\xBB\xBF", "是空的");
	REFUSES("\xFF\xFE", "是空的");
	REFUSES("\n , \r\n\"\"\n", "是空的");
}

static void other_files_are_named(void **state)
{
	(void)state;
	REFUSES("%PDF-1.7\n", "这是 PDF 文件");
	REFUSES("<html><table>", "这是网页，不能直接读取");
	REFUSES("\xEF\xBB\xBF\r\n <HTML xmlns:o=''>", "这是网页");
	REFUSES("<?xml version='1.0'?><Workbook/>", "这是 XML 文件");
	READS("<高于标准>,1\n", "1:<高于标准>|1;");
	REFUSES("\x09\x08\x08\0\0\5\5\0", "很旧的 .xls 表格，不能直接读取");
	REFUSES("\x89PNG\r\n\x1a\n", "图片");
	REFUSES("Rar!\x1a\x07", "压缩包，不是表格；请先解压");
}

/* Of name and content one is a mistake, and nobody can tell which. */
static void text_under_a_workbooks_name_is_refused(void **state)
{
	(void)state;
	static const char *const names[] = {"表.xlsx", "表.XLS", "表.et", "表.wps", "a.b.xlsm"};
	static const char *const read[] = {"表.csv", "表.txt", "表", "xlsx", "xls.csv", "标准输入"};
	static const char *const texts[] = {"a,b\n1,2\n", "\xFF\xFE" "a\0\n\0\0", "\xB1\xED,1\n2,3"};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		for (size_t t = 0; t < ARRAY_LEN(texts); t++) {
			char *found = dump(names[i], texts[t], 8);
			assert_int_equal(strncmp(found, names[i], strlen(names[i])), 0);
			assert_non_null(strstr(found, "内容却不是工作簿"));
			assert_non_null(strstr(found, "另存为“Excel 工作簿（.xlsx）”"));
			assert_non_null(strstr(found, "改回 .csv"));
			free(found);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(read); i++) {
		char *found = dump(read[i], "a,b\n1,2\n", 8);
		assert_string_equal(found, "1:a|b;2:1|2;");
		free(found);
	}
}

/* Half a workbook isn't text: to save it as CSV would help nobody. */
static void bytes_under_a_workbooks_name_are_damage(void **state)
{
	(void)state;
	static const char *const names[] = {"表.xlsx", "表.XLS", "表.et"};
	static const struct { const char *data; size_t len; } bytes[] = {
		{"PK\3", 3}, {"\0\0\0\0\0\0\0\0", 8}, {"\x9A\x01\xE7" "a,b\n", 7}, {"a,b\n1\0,2", 8},
	};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		for (size_t b = 0; b < ARRAY_LEN(bytes); b++) {
			char *found = dump(names[i], bytes[b].data, bytes[b].len);
			assert_int_equal(strncmp(found, names[i], strlen(names[i])), 0);
			assert_non_null(strstr(found, "文件已损坏"));
			assert_non_null(strstr(found, "先解密"));
			assert_non_null(strstr(found, "请重新拷贝或下载"));
			assert_null(strstr(found, "CSV"));
			free(found);
		}
	}
}

static void files_are_read_by_path(void **state)
{
	(void)state;
	struct err_info info = {0};
	struct table *table = NULL;
	assert_int_equal(table_open(&table, "/no/such.csv", NULL, NULL, &info), ERR_IO);
	assert_null(table);
	assert_non_null(strstr(info.text, "/no/such.csv"));

	char path[] = "/tmp/jinwei-table-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	FILE *f = fdopen(fd, "w");
	assert_non_null(f);
	fputs("a,b\n1,2\n", f);
	fclose(f);
	struct table_row row;
	assert_int_equal(table_open(&table, path, NULL, NULL, &info), 0);
	assert_int_equal(table_next(table, &row, &info), 1);
	assert_true(str_eqs(row.cells[1], "b"));
	assert_int_equal(table_next(table, &row, &info), 1);
	assert_int_equal(row.line, 2);
	assert_int_equal(table_next(table, &row, &info), 0);
	table_free(table);
	remove(path);
}

static void a_giant_workbook_is_refused_unread(void **state)
{
	(void)state;
	struct err_info info = {0};
	struct table *table = NULL;
	char path[] = "/tmp/jinwei-table-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "PK\x03\x04", 4), 4);
	assert_int_equal(ftruncate(fd, (off_t)TABLE_XLSX_MAX + 1), 0);	/* a hole, no bytes */
	close(fd);
	assert_int_equal(table_open(&table, path, NULL, NULL, &info), ERR_LIMIT);
	assert_non_null(strstr(info.text, "上限是 1024 MB"));
	remove(path);
}

static void column_names(void **state)
{
	(void)state;
	static const struct { int column; const char *name; } cases[] = {
		{0, "A"}, {25, "Z"}, {26, "AA"}, {51, "AZ"}, {52, "BA"}, {701, "ZZ"},
		{702, "AAA"}, {1023, "AMJ"}, {16383, "XFD"}, {INT32_MAX, "FXSHRXX"},
	};
	char name[8];
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		table_column_name(cases[i].column, name);
		assert_string_equal(name, cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_records),
		cmocka_unit_test(blank_rows_are_skipped),
		cmocka_unit_test(quotes_keep_separators_and_lines),
		cmocka_unit_test(broken_quotes_are_reported_and_reading_goes_on),
		cmocka_unit_test(an_open_quote_costs_linear_time),
		cmocka_unit_test(limits_break_only_their_record),
		cmocka_unit_test(byte_order_marks_and_encodings),
		cmocka_unit_test(broken_encodings_name_the_line),
		cmocka_unit_test(nul_bytes_are_refused),
		cmocka_unit_test(a_lone_cr_ends_lines_only_without_lf),
		cmocka_unit_test(empty_files_are_refused),
		cmocka_unit_test(other_files_are_named),
		cmocka_unit_test(text_under_a_workbooks_name_is_refused),
		cmocka_unit_test(bytes_under_a_workbooks_name_are_damage),
		cmocka_unit_test(files_are_read_by_path),
		cmocka_unit_test(a_giant_workbook_is_refused_unread),
		cmocka_unit_test(column_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
