/* SPDX-License-Identifier: Apache-2.0 */
/* What a meeting has before it: rows, boundary table, what one point changes. */
#include <stdlib.h>

#include "app/grading.h"
#include "app/meeting_in.h"

void meeting_view_done(struct meeting_view *v)
{
	if (!v)
		return;
	boundary_done(&v->boundary);
	campaign_grading_done(&v->computed);
	campaign_grading_done(&v->preview);
	*v = (struct meeting_view){0};
}

/* ---- rows ---- */

static int highest_first(const void *a, const void *b)
{
	const struct meeting_row *x = a, *y = b;
	bool gx = x->proposed.grade >= 0, gy = y->proposed.grade >= 0;
	if (gx != gy)
		return gx ? -1 : 1;
	if (gx && x->proposed.score != y->proposed.score)
		return x->proposed.score > y->proposed.score ? -1 : 1;
	return strcmp(x->org->org.code, y->org->org.code);
}

static int add_rows(struct db_tx *tx, struct arena *arena, struct meeting_view *v)
{
	v->rows = arena_zalloc(arena, (size_t)v->tree.n + 1, sizeof(*v->rows));
	if (!v->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < v->tree.n; i++) {
		const struct decide_org *o = &v->tree.orgs[i];
		struct meeting_row *row = &v->rows[v->n_rows];
		if (o->org.category < 0 || o->committee != &v->tree.orgs[0])
			continue;
		row->org = o;
		row->node = campaign_grading_node(&v->computed, o->org.id);
		row->consult = o->org.field >= 0 && o->org.field < FIELD_COUNT &&
			       (v->call.scheme->consult >> o->org.field & 1);
		if (row->node == ORG_NONE)
			continue;
		if (campaign_grading_result(&v->computed, row->node, arena, &row->proposed) < 0 ||
		    campaign_grading_result(&v->preview, row->node, arena, &row->preview) < 0)
			return db_doom_nomem(tx);
		/* Before they are put in order: the place among the others tells, too. */
		if (decide_withholds(&v->withheld, o->org.id)) {
			row->proposed.score = row->preview.score = -1;
			row->proposed.composite = row->preview.composite = row->proposed.sources =
				row->preview.sources = "";
		}
		if (v->hides_ranks)
			row->proposed.rank = row->preview.rank = 0;
		v->n_rows++;
	}
	if (v->n_rows)
		qsort(v->rows, (size_t)v->n_rows, sizeof(*v->rows), highest_first);
	return 0;
}

static struct meeting_row *row_of(struct meeting_view *v, int64_t org)
{
	for (int i = 0; i < v->n_rows; i++)
		if (v->rows[i].org->org.id == org)
			return &v->rows[i];
	return NULL;
}

