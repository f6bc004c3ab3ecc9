/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "web/html.h"

/* Whatever a text is, it stays inside its hole: the page has exactly the marks
 * of its template, and is valid UTF-8. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct html h = {0};
	struct str text = {(const char *)data, size};
	int tags = 0, quotes = 0;

	html(&h, "<p title='{}'>{}</p><a href='{}'>x</a><a href='/x/{}'>y</a>", text, text, text, text);
	assert(h.state == HTML_TEXT && !h.out.failed);
	assert(str_is_utf8(h.out.data, h.out.len));
	for (size_t i = 0; i < h.out.len; i++) {
		tags += h.out.data[i] == '<' || h.out.data[i] == '>';
		quotes += h.out.data[i] == '\'' || h.out.data[i] == '"';
	}
	assert(tags == 12 && quotes == 6);
	const char *href = memmem(h.out.data, h.out.len, "<a href='", 9);
	assert(href && (href[9] == '/' || href[9] == '?' || href[9] == '#'));
	assert(href[9] != '/' || (href[10] != '/' && href[10] != '\\'));
	html_done(&h);
	return 0;
}
