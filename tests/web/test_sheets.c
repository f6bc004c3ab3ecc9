/* SPDX-License-Identifier: Apache-2.0 */
/* Sheets in and out through the router: accounts with their slips, the export
 * of organisations and the templates as workbooks. */
#include "tests/web/office.h"

#include <stdio.h>
#include <string.h>

#include "app/accounts_import.h"
#include "app/roster_import.h"

#define GOOD "账号,姓名,组织代码,角色\r\nlq1,'<b>张三,07,乡镇组织委员\r\nlq2,李四,07,\r\n"

static const char *node_text(const struct office *office, char text[24])
{
	snprintf(text, 24, "%lld", (long long)office->county);
	return text;
}

static int count(const char *text, const char *part)
{
	int n = 0;
	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		n++;
	return n;
}

static int64_t accounts_total(struct office *office)
{
	json_t *json = office_json(office, SYSTEM, "/accounts", "q=lq");
	int64_t n = json_integer_value(json_object_get(json, "total"));
	json_decref(json);
	return n;
}

static void a_sheet_with_a_bad_row_makes_no_account(void **state)
{
	struct office *office = office_of(state);
	char node[24];
	char *body = office_upload(office, SYSTEM, "/accounts/import", node_text(office, node),
				   STR("账号,姓名,组织代码\r\nlq1,张三,07\r\nlq2,李四,99\r\nzuzhi,王五,07\r\n"),
				   true, 422);
	json_t *json = json_loads(body, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "errors")), 2);
	assert_string_equal(json_string_value(json_object_get(json, "held")), "");
	json_decref(json);
	free(body);
	assert_int_equal(accounts_total(office), 0);
	free(office_upload(office, SYSTEM, "/accounts/import", node, STR("账号,姓名,组织代码\r\n"),
			   false, 422));
	free(office_upload(office, OFFICER, "/accounts/import", node, STR(GOOD), false, 403));
}

static void accounts_are_made_on_the_second_click_and_their_slips_shown_once(void **state)
{
	struct office *office = office_of(state);
	char node[24], form[200];
	char *body = office_upload(office, SYSTEM, "/accounts/import", node_text(office, node),
				   STR(GOOD), true, 200);
	json_t *json = json_loads(body, 0, NULL);
	const char *held = json_string_value(json_object_get(json, "held"));
	assert_int_equal(json_array_size(json_object_get(json, "accounts")), 2);
	assert_null(strstr(body, "\"password\""));
	assert_int_equal(accounts_total(office), 0);
	snprintf(form, sizeof(form), "node=%s&held=%s", node, held);
	json_decref(json);
	free(body);

	char *slips = office_post(office, SYSTEM, "/accounts/import/run", form, 200);
	assert_int_equal(count(slips, "<div class='slip'>"), 2);
	assert_int_equal(count(slips, "http://office.example/"), 2);
	assert_non_null(strstr(slips, "&lt;b&gt;张三"));
	assert_int_equal(accounts_total(office), 2);
	/* The password on the slip is the one that opens the account. */
	const char *code = strstr(slips, "<b class='code'>");
	assert_non_null(code);
	char password[PASSWORD_MADE_LEN + 1];
	snprintf(password, sizeof(password), "%.*s", (int)PASSWORD_MADE_LEN, code + strlen("<b class='code'>"));
	AUTO(arena) struct arena arena = {0};
	struct caller nobody = {.origin = "test", .now_ms = (int64_t)OFFICE_NOW_S * 1000,
				.today = 20261118};
	struct person person;
	assert_int_equal(people_login(&office->app, &nobody, "lq1", password, "",
				      (const unsigned char[TOKEN_HASH_LEN]){7}, &arena, &person, NULL),
			 0);
	assert_true(person.must_change);
	free(slips);
	/* Again: the upload is gone, nothing is shown or made twice. */
	char *again = office_post(office, SYSTEM, "/accounts/import/run", form, 409);
	assert_null(strstr(again, "class='slip'"));
	/* And there is a way on: what happened, and where to choose a file. */
	assert_non_null(strstr(again, "上传的文件已经用过了"));
	assert_non_null(strstr(again, "type='file'"));
	free(again);
	assert_int_equal(accounts_total(office), 2);
}

static void add_formula_org(struct office *office)
{
	struct org org = org_blank();
	const struct org_when when = {20260101, NULL};
	int64_t id;

	org.parent = office->town;
	org.level = LEVEL_UNIT;
	org.code = "007";
	org.name = "=1+1党支部";
	org.note = "@SUM(A1)";
	org.members = 46;
	assert_int_equal(roster_add(&office->app, &office->machine, &org, &when, &id, NULL), 0);
}

