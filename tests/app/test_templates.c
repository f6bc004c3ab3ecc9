/* SPDX-License-Identifier: Apache-2.0 */
/* Own templates: who may put up, see and fill them, what they are filled with,
 * and what comes back. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/audits.h"
#include "app/decide_desk.h"
#include "app/integrity.h"
#include "app/template_read.h"
#include "app/templates.h"
#include "import/grid.h"
#include "tests/import/workbook.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
#define CELL(place, text) "<c r='" place "' t='inlineStr'><is><t>" text "</t></is></c>"
#define TYPES "== [Content_Types].xml\n<Types/>\n"
#define LIST_ROWS \
	"<row r='1'>" CELL("A1", "{{单位}}台账") "</row>" \
	"<row r='2'>" CELL("A2", "代码") CELL("B2", "名称") CELL("C2", "党员数") CELL("D2", "书记") "</row>" \
	"<row r='3'>" CELL("A3", "{{组织.代码}}") CELL("B3", "{{组织.名称}}") CELL("C3", "{{组织.党员数}}") \
	CELL("D3", "{{组织.书记}}") CELL("E3", "{{组织.综合得分}}") "</row>" \
	"<row r='4'>" CELL("A4", "合计") CELL("C4", "{{合计.组织.党员数}}") "</row>"

/* ---- helpers ---- */

static void make(const char *rows, struct buf *out)
{
	AUTO(buf) struct buf text = {0};
	buf_addf(&text, TYPES "== xl/worksheets/sheet1.xml\n<worksheet xmlns='" XLSX_NS "'><sheetData>%s</sheetData></worksheet>\n",
		 rows);
	assert_true(workbook_from_text(buf_str(&text), text.len, out));
}

static int put(struct desk *desk, const struct caller *caller, int64_t node, const char *rows, int64_t *ret_id,
	       struct err_info *info)
{
	AUTO(buf) struct buf file = {0};
	make(rows, &file);
	const struct template_new in = {.node = node, .name = "台账", .note = "", .file_name = STR("台账.xlsx"),
					.data = {file.data, file.len}};
	return templates_add(&desk->app, caller, &in, ret_id, info);
}

static int64_t added(struct desk *desk, const struct caller *caller, int64_t node, const char *rows)
{
	struct err_info info = {0};
	int64_t id = 0;
	if (put(desk, caller, node, rows, &id, &info) < 0)
		fail_msg("%s", info.text);
	return id;
}

static struct grid fill(struct desk *desk, const struct caller *caller, const struct template_ask *ask,
			struct arena *arena)
{
	AUTO(buf) struct buf out = {0};
	struct err_info info = {0};
	struct grid grid;
	const char *name;
	if (templates_fill(&desk->app, caller, ask, arena, &out, &name, &info) < 0 ||
	    grid_read(&grid, "f", (struct str){out.data, out.len}, arena, &info) < 0)
		fail_msg("%s", info.text);
	return grid;
}

static void assert_cell(const struct grid *grid, uint32_t row, uint32_t column, const char *text)
{
	struct str is = grid_text(&grid->sheets[0], row - 1, column);
	if (!str_eqs(is, text))
		fail_msg("row %u column %u: %.*s, not %s", row, column, STR_ARG(is), text);
}

static struct read_result look(struct desk *desk, const struct caller *caller, const struct read_ask *ask,
			       const char *rows, bool dry_run, int expected, struct arena *arena)
{
	AUTO(buf) struct buf file = {0};
	struct read_result result = {0};
	struct err_info info = {0};
	make(rows, &file);
	int r = template_read(&desk->app, caller, ask, "交回.xlsx", (struct str){file.data, file.len}, dry_run, arena,
			      &result, &info);
	if (r != expected)
		fail_msg("%d: %s", r, info.text);
	return result;
}

static const struct read_item *item_at(const struct read_result *result, const char *cell)
{
	static const struct read_item none = {.label = "", .before = "", .after = "", .text = ""};
	for (int i = 0; i < result->n; i++)
		if (strcmp(result->items[i].cell, cell) == 0)
			return &result->items[i];
	fail_msg("nothing is said of %s", cell);
	return &none;
}

static const char *org_row(struct arena *arena, int row, const struct org *org, const char *members,
			   const char *secretary)
{
	return arena_printf(arena, "<row r='%d'>" CELL("A%d", "%s") CELL("B%d", "%s") CELL("C%d", "%s")
			    CELL("D%d", "%s") "</row>", row, row, org->code, row, org->name, row, members, row,
			    secretary);
}

#define HEAD "<row r='1'>" CELL("A1", "x") "</row><row r='2'>" CELL("A2", "代码") "</row>"

