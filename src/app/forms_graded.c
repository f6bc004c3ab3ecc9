/* SPDX-License-Identifier: Apache-2.0 */
/* Forms that tell of graded organisations as lists: F4, F14, F15; and the list
 * from which others are made. Who looks sees what decide_may_see lets him: a
 * committee its own, those above what was handed in. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/deciding.h"
#include "app/forms_fill.h"
#include "domain/exact.h"
#include "store/improve.h"
#include "store/meeting.h"
#include "store/survey.h"

enum { FINDINGS_MAX = 600 /* bytes of what a survey found in one organisation */ };

/* ---- what the campaign knows, by organisation ---- */

struct sources {
	bool hides_ranks;		/* decide_hides_ranks */
	struct decide_tree tree;
	const char *above;		/* path of the committee of those whose own is above the node */
	struct tally *tallies;
	struct improvement *improvements;
	struct adjustment *adjustments;
	struct meeting *meetings;	/* latest first */
	struct star_approval *approvals;
	struct survey_red_row *reds, *said;	/* said: what was written in answer */
	int n_tallies, n_improvements, n_adjustments, n_meetings, n_approvals, n_reds, n_said;
	const struct decide_org **by_id;	/* [tree.n] */
};

/* Rows that begin with the number of their organisation, sorted by it. */
#define ORG_OF(row) (*(const int64_t *)(row))

static int by_org(const void *a, const void *b)
{
	return (ORG_OF(a) > ORG_OF(b)) - (ORG_OF(a) < ORG_OF(b));
}

/* Several rows of one organisation keep their order. */
static int by_number(const void *a, const void *b)
{
	const struct adjustment *x = a, *y = b;
	return x->org != y->org ? by_org(a, b) : x->number - y->number;
}

static int by_question(const void *a, const void *b)
{
	const struct survey_red_row *x = a, *y = b;
	return x->org != y->org ? by_org(a, b) : x->question - y->question;
}

_Static_assert(offsetof(struct tally, org) == 0 && offsetof(struct improvement, org) == 0 &&
	       offsetof(struct adjustment, org) == 0 && offsetof(struct star_approval, org) == 0 &&
	       offsetof(struct survey_red_row, org) == 0, "ORG_OF");

/* The rows of one organisation, of sorted ones. */
static const void *rows_of(const void *rows, int n, size_t size, int64_t org, int *ret_n)
{
	const char *base = rows;
	int from = 0, to = n;
	while (from < to) {
		int middle = from + (to - from) / 2;
		if (ORG_OF(base + (size_t)middle * size) < org)
			from = middle + 1;
		else
			to = middle;
	}
	*ret_n = 0;
	while (from + *ret_n < n && ORG_OF(base + (size_t)(from + *ret_n) * size) == org)
		++*ret_n;
	return *ret_n ? base + (size_t)from * size : NULL;
}

static int by_id(const void *a, const void *b)
{
	int64_t x = (*(const struct decide_org *const *)a)->org.id;
	int64_t y = (*(const struct decide_org *const *)b)->org.id;
	return (x > y) - (x < y);
}

static const struct decide_org *find_org(const struct sources *s, int64_t id)
{
	const struct decide_org key = {.org = {.id = id}}, *at = &key;
	const struct decide_org **hit = bsearch(&at, s->by_id, (size_t)s->tree.n, sizeof(at), by_id);
	return hit ? *hit : NULL;
}

static void sort_rows(void *rows, int n, size_t size, int (*by)(const void *, const void *))
{
	if (n)
		qsort(rows, (size_t)n, size, by);
}

/* Written answers, question after question; each organisation's follow in order. */
static int load_said(struct form_fill *f, struct sources *s)
{
	const struct scheme *scheme = f->call.scheme;
	int r = 0;
	for (int q = 0; q < scheme->n_survey && r == 0; q++) {
		struct survey_red_row *rows;
		int n;
		if (scheme->survey[q].ask != ASK_TEXT)
			continue;
		r = store_survey_of_question(f->tx, f->ask->campaign, f->path, q, f->arena, &rows, &n);
		if (r < 0 || !n)
			continue;
		struct survey_red_row *all = arena_alloc(f->arena, (size_t)(s->n_said + n) * sizeof(*all));
		if (!all)
			return ERR_NOMEM;
		if (s->n_said)
			memcpy(all, s->said, (size_t)s->n_said * sizeof(*all));
		memcpy(all + s->n_said, rows, (size_t)n * sizeof(*all));
		s->said = all;
		s->n_said += n;
	}
	return r;
}

