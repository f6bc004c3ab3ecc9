/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a grid, and saving cells. */
#include "app/scores.h"

#include <stdio.h>

#include "app/scores_in.h"
#include "base/buf.h"
#include "domain/exact.h"
#include "store/id.h"

/* ---- doors ---- */

bool score_door_writes(enum score_door door, const struct scheme_source *source,
		       const struct rater *rater)
{
	switch (door) {
	case SCORE_COMMITTEE:
		if (source->who == RATED_BY_COMMITTEE || source->who == RATED_BY_SOCIETY ||
		    source->who == RATED_BY_EXAMINATION)
			return !rater->account;
		/* A unit that has no account: the committee types what came on paper. */
		return source->who == RATED_BY_UNITS && rater->id && !rater->account;
	case SCORE_UNIT:
		return rater->id && rater->account && source->who != RATED_BY_SELF;
	case SCORE_PEER:
		return source->who == RATED_BY_MUTUAL;
	case SCORE_SELF:
		return source->who == RATED_BY_SELF;
	}
	return false;
}

static enum action right_of(enum score_door door, bool write)
{
	switch (door) {
	case SCORE_UNIT:
		return ACTION_SCORE_UNIT;
	case SCORE_PEER:
		return ACTION_SELF_WRITE;
	case SCORE_SELF:
		return write ? ACTION_SELF_WRITE : ACTION_CAMPAIGN_READ;
	default:
		return write ? ACTION_SCORE_WRITE : ACTION_REPORT_READ;
	}
}

/* Nothing to fill in here: no error for one who only looks. */
static int nothing(struct score_desk *desk, const char *why, struct err_info *info)
{
	/* A self-evaluation may be a report alone. */
	if (desk->write && desk->at->door != SCORE_SELF)
		return err_set(info, ERR_STATE, "%s", why);
	desk->source = -1;
	desk->empty = arena_strdup(desk->arena, why);
	return desk->empty ? 0 : err_nomem(info);
}

static int find_source(struct score_desk *desk, struct err_info *info)
{
	const struct scheme *scheme = desk->call.scheme;
	const char *id = desk->at->source;
	bool named = id && *id;
	const struct rater none = {0};

	for (int i = 0; i < scheme->n_sources; i++) {
		const struct scheme_source *s = &scheme->sources[i];
		if (named ? strcmp(s->id, id) != 0 : !score_door_writes(desk->at->door, s, &none))
			continue;
		if (s->by == BY_BALLOTS)
			break;
		desk->source = i;
		return 0;
	}
	if (named)
		return err_set(info, ERR_NOT_FOUND, "没有这个评价主体，或者它不打分");
	return nothing(desk, "这个方案没有要在这里打的分", info);
}

