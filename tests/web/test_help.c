/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include "base/auto.h"
#include "web/help.h"
#include "web/html.h"
#include "web/markdown.h"

static const char *link_of(struct arena *arena, struct str target)
{
	(void)arena;
	return str_eqs(target, "orgs.md") ? "/help/orgs" : NULL;
}

static void check(const char *text, const char *expected)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(html) struct html h = {0};
	markdown_write(&h, str_from(text), link_of, &arena);
	assert_string_equal(buf_str(&h.out), expected);
}

static void blocks_and_marks_become_html(void **state)
{
	(void)state;
	check("# 组织\n\n一行\n接着\n", "<h1 id='h-0'>组织</h1>\n<p>一行接着</p>\n");
	check("## 甲\n### 乙\n", "<h2 id='h-0'>甲</h2>\n<h3 id='h-1'>乙</h3>\n");
	check("one\ntwo", "<p>one two</p>\n");
	check("- 甲\n  续\n- **乙**\n\n1. 丙\n2. `x`\n",
	      "<ul>\n<li>甲续</li>\n<li><b>乙</b></li>\n</ul>\n<ol start='1'>\n<li>丙</li>\n<li><code>x</code></li>\n</ol>\n");
	check("```\n| a <b>\n```\n    code\n",
	      "<pre><code>| a &lt;b&gt;\n</code></pre>\n<pre><code>code\n</code></pre>\n");
	check("2. 甲：\n\n       a\n         b\n", "<ol start='2'>\n<li>甲：</li>\n</ol>\n<pre><code>a\n  b\n</code></pre>\n");
	check("| 甲 | 乙 |\n|---|---|\n| 1 | [组织](orgs.md) |\n",
	      "<table class='data'><thead>\n<tr><th scope='col'>甲</th><th scope='col'>乙</th></tr></thead>\n"
	      "<tbody>\n<tr><td>1</td><td><a href='/help/orgs'>组织</a></td></tr>\n</tbody></table>\n");
}

static void what_is_no_mark_is_text(void **state)
{
	(void)state;
	check("<script>x</script> & [外面](https://example.org/) a*b ** `",
	      "<p>&lt;script&gt;x&lt;/script&gt; &amp; 外面 a*b ** `</p>\n");
	check("[没有完", "<p>[没有完</p>\n");
	check("-1 不是列表，2.5 也不是\n", "<p>-1 不是列表，2.5 也不是</p>\n");
	check("", "");
}

static void each_path_has_its_page(void **state)
{
	(void)state;
	assert_string_equal(help_for(STR("/orgs/12/move"))->name, "orgs");
	assert_string_equal(help_for(STR("/audit"))->name, "audit");
	assert_string_equal(help_for(STR("/auditors"))->name, "README");
	assert_string_equal(help_for(STR("/"))->name, "README");
}

static void every_page_has_a_title_and_can_be_shown(void **state)
{
	(void)state;
	int n = 0;
	for (const struct help_page *p = help_pages; p->name; p++, n++) {
		AUTO(arena) struct arena arena = {0};
		AUTO(html) struct html h = {0};
		assert_true(*p->title);
		markdown_write(&h, (struct str){p->text, (size_t)(p->end - p->text)}, link_of, &arena);
		assert_non_null(strstr(buf_str(&h.out), "<h1 id='h-0'>"));
		assert_int_equal(h.state, HTML_TEXT);
	}
	assert_true(n >= 10);
}

static void a_search_finds_sections_with_all_words(void **state)
{
	(void)state;
	AUTO(arena) struct arena arena = {0};
	struct help_hit *hits;
	int n;
	assert_int_equal(help_search("划转　本县", &arena, &hits, &n), 0);
	assert_true(n >= 1);
	assert_string_equal(hits[0].page->name, "orgs");
	assert_true(str_eqs(hits[0].title, "登记和变更"));
	assert_true(hits[0].heading == 2);
	assert_int_equal(help_search("JINWEI SERVE", &arena, &hits, &n), 0);
	assert_true(n >= 1);
	assert_int_equal(help_search("绝对没有的词", &arena, &hits, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(help_search("  ", &arena, &hits, &n), 0);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_and_marks_become_html),
		cmocka_unit_test(what_is_no_mark_is_text),
		cmocka_unit_test(each_path_has_its_page),
		cmocka_unit_test(every_page_has_a_title_and_can_be_shown),
		cmocka_unit_test(a_search_finds_sections_with_all_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