static void an_export_as_a_workbook_keeps_texts_and_comes_back_unchanged(void **state)
{
	struct office *office = office_of(state);
	char node[24], query[64];
	struct table *table;
	struct table_row row;
	struct err_info info = {0};

	add_formula_org(office);
	snprintf(query, sizeof(query), "node=%s&format=xlsx", node_text(office, node));
	AUTO(web_response) struct web_response file = office_get(office, OFFICER, "/orgs/export", query);
	assert_int_equal(file.status, 200);
	assert_int_equal(table_open_memory(&table, "t.xlsx", file.body.data, file.body.len,
					   roster_is_head, NULL, &info), 0);
	int n = 0;
	bool seen = false;
	while (table_next(table, &row, &info) > 0) {
		n++;
		if (!str_eqs(row.cells[0], "007"))
			continue;
		seen = true;
		assert_true(str_eqs(row.cells[2], "=1+1党支部"));
		assert_true(str_eqs(row.cells[7], "46"));
		assert_true(str_eqs(row.cells[row.n - 1], "@SUM(A1)"));
	}
	table_free(table);
	assert_int_equal(n, 4);		/* head, county, town, branch */
	assert_true(seen);

	struct str sheet = {file.body.data, file.body.len};
	char *body = office_upload(office, OFFICER, "/orgs/import", node, sheet, true, 200);
	json_t *json = json_loads(body, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(json, "same")), 3);
	assert_int_equal(json_integer_value(json_object_get(json, "changed")), 0);
	json_decref(json);
	free(body);
}

static void check_template(struct office *office, const char *path, const char *query,
			   bool (*is_head)(void *, int, const struct str *), int columns)
{
	struct table *table;
	struct table_row row;
	struct err_info info = {0};
	AUTO(web_response) struct web_response file = office_get(office, SYSTEM, path, query);

	assert_int_equal(file.status, 200);
	assert_int_equal(table_open_memory(&table, "t.xlsx", file.body.data, file.body.len, is_head,
					   NULL, &info), 0);
	assert_int_equal(table_next(table, &row, &info), 1);
	assert_int_equal(row.n, columns);
	assert_int_equal(table_next(table, &row, &info), 0);
	table_free(table);
}

static void templates_are_workbooks_that_the_imports_read(void **state)
{
	struct office *office = office_of(state);

	check_template(office, "/orgs/template", "format=xlsx", roster_is_head, 2 + org_n_fields);
	check_template(office, "/accounts/template", "", accounts_is_head, 5);
	AUTO(web_response) struct web_response csv =
		office_get(office, SYSTEM, "/orgs/template", "format=csv");
	assert_memory_equal(csv.body.data, "\xEF\xBB\xBF代码,上级代码,名称", 29);
	AUTO(web_response) struct web_response wrong =
		office_get(office, SYSTEM, "/orgs/template", "format=pdf");
	assert_int_equal(wrong.status, 422);
}

/* ---- any page's table as a file ---- */

static void a_table_of_a_page_comes_as_a_file_with_what_is_shown_and_is_logged(void **state)
{
	struct office *office = office_of(state);
	struct web_response file = office_get(office, OFFICER, "/schemes", "table=csv0");
	const char *text = buf_str(&file.body);
	assert_int_equal(file.status, 200);
	assert_string_equal(file.type, "text/csv; charset=utf-8");
	assert_non_null(strstr(text, "\xEF\xBB\xBF" "方案,代码,用途,谁的,版本,修改时间\r\n"));
	assert_non_null(strstr(text, ",loudi-2014,"));
	assert_null(strchr(text, '<'));
	assert_true(count(text, "\r\n") > 10);
	web_response_done(&file);

	json_t *json = office_json(office, AUDITOR, "/audit", "act=table.");
	json_t *rows = json_object_get(json, "rows");
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "object")), "方案");
	json_decref(json);
}

static void a_table_as_a_workbook_has_numbers_and_merged_heads(void **state)
{
	struct office *office = office_of(state);
	char path[48];
	struct table *table = NULL;
	struct table_row row;
	struct err_info info = {0};
	snprintf(path, sizeof(path), "/orgs/%lld", (long long)office->county);
	struct web_response file = office_get(office, OFFICER, path, "table=xlsx0");
	assert_int_equal(file.status, 200);
	assert_int_equal(table_open_memory(&table, "t.xlsx", file.body.data, file.body.len, NULL, NULL,
					   &info), 0);
	assert_int_equal(table_next(table, &row, &info), 1);
	assert_true(row.n >= 2);
	assert_true(str_eqs(row.cells[0], "领域"));
	table_free(table);
	web_response_done(&file);
}

