/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include <stdio.h>
#include <string.h>

#include "tests/web/fake.h"
#include "web/page_sort.h"

struct fixture {
	struct web_request request;
	struct web_response response;
	struct arena arena;
	struct web_call call;
	struct buf page;
};

static void fixture_init(struct fixture *f, const char *query)
{
	*f = (struct fixture){.request = fake_get("/chase", query)};
	f->request.now = 1795305600;	/* 2026-11-22 */
	f->call = (struct web_call){.request = &f->request, .response = &f->response, .arena = &f->arena};
	f->call.session.signed_in = true;
}

static void fixture_done(struct fixture *f)
{
	buf_done(&f->page);
	arena_done(&f->arena);
}

static void begin(struct fixture *f, const char *class, const char *heads)
{
	buf_addf(&f->page, "<main><h1>催办</h1><div class='scroll'><table class='%s'><caption>表</caption>"
		 "<thead><tr>%s</tr></thead><tbody>\n", class, heads);
}

static void row(struct fixture *f, const char *name, const char *figure)
{
	buf_addf(&f->page, "<tr><th scope='row'>%s</th><td class='n'>%s</td></tr>\n", name, figure);
}

static void end(struct fixture *f)
{
	buf_adds(&f->page, "</tbody></table></div><p>完</p></main>");
	assert_int_equal(page_sort(&f->call, &f->page), 0);
}

#define HEADS "<th scope='col'>组织</th><th scope='col' class='n sum'>个数</th>"

/* True if the texts stand in the page in this order. */
static void in_order(struct fixture *f, const char *const *texts)
{
	const char *at = buf_str(&f->page);
	for (; *texts; texts++) {
		const char *found = strstr(at, *texts);
		if (!found)
			fail_msg("“%s” is not where it should be in: %s", *texts, buf_str(&f->page));
		at = found + strlen(*texts);
	}
}
#define IN_ORDER(f, ...) in_order(f, (const char *const[]){__VA_ARGS__, NULL})

static void three(struct fixture *f, const char *class)
{
	begin(f, class, HEADS);
	row(f, "c", "9");
	row(f, "a", "1,010.5");
	row(f, "b", "—");
	end(f);
}

static void other_tables_stay_as_they_are(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "sort0=1");
	three(&f, "data");
	assert_null(strstr(buf_str(&f.page), "href"));
	IN_ORDER(&f, ">c<", ">a<", ">b<", "<p>完</p></main>");
}

static void heads_sort_and_sums_are_exact(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "node=7&sort0=2&page=3");
	three(&f, "data sort");
	IN_ORDER(&f, "<table id='t0' class='data sort'>", "<caption>表</caption><thead class='so'>",
		 "<a href='?node=7&amp;sort0=1#t0'>组织</a>",
		 "aria-sort='ascending' data-so='1'><a href='?node=7&amp;sort0=-2#t0'>个数</a>",
		 ">c<", ">a<", ">b<", "</tbody><tfoot><tr><th scope='row'>合计</th>",
		 "<td class='n' data-l='个数'>1019.5</td>", "</table></div><p>完</p>");
}

static void what_is_empty_stands_last_in_either_order(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "sort0=-2");
	three(&f, "data sort");
	IN_ORDER(&f, ">a<", ">c<", ">b<");
}

static void days_grades_and_numbers_in_words_have_their_order(void **state)
{
	(void)state;
	static const char *const cells[][3] = {
		{"11-25 ●", "2025-12-01", "11-03"},	/* becomes 1 2 0 … */
		{"逾期 15 天", "逾期 3 天", "逾期 120 天"},
		{"<span class='grade g5'>差</span>", "<span class='grade g1'>好</span>",
		 "<span class='grade g3'>一般</span>"},
		{"<span class='stars'>★★★</span>", "<span class='stars none'>不定星</span>",
		 "<span class='stars'>★</span>"},
	};
	static const int sorted[][3] = {{1, 2, 0}, {1, 0, 2}, {1, 2, 0}, {1, 2, 0}};
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		AUTO(fixture) struct fixture f;
		fixture_init(&f, "sort0=2");
		begin(&f, "data sort", "<th scope='col'>组织</th><th scope='col'>期限</th>");
		for (int k = 0; k < 3; k++)
			row(&f, "x", cells[i][k]);
		end(&f);
		IN_ORDER(&f, cells[i][sorted[i][0]], cells[i][sorted[i][1]], cells[i][sorted[i][2]]);
	}
}

static void many(struct fixture *f, int n, const char *after)
{
	char name[64], figure[64];
	begin(f, "data sort", HEADS);
	for (int i = 1; i <= n; i++) {
		snprintf(name, sizeof(name), "村 %d%s", i, after);
		snprintf(figure, sizeof(figure), "%d", i);
		row(f, name, figure);
	}
	end(f);
}