/* The rater of a related unit must be the caller's own. */
static int find_unit_rater(struct db_tx *tx, struct score_desk *desk, struct err_info *info)
{
	struct rater_duty *duties;
	int n, r = store_raters_of_account(tx, desk->caller->account, desk->arena, &duties, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (duties[i].campaign == desk->at->campaign &&
		    (!desk->at->rater || duties[i].rater.id == desk->at->rater) &&
		    duties[i].rater.source < desk->call.scheme->n_sources) {
			desk->rater = duties[i].rater;
			desk->source = desk->rater.source;
			return 0;
		}
	return r < 0 ? r : nothing(desk, "这项年度工作没有分配您打分", info);
}

static int find_peer_rater(struct db_tx *tx, struct score_desk *desk, struct err_info *info)
{
	const struct campaign_org *own = &desk->call.org;
	if (own->category < 0)
		return nothing(desk, "这个组织不参加评定，不互相打分", info);
	int r = store_rater_of_peer(tx, desk->at->campaign, desk->source, own->id, desk->arena,
				    &desk->rater);
	if (r < 0)
		return r;
	if (!r)		/* until its first figure is saved */
		desk->rater = (struct rater){.source = desk->source, .label = own->name, .org = own->id,
					     .login = ""};
	/* Those of the same township; else those under the same parent. */
	struct campaign_org up = *own;
	for (int i = 0; i < ORG_DEPTH_MAX && up.level > LEVEL_TOWNSHIP; i++)
		if ((r = store_campaign_org_get(tx, desk->at->campaign, up.parent, desk->arena, &up)) <= 0)
			break;
	if (r < 0)
		return r;
	if (up.level == LEVEL_TOWNSHIP && up.id != own->id) {
		desk->township = up.path;
		return 0;
	}
	size_t len = strlen(own->path) - 1;
	while (len && own->path[len - 1] != '/')
		len--;
	desk->township = arena_strndup(desk->arena, own->path, len);
	return desk->township ? 0 : db_doom_nomem(tx);
}

static int find_rater(struct db_tx *tx, struct score_desk *desk, struct err_info *info)
{
	if (desk->at->door == SCORE_PEER)
		return find_peer_rater(tx, desk, info);
	desk->rater = (struct rater){.source = desk->source, .label = "", .login = ""};
	if (!desk->at->rater)
		return 0;
	int r = store_rater_get(tx, desk->at->campaign, desk->at->rater, desk->arena, &desk->rater);
	if (r < 0)
		return r;
	if (!r || desk->rater.source != desk->source)
		return err_set(info, ERR_NOT_FOUND, "没有这个评分人");
	return 0;
}

int score_desk_open(struct db_tx *tx, struct score_desk *desk, struct err_info *info)
{
	const struct score_at *at = desk->at;
	desk->empty = NULL;
	desk->township = NULL;
	desk->n_locals = 0;
	int r = campaign_enter(tx, desk->app, desk->caller, right_of(at->door, desk->write),
			       at->campaign, at->node, desk->arena, &desk->call, info);
	desk->sight = sight_of(&desk->call, desk->arena);
	if (r == 0)
		r = at->door == SCORE_UNIT ? find_unit_rater(tx, desk, info) : find_source(desk, info);
	if (r == 0 && desk->source >= 0 && at->door != SCORE_UNIT)
		r = find_rater(tx, desk, info);
	if (r < 0 || desk->source < 0)
		return r;
	const struct scheme_source *source = &desk->call.scheme->sources[desk->source];
	if (desk->write && !score_door_writes(at->door, source, &desk->rater))
		return err_set(info, ERR_DENIED, "“%s”不在这里打分", source->label);
	if (!desk->call.scheme->local.given)
		return 0;
	return store_local_list(tx, at->campaign, desk->call.path, desk->arena, &desk->locals,
				&desk->n_locals);
}

/* ---- one organisation of the grid ---- */

int score_desk_org(struct db_tx *tx, struct score_desk *desk, int64_t org,
		   struct campaign_org *ret_org, struct err_info *info)
{
	int assigned = 1, r = store_campaign_org_get(tx, desk->at->campaign, org, desk->arena, ret_org);
	if (r > 0 && desk->at->door == SCORE_UNIT)
		assigned = store_rater_has(tx, desk->at->campaign, desk->rater.id, org);
	if (r < 0 || assigned < 0)
		return r < 0 ? r : assigned;
	return score_desk_fits(desk, r ? ret_org : NULL, assigned, info);
}

int score_desk_fits(const struct score_desk *desk, const struct campaign_org *org, bool assigned,
		    struct err_info *info)
{
	const char *within = desk->township ? desk->township : desk->call.path;
	if (!org || org->category < 0 || strncmp(org->path, within, strlen(within)) != 0 ||
	    (desk->township && org->id == desk->call.org.id))
		return err_set(info, ERR_NOT_FOUND, "这张表里没有这个党组织");
	return assigned ? 0 : err_set(info, ERR_NOT_FOUND, "“%s”没有分配给您打分", org->name);
}

int score_desk_may_see(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
		       bool *ret_may)
{
	struct hold hold;

	*ret_may = true;
	if (desk->write)
		return 0;
	if (desk->source >= 0 && desk->call.scheme->sources[desk->source].who == RATED_BY_SELF)
		return sight_self_get(tx, &desk->sight, org, ret_may);
	if (desk->at->door != SCORE_COMMITTEE ||
	    right_check(&desk->call.access.holder, ACTION_SCORE_WRITE, org->path))
		return 0;
	int r = store_hold_get(tx, desk->at->campaign, org->id, desk->arena, &hold);
	return r < 0 ? r : sight_results(tx, &desk->sight, org, hold.state, ret_may);
}

int score_desk_may_change(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
			  struct err_info *info)
{
	struct hold hold;
	int r = store_hold_get(tx, desk->at->campaign, org->id, desk->arena, &hold);
	return r < 0 ? r : score_desk_is_open(desk, org, hold.state, info);
}

int score_desk_is_open(const struct score_desk *desk, const struct campaign_org *org, enum hold_state hold,
		       struct err_info *info)
{
	struct campaign_call at = desk->call;
	at.org = *org;
	at.hold = hold;
	return campaign_gate(&at, desk->at->door == SCORE_SELF ? GATE_SELF : GATE_SCORE, info);
}

void score_desk_rules(const struct score_desk *desk, const struct campaign_org *org,
		      struct sheet_rules *ret_rules)
{
	int first, n;
	*ret_rules = (struct sheet_rules){
		.scheme = desk->call.scheme,
		.by = desk->call.scheme->sources[desk->source].by, .category = org->category};
	if (ret_rules->by == BY_POINTS)
		return;
	n = local_rows_of(desk->locals, desk->n_locals, org->path, &first);
	for (int i = first; i < first + n; i++)
		ret_rules->local_max_e4[desk->locals[i].place] = desk->locals[i].max_e4;
}

struct score_key score_desk_key(const struct score_desk *desk, int64_t org)
{
	return (struct score_key){desk->at->campaign, org, desk->source, desk->rater.id};
}

static const char *points_text(struct arena *arena, int64_t value_e4)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_e4(&text, value_e4);
	return text.failed ? NULL : arena_strdup(arena, buf_str(&text));
}

