/* SPDX-License-Identifier: Apache-2.0 */
#include "app/deciding.h"

#include <stdlib.h>
#include <string.h>

#include "app/roster.h"
#include "app/scheme_cache.h"

/* ---- the tree ---- */

static int by_path(const void *a, const void *b)
{
	const struct decide_org *x = a, *y = b;
	return strcmp(x->org.path, y->org.path);
}

static struct decide_org *find_path(const struct decide_tree *t, const char *path)
{
	struct decide_org key = {.org = {.path = path}};
	return t->n ? bsearch(&key, t->orgs, (size_t)t->n, sizeof(*t->orgs), by_path) : NULL;
}

struct decide_org *decide_find(const struct decide_tree *t, int64_t org)
{
	for (int i = 0; i < t->n; i++)
		if (t->orgs[i].org.id == org)
			return &t->orgs[i];
	return NULL;
}

/* The nearest above that is not of the graded level. */
static void find_committees(struct decide_tree *t, enum level graded)
{
	const struct decide_org *open[ORG_DEPTH_MAX];
	int depth = 0;
	for (int i = 0; i < t->n; i++) {
		struct decide_org *o = &t->orgs[i];
		while (depth && strncmp(o->org.path, open[depth - 1]->org.path,
					strlen(open[depth - 1]->org.path)) != 0)
			depth--;
		o->committee = depth ? open[depth - 1] : NULL;
		if (o->org.level < graded && depth < ORG_DEPTH_MAX)
			open[depth++] = o;
	}
}

static int load_results(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
			struct decide_tree *t)
{
	struct result_filter filter = RESULT_FILTER(call->path);
	struct result *results;
	int64_t total;
	int n, r = store_result_list(tx, call->campaign.id, &filter, arena, &results, &n, &total);
	for (int i = 0; r == 0 && i < n; i++) {
		struct decide_org *o = find_path(t, results[i].path);
		if (o)
			o->result = results[i];
	}
	return r;
}

static int load_holds(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		      struct decide_tree *t)
{
	struct hold *holds;
	int n, r = store_hold_list(tx, call->campaign.id, call->path, arena, &holds, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct decide_org *o = find_path(t, holds[i].path);
		if (o)
			o->hold = holds[i];
	}
	return r;
}

static int by_org(const void *a, const void *b)
{
	int64_t x = ((const struct org_step *)a)->org, y = ((const struct org_step *)b)->org;
	return x < y ? -1 : x > y;
}

static int load_steps(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		      struct decide_tree *t)
{
	struct org_step *steps;
	int n, step = campaign_step_of(call->scheme, STEP_GRADING);
	for (int i = 0; i < t->n; i++)
		t->orgs[i].grading = step < 0 ? STEP_DONE : STEP_NOT_BEGUN;
	if (step < 0)
		return 0;
	int r = store_org_steps_below(tx, call->campaign.id, call->path, step, arena, &steps, &n);
	if (r < 0 || !n)
		return r;
	qsort(steps, (size_t)n, sizeof(*steps), by_org);
	for (int i = 0; i < t->n; i++) {
		const struct org_step key = {.org = t->orgs[i].org.id};
		const struct org_step *found = bsearch(&key, steps, (size_t)n, sizeof(*steps), by_org);
		if (found)
			t->orgs[i].grading = found->state;
	}
	return 0;
}

