/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "base/auto.h"
#include "tests/fuzz/fuzz.h"
#include "web/markdown.h"

static const char *link_of(struct arena *arena, struct str target)
{
	return arena_printf(arena, "/%.*s", STR_ARG(target));
}

/* Whatever stands there, every tag is closed and nothing ends inside one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(html) struct html h = {0};
	int depth = 0;

	markdown_write(&h, (struct str){(const char *)data, size}, link_of, &arena);
	assert(h.state == HTML_TEXT);
	for (size_t i = 0; i + 1 < h.out.len; i++)
		if (h.out.data[i] == '<')
			depth += h.out.data[i + 1] == '/' ? -1 : 1;
	assert(depth == 0);
	return 0;
}
