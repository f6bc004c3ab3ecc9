/* SPDX-License-Identifier: Apache-2.0 */
/* Forms that tell of graded organisations: F4, F10, F11, F14, F15. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms_fill.h"
#include "domain/exact.h"
#include "domain/floor.h"
#include "store/improve.h"
#include "store/meeting.h"
#include "store/publicity.h"

/* ---- what the campaign knows, by organisation ---- */

struct sources {
	struct campaign_org *orgs;	/* all below the node, by path */
	int n;
	struct result *results;
	struct tally *tallies;
	struct improvement *improvements;
	int n_results, n_tallies, n_improvements;
	const struct campaign_org **by_id;	/* [n] */
};

static int by_org_id(const void *a, const void *b)
{
	int64_t x = (*(const struct campaign_org *const *)a)->id;
	int64_t y = (*(const struct campaign_org *const *)b)->id;
	return (x > y) - (x < y);
}

static int by_result_org(const void *a, const void *b)
{
	int64_t x = ((const struct result *)a)->org, y = ((const struct result *)b)->org;
	return (x > y) - (x < y);
}

static int by_improvement_org(const void *a, const void *b)
{
	int64_t x = ((const struct improvement *)a)->org, y = ((const struct improvement *)b)->org;
	return (x > y) - (x < y);
}

static int by_tally_org(const void *a, const void *b)
{
	int64_t x = ((const struct tally *)a)->org, y = ((const struct tally *)b)->org;
	return (x > y) - (x < y);
}

static const struct campaign_org *find_org(const struct sources *s, int64_t id)
{
	const struct campaign_org key = {.id = id}, *at = &key;
	const struct campaign_org **hit = bsearch(&at, s->by_id, (size_t)s->n, sizeof(at), by_org_id);
	return hit ? *hit : NULL;
}

static int load(struct form_fill *f, struct sources *s, struct err_info *info)
{
	int64_t total, campaign = f->ask->campaign;
	struct result_filter filter = RESULT_FILTER(f->path);
	int r = store_campaign_orgs(f->tx, campaign, f->path, false, f->arena, &s->orgs, &s->n);
	if (r == 0 && s->n > FORM_ORGS_MAX)
		r = err_set(info, ERR_LIMIT, "一张表最多 %d 个组织，请选择下一级分别打印", FORM_ORGS_MAX);
	if (r == 0)
		r = store_result_list(f->tx, campaign, &filter, f->arena, &s->results, &s->n_results, &total);
	if (r == 0)
		r = store_tally_list(f->tx, campaign, 0, f->path, f->arena, &s->tallies, &s->n_tallies);
	if (r == 0)
		r = store_improvement_list(f->tx, campaign, f->path, f->arena, &s->improvements,
					   &s->n_improvements);
	if (r < 0)
		return r;
	s->by_id = arena_zalloc(f->arena, (size_t)s->n + 1, sizeof(*s->by_id));
	if (!s->by_id)
		return err_nomem(info);
	for (int i = 0; i < s->n; i++)
		s->by_id[i] = &s->orgs[i];
	qsort(s->by_id, (size_t)s->n, sizeof(*s->by_id), by_org_id);
	if (s->n_results)
		qsort(s->results, (size_t)s->n_results, sizeof(*s->results), by_result_org);
	if (s->n_tallies)
		qsort(s->tallies, (size_t)s->n_tallies, sizeof(*s->tallies), by_tally_org);
	if (s->n_improvements)
		qsort(s->improvements, (size_t)s->n_improvements, sizeof(*s->improvements),
		      by_improvement_org);
	return 0;
}

/* ---- one organisation as it may be seen ---- */

