/* SPDX-License-Identifier: Apache-2.0 */
/* Who is picked: candidates of a campaign with every reason, and listing them. */
#include "app/ledger_in.h"

#include <stdlib.h>

#include "app/deciding.h"
#include "app/ledger_survey.h"
#include "app/scheme_cache.h"
#include "domain/candidate.h"
#include "domain/day_math.h"
#include "domain/exact.h"
#include "store/id.h"

/* All that is known of the organisations of a campaign, read once. */
struct pick {
	struct app *app;
	const struct caller *caller;
	int64_t campaign_id, node;
	struct arena *arena;
	struct campaign_call call;
	struct campaign_org *orgs;	/* all, by path */
	struct candidate_org *in;	/* [n_orgs]; those that are graded or, without grades, ruled */
	struct result **results;	/* [n_orgs] or NULL each */
	struct ledger_case **cases;	/* [n_orgs] or NULL each */
	struct past_result **past;
	struct ledger_warnings *warnings;	/* [n_orgs] of the survey, below the node */
	struct case_reason **noted;	/* [n_orgs] reasons its case has; NULL each without one */
	int *n_noted;
	struct campaign_org **by_id;
	int n_orgs;
	struct candidate_reason *reasons;
	int n_reasons;
	struct decide_withheld withheld;
	/* What is written down is read by everybody: of these no score, and beside them no
	 * place. */
	struct decide_withheld few;
};

static int by_id(const void *a, const void *b)
{
	const struct campaign_org *x = *(struct campaign_org *const *)a;
	const struct campaign_org *y = *(struct campaign_org *const *)b;
	return x->id < y->id ? -1 : x->id > y->id;
}

static struct campaign_org *find_org(const struct pick *p, int64_t id)
{
	struct campaign_org key = {.id = id}, *at = &key;
	struct campaign_org **found = bsearch(&at, p->by_id, (size_t)p->n_orgs, sizeof(*p->by_id), by_id);
	return found ? *found : NULL;
}

/* The nearest organisation of each level on the way up. */
static void find_ancestors(const struct pick *p, const struct campaign_org *org,
			   int64_t ancestor[LEVEL_COUNT])
{
	const struct campaign_org *up = org;
	for (int depth = 0; depth < ORG_DEPTH_MAX && (up = find_org(p, up->parent)); depth++)
		if (!ancestor[up->level])
			ancestor[up->level] = up->id;
}

/* The i-th published source score of "a\tb\t…", in 0.0001; -1: none. */
static int64_t source_score(const char *sources, int source)
{
	int64_t value;
	for (; source > 0 && sources; source--) {
		sources = strchr(sources, '\t');
		sources = sources ? sources + 1 : NULL;
	}
	if (!sources)
		return -1;
	struct str cell = {sources, strcspn(sources, "\t")};
	return cell.len && decimal_parse_e4(cell, &value) ? value : -1;
}

/* Last year's results where that campaign is still open: as past ones. */
static int read_previous(struct db_tx *tx, struct pick *p, struct err_info *info)
{
	struct result_filter filter = RESULT_FILTER(p->call.path);
	struct campaign previous;
	const struct scheme *scheme;
	struct result *results;
	int64_t total;
	int n, r;
	if (!p->call.campaign.previous)
		return 0;
	if ((r = store_campaign_get(tx, p->call.campaign.previous, p->arena, &previous)) <= 0)
		return r;
	if (previous.state != CAMPAIGN_OPEN || previous.year != p->call.campaign.year - 1)
		return 0;
	if ((r = scheme_cache_get(p->app->schemes, previous.scheme_text, &scheme, info)) < 0 ||
	    (r = store_result_list(tx, previous.id, &filter, p->arena, &results, &n, &total)) < 0)
		return r;
	for (int i = 0; i < n; i++) {
		struct campaign_org *org = find_org(p, results[i].org);
		if (!org || results[i].grade < 0 || results[i].grade >= scheme->n_grades)
			continue;
		struct past_result *past = arena_zalloc(p->arena, 1, sizeof(*past));
		const struct past_result *kept = p->past[org - p->orgs];
		if (!past)
			return db_doom_nomem(tx);
		*past = (struct past_result){.org = org->id, .year = previous.year,
			.grade = scheme->grades[results[i].grade].label, .place = results[i].grade,
			.places = scheme->n_grades, .examination = kept ? kept->examination : ""};
		p->past[org - p->orgs] = past;
	}
	return 0;
}

