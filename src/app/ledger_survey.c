/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ledger_survey.h"

#include "domain/candidate.h"
#include "domain/day_math.h"

int ledger_warnings_below(struct db_tx *tx, int64_t campaign, const struct scheme *scheme,
			  const char *path, struct arena *arena, struct ledger_warnings *ret)
{
	struct survey_red_row *rows;
	int n, kept = 0, r;
	*ret = (struct ledger_warnings){0};
	if (!scheme->n_survey)
		return 0;
	if ((r = store_survey_reds(tx, campaign, path, arena, &rows, &n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (rows[i].question >= 0 && rows[i].question < scheme->n_survey)
			rows[kept++] = rows[i];
	*ret = (struct ledger_warnings){rows, kept};
	return 0;
}

struct ledger_warnings ledger_warnings_next(const struct ledger_warnings *all, int *at)
{
	int from = *at, to = from;
	while (to < all->n && all->at[to].org == all->at[from].org)
		to++;
	*at = to;
	return (struct ledger_warnings){all->at + from, to - from};
}

uint64_t ledger_warned_criteria(const struct scheme *scheme, struct ledger_warnings warnings)
{
	uint64_t criteria = 0;
	for (int i = 0; i < warnings.n; i++)
		criteria |= survey_criteria(scheme, &warnings.at[i].question, 1);
	return criteria;
}

/* Adds "question：answer" to a list in words. */
static const char *with(const struct scheme *scheme, const struct survey_red_row *row,
			const char *words, struct arena *arena)
{
	const struct scheme_question *q = &scheme->survey[row->question];
	const char *answer = survey_answer_words(q, row->answer, arena);
	return answer ? arena_printf(arena, "%s%s%s：%s", words ? words : "", words ? "；" : "", q->label,
				     answer) : words;
}

const char *ledger_warning_words(const struct scheme *scheme, struct ledger_warnings warnings,
				 int criterion, struct arena *arena, int32_t *ret_day)
{
	const char *words = NULL;
	*ret_day = 0;
	for (int i = 0; i < warnings.n; i++) {
		int32_t day = day_of_ms(warnings.at[i].at_ms);
		if (scheme->survey[warnings.at[i].question].criterion != criterion)
			continue;
		words = with(scheme, &warnings.at[i], words, arena);
		*ret_day = day > *ret_day ? day : *ret_day;
	}
	return words;
}

int ledger_support_kind(const struct scheme *scheme, struct ledger_warnings warnings,
			struct arena *arena, const char **ret_why)
{
	int *red = arena_zalloc(arena, (size_t)warnings.n + 1, sizeof(*red));
	const char *why = NULL;
	for (int i = 0; red && i < warnings.n; i++)
		red[i] = warnings.at[i].question;
	int kind = red ? survey_support_kind(scheme, red, warnings.n) : -1;
	for (int i = 0; kind >= 0 && i < warnings.n; i++)
		if (scheme->survey[warnings.at[i].question].support == kind)
			why = with(scheme, &warnings.at[i], why, arena);
	*ret_why = why ? why : "";
	return kind;
}