int score_desk_total(struct db_tx *tx, const struct score_desk *desk, const struct sheet_rules *rules,
		     const struct score_sheet *sheet, struct score_row *row)
{
	struct sheet_total total = sheet_total(rules, sheet->cells, sheet->n);
	row->version = sheet->version;
	row->missing = total.missing;
	row->mixed = total.mixed;
	row->mixed_label = total.mixed < 0 ? NULL : arena_strdup(desk->arena,
		desk->call.scheme->indicators[total.mixed].label);
	if (total.mixed >= 0 && !row->mixed_label)
		return db_doom_nomem(tx);
	row->sum = total.missing || total.mixed >= 0 ? "" : points_text(desk->arena, total.sum_e4);
	row->max = points_text(desk->arena, total.max_e4);
	return row->sum && row->max ? 0 : db_doom_nomem(tx);
}

const char *score_leaf_label(const struct scheme *scheme, const struct local_row *locals,
			     int n_locals, int leaf, struct arena *arena)
{
	if (leaf >= scheme->n_leaves) {
		for (int i = 0; i < n_locals; i++)
			if (locals[i].place == leaf - scheme->n_leaves)
				return locals[i].label;
		return "自设指标";
	}
	const struct scheme_leaf *l = &scheme->leaves[leaf];
	const struct scheme_indicator *indicator = &scheme->indicators[l->indicator];
	if (l->item < 0)
		return indicator->label;
	const char *text = arena_printf(arena, "%s/%s", indicator->label,
					indicator->items[l->item].label);
	return text ? text : indicator->label;
}

/* ---- writing ---- */

/* A peer becomes a rater with its first figure. */
static int make_peer(struct db_tx *tx, struct score_desk *desk)
{
	if (desk->rater.id || desk->at->door != SCORE_PEER)
		return 0;
	return store_rater_put(tx, desk->at->campaign, &desk->rater);
}

static int begin_step(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
		      const struct score_before *before)
{
	int step = campaign_step_of(desk->call.scheme, STEP_GRADING);
	struct org_step *steps;
	/* Self-evaluation sets its own step. */
	if (step < 0 || desk->at->door == SCORE_SELF)
		return 0;
	enum step_state from = before ? before->step : STEP_NOT_BEGUN;
	if (!before) {
		int r = store_org_steps(tx, desk->at->campaign, org->id, desk->call.scheme->n_steps,
					desk->arena, &steps);
		if (r < 0)
			return r;
		from = steps[step].state;
	}
	if (from != STEP_NOT_BEGUN)
		return 0;
	const struct org_step to = {org->id, step, STEP_BEGUN, desk->caller->now_ms,
				    desk->caller->account, ""};
	return store_org_step_change(tx, desk->at->campaign, desk->call.campaign.node, org, from, &to);
}