/* ---- the shelf ---- */

static void a_template_serves_its_node_and_all_below(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	int64_t id = added(d.desk, &d.county, d.desk->county, LIST_ROWS);
	struct template_shelf shelf;
	struct err_info info = {0};
	assert_int_equal(templates_list(&d.desk->app, &d.township, d.desk->township, &arena, &shelf, &info), 0);
	assert_int_equal(shelf.n, 1);
	assert_int_equal(shelf.templates[0].id, id);
	assert_int_equal(templates_list(&d.desk->app, &d.desk->machine, d.desk->other_county, &arena, &shelf, &info), 0);
	assert_int_equal(shelf.n, 0);
	const struct template_ask elsewhere = {id, d.desk->other_county, 0};
	struct template_detail detail;
	assert_int_equal(templates_get(&d.desk->app, &d.desk->machine, &elsewhere, &arena, &detail, &info), ERR_NOT_FOUND);
	/* A clerk neither puts up nor fills; a township takes none of the county's away. */
	assert_int_equal(put(d.desk, &d.clerk, d.desk->branch[0], LIST_ROWS, &id, &info), ERR_DENIED);
	assert_int_equal(templates_withdraw(&d.desk->app, &d.township, shelf.n ? 0 : id, "不用", &info), ERR_DENIED);
}

static void the_same_name_is_a_new_version(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	int64_t one = added(d.desk, &d.township, d.desk->township, LIST_ROWS);
	int64_t two = added(d.desk, &d.township, d.desk->township, "<row r='1'>" CELL("A1", "{{单位}}") "</row>");
	struct template_shelf shelf;
	struct err_info info = {0};
	AUTO(buf) struct buf out = {0};
	const char *name;
	const struct template_ask old = {one, d.desk->township, 0};
	assert_int_not_equal(one, two);
	assert_int_equal(templates_list(&d.desk->app, &d.township, d.desk->township, &arena, &shelf, &info), 0);
	assert_int_equal(shelf.n, 1);
	assert_int_equal(shelf.templates[0].version, 2);
	assert_int_equal(templates_fill(&d.desk->app, &d.township, &old, &arena, &out, &name, &info), ERR_STATE);
	assert_int_equal(templates_withdraw(&d.desk->app, &d.township, two, "换季", &info), 0);
	assert_int_equal(templates_withdraw(&d.desk->app, &d.township, two, "换季", &info), ERR_CONFLICT);
}

static void only_whole_files_with_placeholders_are_taken(void **state)
{
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct err_info info = {0};
	int64_t id;
	AUTO(buf) struct buf file = {0};
	make(LIST_ROWS, &file);
	const struct str bad[] = {STR(""), STR("PK\x03\x04"), STR("%PDF-1.4"), {file.data, file.len / 2}, STR("代码,名称\n")};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct template_new in = {.node = d.desk->county, .name = "坏", .note = "", .file_name = STR("a.xlsx"),
						.data = bad[i]};
		assert_int_equal(templates_add(&d.desk->app, &d.county, &in, &id, &info), ERR_INPUT);
		assert_true(info.text[0]);
	}
	assert_int_equal(put(d.desk, &d.county, d.desk->county, "<row r='1'>" CELL("A1", "没有") "</row>", &id, &info), ERR_INPUT);
	assert_int_equal(put(d.desk, &d.county, d.desk->county,
			     "<row r='1'>" CELL("A1", "{{组织.名称}}{{问题.问题}}") "</row>", &id, &info), ERR_INPUT);
}

static void unknown_names_are_told_with_the_nearest(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct template_ask ask = {added(d.desk, &d.county, d.desk->county,
					       "<row r='1'>" CELL("A1", "{{组织.书计}}") CELL("B1", "{{单位}}") CELL("C1", "{{火星}}")
					       "</row>"), d.desk->township, 0};
	struct template_detail detail;
	struct err_info info = {0};
	assert_int_equal(templates_get(&d.desk->app, &d.township, &ask, &arena, &detail, &info), 0);
	assert_int_equal(detail.n_unknown, 2);
	assert_string_equal(detail.holes[0].nearest, "组织.书记");
	assert_string_equal(detail.holes[0].where, "一!A1");
	assert_string_equal(detail.holes[1].value, desk_get(d.desk, d.desk->township, &arena).name);
	assert_null(detail.holes[2].nearest);
	assert_false(detail.readable);
}

/* ---- filling ---- */