/* The first tally of an organisation, of sorted ones; n where it has none. */
static int first_tally(const struct sources *s, int64_t org)
{
	int from = 0, to = s->n_tallies;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (s->tallies[middle].org < org)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static unsigned may_show(struct form_fill *f, const struct sources *s, int64_t org, int approval)
{
	struct floor_case c = {.class_alone = floor_class_alone(f->call.scheme)};
	/* Where nobody approves in particular, the county does. */
	enum level level = approval < 0 ? LEVEL_COUNTY : (enum level)approval;
	c.approves = f->sees_from <= level;
	for (int i = first_tally(s, org); i < s->n_tallies && s->tallies[i].org == org; i++) {
		const struct tally *t = &s->tallies[i];
		if (t->question != 0 || t->voters >= VOTERS_COUNT)
			continue;
		for (int o = 0; o <= t->n_options; o++)
			c.ballots[t->voters] += t->counts[o];
	}
	return floor_of(&c);
}

/* "88.50\t\t90": one for each source; hidden ones become "". */
static const char *const *split_scores(struct form_fill *f, const char *text, unsigned show)
{
	const struct scheme *scheme = f->call.scheme;
	const char **scores = arena_zalloc(f->arena, (size_t)scheme->n_sources, sizeof(*scores));
	for (int i = 0; scores && i < scheme->n_sources; i++) {
		size_t len = strcspn(text, "\t");
		bool ballots = scheme->sources[i].by == BY_BALLOTS;
		bool hidden = !(show & FLOOR_COMPOSITE) || (ballots && !(show & FLOOR_SHARES));
		scores[i] = hidden ? "" : arena_strndup(f->arena, text, len);
		text += len + (text[len] == '\t');
	}
	return scores;
}

static const char *score_text(struct form_fill *f, const struct result *r)
{
	AUTO(buf) struct buf b = {0};
	if (r->score < 0)
		return "";
	decimal_format_places(&b, (uint64_t)r->score, r->places);
	return arena_strdup(f->arena, buf_str(&b));
}

static void add_note(struct form_fill *f, struct graded_org *o, const char *text)
{
	o->note = o->note && *o->note ? arena_printf(f->arena, "%s；%s", o->note, text) : text;
}

static void set_result(struct form_fill *f, const struct sources *s, const struct result *r,
		       struct graded_org *o)
{
	const struct scheme *scheme = f->call.scheme;
	unsigned show = may_show(f, s, r->org, r->approval);
	o->grade = r->grade;
	o->stars = r->stars;
	o->approval = r->approval;
	o->scores = split_scores(f, r->sources, show);
	if (show & FLOOR_COMPOSITE) {
		o->score = score_text(f, r);
		o->rank = r->rank;
	} else if (r->grade >= 0) {
		add_note(f, o, "票数少，只公布等次");
	}
	if (r->meeting)
		add_note(f, o, "会议定级");
	else if (r->quota >= 0 && r->grade >= 0)
		add_note(f, o, "按比例定级");
	if (r->grade < 0)
		add_note(f, o, "未定级");
	if (r->grade >= 0 && r->grade < scheme->n_grades)
		o->goal = fill_some(scheme->grades[r->grade].goal);
}

static void set_improvement(const struct sources *s, int64_t org, struct graded_org *o)
{
	const struct improvement key = {.org = org};
	const struct improvement *m = s->n_improvements ?
		bsearch(&key, s->improvements, (size_t)s->n_improvements, sizeof(key),
			by_improvement_org) : NULL;
	if (!m)
		return;
	o->findings = fill_some(m->problems);
	o->measures = fill_some(m->measures);
	o->owner = fill_some(m->owner);
	if (fill_some(m->goal))
		o->goal = m->goal;
}

static void set_org(struct form_fill *f, const struct sources *s, const struct campaign_org *org,
		    struct graded_org *o)
{
	const struct result key = {.org = org->id};
	const struct campaign_org *parent = find_org(s, org->parent);
	const struct result *r = s->n_results ? bsearch(&key, s->results, (size_t)s->n_results,
							sizeof(key), by_result_org) : NULL;
	*o = (struct graded_org){
		.id = org->id, .name = org->name, .parent = parent ? parent->name : f->node.name,
		.category = f->call.scheme->categories[org->category].label,
		.secretary = fill_some(org->secretary),
		.members = org->members == ORG_UNSET ? FORM_UNKNOWN : org->members,
		.grade = FORM_UNKNOWN, .stars = FORM_UNKNOWN, .approval = FORM_UNKNOWN};
	if (r)
		set_result(f, s, r, o);
	else
		add_note(f, o, "未定级");
	set_improvement(s, org->id, o);
}

/* ---- the list ---- */

static int set_words(struct form_fill *f, struct graded_list *list, struct err_info *info)
{
	const struct scheme *scheme = f->call.scheme;
	const char **words = arena_zalloc(f->arena, (size_t)(scheme->n_sources + scheme->n_grades) + LEVEL_COUNT,
					  sizeof(*words));
	if (!words)
		return err_nomem(info);
	list->sources = words;
	for (int i = 0; i < scheme->n_sources; i++)
		*words++ = scheme->sources[i].label;
	list->grades = words;
	for (int i = 0; i < scheme->n_grades; i++)
		*words++ = scheme->grades[i].label;
	list->levels = words;
	for (int i = 0; i < LEVEL_COUNT; i++)
		*words++ = scheme->level_label[i];
	list->n_sources = scheme->n_sources;
	list->n_grades = scheme->n_grades;
	list->n_levels = LEVEL_COUNT;
	list->scheme = fill_some(scheme->title);
	return 0;
}

static int collect(struct form_fill *f, const struct campaign_org *org, const struct graded_org *o)
{
	char figure[24];
	snprintf(figure, sizeof(figure), "grade%d", o->grade);
	return o->grade < 0 ? 0 : fill_found(f, figure, org->id, org->code, org->name);
}

/* Best first: by rank, then those without one in the tree's order. */
static int by_rank(const void *a, const void *b)
{
	const struct graded_org *x = a, *y = b;
	if (x->grade != y->grade)
		return x->grade < 0 ? 1 : y->grade < 0 ? -1 : x->grade < y->grade ? -1 : 1;
	int64_t rx = x->rank ? x->rank : INT64_MAX, ry = y->rank ? y->rank : INT64_MAX;
	return rx != ry ? (rx < ry ? -1 : 1) : strcmp(x->name, y->name);
}

int fill_graded(struct form_fill *f, struct graded_list *ret_list, struct err_info *info)
{
	struct sources s = {0};
	struct graded_list list = {.head = f->head};
	int r = set_words(f, &list, info);
	if (r == 0 && !f->head.blank)
		r = load(f, &s, info);
	if (r < 0)
		return r;
	struct graded_org *orgs = arena_zalloc(f->arena, (size_t)s.n + 1, sizeof(*orgs));
	if (!orgs)
		return err_nomem(info);
	for (int i = 0; i < s.n; i++) {
		if (s.orgs[i].category < 0)
			continue;
		set_org(f, &s, &s.orgs[i], &orgs[list.n]);
		if ((r = collect(f, &s.orgs[i], &orgs[list.n])) < 0)
			return r;
		list.n++;
	}
	qsort(orgs, (size_t)list.n, sizeof(*orgs), by_rank);
	list.orgs = orgs;
	*ret_list = list;
	return 0;
}

int fill_f4(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	int r = fill_graded(f, &list, info);
	if (r == 0)
		f04_make(doc, &list);
	return r;
}

int fill_f14(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	int r = fill_graded(f, &list, info);
	if (r == 0)
		f14_make(doc, &list);
	return r;
}

int fill_f15(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	int r = fill_graded(f, &list, info);
	if (r == 0)
		f15_make(doc, &list);
	return r;
}

/* ---- F10, F11 ---- */

static int last_meeting(struct form_fill *f, const char **ret_text)
{
	struct meeting *meetings;
	int n, r = store_meeting_list(f->tx, f->ask->campaign, f->ask->node, f->arena, &meetings, &n);
	*ret_text = NULL;
	for (int i = 0; r == 0 && i < n; i++)
		if (meetings[i].kind == MEETING_GRADING) {
			const char *day = fill_day(f, meetings[i].day);
			*ret_text = arena_printf(f->arena, "%s%s", day ? day : "",
						 *meetings[i].title ? meetings[i].title : "党委会议");
			break;
		}
	return r;
}

int fill_f10(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	struct publicity *notices = NULL;
	int n = 0, r = fill_graded(f, &list, info);
	struct f10 in = {.head = f->head, .scheme = list.scheme, .list = &list, .show_stars = true};
	if (r == 0)
		r = last_meeting(f, &in.meeting);
	if (r == 0)
		r = store_publicity_list(f->tx, f->ask->campaign, f->ask->node, f->arena, &notices, &n);
	if (r < 0)
		return r;
	in.scheme = list.scheme;
	for (int i = 0; i < n; i++) {
		const struct publicity *p = &notices[i];
		if (*p->withdrawn)
			continue;
		in.from = fill_day(f, p->from_day);
		in.to = fill_day(f, p->to_day);
		in.place = fill_some(p->office);
		in.phone = fill_some(p->phone);
		in.show_stars = p->show & SHOW_STARS;
		in.show_score = p->show & SHOW_SCORE;
		in.show_rank = p->show & SHOW_RANK;
		break;
	}
	f10_make(doc, &in);
	return 0;
}

static int steps_done(struct form_fill *f, struct f11_step **ret_steps)
{
	const struct scheme *scheme = f->call.scheme;
	struct step_count *counts;
	struct campaign_step *days;
	int n_days, r = store_step_counts(f->tx, f->ask->campaign, f->ask->node, scheme->n_steps,
					  f->arena, &counts);
	if (r == 0)
		r = store_campaign_steps(f->tx, f->ask->campaign, f->arena, &days, &n_days);
	struct f11_step *steps = arena_zalloc(f->arena, (size_t)scheme->n_steps + 1, sizeof(*steps));
	if (r < 0 || !steps)
		return r < 0 ? r : ERR_NOMEM;
	for (int i = 0; i < scheme->n_steps; i++) {
		steps[i].label = scheme->steps[i].label;
		for (int s = 0; s < STEP_STATE_COUNT; s++)
			steps[i].all += counts[i].n[s];
		steps[i].done = counts[i].n[STEP_DONE] + counts[i].n[STEP_WAIVED];
		for (int d = 0; d < n_days; d++)
			if (days[d].step == i && days[d].from_day && days[d].to_day)
				steps[i].days = arena_printf(f->arena, "%s至%s", fill_day(f, days[d].from_day),
							     fill_day(f, days[d].to_day));
	}
	*ret_steps = steps;
	return 0;
}

int fill_f11(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	struct f11_step *steps = NULL;
	int r = fill_graded(f, &list, info);
	if (r == 0 && list.n_grades < 1)
		return err_set(info, ERR_STATE, "这项年度工作不定等次，没有情况说明");
	if (r == 0 && !f->head.blank)
		r = steps_done(f, &steps);
	if (r < 0)
		return r;
	f11_make(doc, &(struct f11){&list, 0, list.n_grades - 1,
				    steps ? f->call.scheme->n_steps : 0, steps});
	return 0;
}