static int add_words(struct db_tx *tx, struct arena *arena, struct meeting_view *v)
{
	struct adjustment *adjustments;
	struct opinion *opinions;
	struct past_result *past;
	struct meeting_row *row;
	int64_t campaign = v->call.campaign.id;
	int n, r = store_adjustment_list(tx, campaign, 0, arena, &adjustments, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		if (!(row = row_of(v, adjustments[i].org)))
			continue;
		*(adjustments[i].meeting ? &row->decided : &row->note) = &adjustments[i];
		v->n_notes += !adjustments[i].meeting;
	}
	if (r == 0)
		r = store_opinion_list(tx, campaign, 0, arena, &opinions, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if ((row = row_of(v, opinions[i].org)))
			row->opinion = &opinions[i];
	if (r == 0)
		r = store_past_of_year(tx, campaign, v->call.path, v->call.campaign.year - 1, arena, &past,
				       &n);
	for (int i = 0; r == 0 && i < n; i++)
		if ((row = row_of(v, past[i].org)))
			row->last_year = &past[i];
	return r;
}

/* ---- the boundary table ---- */

static bool is_neighbour(const struct boundary *b, uint32_t node)
{
	for (int i = 0; i < b->n; i++)
		if (b->lines[i].above == node || b->lines[i].below == node)
			return true;
	return false;
}

static int add_what_ifs(struct db_tx *tx, struct arena *arena, struct meeting_view *v)
{
	struct graded scratch = {0};
	int r = 0;
	v->source = boundary_source(v->call.scheme);
	v->what_ifs = arena_zalloc(arena, (size_t)v->n_rows * 2 + 1, sizeof(*v->what_ifs));
	if (!v->what_ifs)
		return db_doom_nomem(tx);
	v->more_what_ifs = v->n_rows * 2 > MEETING_WHAT_IFS_MAX;
	int runs = 0;
	for (int i = 0; r == 0 && v->source >= 0 && i < v->n_rows; i++) {
		const struct meeting_row *row = &v->rows[i];
		bool next = is_neighbour(&v->boundary, row->node);
		if (row->proposed.grade < 0 || (v->more_what_ifs && !next))
			continue;
		for (int sign = 1; r == 0 && sign >= -1 && runs < MEETING_WHAT_IFS_MAX; sign -= 2, runs++) {
			struct meeting_what_if w = {.row = i, .sign = sign};
			r = boundary_point(&v->computed.graded, &v->computed.book, &v->computed.orgs,
					   &scratch, row->node, v->source, sign, grading_threads(),
					   &w.change);
			if (r == 0 && w.change.possible && (w.change.changes || next))
				v->what_ifs[v->n_what_ifs++] = w;
		}
	}
	graded_done(&scratch);
	return r < 0 ? db_doom_nomem(tx) : 0;
}

static int own_nodes(struct arena *arena, const struct meeting_view *v, uint32_t **ret_nodes)
{
	uint32_t *nodes = arena_alloc(arena, ((size_t)v->n_rows + 1) * sizeof(*nodes));
	if (!nodes)
		return ERR_NOMEM;
	for (int i = 0; i < v->n_rows; i++)
		nodes[i] = v->rows[i].node;
	*ret_nodes = nodes;
	return 0;
}

/* ---- what is missing ---- */

static void add_gates(struct meeting_view *v)
{
	struct gate_facts f = campaign_facts(&v->call);
	for (int i = 0; i < v->n_rows; i++) {
		const struct meeting_row *row = &v->rows[i];
		int64_t org = row->org->org.id;
		gate_count_one(&f.own, true, org);
		gate_count_one(&f.unscored, row->proposed.grade < 0 && row->org->grading != STEP_WAIVED, org);
		gate_count_one(&f.asked, row->consult, org);
		gate_count_one(&f.unheard, row->consult && !row->opinion, org);
		gate_count_one(&f.to_decide, !hold_locks(row->org->hold.state) &&
			  (row->org->grading != STEP_DONE || row->note), org);
	}
	if (v->n_faults) {
		const struct adjust_fault *fault = &v->faults[0];
		const struct scheme *s = v->call.scheme;
		f.quota_grade = s->grades[s->quotas[fault->quota].grade].label;
		f.quota_required = fault->required;
		f.quota_have = fault->have;
	}
	v->facts = f;
	gate_read(GATE_MEETING, &v->facts, &v->gate);
}

/* ---- the whole ---- */

int meeting_view_load(struct db_tx *tx, struct arena *arena, struct meeting_view *v, bool what_ifs,
		      struct err_info *info)
{
	const struct campaign_grading_wish computed = {.computed = true};
	const struct campaign_grading_wish preview = {.notes_of = v->call.org.id};
	uint32_t *nodes = NULL;
	int r = v->tree.n ? 0 : decide_load(tx, &v->call, arena, &v->tree);
	if (r == 0)
		r = campaign_grading_load(tx, &v->call.campaign, v->call.scheme, &computed, &v->computed,
					  info);
	if (r == 0)
		r = campaign_grading_load(tx, &v->call.campaign, v->call.scheme, &preview, &v->preview,
					  info);
	if (r == 0)
		r = decide_withheld(tx, &v->call.access, v->call.campaign.id, v->call.scheme, v->call.path,
				    arena, &v->withheld);
	if (r == 0)
		r = decide_hides_ranks(tx, &v->call.access, &v->call.campaign, v->call.scheme, v->call.path, arena,
				       &v->hides_ranks);
	if (r == 0)
		r = add_rows(tx, arena, v);
	if (r == 0)
		r = add_words(tx, arena, v);
	if (r == 0 && own_nodes(arena, v, &nodes) < 0)
		r = db_doom_nomem(tx);
	if (r < 0)
		return r;
	v->n_faults = adjust_check(&v->preview.graded, nodes, (size_t)v->n_rows, v->faults,
				   (int)ARRAY_LEN(v->faults));
	if (v->n_faults < 0)
		return db_doom_nomem(tx);
	add_gates(v);
	/* Lines between neighbours would say where the withheld ones stand. */
	if (!what_ifs || v->hides_ranks)
		return 0;
	if (boundary_run(&v->boundary, &v->computed.graded, &v->computed.orgs, nodes, (size_t)v->n_rows,
			 grading_threads()) < 0)
		return db_doom_nomem(tx);
	return add_what_ifs(tx, arena, v);
}

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct arena *arena;
	struct meeting_view *view;
};

/* Whoever is no part of the committee waits until it is handed in. */
static bool is_seen(const struct meeting_view *v)
{
	for (int i = 0; i < v->tree.n; i++) {
		const struct decide_org *o = &v->tree.orgs[i];
		if (o->org.category >= 0 && o->committee == &v->tree.orgs[0] &&
		    !decide_may_see(&v->call.access, v->call.path, o->org.path, o->hold.state))
			return false;
	}
	return true;
}

static int load_seen(struct db_tx *tx, struct job *job, struct err_info *info)
{
	struct meeting_view *v = job->view;
	if (v->call.org.level >= v->call.scheme->graded) {
		v->why_not = "它自己参加定级，由上级党委开会研究";
		return 0;
	}
	int r = decide_load(tx, &v->call, job->arena, &v->tree);
	if (r < 0)
		return r;
	if (!is_seen(v)) {
		v->why_not = "结果还没有报送。报送以后，上级才看得到";
		return 0;
	}
	r = meeting_view_load(tx, job->arena, v, true, info);
	if (r == 0)
		r = store_meeting_list(tx, job->campaign, job->node, job->arena, &v->meetings,
				       &v->n_meetings);
	return r;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct meeting_view *v = job->view;
	meeting_view_done(v);
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CAMPAIGN_READ, job->campaign, job->node,
			       job->arena, &v->call, info);
	if (r == 0)
		r = load_seen(tx, job, info);
	if (r < 0)
		return r;
	v->may_write = !v->why_not && v->call.campaign.state == CAMPAIGN_OPEN &&
		       right_check(&v->call.access.holder, ACTION_MEETING_WRITE, v->call.path);
	return 0;
}

int meeting_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct meeting_view *ret_view, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			  .arena = arena, .view = ret_view};
	*ret_view = (struct meeting_view){0};
	int r = db_read(app->db, get_fn, &job, info);
	if (r < 0)
		meeting_view_done(ret_view);
	return r;
}