static int audit_edits(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
		       const struct score_sheet *old, const struct score_edit *edits, int n)
{
	const struct scheme *scheme = desk->call.scheme;
	const struct scheme_source *source = &scheme->sources[desk->source];
	struct local_row *locals = desk->locals;
	int first, n_locals = local_rows_of(desk->locals, desk->n_locals, org->path, &first);
	AUTO(buf) struct buf before = {0}, after = {0};

	for (int i = 0; i < n; i++) {
		const char *was = score_cell(old, edits[i].leaf);
		if (edits[i].conflict || strcmp(was, edits[i].value) == 0)
			continue;
		const char *label = source->by == BY_POINTS ? source->label
			: score_leaf_label(scheme, locals ? locals + first : NULL, n_locals,
					   edits[i].leaf, desk->arena);
		buf_addf(&before, "%s%s %s", before.len ? "，" : "", label, *was ? was : "空");
		buf_addf(&after, "%s%s %s", after.len ? "，" : "", label,
			 *edits[i].value ? edits[i].value : "空");
	}
	const char *object = arena_printf(desk->arena, "%s %s，%s%s%s", org->code, org->name,
					  source->label, *desk->rater.label ? "，" : "",
					  desk->rater.label);
	if (before.failed || after.failed || !object)
		return db_doom_nomem(tx);
	return app_audit(tx, &desk->call.access, "score.save", org->id, object, buf_str(&before),
			 buf_str(&after));
}

int score_desk_write(struct db_tx *tx, struct score_desk *desk, const struct campaign_org *org,
		     const struct score_before *before, struct score_edit *edits, int n,
		     struct score_sheet *ret_sheet, int *ret_changed)
{
	struct score_sheet old = before ? before->was.sheet : (struct score_sheet){0};
	int64_t account = desk->caller->account, now_ms = desk->caller->now_ms;
	int r = make_peer(tx, desk);
	struct score_key key = score_desk_key(desk, org->id);
	if (r == 0 && !before)
		r = store_score_get(tx, &key, desk->arena, &old);
	if (r == 0)
		r = before ? store_score_change(tx, &key, &before->was, edits, n, account, now_ms, desk->arena,
						ret_sheet, ret_changed)
			   : store_score_save(tx, &key, edits, n, account, now_ms, desk->arena, ret_sheet,
					      ret_changed);
	if (r < 0 || !*ret_changed)
		return r;
	if (!old.version && (r = begin_step(tx, desk, org, before)) < 0)
		return r;
	return audit_edits(tx, desk, org, &old, edits, n);
}

/* ---- saving ---- */

struct saving {
	struct score_desk desk;
	struct score_put *puts;
	int n;
	struct score_saved saved;
};

static int refuse_all(struct saving *s, int64_t org, const char *why, struct db_tx *tx)
{
	const char *copy = arena_strdup(s->desk.arena, why);
	if (!copy)
		return db_doom_nomem(tx);
	for (int i = 0; i < s->n; i++)
		if (s->puts[i].org == org) {
			s->puts[i].wrong = copy;
			s->saved.n_wrong++;
		}
	return 0;
}

/* Reads one cell into an edit: 1 if it is right, 0 if it is not. */
static int read_put(struct saving *s, const struct sheet_rules *rules, struct score_put *put,
		    struct score_edit *edit, struct db_tx *tx)
{
	char text[SHEET_TEXT_MAX + 1];
	struct err_info why = {0};
	int r = sheet_read(rules, put->leaf, str_from(put->value), text, &why);
	if (r < 0) {
		put->wrong = arena_strdup(s->desk.arena, why.text);
		s->saved.n_wrong++;
		return put->wrong ? 0 : db_doom_nomem(tx);
	}
	*edit = (struct score_edit){.leaf = put->leaf, .value = arena_strdup(s->desk.arena, text),
				    .seen = put->seen};
	return edit->value ? 1 : db_doom_nomem(tx);
}