static bool was_lowest(const struct past_result *past)
{
	return past && past->places > 0 && past->place == past->places - 1;
}

static void fill(const struct pick *p, int i)
{
	const struct scheme *scheme = p->call.scheme;
	const struct campaign_org *org = &p->orgs[i];
	const struct result *result = p->results[i];
	const struct ledger_case *c = p->cases[i];
	struct candidate_org *in = &p->in[i];
	bool freed = c && (c->state == CASE_WRITTEN_OFF || c->state == CASE_SETTLED);
	*in = (struct candidate_org){.id = org->id, .category = org->category, .grade = -1,
				     .composite = "", .ballot_e4 = -1, .examination = ""};
	find_ancestors(p, org, in->ancestor);
	if (result && strcmp(result->status, "graded") == 0) {
		in->graded = true;
		in->grade = result->grade;
		in->composite = result->composite;
	}
	for (int s = 0; result && s < scheme->n_sources; s++)
		if (scheme->sources[s].by == BY_BALLOTS && in->ballot_e4 < 0)
			in->ballot_e4 = decide_withholds(&p->few, org->id) ? -1 : source_score(result->sources, s);
	/* LD-3: ranked lowest before, or in the ledger since before, and not converted. */
	in->carried_over = (was_lowest(p->past[i]) && !freed) ||
			   (c && case_is_open(c->state) && c->year < p->call.campaign.year);
	if (p->past[i])
		in->examination = p->past[i]->examination;
	in->criteria = ledger_warned_criteria(scheme, p->warnings[i]);
}

/* The survey's warnings, each with its organisation. */
static int read_warnings(struct db_tx *tx, struct pick *p)
{
	struct ledger_warnings all;
	int at = 0, r = ledger_warnings_below(tx, p->campaign_id, p->call.scheme, p->call.path, p->arena,
					      &all);
	while (r == 0 && at < all.n) {
		struct campaign_org *org = find_org(p, all.at[at].org);
		struct ledger_warnings own = ledger_warnings_next(&all, &at);
		if (org)
			p->warnings[org - p->orgs] = own;
	}
	return r;
}

static int read_all(struct db_tx *tx, struct pick *p, struct err_info *info)
{
	const struct campaign *campaign = &p->call.campaign;
	struct result_filter filter = RESULT_FILTER(campaign->path);
	struct result *results;
	struct ledger_case *cases;
	struct past_result *past;
	int n_results, n_cases, n_past, r;
	int64_t total;
	if ((r = store_campaign_orgs(tx, campaign->id, campaign->path, false, p->arena, &p->orgs,
				     &p->n_orgs)) < 0 ||
	    (r = store_result_list(tx, campaign->id, &filter, p->arena, &results, &n_results,
				   &total)) < 0 ||
	    (r = store_case_list(tx, campaign->path, -1, p->arena, &cases, &n_cases)) < 0 ||
	    (r = store_past_of_year(tx, campaign->id, campaign->path, campaign->year - 1, p->arena, &past,
				    &n_past)) < 0)
		return r;
	size_t n = (size_t)p->n_orgs + 1;
	p->in = arena_zalloc(p->arena, n, sizeof(*p->in));
	p->results = arena_zalloc(p->arena, n, sizeof(*p->results));
	p->cases = arena_zalloc(p->arena, n, sizeof(*p->cases));
	p->past = arena_zalloc(p->arena, n, sizeof(*p->past));
	p->warnings = arena_zalloc(p->arena, n, sizeof(*p->warnings));
	p->noted = arena_zalloc(p->arena, n, sizeof(*p->noted));
	p->n_noted = arena_zalloc(p->arena, n, sizeof(*p->n_noted));
	p->by_id = arena_zalloc(p->arena, n, sizeof(*p->by_id));
	if (!p->in || !p->results || !p->cases || !p->past || !p->warnings || !p->noted || !p->n_noted ||
	    !p->by_id)
		return db_doom_nomem(tx);
	for (int i = 0; i < p->n_orgs; i++)
		p->by_id[i] = &p->orgs[i];
	qsort(p->by_id, (size_t)p->n_orgs, sizeof(*p->by_id), by_id);
	for (int i = 0; i < n_results; i++) {
		struct campaign_org *org = find_org(p, results[i].org);
		if (org)
			p->results[org - p->orgs] = &results[i];
	}
	for (int i = 0; i < n_cases; i++) {
		struct campaign_org *org = find_org(p, cases[i].org);
		if (org)
			p->cases[org - p->orgs] = &cases[i];
	}
	for (int i = 0; i < n_past; i++) {
		struct campaign_org *org = find_org(p, past[i].org);
		if (org)
			p->past[org - p->orgs] = &past[i];
	}
	if ((r = read_previous(tx, p, info)) < 0 || (r = read_warnings(tx, p)) < 0)
		return r;
	for (int i = 0; i < p->n_orgs; i++)
		fill(p, i);
	return 0;
}