static void a_fill_shows_what_is_kept(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct template_ask ask = {added(d.desk, &d.county, d.desk->county, LIST_ROWS), d.desk->township, d.campaign};
	struct grid grid = fill(d.desk, &d.township, &ask, &arena);
	struct result best = decide_desk_result(&d, d.desk->branch[0], &arena);
	int64_t members = 0;
	for (int i = 0; i < 3; i++) {
		struct org org = desk_get(d.desk, d.desk->branch[i], &arena);
		assert_cell(&grid, (uint32_t)(3 + i), 0, org.code);
		assert_cell(&grid, (uint32_t)(3 + i), 1, org.name);
		members += org.members;
	}
	assert_true(best.score > 0 && grid_text(&grid.sheets[0], 2, 4).len > 0);
	assert_cell(&grid, 6, 0, "合计");
	assert_cell(&grid, 6, 2, arena_printf(&arena, "%lld", (long long)members));
	/* The school is another committee's. */
	assert_int_equal(grid_text(&grid.sheets[0], 6, 0).len, 0);
}

static void few_ballots_hide_the_score_here_too(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	decide_desk_few(&d, d.desk->branch[0]);
	decide_desk_grade(&d);
	const struct template_ask ask = {added(d.desk, &d.county, d.desk->county, LIST_ROWS), d.desk->township, d.campaign};
	struct grid grid = fill(d.desk, &d.township, &ask, &arena);
	assert_int_equal(grid_text(&grid.sheets[0], 2, 4).len, 0);
}

static void the_samples_can_be_put_up_and_filled(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	size_t n;
	const struct template_sample *samples = template_samples(&n);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++) {
		const struct template_new in = {.node = d.desk->county, .name = samples[i].id, .note = "",
						.file_name = STR("a"), .data = {samples[i].text, samples[i].len}};
		struct template_ask ask = {.node = d.desk->county, .campaign = d.campaign};
		struct template_detail detail;
		struct err_info info = {0};
		AUTO(buf) struct buf out = {0};
		const char *name;
		assert_int_equal(templates_add(&d.desk->app, &d.county, &in, &ask.template, &info), 0);
		assert_int_equal(templates_get(&d.desk->app, &d.county, &ask, &arena, &detail, &info), 0);
		assert_int_equal(detail.n_unknown, 0);
		if (templates_fill(&d.desk->app, &d.county, &ask, &arena, &out, &name, &info) < 0)
			fail_msg("%s", info.text);
	}
}

/* ---- reading back ---- */

static void what_was_changed_comes_back(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {added(d.desk, &d.county, d.desk->county, LIST_ROWS), "", d.desk->township, 0};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena), b = desk_get(d.desk, d.desk->branch[1], &arena);
	/* Another order, one row missing, one inserted empty, and names that look like formulas. */
	const char *rows = arena_printf(&arena, HEAD "%s%s<row r='6'>" CELL("A6", "合计") CELL("C6", "89") "</row>",
					org_row(&arena, 3, &b, "48", "=1+1"), org_row(&arena, 5, &a, "41", ""));
	struct read_result r = look(d.desk, &d.township, &ask, rows, true, 0, &arena);
	assert_int_equal(r.count[READ_WRONG], 0);
	assert_int_equal(r.rows, 2);
	assert_string_equal(item_at(&r, "C3")->after, "48");
	assert_string_equal(item_at(&r, "D3")->after, "=1+1");
	assert_int_equal(desk_get(d.desk, b.id, &arena).members, b.members);	/* a dry run */
	r = look(d.desk, &d.township, &ask, rows, false, 0, &arena);
	assert_int_equal(r.written, r.count[READ_CHANGE]);
	assert_int_equal(desk_get(d.desk, b.id, &arena).members, 48);
	assert_int_equal(desk_get(d.desk, a.id, &arena).members, 41);
	assert_string_equal(desk_get(d.desk, b.id, &arena).secretary_name, "=1+1");
	/* What the secretary's empty cell says is nothing. */
	assert_string_equal(desk_get(d.desk, a.id, &arena).secretary_name, a.secretary_name);
	r = look(d.desk, &d.township, &ask, rows, false, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 0);
}

