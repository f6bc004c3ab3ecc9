/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdlib.h>

#include "report/explain.h"

/* jansson refuses NULL all the way up, so one check at the end is enough; what
 * could not be added is remembered in `failed`. */
struct json_out {
	bool failed;
};

static void set(struct json_out *o, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		o->failed = true;
}

static void push(struct json_out *o, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		o->failed = true;
}

static json_t *text(struct str s)
{
	return json_stringn(s.data ? s.data : "", s.len);
}

static json_t *points(int64_t value_e4)
{
	AUTO(buf) struct buf b = {0};
	decimal_format_e4(&b, value_e4);
	return json_string(buf_str(&b));
}

static json_t *share(uint64_t share_e6)
{
	AUTO(buf) struct buf b = {0};
	decimal_format_e4(&b, (int64_t)share_e6);
	buf_addc(&b, '%');
	return json_string(buf_str(&b));
}

static json_t *number(const struct explain_number *n)
{
	if (!n->num)
		return json_null();
	return json_pack("{s:s, s:s, s:s}", "num", n->num, "den", n->den, "decimal", n->decimal);
}

static json_t *score(const struct graded *g, uint32_t node)
{
	AUTO(buf) struct buf b = {0};
	decimal_format_places(&b, graded_score(g, node), g->scheme->places);
	return json_string(buf_str(&b));
}

static json_t *neighbour(const struct graded *g, uint32_t node)
{
	if (node == ORG_NONE)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "code", text(orgs_code(g->orgs, node)), "name",
			 text(orgs_name(g->orgs, node)), "score", score(g, node));
}

static json_t *group(const struct graded *g, const struct explain_group *x)
{
	json_t *node = x->all || x->node == ORG_NONE ? json_null() :
						       text(orgs_code(g->orgs, x->node));
	json_t *category = x->category == CATEGORY_NONE ?
				   json_null() : json_string(g->scheme->categories[x->category].id);
	return json_pack("{s:b, s:o, s:o}", "all", x->all, "node", node, "category", category);
}

static void set_leaf(struct json_out *o, json_t *cell, const struct explanation *e, int leaf)
{
	const struct scheme *s = e->graded->scheme;
	const struct local_set *local = local_of(e->graded->book->local, e->node);
	if (leaf >= s->n_leaves && local) {
		set(o, cell, "indicator", json_string(local->at[leaf - s->n_leaves].id));
	} else if (leaf < s->n_leaves) {
		const struct scheme_indicator *in = &s->indicators[s->leaves[leaf].indicator];
		set(o, cell, "indicator", json_string(in->id));
		if (s->leaves[leaf].item >= 0)
			set(o, cell, "item", json_string(in->items[s->leaves[leaf].item].id));
	}
	set(o, cell, "max", points(book_max_e4(e->graded->book, e->node, leaf)));
}

static json_t *cells(struct json_out *o, const struct explanation *e, int source)
{
	json_t *list = json_array();
	for (size_t i = 0; i < e->n_cells; i++) {
		const struct explain_cell *c = &e->cells[i];
		if (c->source != source)
			continue;
		json_t *cell = json_object();
		set(o, cell, "rater", text(c->rater));
		if (c->leaf >= 0)
			set_leaf(o, cell, e, c->leaf);
		set(o, cell, "points", points(c->points_e4));
		push(o, list, cell);
	}
	return list;
}

static json_t *votes(struct json_out *o, const struct explanation *e, int source)
{
	const struct scheme *s = e->graded->scheme;
	const struct book *book = e->graded->book;
	json_t *list = json_array();
	for (int v = 0; v < VOTERS_COUNT; v++) {
		int cell = v * book->options;
		if (!(s->sources[source].voters >> v & 1))
			continue;
		json_t *class = json_object();
		set(o, class, "voters", json_string(voters_id((enum voters)v)));
		for (int i = 0; i < s->n_options; i++)
			set(o, class, s->options[i].id, json_integer(book_count(book, e->node, cell + i)));
		set(o, class, "spoiled", json_integer(book_count(book, e->node, cell + s->n_options)));
		push(o, list, class);
	}
	return list;
}

static json_t *sources(struct json_out *o, const struct explanation *e)
{
	static const char *const by[] = {"indicators", "ballots", "points"};
	const struct scheme *s = e->graded->scheme;
	json_t *list = json_array();
	for (int i = 0; i < s->n_sources; i++) {
		const struct explain_source *x = &e->sources[i];
		json_t *source = json_object();
		set(o, source, "id", json_string(s->sources[i].id));
		set(o, source, "label", json_string(s->sources[i].label));
		set(o, source, "by", json_string(by[s->sources[i].by]));
		set(o, source, "weight", share(s->sources[i].weight_e6));
		if (s->sources[i].by == BY_BALLOTS) {
			set(o, source, "votes", votes(o, e, i));
			set(o, source, "valid", json_integer((json_int_t)x->valid));
		} else {
			set(o, source, "cells", cells(o, e, i));
			set(o, source, "raters", json_integer(x->raters));
			set(o, source, "sum", points((int64_t)x->sum_e4));
			if (x->max_sum_e4)
				set(o, source, "max_sum", points((int64_t)x->max_sum_e4));
		}
		set(o, source, "score", number(&x->score));
		set(o, source, "product", number(&x->product));
		push(o, list, source);
	}
	return list;
}

