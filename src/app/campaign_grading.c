/* SPDX-License-Identifier: Apache-2.0 */
#include "app/campaign_grading.h"

#include <stdlib.h>

#include "domain/summary.h"
#include "store/campaign_board.h"
#include "store/campaign_bulk.h"
#include "store/id.h"

enum { TRIES = 3 };

/* ---- one result ---- */

static u128 gcd_u128(u128 a, u128 b)
{
	while (b) {
		u128 rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static void add_u128(struct buf *b, u128 value)
{
	char digits[40];
	int n = 0;
	do
		digits[n++] = (char)('0' + (int)(value % 10));
	while ((value /= 10) != 0);
	while (n)
		buf_addc(b, digits[--n]);
}

/* The composite in points, reduced: "18123/200", "90". */
static int add_composite(const struct graded *g, uint32_t node, struct buf *b)
{
	u128 num;
	uint64_t small;
	if (compose_fraction_small(&g->compose, node, &num, &small)) {
		u128 den = (u128)small * ((uint64_t)E4 * E6), common = gcd_u128(num, den);
		add_u128(b, num / common);
		if (den != common) {
			buf_addc(b, '/');
			add_u128(b, den / common);
		}
		return 0;
	}
	AUTO(arena) struct arena arena = {0};
	struct explain_number composite;
	if (explain_composite(g, node, &arena, &composite) < 0)
		return ERR_NOMEM;
	buf_adds(b, composite.num);
	if (strcmp(composite.den, "1") != 0)
		buf_addf(b, "/%s", composite.den);
	return 0;
}

/* Each source's score as published, tabs between; empty where it is missing. */
static void add_sources(const struct graded *g, uint32_t node, struct buf *b)
{
	const struct scheme *s = g->scheme;
	uint64_t unit = 1;
	for (int i = 0; i < s->places; i++)
		unit *= 10;
	for (int i = 0; i < s->n_sources; i++) {
		struct fraction f = compose_source(&g->compose, node, i);
		if (i)
			buf_addc(b, '\t');
		if (!f.den)
			continue;
		/* ⌊num·unit ÷ (den·E4) + 1/2⌋ */
		u128 den = (u128)f.den * E4;
		decimal_format_places(b, (uint64_t)((f.num * unit * 2 + den) / (den * 2)), s->places);
	}
}

static const char *text_of(struct arena *arena, struct buf *b)
{
	return b->failed ? NULL : arena_strndup(arena, buf_str(b), b->len);
}

static int index_of(uint8_t value, uint8_t none)
{
	return value == none ? -1 : value;
}

int campaign_grading_result(const struct campaign_grading *c, uint32_t node, struct arena *arena,
			    struct result *ret_result)
{
	const struct graded *g = &c->graded;
	AUTO(buf) struct buf text = {0};
	bool graded = g->status[node] == STATUS_GRADED;
	struct result r = {
		.org = c->ids[node], .path = c->paths[node], .category = c->orgs.category[node],
		.composite = "", .score = -1, .places = g->scheme->places, .grade = -1, .computed = -1,
		.by_score = -1, .quota = -1, .stars = -1, .approval = -1,
		.code = arena_strndup(arena, orgs_code(&c->orgs, node).data,
				      orgs_code(&c->orgs, node).len),
		.name = arena_strndup(arena, orgs_name(&c->orgs, node).data,
				      orgs_name(&c->orgs, node).len),
	};
	graded_status_text(g, node, &text);
	r.status = text_of(arena, &text);
	buf_clear(&text);
	add_sources(g, node, &text);
	r.sources = text_of(arena, &text);
	if (graded) {
		buf_clear(&text);
		if (add_composite(g, node, &text) < 0)
			return ERR_NOMEM;
		r.composite = text_of(arena, &text);
		r.score = (int64_t)graded_score(g, node);
		r.grade = index_of(g->grade[node], GRADE_NONE);
		r.computed = index_of(c->computed[node], GRADE_NONE);
		r.by_score = index_of(g->score_grade[node], GRADE_NONE);
		r.quota = index_of(g->quota[node], QUOTA_NONE);
		r.meeting = c->meetings[node];
		r.stars = index_of(g->stars[node], STARS_NONE);
		r.rank = g->rank[node];
		r.approval = index_of(graded_approval(g, node), LEVEL_NONE);
	}
	if (!r.code || !r.name || !r.status || !r.sources || !r.composite)
		return ERR_NOMEM;
	/* What is locked keeps its figures, whatever was touched since. */
	if (c->locked[node] && c->stored && c->stored[node].org) {
		const struct result *old = &c->stored[node];
		r.status = old->status;
		r.composite = old->composite;
		r.sources = old->sources;
		r.score = old->score;
		r.grade = old->grade;
		r.computed = old->computed;
		r.by_score = old->by_score;
		r.quota = old->quota;
		r.meeting = old->meeting;
	}
	*ret_result = r;
	return 0;
}

/* ---- all of them ---- */

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct campaign_grading *grading;
	struct arena arena;		/* of the reading */
	struct campaign_call call;
	struct result *changed;		/* by organisation */
	uint32_t n_changed;
	struct result_summary *summaries;	/* all that differ, by node */
	uint32_t n_summaries;
	int8_t *before;			/* [orgs.n] last year's place, -1: not known */
	struct result_change *changes;	/* by node */
	uint32_t n_changes;
	struct campaign_graded outcome;
	int64_t region;			/* that is being written */
	bool last;
};

static bool same(const struct result *a, const struct result *b)
{
	return a->org == b->org && a->category == b->category && a->score == b->score &&
	       a->places == b->places && a->grade == b->grade && a->computed == b->computed &&
	       a->by_score == b->by_score && a->quota == b->quota && a->meeting == b->meeting &&
	       a->stars == b->stars && a->rank == b->rank && a->approval == b->approval &&
	       strcmp(a->status, b->status) == 0 && strcmp(a->composite, b->composite) == 0 &&
	       strcmp(a->sources, b->sources) == 0;
}

static int make_results(struct job *job, struct err_info *info)
{
	const struct campaign_grading *c = job->grading;
	job->changed = arena_alloc(&job->arena, ((size_t)c->graded.n_orgs + 1) * sizeof(*job->changed));
	if (!job->changed)
		return err_nomem(info);
	for (uint32_t i = 0; i < c->orgs.n; i++) {
		struct result *r = &job->changed[job->n_changed];
		if (c->graded.status[i] == STATUS_NODE || c->graded.status[i] == STATUS_OUTSIDE)
			continue;
		if (campaign_grading_result(c, i, &job->arena, r) < 0)
			return err_nomem(info);
		job->outcome.orgs++;
		job->outcome.graded += r->grade >= 0;
		r->graded_ms = job->caller->now_ms;
		job->n_changed += !same(r, &c->stored[i]);
	}
	job->outcome.changed = job->n_changed;
	return 0;
}

static int add_summary(struct job *job, struct summary *summary, uint32_t node, int category)
{
	uint8_t which = category < 0 ? CATEGORY_NONE : (uint8_t)category;
	struct summary_cell cell;
	uint64_t mean;
	struct result_summary *s = &job->summaries[job->n_summaries];
	if (!summary_get(summary, node, which, &cell))
		return 0;
	*s = (struct result_summary){.node = job->grading->ids[node], .category = category,
				     .orgs = cell.orgs, .graded = cell.graded, .mean_e2 = -1};
	for (int i = 0; i < SCHEME_GRADES_MAX; i++)
		s->grades[i] = cell.grades[i];
	for (int i = 0; i <= SCHEME_STARS_MAX; i++)
		s->stars[i] = cell.stars[i];
	if (cell.graded) {
		if (summary_mean(summary, node, which, &cell, &mean) < 0)
			return ERR_NOMEM;
		s->mean_e2 = (int64_t)mean;
	}
	job->n_summaries++;
	return 0;
}

/* Last year's place of one organisation. */
static int add_before(void *arg, int64_t org, int place)
{
	struct job *job = arg;
	uint32_t node = campaign_grading_node(job->grading, org);
	if (node != ORG_NONE && place < SCHEME_GRADES_MAX)
		job->before[node] = (int8_t)place;
	return 0;
}

static int load_before(struct db_tx *tx, struct job *job, struct err_info *info)
{
	int64_t *regions;
	int n, r = store_bulk_regions(tx, job->campaign, &job->arena, &regions, &n);
	job->before = arena_alloc(&job->arena, (size_t)job->grading->orgs.n + 1);
	if (!job->before)
		return err_nomem(info);
	memset(job->before, -1, job->grading->orgs.n);
	for (int i = 0; r == 0 && i < n; i++)
		r = store_bulk_past(tx, regions[i], job->campaign, job->call.campaign.year - 1,
				    job->call.scheme->n_grades, add_before, job);
	return r;
}

/* Counts each organisation at every node above it. */
static int make_changes(struct job *job, const struct summary *summary, struct err_info *info)
{
	enum { CELLS = SCHEME_GRADES_MAX * SCHEME_GRADES_MAX };
	const struct campaign_grading *c = job->grading;
	uint32_t *cells = arena_zalloc(&job->arena, ((size_t)summary->n_upper + 1) * CELLS,
				       sizeof(*cells)), n = 0;
	if (!cells)
		return err_nomem(info);
	for (uint32_t i = 0; i < c->orgs.n; i++) {
		if (c->graded.status[i] != STATUS_GRADED || job->before[i] < 0)
			continue;
		size_t cell = (size_t)job->before[i] * SCHEME_GRADES_MAX + c->graded.grade[i];
		for (uint32_t up = orgs_parent(&c->orgs, i); up != ORG_NONE; up = orgs_parent(&c->orgs, up))
			if (summary_has(summary, up))
				n += cells[(summary->ordinal[up] - 1) * (size_t)CELLS + cell]++ == 0;
	}
	job->changes = arena_alloc(&job->arena, ((size_t)n + 1) * sizeof(*job->changes));
	if (!job->changes)
		return err_nomem(info);
	for (uint32_t i = 0; i < c->orgs.n; i++)
		for (int k = 0; summary_has(summary, i) && k < CELLS; k++) {
			uint32_t count = cells[(summary->ordinal[i] - 1) * (size_t)CELLS + (size_t)k];
			if (count)
				job->changes[job->n_changes++] = (struct result_change){
					c->ids[i], k / SCHEME_GRADES_MAX, k % SCHEME_GRADES_MAX, count};
		}
	return 0;
}

/* Without those in no category: a campaign counts only whom it grades. */
static int make_summaries(struct job *job, struct err_info *info)
{
	AUTO(summary) struct summary summary = {0};
	const struct campaign_grading *c = job->grading;
	int n = c->scheme->n_categories, r = summary_run(&summary, &c->graded);
	job->summaries = r < 0 ? NULL : arena_alloc(&job->arena, ((size_t)summary.n_upper + 1) *
						    ((size_t)n + 1) * sizeof(*job->summaries));
	if (!job->summaries)
		return err_nomem(info);
	for (uint32_t i = 0; i < c->orgs.n; i++) {
		uint32_t all = job->n_summaries;
		if (!summary_has(&summary, i))
			continue;
		for (int k = -1; k < n; k++)
			if (add_summary(job, &summary, i, k) < 0)
				return err_nomem(info);
		int64_t orgs = 0;
		for (uint32_t k = all + 1; k < job->n_summaries; k++)
			orgs += job->summaries[k].orgs;
		job->summaries[all].orgs = orgs;
	}
	return make_changes(job, &summary, info);
}

static int enter(struct db_tx *tx, struct job *job, struct arena *arena, struct campaign_call *call,
		 struct err_info *info)
{
	int r = campaign_enter(tx, job->app, job->caller, ACTION_SUBMIT, job->campaign, job->node, arena,
			       call, info);
	if (r < 0)
		return r;
	return campaign_gate(call, GATE_GRADE, info);
}

static int read_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	const struct campaign_grading_wish wish = {.stored = true};
	campaign_grading_done(job->grading);
	int r = enter(tx, job, &job->arena, &job->call, info);
	if (r == 0)
		r = campaign_grading_load(tx, &job->call.campaign, job->call.scheme, &wish, job->grading,
					  info);
	return r < 0 ? r : load_before(tx, job, info);
}

