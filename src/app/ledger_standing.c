/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ledger_standing.h"

#include <stdlib.h>

#include "base/err.h"
#include "domain/ledger.h"

static int by_progress(const struct ledger_standing *x, const struct ledger_standing *y)
{
	int64_t left = (int64_t)x->done * y->problems, right = (int64_t)y->done * x->problems;
	if (left != right)
		return left > right ? -1 : 1;
	return x->late - y->late;
}

static int in_order(const void *a, const void *b)
{
	const struct ledger_standing *x = a, *y = b;
	int order = by_progress(x, y);
	return order ? order : (x->committee > y->committee) - (x->committee < y->committee);
}

static int by_id(const void *a, const void *b)
{
	const struct ledger_case *const *x = a, *const *y = b;
	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

int ledger_standings(const struct ledger_case *const *cases, int n_cases,
		     const struct case_problem *problems, int n_problems, int32_t day,
		     struct arena *arena, struct ledger_standing **ret_list, int *ret_n)
{
	struct ledger_standing *list = arena_zalloc(arena, (size_t)n_problems + 1, sizeof(*list));
	const struct ledger_case **sorted = arena_zalloc(arena, (size_t)n_cases + 1, sizeof(*sorted));
	int n = 0;
	if (!list || !sorted)
		return ERR_NOMEM;
	for (int i = 0; i < n_cases; i++)
		sorted[i] = cases[i];
	qsort(sorted, (size_t)n_cases, sizeof(*sorted), by_id);
	for (int i = 0; i < n_problems; i++) {
		const struct case_problem *p = &problems[i];
		const struct ledger_case key = {.id = p->case_id}, *wanted = &key;
		const struct ledger_case **found =
			bsearch(&wanted, sorted, (size_t)n_cases, sizeof(*sorted), by_id);
		int at = 0;
		if (!found || !case_is_open((*found)->state))
			continue;
		while (at < n && list[at].committee != (*found)->parent)
			at++;
		if (at == n)
			list[n++] = (struct ledger_standing){.name = (*found)->parent_name,
							     .committee = (*found)->parent};
		list[at].problems++;
		list[at].done += p->state != PROBLEM_OPEN;
		list[at].late += ledger_light(p->deadline, p->state != PROBLEM_OPEN, day) == LIGHT_RED;
	}
	qsort(list, (size_t)n, sizeof(*list), in_order);
	for (int i = 0; i < n; i++)
		list[i].place = i && by_progress(&list[i - 1], &list[i]) == 0 ? list[i - 1].place : i + 1;
	*ret_list = list;
	*ret_n = n;
	return 0;
}