int decide_load(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		struct decide_tree *ret_tree)
{
	struct decide_tree t = {0};
	struct campaign_org *orgs;
	int r = store_campaign_orgs(tx, call->campaign.id, call->path, false, arena, &orgs, &t.n);
	if (r < 0)
		return r;
	t.orgs = arena_zalloc(arena, (size_t)t.n + 1, sizeof(*t.orgs));
	if (!t.orgs)
		return db_doom_nomem(tx);
	for (int i = 0; i < t.n; i++) {
		t.orgs[i].org = orgs[i];
		t.orgs[i].hold = (struct hold){.org = orgs[i].id, .path = orgs[i].path, .reason = ""};
		t.orgs[i].result = (struct result){.org = orgs[i].id, .path = orgs[i].path,
						   .status = "", .composite = "", .sources = "",
						   .score = -1, .grade = -1, .computed = -1,
						   .by_score = -1, .quota = -1, .stars = -1,
						   .approval = -1, .category = orgs[i].category};
		t.n_graded += orgs[i].category >= 0;
	}
	qsort(t.orgs, (size_t)t.n, sizeof(*t.orgs), by_path);
	find_committees(&t, call->scheme->graded);
	if ((r = load_results(tx, call, arena, &t)) < 0 || (r = load_holds(tx, call, arena, &t)) < 0 ||
	    (r = load_steps(tx, call, arena, &t)) < 0)
		return r;
	*ret_tree = t;
	return 0;
}

int decide_committee(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		     struct campaign_org *ret_committee, struct err_info *info)
{
	struct campaign_org up = call->org;
	for (int depth = 0; depth < ORG_DEPTH_MAX; depth++) {
		int r = store_campaign_org_get(tx, call->campaign.id, up.parent, arena, &up);
		if (r < 0)
			return r;
		if (!r)
			break;
		if (up.level < call->scheme->graded) {
			*ret_committee = up;
			return 0;
		}
	}
	return err_set(info, ERR_STATE, "“%s”上面没有定级的党委", call->org.name);
}

/* ---- who sees ---- */

static bool is_below(const char *path, const char *top)
{
	return strncmp(path, top, strlen(top)) == 0;
}

bool decide_may_see(const struct access *access, const char *committee_path, const char *org_path,
		    enum hold_state state)
{
	if (access->holder.machine)
		return true;
	for (int i = 0; i < access->holder.n; i++) {
		const struct right_grant *g = &access->holder.grants[i];
		const struct right_holder one = {g, 1, false};
		if (!right_check(&one, ACTION_CAMPAIGN_READ, org_path))
			continue;
		bool own = strcmp(g->path, committee_path) == 0;
		bool below = !own && is_below(g->path, committee_path);
		/* A cadre or a linked leader of the committee is no part of it. */
		if (own && right_check(&one, ACTION_REPORT_READ, org_path))
			return true;
		if ((own || below) && state >= HOLD_PUBLISHED && state <= HOLD_ACCEPTED)
			return true;
		if (!own && !below && (state == HOLD_SUBMITTED || state == HOLD_ACCEPTED))
			return true;
	}
	return false;
}

/* ---- states ---- */

int decide_step(struct db_tx *tx, const struct campaign_call *call, int64_t org,
		enum scheme_step_kind kind, enum step_state state, const char *note)
{
	int step = campaign_step_of(call->scheme, kind);
	return step < 0 ? 0 : store_org_step_set(tx, call->campaign.id, org, step, state,
						 call->access.caller->account,
						 call->access.caller->now_ms, note ? note : "");
}

int decide_hold(struct db_tx *tx, const struct campaign_call *call, const struct campaign_org *org,
		enum hold_state state, int64_t node, const char *reason)
{
	static const enum step_state steps[HOLD_STATES] = {
		[HOLD_NONE] = STEP_NOT_BEGUN, [HOLD_PUBLISHED] = STEP_NOT_BEGUN,
		[HOLD_SUBMITTED] = STEP_BEGUN, [HOLD_ACCEPTED] = STEP_DONE,
		[HOLD_RETURNED] = STEP_RETURNED, [HOLD_REOPENED] = STEP_RETURNED,
	};
	const struct hold hold = {
		.org = org->id, .path = org->path, .state = state, .node = node,
		.reason = reason ? reason : "", .account = call->access.caller->account,
		.at_ms = call->access.caller->now_ms,
	};
	int r = store_hold_set(tx, call->campaign.id, &hold);
	if (r == 0)
		r = decide_step(tx, call, org->id, STEP_REVIEW, steps[state], reason);
	/* What came back is decided anew. */
	if (r == 0 && (state == HOLD_RETURNED || state == HOLD_REOPENED))
		r = decide_step(tx, call, org->id, STEP_GRADING, STEP_RETURNED, reason);
	return r;
}