static bool is_closed(const struct ledger_case *c)
{
	return c && (c->state == CASE_WRITTEN_OFF || c->state == CASE_SETTLED);
}

/* The round that a new reason speaks for: of a closed case, the next. */
static int round_for(const struct ledger_case *c)
{
	return c->round + is_closed(c);
}

/* What people noted counts as the scheme's own findings; what led to a round that
 * is over does not. */
static int read_noted(struct db_tx *tx, struct pick *p)
{
	const struct scheme *scheme = p->call.scheme;
	int r = store_case_reasons_know(tx, p->call.campaign.path);
	if (r < 0)
		return r;
	for (int i = 0; i < p->n_orgs; i++) {
		if (!p->cases[i])
			continue;
		if ((r = store_case_reasons(tx, p->cases[i]->id, p->arena, &p->noted[i],
					    &p->n_noted[i])) < 0)
			return r;
		const struct case_reason *reasons = p->noted[i];
		for (int k = 0; k < p->n_noted[i]; k++) {
			if (reasons[k].round < round_for(p->cases[i]))
				continue;
			p->in[i].nominated = p->in[i].nominated || reasons[k].because == BECAUSE_NOMINATED;
			for (int c = 0; c < scheme->n_criteria && c < 64; c++)
				if (reasons[k].because == BECAUSE_CRITERIA &&
				    strcmp(reasons[k].ref, scheme->criteria[c].id) == 0)
					p->in[i].criteria |= UINT64_C(1) << c;
		}
	}
	return 0;
}

/* What somebody types while listing. */
struct typed {
	uint64_t criteria;
	bool nominate;
	const char *seen;
	int32_t day;
};

/* The criterion or nomination as noted in the case for this round, or NULL. */
static const struct case_reason *noted_as(const struct pick *p, const struct candidate_reason *found)
{
	const struct ledger_case *c = p->cases[found->org];
	for (int k = p->n_noted[found->org]; k-- > 0;) {
		const struct case_reason *r = &p->noted[found->org][k];
		if (r->round == round_for(c) && r->because == (int)p->call.scheme->rectify[found->rule].because &&
		    (found->criterion < 0 ||
		     strcmp(r->ref, p->call.scheme->criteria[found->criterion].id) == 0))
			return r;
	}
	return NULL;
}

static int32_t end_of_year(const struct pick *p, int year)
{
	int32_t day = year * 10000 + 1231;
	return day < p->caller->today ? day : p->caller->today;
}

