/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include <string.h>

#include "tests/web/fake.h"
#include "web/table.h"

static const struct table_column columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE, true},
	{"name", "党组织", COLUMN_NAME, ROOM_ALWAYS, true},
	{"members", "党员（人）", COLUMN_NUMBER, ROOM_ALWAYS, true},
	{"state", "提醒", COLUMN_LIGHT, ROOM_ALWAYS, false},
	{0},
};
static const struct table_cell cells[] = {
	{.text = "07-101"}, {.text = "<甲>", .href = "/orgs/1"}, {.number = 1017},
	{.text = "正常", .tone = TONE_OK},
	{.text = "=1+1"}, {.text = "乙,\"丙\"", .href = "/orgs/2"}, {.none = true},
	{.text = "书记空缺", .tone = TONE_BAD},
};
static const struct table_cell totals[] = {{0}, {0}, {.number = 1017}, {0}};

static const struct web_field fields[] = {TABLE_FORMAT, {0}};
static const struct web_route route = {.path = "/orgs", .fields = fields};

struct fixture {
	struct web_request request;
	struct web_response response;
	struct arena arena;
	struct web_call call;
	struct web_table table;
	struct html h;
};

static void fixture_init(struct fixture *f, const char *query)
{
	*f = (struct fixture){.request = fake_get("/orgs", query)};
	f->call = (struct web_call){.request = &f->request, .response = &f->response,
				    .arena = &f->arena, .route = &route};
	f->table = (struct web_table){.id = "list", .caption = "党组织", .columns = columns,
				      .cells = cells, .n_rows = 2, .totals = totals,
				      .totals_label = "合计 2 个", .n_all = 102, .page = 2, .size = 50,
				      .sort = "-members", .empty = "没有", .empty_hint = "换个词"};
}

static void fixture_done(struct fixture *f)
{
	html_done(&f->h);
	web_response_done(&f->response);
	arena_done(&f->arena);
}

static void heads_sort_and_pages_keep_the_search(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "q=%E6%9D%91&sort=-members&page=2");
	table_write(&f.call, &f.h, &f.table);
	const char *page = buf_str(&f.h.out);
	assert_non_null(strstr(page, "aria-sort='descending'><a href='?q=%E6%9D%91&amp;sort=members'>"));
	assert_non_null(strstr(page, "<a href='?q=%E6%9D%91&amp;sort=name'>党组织</a>"));
	assert_non_null(strstr(page, "<a href='?q=%E6%9D%91&amp;sort=-members&amp;page=3'>下一页</a>"));
	assert_non_null(strstr(page, "第 51–52 个，共 102 个"));
	assert_non_null(strstr(page, "1,017"));
	assert_non_null(strstr(page, "合计 2 个"));
	assert_non_null(strstr(page, "&lt;甲&gt;"));
	assert_null(strstr(page, "<甲>"));
	assert_int_equal(f.h.state, HTML_TEXT);
}

static void an_empty_list_says_what_to_do(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, NULL);
	f.table.n_rows = 0;
	table_write(&f.call, &f.h, &f.table);
	assert_non_null(strstr(buf_str(&f.h.out), "换个词"));
	assert_null(strstr(buf_str(&f.h.out), "<table"));
}

static void json_has_the_same_rows(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, NULL);
	json_t *json = table_json(&f.table);
	json_t *row = json_array_get(json_object_get(json, "rows"), 0);
	assert_string_equal(json_string_value(json_object_get(row, "name")), "<甲>");
	assert_int_equal(json_integer_value(json_object_get(row, "members")), 1017);
	row = json_array_get(json_object_get(json, "rows"), 1);
	assert_true(json_is_null(json_object_get(row, "members")));
	assert_int_equal(json_integer_value(json_object_get(json, "total")), 102);
	json_decref(json);
}

static void csv_quotes_and_disarms_formulas(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, NULL);
	assert_int_equal(table_export(&f.call, &f.table, "党组织"), 0);
	assert_string_equal(buf_str(&f.response.body),
			    "\xEF\xBB\xBF代码,党组织,党员（人）,提醒\r\n"
			    "07-101,<甲>,1017,正常\r\n"
			    "\"'=1+1\",\"乙,\"\"丙\"\"\",,书记空缺\r\n");
	assert_string_equal(fake_header(&f.response, "Content-Disposition"),
			    "attachment; filename*=UTF-8''%E5%85%9A%E7%BB%84%E7%BB%87.csv");
}

static void a_workbook_is_made_where_it_is_wanted(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, NULL);
	f.call.values[0] = (struct web_value){.given = true, .number = TABLE_XLSX};
	assert_int_equal(table_export(&f.call, &f.table, "党组织"), 0);
	assert_memory_equal(f.response.body.data, "PK\3\4", 4);
	assert_string_equal(fake_header(&f.response, "Content-Disposition"),
			    "attachment; filename*=UTF-8''%E5%85%9A%E7%BB%84%E7%BB%87.xlsx");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_sort_and_pages_keep_the_search),
		cmocka_unit_test(an_empty_list_says_what_to_do),
		cmocka_unit_test(json_has_the_same_rows),
		cmocka_unit_test(csv_quotes_and_disarms_formulas),
		cmocka_unit_test(a_workbook_is_made_where_it_is_wanted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
