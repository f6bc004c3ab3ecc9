/* SPDX-License-Identifier: Apache-2.0 */
/* Whole packages in memory: the limits, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/grid.h"
#include "import/xlsx_part.h"
#include "tests/import/workbook.h"

/* Loads an archive of these parts; the error. */
static int load(const struct workbook_part *parts, int n, struct package_part **ret_parts, int *ret_n,
		struct arena *arena, struct err_info *info)
{
	AUTO(buf) struct buf zip = {0};
	struct package package;
	assert_true(workbook_zip(parts, n, true, &zip));
	int r = package_open(&package, "甲.xlsx", zip.data, zip.len, info);
	if (r == 0)
		r = package_load(&package, arena, ret_parts, ret_n, info);
	package_done(&package);
	return r;
}

static int load_one(const char *name, struct str content, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct package_part *parts;
	int n;
	*info = (struct err_info){0};
	return load(&(struct workbook_part){name, content}, 1, &parts, &n, &arena, info);
}

static void parts_come_in_order_to_the_byte(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const struct workbook_part in[] = {{"b.xml", STR("<a>\n甲</a>")}, {"x.bin", {"\0\1\2", 3}}, {"_rels/.rels", STR("<a/>")}};
	struct package_part *parts;
	struct err_info info = {0};
	int n;
	(void)state;
	assert_int_equal(load(in, 3, &parts, &n, &arena, &info), 0);
	assert_int_equal(n, 3);
	assert_string_equal(parts[0].name, "b.xml");
	assert_true(str_eq(parts[0].data, in[0].content) && parts[0].xml);
	assert_true(str_eq(parts[1].data, in[1].content) && !parts[1].xml);
	assert_true(parts[2].xml);
}