static void long_tables_have_pages_and_totals_of_all(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "node=7&page0=2");
	many(&f, 120, "");
	IN_ORDER(&f, "<form class='bar find noprint' role='search' action='/chase#t0'>",
		 "<input type='hidden' name='node' value='7'>", "<div class='scroll'><table", ">村 51<", ">村 100<",
		 ">7,260<", "</table></div><nav class='pager'", "第 51–100 个，共 120 个",
		 "<a href='?node=7&amp;page0=1#t0'>上一页", "<p>完</p>");
	assert_null(strstr(buf_str(&f.page), ">村 50<"));
	assert_null(strstr(buf_str(&f.page), ">村 101<"));
}

static void a_word_finds_rows_over_all_pages(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "find0=%E6%9D%91%2011");	/* 村 11 */
	many(&f, 120, "");
	IN_ORDER(&f, "value='村 11'", "找到 11 行", "看全部 120 行", ">村 11<", ">村 119<", "找到的合计", ">1,156<");
	assert_null(strstr(buf_str(&f.page), ">村 12<"));
}

static void what_was_searched_for_is_escaped(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "find0=%3Cb%3E'&%3Ci%3E=%3Cu%3E");
	many(&f, 20, "");
	IN_ORDER(&f, "value='&lt;b&gt;&#39;'", "没有找到“&lt;b&gt;&#39;”");
	assert_null(strstr(buf_str(&f.page), "<b>"));
	assert_null(strstr(buf_str(&f.page), "<i>"));
	assert_null(strstr(buf_str(&f.page), "<u>"));
}

static void rows_that_are_sent_together_all_stay(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f, g;
	fixture_init(&f, "find0=zzz&page0=2");
	many(&f, 120, "<input type='checkbox' form='decide' name='orgs'>");
	IN_ORDER(&f, ">村 1<", ">村 120<");
	assert_null(strstr(buf_str(&f.page), "role='search'"));
	/* A form of a row's own is no reason. */
	fixture_init(&g, "page0=2");
	many(&g, 120, "<form method='post' action='/x'><input name='a'></form>");
	assert_null(strstr(buf_str(&g.page), ">村 1<"));
}

static void rows_that_are_picked_one_by_one_have_pages(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "page0=2");
	begin(&f, "data sort pick stack", HEADS);
	for (int i = 1; i <= 120; i++)
		buf_addf(&f.page, "<tr><th scope='row'>村 %d<input type='checkbox' form='decide' name='orgs'></th>"
			 "<td class='n'>%d</td></tr>\n", i, i);
	end(&f);
	IN_ORDER(&f, ">村 51<", ">村 100<", ">7,260<", "第 51–100 个，共 120 个");
	assert_null(strstr(buf_str(&f.page), ">村 50<"));
}

static void a_page_out_of_reach_is_the_first(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "page0=99&sort0=99");
	many(&f, 60, "");
	IN_ORDER(&f, ">村 1<", ">村 50<");
}

static void a_row_is_shown_on_its_page(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "row=o70");
	begin(&f, "data sort", HEADS);
	for (int i = 1; i <= 120; i++)
		buf_addf(&f.page, "<tr id='o%d'><th scope='row'>村</th><td class='n'>1</td></tr>", i);
	end(&f);
	IN_ORDER(&f, "<tr id='o51'>", "<tr id='o70'>", "第 51–100 个", "<a href='?page0=1#t0'>");
}

static void only_pages_that_were_asked_for_are_changed(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "");
	f.request.method = WEB_POST;	/* a form shown again: its address is no page */
	three(&f, "data sort");
	assert_null(strstr(buf_str(&f.page), "href"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_tables_stay_as_they_are),
		cmocka_unit_test(heads_sort_and_sums_are_exact),
		cmocka_unit_test(what_is_empty_stands_last_in_either_order),
		cmocka_unit_test(days_grades_and_numbers_in_words_have_their_order),
		cmocka_unit_test(long_tables_have_pages_and_totals_of_all),
		cmocka_unit_test(a_word_finds_rows_over_all_pages),
		cmocka_unit_test(what_was_searched_for_is_escaped),
		cmocka_unit_test(rows_that_are_sent_together_all_stay),
		cmocka_unit_test(rows_that_are_picked_one_by_one_have_pages),
		cmocka_unit_test(a_page_out_of_reach_is_the_first),
		cmocka_unit_test(a_row_is_shown_on_its_page),
		cmocka_unit_test(only_pages_that_were_asked_for_are_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