static void a_yes_to_an_import_that_cannot_be_leads_back_to_the_file(void **state)
{
	struct office *office = office_of(state);
	char node[24], form[160];
	snprintf(node, sizeof(node), "%lld", (long long)office->county);
	char *body = office_upload(office, OFFICER, "/orgs/import", node,
				   STR("代码,名称\n07,龙泉镇党委\n"), true, 200);
	json_t *json = json_loads(body, 0, NULL);
	const char *held = json_string_value(json_object_get(json, "held"));
	assert_non_null(held);
	snprintf(form, sizeof(form), "node=%s&held=%s&since_day=2099-01-01", node, held);
	char *page = office_post(office, OFFICER, "/orgs/import/run", form, 422);
	assert_non_null(strstr(page, "2099-01-01 还没有到"));
	assert_non_null(strstr(page, "type='file'"));
	free(page);
	snprintf(form, sizeof(form), "node=%s&held=%s", node, "gone");
	page = office_post(office, OFFICER, "/orgs/import/run", form, 409);
	assert_non_null(strstr(page, "上传的文件已经用过了"));
	assert_non_null(strstr(page, "type='file'"));
	free(page);
	snprintf(form, sizeof(form), "node=%s&form=f2&held=%s", node, "gone");
	page = office_post(office, OFFICER, "/read-back/run", form, 409);
	assert_non_null(strstr(page, "上传的文件已经用过了"));
	assert_non_null(strstr(page, "type='file'"));
	free(page);
	json_decref(json);
	free(body);
}

static void an_organisations_past_as_json_says_what_its_page_says(void **state)
{
	struct office *office = office_of(state);
	struct org org = org_blank(), part = org_blank();
	const struct org_when added = {20260101, "云组〔2026〕1 号"}, split = {20260302, "云组〔2026〕2 号"};
	char path[48];
	int64_t id, other;
	org.parent = office->town;
	org.code = "008";
	org.name = "长坡村党支部";
	org.members = 46;
	assert_int_equal(roster_add(&office->app, &office->machine, &org, &added, &id, NULL), 0);
	part.code = "009";
	part.name = "新村党支部";
	assert_int_equal(roster_split(&office->app, &office->machine, id, 1, &part, 1, false, &split, &other,
				      NULL), 0);
	snprintf(path, sizeof(path), "/orgs/%lld", (long long)id);
	json_t *json = office_json(office, OFFICER, path, "");
	assert_int_equal(json_integer_value(json_object_get(json, "members")), 46);
	const json_t *first = json_array_get(json_object_get(json, "history"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "since")), "2026-01-01");
	assert_string_equal(json_string_value(json_object_get(first, "reason")), "云组〔2026〕1 号");
	assert_true(json_is_string(json_object_get(first, "recorded")));
	assert_non_null(json_object_get(first, "by"));
	const json_t *link = json_array_get(json_object_get(json, "links"), 0);
	assert_string_equal(json_string_value(json_object_get(link, "act")), "分出");
	assert_string_equal(json_string_value(json_object_get(link, "name")), "新村党支部");
	assert_string_equal(json_string_value(json_object_get(link, "since")), "2026-03-02");
	assert_int_equal(json_integer_value(json_object_get(link, "id")), other);
	json_decref(json);
}

static void every_table_of_a_long_page_has_its_file(void **state)
{
	static const char path[] = "/schemes/zhangji-town";	/* ten tables */
	struct office *office = office_of(state);
	struct web_response page = office_get(office, OFFICER, path, NULL);
	assert_non_null(strstr(buf_str(&page.body), "table=csv9"));
	web_response_done(&page);
	page = office_get(office, OFFICER, path, "table=csv9");
	assert_int_equal(page.status, 200);
	assert_non_null(strstr(buf_str(&page.body), "验收项目"));
	web_response_done(&page);
	page = office_get(office, OFFICER, path, "table=csv10");
	assert_int_equal(page.status, 404);
	web_response_done(&page);
}

static void a_page_without_that_table_says_so(void **state)
{
	struct office *office = office_of(state);
	struct web_response none = office_get(office, OFFICER, "/schemes", "table=csv9");
	assert_int_equal(none.status, 404);
	assert_non_null(strstr(buf_str(&none.body), "这一页没有这张表"));
	web_response_done(&none);
	/* Who may not see the page has no table of it either. */
	none = office_get(office, SYSTEM, "/schemes", "table=csv0");
	assert_int_equal(none.status, 403);
	web_response_done(&none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_OFFICE(a_sheet_with_a_bad_row_makes_no_account),
		IN_OFFICE(accounts_are_made_on_the_second_click_and_their_slips_shown_once),
		IN_OFFICE(an_export_as_a_workbook_keeps_texts_and_comes_back_unchanged),
		IN_OFFICE(templates_are_workbooks_that_the_imports_read),
		IN_OFFICE(a_table_of_a_page_comes_as_a_file_with_what_is_shown_and_is_logged),
		IN_OFFICE(a_table_as_a_workbook_has_numbers_and_merged_heads),
		IN_OFFICE(a_yes_to_an_import_that_cannot_be_leads_back_to_the_file),
		IN_OFFICE(an_organisations_past_as_json_says_what_its_page_says),
		IN_OFFICE(every_table_of_a_long_page_has_its_file),
		IN_OFFICE(a_page_without_that_table_says_so),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