static void what_is_wrong_is_told_by_cell_and_nothing_is_written(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {added(d.desk, &d.county, d.desk->county, LIST_ROWS), "", d.desk->township, 0};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena), b = desk_get(d.desk, d.desk->branch[1], &arena);
	struct org school = desk_get(d.desk, d.school, &arena), unknown = {.code = "没有", .name = "没有"};
	const char *rows = arena_printf(&arena, HEAD "%s%s%s%s%s<row r='8'>" CELL("A8", "合计") CELL("C8", "7") "</row>",
					org_row(&arena, 3, &a, "五十", "甲"), org_row(&arena, 4, &b, "50", "乙"),
					org_row(&arena, 5, &unknown, "1", ""), org_row(&arena, 6, &a, "3", ""),
					org_row(&arena, 7, &school, "9", ""));
	struct read_result r = look(d.desk, &d.township, &ask, rows, true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "C3")->text, "应为"));
	assert_non_null(strstr(item_at(&r, "A5")->text, "没有"));
	assert_non_null(strstr(item_at(&r, "A6")->text, "两次"));
	assert_non_null(strstr(item_at(&r, "A7")->text, "找不到"));	/* not below this township */
	assert_non_null(strstr(item_at(&r, "C8")->text, "合计是 7"));
	assert_int_equal(r.items[0].kind, READ_WRONG);
	look(d.desk, &d.township, &ask, rows, false, ERR_INPUT, &arena);
	assert_int_equal(desk_get(d.desk, b.id, &arena).members, b.members);
	/* A sheet of something else. */
	look(d.desk, &d.township, &ask, "<row r='1'>" CELL("A1", "别的") "</row>", true, 0, &arena);
}

static void rights_are_those_of_what_is_written(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {added(d.desk, &d.county, d.desk->county, LIST_ROWS), "", d.desk->township, 0};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena);
	struct caller inspector = desk_caller(desk_account(d.desk, d.desk->county, "督查", ROLE_INSPECTOR), d.county.now_ms);
	const char *rows = arena_printf(&arena, HEAD "%s<row r='4'>" CELL("A4", "合计") "</row>",
					org_row(&arena, 3, &a, "99", ""));
	struct read_result r = look(d.desk, &inspector, &ask, rows, true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "C3")->text, "没有权限"));
	look(d.desk, &inspector, &ask, rows, false, ERR_INPUT, &arena);
	assert_int_equal(desk_get(d.desk, a.id, &arena).members, a.members);
	look(d.desk, &d.clerk, &ask, rows, true, ERR_DENIED, &arena);
}

/* ---- official forms ---- */

static void a_list_comes_back_by_its_heads(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {0, "f4", d.desk->township, d.campaign};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena), b = desk_get(d.desk, d.desk->branch[1], &arena);
	const char *rows = arena_printf(
		&arena, "<row r='1'>" CELL("A1", "结果汇总表") "</row><row r='3'>" CELL("A3", "序号") CELL("B3", "党组织名称")
		CELL("C3", "书记姓名") CELL("D3", "党员数") CELL("E3", "等次") "</row>"
		"<row r='4'>" CELL("A4", "1") CELL("B4", "%s") CELL("C4", "王新") CELL("D4", "44") CELL("E4", "好") "</row>"
		"<row r='5'>" CELL("A5", "2") CELL("B5", "%s") CELL("D5", "x") CELL("E5", "较好") "</row>"
		"<row r='6'>" CELL("A6", "合计") CELL("C6", "好 2 个，占 50.0%%") CELL("E6", "较好 1 个，占 49.0%%") "</row>", a.name, b.name);
	struct read_result r = look(d.desk, &d.township, &ask, rows, true, 0, &arena);
	assert_string_equal(item_at(&r, "C4")->after, "王新");
	assert_string_equal(item_at(&r, "D4")->after, "44");
	assert_int_equal(item_at(&r, "D5")->kind, READ_WRONG);
	assert_non_null(strstr(item_at(&r, "C6")->text, "有 1 个"));
	assert_non_null(strstr(item_at(&r, "E6")->text, "50.0%"));
	look(d.desk, &d.township, &ask, HEAD, true, ERR_INPUT, &arena);
}

static void the_summary_is_checked_against_itself(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {0, "f1", d.desk->township, 0};
	struct read_result r = look(
		d.desk, &d.township, &ask,
		"<row r='5'>" CELL("A5", "所辖基层党组织") CELL("B5", "8") CELL("C5", "——") "</row>"
		"<row r='6'>" CELL("A6", "党委") CELL("B6", "3") CELL("C6", "37.5") "</row>"
		"<row r='7'>" CELL("A7", "党总支") CELL("B7", "三") "</row>"
		"<row r='8'>" CELL("A8", "党支部") CELL("B8", "6") CELL("C8", "70") "</row>"
		"<row r='9'>" CELL("A9", "软弱涣散基层党组织") CELL("B9", "2") CELL("C9", "25.0") "</row>"
		"<row r='10'>" CELL("A10", "（1）班子不齐") CELL("B10", "3") CELL("C10", "37.5") CELL("D10", "150.0") "</row>",
		true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "B5")->text, "加起来是 9 个"));
	assert_non_null(strstr(item_at(&r, "B7")->text, "整数"));
	assert_non_null(strstr(item_at(&r, "C8")->text, "75.0"));
	assert_non_null(strstr(item_at(&r, "B10")->text, "比软弱涣散的 2 个还多"));
	assert_int_equal(r.count[READ_WRONG], 4);
}

