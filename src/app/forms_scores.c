/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of one organisation each: the score sheet (F5), ballots and tally (F6). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms_fill.h"
#include "app/sight.h"
#include "domain/exact.h"
#include "store/ballot.h"
#include "store/campaign_step.h"
#include "store/count.h"
#include "store/score.h"

/* The graded organisations below the node: a sheet each. */
static int load_orgs(struct form_fill *f, struct campaign_org **ret_orgs, int *ret_n,
		     struct err_info *info)
{
	int r = store_campaign_orgs(f->tx, f->ask->campaign, f->path, true, f->arena, ret_orgs, ret_n);
	if (r == 0 && *ret_n > FORM_EACH_MAX)
		r = err_set(info, ERR_LIMIT, "每个组织一张，一次最多 %d 张；这里有 %d 个组织，请选择下一级分别打印",
			    FORM_EACH_MAX, *ret_n);
	if (r == 0 && *ret_n == 0)
		r = err_set(info, ERR_STATE, "这里没有要定级的组织");
	if (r < 0)
		return r;
	/* The committees above them. */
	int64_t *ids = arena_zalloc(f->arena, (size_t)*ret_n, sizeof(*ids));
	int n = 0;
	if (!ids)
		return err_nomem(info);
	for (int i = 0; i < *ret_n; i++)
		if (!n || (*ret_orgs)[i].parent != ids[n - 1])
			ids[n++] = (*ret_orgs)[i].parent;
	return store_campaign_orgs_know(f->tx, f->ask->campaign, ids, n);
}

/* ---- F5 ---- */

struct sheet {
	const struct campaign_org *org;
	const char *draft;		/* its self-evaluation is not handed in */
	const struct score_sheet *self, *committee;
	bool hides_self, hides_committee;	/* not handed in to whoever prints (sight.h) */
	enum hold_state hold;
	struct self_report report;
};

struct sheets {
	struct form_fill *f;
	struct sheet *at;
	int n, self, committee;		/* sources; -1: none */
	bool nomem;
};

static int by_org(const void *a, const void *b)
{
	int64_t x = ((const struct sheet *)a)->org->id, y = ((const struct sheet *)b)->org->id;
	return (x > y) - (x < y);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct sheet *)a)->org->path, ((const struct sheet *)b)->org->path);
}

static struct sheet *sheet_of(struct sheets *s, int64_t id)
{
	const struct campaign_org org = {.id = id};
	const struct sheet key = {.org = &org};
	return bsearch(&key, s->at, (size_t)s->n, sizeof(key), by_org);
}

static struct score_sheet *copy_sheet(struct arena *arena, const struct score_sheet *in)
{
	struct score_sheet *out = arena_zalloc(arena, 1, sizeof(*out));
	const char **cells = arena_zalloc(arena, (size_t)in->n + 1, sizeof(*cells));
	if (!out || !cells)
		return NULL;
	*out = *in;
	for (int i = 0; i < in->n; i++)
		if (!(cells[i] = arena_strdup(arena, in->cells[i])))
			return NULL;
	out->cells = cells;
	return out;
}

static int keep_sheet(void *arg, const struct score_sheet *in)
{
	struct sheets *s = arg;
	struct sheet *hit = in->rater == 0 && (in->source == s->self || in->source == s->committee) ?
		sheet_of(s, in->org) : NULL;
	if (!hit)
		return 0;
	if (in->source == s->self ? hit->hides_self : hit->hides_committee)
		return 0;
	struct score_sheet *copy = copy_sheet(s->f->arena, in);
	if (!copy)
		return ERR_NOMEM;
	if (in->source == s->self)
		hit->self = copy;
	else
		hit->committee = copy;
	return 0;
}

/* Says on the sheets that were not handed in, or came back, that they are
 * drafts (ZJ-9). By organisation: `s` is sorted so. */
static int mark_drafts(struct sheets *s)
{
	struct form_fill *f = s->f;
	struct org_step *steps;
	int n, step = campaign_step_of(f->call.scheme, STEP_SELF);
	if (step < 0 || s->self < 0)
		return 0;
	int r = store_org_steps_below(f->tx, f->ask->campaign, f->path, step, f->arena, &steps, &n);
	for (int i = 0; i < s->n; i++)
		s->at[i].draft = "自评未提交";
	for (int i = 0; r == 0 && i < n; i++) {
		struct sheet *hit = sheet_of(s, steps[i].org);
		if (hit && (steps[i].state == STEP_DONE || steps[i].state == STEP_WAIVED))
			hit->draft = NULL;
		else if (hit && steps[i].state == STEP_RETURNED)
			hit->draft = "自评已退回，要重新提交";
		else if (hit && steps[i].state == STEP_BEGUN && f->call.scheme->self.confirm)
			hit->draft = "自评还没有确认";
	}
	return r;
}