/* The day of the evidence, by which a relapse is told from what was known before. */
static int32_t day_of(const struct pick *p, const struct candidate_reason *found,
		      const struct typed *typed)
{
	const struct scheme_rectify *rule = &p->call.scheme->rectify[found->rule];
	const struct result *result = p->results[found->org];
	const struct case_reason *noted = noted_as(p, found);
	int32_t day = 0;
	switch (rule->because) {
	case BECAUSE_GRADE:
	case BECAUSE_BOTTOM:
	case BECAUSE_BALLOT:
		day = result && result->graded_ms ? day_of_ms(result->graded_ms) : p->caller->today;
		return day < p->caller->today ? day : p->caller->today;
	case BECAUSE_CARRIED_OVER:
	case BECAUSE_EXAMINATION: return end_of_year(p, p->call.campaign.year - 1);
	case BECAUSE_CRITERIA:
		if (typed && typed->criteria >> found->criterion & 1)
			break;
		(void)ledger_warning_words(p->call.scheme, p->warnings[found->org], found->criterion, p->arena,
					   &day);
		return day ? day : noted ? noted->day : p->caller->today;
	case BECAUSE_NOMINATED:
		if (!(typed && typed->nominate) && noted)
			return noted->day;
		break;
	}
	return typed && typed->day ? typed->day : p->caller->today;
}

/* Of a case that is closed only what came to light after its write-off counts, and
 * not the grading that it was opened for. */
static bool is_news(const struct pick *p, const struct candidate_reason *found,
		    const struct typed *typed)
{
	const struct ledger_case *c = p->cases[found->org];
	enum rectify_because because = p->call.scheme->rectify[found->rule].because;
	if (!is_closed(c))
		return true;
	if (because != BECAUSE_CRITERIA && because != BECAUSE_NOMINATED && c->campaign == p->campaign_id)
		return false;
	return day_of(p, found, typed) > c->written_off_day;
}

static int find_reasons(struct pick *p, const struct typed *typed, struct err_info *info)
{
	int kept = 0;
	int r = candidates_find(p->call.scheme, p->in, p->n_orgs, p->arena, &p->reasons, &p->n_reasons);
	if (r == ERR_INPUT)
		return err_set(info, ERR_STATE, "定级结果里有不认识的得分，请重新定级");
	for (int k = 0; r == 0 && k < p->n_reasons; k++)
		if (is_news(p, &p->reasons[k], typed))
			p->reasons[kept++] = p->reasons[k];
	p->n_reasons = r == 0 ? kept : 0;
	return r;
}

/* ---- reasons in words ---- */

static const char *score_text(const struct pick *p, const struct result *result)
{
	AUTO(buf) struct buf text = {0};
	if (!result || result->score < 0)
		return "";
	decimal_format_places(&text, (uint64_t)result->score, result->places);
	const char *copy = arena_strdup(p->arena, buf_str(&text));
	return copy ? copy : "";
}

static const char *grade_text(const struct pick *p, const struct result *result)
{
	return result && result->grade >= 0 && result->grade < p->call.scheme->n_grades
		? p->call.scheme->grades[result->grade].label : "";
}

/* What was found: typed now, told by the survey, or noted before. */
static const char *criterion_words(const struct pick *p, const struct candidate_reason *found,
				   const struct typed *typed)
{
	int32_t day;
	const char *survey = ledger_warning_words(p->call.scheme, p->warnings[found->org],
						  found->criterion, p->arena, &day);
	const struct case_reason *noted = noted_as(p, found);
	survey = survey ? arena_printf(p->arena, "调查：%s", survey) : NULL;
	if (typed && typed->criteria >> found->criterion & 1)
		return survey ? arena_printf(p->arena, "%s（%s）", typed->seen, survey) : typed->seen;
	return noted ? noted->seen : survey ? survey : "";
}