/* Summaries are few: they are all written again. */
static int write_region(struct db_tx *tx, const struct job *job)
{
	int r = 0;
	for (uint32_t i = 0; r == 0 && i < job->n_changed; i++)
		if (id_region(job->changed[i].org) == job->region)
			r = store_result_put(tx, job->campaign, &job->changed[i]);
	for (uint32_t i = 0; r == 0 && i < job->n_summaries; i++)
		if (id_region(job->summaries[i].node) == job->region)
			r = store_result_summary_put(tx, job->campaign, &job->summaries[i]);
	if (r == 0)
		r = store_result_changes_clear(tx, job->campaign, job->region);
	for (uint32_t i = 0; r == 0 && i < job->n_changes; i++)
		if (id_region(job->changes[i].node) == job->region)
			r = store_result_change_put(tx, job->campaign, &job->changes[i]);
	return r;
}

static int write_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct campaign_call call;
	int r = enter(tx, job, &arena, &call, info);
	if (r < 0)
		return r;
	if (call.campaign.graded_ms != job->call.campaign.graded_ms)
		return err_set(info, ERR_CONFLICT, "别人刚刚也在计算，请再试一次");
	if ((r = write_region(tx, job)) < 0 || !job->last)
		return r;
	if ((r = store_campaign_set_graded(tx, job->campaign, job->caller->now_ms)) < 0)
		return r;
	const char *what = arena_printf(&arena, "共 %lld 个，已得出等次 %lld 个，变动 %lld 个",
					(long long)job->outcome.orgs, (long long)job->outcome.graded,
					(long long)job->outcome.changed);
	return app_audit(tx, &call.access, "campaign.grade", call.campaign.node, call.campaign.title, "",
			 what);
}