static void a_score_sheet_brings_the_committees_scores(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {0, "f5", d.desk->township, d.campaign};
	const char *head = arena_printf(
		&arena, "<row r='2'>" CELL("A2", "党组织名称：%s") "</row><row r='3'>" CELL("A3", "指标") CELL("B3", "内容")
		CELL("D3", "分值") CELL("E3", "自评得分") CELL("F3", "党委评定得分") "</row>",
		desk_get(d.desk, d.desk->branch[0], &arena).name);
	static const char first[] = "党组织带头人";
	const char *good = arena_printf(&arena, "%s<row r='4'>" CELL("A4", "%s") CELL("D4", "20") CELL("F4", "17.5") "</row>"
					"<row r='5'>" CELL("A5", "合计") CELL("D5", "20") CELL("F5", "17.5") "</row>", head, first);
	struct read_result r = look(d.desk, &d.township, &ask, good, true, 0, &arena);
	assert_int_equal(r.count[READ_WRONG], 0);
	assert_string_equal(item_at(&r, "F4")->after, "17.5");
	r = look(d.desk, &d.township, &ask, good, false, 0, &arena);
	assert_int_equal(r.written, 1);
	r = look(d.desk, &d.township, &ask, good, true, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 0);
	const char *bad = arena_printf(&arena, "%s<row r='4'>" CELL("A4", "%s") CELL("D4", "20") CELL("F4", "21") "</row>"
				       "<row r='5'>" CELL("A5", "没有的指标") CELL("F5", "1") "</row>"
				       "<row r='6'>" CELL("A6", "合计") CELL("D6", "20") CELL("F6", "23") "</row>", head, first);
	r = look(d.desk, &d.township, &ask, bad, true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "F4")->text, "0 到 20"));
	assert_non_null(strstr(item_at(&r, "A5")->text, "不是这个类别的指标"));
	assert_non_null(strstr(item_at(&r, "F6")->text, "各行加起来是 22"));
	/* The county reads figures but does not score for the township. */
	r = look(d.desk, &d.county, &ask, bad, true, 0, &arena);
	assert_true(r.count[READ_WRONG] > 0);
}

/* A row of texts, from column A; NULL: an empty cell. */
static void row_of(struct buf *b, int row, int n, const char *const *texts)
{
	buf_addf(b, "<row r='%d'>", row);
	for (int i = 0; i < n; i++)
		if (texts[i])
			buf_addf(b, "<c r='%c%d' t='inlineStr'><is><t>%s</t></is></c>", 'A' + i, row, texts[i]);
	buf_adds(b, "</row>");
}

#define ROW(b, row, ...) \
	row_of(b, row, (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)), \
	       (const char *const[]){__VA_ARGS__})

static void a_score_sheet_brings_the_self_evaluation_too(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const int64_t branch = d.desk->branch[1];
	const struct read_ask ask = {0, "f5", d.desk->township, d.campaign};
	const char *head = arena_printf(&arena, "党组织名称：%s", desk_get(d.desk, branch, &arena).name);
	ROW(&rows, 2, head);
	ROW(&rows, 3, "指标", "内容", NULL, "分值", "自评得分", "党委评定得分");
	ROW(&rows, 4, "党组织带头人", NULL, NULL, "20", "19", "12");
	ROW(&rows, 5, "合计", NULL, NULL, "20", "19", "12");
	struct read_result r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	if (r.count[READ_WRONG])
		fail_msg("%s: %s", r.items[0].cell, r.items[0].text);
	assert_string_equal(item_at(&r, "E4")->after, "19");
	assert_int_equal(r.count[READ_CHANGE], 1);	/* the committee's 12 is what it gave */
	r = look(d.desk, &d.township, &ask, buf_str(&rows), false, 0, &arena);
	assert_int_equal(r.written, 1);
	r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 0);
	buf_clear(&rows);
	ROW(&rows, 2, head);
	ROW(&rows, 3, "指标", "内容", NULL, "分值", "自评得分", "党委评定得分");
	ROW(&rows, 4, "党组织带头人", NULL, NULL, "20", "21", "20");
	ROW(&rows, 5, "合计", NULL, NULL, "20", "20", "20");
	r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "E4")->text, "0 到 20"));
	assert_non_null(strstr(item_at(&r, "E5")->text, "加起来是 21"));
	/* Sheets of the same name are told apart by the code. */
	const struct org org = desk_get(d.desk, branch, &arena);
	buf_clear(&rows);
	ROW(&rows, 2, arena_printf(&arena, "党组织名称：%s（%s）", org.name, org.code));
	ROW(&rows, 3, "指标", "内容", NULL, "分值", "自评得分", "党委评定得分");
	ROW(&rows, 4, "党组织带头人", NULL, NULL, "20", "18", "12");
	r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_WRONG], 0);
	assert_string_equal(item_at(&r, "E4")->after, "18");
	buf_clear(&rows);
	ROW(&rows, 2, arena_printf(&arena, "党组织名称：%s（X）", org.name));
	ROW(&rows, 3, "指标", "内容", NULL, "分值", "自评得分", "党委评定得分");
	ROW(&rows, 4, "党组织带头人", NULL, NULL, "20", "21", "20");
	r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "A2")->text, "找不到"));
	buf_clear(&rows);
	ROW(&rows, 2, head);
	ROW(&rows, 3, "指标", "内容", NULL, "分值", "自评得分", "党委评定得分");
	ROW(&rows, 4, "党组织带头人", NULL, NULL, "20", "21", "20");
	/* Who looks at figures does not give them. */
	r = look(d.desk, &d.county, &ask, buf_str(&rows), true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "F4")->text, "党委评定得分"));
}