/* By organisation: `s` is sorted so. */
static int hide_sheets(struct sheets *s)
{
	struct form_fill *f = s->f;
	struct sight sight = sight_of(&f->call, f->arena);
	struct self_report *reports;
	struct hold *holds;
	struct sheet *hit;
	int n, r = store_self_list(f->tx, f->ask->campaign, f->path, f->arena, &reports, &n);
	for (int i = 0; i < s->n; i++)
		s->at[i].report = store_self_none(s->at[i].org->id);
	for (int i = 0; r == 0 && i < n; i++)
		if ((hit = sheet_of(s, reports[i].org)))
			hit->report = reports[i];
	if (r == 0)
		r = store_hold_list(f->tx, f->ask->campaign, f->path, f->arena, &holds, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if ((hit = sheet_of(s, holds[i].org)))
			hit->hold = holds[i].state;
	for (int i = 0; r == 0 && i < s->n; i++) {
		bool self = false, committee = false;
		struct sheet *at = &s->at[i];
		if ((r = sight_self(f->tx, &sight, at->org, at->hold, &at->report, &self)) == 0)
			r = sight_results(f->tx, &sight, at->org, at->hold, &committee);
		at->hides_self = r == 0 && !self;
		at->hides_committee = r == 0 && !committee &&
				      !right_check(&f->call.access.holder, ACTION_SCORE_WRITE, at->org->path);
	}
	return r;
}

static int source_of(const struct scheme *scheme, enum source_who who)
{
	for (int i = 0; i < scheme->n_sources; i++)
		if (scheme->sources[i].who == who && scheme->sources[i].by == BY_INDICATORS)
			return i;
	return -1;
}

static int64_t points(const struct score_sheet *sheet, int leaf)
{
	int64_t e4;
	return sheet && decimal_parse_e4(str_from(score_cell(sheet, leaf)), &e4) ? e4 : FORM_UNKNOWN;
}

/* The lines of a category: of each indicator its items, or the whole. NULL scores leave room to write. */
static struct f05_line *make_lines(struct form_fill *f, int category, const struct score_sheet *self,
				   const struct score_sheet *committee, int *ret_n)
{
	const struct scheme *scheme = f->call.scheme;
	struct f05_line *lines = arena_zalloc(f->arena, (size_t)scheme->n_leaves + 1, sizeof(*lines));
	int n = 0;
	if (!lines)
		return NULL;
	for (int i = 0; i < scheme->n_indicators; i++) {
		const struct scheme_indicator *in = &scheme->indicators[i];
		int items = 0;
		for (int k = 0; k < in->n_items; k++) {
			const struct scheme_item *item = &in->items[k];
			if (!(item->categories >> category & 1))
				continue;
			items++;
			lines[n++] = (struct f05_line){
				in->label, item->label, fill_some(item->notes),
				scheme->leaves[item->leaf].max_by_category_e4[category],
				points(self, item->leaf), points(committee, item->leaf)};
		}
		int32_t max = scheme->leaves[in->leaf].max_by_category_e4[category];
		const char *notes = in->notes_by_category[category];
		if (!items && max)
			lines[n++] = (struct f05_line){in->label, NULL, fill_some(notes ? notes : in->notes),
							    max, points(self, in->leaf),
							    points(committee, in->leaf)};
	}
	*ret_n = n;
	return lines;
}

static int by_org_name(const void *a, const void *b)
{
	const struct f05_org *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

/* Sheets of the same name say whose they are, for people and for whoever reads them
 * back: "上坪村党支部（02-611）". */
static int tell_apart(struct form_fill *f, struct f05_org *out, const struct sheet *at, int n)
{
	struct f05_org **sorted = arena_zalloc(f->arena, (size_t)n, sizeof(*sorted));
	bool *same = arena_zalloc(f->arena, (size_t)n, sizeof(*same));
	if (n && (!sorted || !same))
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		sorted[i] = &out[i];
	qsort(sorted, (size_t)n, sizeof(*sorted), by_org_name);
	for (int i = 1; i < n; i++)
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			same[sorted[i - 1] - out] = same[sorted[i] - out] = true;
	for (int i = 0; i < n; i++)
		if (same[i] && !(out[i].name = arena_printf(f->arena, "%s（%s）", out[i].name, at[i].org->code)))
			return ERR_NOMEM;
	return 0;
}

int fill_f5(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	const struct scheme *scheme = f->call.scheme;
	struct campaign_org *orgs;
	int n, r = load_orgs(f, &orgs, &n, info);
	if (r < 0)
		return r;
	struct sheets s = {.f = f, .n = n, .self = source_of(scheme, RATED_BY_SELF),
			   .committee = source_of(scheme, RATED_BY_COMMITTEE)};
	struct f05_org *out = arena_zalloc(f->arena, (size_t)n, sizeof(*out));
	s.at = arena_zalloc(f->arena, (size_t)n, sizeof(*s.at));
	if (!out || !s.at)
		return err_nomem(info);
	for (int i = 0; i < n; i++)
		s.at[i].org = &orgs[i];
	qsort(s.at, (size_t)n, sizeof(*s.at), by_org);
	if (!f->head.blank && ((r = mark_drafts(&s)) < 0 || (r = hide_sheets(&s)) < 0 ||
	    (r = store_score_each(f->tx, f->ask->campaign, f->path, keep_sheet, &s)) < 0))
		return r;
	qsort(s.at, (size_t)n, sizeof(*s.at), by_path);
	for (int i = 0; i < n; i++) {
		const struct campaign_org *org = s.at[i].org;
		out[i] = (struct f05_org){org->id, org->name, scheme->categories[org->category].label,
					  fill_some(org->secretary), s.at[i].draft};
		out[i].lines = make_lines(f, org->category, s.at[i].self, s.at[i].committee, &out[i].n);
		if (!out[i].lines)
			return err_nomem(info);
	}
	if (tell_apart(f, out, s.at, n) < 0)
		return err_nomem(info);
	f05_make(doc, &(struct f05){f->head, n, out});
	return 0;
}

/* ---- F5: the standards (XN-5) ---- */

/* "90 分及以上", "不到 60 分". */
static const char *range_of(struct form_fill *f, const struct scheme_grade *grade, const struct scheme_grade *above)
{
	AUTO(buf) struct buf b = {0};
	bool from = grade->from_e4 != INT32_MIN;
	if (!from && !above)
		return NULL;
	if (!from)
		buf_adds(&b, "不到 ");
	decimal_format_e4(&b, from ? grade->from_e4 : above->from_e4);
	buf_adds(&b, from ? " 分及以上" : " 分");
	return b.failed ? NULL : arena_strdup(f->arena, buf_str(&b));
}

/* How many organisations each category has; the ones behind a figure. */
static int count_categories(struct form_fill *f, int64_t counts[SCHEME_CATEGORIES_MAX], char figures[][24])
{
	struct campaign_org *orgs;
	int n, r = store_campaign_orgs(f->tx, f->ask->campaign, f->path, true, f->arena, &orgs, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		counts[orgs[i].category]++;
		r = fill_found(f, figures[orgs[i].category], orgs[i].id, orgs[i].code, orgs[i].name);
	}
	return r;
}

int fill_f5_standards(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	const struct scheme *scheme = f->call.scheme;
	struct f05_field *fields = arena_zalloc(f->arena, (size_t)scheme->n_categories, sizeof(*fields));
	struct f05_grade *grades = arena_zalloc(f->arena, (size_t)scheme->n_grades, sizeof(*grades));
	int64_t counts[SCHEME_CATEGORIES_MAX] = {0};
	char figures[SCHEME_CATEGORIES_MAX][24];
	if (!fields || !grades)
		return err_nomem(info);
	if (!scheme->n_indicators)
		return err_set(info, ERR_STATE, "这项年度工作没有评分指标");
	for (int c = 0; c < scheme->n_categories; c++)
		snprintf(figures[c], sizeof(figures[c]), "category%d", c);
	int r = count_categories(f, counts, figures);
	for (int c = 0; c < scheme->n_categories && r == 0; c++) {
		fields[c] = (struct f05_field){scheme->categories[c].label,
					       arena_printf(f->arena, "%lld 个", (long long)counts[c]), figures[c]};
		fields[c].lines = make_lines(f, c, NULL, NULL, &fields[c].n);
		if (!fields[c].n_orgs || !fields[c].lines)
			return err_nomem(info);
	}
	for (int g = 0; g < scheme->n_grades; g++)
		grades[g] = (struct f05_grade){scheme->grades[g].label,
					       range_of(f, &scheme->grades[g], g ? &scheme->grades[g - 1] : NULL),
					       fill_some(scheme->grades[g].goal)};
	if (r == 0)
		f05_standards_make(doc, &(struct f05_standard){f->head, fill_some(scheme->title), scheme->n_categories,
							      scheme->n_grades, fields, grades});
	return r;
}

/* ---- F6: the ballot ---- */

static const char **option_labels(struct form_fill *f)
{
	const struct scheme *scheme = f->call.scheme;
	const char **labels = arena_zalloc(f->arena, (size_t)scheme->n_options + 1, sizeof(*labels));
	for (int i = 0; labels && i < scheme->n_options; i++)
		labels[i] = scheme->options[i].label;
	return labels;
}

/* Ballots for the organisation itself, or for each that is graded below. */
int fill_f6(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	const struct scheme *scheme = f->call.scheme;
	struct campaign_org *orgs;
	int n, sheets = f->ask->sheets > 0 ? f->ask->sheets : 1;
	if (!scheme->n_options)
		return err_set(info, ERR_STATE, "这项年度工作没有测评");
	int r = load_orgs(f, &orgs, &n, info);
	if (r < 0)
		return r;
	if (n > FORM_EACH_MAX / sheets)
		return err_set(info, ERR_LIMIT, "%d 个党组织各印 %d 页太多，一次最多 %d 页，请选择下一级分别打印", n,
			       sheets, FORM_EACH_MAX);
	const char **labels = option_labels(f);
	const char **questions = arena_zalloc(f->arena, (size_t)scheme->n_questions + 1, sizeof(*questions));
	struct f06 *in = arena_zalloc(f->arena, (size_t)n, sizeof(*in));
	if (!labels || !questions || !in)
		return err_nomem(info);
	for (int i = 0; i < scheme->n_questions; i++)
		questions[i] = scheme->questions[i].label;
	for (int i = 0; i < n; i++)
		in[i] = (struct f06){f->head, orgs[i].name, orgs[i].id, scheme->n_questions, scheme->n_options,
				     sheets, questions, labels};
	f06_ballots(doc, n, in);
	return 0;
}

/* ---- F6: the tally ---- */

struct counted {
	unsigned show;			/* bits of enum floor_show */
	int64_t issued[VOTERS_COUNT];	/* FORM_UNKNOWN */
	int64_t counts[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1];
	bool any;
	int together;			/* organisations that each slip rated; 0: not known */
};

static void count(const struct tally *tallies, int n, int64_t org, int question,
		  struct counted *ret_counted)
{
	*ret_counted = (struct counted){.issued = {FORM_UNKNOWN, FORM_UNKNOWN}};
	for (int i = 0; i < n; i++) {
		const struct tally *t = &tallies[i];
		if (t->org != org || t->question != question || t->voters >= VOTERS_COUNT)
			continue;
		ret_counted->any = true;
		for (int o = 0; o <= t->n_options; o++)
			ret_counted->counts[t->voters][o] += t->counts[o];
	}
}

/* A sum is known if all its parts are. */
static void add_known(int64_t *sum, int64_t part)
{
	*sum = *sum == FORM_UNKNOWN || part == FORM_UNKNOWN ? FORM_UNKNOWN : *sum + part;
}

_Static_assert((int)FORM_UNKNOWN == (int)ORG_UNSET, "numbers nobody has told");

/* A class, or with `both` all voters together. */
static int set_class(struct form_fill *f, const struct campaign_org *org, const struct counted *c,
		     int voters, bool both, struct f06_class *out)
{
	const struct scheme *scheme = f->call.scheme;
	int64_t *counts = arena_zalloc(f->arena, (size_t)scheme->n_options + 1, sizeof(*counts));
	if (!counts)
		return ERR_NOMEM;
	*out = (struct f06_class){.label = both ? "党员和群众" : voters_label((enum voters)voters)};
	for (int v = 0; v < VOTERS_COUNT; v++) {
		if (!both && v != voters)
			continue;
		for (int o = 0; o < scheme->n_options; o++) {
			counts[o] += c->counts[v][o];
			out->valid += c->counts[v][o];
		}
		out->spoiled += c->counts[v][scheme->n_options];
		add_known(&out->present, org->present[v]);
		add_known(&out->issued, c->issued[v]);
	}
	out->returned = out->valid + out->spoiled;
	out->counts = counts;
	return 0;
}

/* Σ points × share, with the scheme's decimals, half up; of one question only,
 * where both classes count alike. NULL where nothing is valid. */
static const char *ballot_score(struct form_fill *f, const struct counted *c)
{
	const struct scheme *scheme = f->call.scheme;
	AUTO(buf) struct buf b = {0};
	u128 sum = 0;
	uint64_t valid = 0;
	static const uint64_t unit[] = {1, 10, 100, 1000, 10000};
	for (int v = 0; v < VOTERS_COUNT; v++)
		for (int o = 0; o < scheme->n_options; o++) {
			sum += (u128)(uint64_t)c->counts[v][o] * (uint64_t)scheme->options[o].points_e4;
			valid += (uint64_t)c->counts[v][o];
		}
	if (!valid)
		return NULL;
	u128 den = (u128)valid * E4;
	decimal_format_places(&b, (uint64_t)((2 * sum * unit[scheme->places] + den) / (2 * den)),
			      scheme->places);
	return arena_strdup(f->arena, buf_str(&b));
}

/* What the ballots of an organisation were asked: the scheme's questions, or by a
 * box each indicator. */
static int asked(const struct tally *tallies, int n, int least)
{
	int most = least;
	for (int i = 0; i < n; i++)
		if (tallies[i].question >= most && tallies[i].question < BALLOT_QUESTIONS_MAX)
			most = tallies[i].question + 1;
	return most;
}

static const char *question_label(struct form_fill *f, int question, int n)
{
	const struct scheme *scheme = f->call.scheme;
	if (question < scheme->n_questions && n <= scheme->n_questions)
		return scheme->questions[question].label;
	if (n == 1)
		return NULL;
	if (n == scheme->n_indicators)
		return scheme->indicators[question].label;
	return arena_printf(f->arena, "第 %d 项", question + 1);
}

static int set_tally(struct form_fill *f, const struct campaign_org *org, const struct counted *c,
		     const char *question, const char *const *labels, const char *const *point_texts,
		     struct f06_tally *out)
{
	const struct scheme *scheme = f->call.scheme;
	unsigned show = c->show;
	bool both = c->any && !(show & FLOOR_BY_CLASS);
	struct f06_class *classes = arena_zalloc(f->arena, VOTERS_COUNT, sizeof(*classes));
	int n = 0, r = 0;
	if (!classes)
		return ERR_NOMEM;
	for (int v = 0; v < VOTERS_COUNT && r == 0; v++)
		if (!both || v == 0)
			r = set_class(f, org, c, v, both, &classes[n++]);
	*out = (struct f06_tally){
		f->head, org->name, question, org->id,
		scheme->n_options, n, labels, point_texts, classes,
		show & FLOOR_SHARES ? ballot_score(f, c) : NULL,
		show & FLOOR_POOLED ? NULL : "注：收回的票太少，不显示各项票数。"};
	if (c->together > 1)
		out->together = arena_printf(f->arena, "注：这个票箱一张票同时测评 %d 个党组织，每个党组织的发出票数"
					     "都是整个票箱发出的票数。", c->together);
	out->head.blank |= !c->any;
	return r;
}

/* What is known of all organisations of the form, read at once. */
struct ballots {
	struct tally *tallies;		/* by organisation */
	struct result *results;		/* by path, as the organisations */
	struct paper_issued *papers;	/* by organisation */
	struct box_issued *boxes;
	int n_tallies, n_results, n_papers, n_boxes;
};

static int load_ballots(struct form_fill *f, struct ballots *b)
{
	struct result_filter filter = RESULT_FILTER(f->path);
	int64_t campaign = f->ask->campaign, total;
	int r = store_tally_list(f->tx, campaign, 0, f->path, f->arena, &b->tallies, &b->n_tallies);
	if (r == 0)
		r = store_result_list(f->tx, campaign, &filter, f->arena, &b->results, &b->n_results, &total);
	if (r == 0)
		r = store_issued_list(f->tx, campaign, f->path, f->arena, &b->papers, &b->n_papers);
	return r < 0 ? r : store_box_issued(f->tx, campaign, f->path, f->arena, &b->boxes, &b->n_boxes);
}

static const struct tally *tallies_of(const struct ballots *b, int64_t org, int *ret_n)
{
	int from = 0, to = b->n_tallies;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (b->tallies[middle].org < org)
			from = middle + 1;
		else
			to = middle;
	}
	for (to = from; to < b->n_tallies && b->tallies[to].org == org; to++)
		;
	*ret_n = to - from;
	return *ret_n ? b->tallies + from : NULL;
}

/* The level that approves its result; -1: there is none. */
static int approval_of(const struct ballots *b, const char *path)
{
	int from = 0, to = b->n_results;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (strcmp(b->results[middle].path, path) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from < b->n_results && strcmp(b->results[from].path, path) == 0 ? b->results[from].approval : -1;
}

/* Counts are shown by the floor alone; the score also to who approves the result. */
static int may_show(struct form_fill *f, const struct campaign_org *org, const struct ballots *b,
		    const struct tally *tallies, int n, unsigned *ret_show)
{
	struct floor_case what = {.class_alone = floor_class_alone(f->call.scheme)};
	decide_ballots(tallies, n, &what);
	*ret_show = floor_of(&what);
	if (*ret_show == FLOOR_ALL)
		return 0;
	int r = decide_approves(f->tx, &f->call.access, org->path, approval_of(b, org->path), f->arena,
				&what.approves);
	*ret_show = floor_of(&what);
	return r;
}

static const char **point_labels(struct form_fill *f)
{
	const struct scheme *scheme = f->call.scheme;
	const char **labels = arena_zalloc(f->arena, (size_t)scheme->n_options + 1, sizeof(*labels));
	for (int i = 0; labels && i < scheme->n_options; i++) {
		AUTO(buf) struct buf b = {0};
		decimal_format_e4(&b, scheme->options[i].points_e4);
		labels[i] = arena_strdup(f->arena, buf_str(&b));
	}
	return labels;
}

/* What was handed out: paper as the counters entered it; where a box was counted its slips, which all rate
 * each of its organisations. `together`: organisations of that box; 0: paper. */
static void set_issued(const struct ballots *b, const struct tally *tallies, int n, int64_t org,
		       int64_t issued[VOTERS_COUNT], int *together)
{
	bool box = false;
	for (int i = 0; i < b->n_papers; i++)
		if (b->papers[i].org == org && b->papers[i].voters >= 0 && b->papers[i].voters < VOTERS_COUNT)
			issued[b->papers[i].voters] = b->papers[i].issued;
	for (int i = 0; i < n; i++)
		box |= tallies[i].origin == TALLY_BOX;
	for (int i = 0; box && i < b->n_boxes; i++) {
		if (b->boxes[i].org != org)
			continue;
		issued[b->boxes[i].class] = b->boxes[i].issued;
		*together = b->boxes[i].n_orgs;
	}
}

int fill_f6_tally(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	const struct scheme *scheme = f->call.scheme;
	int questions = scheme->n_questions ? scheme->n_questions : 1, n, at = 0;
	struct campaign_org *orgs;
	struct ballots known = {0};
	if (!scheme->n_options)
		return err_set(info, ERR_STATE, "这项年度工作没有测评");
	int r = load_orgs(f, &orgs, &n, info);
	if (r < 0)
		return r;
	const char **labels = option_labels(f), **point_texts = point_labels(f);
	struct f06_tally *out = arena_zalloc(f->arena, (size_t)n * (size_t)(questions + BALLOT_QUESTIONS_MAX), sizeof(*out));
	if (!labels || !point_texts || !out)
		return err_nomem(info);
	if (!f->head.blank)
		r = load_ballots(f, &known);
	for (int i = 0; i < n && r == 0; i++) {
		unsigned show = FLOOR_ALL;
		int64_t issued[VOTERS_COUNT] = {FORM_UNKNOWN, FORM_UNKNOWN};
		int together = 0, n_tallies;
		const struct tally *tallies = tallies_of(&known, orgs[i].id, &n_tallies);
		if (n_tallies) {
			set_issued(&known, tallies, n_tallies, orgs[i].id, issued, &together);
			r = may_show(f, &orgs[i], &known, tallies, n_tallies, &show);
		}
		int all = asked(tallies, n_tallies, questions);
		for (int q = 0; q < all && r == 0; q++) {
			struct counted c;
			count(tallies, n_tallies, orgs[i].id, q, &c);
			c.show = show;
			memcpy(c.issued, issued, sizeof(c.issued));
			c.together = together;
			r = set_tally(f, &orgs[i], &c, question_label(f, q, all), labels, point_texts, &out[at++]);
		}
	}
	if (r < 0)
		return r;
	f06_tallies(doc, at, out);
	return 0;
}