static int load_words(struct form_fill *f, struct sources *s)
{
	int64_t campaign = f->ask->campaign;
	int r = store_improvement_list(f->tx, campaign, f->path, f->arena, &s->improvements,
				       &s->n_improvements);
	if (r == 0)
		r = store_adjustment_list(f->tx, campaign, 0, f->arena, &s->adjustments, &s->n_adjustments);
	if (r == 0)
		r = store_meeting_list(f->tx, campaign, 0, f->arena, &s->meetings, &s->n_meetings);
	if (r == 0)
		r = store_star_approval_list(f->tx, campaign, 0, f->arena, &s->approvals, &s->n_approvals);
	if (r == 0)
		r = store_survey_reds(f->tx, campaign, f->path, f->arena, &s->reds, &s->n_reds);
	if (r == 0)
		r = load_said(f, s);
	if (r < 0)
		return r;
	sort_rows(s->improvements, s->n_improvements, sizeof(*s->improvements), by_org);
	sort_rows(s->adjustments, s->n_adjustments, sizeof(*s->adjustments), by_number);
	sort_rows(s->approvals, s->n_approvals, sizeof(*s->approvals), by_org);
	sort_rows(s->reds, s->n_reds, sizeof(*s->reds), by_question);
	sort_rows(s->said, s->n_said, sizeof(*s->said), by_question);
	return 0;
}

static int load(struct form_fill *f, struct sources *s, struct err_info *info)
{
	struct campaign_org committee = {.path = f->path};
	struct err_info none = {0};
	int r = decide_load(f->tx, &f->call, f->arena, &s->tree);
	if (r == 0 && s->tree.n > FORM_ORGS_MAX)
		r = err_set(info, ERR_LIMIT, "一张表最多 %d 个组织，请选择下一级分别打印", FORM_ORGS_MAX);
	if (r == 0 && f->call.org.level >= f->call.scheme->graded)
		r = decide_committee(f->tx, &f->call, f->arena, &committee, &none);
	s->above = committee.path;
	if (r == 0 || r == ERR_STATE)
		r = store_tally_list(f->tx, f->ask->campaign, 0, f->path, f->arena, &s->tallies, &s->n_tallies);
	if (r == 0 && f->with_words)
		r = load_words(f, s);
	if (r == ERR_LIMIT)
		return err_set(info, r, "这里调查记录太多，一张表放不下，请选择下一级分别打印");
	if (r < 0)
		return r;
	sort_rows(s->tallies, s->n_tallies, sizeof(*s->tallies), by_org);
	s->by_id = arena_zalloc(f->arena, (size_t)s->tree.n + 1, sizeof(*s->by_id));
	if (!s->by_id)
		return err_nomem(info);
	if ((r = decide_hides_ranks(f->tx, f->in_public ? NULL : &f->call.access, &f->call.campaign,
				    f->call.scheme, f->path, f->arena, &s->hides_ranks)) < 0)
		return r;
	for (int i = 0; i < s->tree.n; i++)
		s->by_id[i] = &s->tree.orgs[i];
	qsort(s->by_id, (size_t)s->tree.n, sizeof(*s->by_id), by_id);
	return 0;
}

/* ---- one organisation as it may be seen ---- */

static bool is_handed_in(const struct decide_org *o)
{
	return o->hold.state == HOLD_SUBMITTED || o->hold.state == HOLD_ACCEPTED;
}

/* What hangs in public everybody has seen, whoever prints the notice again. */
static bool is_visible(const struct form_fill *f, const struct sources *s, const struct decide_org *o)
{
	if (f->in_public && hold_locks(o->hold.state))
		return true;
	return decide_may_see(&f->call.access, o->committee ? o->committee->org.path : s->above,
			      o->org.path, o->hold.state);
}

