/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "report/explain.h"

static void add_str(struct buf *b, struct str s)
{
	buf_add(b, s.data, s.len);
}

/* "12.5%" */
static void add_share(struct buf *b, uint64_t share_e6)
{
	decimal_format_e4(b, (int64_t)share_e6);
	buf_addc(b, '%');
}

/* "85.5" or "85.3333333333…（= 256/3）" */
static void add_number(struct buf *b, const struct explain_number *n)
{
	buf_adds(b, n->decimal);
	if (strcmp(n->den, "1") != 0)
		buf_addf(b, "（= %s/%s）", n->num, n->den);
}

static void add_node(struct buf *b, const struct graded *g, uint32_t node)
{
	add_str(b, orgs_name(g->orgs, node));
	buf_adds(b, "（");
	add_str(b, orgs_code(g->orgs, node));
	buf_adds(b, "）");
}

static void add_score(struct buf *b, const struct graded *g, uint32_t node)
{
	decimal_format_places(b, graded_score(g, node), g->scheme->places);
}

static void add_group(struct buf *b, const struct graded *g, const struct explain_group *group)
{
	if (group->all)
		buf_adds(b, "全部组织");
	else if (group->node == ORG_NONE)
		buf_adds(b, "没有这一级上级的组织");
	else
		add_node(b, g, group->node);
	if (group->category != CATEGORY_NONE)
		buf_addf(b, "的“%s”", g->scheme->categories[group->category].label);
}

/* A neighbour with its score. */
static void add_neighbour(struct buf *b, const struct graded *g, const char *what, uint32_t node)
{
	buf_addf(b, "  %s：", what);
	if (node == ORG_NONE) {
		buf_adds(b, "没有\n");
		return;
	}
	add_node(b, g, node);
	buf_addc(b, ' ');
	add_score(b, g, node);
	buf_adds(b, " 分\n");
}

static void write_head(const struct explanation *e, struct buf *b)
{
	const struct graded *g = e->graded;
	uint8_t category = g->orgs->category[e->node];
	add_node(b, g, e->node);
	buf_addc(b, '\n');
	buf_addf(b, "方案：%s\n", g->scheme->title);
	buf_addf(b, "类别：%s\n",
		 category == CATEGORY_NONE ? "不在方案范围内" : g->scheme->categories[category].label);
	buf_adds(b, "上级：");
	const char *separator = "";
	for (uint32_t up = orgs_parent(g->orgs, e->node); up != ORG_NONE; up = orgs_parent(g->orgs, up)) {
		buf_adds(b, separator);
		add_str(b, orgs_name(g->orgs, up));
		separator = " < ";
	}
	buf_addc(b, '\n');
}

static const char *leaf_label(const struct explanation *e, int leaf)
{
	const struct scheme *s = e->graded->scheme;
	if (leaf >= s->n_leaves) {
		const struct local_set *set = local_of(e->graded->book->local, e->node);
		return set ? set->at[leaf - s->n_leaves].label : "";
	}
	const struct scheme_indicator *in = &s->indicators[s->leaves[leaf].indicator];
	return s->leaves[leaf].item < 0 ? in->label : in->items[s->leaves[leaf].item].label;
}

/* The raters of a source, each with all cells. */
static void write_cells(const struct explanation *e, int source, struct buf *b)
{
	for (size_t i = 0; i < e->n_cells; i++) {
		const struct explain_cell *first = &e->cells[i];
		bool told = first->source != source;
		for (size_t k = 0; k < i && !told; k++)
			told = e->cells[k].source == source && str_eq(e->cells[k].rater, first->rater);
		if (told)
			continue;
		int64_t sum = 0;
		buf_adds(b, "  ");
		if (first->rater.len)
			add_str(b, first->rater);
		else
			buf_adds(b, "（未写评价人）");
		buf_adds(b, "：");
		for (size_t k = i; k < e->n_cells; k++) {
			const struct explain_cell *c = &e->cells[k];
			if (c->source != source || !str_eq(c->rater, first->rater))
				continue;
			sum += c->points_e4;
			if (c->leaf < 0)
				continue;
			buf_addf(b, "%s ", leaf_label(e, c->leaf));
			decimal_format_e4(b, c->points_e4);
			buf_addc(b, '/');
			decimal_format_e4(b, book_max_e4(e->graded->book, e->node, c->leaf));
			buf_adds(b, "，");
		}
		buf_adds(b, "合计 ");
		decimal_format_e4(b, sum);
		buf_addc(b, '\n');
	}
}

