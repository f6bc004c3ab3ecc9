/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include "base/buf.h"
#include "web/html.h"

static void text_and_attributes_are_escaped(void **state)
{
	(void)state;
	struct html h = {0};
	html(&h, "<p title='{}' id=\"{}\">{}</p>", "'\"<>&", "'\"<>&", "<script>'\"&");
	assert_string_equal(buf_str(&h.out), "<p title='&#39;&quot;&lt;&gt;&amp;' "
					     "id=\"&#39;&quot;&lt;&gt;&amp;\">"
					     "&lt;script&gt;&#39;&quot;&amp;</p>");
	html_done(&h);
}

static void parts_of_addresses_are_percent_encoded(void **state)
{
	(void)state;
	struct html h = {0};
	html(&h, "<a href='/orgs/{}?q={}'>", "../a b", "党&x=1#'");
	assert_string_equal(buf_str(&h.out),
			    "<a href='/orgs/..%2Fa%20b?q=%E5%85%9A%26x%3D1%23%27'>");
	html_done(&h);
}

static void whole_addresses_must_be_local(void **state)
{
	(void)state;
	static const struct {
		const char *given, *written;
	} cases[] = {
		{"/orgs?a=1&b=2", "/orgs?a=1&amp;b=2"}, {"?page=2", "?page=2"}, {"#main", "#main"},
		{"javascript:alert(1)", "#"}, {"//evil.example/", "#"}, {"/\\evil.example", "#"},
		{"http://evil.example", "#"}, {"/\t/evil.example", "#"}, {"", "#"},
		{"\x01javascript:x", "#"}, {"/x'onclick='y", "/x&#39;onclick=&#39;y"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct html h = {0};
		html(&h, "{}", "");
		html(&h, "<a href='{}'>", cases[i].given);
		AUTO(buf) struct buf want = {0};
		buf_addf(&want, "<a href='%s'>", cases[i].written);
		assert_string_equal(buf_str(&h.out), buf_str(&want));
		html_done(&h);
	}
}

static void numbers_and_empty_texts(void **state)
{
	(void)state;
	struct html h = {0};
	html(&h, "{} {} {} {}|{}", -5, (uint64_t)18446744073709551615u, INT64_MIN, (char *)NULL,
	     STR("ab"));
	assert_string_equal(buf_str(&h.out), "-5 18446744073709551615 -9223372036854775808 |ab");
	html_done(&h);
}

static void broken_utf8_and_control_characters_do_not_get_through(void **state)
{
	(void)state;
	struct html h = {0};
	html(&h, "{}", "a\xC0<\x01\x7F" "b\n\xE5\x85");
	assert_string_equal(buf_str(&h.out), "a\xEF\xBF\xBD&lt;b\n\xEF\xBF\xBD\xEF\xBF\xBD");
	html_done(&h);
}

static void a_tag_may_go_on_in_the_next_template(void **state)
{
	(void)state;
	struct html h = {0};
	html(&h, "<option value='{}'", "a'");
	html(&h, " selected");
	html(&h, ">{}</option>", "<");
	assert_string_equal(buf_str(&h.out), "<option value='a&#39;' selected>&lt;</option>");
	assert_int_equal(h.state, HTML_TEXT);
	html_done(&h);
}

static void holes_at_dangerous_places_are_bugs(void **state)
{
	(void)state;
	struct html h = {0};
	(void)h;
	/* assert() ends the program; what can be seen here is that the states
	 * that forbid a hole are recognised. */
	html(&h, "<p ");
	assert_int_equal(h.state, HTML_TAG);
	html(&h, "title='");
	assert_int_equal(h.state, HTML_VALUE);
	assert_false(h.url);
	html(&h, "'><a HREF='");
	assert_true(h.url);
	html(&h, "'>a < b");
	assert_int_equal(h.state, HTML_TEXT);
	html_done(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_attributes_are_escaped),
		cmocka_unit_test(parts_of_addresses_are_percent_encoded),
		cmocka_unit_test(whole_addresses_must_be_local),
		cmocka_unit_test(numbers_and_empty_texts),
		cmocka_unit_test(broken_utf8_and_control_characters_do_not_get_through),
		cmocka_unit_test(a_tag_may_go_on_in_the_next_template),
		cmocka_unit_test(holes_at_dangerous_places_are_bugs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