static void what_is_no_document_is_refused(void **state)
{
	static const struct {
		const char *name;
		struct str content;
		const char *says;
	} cases[] = {
		{"a.xml", STR("<a>"), "a.xml"}, {"a.xml", STR(""), "a.xml"}, {"a.xml", STR("<a>\xFF</a>"), "a.xml"},
		{"a.rels", STR("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "DTD"},
		{"a.xml", {"\xFF\xFE<\0a\0/\0>\0", 10}, "a.xml"},
		{"../a.xml", STR("<a/>"), "目录"}, {"/a.xml", STR("<a/>"), "目录"}, {"a\\b.xml", STR("<a/>"), "目录"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err_info info;
		if (load_one(cases[i].name, cases[i].content, &info) != ERR_INPUT || !strstr(info.text, cases[i].says))
			fail_msg("%zu: %s", i, info.text);
	}
	AUTO(arena) struct arena arena = {0};
	const struct workbook_part twice[] = {{"a.xml", STR("<a/>")}, {"A.XML", STR("<b/>")}};
	struct package_part *parts;
	struct err_info info = {0};
	int n;
	assert_int_equal(load(twice, 2, &parts, &n, &arena, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "同名"));
}

static void bombs_are_refused_before_they_burst(void **state)
{
	AUTO(buf) struct buf blanks = {0}, deep = {0};
	struct err_info info;
	(void)state;
	/* 20 MB of nothing: a thousand times what it takes in the archive. */
	buf_adds(&blanks, "<a>");
	for (int i = 0; i < 20 << 10; i++)
		buf_add(&blanks, (char[1024]){[0 ... 1023] = ' '}, 1024);
	buf_adds(&blanks, "</a>");
	assert_int_equal(load_one("a.xml", (struct str){blanks.data, blanks.len}, &info), ERR_LIMIT);
	assert_non_null(strstr(info.text, "300 倍"));
	for (int i = 0; i < PART_DEPTH_MAX + 1; i++)
		buf_adds(&deep, "<a>");
	for (int i = 0; i < PART_DEPTH_MAX + 1; i++)
		buf_adds(&deep, "</a>");
	assert_int_equal(load_one("a.xml", (struct str){deep.data, deep.len}, &info), ERR_LIMIT);
	/* More than all parts may be, of noise that does not shrink. */
	AUTO(arena) struct arena arena = {0};
	enum { PART = 13 << 20 };
	AUTO_FREE char *noise = malloc(PART);
	assert_non_null(noise);
	uint32_t seed = 1;
	for (size_t i = 0; i < PART; i++)
		noise[i] = (char)((seed = seed * 1664525 + 1013904223) >> 24);
	const struct workbook_part much[] = {{"1", {noise, PART}}, {"2", {noise, PART}}, {"3", {noise, PART}},
					     {"4", {noise, PART}}, {"5", {noise, PART}}};
	struct package_part *parts;
	int n;
	assert_int_equal(load(much, 5, &parts, &n, &arena, &info), ERR_LIMIT);
	assert_non_null(strstr(info.text, "64 MB"));
}

/* ---- grids ---- */

static int grid_of(const char *text, struct grid *grid, struct arena *arena, struct err_info *info)
{
	AUTO(buf) struct buf zip = {0};
	*info = (struct err_info){0};
	assert_true(workbook_from_text(text, strlen(text), &zip));
	return grid_read(grid, "甲.xlsx", (struct str){zip.data, zip.len}, arena, info);
}

static void cells_of_all_visible_sheets_are_read(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct err_info info;
	struct grid grid;
	(void)state;
	assert_int_equal(grid_of(
		"== xl/workbook.xml\n<workbook xmlns='" XLSX_NS "' xmlns:r='" XLSX_REL "'><sheets><sheet name='甲' r:id='r1'/>"
		"<sheet name='藏' state='hidden' r:id='r1'/><sheet name='乙' r:id='r2'/></sheets></workbook>\n"
		"== xl/_rels/workbook.xml.rels\n<Relationships xmlns='" XLSX_PACKAGE_REL "'><Relationship Id='r1' Type='" XLSX_REL
		"/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='r2' Type='" XLSX_REL
		"/worksheet' Target='b.xml'/></Relationships>\n"
		"== xl/worksheets/sheet1.xml\n" XLSX_SHEET("<row r='2'><c r='B2'><v>1.50</v></c><c r='C2'><f>SUM(A1:B1)</f><v>7</v></c>"
							   "<c r='D2'><f>X()</f></c><c r='E2' t='inlineStr'><is><t> </t></is></c></row>", "") "\n"
		"== xl/b.xml\n" XLSX_SHEET("<row r='9'><c r='AA9' t='inlineStr'><is><t>末</t></is></c></row>", "") "\n",
		&grid, &arena, &info), 0);
	assert_int_equal(grid.n, 2);
	assert_string_equal(grid.sheets[0].name, "甲");
	assert_string_equal(grid.sheets[1].name, "乙");
	assert_int_equal(grid.sheets[0].n, 3);
	assert_true(str_eqs(grid_text(&grid.sheets[0], 1, 1), "1.5"));
	assert_true(str_eqs(grid.sheets[0].cells[1].formula, "=SUM(A1:B1)"));
	assert_true(str_eqs(grid_text(&grid.sheets[0], 1, 2), "7"));
	assert_true(str_eqs(grid_text(&grid.sheets[0], 1, 3), "=X()"));
	assert_true(str_eqs(grid_text(&grid.sheets[1], 8, 26), "末"));
	assert_int_equal(grid_text(&grid.sheets[0], 0, 0).len, 0);
	assert_int_equal(grid_row(&grid.sheets[1], 0), 0);
	assert_int_equal(grid_row(&grid.sheets[1], 9), 1);
}

static void other_files_are_no_grids(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct grid grid;
	(void)state;
	assert_int_equal(grid_read(&grid, "甲", STR("代码,名称\n"), &arena, &info), ERR_INPUT);
	assert_int_equal(grid_read(&grid, "甲", STR(""), &arena, &info), ERR_INPUT);
	assert_int_equal(grid_of(XLSX_SHEET("<row r='2'><c r='B1'/></row>", ""), &grid, &arena, &info), ERR_INPUT);
	assert_int_equal(grid_of("== word/document.xml\n<a/>\n== xl/workbook.xml\n<a/>\n", &grid, &arena, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "Word"));
}

/* What is handed in as a template under a fitting name. */
static void what_is_no_package_is_named(void **state)
{
	static const struct { struct str bytes; const char *says; } cases[] = {
		{STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "去掉密码后另存"},
		{STR("代码,名称"), "内容却不是"},
		{STR("PK\3\4cut off"), "请重新拷贝或下载"},
		{STR(""), "内容却不是"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct package package = {0};
		struct err_info info = {0};
		assert_int_equal(package_open(&package, "甲.docx", cases[i].bytes.data, cases[i].bytes.len,
					      &info), ERR_INPUT);
		assert_non_null(strstr(info.text, "甲.docx："));
		assert_non_null(strstr(info.text, cases[i].says));
		package_done(&package);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_come_in_order_to_the_byte),
		cmocka_unit_test(what_is_no_document_is_refused),
		cmocka_unit_test(bombs_are_refused_before_they_burst),
		cmocka_unit_test(cells_of_all_visible_sheets_are_read),
		cmocka_unit_test(other_files_are_no_grids),
		cmocka_unit_test(what_is_no_package_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