static void write_votes(const struct explanation *e, int source, struct buf *b)
{
	const struct scheme *s = e->graded->scheme;
	const struct book *book = e->graded->book;
	for (int v = 0; v < VOTERS_COUNT; v++) {
		int cell = v * book->options;
		if (!(s->sources[source].voters >> v & 1))
			continue;
		buf_addf(b, "  %s：", voters_label((enum voters)v));
		for (int o = 0; o < s->n_options; o++) {
			buf_addf(b, "%s（", s->options[o].label);
			decimal_format_e4(b, s->options[o].points_e4);
			buf_addf(b, " 分）%u 票，", book_count(book, e->node, cell + o));
		}
		buf_addf(b, "废票 %u 票\n", book_count(book, e->node, cell + s->n_options));
	}
}

static void write_source(const struct explanation *e, int i, struct buf *b)
{
	const struct scheme_source *source = &e->graded->scheme->sources[i];
	const struct explain_source *x = &e->sources[i];
	buf_addf(b, "%s（权重 ", source->label);
	add_share(b, source->weight_e6);
	buf_adds(b, "）\n");
	if (source->by == BY_BALLOTS)
		write_votes(e, i, b);
	else
		write_cells(e, i, b);
	if (!x->score.num) {
		buf_adds(b, "  缺少：不能计算\n");
		return;
	}
	if (source->by == BY_BALLOTS) {
		buf_addf(b, "  有效票 %llu 张，各选项分值×票数之和÷有效票", (unsigned long long)x->valid);
	} else {
		buf_addf(b, "  %u 人平均", x->raters);
		if (x->max_sum_e4) {
			buf_adds(b, "，满分 ");
			decimal_format_e4(b, (int64_t)x->max_sum_e4);
			buf_adds(b, " 折算成 100");
		}
	}
	buf_adds(b, " = ");
	add_number(b, &x->score);
	buf_adds(b, "\n  × ");
	add_share(b, source->weight_e6);
	buf_adds(b, " = ");
	add_number(b, &x->product);
	buf_addc(b, '\n');
}

static void write_turnout(const struct explanation *e, struct buf *b)
{
	const struct scheme *s = e->graded->scheme;
	for (int i = 0; i < s->n_turnout; i++) {
		const struct explain_turnout *t = &e->turnout[i];
		buf_adds(b, "参评人数（");
		const char *separator = "";
		for (int v = 0; v < VOTERS_COUNT; v++)
			if (s->turnout[i].voters >> v & 1) {
				buf_addf(b, "%s%s", separator, voters_label((enum voters)v));
				separator = "、";
			}
		buf_addf(b, "）：应参评 %llu 人，", (unsigned long long)t->eligible);
		if (t->everyone) {
			buf_addf(b, "不足 %u 人须全部参加", s->turnout[i].everyone_below);
		} else {
			buf_adds(b, "须有 ");
			add_share(b, s->turnout[i].at_least_e6);
		}
		buf_addf(b, "（至少 %llu 票），实有 %llu 票：%s\n", (unsigned long long)t->needed,
			 (unsigned long long)t->cast, t->holds ? "达到" : "没有达到");
	}
}

static void write_grade(const struct explanation *e, struct buf *b)
{
	const struct graded *g = e->graded;
	const struct scheme *s = g->scheme;
	int by_score = g->score_grade[e->node];
	buf_adds(b, "\n综合得分 = ");
	add_number(b, &e->composite);
	buf_addf(b, "\n公布得分（四舍五入到 %d 位小数）= ", s->places);
	add_score(b, g, e->node);
	buf_adds(b, "\n按得分：");
	if (s->grades[by_score].from_e4 != INT32_MIN) {
		buf_adds(b, "≥ ");
		decimal_format_e4(b, s->grades[by_score].from_e4);
	}
	if (by_score > 0) {
		buf_adds(b, s->grades[by_score].from_e4 != INT32_MIN ? "，< " : "< ");
		decimal_format_e4(b, s->grades[by_score - 1].from_e4);
	}
	buf_addf(b, "，为“%s”\n", s->grades[by_score].label);
}