/* How many findings of the check `sums` an organisation has; the last one. */
static int sums_of(struct decide_desk *d, int64_t org, struct arena *arena, struct integrity_report *ret_report,
		   const char **ret_figures)
{
	struct err_info info = {0};
	int n = 0;
	if (integrity_run(&d->desk->app, &d->county, d->campaign, d->desk->county, arena, ret_report, &info) < 0)
		fail_msg("%s", info.text);
	for (int i = 0; i < ret_report->n; i++)
		if (ret_report->findings[i].check == CHECK_SUMS && ret_report->findings[i].object == org) {
			*ret_figures = ret_report->findings[i].figures;
			n++;
		}
	return n;
}

/* A returned form whose total is not what its rows add up to is a finding, not only
 * refused; it goes when the form comes back right, but for what was marked. */
static void a_wrong_total_of_a_returned_form_becomes_a_finding(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const int64_t branch = d.desk->branch[1], township = d.desk->township;
	const struct read_ask scores = {0, "f5", township, d.campaign}, summary = {0, "f1", township, 0};
	struct caller leader = desk_caller(desk_account(d.desk, d.desk->county, "leader", ROLE_LEADER), d.county.now_ms);
	struct integrity_report report;
	const char *figures = "", *head = arena_printf(&arena, "党组织名称：%s", desk_get(d.desk, branch, &arena).name);
	struct err_info info = {0};
	leader.today = d.county.today;
	for (int right = 0; right < 2; right++) {
		buf_clear(&rows);
		ROW(&rows, 2, head);
		ROW(&rows, 3, "指标", "内容", NULL, "分值", "自评得分", "党委评定得分");
		ROW(&rows, 4, "党组织带头人", NULL, NULL, "20", NULL, "12");
		ROW(&rows, 5, "合计", NULL, NULL, "20", NULL, right ? "12" : "15.5");
		/* Who hands nothing in reads it, and leaves nothing. */
		struct read_result r = look(d.desk, &leader, &scores, buf_str(&rows), true, 0, &arena);
		assert_int_equal(r.sums, 0);
		assert_int_equal(sums_of(&d, branch, &arena, &report, &figures), right);
		r = look(d.desk, &d.township, &scores, buf_str(&rows), true, 0, &arena);
		assert_int_equal(r.sums, !right);
		assert_int_equal(sums_of(&d, branch, &arena, &report, &figures), !right);
		assert_non_null(strstr(figures, "F5 党委评定得分合计：报 15.5，明细加起来 12"));
		if (!right)
			look(d.desk, &d.township, &scores, buf_str(&rows), false, ERR_INPUT, &arena);
		look(d.desk, &d.township, &scores, buf_str(&rows), true, 0, &arena);
	}
	for (int right = 0; right < 2; right++) {
		buf_clear(&rows);
		ROW(&rows, 5, "所辖基层党组织", right ? "9" : "8", "——");
		ROW(&rows, 6, "党委", "3");
		ROW(&rows, 8, "党支部", "6");
		ROW(&rows, 9, "软弱涣散基层党组织", "2");
		look(d.desk, &d.township, &summary, buf_str(&rows), true, 0, &arena);
		assert_int_equal(sums_of(&d, township, &arena, &report, &figures), 1);
		assert_non_null(strstr(figures, "报 8，明细加起来 9"));
		assert_int_equal(report.n_gone, right);
		for (int i = 0; !right && i < report.n; i++)
			if (report.findings[i].figures == figures)
				assert_int_equal(integrity_mark(&d.desk->app, &d.county, d.campaign, d.desk->county,
								report.keys[i], false, "三个党委没有算进去", &info), 0);
	}
	assert_non_null(report.marks[report.n - 1]);
}