static struct case_reason in_words(const struct pick *p, const struct candidate_reason *found,
				   const struct typed *typed)
{
	static const char *const labels[] = {"定级", "倒排", "标准", "上年后进未转化", "年度考核", "群众测评",
					     "党委提名"};
	const struct scheme_rectify *rule = &p->call.scheme->rectify[found->rule];
	const struct result *result = p->results[found->org];
	const struct past_result *past = p->past[found->org];
	struct case_reason reason = {.because = (int)rule->because, .ref = "",
				     .label = labels[rule->because], .seen = "",
				     .day = day_of(p, found, typed), .at_ms = p->caller->now_ms};
	const struct case_reason *noted = noted_as(p, found);
	switch (rule->because) {
	case BECAUSE_GRADE:
		reason.seen = decide_withholds(&p->few, p->orgs[found->org].id)
			? arena_printf(p->arena, "%d 年度定为%s", p->call.campaign.year, grade_text(p, result))
			: arena_printf(p->arena, "%d 年度 %s 分，定为%s", p->call.campaign.year,
				       score_text(p, result), grade_text(p, result));
		break;
	case BECAUSE_BOTTOM:
		reason.seen = p->few.n
			? arena_printf(p->arena, "%d 个中按不低于 %u%% 倒排", found->of, rule->at_least_e6 / 10000)
			: arena_printf(p->arena, "%d 个中第 %d，按不低于 %u%% 倒排", found->of, found->place,
				       rule->at_least_e6 / 10000);
		break;
	case BECAUSE_BALLOT:
		reason.seen = arena_printf(p->arena, "群众测评得分低于 %d 分", rule->below_e4 / 10000);
		break;
	case BECAUSE_CARRIED_OVER:
		reason.seen = past && was_lowest(past)
			? arena_printf(p->arena, "%d 年度为%s，没有销号", past->year, past->grade)
			: "上年在台账，没有销号";
		break;
	case BECAUSE_CRITERIA:
		reason.ref = p->call.scheme->criteria[found->criterion].id;
		reason.label = p->call.scheme->criteria[found->criterion].label;
		reason.seen = criterion_words(p, found, typed);
		break;
	case BECAUSE_EXAMINATION:
		reason.seen = arena_printf(p->arena, "%d 年度考核为%s", p->call.campaign.year - 1,
					   past ? past->examination : "");
		break;
	case BECAUSE_NOMINATED:
		reason.seen = typed && typed->nominate ? typed->seen : noted ? noted->seen : "";
		break;
	}
	reason.seen = reason.seen ? reason.seen : "";
	return reason;
}

/* ---- the list ---- */

struct list_out {
	struct pick pick;
	struct ledger_candidates *out;
};

/* Should be in the ledger and is not: no case, or a closed one that what is new
 * speaks against, or one dropped in an earlier campaign (CT-3). */
static bool is_left_out(const struct pick *p, int i, int n_reasons)
{
	const struct ledger_case *c = p->cases[i];
	return n_reasons && (!c || is_closed(c) ||
			     (c->state == CASE_DROPPED && c->campaign != p->campaign_id));
}

static int write_candidate(struct pick *p, int i, int first, int last, struct ledger_candidate *ret)
{
	const struct campaign_org *up = find_org(p, p->orgs[i].parent);
	const char *why = "";
	int kind = ledger_support_kind(p->call.scheme, p->warnings[i], p->arena, &why);
	*ret = (struct ledger_candidate){
		.org = p->orgs[i], .parent = up ? up->name : "", .n_reasons = last - first,
		.reasons = arena_zalloc(p->arena, (size_t)(last - first) + 1, sizeof(*ret->reasons)),
		.support_kind = kind, .support_why = why,
		.left_out = is_left_out(p, i, last - first), .ledger = p->cases[i],
		.score = decide_withholds(&p->withheld, p->orgs[i].id) ? "" : score_text(p, p->results[i]), .grade = grade_text(p, p->results[i]),
	};
	if (!ret->reasons)
		return ERR_NOMEM;
	for (int k = first; k < last; k++)
		ret->reasons[k - first] = in_words(p, &p->reasons[k], NULL);
	return 0;
}

enum { OTHERS_MAX = 2000 };

static int write_others(struct pick *p, struct ledger_candidates *out)
{
	size_t prefix = strlen(p->call.path);
	out->others = arena_zalloc(p->arena, OTHERS_MAX, sizeof(*out->others));
	for (int i = 0; out->others && i < p->n_orgs && out->n_others < OTHERS_MAX; i++)
		if (p->orgs[i].category >= 0 && strncmp(p->orgs[i].path, p->call.path, prefix) == 0)
			out->others[out->n_others++] = &p->orgs[i];
	return out->others ? 0 : ERR_NOMEM;
}