int decide_need(const char *text, const char *what, struct err_info *info)
{
	if (!text || !*text)
		return err_set(info, ERR_INPUT, "请写明%s", what);
	if (strlen(text) > DECIDE_TEXT_MAX)
		return err_set(info, ERR_INPUT, "%s太长，应在 2000 字以内", what);
	return 0;
}

/* ---- small groups ---- */

void decide_ballots(const struct tally *tallies, int n, struct floor_case *of)
{
	for (int i = 0; i < n; i++) {
		uint64_t sum = 0;
		if (tallies[i].voters >= VOTERS_COUNT)
			continue;
		for (int k = 0; k <= tallies[i].n_options; k++)
			sum += tallies[i].counts[k];
		/* Each question is a ballot of its own; the fewest tell, none tell nothing. */
		uint64_t *ballots = &of->ballots[tallies[i].voters];
		if (sum && (*ballots == 0 || sum < *ballots))
			*ballots = sum;
	}
}

int decide_floor(struct db_tx *tx, const struct campaign_call *call, int64_t org, bool approves,
		 struct arena *arena, unsigned *ret_show)
{
	struct floor_case c = {.approves = approves};
	struct tally *tallies;
	int n, r = store_tally_list(tx, call->campaign.id, org, NULL, arena, &tallies, &n);
	if (r < 0)
		return r;
	decide_ballots(tallies, n, &c);
	c.class_alone = floor_class_alone(call->scheme);
	*ret_show = floor_of(&c);
	return 0;
}

int decide_approves(struct db_tx *tx, const struct access *access, const char *org_path, int level,
		    struct arena *arena, bool *ret_approves)
{
	*ret_approves = access->holder.machine;
	if (access->holder.machine || level < 0)
		return 0;
	/* From above, and no further: who stands below is one of hundreds. */
	for (const char *p = org_path; p[0] == '/' && p[1];) {
		char *end;
		struct org org;
		int r = store_org_get(tx, strtoll(p + 1, &end, 10), arena, &org);
		if (r <= 0)
			return r < 0 ? r : ERR_NOT_FOUND;
		if ((int)org.level == level)
			*ret_approves = right_check(&access->holder, ACTION_REVIEW, org.path);
		if ((int)org.level >= level && !org_level_fits(org.level, org.level))
			break;
		p = end;
	}
	return 0;
}

bool decide_withholds(const struct decide_withheld *withheld, int64_t org)
{
	for (int i = 0; i < withheld->n; i++)
		if (withheld->at[i].org == org)
			return true;
	return false;
}

_Static_assert(FLOOR_BALLOTS == 5, "store_tally_few finds the groups below the floor");

enum { FEW_MAX = 200 };	/* whose ballots are read along with them */

/* Who approves siblings is asked once. */
struct approving {
	const char *path;	/* of the last organisation; NULL: none */
	size_t above;		/* bytes of it that name what it stands below */
	int level;
	bool approves;
};

static size_t above_of(const char *path)
{
	size_t len = strlen(path);
	while (len > 1 && path[len - 2] != '/')
		len--;
	return len - 1;
}

static int approves_of(struct db_tx *tx, const struct access *access, const struct scheme *scheme,
		       const struct tally_few *of, struct arena *arena, struct approving *last)
{
	size_t above = above_of(of->path);
	if (last->path && last->level == of->approval && of->approval < (int)scheme->graded &&
	    last->above == above && memcmp(last->path, of->path, above) == 0)
		return 0;
	*last = (struct approving){of->path, above, of->approval, false};
	if (!access)
		return 0;
	return decide_approves(tx, access, of->path, of->approval, arena, &last->approves);
}

/* Too few ballots, though perhaps only of one question or class, would give something away. */
static bool telling(const struct scheme *scheme, const struct tally *tallies, int n)
{
	struct floor_case c = {.class_alone = floor_class_alone(scheme)};
	decide_ballots(tallies, n, &c);
	return !(floor_of(&c) & FLOOR_COMPOSITE);
}