static void take_lower(int64_t node, int64_t after, int64_t *region)
{
	if (id_region(node) > after && id_region(node) < *region)
		*region = id_region(node);
}

/* The next one in which anything is to be written: a rank may move where no sum
 * does, and a graded county has nothing above it in its own region. */
static bool next_region(const struct job *job, int64_t after, int64_t *ret_region)
{
	int64_t region = INT64_MAX;
	for (uint32_t i = 0; i < job->n_changed; i++)
		take_lower(job->changed[i].org, after, &region);
	for (uint32_t i = 0; i < job->n_summaries; i++)
		take_lower(job->summaries[i].node, after, &region);
	for (uint32_t i = 0; i < job->n_changes; i++)
		take_lower(job->changes[i].node, after, &region);
	*ret_region = region;
	return region != INT64_MAX;
}

/* Counties first; the campaign's own region says when it was graded. */
static int write_all(struct job *job, struct err_info *info)
{
	int64_t own = id_region(job->campaign);
	int r = 0;
	for (int64_t region = -1; r == 0 && next_region(job, region, &region);) {
		job->region = region;
		if (region != own)
			r = db_write(job->app->db, region, write_fn, job, info);
	}
	job->region = own;
	job->last = true;
	return r < 0 ? r : db_write(job->app->db, own, write_fn, job, info);
}

static int run_once(struct job *job, struct err_info *info)
{
	struct campaign_grading grading = {0};
	job->grading = &grading;
	int r = db_read(job->app->db, read_fn, job, info);
	if (r == 0)
		r = make_results(job, info);
	if (r == 0)
		r = make_summaries(job, info);
	if (r == 0)
		r = write_all(job, info);
	campaign_grading_done(&grading);
	arena_done(&job->arena);
	return r;
}

int campaign_grading_run(struct app *app, const struct caller *caller, int64_t campaign,
			 int64_t node, struct campaign_graded *ret_graded, struct err_info *info)
{
	int r = ERR_CONFLICT;
	for (int i = 0; r == ERR_CONFLICT && i < TRIES; i++) {
		struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node};
		r = run_once(&job, info);
		if (r == 0)
			*ret_graded = job.outcome;
	}
	return r;
}