static json_t *turnout(struct json_out *o, const struct explanation *e)
{
	json_t *list = json_array();
	for (int i = 0; i < e->graded->scheme->n_turnout; i++) {
		const struct explain_turnout *t = &e->turnout[i];
		push(o, list, json_pack("{s:I, s:I, s:I, s:b, s:b}", "cast", (json_int_t)t->cast,
					"eligible", (json_int_t)t->eligible, "needed",
					(json_int_t)t->needed, "everyone", t->everyone, "holds",
					t->holds));
	}
	return list;
}

static json_t *quotas(struct json_out *o, const struct explanation *e)
{
	const struct graded *g = e->graded;
	json_t *list = json_array();
	for (int i = 0; i < g->scheme->n_quotas; i++) {
		const struct explain_quota *q = &e->quotas[i];
		json_t *quota = json_object();
		set(o, quota, "grade", json_string(g->scheme->grades[g->scheme->quotas[i].grade].id));
		set(o, quota, "at_least", share(g->scheme->quotas[i].at_least_e6));
		set(o, quota, "group", group(g, &q->group));
		set(o, quota, "in_scope", json_integer(q->in_scope));
		set(o, quota, "required", json_integer(q->required));
		set(o, quota, "had", json_integer(q->had));
		set(o, quota, "moved", json_integer(q->moved));
		set(o, quota, "moves_this", json_boolean(q->moves_this));
		set(o, quota, "last_moved", neighbour(g, q->last_moved));
		set(o, quota, "first_spared", neighbour(g, q->first_spared));
		push(o, list, quota);
	}
	return list;
}

static json_t *stars(struct json_out *o, const struct explanation *e)
{
	const struct graded *g = e->graded;
	json_t *list = json_array();
	for (int i = 0; i < g->scheme->n_stars; i++) {
		const struct scheme_star_rule *rule = &g->scheme->stars[i];
		const struct explain_stars *x = &e->stars[i];
		json_t *star = json_object();
		set(o, star, "stars", json_integer(rule->stars));
		set(o, star, "grade", json_string(g->scheme->grades[rule->grade].id));
		if (rule->has_cap)
			set(o, star, "at_most", share(rule->at_most_e6));
		if (rule->has_from)
			set(o, star, "from", points(rule->from_e4));
		set(o, star, "group", group(g, &x->group));
		set(o, star, "of_grade", json_integer(x->of_grade));
		set(o, star, "cap", json_integer(x->cap));
		set(o, star, "given", json_integer(x->given));
		set(o, star, "grade_fits", json_boolean(x->grade_fits));
		set(o, star, "score_fits", json_boolean(x->score_fits));
		set(o, star, "gives_this", json_boolean(x->gives_this));
		set(o, star, "last_given", neighbour(g, x->last_given));
		set(o, star, "first_left", neighbour(g, x->first_left));
		push(o, list, star);
	}
	return list;
}

static void set_result(struct json_out *o, json_t *root, const struct explanation *e)
{
	const struct graded *g = e->graded;
	const struct scheme *s = g->scheme;
	uint8_t approval = graded_approval(g, e->node);
	set(o, root, "composite", number(&e->composite));
	set(o, root, "score", score(g, e->node));
	set(o, root, "grade_by_score", json_string(s->grades[g->score_grade[e->node]].id));
	set(o, root, "quotas", quotas(o, e));
	set(o, root, "grade", json_string(s->grades[g->grade[e->node]].id));
	set(o, root, "grade_by", json_string(g->quota[e->node] == QUOTA_NONE ? "score" : "quota"));
	set(o, root, "rank", json_integer(g->rank[e->node]));
	set(o, root, "rank_of", json_integer(e->rank_of));
	set(o, root, "rank_equals", json_integer(e->rank_equals));
	set(o, root, "rank_group", group(g, &e->rank_group));
	set(o, root, "above", neighbour(g, e->above));
	set(o, root, "below", neighbour(g, e->below));
	set(o, root, "star_rules", stars(o, e));
	set(o, root, "stars",
	    g->stars[e->node] == STARS_NONE ? json_null() : json_integer(g->stars[e->node]));
	set(o, root, "approval",
	    approval == LEVEL_NONE ? json_null() : json_string(level_id((enum level)approval)));
}

int explain_write_json(const struct explanation *e, struct buf *buf)
{
	const struct graded *g = e->graded;
	struct json_out o = {0};
	AUTO(buf) struct buf status = {0};
	uint8_t category = g->orgs->category[e->node];
	json_t *root = json_object();

	graded_status_text(g, e->node, &status);
	set(&o, root, "code", text(orgs_code(g->orgs, e->node)));
	set(&o, root, "name", text(orgs_name(g->orgs, e->node)));
	set(&o, root, "scheme", json_string(g->scheme->id));
	set(&o, root, "category", category == CATEGORY_NONE ?
					  json_null() : json_string(g->scheme->categories[category].id));
	set(&o, root, "status", json_string(buf_str(&status)));
	if (g->status[e->node] != STATUS_OUTSIDE) {
		set(&o, root, "sources", sources(&o, e));
		set(&o, root, "turnout", turnout(&o, e));
	}
	if (g->status[e->node] == STATUS_GRADED)
		set_result(&o, root, e);
	char *dump = o.failed ? NULL : json_dumps(root, JSON_INDENT(2));
	json_decref(root);
	if (!dump)
		return ERR_NOMEM;
	buf_adds(buf, dump);
	buf_addc(buf, '\n');
	free(dump);
	return buf->failed ? ERR_NOMEM : 0;
}