/* Of few: the telling ones, whose tallies all came along. More than FEW_MAX: nothing said
 * of them. */
static int telling_of_few(struct db_tx *tx, int64_t campaign, const struct scheme *scheme,
			  struct arena *arena, struct tally_few **ret_few, int *ret_n, bool *ret_more)
{
	struct tally_few *rows, *few;
	int n_rows, n_orgs = 0, n = 0, r = store_tally_of_few(tx, campaign, FEW_MAX + 1, arena, &rows, &n_rows);
	if (r < 0)
		return r;
	few = arena_zalloc(arena, (size_t)n_rows + 1, sizeof(*few));
	struct tally *tallies = arena_zalloc(arena, (size_t)n_rows + 1, sizeof(*tallies));
	if (!few || !tallies)
		return db_doom_nomem(tx);
	for (int i = 0; i < n_rows; i++)
		tallies[i] = rows[i].tally;
	for (int i = 0, end; i < n_rows; i = end) {
		for (end = i + 1; end < n_rows && rows[end].org == rows[i].org;)
			end++;
		n_orgs++;
		if (telling(scheme, tallies + i, end - i))
			few[n++] = rows[i];
	}
	*ret_few = few;
	*ret_n = n;
	*ret_more = n_orgs > FEW_MAX;
	return 0;
}

/* The answer is kept for the page; what is left out of it is not. */
static int many_few(struct db_tx *tx, int64_t campaign, struct arena *arena, struct tally_few **ret_few,
		    int *ret_n)
{
	struct tally_few *kept;
	int r = store_tally_few(tx, campaign, arena, &kept, ret_n);
	if (r < 0)
		return r;
	*ret_few = arena_zalloc(arena, (size_t)*ret_n + 1, sizeof(**ret_few));
	if (!*ret_few)
		return db_doom_nomem(tx);
	memcpy(*ret_few, kept, (size_t)*ret_n * sizeof(*kept));
	return 0;
}

/* Leaves the telling ones of many, whose tallies are read by parts. */
static int leave_telling(struct db_tx *tx, int64_t campaign, const struct scheme *scheme,
			 struct arena *arena, struct tally_few *few, int *n)
{
	int left = 0, r = 0;
	for (int i = 0; r == 0 && i < *n; i += TALLY_ORGS_MAX) {
		int some = *n - i < TALLY_ORGS_MAX ? *n - i : TALLY_ORGS_MAX, n_tallies;
		int64_t orgs[TALLY_ORGS_MAX];
		struct tally *tallies;
		for (int k = 0; k < some; k++)
			orgs[k] = few[i + k].org;
		r = store_tally_of_orgs(tx, campaign, orgs, some, arena, &tallies, &n_tallies);
		for (int k = 0; r == 0 && k < some; k++) {
			int from = 0, end;	/* its tallies stand together */
			while (from < n_tallies && tallies[from].org != orgs[k])
				from++;
			for (end = from; end < n_tallies && tallies[end].org == orgs[k];)
				end++;
			if (telling(scheme, tallies + from, end - from))
				few[left++] = few[i + k];
		}
	}
	*n = left;
	return r;
}

/* Leaves those at or below a path whose result the caller does not approve. */
static int leave_others(struct db_tx *tx, const struct access *access, const struct scheme *scheme,
			const char *path, struct arena *arena, struct tally_few *few, int *n)
{
	struct approving last = {0};
	int left = 0, r = 0;
	for (int i = 0; r == 0 && i < *n; i++) {
		if (strncmp(few[i].path, path, strlen(path)) != 0)
			continue;
		r = approves_of(tx, access, scheme, &few[i], arena, &last);
		if (r == 0 && !last.approves)
			few[left++] = few[i];
	}
	*n = left;
	return r;
}

