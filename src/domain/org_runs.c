/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/org_runs.h"

#include <stdlib.h>

#include "base/big.h"

#define EIGHT 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF
const unsigned char org_run_mask[2 * ORG_RUN_PREFIX_MAX] = {EIGHT, EIGHT};

enum {
	SHORTEST = 4,		/* shorter runs are not worth a place: their codes are looked up */
	PREFIX_RUNS = 16,	/* of one prefix, between gaps: more make a search long */
};

static void put_run(struct org_runs *runs, const struct org_run *run)
{
	size_t i = org_run_slot(runs, run->prefix), mask = ((size_t)1 << runs->slot_bits) - 1;
	int same = 0;
	for (; runs->slots[i].n; i = (i + 1) & mask)
		if (memcmp(runs->slots[i].prefix, run->prefix, sizeof(run->prefix)) == 0 &&
		    ++same == PREFIX_RUNS)
			return;
	runs->slots[i] = *run;
	runs->nodes += run->n;
}

struct run_list {
	struct org_run *at;
	size_t n, cap;
};

static int keep_run(struct run_list *list, const struct org_run *run)
{
	if (run->n < SHORTEST)
		return 0;
	if (list->n == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 64;
		struct org_run *at = reallocarray(list->at, cap, sizeof(*at));
		if (!at)
			return ERR_NOMEM;
		list->at = at;
		list->cap = cap;
	}
	list->at[list->n++] = *run;
	return 0;
}

/* Whether a node's code counts up to its three last digits; where it is looked up. */
static bool counts(const struct org_line *line, unsigned level, struct org_run_key *ret_key)
{
	return line->level == level && line->len <= ORG_INLINE_MAX &&
	       org_run_key((const char *)line, line->len, ret_key);
}

static int find_runs(struct run_list *list, const struct orgs *orgs, unsigned level)
{
	struct org_run run = {0};
	int r = 0;
	for (uint32_t i = 0; i < orgs->n && r == 0; i++) {
		const struct org_line *line = &orgs->lines[i];
		struct org_run_key key;
		bool part = counts(line, level, &key);
		if (part && run.n && key.number == (uint32_t)run.low + run.n &&
		    key.prefix[0] == run.prefix[0] && key.prefix[1] == run.prefix[1]) {
			run.n++;
			continue;
		}
		r = keep_run(list, &run);
		run.n = 0;
		/* Prefixes are padded with zeros: a code with one has none. */
		if (part && !memchr(line, '\0', line->len))
			run = (struct org_run){{key.prefix[0], key.prefix[1]}, i,
					       (uint16_t)key.number, 1, 0};
	}
	return r == 0 ? keep_run(list, &run) : r;
}

static size_t runs_size(const struct org_runs *runs)
{
	return sizeof(*runs->slots) << runs->slot_bits;
}

int org_runs_init(struct org_runs *ret_runs, const struct orgs *orgs, unsigned level)
{
	struct org_runs runs = {.slot_bits = 4};
	struct run_list list = {0};
	int r = find_runs(&list, orgs, level);
	/* Half full at most: most searches end where they begin. */
	while ((size_t)1 << runs.slot_bits < 2 * list.n)
		runs.slot_bits++;
	if (r == 0) {
		runs.slots = big_zalloc(runs_size(&runs));
		r = runs.slots ? 0 : ERR_NOMEM;
	}
	for (size_t i = 0; i < list.n && r == 0; i++)
		put_run(&runs, &list.at[i]);
	free(list.at);
	if (r == 0)
		*ret_runs = runs;
	return r;
}

void org_runs_done(struct org_runs *runs)
{
	if (!runs)
		return;
	if (runs->slots)
		big_free(runs->slots, runs_size(runs));
	*runs = (struct org_runs){0};
}