/* What is missing stands first, else as in the tree. */
static void put_left_out_first(struct ledger_candidate *at, int n, struct ledger_candidate *room)
{
	int kept = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < n; i++)
			if (at[i].left_out == (pass == 0))
				room[kept++] = at[i];
	memcpy(at, room, (size_t)n * sizeof(*at));
}

static int write_candidates(struct pick *p, struct ledger_candidates *out)
{
	size_t prefix = strlen(p->call.path);
	out->at = arena_zalloc(p->arena, (size_t)p->n_orgs + 1, sizeof(*out->at));
	if (!out->at)
		return ERR_NOMEM;
	for (int i = 0, first = 0, last; i < p->n_orgs; i++, first = last) {
		for (last = first; last < p->n_reasons && p->reasons[last].org == i;)
			last++;
		if (strncmp(p->orgs[i].path, p->call.path, prefix) != 0 || (last == first && !p->cases[i]))
			continue;
		int r = write_candidate(p, i, first, last, &out->at[out->n++]);
		if (r < 0)
			return r;
		out->n_left_out += out->at[out->n - 1].left_out;
		out->n_unlisted += last > first && !p->cases[i];
	}
	struct ledger_candidate *room = arena_zalloc(p->arena, (size_t)out->n + 1, sizeof(*room));
	if (!room)
		return ERR_NOMEM;
	put_left_out_first(out->at, out->n, room);
	return 0;
}

static int write_floors(struct pick *p, struct ledger_candidates *out)
{
	struct candidate_floor *floors;
	size_t prefix = strlen(p->call.path);
	int n, r = candidates_floors(p->call.scheme, p->in, p->n_orgs, p->arena, &floors, &n);
	if (r < 0)
		return r;
	out->floors = arena_zalloc(p->arena, (size_t)n + 1, sizeof(*out->floors));
	for (int i = 0; out->floors && i < n; i++) {
		const struct campaign_org *org = find_org(p, floors[i].node);
		if (!org || strncmp(org->path, p->call.path, prefix) != 0)
			continue;
		out->floors[out->n_floors].node = org->id;
		out->floors[out->n_floors].name = org->name;
		out->floors[out->n_floors].named = floors[i].named;
		out->floors[out->n_floors++].wanted = floors[i].wanted;
	}
	return out->floors ? 0 : ERR_NOMEM;
}

static int enter(struct db_tx *tx, struct pick *p, enum action action, struct err_info *info)
{
	int r = campaign_enter(tx, p->app, p->caller, action, p->campaign_id, p->node, p->arena, &p->call,
			       info);
	if (r == 0)
		r = decide_withheld(tx, NULL, p->campaign_id, p->call.scheme, p->call.campaign.path, p->arena,
				    &p->few);
	if (r == 0)
		r = read_all(tx, p, info);
	if (r == 0)
		r = decide_withheld(tx, &p->call.access, p->campaign_id, p->call.scheme, p->call.path,
				    p->arena, &p->withheld);
	return r < 0 ? r : read_noted(tx, p);
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct list_out *l = arg;
	struct pick *p = &l->pick;
	*l->out = (struct ledger_candidates){0};
	int r = enter(tx, p, ACTION_CASE_READ, info);
	if (r == 0)
		r = find_reasons(p, NULL, info);
	if (r == 0)
		r = store_org_get(tx, p->node, p->arena, &l->out->node);
	if (r < 0)
		return r;
	l->out->campaign = p->call.campaign;
	l->out->scheme = p->call.scheme;
	r = write_candidates(p, l->out);
	if (r == 0)
		r = write_floors(p, l->out);
	if (r == 0)
		r = write_others(p, l->out);
	return r == ERR_NOMEM ? db_doom_nomem(tx) : r;
}

