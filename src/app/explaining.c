/* SPDX-License-Identifier: Apache-2.0 */
#include "app/explaining.h"

#include <stdlib.h>

#include "report/explain.h"

/* The organisation's figures as they are read. */
struct collected {
	struct arena arena;
	struct explain_cell *cells;
	size_t n, cap;
	bool failed;
};

static void collect(void *arg, int source, struct str rater, int leaf, int64_t points_e4)
{
	struct collected *c = arg;
	if (c->n == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 64;
		struct explain_cell *cells = reallocarray(c->cells, cap, sizeof(*cells));
		if (!cells) {
			c->failed = true;
			return;
		}
		c->cells = cells;
		c->cap = cap;
	}
	char *copy = arena_strndup(&c->arena, rater.len ? rater.data : "", rater.len);
	if (!copy) {
		c->failed = true;
		return;
	}
	c->cells[c->n++] = (struct explain_cell){source, {copy, rater.len}, leaf, points_e4};
}

/* By source, rater and the scheme's order of indicators. */
static int cell_order(const void *a, const void *b)
{
	const struct explain_cell *x = a, *y = b;
	if (x->source != y->source)
		return x->source - y->source;
	size_t shorter = x->rater.len < y->rater.len ? x->rater.len : y->rater.len;
	int r = memcmp(x->rater.data, y->rater.data, shorter);
	if (r == 0 && x->rater.len != y->rater.len)
		r = x->rater.len < y->rater.len ? -1 : 1;
	return r ? r : x->leaf - y->leaf;
}

static int explain(struct grading *g, const char *code, bool json,
		   const struct collected *collected, struct buf *text, struct err_info *info)
{
	AUTO(explanation) struct explanation e = {0};
	uint32_t node = orgs_find(&g->input.orgs, str_from(code));
	if (node == ORG_NONE)
		return err_set(info, ERR_NOT_FOUND, "没有代码为“%s”的组织", code);
	if (g->graded.status[node] == STATUS_NODE)
		return err_set(info, ERR_NOT_FOUND, "“%s”是%s，不参加定级", code,
			       level_label(g->input.orgs.level[node]));
	if (collected->failed || explain_run(&e, &g->graded, &g->input.orgs, node, collected->cells,
					     collected->n, grading_threads()) < 0)
		return err_nomem(info);
	if (!json)
		explain_write_text(&e, text);
	else if (explain_write_json(&e, text) < 0)
		return err_nomem(info);
	return text->failed ? err_nomem(info) : 0;
}

int explaining_run(const struct grading_job *job, const char *code, bool json,
		   struct buf *ret_text, struct diag *errors, struct diag *warnings,
		   struct err_info *info)
{
	struct collected collected = {0};
	struct score_listener listener = {code, collect, &collected};
	struct grading_job heard = *job;
	struct grading grading;

	heard.paths.listener = &listener;
	heard.paths.look_up_later = true;
	int r = grading_run(&grading, &heard, errors, warnings, info);
	if (r == 0) {
		if (collected.n)
			qsort(collected.cells, collected.n, sizeof(*collected.cells), cell_order);
		r = explain(&grading, code, json, &collected, ret_text, info);
		grading_done(&grading);
	}
	free(collected.cells);
	arena_done(&collected.arena);
	return r;
}