/* Who approves is looked up only where it matters: of few organisations. */
static int may_show(struct form_fill *f, const struct sources *s, const struct decide_org *o,
		    unsigned *ret_show)
{
	struct floor_case c = {.class_alone = floor_class_alone(f->call.scheme)};
	int n;
	const struct tally *tallies = rows_of(s->tallies, s->n_tallies, sizeof(*tallies), o->org.id, &n);
	decide_ballots(tallies, n, &c);
	*ret_show = floor_of(&c);
	if (*ret_show == FLOOR_ALL || f->in_public)
		return 0;
	int r = decide_approves(f->tx, &f->call.access, o->org.path, o->result.approval, f->arena,
				&c.approves);
	*ret_show = floor_of(&c);
	return r;
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

static int set_result(struct form_fill *f, const struct sources *s, const struct decide_org *in,
		      struct graded_org *o)
{
	const struct scheme *scheme = f->call.scheme;
	const struct result *r = &in->result;
	unsigned show;
	int error = may_show(f, s, in, &show);
	if (error < 0)
		return error;
	o->grade = r->grade;
	o->stars = r->stars;
	o->approval = r->approval;
	o->scores = split_scores(f, r->sources, show);
	if (show & FLOOR_COMPOSITE) {
		o->score = score_text(f, r);
		o->rank = s->hides_ranks ? 0 : r->rank;
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
	return 0;
}

/* ---- what stands beside the result: F14's and F15's columns ---- */

/* A part of a list: without the full stop that people type. */
static void add_part(struct buf *b, const char *text, const char *more)
{
	size_t len = strlen(text), stop = strlen("。");
	if (b->len >= FINDINGS_MAX)
		return;
	if (len > stop && strcmp(text + len - stop, "。") == 0)
		len -= stop;
	buf_addf(b, "%s%.*s%s", b->len ? "；" : "", (int)len, text, more);
}

static const char *answer_text(const struct survey_red_row *row)
{
	return strcmp(row->answer, "yes") == 0 ? "是" : strcmp(row->answer, "no") == 0 ? "否" : NULL;
}

/* What people wrote, then the answers that are warnings; where the survey found
 * nothing, what the organisation itself says. */
static const char *findings(struct form_fill *f, const struct sources *s, int64_t org,
			    const struct improvement *own)
{
	const struct scheme *scheme = f->call.scheme;
	AUTO(buf) struct buf b = {0};
	int n;
	const struct survey_red_row *rows = rows_of(s->said, s->n_said, sizeof(*rows), org, &n);
	for (int i = 0; i < n; i++)
		if (*rows[i].answer)
			add_part(&b, rows[i].answer, "");
	rows = rows_of(s->reds, s->n_reds, sizeof(*rows), org, &n);
	for (int i = 0; i < n; i++) {
		if (rows[i].question >= scheme->n_survey)
			continue;
		const struct scheme_question *q = &scheme->survey[rows[i].question];
		const char *words = answer_text(&rows[i]);
		if (q->ask == ASK_CHOICE) {
			long choice = strtol(rows[i].answer, NULL, 10);
			words = choice >= 0 && choice < q->choices.n ? q->choices.at[choice] : "";
		}
		add_part(&b, q->label, words ? arena_printf(f->arena, "：%s", words) :
					       arena_printf(f->arena, "：%s%s", rows[i].answer, q->unit));
	}
	return b.len ? arena_strdup(f->arena, buf_str(&b)) : own ? fill_some(own->problems) : NULL;
}

static const struct meeting *meeting_of(const struct sources *s, const struct decide_org *o,
					enum meeting_kind kind)
{
	for (int i = 0; i < s->n_meetings; i++)
		if (o->committee && s->meetings[i].node == o->committee->org.id && s->meetings[i].kind == kind)
			return &s->meetings[i];
	return NULL;
}

/* What the committee's meeting said of it (GZ-7): the grade, why it is another
 * than the computed one, and what was concluded on the year's problems. */
static const char *decision(struct form_fill *f, const struct sources *s, const struct decide_org *o)
{
	const struct scheme *scheme = f->call.scheme;
	const struct meeting *grading = meeting_of(s, o, MEETING_GRADING);
	const struct meeting *problems = meeting_of(s, o, MEETING_PROBLEMS);
	AUTO(buf) struct buf b = {0};
	int n;
	const struct adjustment *changes = rows_of(s->adjustments, s->n_adjustments, sizeof(*changes),
						   o->org.id, &n);
	if (grading && o->result.grade >= 0)
		buf_addf(&b, "%s会议定为“%s”", fill_day(f, grading->day), scheme->grades[o->result.grade].label);
	for (int i = 0; i < n; i++)
		if (changes[i].meeting && changes[i].from_grade >= 0 && changes[i].to_grade >= 0)
			buf_addf(&b, "，由“%s”调整：%s", scheme->grades[changes[i].from_grade].label,
				 changes[i].reason);
	if (problems && *problems->decision)
		buf_addf(&b, "%s%s会议研究：%s", b.len ? "；" : "", fill_day(f, problems->day),
			 problems->decision);
	return b.len ? arena_strdup(f->arena, buf_str(&b)) : NULL;
}

/* What the level that approves the stars said; the level that accepts the results
 * approves by that (ZJ-5), and a committee what it hands in. */
static const char *approved(struct form_fill *f, const struct sources *s, const struct decide_org *o)
{
	int n;
	const struct star_approval *a = rows_of(s->approvals, s->n_approvals, sizeof(*a), o->org.id, &n);
	const struct decide_org *by = find_org(s, o->hold.node);
	if (n)
		return a[n - 1].approved ? "同意" : arena_printf(f->arena, "不同意：%s", a[n - 1].reason);
	int level = by ? (int)by->org.level : o->committee ? (int)o->committee->org.level : LEVEL_COUNT;
	if (o->hold.state == HOLD_ACCEPTED && o->result.approval >= level - 1)
		return "同意";
	return is_handed_in(o) && o->result.approval >= level ? "同意" : NULL;
}

static void set_words(struct form_fill *f, const struct sources *s, const struct decide_org *in,
		      struct graded_org *o)
{
	int n;
	const struct improvement *own = rows_of(s->improvements, s->n_improvements, sizeof(*own),
						in->org.id, &n);
	o->findings = findings(f, s, in->org.id, own);
	o->decision = decision(f, s, in);
	o->approved = approved(f, s, in);
	if (!own)
		return;
	o->measures = fill_some(own->measures);
	o->owner = fill_some(own->owner);
	if (fill_some(own->goal))
		o->goal = own->goal;
}

static int set_org(struct form_fill *f, const struct sources *s, const struct decide_org *in,
		   struct graded_org *o)
{
	const struct campaign_org *org = &in->org;
	const struct decide_org *parent = find_org(s, org->parent);
	*o = (struct graded_org){
		.id = org->id, .name = org->name, .parent = parent ? parent->org.name : f->node.name,
		.category = f->call.scheme->categories[org->category].label,
		.secretary = fill_some(org->secretary),
		.members = org->members == ORG_UNSET ? FORM_UNKNOWN : org->members,
		.grade = FORM_UNKNOWN, .stars = FORM_UNKNOWN, .approval = FORM_UNKNOWN};
	if (!is_visible(f, s, in)) {
		add_note(f, o, "未提交");
		return 0;
	}
	int r = set_result(f, s, in, o);
	if (r == 0 && f->with_words)
		set_words(f, s, in, o);
	return r;
}

/* ---- the list ---- */

static int set_labels(struct form_fill *f, struct graded_list *list, struct err_info *info)
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
	for (int i = 0; i < scheme->n_approval; i++)
		list->approving |= 1u << scheme->approval[i].level;
	list->scheme = fill_some(scheme->title);
	return 0;
}

static int collect(struct form_fill *f, const struct campaign_org *org, const struct graded_org *o)
{
	char grade[24], stars[24], of_level[32];
	const char *figures[] = {"all", o->grade < 0 ? "ungraded" : "graded", grade, stars, of_level};
	int r = 0;
	snprintf(grade, sizeof(grade), "grade%d", o->grade);
	snprintf(stars, sizeof(stars), "stars%d", o->stars);
	snprintf(of_level, sizeof(of_level), "stars%d-%d", o->stars, o->approval);
	for (size_t i = 0; i < ARRAY_LEN(figures) && r == 0; i++)
		r = fill_found(f, figures[i], org->id, org->code, org->name);
	return r;
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

static void set_draft(struct form_fill *f, const struct sources *s, struct graded_list *list)
{
	int open = 0;
	if (campaign_step_of(f->call.scheme, STEP_REVIEW) < 0)
		return;
	for (int i = 0; i < s->tree.n; i++)
		open += s->tree.orgs[i].org.category >= 0 && !is_handed_in(&s->tree.orgs[i]);
	if (open)
		list->draft = open == list->n ? "未提交" :
			      arena_printf(f->arena, "还有 %d 个党组织未提交", open);
}

int fill_graded(struct form_fill *f, struct graded_list *ret_list, struct err_info *info)
{
	struct sources s = {0};
	struct graded_list list = {.head = f->head};
	int r = set_labels(f, &list, info);
	if (r == 0 && !f->head.blank)
		r = load(f, &s, info);
	if (r < 0)
		return r;
	struct graded_org *orgs = arena_zalloc(f->arena, (size_t)s.tree.n + 1, sizeof(*orgs));
	if (!orgs)
		return err_nomem(info);
	for (int i = 0; i < s.tree.n; i++) {
		const struct decide_org *in = &s.tree.orgs[i];
		if (in->org.category < 0)
			continue;
		if ((r = set_org(f, &s, in, &orgs[list.n])) < 0 ||
		    (r = collect(f, &in->org, &orgs[list.n])) < 0)
			return r;
		list.n++;
	}
	set_draft(f, &s, &list);
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
	f->with_words = true;
	int r = fill_graded(f, &list, info);
	if (r == 0)
		f14_make(doc, &list);
	return r;
}

int fill_f15(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	f->with_words = true;
	int r = fill_graded(f, &list, info);
	if (r == 0)
		f15_make(doc, &list);
	return r;
}
