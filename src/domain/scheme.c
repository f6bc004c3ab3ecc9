/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/scheme.h"

void scheme_done(struct scheme *scheme)
{
	if (!scheme)
		return;
	arena_done(&scheme->arena);
	*scheme = (struct scheme){0};
}

static bool named(struct str text, const char *id, const char *label)
{
	return str_eqs(text, id) || str_eqs(text, label);
}

int scheme_find_indicator(const struct scheme *scheme, struct str text)
{
	for (int i = 0; i < scheme->n_indicators; i++)
		if (named(text, scheme->indicators[i].id, scheme->indicators[i].label))
			return i;
	return ERR_NOT_FOUND;
}

int scheme_find_source(const struct scheme *scheme, struct str text)
{
	for (int i = 0; i < scheme->n_sources; i++)
		if (named(text, scheme->sources[i].id, scheme->sources[i].label))
			return i;
	return ERR_NOT_FOUND;
}

int scheme_find_option(const struct scheme *scheme, struct str text)
{
	for (int i = 0; i < scheme->n_options; i++)
		if (named(text, scheme->options[i].id, scheme->options[i].label))
			return i;
	return named(text, "spoiled", "废票") ? scheme->n_options : ERR_NOT_FOUND;
}

int scheme_find_level(const struct scheme *scheme, struct str text, enum level *ret_level)
{
	for (int i = 0; i < LEVEL_COUNT; i++)
		if (scheme->level_label[i] && str_eqs(text, scheme->level_label[i])) {
			*ret_level = (enum level)i;
			return 0;
		}
	return level_find(text, ret_level);
}

int scheme_find_leaf(const struct scheme *scheme, struct str text)
{
	int whole = scheme_find_indicator(scheme, text);
	if (whole >= 0)
		return scheme->indicators[whole].leaf;
	const char *slash = text.len ? memrchr(text.data, '/', text.len) : NULL;
	if (!slash)
		return ERR_NOT_FOUND;
	struct str head = {text.data, (size_t)(slash - text.data)};
	struct str tail = {slash + 1, text.len - head.len - 1};
	int i = scheme_find_indicator(scheme, str_trim(head));
	if (i < 0)
		return i;
	tail = str_trim(tail);
	for (int j = 0; j < scheme->indicators[i].n_items; j++)
		if (named(tail, scheme->indicators[i].items[j].id, scheme->indicators[i].items[j].label))
			return scheme->indicators[i].items[j].leaf;
	return ERR_NOT_FOUND;
}
