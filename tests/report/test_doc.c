/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/doc_write.h"
#include "tests/report/sample.h"

static const struct doc_column three[] = {{"甲", 20, DOC_CENTER}, {"乙", 20, DOC_LEFT},
					  {"丙", 20, DOC_RIGHT}};

static void numbers_are_shown_exactly(void **state)
{
	static const struct {
		int64_t number;
		int places;
		const char *text;
	} cases[] = {{0, 0, "0"}, {0, 2, "0.00"}, {5, 2, "0.05"}, {-5, 1, "-0.5"}, {12345, 2, "123.45"},
		     {-12345, 0, "-12345"}, {INT64_MAX, 4, "922337203685477.5807"},
		     {INT64_MIN, 0, "-9223372036854775808"}};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[DOC_NUMBER_LEN];
		const struct doc_cell cell = {.kind = DOC_NUMBER, .number = cases[i].number,
					      .places = (uint8_t)cases[i].places};
		doc_number_format(&cell, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void shares_are_rounded_half_up(void **state)
{
	(void)state;
	assert_int_equal(form_share_e1(1, 48), 21);	/* 2.083 % */
	assert_int_equal(form_share_e1(3, 48), 63);	/* 6.25 % */
	assert_int_equal(form_share_e1(1, 2000), 1);	/* 0.05 % */
	assert_int_equal(form_share_e1(0, 7), 0);
	assert_int_equal(form_share_e1(7, 7), 1000);
}

static void merged_cells_cover_what_they_take(void **state)
{
	struct doc doc;
	(void)state;
	doc_init(&doc, "F0", "试");
	doc_sheet(&doc, "一", false, false);
	doc_table(&doc, 3, three);
	doc_row(&doc);
	doc_text(&doc, "a");
	doc_span(&doc, 2, 2);
	doc_text(&doc, "b");
	doc_row(&doc);
	doc_int(&doc, 7);
	assert_false(doc.failed);
	const struct doc_row *first = doc.table->first->next, *second = first->next;
	assert_int_equal(first->cells[1].kind, DOC_COVERED);
	assert_string_equal(first->cells[2].text, "b");
	assert_int_equal(second->cells[0].kind, DOC_COVERED);
	assert_int_equal(second->cells[1].kind, DOC_COVERED);
	assert_int_equal(second->cells[2].number, 7);
	doc_done(&doc);
}

static void sheets_have_names_a_workbook_takes(void **state)
{
	struct doc doc;
	(void)state;
	doc_init(&doc, "F0", "试");
	doc_sheet(&doc, "村[一]:*?/\\", false, false);
	assert_string_equal(doc.last->name, "村一");
	doc_sheet(&doc, "村一", false, false);
	assert_string_equal(doc.last->name, "村一 2");
	doc_sheet(&doc, "", false, false);
	assert_string_equal(doc.last->name, "表");
	doc_sheet(&doc, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二", false, false);
	assert_int_equal(strlen(doc.last->name), 31 * 3);
	doc_done(&doc);
}

static void taken_sheets_keep_their_content_under_new_names(void **state)
{
	const struct f02 in = {.head = {"石桥镇党委", "2026年11月20日", 2026, false}};
	AUTO(buf) struct buf out = {0};
	struct err_info info = {0};
	struct doc whole, one;
	(void)state;
	doc_init(&whole, "F2", "一览表");
	for (int i = 0; i < 3; i++) {
		f02_make(&one, &in);
		doc_take(&whole, &one, i ? "柳河镇" : "石桥镇", 7);
		assert_null(one.first);
	}
	/* Also one that has taken others before. */
	doc_init(&one, "F2", "一览表");
	struct doc inner;
	f02_make(&inner, &in);
	doc_take(&one, &inner, "青山乡", 8);
	doc_take(&whole, &one, "白塔镇", 9);
	assert_int_equal(whole.n_sheets, 4);
	assert_string_equal(whole.first->name, "石桥镇");
	assert_string_equal(whole.first->next->next->name, "柳河镇 3");
	assert_string_equal(whole.last->name, "白塔镇");
	assert_int_equal(doc_write_essence(&whole, &out, &info), 0);
	assert_non_null(strstr(buf_str(&out), "软弱涣散基层党组织名称"));
	doc_done(&whole);
}

static void lines_are_counted_as_they_break(void **state)
{
	(void)state;
	assert_int_equal(doc_text_lines("", 10), 1);
	assert_int_equal(doc_text_lines("一二三四五", 10), 1);
	assert_int_equal(doc_text_lines("一二三四五六", 10), 2);
	assert_int_equal(doc_text_lines("一\n二", 10), 2);
	assert_int_equal(doc_text_lines("abcdefghijk", 10), 2);
	assert_int_equal(doc_text_width("一\nabc"), 3);
}

static void the_essence_forgets_the_day_of_printing(void **state)
{
	AUTO(buf) struct buf one = {0}, two = {0};
	struct f02 in = {.head = {"石桥镇党委", "2026年11月20日", 2026, false}};
	struct err_info info = {0};
	struct doc doc;
	(void)state;
	f02_make(&doc, &in);
	assert_int_equal(doc_write_essence(&doc, &one, &info), 0);
	doc_done(&doc);
	in.head.day = "2026年11月21日";
	f02_make(&doc, &in);
	assert_int_equal(doc_write_essence(&doc, &two, &info), 0);
	doc_done(&doc);
	assert_string_equal(buf_str(&one), buf_str(&two));
	assert_null(strstr(buf_str(&one), "2026年"));
	assert_non_null(strstr(buf_str(&one), "石桥镇党委"));
}

static void an_empty_form_shows_no_figure(void **state)
{
	(void)state;
	for (const struct sample *s = samples; s->name; s++) {
		struct doc doc;
		s->make(&doc, true);
		assert_false(doc.failed);
		for (const struct doc_sheet *sheet = doc.first; sheet; sheet = sheet->next)
			for (const struct doc_block *b = sheet->first; b; b = b->next)
				for (const struct doc_row *row = b->table ? b->table->first : NULL; row;
				     row = row->next)
					for (int i = 0; i < b->table->n_columns; i++)
						assert_null(row->cells[i].figure);
		doc_done(&doc);
	}
}

static int fails(void *arg, struct doc_cell *cells, struct err_info *info)
{
	(void)arg;
	(void)cells;
	return err_set(info, ERR_LIMIT, "到此为止");
}

static void what_a_source_says_goes_through(void **state)
{
	(void)state;
	for (int f = 0; f < DOC_FORMAT_COUNT; f++) {
		AUTO(buf) struct buf out = {0};
		struct err_info info = {0};
		struct doc doc;
		f18_make(&doc, &(struct f18){.n_columns = 3, .columns = three, .rows = {.row = fails}});
		assert_int_equal(doc_write(&doc, (enum doc_format)f, &out, &info), ERR_LIMIT);
		assert_string_equal(info.text, "到此为止");
		doc_done(&doc);
	}
}

static void a_row_too_high_for_a_page_is_told(void **state)
{
	AUTO(buf) struct buf out = {0};
	struct err_info info = {0};
	static char text[9000];
	struct doc doc;
	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	doc_init(&doc, "F0", "试");
	doc_sheet(&doc, "一", false, true);
	doc_table(&doc, 3, three);
	doc_row(&doc);
	doc_text(&doc, text);
	assert_int_equal(doc_write(&doc, DOC_PDF, &out, &info), ERR_LIMIT);
	doc_done(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_shown_exactly),
		cmocka_unit_test(shares_are_rounded_half_up),
		cmocka_unit_test(merged_cells_cover_what_they_take),
		cmocka_unit_test(sheets_have_names_a_workbook_takes),
		cmocka_unit_test(taken_sheets_keep_their_content_under_new_names),
		cmocka_unit_test(lines_are_counted_as_they_break),
		cmocka_unit_test(the_essence_forgets_the_day_of_printing),
		cmocka_unit_test(an_empty_form_shows_no_figure),
		cmocka_unit_test(what_a_source_says_goes_through),
		cmocka_unit_test(a_row_too_high_for_a_page_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