static int tell_conflicts(struct saving *s, const struct score_edit *edits, int n,
			  const struct score_sheet *sheet, const struct campaign_org *org,
			  struct db_tx *tx)
{
	for (int i = 0; i < s->n; i++) {
		struct score_put *put = &s->puts[i];
		if (put->org != org->id)
			continue;
		put->now = score_cell(sheet, put->leaf);
		for (int e = 0; !put->wrong && e < n; e++) {
			if (edits[e].leaf != put->leaf || !edits[e].conflict)
				continue;
			put->wrong = arena_printf(s->desk.arena, "刚被别人改成了 %s，没有覆盖",
						  *put->now ? put->now : "空");
			if (!put->wrong)
				return db_doom_nomem(tx);
			s->saved.n_wrong++;
		}
	}
	return 0;
}

/* All cells of one organisation. */
static int save_org(struct db_tx *tx, struct saving *s, int64_t id)
{
	struct campaign_org org;
	struct sheet_rules rules;
	struct score_sheet sheet = {0};
	struct err_info why = {0};
	struct score_row *row = &s->saved.rows[s->saved.n_rows];
	struct score_edit *edits = arena_zalloc(s->desk.arena, (size_t)s->n, sizeof(*edits));
	int n = 0, changed = 0, r;

	if (!edits)
		return db_doom_nomem(tx);
	r = score_desk_org(tx, &s->desk, id, &org, &why);
	if (r == 0)
		r = score_desk_may_change(tx, &s->desk, &org, &why);
	if (r == ERR_NOT_FOUND || r == ERR_STATE)
		return refuse_all(s, id, why.text, tx);
	if (r < 0)
		return r;
	score_desk_rules(&s->desk, &org, &rules);
	for (int i = 0; i < s->n; i++) {
		if (s->puts[i].org != id)
			continue;
		if ((r = read_put(s, &rules, &s->puts[i], &edits[n], tx)) < 0)
			return r;
		n += r;
	}
	if ((r = score_desk_write(tx, &s->desk, &org, NULL, edits, n, &sheet, &changed)) < 0 ||
	    (r = tell_conflicts(s, edits, n, &sheet, &org, tx)) < 0)
		return r;
	*row = (struct score_row){.org = org};
	s->saved.n_rows++;
	s->saved.n_saved += changed;
	return score_desk_total(tx, &s->desk, &rules, &sheet, row);
}

static int save_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct saving *s = arg;
	int r = score_desk_open(tx, &s->desk, info);
	s->saved = (struct score_saved){
		.rows = arena_zalloc(s->desk.arena, (size_t)s->n + 1, sizeof(*s->saved.rows))};
	if (!s->saved.rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < s->n; i++)
		s->puts[i].wrong = s->puts[i].now = NULL;
	for (int i = 0; r == 0 && i < s->n; i++) {
		bool seen = false;
		for (int j = 0; j < i; j++)
			seen |= s->puts[j].org == s->puts[i].org;
		if (!seen)
			r = save_org(tx, s, s->puts[i].org);
	}
	return r;
}

int scores_save_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		   const struct score_at *at, struct score_put *puts, int n, struct arena *arena,
		   struct score_saved *ret_saved, struct err_info *info)
{
	struct saving s = {.desk = {.app = app, .caller = caller, .at = at, .arena = arena,
				    .write = true}, .puts = puts, .n = n};
	int r = save_fn(tx, &s, info);
	if (r == 0)
		*ret_saved = s.saved;
	return r;
}

int scores_save(struct app *app, const struct caller *caller, const struct score_at *at,
		struct score_put *puts, int n, struct arena *arena, struct score_saved *ret_saved,
		struct err_info *info)
{
	struct saving s = {.desk = {.app = app, .caller = caller, .at = at, .arena = arena,
				    .write = true}, .puts = puts, .n = n};
	if (n < 1 || n > SCORES_PUTS_MAX)
		return err_set(info, ERR_LIMIT, "一次最多保存 %d 格", SCORES_PUTS_MAX);
	int r = db_write(app->db, id_region(puts[0].org), save_fn, &s, info);
	if (r == 0)
		*ret_saved = s.saved;
	return r;
}