int ledger_candidates(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		      struct arena *arena, struct ledger_candidates *ret, struct err_info *info)
{
	struct ledger_candidates out;
	struct list_out l = {{.app = app, .caller = caller, .campaign_id = campaign, .node = node,
			      .arena = arena}, &out};
	int r = db_read(app->db, list_fn, &l, info);
	if (r == 0)
		*ret = out;
	return r;
}

/* ---- listing ---- */

static bool known(const struct case_reason *old, int n, const struct case_reason *reason, int round)
{
	for (int i = 0; i < n; i++)
		if (old[i].round == round && old[i].because == reason->because &&
		    strcmp(old[i].ref, reason->ref) == 0)
			return true;
	return false;
}

static int open_case(struct db_tx *tx, struct pick *p, int i, struct ledger_case *ret_case)
{
	struct ledger_case c = {
		.org = p->orgs[i].id, .campaign = p->campaign_id, .year = p->call.campaign.year,
		.state = CASE_CANDIDATE, .round = 1, .attempt = 1, .opened_day = p->caller->today,
		.seen = "", .meeting_no = "", .decision = "", .shows = "", .support_kind = -1,
		.election_note = "",
	};
	int r = store_case_insert(tx, &c);
	if (r == 0)
		r = store_case_get(tx, c.id, p->arena, ret_case);
	return r < 0 ? r : r == 1 ? 0 : ERR_IO;
}

static int add_reasons(struct db_tx *tx, struct pick *p, int i, const struct ledger_case *c,
		       const struct typed *typed, int *ret_added)
{
	struct case_reason *old;
	int n, r = store_case_reasons(tx, c->id, p->arena, &old, &n);
	for (int k = 0; r == 0 && k < p->n_reasons; k++) {
		if (p->reasons[k].org != i)
			continue;
		struct case_reason reason = in_words(p, &p->reasons[k], typed);
		reason.round = round_for(c);
		reason.who = p->call.access.label;
		if (known(old, n, &reason, reason.round))
			continue;
		r = store_case_reason_add(tx, c->id, &reason);
		++*ret_added;
	}
	return r;
}

/* Lists the i-th organisation: its case is opened, or gets what is new. */
static int list_one(struct db_tx *tx, struct pick *p, int i, const struct typed *typed,
		    int64_t *ret_case, struct err_info *info)
{
	struct ledger_case c = {0};
	const char *why;
	int kind = ledger_support_kind(p->call.scheme, p->warnings[i], p->arena, &why);
	int r = 0, added = 0;
	bool fresh = !p->cases[i];
	if (fresh)
		r = open_case(tx, p, i, &c);
	else
		c = *p->cases[i];
	if (r == 0 && c.state == CASE_DROPPED)
		return err_set(info, ERR_STATE, "“%s”以前决定不列入，请先在它的台账上“重新列为候选”", c.org_name);
	if (r == 0)
		r = add_reasons(tx, p, i, &c, typed, &added);
	if (r < 0)
		return r;
	if (!fresh && !added)
		return err_set(info, ERR_CONFLICT, "“%s”已经在台账里，没有新的依据", c.org_name);
	if (kind >= 0 && kind != c.support_kind) {
		c.support_kind = kind;
		if ((r = store_case_update(tx, &c)) < 0)
			return r;
	}
	struct ledger_work work = {.app = p->app, .caller = p->caller, .c = c,
				   .access = p->call.access, .scheme = p->call.scheme};
	*ret_case = c.id;
	r = ledger_event(tx, &work, fresh ? CASE_EVENT_LISTED : CASE_EVENT_REASON, c.state,
			 typed ? typed->day : 0,
			 arena_printf(p->arena, "依据 %d 条", added), info);
	arena_done(&work.arena);
	return r;
}

struct list_in {
	struct pick pick;
	const struct ledger_listing *in;
	int64_t case_id;
	int n;
	struct arena arena;
};

