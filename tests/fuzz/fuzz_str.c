/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/str.h"
#include "tests/fuzz/fuzz.h"

/* Trimming and folding stay inside the text, settle after one turn and keep
 * valid UTF-8 valid. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	bool valid = str_is_utf8(text.data, text.len);

	struct str trimmed = str_trim(text);
	assert(trimmed.len <= text.len);
	assert(str_eq(str_trim(trimmed), trimmed));
	assert(!valid || str_is_utf8(trimmed.data, trimmed.len));

	AUTO_FREE char *out = malloc(size + 1);
	if (!out)
		return 0;
	struct str folded = {out, str_fold_width(text, out)};
	assert(folded.len <= text.len);
	assert(str_has_wide(text) == !str_eq(folded, text));
	assert(!str_has_wide(folded));
	assert(!valid || str_is_utf8(folded.data, folded.len));

	struct str half = {text.data, size / 2};
	struct str rest = {text.data + size / 2, size - size / 2};
	unsigned there = str_distance(half, rest, 8);
	assert(there == str_distance(rest, half, 8));
	assert(str_distance(text, text, 8) == (size > 64 ? 9u : 0u));
	return 0;
}