int decide_withheld(struct db_tx *tx, const struct access *access, int64_t campaign,
		    const struct scheme *scheme, const char *path, struct arena *arena,
		    struct decide_withheld *ret)
{
	struct tally_few *few = NULL;
	bool many = false;
	int n = 0, r = telling_of_few(tx, campaign, scheme, arena, &few, &n, &many);
	/* Whoever approves all sees all: then the ballots of many need not be read. */
	if (r == 0 && many)
		r = many_few(tx, campaign, arena, &few, &n);
	if (r == 0)
		r = leave_others(tx, access, scheme, path, arena, few, &n);
	if (r == 0 && many)
		r = leave_telling(tx, campaign, scheme, arena, few, &n);
	if (r < 0)
		return r;
	struct decide_withheld w = {.n = n};
	w.at = arena_zalloc(arena, (size_t)n + 1, sizeof(*w.at));
	if (!w.at)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		w.at[i] = (struct decide_withheld_org){few[i].org, few[i].category, few[i].path};
	*ret = w;
	return 0;
}

int decide_hides_ranks_with(struct db_tx *tx, const struct access *access, const struct campaign *campaign,
			    const struct scheme *scheme, const char *path, const char *top,
			    const struct decide_withheld *known, struct arena *arena, bool *ret_hides)
{
	struct decide_withheld withheld = {0};
	struct org *crumbs;
	int n, r = store_org_breadcrumb(tx, path, arena, &crumbs, &n);
	if (r < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (scheme->ranking.all ? crumbs[i].id == campaign->node
					: crumbs[i].level == scheme->ranking.level)
			path = crumbs[i].path;
	if (known && strcmp(path, top) == 0) {
		*ret_hides = known->n;
		return 0;
	}
	r = decide_withheld(tx, access, campaign->id, scheme, path, arena, &withheld);
	*ret_hides = r == 0 && withheld.n;
	return r;
}

int decide_hides_ranks(struct db_tx *tx, const struct access *access, const struct campaign *campaign,
		       const struct scheme *scheme, const char *path, struct arena *arena,
		       bool *ret_hides)
{
	return decide_hides_ranks_with(tx, access, campaign, scheme, path, "", NULL, arena, ret_hides);
}

/* What a past campaign tells of an organisation's rank. */
static int hide_past_rank(struct db_tx *tx, struct app *app, const struct access *access,
			  const char *org_path, struct past_result *past, struct arena *arena)
{
	const struct scheme *scheme;
	struct err_info ignored = {0};
	struct campaign campaign;
	bool hides = true;
	int r = past->rank ? store_campaign_get(tx, past->campaign, arena, &campaign) : 0;
	if (r <= 0)
		return r;
	if ((r = scheme_cache_get(app->schemes, campaign.scheme_text, &scheme, &ignored)) < 0 ||
	    (r = decide_hides_ranks(tx, access, &campaign, scheme, org_path, arena, &hides)) < 0)
		return r;
	past->rank = hides ? 0 : past->rank;
	return 0;
}

int decide_past(struct db_tx *tx, struct app *app, const struct access *access, const char *org_path,
		struct past_result *past, int n, struct arena *arena)
{
	int r = 0;

	for (int i = 0; r == 0 && i < n; i++) {
		/* What the scheme of that year was is not looked up: the stricter. */
		struct floor_case c = {.class_alone = true};
		struct result result = {.approval = -1};
		struct tally *tallies;
		int n_tallies;
		if (!past[i].campaign)
			continue;
		if ((r = store_tally_list(tx, past[i].campaign, past[i].org, NULL, arena, &tallies,
					  &n_tallies)) < 0 ||
		    (r = store_result_get(tx, past[i].campaign, past[i].org, arena, &result)) < 0)
			return r;
		r = decide_approves(tx, access, org_path, result.approval, arena, &c.approves);
		decide_ballots(tallies, n_tallies, &c);
		if (r == 0 && !(floor_of(&c) & FLOOR_COMPOSITE)) {
			past[i].score = "";
			past[i].rank = 0;
		}
		if (r == 0)
			r = hide_past_rank(tx, app, access, org_path, &past[i], arena);
	}
	return r;
}