static void the_years_ledger_brings_goals_and_measures(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {0, "f14", d.desk->township, d.campaign};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena), b = desk_get(d.desk, d.desk->branch[1], &arena);
	struct err_info info = {0};
	int64_t id;
	if (decide_desk_meet(&d, &id, &info) < 0 || decide_desk_publish(&d, &id, &info) < 0)
		fail_msg("%s", info.text);
	ROW(&rows, 2, "序号", "党组织名称", "党员数", "等次", "下年目标", "整改措施", "责任人");
	ROW(&rows, 3, "1", a.name, NULL, "最好", "巩固提高", "每月主题党日", "王五");
	ROW(&rows, 4, "2", b.name, "x", NULL, "晋位", "整改三项", NULL);
	struct read_result r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_string_equal(item_at(&r, "F3")->after, "每月主题党日");
	assert_int_equal(item_at(&r, "D3")->kind, READ_NOTE);	/* the grade is worked out */
	if (!strstr(item_at(&r, "A4")->text, "责任人"))
		fail_msg("%s", item_at(&r, "A4")->text);
	assert_int_equal(item_at(&r, "C4")->kind, READ_WRONG);
	look(d.desk, &d.township, &ask, buf_str(&rows), false, ERR_INPUT, &arena);
	buf_clear(&rows);
	ROW(&rows, 2, "序号", "党组织名称", "党员数", "等次", "下年目标", "整改措施", "责任人");
	ROW(&rows, 3, "1", a.name, "31", NULL, "巩固提高", "每月主题党日", "王五");
	r = look(d.desk, &d.township, &ask, buf_str(&rows), false, 0, &arena);
	assert_int_equal(r.written, 2);		/* the members, the plan */
	r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 0);
	/* Others do not write it. */
	buf_clear(&rows);
	ROW(&rows, 2, "序号", "党组织名称", "等次", "整改措施", "责任人");
	ROW(&rows, 3, "1", a.name, NULL, "别的", "李四");
	struct caller inspector = desk_caller(desk_account(d.desk, d.desk->county, "督查", ROLE_INSPECTOR), d.county.now_ms);
	r = look(d.desk, &inspector, &ask, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_WRONG], 1);
}

static void a_star_list_is_checked_against_its_rows(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {0, "f15", d.desk->township, d.campaign};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena), b = desk_get(d.desk, d.desk->branch[1], &arena);
	ROW(&rows, 2, "序号", "党组织名称", "星级");
	ROW(&rows, 3, "1", a.name, "五星级");
	ROW(&rows, 4, "2", b.name, "四星级");
	ROW(&rows, 5, "合计：五星级 2 个，四星级 1 个。");
	struct read_result r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "A5")->text, "“五星级”有 1 个"));
	assert_int_equal(r.count[READ_WRONG], 1);
	assert_int_equal(r.count[READ_CHANGE], 0);
}

static void chosen_columns_come_back(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const struct read_ask ask = {0, "f18", d.desk->township, d.campaign};
	struct org a = desk_get(d.desk, d.desk->branch[0], &arena);
	ROW(&rows, 2, "党组织数：2");
	ROW(&rows, 3, "序号", "代码", "联络员电话", "书记姓名", "等次");
	ROW(&rows, 4, "1", a.code, "0000-11", "赵六", "更好");
	struct read_result r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_string_equal(item_at(&r, "C4")->after, "0000-11");
	assert_string_equal(item_at(&r, "D4")->after, "赵六");
	assert_int_equal(item_at(&r, "E4")->kind, READ_NOTE);
	assert_non_null(strstr(item_at(&r, "A2")->text, "下面列着 1 个"));
	assert_int_equal(r.count[READ_WRONG], 1);
	assert_int_equal(r.count[READ_CHANGE], 2);
}