static int add_criteria(struct pick *p, int i, const char *ids, struct typed *typed,
			struct err_info *info)
{
	const struct scheme *scheme = p->call.scheme;
	while (ids && *ids) {
		size_t len = strcspn(ids, ",");
		int found = -1;
		for (int c = 0; c < scheme->n_criteria && c < 64; c++)
			if (str_eqs((struct str){ids, len}, scheme->criteria[c].id))
				found = c;
		if (found < 0)
			return err_set(info, ERR_INPUT, "方案里没有这条标准：%.*s", (int)len, ids);
		p->in[i].criteria |= UINT64_C(1) << found;
		typed->criteria |= UINT64_C(1) << found;
		ids += len + (ids[len] == ',');
	}
	return 0;
}

static bool can_nominate(const struct scheme *scheme)
{
	for (int i = 0; i < scheme->n_rectify; i++)
		if (scheme->rectify[i].because == BECAUSE_NOMINATED)
			return true;
	return false;
}

static int listing_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct list_in *l = arg;
	struct pick *p = &l->pick;
	arena_done(&l->arena);
	p->arena = &l->arena;
	int r = enter(tx, p, ACTION_CASE_WRITE, info);
	if (r < 0)
		return r;
	struct campaign_org *org = find_org(p, l->in->org);
	int i = org ? (int)(org - p->orgs) : -1;
	if (i < 0 || p->in[i].category < 0)
		return err_set(info, ERR_INPUT, "这个组织不在方案的类别里，不能列入");
	if (l->in->nominate && !can_nominate(p->call.scheme))
		return err_set(info, ERR_INPUT, "这个方案没有提名的办法，请写明符合哪条标准");
	if ((l->in->nominate || (l->in->criteria && *l->in->criteria)) &&
	    (r = ledger_check_text("看到的情况", l->in->seen, true, info)) < 0)
		return r;
	p->in[i].nominated = p->in[i].nominated || l->in->nominate;
	struct typed typed = {.nominate = l->in->nominate, .seen = l->in->seen ? l->in->seen : "",
			      .day = l->in->day};
	if ((r = add_criteria(p, i, l->in->criteria, &typed, info)) < 0 ||
	    (r = find_reasons(p, &typed, info)) < 0)
		return r;
	bool any = false;
	for (int k = 0; k < p->n_reasons; k++)
		any = any || p->reasons[k].org == i;
	if (!any)
		return err_set(info, ERR_INPUT, is_closed(p->cases[i])
			       ? "“%s”已经销号，没有晚于销号日期的依据" : "“%s”没有一条列入的依据成立",
			       p->orgs[i].name);
	return list_one(tx, p, i, &typed, &l->case_id, info);
}

int ledger_list(struct app *app, const struct caller *caller, const struct ledger_listing *in,
		int64_t *ret_case, struct err_info *info)
{
	struct list_in l = {.pick = {.app = app, .caller = caller, .campaign_id = in->campaign,
				     .node = in->org}, .in = in};
	if (in->day > caller->today)
		return err_set(info, ERR_INPUT, "看到情况的日期不能晚于今天");
	int r = db_write(app->db, id_region(in->org), listing_fn, &l, info);
	arena_done(&l.arena);
	if (r == 0)
		*ret_case = l.case_id;
	return r;
}

static int listing_all_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct list_in *l = arg;
	struct pick *p = &l->pick;
	arena_done(&l->arena);
	p->arena = &l->arena;
	l->n = 0;
	int r = enter(tx, p, ACTION_CASE_WRITE, info);
	if (r == 0)
		r = find_reasons(p, NULL, info);
	for (int k = 0; r == 0 && k < p->n_reasons; k++) {
		int i = p->reasons[k].org;
		if ((k && p->reasons[k - 1].org == i) || p->cases[i] ||
		    strncmp(p->orgs[i].path, p->call.path, strlen(p->call.path)) != 0)
			continue;
		r = list_one(tx, p, i, NULL, &l->case_id, info);
		l->n++;
	}
	return r;
}

int ledger_list_all(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		    int *ret_n, struct err_info *info)
{
	struct list_in l = {.pick = {.app = app, .caller = caller, .campaign_id = campaign,
				     .node = node}};
	int r = db_write(app->db, id_region(node), listing_all_fn, &l, info);
	arena_done(&l.arena);
	if (r == 0)
		*ret_n = l.n;
	return r;
}
