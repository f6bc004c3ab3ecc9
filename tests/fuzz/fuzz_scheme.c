/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "import/scheme_yaml.h"
#include "tests/fuzz/fuzz.h"

static void check_scheme(const struct scheme *s)
{
	uint32_t weights = 0;
	assert(s->id && s->title && s->source && s->n_categories > 0);
	assert(s->kind == SCHEME_RECTIFICATION ||
	       (s->n_indicators && s->n_sources && s->n_grades));
	for (int i = 0; i < s->n_sources; i++)
		weights += s->sources[i].weight_e6;
	assert(!s->n_sources || weights == 1000000);
	assert(s->n_leaves <= SCHEME_LEAVES_MAX && s->n_leaves >= s->n_indicators);
	for (int i = 0; i < s->n_leaves; i++)
		assert(s->leaves[i].max_e4 >= 0 && s->leaves[i].indicator < s->n_indicators);
	for (int c = 0; c < s->n_categories && s->n_indicators; c++)
		assert(s->categories[c].max_sum_e4 > 0);
	for (int i = 1; i < s->n_grades; i++)
		assert(s->grades[i].from_e4 < s->grades[i - 1].from_e4);
	for (int i = 0; i < s->n_ties; i++)
		assert(s->ties[i] >= 0 && s->ties[i] < s->n_sources);
	for (int i = 0; i < s->n_quotas; i++)
		assert(s->quotas[i].grade >= 0 && s->quotas[i].grade < s->n_grades);
	for (int i = 0; i < s->n_survey; i++)
		assert(s->survey[i].categories && s->survey[i].criterion < s->n_criteria);
	assert(s->acceptance.n_items > 0);
}

/* Every text is a complete scheme or is refused with messages that name a line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(diag) struct diag diag = {0};
	AUTO(scheme) struct scheme scheme = {0};
	struct err_info info = {0};

	if (scheme_load_text(&scheme, "f", (const char *)data, size, &diag, &info) == 0) {
		assert(diag.total == 0);
		check_scheme(&scheme);
		return 0;
	}
	assert(info.code == ERR_INPUT && diag.total > 0 && diag.n > 0 && !scheme.id);
	for (int i = 0; i < diag.n; i++) {
		assert(strstr(diag.at[i], " 行 "));
		assert(str_is_utf8(diag.at[i], strlen(diag.at[i])));
	}
	return 0;
}