static void problems_come_back_line_by_line(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const int64_t branch = d.desk->branch[1];
	const struct read_ask ask = {0, "f7", d.desk->township, 0};
	struct org a = desk_get(d.desk, branch, &arena), other = desk_get(d.desk, d.desk->branch[0], &arena);
	decide_desk_case(&d, branch, CASE_RECTIFYING, 2);
	ROW(&rows, 2, "序号", "党组织名称", "党员数", "定级得分", "主要问题", "原因分析", "整顿措施");
	ROW(&rows, 3, "1", a.name, NULL, "99", "1.三会一课不经常\n2.班子不齐", "2.能人外流", "一：写错了");
	ROW(&rows, 4, "2", other.name, NULL, NULL, "没有台账");
	struct read_result r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_string_equal(item_at(&r, "E3")->after, "班子不齐");
	assert_string_equal(item_at(&r, "F3")->after, "能人外流");
	assert_non_null(strstr(item_at(&r, "G3")->text, "一行一个问题"));
	assert_non_null(strstr(item_at(&r, "E4")->text, "先在台账里登记"));
	assert_int_equal(r.count[READ_CHANGE], 2);
	assert_int_equal(item_at(&r, "D3")->kind, READ_NOTE);
	/* F8: who answers for it. */
	const struct read_ask menu = {0, "f8", d.desk->township, 0};
	buf_clear(&rows);
	ROW(&rows, 2, "序号", "党组织名称", "存在问题", "整顿措施", "责任人", "是否销号");
	ROW(&rows, 3, "1", a.name, "三会一课不经常", "每月 5 日", "镇组织委员 王五", "是");
	ROW(&rows, 4, NULL, NULL, "第 2 个问题", NULL, "赵六");
	AUTO(buf) struct buf nameless = {0};
	buf_adds(&nameless, buf_str(&rows));
	ROW(&nameless, 5, "2", other.name, NULL, "没有问题的措施");
	r = look(d.desk, &d.township, &menu, buf_str(&nameless), true, 0, &arena);
	assert_non_null(strstr(item_at(&r, "D5")->text, "哪个问题"));
	r = look(d.desk, &d.township, &menu, buf_str(&rows), false, 0, &arena);
	assert_int_equal(r.written, 2);
	assert_int_equal(r.count[READ_CHANGE], 4);	/* measure, name, post; name */
	assert_int_equal(item_at(&r, "F3")->kind, READ_NOTE);
	r = look(d.desk, &d.township, &menu, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 0);
}

static void all_of_a_file_is_written_or_nothing(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf rows = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const int64_t branch = d.desk->branch[1];
	const struct read_ask ask = {0, "f3", d.desk->township, 0};
	struct org a = desk_get(d.desk, branch, &arena);
	decide_desk_case(&d, branch, CASE_RECTIFYING, 1);
	/* Postponed without a word why: that can't be written, and is seen only then. */
	decide_desk_postpone(&d, branch, "");
	ROW(&rows, 2, "序号", "村党组织名称", "党员数", "换届选举完成时间");
	ROW(&rows, 3, "1", a.name, "77", "2026年12月31日");
	struct read_result r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 2);
	r = look(d.desk, &d.township, &ask, buf_str(&rows), false, ERR_INPUT, &arena);
	assert_int_equal(r.written, 0);
	assert_int_equal(desk_get(d.desk, branch, &arena).members, a.members);
	decide_desk_postpone(&d, branch, "矛盾没有化解");
	r = look(d.desk, &d.township, &ask, buf_str(&rows), false, 0, &arena);
	assert_int_equal(r.written, 2);
	assert_int_equal(desk_get(d.desk, branch, &arena).members, 77);
	r = look(d.desk, &d.township, &ask, buf_str(&rows), true, 0, &arena);
	assert_int_equal(r.count[READ_CHANGE], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_template_serves_its_node_and_all_below),
		ON_DESK(the_same_name_is_a_new_version),
		ON_DESK(only_whole_files_with_placeholders_are_taken),
		ON_DESK(unknown_names_are_told_with_the_nearest),
		ON_DESK(a_fill_shows_what_is_kept),
		ON_DESK(few_ballots_hide_the_score_here_too),
		ON_DESK(the_samples_can_be_put_up_and_filled),
		ON_DESK(what_was_changed_comes_back),
		ON_DESK(what_is_wrong_is_told_by_cell_and_nothing_is_written),
		ON_DESK(rights_are_those_of_what_is_written),
		ON_DESK(a_list_comes_back_by_its_heads),
		ON_DESK(the_summary_is_checked_against_itself),
		ON_DESK(a_score_sheet_brings_the_committees_scores),
		ON_DESK(a_score_sheet_brings_the_self_evaluation_too),
		ON_DESK(a_wrong_total_of_a_returned_form_becomes_a_finding),
		ON_DESK(the_years_ledger_brings_goals_and_measures),
		ON_DESK(a_star_list_is_checked_against_its_rows),
		ON_DESK(chosen_columns_come_back),
		ON_DESK(problems_come_back_line_by_line),
		ON_DESK(all_of_a_file_is_written_or_nothing),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