static void write_quotas(const struct explanation *e, struct buf *b)
{
	const struct graded *g = e->graded;
	const struct scheme *s = g->scheme;
	for (int i = 0; i < s->n_quotas; i++) {
		const struct explain_quota *q = &e->quotas[i];
		buf_addf(b, "\n比例规定 %d：“%s”及以下不少于 ", i + 1, s->grades[s->quotas[i].grade].label);
		add_share(b, s->quotas[i].at_least_e6);
		buf_adds(b, "\n  范围：");
		add_group(b, g, &q->group);
		buf_addf(b, "，共 %u 个，须有 %u 个，按得分已有 %u 个，", q->in_scope, q->required, q->had);
		if (!q->moved) {
			buf_adds(b, "不用调整\n");
			continue;
		}
		buf_addf(b, "由低到高调整 %u 个（得分相同的一并调整）\n", q->moved);
		add_neighbour(b, g, "线下第一个", q->last_moved);
		add_neighbour(b, g, "线上第一个", q->first_spared);
		buf_addf(b, "  本组织：%s\n", q->moves_this ? "被调整" : "没有被调整");
	}
	buf_addf(b, "\n等次：%s（%s）\n", s->grades[g->grade[e->node]].label,
		 g->quota[e->node] == QUOTA_NONE ? "按得分" : "按比例规定");
}

static void write_rank(const struct explanation *e, struct buf *b)
{
	const struct graded *g = e->graded;
	buf_addf(b, "排名：%u / %u（", g->rank[e->node], e->rank_of);
	add_group(b, g, &e->rank_group);
	buf_adds(b, "）");
	if (e->rank_equals)
		buf_addf(b, "，另有 %u 个并列", e->rank_equals);
	buf_addc(b, '\n');
	add_neighbour(b, g, "前一名", e->above);
	add_neighbour(b, g, "后一名", e->below);
}

static void write_stars(const struct explanation *e, struct buf *b)
{
	static const char *const word[] = {"不定星", "一星", "二星", "三星", "四星", "五星"};
	const struct graded *g = e->graded;
	const struct scheme *s = g->scheme;
	for (int i = 0; i < s->n_stars; i++) {
		const struct explain_stars *x = &e->stars[i];
		if (!x->grade_fits)
			continue;
		buf_addf(b, "评星规则 %d（%s）：", i + 1, word[s->stars[i].stars]);
		if (!x->score_fits) {
			buf_adds(b, "得分不到 ");
			decimal_format_e4(b, s->stars[i].from_e4);
			buf_addc(b, '\n');
			continue;
		}
		if (s->stars[i].has_cap) {
			add_group(b, g, &x->group);
			buf_addf(b, "“%s” %u 个，最多 ", s->grades[s->stars[i].grade].label, x->of_grade);
			add_share(b, s->stars[i].at_most_e6);
			buf_addf(b, " = %u 个，评出 %u 个，", x->cap, x->given);
		}
		buf_adds(b, x->gives_this ? "本组织评上\n" : "本组织没有评上\n");
		if (s->stars[i].has_cap && x->of_grade) {
			add_neighbour(b, g, "最后一个评上的", x->last_given);
			add_neighbour(b, g, "第一个没评上的", x->first_left);
		}
	}
	if (s->n_stars)
		buf_addf(b, "星级：%s\n",
			 g->stars[e->node] == STARS_NONE ? "没有规则适用" : word[g->stars[e->node]]);
	uint8_t approval = graded_approval(g, e->node);
	if (approval != LEVEL_NONE)
		buf_addf(b, "审定：%s\n", s->level_label[approval]);
}

void explain_write_text(const struct explanation *e, struct buf *b)
{
	const struct graded *g = e->graded;
	write_head(e, b);
	if (g->status[e->node] == STATUS_OUTSIDE) {
		buf_adds(b, "\n不在方案范围内：领域为空、不属于任何类别，或组织类型不参加定级\n");
		return;
	}
	buf_addc(b, '\n');
	for (int i = 0; i < g->scheme->n_sources; i++)
		write_source(e, i, b);
	write_turnout(e, b);
	if (g->status[e->node] != STATUS_GRADED) {
		buf_addf(b, "\n没有定级：%s\n",
			 g->status[e->node] == STATUS_MISSING ? "缺少评分" : "参评人数不够");
		return;
	}
	write_grade(e, b);
	write_quotas(e, b);
	write_rank(e, b);
	write_stars(e, b);
}
